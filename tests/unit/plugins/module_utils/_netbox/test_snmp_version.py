# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBox remembers that a device answered by SNMPv3, and a lower version is reported."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
    steps_of,
)

V3 = {"number": 1, "version": "3", "security_level": "authPriv"}
FALLEN_BACK = {"number": 2, "version": "2c", "security_level": "noAuthNoPriv"}
CHOSEN = {**FALLEN_BACK, "number": 1}


def box(attempt: dict[str, Any] | None) -> dict[str, Any]:
    parts = [record("C1", "Chassis", category="chassis", path="Chassis"), record("S1", "Slot 1")]
    return device(1, parts, **({"attempt": attempt} if attempt else {}))


def notes(plan: Any) -> list[str]:
    return [item["text"] for item in make_outcome(plan, Applied(), 0)["standing"] if item["kind"] == "note"]


def test_a_device_that_answered_by_version_3_and_falls_back_is_named_every_night_until_it_answers_so_again() -> None:
    table = Table()
    assert notes(table.run([box(V3)], night(0))) == []
    for number in (1, 2):
        (note,) = notes(table.run([box(FALLEN_BACK)], night(number)))
        assert note.startswith("it answered by SNMPv3 before, but now only by v2c")
    assert notes(table.run([box(V3)], night(3))) == []


@pytest.mark.parametrize(
    "nights",
    [
        (FALLEN_BACK, FALLEN_BACK),  # it never knew it
        (V3, CHOSEN),  # nobody wants it to be asked so
        (V3, None),  # collected by hand
        (CHOSEN, FALLEN_BACK),
    ],
)
def test_nothing_is_reported_where_nobody_weakened_anything(nights: tuple[Any, Any]) -> None:
    table = Table()
    for number, attempt in enumerate(nights):
        assert notes(table.run([box(attempt)], night(number))) == []


def test_the_version_is_remembered_once_and_never_makes_a_row_another_one() -> None:
    table = Table()
    table.run([box(CHOSEN)], night(0))
    plan = table.run([box(V3)], night(1))
    (step,) = [step for step in steps_of(plan) if step.fate != "refreshed"]
    assert (step.fate, step.changes) == ("updated", {"snmp": (None, "3")})
    for number, attempt in enumerate((V3, FALLEN_BACK, CHOSEN, None), 2):
        assert set(fates(table.run([box(attempt)], night(number))).values()) == {"refreshed"}


def test_a_version_that_no_library_reports_is_printable() -> None:
    table = Table()
    table.run([box(V3)], night(0))
    assert "\x1b" not in str(notes(table.run([box({"version": "2c\x1b[2J"})], night(1))))


@pytest.mark.parametrize("odd", ["3", ["3"], {"version": ["3"]}, {"number": "x", "version": 2}])
def test_an_attempt_of_another_shape_is_refused_with_its_path(odd: Any) -> None:
    with pytest.raises(WrongShape, match=r"^r1\.attempt"):
        Table().run([box(odd)], night(0))

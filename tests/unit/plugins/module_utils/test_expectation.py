# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording and its expectation, as the module writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils.entity_facts import ARGUMENT_SPEC, entity_facts
from ansible_collections.invmon.network.plugins.module_utils.expectation import (
    difference,
    expectation,
    expectation_path,
    read_again,
)

RECORDINGS = Path(__file__).resolve().parents[3] / "recordings"
STACK = RECORDINGS / "iosxe-stack.snmprec"
SERIAL = "FCW9301A0K1"


def run(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    arguments = {"replay_from": str(STACK), "fail_when_incomplete": False, **arguments}
    return entity_facts(ArgumentSpecValidator(ARGUMENT_SPEC).validate(arguments).validated_parameters, check_mode)


@pytest.mark.parametrize("suffix", [".snmprec", ".snmprec.gz"])
def test_the_expectation_stands_beside_the_recording_and_has_its_look_alikes(tmp_path: Path, suffix: str) -> None:
    result = run(record_to=str(tmp_path / f"box{suffix}"), record_expected=True)
    recorded = result["recorded"]
    expected = json.loads((tmp_path / "box.expected.json").read_text())
    assert result["warnings"] == []
    assert recorded["expected"] == str(tmp_path / "box.expected.json")
    assert expected == expectation(read_again(tmp_path / f"box{suffix}"))
    assert recorded["serials"] == len(expected["records"]) == 11
    assert recorded["message"] == (
        f"{tmp_path}/box{suffix}: {recorded['varbinds']} variables, 11 look-alikes of serials;"
        " as they were read: box.expected.json"
    )
    told = json.loads(STACK.with_suffix(".expected.json").read_text())
    assert len(expected["members"]) == len(told["members"])
    assert {row["reason"] for row in told["rejected"]} <= {row["reason"] for row in expected["rejected"]}
    assert SERIAL not in json.dumps(expected)


def test_without_masking_nothing_is_replaced_and_the_message_says_so(tmp_path: Path) -> None:
    result = run(record_to=str(tmp_path / "box.snmprec"), record_expected=True, record_masked=False)
    assert "serials, NOT masked: keep it to yourself" in result["recorded"]["message"]
    assert SERIAL in (tmp_path / "box.snmprec").read_text()
    assert SERIAL in (tmp_path / "box.expected.json").read_text()


def test_in_check_mode_nothing_is_written_and_the_message_says_so(tmp_path: Path) -> None:
    result = run(check_mode=True, record_to=str(tmp_path / "box.snmprec"), record_expected=True)
    assert result["recorded"]["message"] == f"{tmp_path}/box.snmprec: not written, this is check mode"
    assert result["warnings"] == []
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_does_not_read_like_the_device_is_a_warning(tmp_path: Path) -> None:
    # What only this task was told: the tables that it must not ask for.
    result = run(record_to=str(tmp_path / "box.snmprec"), tables={"skip": ["entPhysicalTable"]})
    (warning,) = [warning for warning in result["warnings"] if "box.snmprec" in warning]
    assert "does not read like the device: only the recording tells " in warning


def test_the_place_of_an_expectation() -> None:
    assert expectation_path("a.b/r1.lab.snmprec.gz") == Path("a.b/r1.lab.expected.json")
    assert expectation_path("r1") == Path("r1.expected.json")


def test_a_difference_counts_kinds_not_serials() -> None:
    def box(*rows: tuple[str, str, str]) -> dict[str, Any]:
        items = [{"serial": serial, "part": part, "category": category} for serial, part, category in rows]
        return {"items": items, "rejected": [{"reason": "placeholder", "serial": "N/A"}]}

    one, other = box(("SN01", "A", "fan"), ("SN02", "A", "fan")), box(("XX01", "A", "fan"), ("XX02", "A", "fan"))
    assert difference(one, other) is None
    told = difference(one, box(("SN01", "B", "fan")))
    assert told == "only the device tells 2 x fan A; only the recording tells 1 x fan B"
    assert difference(one, {**one, "rejected": []}) == "only the device tells 1 x rejected: placeholder"

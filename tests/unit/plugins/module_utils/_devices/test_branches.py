# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors that copy one MIB below a number for each model: the profile writes `*`, and the device shows its number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import (
    ProfileFileError,
    Profiles,
    shipped,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind

Read = Callable[..., dict[str, Any]]

ACME = (1, 3, 6, 1, 4, 1, 99999)
PROFILE = """
match: [{object_id: 1.3.6.1.4.1.99999}]
entity: false
scalars:
  box: {oids: {serial: 1.3.6.1.4.1.99999.8.*.1.5.0, model: 1.3.6.1.4.1.99999.8.*.1.1.0}, part: "{model}"}
tables:
  opticTable:
    entry: 1.3.6.1.4.1.99999.8.*.9.1
    columns: {serial: 2, unit: 3, type: {from: typeTable.word, index: [unit]}}
    category: transceiver
    part: "{type}"
  typeTable: {entry: 1.3.6.1.4.1.99999.8.*.10.1, columns: {word: 2}}
  otherTable: {entry: 1.3.6.1.4.1.99999.7.*.*.1, columns: {serial: 2}}
"""


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    (tmp_path / "acme.yml").write_text(f"---{PROFILE}", encoding="utf-8")
    return shipped().with_own(tmp_path)


def model(number: int, serial: str) -> dict[tuple[int, ...], Any]:
    """The scalars of a model's branch, and a row of its optics."""
    branch = (*ACME, 8, number)
    return {
        (*branch, 1, 1, 0): f"AC-{number}",
        (*branch, 1, 5, 0): f"{serial}BOX",
        (*branch, 9, 1, 2, 4): f"{serial}OPTIC",
        (*branch, 9, 1, 3, 4): 6,
        (*branch, 10, 1, 2, 6): "SFP-LX",
    }


def parts(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(item["serial"], item.get("part")) for item in found["items"]]


def test_the_number_of_the_model_is_found_and_its_tables_read(read: Read, profiles: Profiles) -> None:
    device = {"scalars": model(45, "Z45"), "object_id": (*ACME, 1, 2)}
    found = read(profiles=profiles, **device)
    assert parts(found) == [("Z45BOX", "AC-45"), ("Z45OPTIC", "SFP-LX")]
    assert found["complete"]
    assert any("otherTable: there is nothing below 1.3.6.1.4.1.99999.7" in text for text in found["warnings"])


def test_of_two_branches_the_one_counts_that_sys_object_id_names(read: Read, profiles: Profiles) -> None:
    device = {"scalars": {**model(12, "Z12"), **model(45, "Z45")}}
    assert parts(read(profiles=profiles, object_id=(*ACME, 8, 45), **device))[0] == ("Z45BOX", "AC-45")
    assert parts(read(profiles=profiles, object_id=(*ACME, 8, 13), **device))[0] == ("Z12BOX", "AC-12")
    assert parts(read(profiles=profiles, object_id=(*ACME, 1), **device))[0] == ("Z12BOX", "AC-12")


def test_two_numbers_may_be_open(read: Read, profiles: Profiles) -> None:
    table = Table("otherTable", (*ACME, 7, 3, 99, 1), {"serial": 2})
    rows = (table, {(1,): {"serial": "ACME0007"}})
    assert parts(read(rows, profiles=profiles, object_id=(*ACME, 1))) == [("ACME0007", None)]


class Counting(ReplayTransport):
    """An agent that counts GETNEXT requests for the branches."""

    asked = 0

    def get_next(self, oids: Any) -> list[VarBind]:
        self.asked += any(oid in ((*ACME, 7), (*ACME, 8)) for oid in oids)
        return super().get_next(oids)


class Silent(ReplayTransport):
    """An agent that does not answer GETNEXT for the branches."""

    def get_next(self, oids: Any) -> list[VarBind]:
        if any(oid in ((*ACME, 7), (*ACME, 8)) for oid in oids):
            raise SnmpTimeout("no answer")
        return super().get_next(oids)


def test_all_branches_cost_one_request(box: Callable[..., ReplayTransport], profiles: Profiles) -> None:
    agent = Counting(box(scalars=model(45, "Z45"), object_id=(*ACME, 1))._recording)
    read_device(Agent(agent), profiles=profiles)
    assert agent.asked == 1


def test_a_device_that_does_not_answer_for_its_branch_was_not_read_completely(
    box: Callable[..., ReplayTransport], profiles: Profiles
) -> None:
    agent = Silent(box(scalars=model(45, "Z45"), object_id=(*ACME, 1))._recording)
    found = read_device(Agent(agent), profiles=profiles)
    assert not found.items
    assert not found.complete


MISTAKES = [
    ("99999.8.*.9.1", "99999.*.9.*.1", "all of them together"),
    ("99999.8.*.9.1", "99999.8.*", "before other numbers"),
    ("1.3.6.1.4.1.99999.8.*.10.1", "1.3.6.1.*.10.1", "below an enterprise"),
    ("99999.8.*.9.1", "99999.8.1.9.1", "typeTable has a * in its entry"),
    ("99999.8.*.10.1", "99999.6.*.10.1", "typeTable has a * in its entry"),
]


@pytest.mark.parametrize(("old", "new", "problem"), MISTAKES)
def test_a_star_in_a_wrong_place_is_a_mistake(old: str, new: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "acme.yml").write_text(f"---{PROFILE.replace(old, new)}", encoding="utf-8")
    with pytest.raises(ProfileFileError, match=problem.replace("*", r"\*")):
        shipped().with_own(tmp_path)

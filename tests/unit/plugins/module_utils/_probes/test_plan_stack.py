# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
    steps_of,
)


def member(number: int, serial: str | None, **other: Any) -> dict[str, Any]:
    return {"id": 10 + number, "name": f"sw-{number}", "position": number, "serial": serial, **other}


def stack(records: list[dict[str, Any]], members: list[tuple[int, str]], known: list[dict[str, Any]]) -> dict[str, Any]:
    return device(
        11,
        records,
        name="sw",
        members=[{"number": number, "serial": serial} for number, serial in members],
        virtual_chassis={"name": "sw", "members": known},
    )


def filed(plan: Any) -> dict[str, int]:
    return {step.serial: step.device_id for step in steps_of(plan)}


def test_parts_are_filed_under_the_member_that_has_the_serial() -> None:
    """NetBox's positions are swapped: the serial is believed."""
    known = [member(1, "M2"), member(2, "M1")]
    parts = [record("M1", member=1), record("P1", member=1), record("M2", member=2)]
    plan = Table().plan([stack(parts, [(1, "M1"), (2, "M2")], known)], night(0))
    assert filed(plan) == {"M1": 12, "P1": 12, "M2": 11}


def test_a_member_without_serial_in_netbox_is_found_by_its_position() -> None:
    known = [member(1, None), member(2, "")]
    plan = Table().plan([stack([record("P2", member=2)], [(1, "M1"), (2, "M2")], known)], night(0))
    assert filed(plan) == {"P2": 12}
    assert plan.devices[0].notes == ()


def test_a_replaced_member_is_found_by_its_position() -> None:
    known = [member(1, "M1"), member(2, "OLD")]
    plan = Table().plan([stack([record("P2", member=2)], [(1, "M1"), (2, "NEW")], known)], night(0))
    assert filed(plan) == {"P2": 12}


def test_a_member_that_netbox_lacks_goes_to_the_device_that_was_asked_with_one_note() -> None:
    parts = [record("P3", member=3), record("P4", member=3)]
    plan = Table().plan([stack(parts, [(1, "M1"), (3, "M3")], [member(1, "M1")])], night(0))
    assert filed(plan) == {"P3": 11, "P4": 11}
    (note,) = plan.devices[0].notes
    assert "no member 3" in note


def test_a_stack_without_a_virtual_chassis_in_netbox_is_filed_under_the_device_that_was_asked() -> None:
    """NetBox has no members, so nothing is noted; what leaves one of them is missing all the same."""
    table = Table()
    parts = [record("M1", member=1), record("P1", member=1), record("M2", member=2), record("P2", member=2)]
    alone = device(11, parts, name="sw", members=[{"number": 1, "serial": "M1"}, {"number": 2, "serial": "M2"}])
    plan = table.run([alone], night(0))
    assert filed(plan) == {"M1": 11, "P1": 11, "M2": 11, "P2": 11}
    assert plan.devices[0].notes == ()
    plan = table.run([{**alone, "records": parts[:3]}], night(1))
    assert [part.serial for part in plan.devices[0].not_seen] == ["P2"]


def test_a_position_is_not_believed_when_its_device_has_the_serial_of_another_member() -> None:
    """Member 1 was renumbered to 3, and a new box is number 1: its parts are not those of the old member 1."""
    known = [member(1, "M1"), member(2, "M2")]
    reported = [(1, "NEW"), (2, "M2"), (3, "M1")]
    plan = Table().plan([stack([record("P1", member=1), record("P3", member=3)], reported, known)], night(0))
    assert filed(plan) == {"P1": 11, "P3": 11}
    assert "no member 1" in plan.devices[0].notes[0]


def test_a_member_has_its_own_site() -> None:
    elsewhere = {"site": {"id": 7, "name": "Praha"}, "location": {"id": 9, "name": "Floor 2"}}
    known = [member(1, "M1"), member(2, "M2", **elsewhere)]
    plan = Table().plan([stack([record("P2", member=2)], [(1, "M1"), (2, "M2")], known)], night(0))
    (step,) = steps_of(plan)
    assert (step.data["site"], step.data["site_descriptor"]) == (7, "Praha")
    assert (step.data["location"], step.data["location_descriptor"]) == (9, "Floor 2")
    assert step.data["device_descriptor"] == "sw-2"


def test_the_parts_of_a_member_that_left_are_not_seen() -> None:
    table = Table()
    known = [member(1, "M1"), member(2, "M2")]
    both = [record("M1", member=1), record("M2", member=2)]
    table.run([stack(both, [(1, "M1"), (2, "M2")], known)], night(0))
    plan = table.run([stack(both[:1], [(1, "M1")], known)], night(1))
    assert [part.serial for part in plan.devices[0].not_seen] == ["M2"]


def test_a_member_that_was_asked_itself_is_not_judged_by_the_others() -> None:
    known = [member(1, "M1"), member(2, "M2")]
    first = stack([record("M1", member=1)], [(1, "M1")], known)
    second = device(12, [record("M2")], name="sw-2")
    table = Table()
    table.run([first, second], night(0))
    broken = {**second, "records": [], "complete": False, "error": "no answer"}
    plan = table.run([first, broken], night(1))
    assert [part for one in plan.devices for part in one.not_seen] == []


def test_a_stack_that_is_asked_at_two_addresses_is_written_once() -> None:
    known = [member(1, "M1"), member(2, "M2")]
    parts = [record("M1", member=1), record("M2", member=2)]
    first = stack(parts, [(1, "M1"), (2, "M2")], known)
    second = {**first, "name": "sw-2", "device_id": 12, "device_name": "sw-2"}
    plan = Table().plan([first, second], night(0))
    assert filed(plan) == {"M1": 11, "M2": 12}
    assert len(steps_of(plan)) == 2
    assert [one.skipped for one in plan.devices] == [(), ()]

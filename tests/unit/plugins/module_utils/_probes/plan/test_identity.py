# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One serial at two places, or at many."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.plugins.module_utils._report.needs import sentence
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
    steps_of,
)


def optic(serial: str, slot: str = "Te1", **other: Any) -> dict[str, Any]:
    return record(serial, slot, category="transceiver", **other)


def said(plan: Any, kind: str) -> list[str]:
    """The items of this kind in the summary, on one line each."""
    items = [item for item in make_outcome(plan, Applied(), 0)["standing"] if item["kind"] == kind]
    return [f"{', '.join(item['devices'])} {sentence(item)}" for item in items]


def loop(*names: str) -> dict[str, Any]:
    """A cable with both ends in one device, of which the first named was read first."""
    rows = [{"source": "t", "index": name, "name": name, "category": "transceiver"} for name in names]
    return optic("DAC", names[0], description=f"cable in {names[0]}", interface=names[0], merged_from=rows)


def test_a_cable_between_two_devices_is_no_conflict_and_each_end_knows_the_other() -> None:
    plan = Table().plan([device(1, [optic("DAC")]), device(2, [optic("DAC")])], night(0))
    assert set(fates(plan).values()) == {"created"}
    assert [step.also_on for step in steps_of(plan)] == [("r2",), ("r1",)]
    assert (plan.conflicts, plan.no_identity) == ({}, {})


def test_a_cable_with_both_ends_in_one_device_is_no_change_whichever_end_is_read_first() -> None:
    table = Table()
    table.run([device(1, [loop("Te1", "Te2")])], night(0))
    assert fates(table.run([device(1, [loop("Te2", "Te1")])], night(1))) == {("r1", "DAC"): "refreshed"}
    (row,) = table.rows()
    assert row.our_data["ends"] == ["Te1", "Te2"]


def test_a_cable_of_which_an_end_was_moved_within_the_device_is_changed() -> None:
    table = Table()
    table.run([device(1, [loop("Te1", "Te2")])], night(0))
    assert fates(table.run([device(1, [loop("Te3", "Te4")])], night(1))) == {("r1", "DAC"): "changed"}


def test_an_optic_that_two_tables_report_is_not_a_cable() -> None:
    rows = [{"source": source, "index": "1", "name": source, "category": "transceiver"} for source in ("t", "u")]
    table = Table()
    table.run([device(1, [optic("A", merged_from=rows)])], night(0))
    assert "ends" not in table.rows()[0].our_data


def test_the_fans_of_a_tray_that_share_its_serial_are_no_cable() -> None:
    rows = [{"source": "t", "index": name, "name": name, "category": "fan"} for name in ("Fan 1", "Fan 2")]
    table = Table()
    table.run([device(1, [record("TRAY", merged_from=rows)])], night(0))
    assert "ends" not in table.rows()[0].our_data


def test_two_devices_that_claim_one_serial_for_the_first_time_are_a_conflict_and_no_move() -> None:
    table = Table()
    table.run([device(3, [record("X")])], night(0))
    both = [device(1, [record("X")]), device(2, [record("X")]), device(3)]
    plan = table.run(both, night(1))
    assert {key: fate for key, fate in fates(plan).items() if key[0] != "r3"} == {
        ("r1", "X"): "created",
        ("r2", "X"): "created",
    }
    assert said(plan, "conflict") == [
        "r1, r2 report the same serial X: one of them is not the device in NetBox, or the serial is not unique"
    ]
    assert said(table.run(both, night(2)), "conflict") == []


def test_a_device_that_claims_a_part_of_another_one_is_a_conflict() -> None:
    table = Table()
    table.run([device(1, [record("X")]), device(2)], night(0))
    plan = table.plan([device(1, [record("X")]), device(2, [record("X")])], night(1))
    assert plan.conflicts == {"X": ("r1", "r2")}


def test_conflicts_of_the_same_devices_are_one_line() -> None:
    parts = [record(f"S{number:02}") for number in range(12)]
    (line,) = said(Table().plan([device(1, parts), device(2, parts)], night(0)), "conflict")
    assert line.startswith("r1, r2 report the same 12 serials S00, S01")
    assert "and 7 more" in line


def test_a_serial_on_three_devices_is_no_identity_and_never_moves() -> None:
    table = Table()
    network = [device(number, [record("0123456789")]) for number in (1, 2, 3)]
    plan = table.run(network, night(0))
    assert said(plan, "no_identity") == [
        "r1, r2, r3 report the same serial 0123456789: kept on each of them, not used to detect moves"
    ]
    assert plan.conflicts == {}
    plan = table.run([*network, device(4, [record("0123456789")])], night(1))
    assert fates(plan)[("r4", "0123456789")] == "created"


def test_a_constant_that_is_missing_on_one_device_has_not_moved_to_another() -> None:
    table = Table()
    network = [device(number, [record("0123456789")]) for number in (1, 2, 3)]
    table.run([*network, device(4)], night(0))
    plan = table.run([device(1), *network[1:], device(4, [record("0123456789")])], night(1))
    assert fates(plan)[("r4", "0123456789")] == "created"
    assert plan.devices[0].not_seen[0].now_on is None


def test_the_third_device_is_recognised_although_the_others_are_not_asked() -> None:
    table = Table()
    others = [device(number, [record("0123456789")]) for number in (1, 2)]
    for number in (0, 1):
        table.run(others, night(number))
    plan = table.plan([device(3, [record("0123456789")])], night(2))
    assert fates(plan) == {("r3", "0123456789"): "created"}
    assert plan.no_identity == {"0123456789": ("r3", "r1", "r2")}


def test_a_part_that_went_from_device_to_device_is_no_constant() -> None:
    table = Table()
    table.run([device(1, [record("X")])], night(0))
    table.run([device(2, [record("X")])], night(1))
    plan = table.plan([device(3, [record("X")])], night(2))
    assert fates(plan) == {("r3", "X"): "moved"}
    assert plan.no_identity == {}


def test_a_cable_that_is_plugged_elsewhere_is_no_constant_when_all_devices_are_asked() -> None:
    table = Table()
    table.run([device(1, [optic("DAC")]), device(2, [optic("DAC")]), device(3)], night(0))
    plan = table.plan([device(1, [optic("DAC")]), device(2), device(3, [optic("DAC")])], night(1))
    assert plan.no_identity == {}

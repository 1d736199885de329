# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that go from device to device where the two are not read, or not written, in one run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._probes.missing import read_missing
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
    reports,
    steps_of,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.table_netbox import TableNetBox


def parts(count: int, prefix: str) -> list[dict[str, Any]]:
    return [record(f"{prefix}{number}", f"Slot {number}") for number in range(count)]


def two_devices() -> Table:
    """r1 with the part X and ten others, r2 with ten."""
    table = Table()
    table.run([device(1, [*parts(10, "S"), record("X", "Slot 99")]), device(2, parts(10, "T"))], night(0))
    return table


def row_of(table: Table, number: int, serial: str = "X") -> Any:
    (row,) = [row for row in table.latest({number})[number] if row.serial == serial]
    return row


def test_nothing_is_concluded_about_a_part_that_only_a_held_device_reports_until_a_person_looked() -> None:
    """Night after night: it is neither counted as missing, nor called gone, nor settled on a doubtful word."""
    table = two_devices()
    network = [device(1, parts(10, "S")), device(2, [*parts(5, "T"), record("X", "Slot 7")])]
    for number in (1, 2, 3):
        plan = table.run(network, night(number))
        assert [one.name for one in plan.devices if one.held] == ["r2"]
        assert [one.unknown for one in plan.devices] == [1, 0]
        assert read_missing(row_of(table, 1)) is None
    plan = table.run(network, night(4), release=["r2"])
    (moved,) = [step for step in steps_of(plan) if step.fate == "moved"]
    assert (moved.host, moved.moved_from.device) == ("r2", "r1")
    missing = read_missing(row_of(table, 1))
    assert missing is not None
    assert (missing.n, missing.to) == (1, "r2")


def test_a_part_is_swapped_only_with_one_that_is_written_as_well() -> None:
    table = two_devices()
    to_r1 = [record(f"S{number}", f"Slot {number}") for number in range(10)] + [record("T9", "Slot 99")]
    to_r2 = [*parts(5, "T"), record("X", "Slot 9")]
    plan = table.plan([device(1, to_r1), device(2, to_r2)], night(1))
    assert [one.name for one in plan.devices if one.held] == ["r2"]
    assert fates(plan)[("r1", "T9")] == "moved"
    plan = table.plan([device(1, to_r1), device(2, to_r2)], night(1), release=["r2"])
    assert (fates(plan)[("r1", "T9")], fates(plan)[("r2", "X")]) == ("swapped", "swapped")


def test_what_a_held_device_would_swap_within_itself_is_shown_as_that() -> None:
    table = Table()
    table.run([device(1, parts(10, "S"))], night(0))
    turned = [record(f"S{number}", f"Slot {number ^ 1}") for number in range(10)]
    plan = table.plan([device(1, turned)], night(1))
    assert {step.fate for step in plan.devices[0].withheld} == {"swapped"}


def test_the_two_ends_of_a_cable_that_two_batches_of_one_night_read_have_not_moved() -> None:
    table = Table()
    cable = record("DAC", "Te1", category="transceiver")
    for number in range(3):
        table.run([device(1, [*parts(5, "S"), cable])], night(number))
        plan = table.run([device(2, [*parts(5, "T"), cable])], night(number) + timedelta(minutes=20))
        assert fates(plan)[("r2", "DAC")] == ("created" if number == 0 else "refreshed")
        if number == 0:
            assert [step.also_on for step in steps_of(plan) if step.serial == "DAC"] == [("r1",)]


def test_a_part_that_moved_between_two_batches_is_listed_by_both() -> None:
    for first, second in ((1, 2), (2, 1)):
        table = two_devices()
        network = {1: device(1, parts(10, "S")), 2: device(2, [*parts(10, "T"), record("X", "Slot 7")])}
        found = {}
        for number in (1, 2):
            for minutes, key in ((0, first), (20, second)):
                plan = table.run([network[key]], night(number) + timedelta(minutes=minutes))
                found[(number, key)] = fates(plan).get((f"r{key}", "X"))
        assert found[(1, 2)] == "moved"
        missing = read_missing(row_of(table, 1))
        assert missing is not None
        assert (missing.to, missing.gone_since) == ("r2", None)


def test_what_was_collected_before_a_part_moved_and_is_uploaded_after_it_is_no_move_back() -> None:
    table = two_devices()
    old = night(1).isoformat()
    there = [*parts(10, "T"), record("X", "Slot 7"), record("Y", "Slot 8")]
    table.run([device(2, there), device(3, parts(5, "U"))], night(1) + timedelta(hours=5))
    stored = [*parts(10, "S"), record("X", "Slot 99"), record("Y", "Slot 98")]
    network = [device(1, stored, seen_at=old), device(3, parts(5, "U"))]
    plan = table.run(network, night(1) + timedelta(hours=6))
    assert (fates(plan)[("r1", "X")], fates(plan)[("r1", "Y")]) == ("refreshed", "created")
    assert (row_of(table, 1).time, row_of(table, 1).slot) == (night(1), "Slot 99")


def returned(table: Table, devices: dict[int, list[dict[str, Any]]], hours: int) -> list[Any]:
    """What returns to r1 in a run over these devices, which writes no row that is not due."""
    policy = Policy(refresh_after=144, brake_share=100, run_brake_share=100)
    network = reports([device(number, records) for number, records in devices.items()])
    netbox = cast(NetBox, TableNetBox(table))
    outcome = run(netbox, network, night(0) + timedelta(hours=hours), pause=0, policy=policy)[1]
    found: list[Any] = outcome["devices"].get("r1", {}).get("returned", [])
    return found


def test_an_end_of_a_cable_of_which_the_row_was_left_as_it_was_does_not_return() -> None:
    """Both ends were seen after the row of r1 was written, and since then only the other one."""
    table = Table()
    cable = record("X", "Te1", category="transceiver")
    here, there, other = [*parts(2, "S"), cable], [*parts(2, "T"), cable], parts(2, "U")
    returned(table, {1: here}, 0)
    returned(table, {1: here, 2: there}, 5)
    assert row_of(table, 1).time == night(0)
    returned(table, {2: there, 3: other}, 7)
    assert returned(table, {1: here, 3: other}, 9) == []
    assert row_of(table, 1).last_seen == night(0) + timedelta(hours=9)


def test_whether_a_part_returns_does_not_depend_on_what_is_looked_up_for_another_device() -> None:
    """X was on r3 for a while. Nothing is looked up for r1, which was in the last run of these devices; r2 misses X."""
    found = []
    for more in ({}, {2: parts(2, "T")}):
        table = Table()
        there, here, meanwhile = ([*parts(2, prefix), record("X", "Slot 99")] for prefix in "TSU")
        returned(table, {2: there}, 0)
        returned(table, {1: here}, 3)
        returned(table, {1: here}, 5)
        returned(table, {3: meanwhile}, 7)
        found.append(returned(table, {1: here, **more}, 9))
    assert found == [[], []]

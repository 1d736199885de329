# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""refresh_after where a night is unlike others: a held device, a shortened plan, a run that dies, an old collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from ansible_collections.invmon.network.plugins.module_utils._history.netbox_rows import read_rows
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.apply import apply_plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import remember_found
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
    reports,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.table_netbox import Killed, TableNetBox
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.test_quiet_nights import (
    WEEK,
    parts,
    policy,
    row,
    times,
    upload,
)

HOUR = timedelta(hours=1)


def slots(*serials: str) -> list[dict[str, Any]]:
    return [record(serial, f"Slot {serial}") for serial in serials]


def two_readings() -> Table:
    """r1 with a chassis, B and C: read twice, nine hours apart, and of B and C no row was written the second time."""
    table = Table()
    for hours in (0, 9):
        upload(table, [device(1, parts("B", "C"))], night(0) + hours * HOUR)
    return table


class _Pages(TableNetBox):
    def pages(self, path: str, params: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        yield from ([raw] for raw in self.table.raw.values())


def reported(table: Table) -> dict[str, Any]:
    """Serial -> when a report says that the part was last seen."""
    found, _names = read_rows(cast(NetBox, _Pages(table)))
    return {one.serial: one.last_seen for one in found}


def test_a_report_has_the_time_of_the_last_reading_but_not_of_a_deleted_device() -> None:
    table = two_readings()
    assert reported(table) == dict.fromkeys(("A-CH", "B", "C"), night(0) + 9 * HOUR)
    for raw in table.raw.values():
        raw["device"] = None
    assert reported(table) == {"A-CH": night(0) + 9 * HOUR, "B": night(0), "C": night(0)}


def test_the_row_that_contains_the_reading_is_the_same_each_night_also_if_a_part_is_added_before_it() -> None:
    table = Table()
    for number, serials in enumerate(("CD", "CD", "BCD", "BCD")):
        upload(table, [device(1, slots(*serials))], night(0) + 3 * number * HOUR)
    assert times(table) == {"B": night(0) + 6 * HOUR, "C": night(0) + 9 * HOUR, "D": night(0)}


def test_a_part_that_only_a_held_device_reports_does_not_count_as_seen_where_it_was() -> None:
    table = Table()
    here, there = slots(*"ABCDEFGH"), [record(f"T{number}", f"Slot {number}") for number in range(10)]
    upload(table, [device(1, [*here, record("X", "Slot 99")]), device(2, there)], night(0))
    others = [record(f"U{number}", f"Slot {number}") for number in range(10)]
    network = reports([device(1, here), device(2, [*others, record("X", "Slot 99")])])
    moment = night(0) + 9 * HOUR
    outcome = run(cast(NetBox, TableNetBox(table)), network, moment, pause=0, policy=Policy(refresh_after=WEEK))[1]
    assert outcome["devices"]["r2"]["outcome"] == "held"
    assert row(table, "X").last_seen == night(0)
    assert {row(table, serial).time for serial in "ABCDEFGH"} == {moment}


def test_without_the_step_of_a_missing_part_a_plan_does_not_make_it_seen() -> None:
    """Whole steps may be removed from a plan file."""
    table = two_readings()
    moment = night(0) + 12 * HOUR
    plan = remember_found(table.plan([device(1, parts("B"))], moment, refresh_after=WEEK), table.latest({1}))
    devices = tuple(replace(one, steps=tuple(step for step in one.steps if step.serial != "C")) for one in plan.devices)
    assert not apply_plan(cast(NetBox, TableNetBox(table)), replace(plan, devices=devices)).failed
    assert (row(table, "A-CH").time, row(table, "C").last_seen) == (moment, night(0) + 9 * HOUR)


@pytest.mark.parametrize("at", range(2, 6))
def test_a_run_that_dies_while_it_writes_all_rows_loses_no_earlier_night(at: int) -> None:
    table = two_readings()

    def before(number: int) -> None:
        if number == at:
            raise Killed

    with suppress(Killed):
        netbox, network = cast(NetBox, TableNetBox(table, before)), reports([device(1, parts("B", "C"))])
        run(netbox, network, night(0) + 15 * HOUR, chunk_size=1, pause=0, policy=policy(1))
    assert min(one.last_seen for one in table.latest({1})[1]) >= night(0) + 9 * HOUR


def test_a_collection_from_before_the_last_reading_writes_nothing() -> None:
    table = two_readings()
    before = times(table)
    old = device(1, parts("B", "C"), seen_at=(night(0) + 3 * HOUR).isoformat())
    assert upload(table, [old], night(0) + 12 * HOUR)["parts"]["not_due"] == 2
    assert times(table) == before

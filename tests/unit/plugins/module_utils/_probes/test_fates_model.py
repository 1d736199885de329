# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random nights over a small network: the rows in NetBox are right afterwards, or nothing was concluded."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row
from ansible_collections.invmon.network.plugins.module_utils._probes.missing import Missing, read_missing
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

#: INVMON_EXAMPLES=2000 looks longer than the tests do.
EXAMPLES = int(os.environ.get("INVMON_EXAMPLES", "200"))
DEVICES = (1, 2, 3)
SERIALS = "ABCDEFGH"
BROKEN = {"entPhysicalTable": {"rows": 3, "complete": False, "error": "timeout", "required": True}}

#: Where a part is in a night: on a device, in a slot; None: in no device.
PLACES = st.none() | st.tuples(st.sampled_from(DEVICES), st.sampled_from(["Slot 1", "Slot 2"]))
TRUTHS = st.fixed_dictionaries(dict.fromkeys(SERIALS, PLACES))
#: How a device answers in a night; "broken": it reports its first parts only.
ANSWERS = st.fixed_dictionaries({number: st.sampled_from(["whole", "whole", "broken", "dead"]) for number in DEVICES})
NIGHTS = st.lists(st.tuples(TRUTHS, ANSWERS), min_size=1, max_size=6)


def reported(truth: dict[str, Any], answers: dict[int, str]) -> list[dict[str, Any]]:
    """What the devices report in a night."""
    network = []
    for number, answer in answers.items():
        records = [record(serial, at[1]) for serial, at in truth.items() if at and at[0] == number]
        if answer == "dead":
            network.append(device(number, complete=False, error="no answer", reason="timeout"))
        elif answer == "broken":
            network.append(device(number, records[:1], complete=False, tables=BROKEN))
        else:
            network.append(device(number, records))
    return network


def latest(table: Table, number: int) -> dict[str, Row]:
    return {row.serial: row for row in table.latest({number}).get(number, ())}


def states(table: Table, number: int) -> dict[str, Missing | None]:
    return {serial: read_missing(row) for serial, row in latest(table, number).items()}


@settings(max_examples=EXAMPLES, deadline=None)
@given(NIGHTS)
def test_netbox_has_of_each_complete_device_what_is_in_it(nights: list[Any]) -> None:
    table = Table()
    for index, (truth, answers) in enumerate(nights):
        table.run(reported(truth, answers), night(index), brake_share=100, run_brake_share=100)
        for number in (number for number, answer in answers.items() if answer == "whole"):
            rows = latest(table, number)
            here = {serial: row.slot for serial, row in rows.items() if read_missing(row) is None}
            assert here == {serial: at[1] for serial, at in truth.items() if at and at[0] == number}
            assert {rows[serial].time for serial in here} <= {night(index)}


@settings(max_examples=EXAMPLES, deadline=None)
@given(NIGHTS)
def test_an_incomplete_device_has_no_more_missing_parts_than_before(nights: list[Any]) -> None:
    table = Table()
    for index, (truth, answers) in enumerate(nights):
        before = {number: states(table, number) for number in DEVICES}
        table.run(reported(truth, answers), night(index), brake_share=100, run_brake_share=100)
        for number in (number for number, answer in answers.items() if answer != "whole"):
            after = states(table, number)
            assert all(state is None or state == before[number][serial] for serial, state in after.items())


@settings(max_examples=EXAMPLES, deadline=None)
@given(NIGHTS)
def test_a_part_is_gone_only_if_two_complete_collections_in_a_row_lacked_it_and_no_other_device_reports_it(
    nights: list[Any],
) -> None:
    table = Table()
    lacked: dict[tuple[int, str], int] = {}
    for index, (truth, answers) in enumerate(nights):
        plan = table.run(reported(truth, answers), night(index), brake_share=100, run_brake_share=100)
        for number, answer in answers.items():
            for serial, at in truth.items():
                here = at is not None and at[0] == number
                if answer == "whole":
                    lacked[(number, serial)] = 0 if here else lacked.get((number, serial), 0) + 1
        for part in (part for one in plan.devices for part in one.became_gone):
            assert lacked[(part.device_id, part.serial)] >= 2
            at = truth[part.serial]
            assert at is None or answers[at[0]] != "whole"


@settings(max_examples=EXAMPLES, deadline=None)
@given(NIGHTS)
def test_nothing_at_all_changes_of_a_device_that_is_held(nights: list[Any]) -> None:
    table = Table()
    for index, (truth, answers) in enumerate(nights):
        before = {number: [row for row in table.rows() if row.device_id == number] for number in DEVICES}
        plan = table.run(reported(truth, answers), night(index), brake_share=20, brake_parts=1, run_brake_share=60)
        held = [number for number in DEVICES if next(d for d in plan.devices if d.name == f"r{number}").held]
        for number in held:
            assert [row for row in table.rows() if row.device_id == number] == before[number]

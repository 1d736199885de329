# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import random
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

TEXT = st.none() | st.text(max_size=8) | st.sampled_from(["PART-1", " padded ", "\x00", "\ud800", "x" * 300, "{{ 7 }}"])
RECORDS = st.builds(
    record,
    serial=st.sampled_from(["A", "B", "C", " D ", '"E"', "e", "F\x00", "", "G" * 256]),
    slot=st.sampled_from(["Slot 1", "Slot 2"]),
    part=TEXT,
    name=TEXT,
    description=TEXT,
    category=TEXT,
    path=TEXT,
    interface=TEXT,
    alias=TEXT,
    position=st.none() | st.integers(0, 3),
    software_rev=TEXT,
)


@st.composite
def networks(draw: Any) -> list[dict[str, Any]]:
    return [
        device(
            number,
            draw(st.lists(RECORDS, max_size=4)),
            complete=draw(st.booleans()),
            device_name=draw(st.sampled_from([f"r{number}", "renamed", "d" * 120])),
            site_id=draw(st.integers(1, 2)),
        )
        for number in range(1, 4)
    ]


def again(table: Table, network: list[dict[str, Any]], number: int) -> set[str]:
    return {step.fate for step in table.run(network, night(number)).steps()}


@settings(max_examples=150, deadline=None)
@given(st.lists(networks(), min_size=1, max_size=3))
def test_what_was_applied_is_not_planned_again(nights: list[list[dict[str, Any]]]) -> None:
    table = Table()
    for number, network in enumerate(nights):
        table.run(network, night(number))
    assert again(table, nights[-1], len(nights)) <= {"refreshed", "not_seen", "gone"}
    assert again(table, nights[-1], len(nights) + 1) <= {"refreshed", "gone"}
    assert again(table, nights[-1], len(nights) + 2) <= {"refreshed"}


@settings(max_examples=100, deadline=None)
@given(networks(), networks(), st.randoms(use_true_random=False))
def test_the_order_of_devices_and_records_does_not_matter(
    before: list[dict[str, Any]], network: list[dict[str, Any]], rng: random.Random
) -> None:
    table = Table()
    table.run(before, night(0))
    shuffled = [{**one, "records": rng.sample(one["records"], len(one["records"]))} for one in network]
    rng.shuffle(shuffled)
    plans = [json.dumps(to_json(table.plan(order, night(1)))) for order in (network, shuffled)]
    assert plans[0] == plans[1]


@settings(max_examples=100, deadline=None)
@given(st.lists(networks(), min_size=1, max_size=3))
def test_no_serial_gets_two_rows_of_one_moment_on_one_device(nights: list[list[dict[str, Any]]]) -> None:
    table = Table()
    for number, network in enumerate(nights):
        table.run(network, night(number))
    keys = [(row.device_id, row.serial, row.time) for row in table.rows()]
    assert len(keys) == len(set(keys))


@settings(max_examples=100, deadline=None)
@given(networks(), networks())
def test_creation_time_is_never_after_time_and_never_moves(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    table = Table()
    table.run(before, night(1))
    born = {row.id: row.creation_time for row in table.rows()}
    table.run(after, night(0))
    for row in table.rows():
        assert row.creation_time
        assert row.creation_time <= row.time
        assert born.get(row.id, row.creation_time) == row.creation_time

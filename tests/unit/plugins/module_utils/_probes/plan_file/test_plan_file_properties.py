# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that went through a file, over random networks: it is what was shown, and what is done."""

from __future__ import annotations

import copy
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.device_plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.step import Create, Delete, Update
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import (
    remember_found,
    withdraw_moved_on,
)
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.file import read_plan, write_plan
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import Table, night
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.test_plan_properties import networks
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

NETBOX = "https://netbox.example.org"
POLICIES = st.sampled_from(
    [
        {},
        {"gone": "comment", "gone_after": 1},
        {"gone": "tag", "gone_tag": "gone", "gone_after": 1},
        {"gone": "delete", "gone_age": 1, "gone_after": 1},
    ]
)
NETWORK = list[dict[str, Any]]
DEVICES = range(1, 4)


def present(table: Table) -> dict[int, list[Row]]:
    """What a reading of all devices gives."""
    found = table.latest(set(DEVICES))
    return {number: found.get(number, []) for number in DEVICES}


def through_file(plan: Plan) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "plan.json")
        write_plan(path, NETBOX, plan, [])
        return read_plan(path, NETBOX).plan


def made(table: Table, network: NETWORK, number: int, policy: dict[str, Any]) -> Plan:
    return remember_found(table.plan(network, night(number), **policy), present(table))


def diff(plan: Plan) -> str:
    return "".join(block["prepared"] for block in diff_blocks(plan))


def outcome_of(plan: Plan) -> dict[str, Any]:
    return make_outcome(plan, Applied(), 0)


def touched(before: dict[int, Any], after: dict[int, Any]) -> set[int]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@settings(max_examples=100, deadline=None)
@given(st.lists(networks(), max_size=3), networks(), POLICIES)
def test_a_plan_does_what_its_file_shows(nights: list[NETWORK], network: NETWORK, policy: dict[str, Any]) -> None:
    table = Table()
    for number, before in enumerate(nights):
        table.run(before, night(number), **policy)
    plan = made(table, network, 9, policy)
    read = through_file(plan)
    assert withdraw_moved_on(read, present(table), {}) == (read, [])
    assert (diff(read), outcome_of(read)) == (diff(plan), outcome_of(plan))
    direct, stood = copy.deepcopy(table), copy.deepcopy(table.raw)
    direct.apply(plan)
    table.apply(read)
    assert table.raw == direct.raw
    steps = list(read.steps())
    new = sum(step.action == "create" for step in steps)
    updated = {step.id for step in steps if isinstance(step, Update)}
    deleted = {step.key for step in steps if isinstance(step, Delete)}
    changed = touched(stood, table.raw)
    assert len(changed - stood.keys()) == new
    assert changed & table.raw.keys() & stood.keys() == updated
    assert {(stood[key]["device"]["id"], stood[key]["serial"]) for key in changed - table.raw.keys()} == deleted


@settings(max_examples=100, deadline=None)
@given(st.lists(networks(), max_size=2), networks(), networks(), st.sampled_from([3, 8, 10]), POLICIES)
def test_nothing_that_another_run_wrote_meanwhile_is_overwritten(
    nights: list[NETWORK], network: NETWORK, other: NETWORK, moment: int, policy: dict[str, Any]
) -> None:
    table = Table()
    for number, before in enumerate(nights):
        table.run(before, night(number), **policy)
    read = through_file(made(table, network, 9, policy))
    stood = copy.deepcopy(table.raw)
    table.run(other, night(moment))
    after = copy.deepcopy(table.raw)
    theirs = touched(stood, after)
    keys = {(after[key]["device"]["id"], after[key]["serial"]) for key in theirs & after.keys()}
    steps = list(read.steps())
    planned = {(step.device_id, step.serial) for step in steps}
    read, withdrawn = withdraw_moved_on(read, present(table), {})
    refused = {(step.device_id, step.serial) for step, _why in withdrawn}
    kept = {(step.device_id, step.serial) for step in read.steps()}
    assert kept | refused <= planned
    assert not kept & keys
    table.apply(read)
    assert {key: table.raw[key] for key in theirs & after.keys()} == {key: after[key] for key in theirs & after.keys()}
    # What no other run touched is written. Beyond that, only steps on a row of another spelling are refused.
    others = {(step.device_id, step.serial) for step in steps if not isinstance(step, Create) and step.id in theirs}
    assert refused <= keys | others
    assert planned - keys - others <= kept


@settings(max_examples=60, deadline=None)
@given(st.lists(networks(), max_size=2), networks(), POLICIES, st.integers(0, 12))
def test_a_plan_that_was_cut_off_is_completed_by_its_second_attempt(
    nights: list[NETWORK], network: NETWORK, policy: dict[str, Any], number: int
) -> None:
    table = Table()
    for one, before in enumerate(nights):
        table.run(before, night(one), **policy)
    plan = made(table, network, 9, policy)
    whole = copy.deepcopy(table)
    whole.apply(plan)
    cut = through_file(plan)
    steps = list(cut.steps())[:number]
    devices = (replace(one, steps=tuple(step for step in one.steps if step in steps)) for one in cut.devices)
    table.apply(replace(cut, devices=tuple(devices)))
    again, refused = withdraw_moved_on(through_file(plan), present(table), {})
    assert refused == []
    table.apply(again)
    plain = [sorted(json.dumps({**row, "id": 0}, sort_keys=True) for row in t.raw.values()) for t in (table, whole)]
    assert plain[0] == plain[1]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random nights in which whole runs die, overlap, or are written late: the next undisturbed night makes all good."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.repair import twin_groups
from ansible_collections.invmon.network.plugins.module_utils._probes.missing import read_missing
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
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

DEVICES = (1, 2, 3)
SERIALS = "ABCDEF"
POLICY = Policy(gone_action="delete", gone_age=1, brake_share=100, run_brake_share=100)
#: Hours of refresh_after: all rows are written each night, or few.
SETTINGS = st.sampled_from([0.0, 20.0, 144.0])

PLACES = st.none() | st.tuples(st.sampled_from(DEVICES), st.sampled_from(["Slot 1", "Slot 2"]))
TRUTHS = st.fixed_dictionaries(dict.fromkeys(SERIALS, PLACES))
#: What happens at the request of that number.
TROUBLE = st.tuples(st.sampled_from(["none", "killed", "overtaken", "late", "late and killed"]), st.integers(1, 9))
#: A night with a trouble, and the undisturbed one after it.
NIGHTS = st.lists(st.tuples(TRUTHS, TROUBLE, TRUTHS), min_size=1, max_size=3)


def reported(truth: dict[str, Any]) -> list[dict[str, Any]]:
    """What the devices report."""
    parts = {
        number: [record(serial, at[1]) for serial, at in truth.items() if at and at[0] == number] for number in DEVICES
    }
    return [device(number, parts[number]) for number in DEVICES]


def upload(
    table: Table,
    truth: dict[str, Any],
    moment: datetime,
    trouble: tuple[str, int] = ("none", 0),
    refresh_after: float = 20,
) -> None:
    """A whole run, to which this happens."""
    kind, at = trouble
    policy = replace(POLICY, refresh_after=refresh_after)

    def before(number: int) -> None:
        if kind == "overtaken" and number == at:
            upload(table, truth, moment + timedelta(seconds=7), refresh_after=refresh_after)
        if "killed" in kind and number == at + (2 if "late" in kind else 0):
            raise Killed

    netbox = TableNetBox(table, before, late=(at, at + 1) if "late" in kind else ())
    with suppress(Killed):
        run(cast(NetBox, netbox), reports(reported(truth)), moment, chunk_size=2, pause=0, policy=policy)
    netbox.over()


def latest(table: Table) -> dict[tuple[int, str], Any]:
    return {(row.device_id or 0, row.serial): row for rows in table.latest(set(DEVICES)).values() for row in rows}


@settings(max_examples=100, deadline=None)
@given(NIGHTS, SETTINGS)
def test_after_an_undisturbed_night_netbox_is_right_and_has_each_row_once(nights: list[Any], setting: float) -> None:
    table = Table()
    for number, (first, trouble, second) in enumerate(nights):
        upload(table, first, night(2 * number), trouble, setting)
        upload(table, second, night(2 * number + 1), refresh_after=setting)
        here = {key: row for key, row in latest(table).items() if read_missing(row) is None}
        assert {key: row.slot for key, row in here.items()} == {(at[0], one): at[1] for one, at in second.items() if at}
        assert {row.last_seen for row in here.values()} <= {night(2 * number + 1)}
        parts = [(row.device_id, row.serial) for row in table.rows()]
        for key in set(parts):
            groups = twin_groups(row for row in table.rows() if (row.device_id, row.serial) == key)
            assert [len(group) for group in groups] == [1] * parts.count(key)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SERIALS), st.integers(1, 12), SETTINGS)
def test_a_night_that_was_killed_halfway_is_no_gap_in_which_a_part_was_not_seen(
    serial: str, at: int, setting: float
) -> None:
    """A part that is missing every other night is never missing twice in a row, the killed night between included."""
    everything = {one: (1, f"Slot {number}") for number, one in enumerate(SERIALS)}
    without = everything | {serial: None}
    table = Table()
    upload(table, everything, night(0), refresh_after=setting)
    upload(table, without, night(1), refresh_after=setting)
    upload(table, everything, night(2), ("killed", at), setting)
    halfway = any(row.time == night(2) for row in table.rows())
    upload(table, without, night(3), refresh_after=setting)
    state = read_missing(latest(table)[1, serial])
    assert state is not None
    # Of a run that wrote nothing, NetBox knows nothing.
    assert (state.n, state.gone_since) == ((1, None) if halfway else (2, night(3)))

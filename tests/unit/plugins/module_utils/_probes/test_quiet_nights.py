# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""refresh_after: which rows are left as they are, and that nothing is lost by it, whatever happens in between."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from ansible_collections.invmon.network.plugins.module_utils._history.from_rows import Names, inventory_at
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError, NetBoxRejected
from ansible_collections.invmon.network.plugins.module_utils._netbox.last_seen import complete_reading, with_last_seen
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row, format_time
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.repair import twins
from ansible_collections.invmon.network.plugins.module_utils._probes.missing import read_missing
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.refresh import is_due
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import (
    remember_found,
    withdraw_moved_on,
)
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy, read_policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    NIGHT,
    Table,
    device,
    night,
    record,
    reports,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.table_netbox import Killed, TableNetBox
from hypothesis import given, settings
from hypothesis import strategies as st

WEEK = 144.0
DEVICES = (1, 2, 3)


def policy(hours: float, **more: Any) -> Policy:
    return Policy(refresh_after=hours, brake_share=100, run_brake_share=100, **more)


def upload(table: Table, devices: list[dict[str, Any]], moment: datetime, hours: float = WEEK) -> dict[str, Any]:
    """A complete run: the outcome."""
    netbox = cast(NetBox, TableNetBox(table))
    return run(netbox, reports(devices), moment, chunk_size=3, pause=0, policy=policy(hours))[1]


def rows(table: Table) -> list[Row]:
    """All rows, as the report reads them."""
    found: dict[int | None, list[Row]] = {}
    for row in table.rows():
        found.setdefault(row.device_id, []).append(row)
    return [row for some in found.values() for row in with_last_seen(some)]


def row(table: Table, serial: str, number: int = 1) -> Row:
    """The newest row of a part on a device."""
    return max(
        (one for one in rows(table) if (one.serial, one.device_id) == (serial, number)), key=lambda one: one.time
    )


def parts(*serials: str) -> list[dict[str, Any]]:
    chassis = record("A-CH", "Chassis", category="chassis", path="Chassis")
    return [chassis, *(record(serial, f"Slot {serial}") for serial in serials)]


def times(table: Table) -> dict[str, datetime]:
    return {one.serial: one.time for one in table.rows()}


def test_with_the_default_a_nightly_run_writes_all_and_a_second_one_a_row_for_each_device() -> None:
    table = Table()
    network = [device(1, parts("B", "C")), device(2, [record("D", "Slot 1"), record("E", "Slot 2")])]
    upload(table, network, night(0), 20)
    again = upload(table, network, night(0) + timedelta(hours=8), 20)
    assert Counter(times(table).values()) == {night(0): 3, night(0) + timedelta(hours=8): 2}
    assert (again["refreshed"], again["parts"]["not_due"], again["parts"]["seen"]) == (2, 3, 5)
    assert "5 parts seen again (3 of them not written)." in again["summary"][-1]
    assert {one.last_seen for one in rows(table)} == {night(0) + timedelta(hours=8)}
    # The same hour, some minutes earlier.
    assert upload(table, network, night(1) - timedelta(minutes=20), 20)["parts"]["not_due"] == 0
    assert set(times(table).values()) == {night(1) - timedelta(minutes=20)}


def test_with_nothing_configured_away_each_run_writes_all_and_no_row_contains_more() -> None:
    table = Table()
    for number in range(3):
        moment = night(0) + timedelta(minutes=number)
        assert upload(table, [device(1, parts("B"))], moment, 0)["parts"]["not_due"] == 0
        assert set(times(table).values()) == {moment}
    assert complete_reading(table.rows()) is None


def test_six_days_write_a_sixth_each_night_from_the_first_night_on_and_no_row_gets_older() -> None:
    serials = [f"SN{number:04}" for number in range(900)]
    seen = dict.fromkeys(serials, NIGHT)
    written = []
    for number in range(1, 25):
        # Runs do not begin at the same second.
        moment = night(number) + timedelta(minutes=(7 * number) % 11)
        due = [one for one in serials if is_due(_row(one, seen[one]), moment, timedelta(hours=WEEK))]
        seen |= dict.fromkeys(due, moment)
        written.append(len(due))
        assert max(moment - at for at in seen.values()) < timedelta(days=6)
    assert all(120 <= number <= 180 for number in written), written
    assert sum(written[-12:]) == pytest.approx(2 * 900, rel=0.05)


def test_no_row_is_due_within_the_day_and_a_setting_of_a_day_writes_all_rows_each_night() -> None:
    serials = [_row(f"SN{number}", NIGHT) for number in range(300)]
    for hours, after, due in ((19.9, 144, 0), (19.9, 20, 0), (20, 20, 300), (23.5, 24, 300), (131.9, 144, 300)):
        number = sum(is_due(one, NIGHT + timedelta(hours=hours), timedelta(hours=after)) for one in serials)
        assert number == due or (due == 300 and after == 144 and 240 < number < 300), (hours, after)


def test_a_quiet_night_asks_netbox_for_nothing_more() -> None:
    """One read of the rows, and one write: serials are not looked up, although most rows are older than the newest."""
    table = Table()
    network = [device(1, parts("B", "C", "D"))]
    upload(table, network, night(0))
    upload(table, network, night(1))
    assert upload(table, network, night(1) + timedelta(hours=6))["requests"] == 2


def _row(serial: str, time: datetime) -> Row:
    return Row(1, serial, time, time, 1, {}, {})


@given(st.text(max_size=5), st.floats(0, 400), st.floats(0, 8760))
def test_a_row_is_never_written_before_20_hours_unless_the_setting_is_shorter(
    serial: str, age: float, after: float
) -> None:
    due = is_due(_row(serial, NIGHT), NIGHT + timedelta(hours=age), timedelta(hours=after))
    assert not due or age >= min(after, 20) - 0.001
    assert due or age <= max(after, 20)


@pytest.mark.parametrize("hours", [-1, 8761, float("nan"), float("inf")])
def test_a_setting_that_cannot_be_is_refused(hours: float) -> None:
    with pytest.raises(NetBoxOptionError, match="refresh_after must be from 0"):
        read_policy({"refresh_after": hours})


def test_the_chassis_contains_when_its_device_was_read_and_the_data_of_users_stays() -> None:
    table = Table()
    network = [device(1, parts("0", "B"))]
    upload(table, network, night(0))
    number = row(table, "A-CH").id
    table.raw[number]["discovered_data"]["mine"] = {"rack": 7}
    upload(table, network, night(1) - timedelta(hours=12))
    data = table.raw[number]["discovered_data"]
    assert (data["mine"], data["invmon"]["read"]) == ({"rack": 7}, format_time(night(1) - timedelta(hours=12)))
    assert data["invmon"]["oldest"] == format_time(night(0))
    assert [one.serial for one in table.rows() if "read" in one.our_data] == ["A-CH"]


def test_of_a_device_without_a_chassis_the_first_part_does_and_another_one_once_that_is_gone() -> None:
    table = Table()
    network = [device(1, [record(serial, f"Slot {serial}") for serial in "CBD"])]
    upload(table, network, night(0))
    upload(table, network, night(0) + timedelta(hours=3))
    assert [one.serial for one in table.rows() if one.time > night(0)] == ["B"]
    upload(table, [device(1, [record(serial, f"Slot {serial}") for serial in "CD"])], night(0) + timedelta(hours=6))
    assert row(table, "C").our_data["read"] == format_time(night(0) + timedelta(hours=6))
    assert row(table, "D").last_seen == night(0) + timedelta(hours=6)
    assert row(table, "B").last_seen == night(0) + timedelta(hours=3)


def test_a_part_that_left_does_not_become_newer_where_it_was() -> None:
    """Device 1 is read every night, and its row of the part is as old as the last night with it."""
    table = Table()
    upload(table, [device(1, parts("B", "M")), device(2, [record("D", "Slot 9")])], night(0))
    upload(table, [device(1, parts("B", "M")), device(2, [record("D", "Slot 9")])], night(0) + timedelta(hours=9))
    moved = [device(1, parts("B")), device(2, [record("D", "Slot 9"), record("M", "Slot 1")])]
    outcome = upload(table, moved, night(0) + timedelta(hours=15))
    (step,) = outcome["devices"]["r2"]["moved"]
    assert step["from"]["time"] == format_time(night(0) + timedelta(hours=9))
    upload(table, moved, night(0) + timedelta(hours=18))
    assert row(table, "M").time == row(table, "M").last_seen == night(0) + timedelta(hours=9)
    assert row(table, "M", 2).last_seen == night(0) + timedelta(hours=18)


def test_a_cable_of_a_device_that_another_slice_has_just_read_did_not_move() -> None:
    table = Table()
    cable = record("DAC", "Te1", category="transceiver")
    for hours in (0, 9):
        upload(table, [device(1, [*parts("B"), cable])], night(0) + timedelta(hours=hours))
    assert row(table, "DAC").time == night(0)
    outcome = upload(table, [device(2, [cable])], night(0) + timedelta(hours=9, minutes=10))
    assert outcome["devices"]["r2"]["created"] == ["DAC"]
    assert row(table, "DAC", 2).our_data["began"]["also_on"] == ["r1"]


def test_the_row_of_an_earlier_state_contains_when_it_was_last_seen() -> None:
    table = Table()
    for hours in (0, 9):
        upload(table, [device(1, parts("B", "C"))], night(0) + timedelta(hours=hours))
    network = [device(1, [*parts("B"), record("C", "Slot C", part="OTHER")])]
    upload(table, network, night(0) + timedelta(hours=15))
    old, new = sorted((one for one in table.rows() if one.serial == "C"), key=lambda one: one.id)
    assert (old.time, new.creation_time) == (night(0) + timedelta(hours=9), night(0) + timedelta(hours=15))


def test_rows_that_were_filed_under_a_device_later_are_as_old_as_their_time() -> None:
    """As hygiene files the rows of a device that was deleted, and made again."""
    table = Table()
    for hours in (0, 9):
        upload(table, [device(1, parts("B"))], night(0) + timedelta(hours=hours))
    long_ago = format_time(night(-300))
    ours = {"invmon": {"v": 1, "slot": "Slot 8"}}
    table.add(serial="LOST", name="Slot 8", device=1, time=long_ago, creation_time=long_ago, discovered_data=ours)
    assert row(table, "LOST").last_seen == night(-300)
    upload(table, [device(1, parts("B"))], night(0) + timedelta(hours=12))
    assert row(table, "LOST").time == night(-300)


def test_an_incomplete_collection_writes_all_that_it_saw() -> None:
    table = Table()
    upload(table, [device(1, parts("B", "C"))], night(0))
    broken = {"entPhysicalTable": {"rows": 1, "complete": False, "error": "timeout", "required": True}}
    moment = night(0) + timedelta(hours=5)
    upload(table, [device(1, parts("B"), complete=False, tables=broken)], moment)
    assert (row(table, "B").time, row(table, "C").last_seen) == (moment, night(0))
    upload(table, [device(1, parts("B", "C"), complete=False, tables=broken)], moment + timedelta(hours=1))
    assert set(times(table).values()) == {moment + timedelta(hours=1)}
    assert complete_reading(table.rows()) == (night(0), None)


def test_a_plan_that_a_later_run_saw_through_is_not_taken_for_what_is_true() -> None:
    """A part that the plan calls missing, and that a run between saw again without writing its row."""
    table = Table()
    upload(table, [device(1, parts("B", "C"))], night(0))
    planned = table.plan([device(1, parts("B"))], night(0) + timedelta(hours=3), refresh_after=WEEK)
    plan = remember_found(planned, table.latest({1}))
    upload(table, [device(1, parts("B", "C"))], night(0) + timedelta(hours=4))
    _kept, refused = withdraw_moved_on(plan, table.latest({1}), {})
    assert "C" in {step.serial for step, _why in refused}


class _Refusing(TableNetBox):
    """A NetBox that accepts no row with the count of an absence."""

    def patch_bulk(self, path: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if any("missing" in (one.get("discovered_data") or {}).get("invmon", {}) for one in rows):
            raise NetBoxRejected("NetBox refused the rows.", 400)
        return super().patch_bulk(path, rows)


def test_while_an_absence_is_not_in_netbox_its_device_does_not_count_as_read() -> None:
    table = Table()
    upload(table, [device(1, parts("B", "C"))], night(0))
    moment = night(0) + timedelta(hours=6)
    netbox = cast(NetBox, _Refusing(table))
    found = run(netbox, reports([device(1, parts("B"))]), moment, pause=0, policy=policy(WEEK))[1]
    assert found["devices"]["r1"]["failed"][0]["serials"] == ["C"]
    assert (row(table, "A-CH").time, row(table, "C").last_seen) == (moment, night(0))
    assert complete_reading(table.rows()) == (night(0), None)
    # The next run counts it.
    upload(table, [device(1, parts("B"))], moment + timedelta(hours=1))
    assert row(table, "C").last_seen == night(0)
    assert row(table, "B").last_seen == moment + timedelta(hours=1)


def test_of_two_rows_that_runs_wrote_at_once_the_one_that_stays_contains_the_last_reading() -> None:
    table = Table()
    upload(table, [device(1, parts("B"))], night(0))
    kept = row(table, "A-CH")
    again = {**table.raw[kept.id], "device": 1, "time": format_time(night(1))}
    again.pop("id")
    again["discovered_data"] = {"invmon": {**kept.our_data, "read": format_time(night(1)), "oldest": "2026-11-20"}}
    table.add(**again)
    found = next(twins([one for one in table.rows() if one.serial == "A-CH"], {1, 2, 3}))
    assert found.keep.id == kept.id
    assert found.news()["discovered_data"]["invmon"]["read"] == format_time(night(1))


@pytest.mark.parametrize("at", range(2, 9))
def test_a_run_that_dies_loses_no_earlier_night_also_if_the_chassis_changes(at: int) -> None:
    table = Table()
    for hours in (0, 9):
        upload(table, [device(1, parts("B", "C"))], night(0) + timedelta(hours=hours))
    changed = parts("B", "C")
    changed[0]["description"] = "another release"

    def before(number: int) -> None:
        if number == at:
            raise Killed

    with suppress(Killed):
        netbox = cast(NetBox, TableNetBox(table, before))
        moment = night(0) + timedelta(hours=15)
        run(netbox, reports([device(1, changed)]), moment, chunk_size=1, pause=0, policy=policy(WEEK))
    # As the next run reads them: only the current rows.
    known = {one.serial: one.last_seen for one in table.latest({1})[1]}
    assert min(known["B"], known["C"]) >= night(0) + timedelta(hours=9)


@pytest.mark.parametrize(
    "edited",
    [
        {"read": "9999-01-01T00:00:00Z", "oldest": "0001-01-01"},
        {"read": "soon"},
        {"read": ["2026-11-20"]},
        {"read": "2026-11-20T12:00:00Z", "oldest": "never"},
        {"read": 7, "oldest": None},
    ],
)
def test_what_a_user_writes_there_makes_no_part_newer_than_the_row_that_contains_it(edited: dict[str, Any]) -> None:
    table = Table()
    for hours in (0, 9):
        upload(table, [device(1, parts("B"))], night(0) + timedelta(hours=hours))
    chassis = table.raw[row(table, "A-CH").id]
    chassis["discovered_data"]["invmon"] |= edited
    assert row(table, "B").last_seen <= night(0) + timedelta(hours=9)
    upload(table, [device(1, parts())], night(0) + timedelta(hours=12))
    state = read_missing(row(table, "B"))
    assert state is not None
    assert state.n == 1


PLACES = st.none() | st.tuples(st.sampled_from(DEVICES), st.sampled_from(["Slot 1", "Slot 2"]))
RUNS = st.lists(
    st.tuples(
        st.fixed_dictionaries(dict.fromkeys("ABCDEF", PLACES)),
        st.sets(st.sampled_from(DEVICES), min_size=1),  # a slice
        st.sampled_from(["complete", "complete", "complete", "incomplete"]),
        st.sampled_from([1.0, 3.0, 13.0, 24.0, 80.0]),  # hours since the run before
        st.sampled_from([0.0, 20.0, WEEK]),
        st.sampled_from(["1", "2"]),
    ),
    min_size=2,
    max_size=9,
)


def reported(truth: dict[str, Any], devices: set[int], how: str, version: str) -> list[dict[str, Any]]:
    broken = {"entPhysicalTable": {"rows": 1, "complete": False, "error": "timeout", "required": True}}
    found = []
    for number in sorted(devices):
        here = [record(serial, at[1], software_rev=version) for serial, at in truth.items() if at and at[0] == number]
        here.append(record(f"CH{number}", "Chassis", category="chassis", path="Chassis", description=version))
        more = {"complete": False, "tables": broken} if how == "incomplete" and number == min(devices) else {}
        found.append(device(number, here[:2] if more else here, **more))
    return found


def what_netbox_knows(table: Table) -> list[Any]:
    """Each row, as its readers see it."""
    found = []
    for one in rows(table):
        mark = {key: value for key, value in one.our_data.items() if key not in ("read", "oldest")}
        found.append((one.serial, one.device_id, one.began, one.last_seen, one.content["name"], repr(mark)))
    return sorted(found, key=repr)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(RUNS)
def test_whatever_the_setting_is_and_however_often_it_changes_the_same_is_known(runs: list[Any]) -> None:
    quiet, loud = Table(), Table()
    now = NIGHT
    for truth, devices, how, hours, setting, version in runs:
        now += timedelta(hours=hours)
        network = reported(truth, devices, how, version)
        outcomes = [upload(table, network, now, after) for table, after in ((quiet, setting), (loud, 0))]
        counts = [{**one["parts"], "refreshed": 0, "not_due": 0} for one in outcomes]
        assert counts[0] == counts[1]
        assert outcomes[0]["changes"] == outcomes[1]["changes"]
        assert outcomes[0]["standing"] == outcomes[1]["standing"]
        assert what_netbox_knows(quiet) == what_netbox_knows(loud)
        names = Names({}, {}, {})
        for moment in (now, now - timedelta(hours=10)):
            assert inventory_at(rows(quiet), moment, names) == inventory_at(rows(loud), moment, names)
        for serial in "ABCDEF":
            for one in (one for one in rows(quiet) if one.serial == serial and read_missing(one)):
                assert one.last_seen == one.time

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that are no longer seen: counted, gone, elsewhere, back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
    steps_of,
)

REST = [record("A"), record("C")]
ALL = [*REST, record("B", "Slot 2")]
BROKEN = {"entPhysicalTable": {"rows": 3, "complete": False, "error": "timeout", "required": True}}


@pytest.fixture
def table() -> Table:
    """NetBox after the first night of r1 with three parts."""
    filled = Table()
    filled.run([device(records=ALL)], night(0))
    return filled


def row(table: Table, serial: str = "B") -> Row:
    """The latest row of a serial."""
    return max((row for row in table.rows() if row.serial == serial), key=lambda row: row.time)


def missing(table: Table) -> Any:
    return row(table).our_data.get("missing")


def without(number: int, table: Table, **policy: Any) -> Any:
    """A night in which r1 answers completely and does not show B."""
    return table.run([device(records=REST)], night(number), **policy)


def test_a_missing_part_is_counted_in_its_row_and_its_time_stays(table: Table) -> None:
    plan = without(1, table)
    assert fates(plan)[("r1", "B")] == "not_seen"
    assert missing(table) == {"n": 1, "since": "2026-11-21T03:00:00Z", "at": "2026-11-21T03:00:00Z"}
    assert row(table).time == night(0)
    (part,) = plan.devices[0].not_seen
    assert (part.serial, part.times, part.new, part.last_seen) == ("B", 1, True, "2026-11-20T03:00:00Z")


def test_a_part_that_two_complete_collections_in_a_row_did_not_report_is_gone_and_then_nothing_more_is_written(
    table: Table,
) -> None:
    without(1, table)
    plan = without(2, table)
    assert fates(plan)[("r1", "B")] == "gone"
    assert plan.devices[0].not_seen == ()
    assert [(part.serial, part.times, part.first) for part in plan.devices[0].became_gone] == [
        ("B", 2, "2026-11-21T03:00:00Z")
    ]
    assert missing(table)["gone"] == "2026-11-22T03:00:00Z"
    later = without(3, table)
    assert ("r1", "B") not in fates(later)
    assert (later.devices[0].became_gone, later.devices[0].gone_before) == ((), 1)


def test_the_number_of_collections_is_the_users(table: Table) -> None:
    assert [fates(without(number, table, gone_after=3))[("r1", "B")] for number in (1, 2, 3)] == [
        "not_seen",
        "not_seen",
        "gone",
    ]


def test_days_make_a_part_gone_as_well(table: Table) -> None:
    found = [fates(without(number, table, gone_after=99, gone_after_days=2))[("r1", "B")] for number in (1, 2, 3)]
    assert found == ["not_seen", "not_seen", "gone"]


def test_one_collection_counts_once_however_often_it_is_uploaded(table: Table) -> None:
    saved = device(records=REST, seen_at=night(1).isoformat())
    table.run([saved], night(1))
    for number in (2, 3):
        plan = table.run([saved], night(number))
        assert ("r1", "B") not in fates(plan)
        assert [part.times for part in plan.devices[0].not_seen] == [1]


@pytest.mark.parametrize(
    "bad", [{"complete": False, "tables": BROKEN}, {"complete": False, "error": "no answer", "records": []}]
)
def test_a_night_in_which_the_device_was_incomplete_counts_nothing(table: Table, bad: dict[str, Any]) -> None:
    without(1, table)
    plan = table.run([device(**{"records": REST, **bad})], night(2))
    assert ("r1", "B") not in fates(plan)
    assert missing(table)["n"] == 1


def test_a_part_that_is_seen_again_in_time_is_the_same_state_and_the_count_ends(table: Table) -> None:
    without(1, table)
    plan = table.run([device(records=ALL)], night(2))
    assert fates(plan)[("r1", "B")] == "refreshed"
    assert missing(table) is None
    assert fates(without(3, table))[("r1", "B")] == "not_seen"


def test_a_part_in_a_broken_table_was_seen_so_the_count_ends(table: Table) -> None:
    without(1, table)
    table.run([device(records=ALL, complete=False, tables=BROKEN)], night(2))
    assert missing(table) is None


def test_an_older_collection_that_reports_the_part_does_not_end_the_count(table: Table) -> None:
    without(2, table)
    table.run([device(records=ALL, seen_at=night(1).isoformat())], night(3))
    assert missing(table)["n"] == 1
    assert row(table).time == night(1)


def test_a_part_that_was_gone_returns_with_a_row_of_its_own_and_its_evidence(table: Table) -> None:
    without(1, table)
    without(2, table)
    plan = table.run([device(records=ALL)], night(3))
    assert fates(plan)[("r1", "B")] == "returned"
    (step,) = [step for step in steps_of(plan) if step.serial == "B"]
    assert step.missing.n == 2
    assert step.missing.time == "2026-11-20T03:00:00Z"
    assert row(table).our_data["began"]["fate"] == "returned"
    assert set(fates(table.run([device(records=ALL)], night(4))).values()) == {"refreshed"}


def test_what_others_wrote_next_to_the_count_is_kept(table: Table) -> None:
    raw = table.raw[row(table).id]["discovered_data"]
    raw["theirs"] = {"url": "x"}
    raw["invmon"]["later"] = 7
    without(1, table)
    assert row(table).data["theirs"] == {"url": "x"}
    assert row(table).our_data["later"] == 7
    assert (row(table).mark or {})["slot"] == "Slot 2"


@pytest.mark.parametrize("junk", [7, "x", {"n": "many"}, {"n": 1, "since": "never", "at": 3}, []])
def test_a_count_that_somebody_spoilt_begins_anew(table: Table, junk: Any) -> None:
    table.raw[row(table).id]["discovered_data"]["invmon"]["missing"] = junk
    without(1, table)
    assert missing(table)["n"] == 1


def test_a_row_of_the_older_scripts_is_counted_and_still_taken_over_when_the_part_is_seen(table: Table) -> None:
    table.raw[row(table).id]["discovered_data"] = {"entPhysicalSerialNum": "B"}
    without(1, table)
    assert row(table).mark is None
    assert missing(table)["n"] == 1
    plan = table.run([device(records=ALL)], night(2))
    assert fates(plan)[("r1", "B")] == "adopted"
    assert missing(table) is None


def test_a_part_that_is_on_another_device_now_is_never_gone_here(table: Table) -> None:
    table.run([device(2, [record("D")])], night(0))
    plan = table.run([device(records=REST), device(2, [record("D"), record("B")])], night(1))
    assert fates(plan)[("r2", "B")] == "moved"
    assert plan.devices[0].not_seen[0].now_on == "r2"
    for number in (2, 3):
        plan = table.run([device(records=REST), device(2, [record("D"), record("B")])], night(number))
        assert set(fates(plan).values()) == {"refreshed"}
        assert plan.devices[0].became_gone == ()


def test_a_part_that_moved_in_a_run_of_which_this_device_was_no_part_is_looked_up(table: Table) -> None:
    table.run([device(2, [record("B")])], night(1))
    plan = without(2, table)
    assert plan.devices[0].not_seen[0].now_on == "r2"
    assert plan.devices[0].became_gone == without(3, table).devices[0].became_gone == ()


def cable(slot: str = "Te1") -> dict[str, Any]:
    return record("DAC", slot, category="transceiver")


def test_the_end_of_a_cable_that_was_pulled_is_not_called_moved_to_the_other_end_and_becomes_gone() -> None:
    table = Table()
    table.run([device(1, [*REST, cable()]), device(2, [cable()])], night(0))
    network = [device(1, REST), device(2, [cable()])]
    plan = table.run(network, night(1))
    assert plan.devices[0].not_seen[0].now_on is None
    assert fates(table.run(network, night(2)))[("r1", "DAC")] == "gone"


def moved_while_asked(category: str) -> Table:
    """r1 was asked before a part was carried over to r2, and r2 after."""
    table, part = Table(), record("X", "Slot 9", category=category)
    table.run([device(1, [*REST, part]), device(2, [record("D")])], night(0))
    table.run([device(1, [*REST, part]), device(2, [record("D"), part])], night(1))
    return table


@pytest.mark.parametrize("category", ["module", "transceiver", "powerSupply"])
@pytest.mark.parametrize("limited", [False, True])
def test_a_part_that_two_devices_reported_in_one_run_is_on_the_second_and_never_gone(
    category: str, limited: bool
) -> None:
    table, part = moved_while_asked(category), record("X", "Slot 9", category=category)
    here, there = device(1, REST), device(2, [record("D"), part])
    for number in (2, 3, 4):
        runs = [[here], [there]] if limited else [[here, there]]
        plans = [table.run(devices, night(number) + timedelta(minutes=n)) for n, devices in enumerate(runs)]
        assert all(one.became_gone == () for plan in plans for one in plan.devices)
        if number == 2:
            assert plans[0].devices[0].not_seen[0].now_on == "r2"


@pytest.mark.parametrize("limited", [False, True])
def test_a_part_that_two_devices_claimed_and_both_lost_is_gone_once(limited: bool) -> None:
    table = moved_while_asked("module")
    gone = []
    for number in (2, 3, 4):
        network = [device(1, REST), device(2, [record("D")])]
        for devices in [[one] for one in network] if limited else [network]:
            plan = table.run(devices, night(number))
            gone += [(one.name, part.serial) for one in plan.devices for part in one.became_gone]
    assert gone == [("r2", "X")]


def test_a_gone_part_gets_the_users_tag_in_addition_to_its_own(table: Table) -> None:
    table.raw[row(table).id]["tags"] = [{"id": 3, "slug": "core"}]
    without(1, table, gone="tag", gone_tag="gone")
    assert row(table).tags == ("core",)
    without(2, table, gone="tag", gone_tag="gone")
    assert row(table).tags == ("core", "gone")


def test_a_gone_part_gets_one_line_below_the_comment_that_exists(table: Table) -> None:
    table.raw[row(table).id]["comments"] = "spare in room 3"
    for number in (1, 2, 3):
        without(number, table, gone="comment")
    first, second = row(table).comments.splitlines()
    assert first == "spare in room 3"
    assert second.startswith("Gone: last seen 2026-11-20T03:00:00Z, not reported by 2 complete collections")


def test_two_parts_that_changed_places_in_one_device_are_swapped() -> None:
    table = Table()
    table.run([device(records=[record("A", "Slot 1"), record("B", "Slot 2")])], night(0))
    plan = table.run([device(records=[record("A", "Slot 2"), record("B", "Slot 1")])], night(1))
    steps = {step.serial: step for step in steps_of(plan)}
    assert fates(plan) == {("r1", "A"): "swapped", ("r1", "B"): "swapped"}
    assert (steps["A"].was, steps["A"].slot, steps["A"].swapped_with) == ("Slot 1", "Slot 2", "B")
    assert row(table, "A").our_data["began"]["with"] == "B"


def test_two_parts_that_changed_places_between_devices_are_swapped() -> None:
    table = Table()
    table.run([device(1, [record("A", "Slot 1")]), device(2, [record("B", "Slot 9")])], night(0))
    plan = table.run([device(1, [record("B", "Slot 1")]), device(2, [record("A", "Slot 9")])], night(1))
    (step,) = [step for step in steps_of(plan) if step.serial == "A" and step.action == "create"]
    assert (step.fate, step.swapped_with, step.moved_from.device) == ("swapped", "B", "r1")


def test_a_part_that_only_follows_another_one_is_not_swapped() -> None:
    table = Table()
    table.run([device(records=[record("A", "Slot 1"), record("B", "Slot 2")])], night(0))
    plan = table.run([device(records=[record("A", "Slot 2"), record("B", "Slot 3")])], night(1))
    assert set(fates(plan).values()) == {"changed"}


def test_a_long_text_is_kept_in_netbox_once(table: Table) -> None:
    long = "x" * 100_000
    plan = table.run([device(records=[*REST, record("B", "Slot 2", description=long)])], night(1))
    assert [step.changes["description"][1] for step in steps_of(plan) if step.serial == "B"] == [long]
    assert len(str(row(table).data)) < 1000


def test_two_collections_by_hand_within_a_minute_prove_nothing(table: Table) -> None:
    without(1, table)
    for minutes in (1, 60, 11 * 60):
        plan = table.run([device(records=REST)], night(1) + timedelta(minutes=minutes))
        assert fates(plan)[("r1", "B")] == "not_seen"
    plan = table.run([device(records=REST)], night(1) + timedelta(hours=12))
    assert fates(plan)[("r1", "B")] == "gone"


def test_how_many_hours_must_pass_is_the_users_choice(table: Table) -> None:
    without(1, table)
    plan = table.run([device(records=REST)], night(1) + timedelta(hours=1), gone_after_hours=0)
    assert fates(plan)[("r1", "B")] == "gone"


def test_a_clock_that_jumped_back_for_one_run_makes_nothing_gone(table: Table) -> None:
    plan = without(-300, table)
    assert plan.devices[0].not_seen == plan.devices[0].became_gone == ()
    assert missing(table) is None
    plan = without(1, table, gone_after_days=30)
    assert fates(plan)[("r1", "B")] == "not_seen"


DELETE = {"gone": "delete", "gone_age": 10}


def test_the_rows_of_a_part_that_is_gone_for_long_are_deleted_with_their_history_and_all_others_stay() -> None:
    table = Table()
    table.run([device(records=[*REST, record("B", "Slot 2")])], night(0))
    table.run([device(records=[*REST, record("B", "Slot 3")])], night(1))
    for number in (2, 3, 11):
        assert "deleted" not in fates(without(number, table, **DELETE)).values()
    plan = without(12, table, **DELETE)
    assert fates(plan)[("r1", "B")] == "deleted"
    assert {row.serial for row in table.rows()} == {"A", "C"}
    assert ("r1", "B") not in fates(without(13, table, **DELETE))


def test_a_part_that_becomes_gone_is_not_deleted_in_the_same_run(table: Table) -> None:
    without(1, table)
    assert fates(without(40, table, **DELETE))[("r1", "B")] == "gone"


def test_the_collection_that_made_a_part_gone_does_not_delete_it_when_it_is_uploaded_again(table: Table) -> None:
    without(1, table)
    saved = device(records=REST, seen_at=night(40).isoformat())
    table.run([saved], night(40), **DELETE)
    assert ("r1", "B") not in fates(table.run([saved], night(41), **DELETE))


@pytest.mark.parametrize("bad", [{"complete": False, "tables": BROKEN}, {"records": ALL}])
def test_only_a_complete_collection_without_the_part_deletes_its_rows(table: Table, bad: dict[str, Any]) -> None:
    without(1, table)
    without(2, table)
    plan = table.plan([device(**{"records": REST, **bad})], night(40), **DELETE)
    assert "deleted" not in fates(plan).values()


def test_the_last_rows_of_a_device_stay_until_it_is_released(table: Table) -> None:
    for number in (1, 2):
        table.run([device()], night(number), release=["r1"])
    plan = table.run([device()], night(40), **DELETE)
    assert len(table.rows()) == 3
    assert "all 3 parts are gone" in plan.devices[0].notes[0]
    table.run([device()], night(41), **DELETE, release=["r1"])
    assert table.rows() == []


def test_a_count_that_ends_is_written_before_the_times_also_in_a_row_that_has_the_time_already(table: Table) -> None:
    """An edited count in a row of the same night: the step contains more than the time."""
    table.raw[row(table).id]["discovered_data"]["invmon"]["missing"] = {"n": "edited"}
    (step,) = [one for one in steps_of(table.plan([device(records=ALL)], night(0))) if one.serial == "B"]
    assert step.data.keys() == {"discovered_data"}
    assert not step.only_moves_time

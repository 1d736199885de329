# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import from_json, to_json
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.device_plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.known import NetBoxRows
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.plan import make_plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.step import Create
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
    reports,
)


def one_step(plan: Any) -> Any:
    (step,) = list(plan.steps())
    return step


@pytest.fixture
def table() -> Table:
    """NetBox after the first night of r1 with one part."""
    filled = Table()
    filled.run([device(records=[record()])], night(0))
    return filled


def test_a_new_part_is_created_with_all_foreign_keys_and_both_times_equal() -> None:
    step = one_step(Table().plan([device(records=[record()])], night(0)))
    assert step.action == "create"
    assert step.fate == "created"
    data = step.data
    assert (data["device"], data["site"], data["location"]) == (1, 1, None)
    assert data["time"] == data["creation_time"] == "2026-11-20T03:00:00Z"
    assert data["discovered_data"]["invmon"]["slot"] == "Slot 1"


def test_an_unchanged_part_has_only_its_time_moved(table: Table) -> None:
    step = one_step(table.plan([device(records=[record()])], night(1), refresh_after=0))
    assert step.fate == "refreshed"
    assert step.data == {"time": "2026-11-21T03:00:00Z"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"part": "PART-2"}, "part"),
        ({"name": "Slot 01"}, "name"),
        ({"description": "another"}, "description"),
        ({"category": "port"}, "category"),
        ({"path": "Chassis / Shelf 2 / Slot 1"}, "slot"),
        ({"part": None}, "part"),
    ],
)
def test_a_changed_part_becomes_a_new_row(table: Table, change: dict[str, Any], field: str) -> None:
    step = one_step(table.plan([device(records=[record(**change)])], night(1)))
    assert (step.action, step.fate) == ("create", "changed")
    assert list(step.changes) == [field]
    assert step.data["creation_time"] == step.data["time"] == "2026-11-21T03:00:00Z"


@pytest.mark.parametrize("change", [{"site_id": 2, "site_name": "Praha"}, {"location_id": 4, "location_name": "Hall"}])
def test_a_device_at_another_site_gets_new_rows(table: Table, change: dict[str, Any]) -> None:
    step = one_step(table.plan([device(records=[record()], **change)], night(1)))
    assert step.fate == "changed"


@pytest.mark.parametrize("change", [{"device_name": "r1-new"}, {"site_name": "Brno 2"}])
def test_a_renamed_device_or_site_is_updated_in_place(table: Table, change: dict[str, Any]) -> None:
    step = one_step(table.plan([device(records=[record()], **change)], night(1)))
    assert (step.action, step.fate, step.id) == ("update", "renamed", 1)
    assert set(step.data) == {"time", "discovered_data", *(f"{k.split('_')[0]}_descriptor" for k in change)}


def test_row_numbers_that_change_with_a_reboot_are_no_change(table: Table) -> None:
    renumbered = record(index="2002", parent="7", rule="other", source="elsewhere")
    assert one_step(table.plan([device(records=[renumbered])], night(1))).fate == "refreshed"


def test_another_software_version_updates_the_row_in_place_and_keeps_what_others_wrote(table: Table) -> None:
    table.raw[1]["discovered_data"]["theirs"] = {"url": "x"}
    step = one_step(table.plan([device(records=[record(software_rev="17.6")])], night(1)))
    assert (step.action, step.fate) == ("update", "updated")
    assert step.data["discovered_data"]["theirs"] == {"url": "x"}
    assert step.data["discovered_data"]["invmon"]["software_rev"] == "17.6"


@pytest.mark.parametrize("blank", [" PART-1 ", "PART-1\t", "\u00a0PART-1", "PART-1\x00\x00"])
def test_padding_is_no_change(table: Table, blank: str) -> None:
    assert one_step(table.plan([device(records=[record(part=blank)])], night(1))).fate == "refreshed"


@pytest.mark.parametrize("field", ["name", "part", "category"])
def test_a_text_that_had_to_be_cut_is_noted_and_not_written_again_each_night(field: str) -> None:
    table, long = Table(), record(**{field: "x" * 254 + " yz"})
    plan = table.run([device(records=[long])], night(0))
    assert plan.devices[0].notes == (f"SN1: {field} cut from 257 to 255 characters",)
    assert one_step(table.run([device(records=[long])], night(1))).fate == "refreshed"


def test_long_names_of_device_and_site_are_cut_at_100() -> None:
    step = one_step(Table().plan([device(records=[record()], device_name="d" * 101, site_name="š" * 200)], night(0)))
    assert len(step.data["device_descriptor"]) == len(step.data["site_descriptor"]) == 100


def test_nothing_that_makes_netbox_fail_leaves_the_plan() -> None:
    hostile = record(name="a\x00b", description="\ud800c", path="Chassis / \x00x", alias="\udfff{{ 7*7 }}\x00")
    text = json.dumps(one_step(Table().plan([device(records=[hostile])], night(0))).data)
    assert "\\u0000" not in text
    assert "\\ud800" not in text
    assert "\\udfff" not in text
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"serial": None}, "no serial"),
        ({"serial": "  "}, "no serial"),
        ({"serial": "A\x00B"}, "NUL"),
        ({"serial": "A\ud800"}, "half a character"),
        ({"serial": "x" * 256}, "256 characters"),
    ],
)
def test_a_record_without_a_usable_serial_is_skipped_and_the_others_are_written(
    bad: dict[str, Any], words: str
) -> None:
    plan = Table().plan([device(records=[record(**bad), record("GOOD")])], night(0))
    assert fates(plan) == {("r1", "GOOD"): "created"}
    (skipped,) = plan.devices[0].skipped
    assert words in skipped.reason


def test_a_part_without_a_name_takes_the_next_best_text() -> None:
    nameless = record(name=None, description="", part="PART-9")
    assert one_step(Table().plan([device(records=[nameless])], night(0))).data["name"] == "PART-9"


def test_description_is_never_null() -> None:
    assert one_step(Table().plan([device(records=[record(description=None)])], night(0))).data["description"] == ""


def test_of_two_records_with_one_serial_one_is_written_whatever_the_order() -> None:
    twins = [record(index="1"), record(index="2", part="PART-2")]
    plans = [Table().plan([device(records=order)], night(0)) for order in (twins, twins[::-1])]
    assert plans[0] == plans[1]
    assert "merge_by_serial" in plans[0].devices[0].skipped[0].reason


def test_a_part_that_moved_has_its_origin() -> None:
    table = Table()
    table.run([device(1, [record("OPTIC", "Te1")]), device(2, [record("CHASSIS")])], night(0))
    plan = table.run([device(1), device(2, [record("CHASSIS"), record("OPTIC", "Te9")])], night(1))
    (moved,) = [step for step in plan.steps() if step.serial == "OPTIC" and step.host == "r2"]
    assert moved.fate == "moved"
    assert to_json(moved.moved_from) == {"device": "r1", "device_id": 1, "slot": "Te1", "time": "2026-11-20T03:00:00Z"}
    assert plan.devices[0].not_seen[0].now_on == "r2"


def test_a_part_that_comes_back_gets_a_row_of_its_own() -> None:
    table = Table()
    here, there = [record("CHASSIS"), record("OPTIC")], [record("CHASSIS2")]
    table.run([device(1, here), device(2, there)], night(0))
    table.run([device(1, here[:1]), device(2, [*there, record("OPTIC")])], night(1))
    plan = table.run([device(1, here), device(2, there)], night(2))
    assert fates(plan)[("r1", "OPTIC")] == "returned"
    assert len([row for row in table.rows() if row.serial == "OPTIC"]) == 3
    assert set(fates(table.plan([device(1, here), device(2, there)], night(3))).values()) == {"refreshed"}


def test_the_look_up_and_the_row_have_the_same_slot_of_a_part_that_moved() -> None:
    table = Table()
    table.run([device(1, [record("OPTIC", "Te1", interface="Te1/1/1")]), device(2)], night(0))
    plan = table.plan([device(1), device(2, [record("OPTIC")])], night(1))
    assert [step.moved_from.slot for step in plan.steps() if isinstance(step, Create) and step.moved_from] == [
        "Te1/1/1"
    ]


def test_a_cable_with_one_serial_at_both_ends_stays_on_both() -> None:
    table = Table()
    ends = [device(1, [record("DAC")]), device(2, [record("DAC")])]
    assert set(fates(table.run(ends, night(0))).values()) == {"created"}
    for number in (1, 2):
        assert set(fates(table.run(ends, night(number))).values()) == {"refreshed"}


def test_a_cable_stays_on_both_devices_though_they_are_dead_in_turn() -> None:
    table = Table()
    ends = [device(1, [record("DAC")]), device(2, [record("DAC")])]
    dead = [{**end, "complete": False, "error": "no answer", "records": []} for end in ends]
    other = device(3, [record("OTHER")])
    table.run([*ends, other], night(0))
    table.run([ends[0], dead[1], other], night(1))
    plan = table.run([dead[0], ends[1], other], night(2))
    assert fates(plan)[("r2", "DAC")] == "refreshed"


def test_the_other_end_of_a_cable_that_is_still_reported_here_is_new_not_moved() -> None:
    table = Table()
    table.run([device(1, [record("DAC")]), device(2)], night(0))
    plan = table.run([device(1, [record("DAC")]), device(2, [record("DAC")])], night(1))
    assert fates(plan) == {("r1", "DAC"): "refreshed", ("r2", "DAC"): "created"}


def test_a_part_that_was_away_for_a_night_did_not_come_back_from_where_it_was_before() -> None:
    table = Table()
    table.run([device(1), device(2, [record("OPTIC")])], night(0))
    table.run([device(1, [record("OPTIC"), record("CARD")]), device(2)], night(1))
    table.run([device(1, [record("CARD")]), device(2)], night(2))
    plan = table.run([device(1, [record("OPTIC"), record("CARD")]), device(2)], night(3))
    assert fates(plan)[("r1", "OPTIC")] == "refreshed"


@pytest.mark.parametrize("other", [{"complete": False}, {"complete": False, "error": "no answer", "reason": "timeout"}])
def test_nothing_is_concluded_of_a_device_that_did_not_answer_completely(table: Table, other: dict[str, Any]) -> None:
    plan = table.plan([device(**other)], night(1))
    assert list(plan.steps()) == []
    assert plan.devices[0].not_seen == ()
    assert plan.devices[0].unknown == 1


BROKEN = {"entPhysicalTable": {"rows": 3, "complete": False, "error": "timeout", "required": True}}


@pytest.mark.parametrize("tables", [BROKEN, None])
def test_a_table_that_broke_off_changes_nothing_of_the_parts_in_it(tables: dict[str, Any] | None) -> None:
    """The name of a row that was not read is its index, its path ends early: all of that proves nothing."""
    table, whole = Table(), record(interface="Te1/1")
    table.run([device(records=[whole])], night(0))
    broken = record(name="1.150995073", part=None, description=None, category="unknown", path="x")
    plan = table.run([device(records=[broken], complete=False, tables=tables)], night(1))
    assert one_step(plan).data == {"time": "2026-11-21T03:00:00Z"}
    assert one_step(table.run([device(records=[whole])], night(2))).fate == "refreshed"


@pytest.mark.parametrize(("required", "fate"), [(True, "refreshed"), (False, "changed")])
def test_tables_that_the_platform_needs_complete_each_other_so_one_that_broke_off_changes_no_part(
    required: bool, fate: str
) -> None:
    table = Table()
    table.run([device(records=[record(source="jnxContentsTable")])], night(0))
    changed = record(source="jnxContentsTable", part="NEW")
    broken = {"ifXTable": {"rows": 3, "complete": False, "error": "timeout", "required": required}}
    plan = table.run([device(records=[changed], complete=not required, tables=broken)], night(1))
    assert fates(plan) == {("r1", "SN1"): fate}


def test_a_part_that_was_first_seen_in_a_broken_table_is_completed_in_place() -> None:
    table = Table()
    broken = device(records=[record(name="1.150995073", part=None)], complete=False, tables=BROKEN)
    assert fates(table.run([broken], night(0))) == {("r1", "SN1"): "created"}
    plan = table.run([device(records=[record()])], night(1))
    assert fates(plan) == {("r1", "SN1"): "updated"}
    (row,) = table.rows()
    assert (row.content["name"], row.content["part"]) == ("Slot 1", "PART-1")
    assert one_step(table.run([device(records=[record()])], night(2))).fate == "refreshed"


def test_a_row_of_the_older_scripts_waits_for_a_complete_collection() -> None:
    table = Table()
    table.add(**old_row())
    plan = table.run([device(records=[record(name="1.15")], complete=False, tables=BROKEN)], night(0))
    assert fates(plan) == {("r1", "SN1"): "refreshed"}
    assert fates(table.run([device(records=[record()])], night(1))) == {("r1", "SN1"): "adopted"}


def test_interface_names_that_could_not_be_read_for_a_night_are_no_change() -> None:
    table = Table()
    table.run([device(records=[record(interface="Te1/1")])], night(0))
    tables = {"entAliasMappingTable": {"rows": 0, "complete": False, "error": "timeout", "required": False}}
    plan = table.run([device(records=[record()], tables=tables)], night(1))
    assert fates(plan) == {("r1", "SN1"): "refreshed"}


def test_time_never_moves_back_and_a_change_becomes_the_latest_all_the_same(table: Table) -> None:
    early = night(0) - timedelta(hours=1)
    assert list(table.plan([device(records=[record()])], early).steps()) == []
    table.run([device(records=[record(part="NEW")])], early)
    assert fates(table.run([device(records=[record(part="NEW")])], night(1)))[("r1", "SN1")] == "refreshed"


def test_what_an_earlier_run_collected_is_not_called_seen_today(table: Table) -> None:
    seen_at = (night(1) - timedelta(hours=2)).isoformat()
    step = one_step(table.plan([device(records=[record()], seen_at=seen_at)], night(1), refresh_after=0))
    assert step.data == {"time": "2026-11-21T01:00:00Z"}


def test_an_old_collection_changes_nothing_that_was_read_since(table: Table) -> None:
    seen_at = night(0).isoformat()
    old = device(records=[record()], seen_at=seen_at)
    table.run([device(records=[record(part="PART-2"), record("SN2", "Slot 2")])], night(1))
    plan = table.plan([old], night(2))
    assert list(plan.steps()) == []
    assert plan.devices[0].not_seen == ()


def test_the_same_run_again_writes_nothing(table: Table) -> None:
    plan = table.plan([device(records=[record()])], night(0))
    assert list(plan.steps()) == []
    assert plan.devices[0].seen == 1


def old_row(**other: Any) -> dict[str, Any]:
    """A row as inventory-monitor-scripts 1.0.0 leaves it."""
    return {
        "serial": "SN1",
        "name": "Slot 1 FT0-IDPROM",
        "part": "PART-1",
        "description": "a part",
        "category": "module",
        "device": 1,
        "site": 1,
        "location": None,
        "device_descriptor": "r1",
        "site_descriptor": "Brno",
        "location_descriptor": None,
        "creation_time": "2026-11-19T03:00:00Z",
        "time": "2026-11-19T03:00:05Z",
        "discovered_data": {"entPhysicalSerialNum": "SN1"},
        **other,
    }


@pytest.mark.parametrize("serial", ["SN1", '"SN1"', "S/N SN1"])
def test_a_row_of_the_older_scripts_is_taken_over_in_place(serial: str) -> None:
    table = Table()
    table.add(**old_row(serial=serial))
    plan = table.run([device(records=[record(category="fan")])], night(0))
    assert fates(plan) == {("r1", "SN1"): "adopted"}
    (row,) = table.rows()
    assert (row.serial, row.content["category"], row.content["name"]) == ("SN1", "fan", "Slot 1")
    assert row.data["entPhysicalSerialNum"] == "SN1"
    assert plan.devices[0].not_seen == ()
    assert one_step(table.run([device(records=[record(category="fan")])], night(1))).fate == "refreshed"


def test_a_padded_row_next_to_a_clean_one_is_not_missing() -> None:
    table = Table()
    table.add(**old_row())
    table.add(**old_row(serial='"SN1"'))
    plan = table.run([device(records=[record()])], night(0))
    assert fates(plan) == {("r1", "SN1"): "adopted"}
    assert plan.devices[0].not_seen == ()


def test_an_old_row_of_another_site_stays_as_history() -> None:
    table = Table()
    table.add(**old_row(site=9))
    assert fates(table.run([device(records=[record()])], night(0))) == {("r1", "SN1"): "changed"}


def test_of_twins_the_lowest_id_lives_on() -> None:
    table = Table()
    row = {**one_step(Table().plan([device(records=[record()])], night(0))).data}
    table.add(**row)
    table.add(**row)
    both = {1: table.rows()}
    for order in (both, {1: both[1][::-1]}):
        assert one_step(make_plan(reports([device(records=[record()])]), NetBoxRows(order), night(1))).id == 1


def test_a_device_whose_rows_cannot_be_read_fails_alone(table: Table) -> None:
    devices = [device(1, [record()]), device(2, [record("SN2")])]
    found = NetBoxRows(table.latest({1, 2}), unreadable={"r2": "it is gone"})
    plan = make_plan(reports(devices), found, night(1))
    assert fates(plan) == {("r1", "SN1"): "refreshed"}
    assert plan.devices[1].error == "it is gone"


def test_the_plan_is_plain_json(table: Table) -> None:
    plan = table.plan([device(records=[record(part="x"), record("SN2")])], night(1))
    assert from_json(Plan, json.loads(json.dumps(to_json(plan))), "plan") == plan

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file that one run writes and another reads: whatever was made of it, it is used whole or refused in words.

Used whole means that all that comes after the reading can work with it, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._common import files
from ansible_collections.invmon.network.plugins.module_utils._common.env_file import EnvFileError, read_env_file
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._hygiene.export import Export, ExportError, read_export
from ansible_collections.invmon.network.plugins.module_utils._hygiene.restore_plan import decide, serials_of_deleted
from ansible_collections.invmon.network.plugins.module_utils._parts.inventory import (
    ChassisSerial,
    Member,
    RejectedSerial,
)
from ansible_collections.invmon.network.plugins.module_utils._parts.item import Item
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import Applied, make_outcome
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import (
    remember_found,
    withdraw_moved_on,
)
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.file import (
    PlanFileError,
    read_plan,
    write_plan,
)
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.targets import only_for
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import was_corrected
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import TableStatus
from ansible_collections.invmon.network.plugins.module_utils._tasks import saved_collections
from ansible_collections.invmon.network.plugins.module_utils._tasks.saved_collections import AskedDevice
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices
from ansible_collections.invmon.network.tests.fuzz.changed_json import VALUES, changed_octets, changed_values
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)
from hypothesis import given
from hypothesis import strategies as st

NETBOX = "https://netbox.example.org"
HOSTVARS = {"r1": {"netbox_device_id": 1, "ansible_host": "192.0.2.1"}}


def saved_inventory() -> dict[str, Any]:
    """What was collected of a stack of two, with all kinds of values."""
    one = Collection(
        System("r1", "a box", (1, 3, 6), 4711),
        "generic",
        items=[
            Item("FOC1", "1", "entPhysicalTable", part="P", name="Chassis", category="chassis", member=1),
            Item("FOC2", "2", "entPhysicalTable", parent="1", ancestors=("1",), is_fru=True, path="Chassis / Slot 1"),
        ],
        rejected=[RejectedSerial("N/A", "placeholder", "3", None, "entPhysicalTable")],
        coverage=["optics: none"],
        members=[Member(1, "FOC1")],
        chassis=[ChassisSerial("FOC1", "entPhysicalTable", "1")],
        tables={"entPhysicalTable": TableStatus(2)},
    )
    return {**one.to_dict(), "collected_at": datetime.now(UTC).isoformat()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def used_or_refused(use: Callable[[], Any], refusal: type[Exception], path: Path) -> str:
    """The message about a file that is refused; of one that is used, its name."""
    try:
        use()
    except refusal as error:
        return str(error)
    return str(path)


def collection(folder: Path) -> Path:
    path = folder / "r1.json"
    whose = AskedDevice.of({"host": "r1", "device_id": 1}, {"host": "192.0.2.1"})
    saved_collections.keep(path, saved_inventory(), whose)
    return path


def upload(folder: Path) -> dict[str, Any]:
    """From the folder of collections to the plan; what is planned for the device, or why nothing is."""
    text = merge_by_serial(json.dumps(collected_devices(["r1"], HOSTVARS, saved=str(folder))))
    devices = json.loads(text)
    plan = Table().plan(devices, night(0))
    diff_blocks(plan)
    return make_outcome(plan, Applied(), 0)["devices"]["r1"]


@given(data=st.data())
def test_a_collection_with_other_values_is_planned_or_refused(data: st.DataObject, folder: Path) -> None:
    path = collection(folder)
    path.write_text(json.dumps(data.draw(changed_values(json.loads(path.read_text())))))
    upload(folder)


@given(data=st.data())
def test_a_collection_with_other_octets_is_planned_or_refused(data: st.DataObject, folder: Path) -> None:
    path = collection(folder)
    saved_collections.mark_uploaded(path, "x", "y")
    path.write_bytes(data.draw(changed_octets(path.read_bytes())))
    upload(folder)


def planned() -> tuple[Table, Plan]:
    """A table, and a plan for it in which every kind of step is."""
    table = Table()
    before = [record(f"A{number}", f"Slot {number}") for number in range(1, 6)]
    table.run([device(1, before), device(2, [record("M1")])], night(0))
    table.run([device(1, before[1:]), device(2, [record("M1")])], night(1))
    now = [
        record("A2", "Slot 2", part="OTHER"),
        record("A3", "Slot 3", software_rev="2"),
        record("A4", "Slot 5"),
        record("A5", "Slot 4"),
        record("M1", "Slot 9"),
        record("N1", "Slot 8"),
    ]
    plan = table.plan([device(1, now), device(2, [])], night(5), gone_after=1, gone_after_hours=0, brake_share=100)
    return table, remember_found(plan, present(table))


def present(table: Table) -> dict[int, Any]:
    found = table.latest({1, 2})
    return {number: found.get(number, []) for number in (1, 2)}


def carry_out(table: Table, path: Path) -> None:
    """All that is done with a plan but to send it. Raises PlanFileError."""
    plan = read_plan(str(path), NETBOX).plan
    plan, _left_out, _barred = only_for(plan, [{"name": "r1", "device_id": 1}, {"name": "r2", "device_id": 2}])
    plan, refused = withdraw_moved_on(plan, present(table), {}, {})
    diff_blocks(plan)
    make_outcome(plan, Applied(failed=refused), 0)
    json.dumps([step.data for step in plan.steps()], allow_nan=False)


@given(data=st.data())
def test_a_plan_with_other_values_is_carried_out_or_refused(data: st.DataObject, folder: Path) -> None:
    table, plan = planned()
    path = folder / "plan.json"
    write_plan(str(path), NETBOX, plan, ["a warning"], replace=True)
    carry_out(table, path)
    path.write_text(json.dumps(data.draw(changed_values(json.loads(path.read_text())))))
    assert str(path) in used_or_refused(lambda: carry_out(table, path), PlanFileError, path)


@given(data=st.data())
def test_a_plan_with_other_octets_is_carried_out_or_refused(data: st.DataObject, folder: Path) -> None:
    table, plan = planned()
    path = folder / "plan.json"
    write_plan(str(path), NETBOX, plan, [], replace=True)
    path.write_bytes(data.draw(changed_octets(path.read_bytes())))
    assert str(path) in used_or_refused(lambda: carry_out(table, path), PlanFileError, path)


def export(folder: Path) -> Path:
    path = folder / "export.jsonl"
    path.unlink(missing_ok=True)
    table = Table()
    table.run([device(1, [record("A1")])], night(0))
    row = {**table.raw[1], "part": "P", "tags": [{"slug": "spare"}], "comments": "", "custom_fields": {"owner": None}}
    one = Export(str(folder), NETBOX, "2026-11-20T03:00:00Z")
    one.write([{"does": "change", "row": row, "sent": {"serial": "A1", "time": row["time"]}, "why": ["twins"]}])
    one.write([{"does": "delete", "row": {**row, "id": 2}, "why": ["twins"]}])
    one.close()
    Path(str(one.path)).rename(path)
    return path


def restore(path: Path) -> None:
    """All that is done with an export but to ask NetBox. Raises ExportError."""
    lines = list(read_export(str(path), NETBOX))
    serials_of_deleted(lines, {})
    for line in lines:
        decide(line, None, [line["row"]])
        decide(line, {**line["row"], "name": "other"}, [])


def test_the_export_that_is_changed_below_is_good(folder: Path) -> None:
    assert len(list(read_export(str(export(folder)), NETBOX))) == 2
    restore(export(folder))


@given(data=st.data())
def test_an_export_with_other_values_is_restored_or_refused(data: st.DataObject, folder: Path) -> None:
    path = export(folder)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    changed = data.draw(changed_values(lines))
    path.write_text("".join(json.dumps(line) + "\n" for line in (changed if isinstance(changed, list) else [changed])))
    assert str(path) in used_or_refused(lambda: restore(path), ExportError, path)


@given(data=st.data())
def test_an_export_with_other_octets_is_restored_or_refused(data: st.DataObject, folder: Path) -> None:
    path = export(folder)
    path.write_bytes(data.draw(changed_octets(path.read_bytes())))
    assert str(path) in used_or_refused(lambda: restore(path), ExportError, path)


@given(content=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_file_in_the_place_of_a_report_or_an_expectation_is_looked_at_without_harm(
    content: bytes, folder: Path
) -> None:
    path = folder / "report.json"
    path.write_bytes(content)
    assert was_corrected(path) in (True, False)
    files.write_json(path, [1])
    assert json.loads(path.read_text()) == [1]


@given(content=st.binary(max_size=200) | changed_octets(b"A=1\nexport B='x ${A}'\n# c\nC=\"\\n\"\n"))
def test_any_env_file_is_read_or_refused(content: bytes, folder: Path) -> None:
    path = folder / ".env"
    path.write_bytes(content)
    assert str(path) in used_or_refused(lambda: read_env_file(str(path)), EnvFileError, path)


@given(own=VALUES, more=VALUES, began=VALUES)
def test_whatever_somebody_writes_into_the_data_of_a_row_the_next_night_is_planned(
    own: Any, more: Any, began: Any
) -> None:
    table = Table()
    records = [record("A1", "Slot 1"), record("A2", "Slot 2"), record("A3", "Slot 3")]
    table.run([device(1, records)], night(0))
    marks = [own, {"v": 1, "slot": own, "interface": more}, {"v": 1, "missing": own, "began": began, "ends": more}]
    for raw, mark in zip(table.raw.values(), marks, strict=True):
        raw["discovered_data"] = {"invmon": mark}
    for number, told in ((1, [record("A1", "Slot 4"), record("A2", "Slot 2", part="OTHER")]), (3, records)):
        plan = table.run([device(1, told)], night(number))
        diff_blocks(plan)
        json.dumps(make_outcome(plan, Applied(), 0), allow_nan=False)

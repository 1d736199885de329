# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)

BROKEN = {"entPhysicalTable": {"rows": 3, "complete": False, "error": "timeout", "required": True}}


def outcome(devices: list[dict[str, Any]], table: Table | None = None, number: int = 0) -> dict[str, Any]:
    return make_outcome((table or Table()).run(devices, night(number)), Applied(), 3)


def test_the_summary_names_what_a_person_must_look_at() -> None:
    devices = [
        device(1, [record("A"), {**record(), "serial": None}]),
        device(2, [record("B")], complete=False, tables=BROKEN),
        device(3, complete=False, error="no answer within 4 s", reason="timeout"),
        device(4, complete=False, error="no answer within 4 s", reason="timeout"),
    ]
    assert outcome(devices)["summary"] == [
        "Inventory: 4 devices, 1 complete, 1 incomplete, 2 unreachable.",
        "",
        "Read for the first time: r1 (1 part), r2 (1 part).",
        "",
        "Needs attention",
        "  r3  unreachable  no answer within 4 s",
        "  r4  unreachable  no answer within 4 s",
        "  r2  incomplete   not read completely: entPhysicalTable (timeout); missing parts are not counted",
        "  r1  not written  Slot 1: it has no serial; a probe is found by its serial, so nothing can be written for it",
        "",
        "NetBox: 3 requests.",
    ]


def test_what_devices_cannot_report_is_counted_and_kept() -> None:
    psu = "field-replaceable unit without a serial"
    rejected = [{"serial": "N/A", "reason": "placeholder"}, {"serial": "0000", "reason": "one character"}]
    devices = [
        device(1, [record("A")]) | {"coverage": [f"{psu}: PSU 1 (P-1)", f"{psu}: PSU 2 (P-1)"], "rejected": rejected},
        device(2, [record("B")]) | {"coverage": ["optics: not told", f"{psu}: PSU 1 (P-1)"], "rejected": rejected[:1]},
        device(3, [record("C")]),
    ]
    result = outcome(devices)
    lines = result["summary"]
    assert lines[lines.index("Not reported over SNMP (new; -v lists all)") + 1 :][:3] == [
        f"  {psu}: r1, r2",
        "  optics: not told: r2",
        "  Values ignored in serial columns: 1 one character, 2 placeholder.",
    ]
    assert result["devices"]["r2"]["coverage"] == ["optics: not told", f"{psu}: PSU 1 (P-1)"]
    assert result["devices"]["r1"]["rejected"] == {"placeholder": 1, "one character": 1}
    assert "coverage" not in result["devices"]["r3"]


def test_every_device_that_is_not_written_completely_is_named_with_the_reason() -> None:
    devices = [
        device(1, [record("A")]),
        device(2, [record("B")], complete=False, tables=BROKEN),
        device(3, complete=False, error="no answer within 4 s", reason="timeout"),
        device(4, None, complete=False, tables=BROKEN),
    ]
    result = outcome(devices)
    words = {name: found["outcome"] for name, found in result["devices"].items()}
    assert words == {"r1": "written", "r2": "partial", "r3": "not collected", "r4": "not collected"}
    assert set(result["failed_hosts"]) == {"r2", "r3", "r4"}
    assert result["failed_hosts"]["r2"] == "not read completely: entPhysicalTable (timeout)"
    assert result["failed_hosts"]["r3"] == "no answer within 4 s"
    # It answered with an error to each row of each table.
    assert result["failed_hosts"]["r4"].startswith("it answers, but no part could be read: entPhysicalTable")


def test_a_row_that_was_not_written_is_not_counted_as_created() -> None:
    plan = Table().plan([device(1, [record("A"), record("B")])], night(0))
    failed = [(step, "NetBox refuses the row") for step in plan.steps() if step.serial == "B"]
    found = make_outcome(plan, Applied(failed), 3)
    assert found["devices"]["r1"]["created"] == ["A"]
    assert found["devices"]["r1"]["outcome"] == "partial"
    assert "1 row not written, B first" in found["failed_hosts"]["r1"]
    assert "  r1  not written  1 row, B first: NetBox refuses the row" in found["summary"]


def test_moving_time_alone_is_no_change() -> None:
    table = Table()
    assert outcome([device(1, [record("A")])], table)["changed"] is True
    again = outcome([device(1, [record("A")])], table, 1)
    assert (again["changed"], again["refreshed"]) == (False, 1)
    renamed = outcome([device(1, [record("A")], device_name="new")], table, 2)
    assert renamed["changed"] is True


def test_a_quiet_night_of_a_large_network_stays_small() -> None:
    table = Table()
    network = [device(number, [record(f"{number}-{slot}") for slot in range(40)]) for number in range(50)]
    outcome(network, table)
    result = outcome(network, table, 1)
    assert len(json.dumps(result)) < 50 * 150


def test_hundreds_of_dead_devices_keep_the_summary_readable() -> None:
    dead = [device(number, complete=False, error="no answer", reason="timeout") for number in range(300)]
    lines = outcome(dead)["summary"]
    assert len(lines) < 8
    (row,) = [line for line in lines if line.startswith("  300 devices  unreachable  no answer. Devices: r0, r1, ")]
    assert row.endswith("and 290 more")


def test_of_many_tables_that_broke_off_those_are_named_that_did_so_by_themselves() -> None:
    tied = "its parts are also reported by entPhysicalTable, which was not read completely"
    tables = {
        name: {"rows": 1, "complete": False, "error": error, "required": True}
        for name, error in (("aTable", tied), ("entPhysicalTable", "no answer"), ("zTable", tied))
    }
    found = outcome([device(1, [record("A")], complete=False, tables=tables)])
    assert found["failed_hosts"]["r1"] == "not read completely: entPhysicalTable (no answer) and 2 more tables"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils.netbox.outcome import Applied, make_outcome
from ansible_collections.invmon.network.tests.unit.plugins.module_utils.netbox.probe_model import (
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
        device(1, [record("A"), record(None)]),
        device(2, [record("B")], complete=False, tables=BROKEN),
        device(3, complete=False, error="no answer within 4 s", reason="timeout"),
        device(4, complete=False, error="no answer within 4 s", reason="timeout"),
    ]
    assert outcome(devices)["summary"] == [
        "devices: 4 asked, 1 complete, 1 in part, 2 failed",
        "in part: r2 (entPhysicalTable)",
        "failed, timeout: r3, r4",
        "  r3: no answer within 4 s",
        "  r4: no answer within 4 s",
        "parts: 2 new, 0 changed, 0 moved, 0 returned, 0 seen again, 0 not seen",
        "skipped: r1 Slot 1: it has no serial; a probe is found by its serial, so nothing can be written for it",
        "NetBox: 3 requests",
    ]


def test_what_devices_cannot_tell_is_counted_and_kept() -> None:
    psu = "field-replaceable unit without a serial"
    rejected = [{"serial": "N/A", "reason": "placeholder"}, {"serial": "0000", "reason": "one character"}]
    devices = [
        device(1, [record("A")]) | {"coverage": [f"{psu}: PSU 1 (P-1)", f"{psu}: PSU 2 (P-1)"], "rejected": rejected},
        device(2, [record("B")]) | {"coverage": ["optics: not told", f"{psu}: PSU 1 (P-1)"], "rejected": rejected[:1]},
        device(3, [record("C")]),
    ]
    result = outcome(devices)
    assert [line for line in result["summary"] if line.startswith(("coverage", "rejected"))] == [
        f"coverage: {psu} (3 on 2 devices): r1, r2",
        "coverage: optics: not told (1 device): r2",
        "rejected: 3 texts in serial columns (2 placeholder, 1 one character)",
    ]
    assert result["devices"]["r2"]["coverage"] == ["optics: not told", f"{psu}: PSU 1 (P-1)"]
    assert result["devices"]["r1"]["rejected"] == {"placeholder": 1, "one character": 1}
    assert "coverage" not in result["devices"]["r3"]


def test_every_device_that_is_not_written_whole_is_named_with_the_reason() -> None:
    devices = [
        device(1, [record("A")]),
        device(2, [record("B")], complete=False, tables=BROKEN),
        device(3, complete=False, error="no answer within 4 s", reason="timeout"),
        device(4, None, complete=False),
    ]
    result = outcome(devices)
    words = {name: found["outcome"] for name, found in result["devices"].items()}
    assert words == {"r1": "written", "r2": "partial", "r3": "not collected", "r4": "not collected"}
    assert set(result["failed_hosts"]) == {"r2", "r3", "r4"}
    assert result["failed_hosts"]["r2"] == "r2: not read to the end: entPhysicalTable"
    assert result["failed_hosts"]["r3"] == "r3: no answer within 4 s"


def test_a_row_that_was_not_written_is_not_counted_as_created() -> None:
    plan = Table().plan([device(1, [record("A"), record("B")])], night(0))
    failed = [(step, "NetBox refuses the row") for step in plan.steps() if step["serial"] == "B"]
    found = make_outcome(plan, Applied(failed), 3)
    assert found["devices"]["r1"]["created"] == ["A"]
    assert found["devices"]["r1"]["outcome"] == "partial"
    assert "1 row not written, B first" in found["failed_hosts"]["r1"]
    assert "not written: r1 B: NetBox refuses the row" in found["summary"]


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
    assert any("and 290 more" in line for line in lines)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of plan files: the keys of each kind of step, in their order. Files of earlier releases hold them so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import remember_found
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.file import read_plan, write_plan
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)

NETBOX = "https://netbox.example.org"
NOBODY_HELD = {"brake_share": 100, "run_brake_share": 100}
FIRST = "host device_id serial action fate"
KEYS = {
    "created": f"{FIRST} slot also_on data found",
    "changed": f"{FIRST} slot was changes data found",
    "swapped": f"{FIRST} slot was changes data with found",
    "moved": f"{FIRST} slot from data found",
    "returned": f"{FIRST} slot was missing data found",
    "adopted": f"{FIRST} id slot changes data found",
    "updated": f"{FIRST} id slot changes data found",
    "refreshed": f"{FIRST} id data found",
    "not_seen": f"{FIRST} id slot data found",
    "gone": f"{FIRST} id slot data found",
    "deleted": f"{FIRST} id slot part category missing data found",
}


def cable(serial: str, slot: str) -> dict[str, Any]:
    return record(serial, slot, category="transceiver")


def planned() -> tuple[Table, list[dict[str, Any]], dict[str, Any]]:
    """A table and what is collected next, so that each fate is in the plan; and the policy."""
    table = Table()
    first = [record(serial, f"Slot {number}") for number, serial in enumerate(("CH", "S1", "S2", "UP", "RE", "NS"))]
    mover, back, gone, last = (record(serial, f"Slot {serial}") for serial in ("MV", "BK", "GO", "DE"))
    policy = {"gone": "delete", "gone_age": 3, "gone_after": 2, "gone_after_hours": 0, **NOBODY_HELD}
    old = record("OLD", "Slot 7", category="fan")
    table.run([device(1, [*first, mover, back, gone, last]), device(2)], night(0), **policy)
    for number in (1, 2):
        table.run([device(1, [*first, mover, gone]), device(2)], night(number), **policy)
    table.run([device(1, [*first, mover]), device(2)], night(3), **policy)
    table.add(serial="OLD", name="Slot 7", part="PART-1", device=1, site=1, location=None, time="2026-11-23T03:00:00Z")
    now = [
        {**first[0], "part": "OTHER"},
        {**first[1], "name": "Slot 2", "path": "Chassis / Slot 2"},
        {**first[2], "name": "Slot 1", "path": "Chassis / Slot 1"},
        {**first[3], "software_rev": "2"},
        first[4],
        back,
        old,
        cable("DAC", "Te1"),
    ]
    return table, [device(1, now), device(2, [mover, cable("DAC", "Te2")])], policy


def test_each_kind_of_step_has_its_keys_in_their_order(tmp_path: Path) -> None:
    table, devices, policy = planned()
    path = tmp_path / "plan.json"
    latest = table.latest({1, 2})
    write_plan(str(path), NETBOX, remember_found(table.plan(devices, night(4), **policy), latest), [])
    found: dict[str, set[str]] = {}
    for one in json.loads(path.read_text())["plan"]["devices"]:
        for step in one["steps"]:
            found.setdefault(step["fate"], set()).add(" ".join(step))
    assert found == {fate: {keys} for fate, keys in KEYS.items()}


def test_a_plan_that_was_read_is_written_as_it_was(tmp_path: Path) -> None:
    table, devices, policy = planned()
    first, second = (tmp_path / name for name in ("first.json", "second.json"))
    write_plan(str(first), NETBOX, remember_found(table.plan(devices, night(4), **policy), table.latest({1, 2})), ["w"])
    filed = read_plan(str(first), NETBOX)
    write_plan(str(second), NETBOX, filed.plan, list(filed.warnings))
    assert second.read_text() == first.read_text()

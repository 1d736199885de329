# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe table as a list, with just the rules that a plan leans on: for tests of the pure plan."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._netbox.last_seen import with_last_seen
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row, Sighting, parse_row
from ansible_collections.invmon.network.plugins.module_utils._parts.device_report import DeviceReport, read_report
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.device_plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.known import NetBoxRows
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.plan import make_plan, serials_to_look_up
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.step import Create, Delete, Found
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.targets import assign
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.check import remember_found
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import read_policy

NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REFERENCES = ("device", "site", "location")


def night(number: int) -> datetime:
    """The time stamp of the run of a night."""
    return NIGHT + timedelta(days=number)


class Table:
    """Probes as NetBox stores them: stripped text, nested references, ids in the order of creation."""

    def __init__(self) -> None:
        self.raw: dict[int, dict[str, Any]] = {}

    def add(self, **data: Any) -> int:
        number = max(self.raw, default=0) + 1
        self.raw[number] = {"id": number, "discovered_data": {}, **self._stored(data)}
        return number

    @staticmethod
    def _stored(data: dict[str, Any]) -> dict[str, Any]:
        stored = {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}
        for key in REFERENCES:
            if isinstance(stored.get(key), int):
                stored[key] = {"id": stored[key]}
        return stored

    def apply(self, plan: Plan) -> None:
        for step in remember_found(plan, self.latest({step.device_id for step in plan.steps()})).steps():
            if isinstance(step, Create):
                if isinstance(step.found, Found) and step.found.seen:
                    self.raw[step.found.id]["time"] = step.found.seen
                self.add(**step.data)
            elif isinstance(step, Delete):
                for row in [row for row in self.rows() if (row.device_id, row.serial) == step.key]:
                    del self.raw[row.id]
            else:
                self.raw[step.id].update(self._stored({**step.all_data}))

    def rows(self) -> list[Row]:
        return [parse_row(raw) for raw in self.raw.values()]

    def latest(self, device_ids: set[int]) -> dict[int, list[Row]]:
        newest: dict[tuple[Any, str], Row] = {}
        for row in self.rows():
            other = newest.get((row.device_id, row.serial))
            if other is None or row.time > other.time:
                newest[(row.device_id, row.serial)] = row
        found = defaultdict(list)
        for (device_id, _serial), row in newest.items():
            if device_id in device_ids:
                found[device_id].append(row)
        return defaultdict(list, {device_id: with_last_seen(rows) for device_id, rows in found.items()})

    def sightings(self, serials: list[str]) -> dict[str, list[Sighting]]:
        found = defaultdict(list)
        for row in self.rows():
            if row.serial in serials:
                name, category = row.content["device_descriptor"], row.content["category"]
                found[row.serial].append(
                    Sighting(row.serial, row.time, row.device_id, name, row.slot, row.creation_time, category)
                )
        return found

    def plan(self, devices: list[dict[str, Any]], moment: datetime, **policy: Any) -> Plan:
        """The plan for devices as the option `devices` of netbox_probe has them."""
        found = reports(devices)
        assignment = assign(found)
        latest = self.latest(set(assignment.targets))
        looked_up = self.sightings(serials_to_look_up(assignment, latest))
        return make_plan(found, NetBoxRows(latest, looked_up), moment, read_policy(policy))

    def run(self, devices: list[dict[str, Any]], moment: datetime, **policy: Any) -> Plan:
        plan = self.plan(devices, moment, **policy)
        self.apply(plan)
        return plan


def reports(devices: list[dict[str, Any]]) -> list[DeviceReport]:
    """Devices as netbox_probe reads them."""
    return [read_report(one, one["name"]) for one in devices]


def device(number: int = 1, records: list[dict[str, Any]] | None = None, **other: Any) -> dict[str, Any]:
    """A device dict as the playbook hands it over, completely collected."""
    return {
        "name": f"r{number}",
        "device_id": number,
        "device_name": f"r{number}",
        "site_id": 1,
        "site_name": "Brno",
        "location_id": None,
        "location_name": None,
        "complete": True,
        "tables": {"entPhysicalTable": {"rows": 9, "complete": True, "error": None, "required": True}},
        "error": None,
        "records": records or [],
        **other,
    }


def record(serial: str = "SN1", slot: str = "Slot 1", **other: Any) -> dict[str, Any]:
    """A record of merge_by_serial."""
    return {
        "serial": serial,
        "name": slot,
        "part": "PART-1",
        "description": "a part",
        "category": "module",
        "path": f"Chassis / {slot}",
        "index": "1001",
        "source": "entPhysicalTable",
        "rule": "only",
        **other,
    }


def steps_of(plan: Plan) -> list[Any]:
    """All steps, for tests that know which kind of step each is."""
    return list(plan.steps())


def fates(plan: Plan) -> dict[tuple[str, str], str]:
    """(host, serial) -> fate."""
    return {(step.host, step.serial): step.fate for step in plan.steps()}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the probe table for hygiene: page by page, and keeps only a brief of each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .._common.pieces import chunks
from .._netbox.client import NetBox
from .._netbox.errors import NetBoxError, NetBoxOptionError
from .._netbox.latest import DEVICES_PER_READ, PROBES
from .._netbox.lookup import DEVICES, with_ids
from .._netbox.sightings import read_elsewhere
from .._parts.device_report import DeviceReport
from .plan import DeviceKey, Known, Merge, Wishes, plan_serial, serial_of
from .rows import BRIEF_FIELDS, Brief, brief_of, reference

JOURNAL = "extras/journal-entries/"
#: What NetBox calls the type of a probe.
_PROBE_TYPE = "inventory_monitor.probe"
#: Characters of names in one request's address; gunicorn takes 4094 in all.
_NAMES_IN_ADDRESS = 3000
#: Rows asked for by id in one request: ids of ten digits fit as well.
IDS_PER_READ = 200


@dataclass
class Table:
    """What was read."""

    serials: dict[str, list[Brief]] = field(default_factory=dict)  #: serial as it should be -> its rows
    known: Known = field(default_factory=Known)
    rows: int = 0  #: rows read

    def plan(self, wishes: Wishes) -> list[Merge]:
        """What to do with them, device by device."""
        merges = [
            merge
            for serial, briefs in self.serials.items()
            for merge in plan_serial(serial, briefs, wishes, self.known)
        ]
        return sorted(merges, key=lambda merge: (merge.newest.device or "", merge.serial, merge.begin, merge.like.id))


def read_table(netbox: NetBox, wishes: Wishes, devices: Sequence[str] = (), sites: Sequence[str] = ()) -> Table:
    """All probes, or those of some devices (names, or ids as digits) and sites (slugs). Raises NetBoxError."""
    wanted = _wanted_devices(netbox, devices, sites) if devices or sites else None
    serials: dict[str, list[Brief]] = defaultdict(list)
    table = Table(serials)
    for raw in _rows(netbox, wanted):
        brief = brief_of(raw)
        serials[serial_of(brief, wishes)].append(brief)
        table.rows += 1
    lost = {brief.device for briefs in serials.values() for brief in briefs if brief.device_id is None and brief.device}
    table.known = Known(
        matches=_matches(netbox, sorted(name for name in lost if name)),
        noted=_noted(netbox),
        elsewhere=_elsewhere(netbox, serials) if wanted is not None else {},
    )
    return table


def _wanted_devices(netbox: NetBox, devices: Sequence[str], sites: Sequence[str]) -> dict[int, str]:
    """Device id -> name. Raises NetBoxOptionError for a device that NetBox does not have, or has twice."""
    asked: list[DeviceReport] = []
    for text in dict.fromkeys(str(device).strip() for device in devices):
        by_id = text.isascii() and text.isdecimal()
        asked.append(DeviceReport(text, device_id=int(text)) if by_id else DeviceReport(text, device_name=text))
    found, failed = with_ids(netbox, asked)
    if failed:
        raise NetBoxOptionError(f"devices: {'; '.join(failed.values())}.")
    wanted = {device.device_id: device.device_name or "" for device in found if device.device_id is not None}
    if sites:
        params = {"site": list(sites), "exclude": "config_context", "fields": "id,name"}
        wanted |= {raw["id"]: raw["name"] or "" for raw in netbox.get_all(DEVICES, params)}
    return wanted


def _rows(netbox: NetBox, wanted: dict[int, str] | None) -> Iterator[dict[str, Any]]:
    """The rows of these devices, those that lost them included; or all."""
    fields = {"fields": ",".join(BRIEF_FIELDS)}
    if wanted is None:
        asked: list[dict[str, Any]] = [fields]
    else:
        asked = [{**fields, "device_id": list(part)} for part in chunks(sorted(wanted), DEVICES_PER_READ)]
        names = sorted({name for name in wanted.values() if name})
        asked += [{**fields, "device_id": None, "device_descriptor": part} for part in _by_length(names)]
    for params in asked:
        for page in netbox.pages(PROBES, params):
            yield from page


def _by_length(names: Iterable[str]) -> Iterator[list[str]]:
    """Names in groups that fit into the address of one request."""
    group: list[str] = []
    length = 0
    for name in names:
        size = len(quote(name)) + len("&device_descriptor=")
        if group and length + size > _NAMES_IN_ADDRESS:
            yield group
            group, length = [], 0
        group.append(name)
        length += size
    if group:
        yield group


def _matches(netbox: NetBox, names: Sequence[str]) -> dict[str, int]:
    """Name -> id, for the names that exactly one device has."""
    found: dict[str, set[int]] = defaultdict(set)
    for part in _by_length(names):
        for raw in netbox.get_all(DEVICES, {"name": part, "exclude": "config_context", "fields": "id,name"}):
            found[str(raw["name"])].add(raw["id"])
    return {name: min(found[name]) for name in names if len(found.get(name, ())) == 1}


def _noted(netbox: NetBox) -> frozenset[int]:
    """The probes with journal entries. NetBox deletes these with the row, so such a row is never deleted."""
    params = {"assigned_object_type": _PROBE_TYPE, "fields": "id,assigned_object_type,assigned_object_id"}
    return frozenset(
        entry["assigned_object_id"]
        for page in netbox.pages(JOURNAL, params)
        for entry in page
        if entry["assigned_object_type"] == _PROBE_TYPE
    )


def _elsewhere(netbox: NetBox, serials: dict[str, list[Brief]]) -> dict[str, list[tuple[DeviceKey, Any]]]:
    """Where else parts with a history were seen: rows before and after that are not joined over it."""
    several = [serial for serial, briefs in serials.items() if len(briefs) > 1]
    sightings, warning = read_elsewhere(netbox, several) if several else ({}, None)
    if warning:
        raise NetBoxError(warning)
    return {
        serial: [(one.device_id or one.device, one.since or one.time) for one in found]
        for serial, found in sightings.items()
    }


def read_whole(netbox: NetBox, ids: Iterable[int], fields: str | None = None) -> dict[int, dict[str, Any]]:
    """Rows by id, with all fields; those that do not exist any more are absent."""
    found: dict[int, dict[str, Any]] = {}
    for part in chunks(sorted(ids), IDS_PER_READ):
        params: dict[str, Any] = {"id": list(part)}
        if fields:
            params["fields"] = fields
        found |= {int(reference(raw["id"])): raw for raw in netbox.get_all(PROBES, params)}
    return found

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that come without their NetBox id or site: looked up by id or by name, 50 in a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._common.pieces import chunks
from .._parts.device_report import DeviceReport
from .client import NetBox
from .errors import NetBoxError
from .latest import DEVICES_PER_READ

DEVICES = "dcim/devices/"
_FIELDS = "id,name,site,location"


def with_ids(netbox: NetBox, devices: Iterable[DeviceReport]) -> tuple[list[DeviceReport], dict[str, str]]:
    """The devices with id, name, site and location of NetBox; and host -> why a device was not found."""
    devices = list(devices)
    by_id = {device.device_id for device in devices if device.device_id and not device.site_id}
    by_name = {_name(device) for device in devices if not device.device_id}
    try:
        found = [*_read(netbox, "id", by_id), *_read(netbox, "name", by_name)]
    except NetBoxError as error:
        return devices, {device.name: str(error) for device in devices if not _is_whole(device)}
    ids = {raw["id"]: raw for raw in found}
    names: dict[str, dict[int, Any]] = defaultdict(dict)
    for raw in found:
        names[str(raw["name"]).casefold()][raw["id"]] = raw
    completed, failed = [], {}
    for device in devices:
        found_device, why = _completed(device, ids, names)
        completed.append(found_device)
        if why:
            failed[device.name] = why
    return completed, failed


def read_names(netbox: NetBox, device_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What NetBox calls these devices: id -> name, and virtual_chassis (id, or None). Raises NetBoxError.

    A device that NetBox does not have is left out; one without a name goes by what NetBox shows for it.
    """
    found = {}
    for part in chunks(sorted(device_ids), DEVICES_PER_READ):
        fields = "id,name,display,virtual_chassis"
        for raw in netbox.get_all(DEVICES, {"id": list(part), "exclude": "config_context", "fields": fields}):
            chassis = raw.get("virtual_chassis") or {}
            found[raw["id"]] = {
                "name": str(raw.get("name") or raw.get("display") or ""),
                "virtual_chassis": chassis.get("id"),
            }
    return found


def _is_whole(device: DeviceReport) -> bool:
    return bool(device.device_id and device.site_id)


def _name(device: DeviceReport) -> str:
    return device.device_name or device.name


def _read(netbox: NetBox, key: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for part in chunks(sorted(values), DEVICES_PER_READ):
        rows += netbox.get_all(DEVICES, {key: list(part), "exclude": "config_context", "fields": _FIELDS})
    return rows


def _completed(
    device: DeviceReport, ids: Mapping[int, Mapping[str, Any]], names: Mapping[str, Mapping[int, Any]]
) -> tuple[DeviceReport, str | None]:
    """The device with its id, site and location; else as it is, and why: NetBox has no such device, or several."""
    device_id = device.device_id
    if _is_whole(device):
        return device, None
    if not device_id:
        alike = names.get(_name(device).casefold(), {})
        exact = [key for key, raw in alike.items() if raw["name"] == _name(device)]
        candidates = exact or list(alike)
        if len(candidates) != 1:
            number = len(candidates) or "no"
            devices = "devices" if candidates else "device"
            return device, f'NetBox has {number} {devices} named "{_name(device)}"; give its device_id'
        device_id = candidates[0]
    raw = ids.get(device_id)
    if raw is None:
        return device, f"NetBox has no device with the id {device_id}"
    site, location = raw.get("site") or {}, raw.get("location") or {}
    completed = replace(
        device,
        device_id=device_id,
        device_name=raw.get("name") or device.device_name,
        site_id=site.get("id"),
        site_name=site.get("name"),
        location_id=location.get("id"),
        location_name=location.get("name"),
    )
    return completed, None

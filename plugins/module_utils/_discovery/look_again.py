# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at NetBox again before a plan is applied: what changed since it was read is left for the next run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .._common.pieces import chunks
from .._netbox.client import NetBox
from .apply_data import Applied
from .plan_data import Change, NewDevice, Plan
from .read import ADDRESS_FIELDS, ADDRESSES, address_of, read_devices
from .snapshot import Address, Device

_PER_READ = 50
_AGAIN = "NetBox changed since the plan was made: run again"


def addresses_now(netbox: NetBox, ips: Iterable[str]) -> list[Address]:
    """The records of these addresses, of all VRFs. Raises NetBoxError."""
    found: list[Address] = []
    for part in chunks(sorted(set(ips)), _PER_READ):
        found += [
            address_of(row) for row in netbox.get_all(ADDRESSES, {"address": list(part), "fields": ADDRESS_FIELDS})
        ]
    return found


def devices_now(netbox: NetBox, devices: Iterable[NewDevice]) -> list[Device]:
    """The devices with these names or serial numbers. Raises NetBoxError."""
    found: dict[int, Device] = {}
    some = list(devices)
    for key, values in (("name", {one.name for one in some}), ("serial", {one.serial for one in some} - {""})):
        for part in chunks(sorted(values), _PER_READ):
            found.update((one.id, one) for one in read_devices(netbox, {key: list(part)}))
    return list(found.values())


def still_true(netbox: NetBox, plan: Plan, applied: Applied) -> Plan:
    """The plan without what does not fit NetBox any more, which is noted as not written. Raises NetBoxError."""
    ips = [*(one.ip for one in plan.addresses), *(one.ip for one in plan.changes)]
    records = addresses_now(netbox, [*ips, *(one.ip for one in plan.devices if one.address_id is not None)])
    there = {(one.vrf_id, one.ip) for one in records}
    by_id = {one.id: one for one in records}
    devices = devices_now(netbox, [one for one in plan.devices if one.device_id is None])
    addresses = [one for one in plan.addresses if _fits(applied, "address", one.ip, one.key not in there)]
    kept = {one.key for one in addresses}
    return replace(
        plan,
        addresses=tuple(addresses),
        changes=tuple(
            one for one in plan.changes if _fits(applied, "address", one.ip, _is_as_read(one, by_id.get(one.id)))
        ),
        devices=tuple(
            one for one in plan.devices if _fits(applied, "device", one.name, _may_be_made(one, by_id, kept, devices))
        ),
    )


def _fits(applied: Applied, kind: str, name: str, fits: bool) -> bool:
    if not fits:
        applied.fail(kind, name, _AGAIN)
    return fits


def _is_as_read(change: Change, record: Address | None) -> bool:
    """Whether the values that are to be changed are those that were read."""
    if record is None:
        return False
    now = {"status": record.status, "dns_name": record.dns_name}
    return all(now[key] == value for key, value in change.before.items())


def _may_be_made(
    device: NewDevice, records: dict[int, Address], new: set[tuple[int | None, str]], devices: Iterable[Device]
) -> bool:
    """Whether no device has its name or serial number, and its address is free."""
    if device.device_id is None and any(_is_twin(one, device) for one in devices):
        return False
    if device.address_id is None:
        return (device.vrf_id, device.ip) in new
    record = records.get(device.address_id)
    return record is not None and (device.is_assigned or not record.owner_kind)


def _is_twin(one: Device, device: NewDevice) -> bool:
    same_name = one.site_id == device.site_id and one.name.casefold() == device.name.casefold()
    return same_name or bool(device.serial and one.serial.casefold() == device.serial.casefold())

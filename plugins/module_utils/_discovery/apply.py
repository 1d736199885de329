# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a plan to NetBox, in an order in which each step needs only those before it.

Addresses, devices, interfaces, what is changed of addresses, primary addresses, and last the journal. A run that is
stopped on the way (a permission is missing, NetBox is gone) reports what was written; the next one finds it, by the tag
and the missing entry in the journal, and continues. Nothing is written twice: see _netbox/bulk_writer.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._netbox.client import NetBox
from .apply_data import Applied
from .background import INTERFACES, TAGS, Background
from .journal import ADDRESS_TYPE, DEVICE_TYPE, JOURNAL, Entry
from .look_again import addresses_now, devices_now, still_true
from .objects import Objects
from .plan_data import Change, NewAddress, NewDevice, Plan
from .read import ADDRESSES, DEVICES


def apply_plan(
    netbox: NetBox, plan: Plan, tag: str, background: Background, chunk_size: int = 100, pause: float = 1.0
) -> Applied:
    """Look again, then write. Raises NetBoxError if nothing was written because NetBox could not be read."""
    applied = Applied()
    if plan.is_empty or plan.held:
        return applied
    plan = still_true(netbox, plan, applied)
    writer = _Writer(netbox, plan, tag, background.more_tags, Objects(netbox, applied, chunk_size, pause))
    writer.tag_id = background.tag_id if background.tag_id is not None else writer.make_tag()
    if writer.tag_id is not None:
        writer.write()
    return applied


class _Writer:
    """One plan."""

    def __init__(self, netbox: NetBox, plan: Plan, tag: str, device_tags: Sequence[int], objects: Objects) -> None:
        self._netbox, self._plan, self._tag, self._applied = netbox, plan, tag, objects.applied
        self._device_tags, self._objects = device_tags, objects
        self.tag_id: int | None = None
        self._addresses: dict[tuple[int | None, str], int] = {}  #: new ones -> id
        self._devices: dict[NewDevice, int] = {}  #: id of each that is there
        self._entries: list[tuple[str, Entry]] = [(f"{one.type} {one.id}", one) for one in plan.entries]

    def make_tag(self) -> int | None:
        """The id of our tag; None: it could not be made, so nothing is written."""

        def find(_items: Sequence[str], _ids: set[int]) -> Mapping[int, int | None]:
            rows = self._netbox.get_all(TAGS, {"slug": self._tag, "fields": "id,slug"})
            return {0: rows[0]["id"]} if rows else {}

        made = self._objects.create(
            "tag", TAGS, [self._tag], lambda tag: {"name": tag, "slug": tag}, find, lambda tag: tag
        )
        if not made:
            self._fail_rest(f"the tag {self._tag} could not be made")
        return next(iter(made.values()), None)

    def _fail_rest(self, reason: str) -> None:
        for address in self._plan.addresses:
            self._applied.fail("address", address.ip, reason)
        for device in self._plan.devices:
            self._applied.fail("device", device.name, reason)
        for change in self._plan.changes:
            self._applied.fail("address", change.ip, reason)

    def write(self) -> None:
        """All of the plan, once the tag is there."""
        self._make_addresses()
        ports = self._make_ports(self._make_devices())
        assigned = self._change(ports)
        self._set_primary(ports, assigned)
        self._write_journal()

    def _make_addresses(self) -> None:
        def find(items: Sequence[NewAddress], _ids: set[int]) -> Mapping[int, int | None]:
            there = {
                (one.vrf_id, one.ip): one.id
                for one in addresses_now(self._netbox, (item.ip for item in items))
                if self._tag in one.tags
            }
            return {number: there[item.key] for number, item in enumerate(items) if item.key in there}

        made = self._objects.create("address", ADDRESSES, self._plan.addresses, self._tagged, find, lambda one: one.ip)
        for address, number in made.items():
            self._addresses[address.key] = number
            self._note(address.ip, ADDRESS_TYPE, number, address.comments)

    def _make_devices(self) -> list[NewDevice]:
        """The devices that are there now, and of which the address is."""
        ready = []
        for device in self._plan.devices:
            if self._address_of(device) is None:
                self._applied.fail("device", device.name, f"its address {device.ip} was not written")
            else:
                ready.append(device)

        def find(items: Sequence[NewDevice], _ids: set[int]) -> Mapping[int, int | None]:
            there = {
                (one.site_id, one.name.casefold()): one.id
                for one in devices_now(self._netbox, items)
                if self._tag in one.tags
            }
            keys = [(item.site_id, item.name.casefold()) for item in items]
            return {number: there[key] for number, key in enumerate(keys) if key in there}

        new = [one for one in ready if one.device_id is None]
        self._devices = {one: one.device_id for one in ready if one.device_id is not None}
        self._devices |= self._objects.create("device", DEVICES, new, self._tagged, find, lambda one: one.name)
        return [one for one in ready if one in self._devices]

    def _make_ports(self, devices: Sequence[NewDevice]) -> dict[NewDevice, int | None]:
        """The interface of each device; None where it is not needed, because the address is assigned."""
        ports: dict[NewDevice, int | None] = {
            one: one.interface_id for one in devices if one.interface_id is not None or one.is_assigned
        }

        def row(device: NewDevice) -> dict[str, Any]:
            return {"device": self._devices[device], "name": device.interface, "type": "other", **self._tags()}

        def find(items: Sequence[NewDevice], _ids: set[int]) -> Mapping[int, int | None]:
            ids = [self._devices[item] for item in items]
            rows = self._netbox.get_all(INTERFACES, {"device_id": ids, "fields": "id,name,device"})
            there = {(one["device"]["id"], one["name"]): one["id"] for one in rows}
            keys = [(self._devices[item], item.interface) for item in items]
            return {number: there[key] for number, key in enumerate(keys) if key in there}

        new = [one for one in devices if one not in ports]
        made = self._objects.create("interface", INTERFACES, new, row, find, lambda one: f"{one.name} {one.interface}")
        return {**ports, **made}

    def _change(self, ports: Mapping[NewDevice, int | None]) -> set[int]:
        """New values of addresses, and the interfaces that they belong to; the ids of those that were written."""
        rows: dict[int, dict[str, Any]] = {one.id: {"id": one.id, **one.after} for one in self._plan.changes}
        names = {one.id: one.ip for one in self._plan.changes}
        assigned: set[int] = set()
        for device, port in ports.items():
            number = self._address_of(device)
            if number is None or device.is_assigned or port is None:
                continue
            rows.setdefault(number, {"id": number}).update(
                assigned_object_type="dcim.interface", assigned_object_id=port
            )
            names[number] = device.ip
            assigned.add(number)
        done = self._objects.update("address", ADDRESSES, list(rows.values()), names)
        by_id: dict[int, Change] = {one.id: one for one in self._plan.changes}
        for number in done & by_id.keys():
            self._note(by_id[number].ip, ADDRESS_TYPE, number, by_id[number].comments)
        return done & assigned

    def _set_primary(self, ports: Mapping[NewDevice, int | None], assigned: set[int]) -> None:
        ready = [one for one in ports if one.is_assigned or self._address_of(one) in assigned]
        rows = [
            {"id": self._devices[one], one.primary_key: self._address_of(one)} for one in ready if not one.is_primary
        ]
        names = {self._devices[one]: one.name for one in ready}
        done = self._objects.update("device", DEVICES, rows, names)
        for device in ready:
            if device.is_primary or self._devices[device] in done:
                self._note(device.name, DEVICE_TYPE, self._devices[device], device.comments)

    def _write_journal(self) -> None:
        def row(item: tuple[str, Entry]) -> dict[str, Any]:
            entry = item[1]
            return {
                "assigned_object_type": entry.type,
                "assigned_object_id": entry.id,
                "kind": "info",
                "comments": entry.comments,
                **self._tags(),
            }

        def find(items: Sequence[tuple[str, Entry]], _ids: set[int]) -> Mapping[int, int | None]:
            rows = self._netbox.get_all(JOURNAL, {"tag": self._tag})
            there = {
                (one["assigned_object_type"], one["assigned_object_id"], one["comments"]): one["id"] for one in rows
            }
            keys = [(one.type, one.id, one.comments) for _name, one in items]
            return {number: there[key] for number, key in enumerate(keys) if key in there}

        self._objects.create("journal entry", JOURNAL, self._entries, row, find, lambda item: item[0])

    def _address_of(self, device: NewDevice) -> int | None:
        found = self._addresses.get((device.vrf_id, device.ip))
        return device.address_id if device.address_id is not None else found

    def _note(self, name: str, kind: str, number: int, comments: str) -> None:
        self._entries.append((name, Entry(kind, number, comments)))

    def _tags(self) -> dict[str, Any]:
        return {"tags": [self.tag_id]}

    def _tagged(self, item: NewAddress | NewDevice) -> dict[str, Any]:
        more = self._device_tags if isinstance(item, NewDevice) else ()
        return {**item.values, "tags": [self.tag_id, *more]}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which NetBox device each record belongs to: the device that was asked, or the stack member that holds the part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..._common.typed_json import to_json
from ..._netbox.rows import (
    EVERYTHING_REPORTED,
    LIMITS,
    PLATFORM,
    SNMP,
    SYSNAME,
    UNREPORTED,
    BadRecord,
    Place,
    Wanted,
    from_record,
    stored,
)
from ..._outgoing.text import printable
from ..._parts.device_report import ChassisMember, DeviceReport
from ..._parts.record import Record
from ..reading import broken_tables, is_complete
from .device_plan import SkippedRecord

#: The SNMP version that a chassis' row remembers, as snmp_entity_facts calls it.
V3 = "3"


@dataclass(frozen=True)
class Target:
    """One NetBox device with all that the run knows about it."""

    place: Place
    host: str  #: name of the host that reports for this device
    seen_at: str | None = None  #: when the device was read (ISO 8601), if not in this run
    covered: bool = False  #: True: a serial that is not in `wanted` was not in the device
    wanted: Mapping[str, Wanted] = field(default_factory=dict)  #: serial -> the row that it should be

    @property
    def name(self) -> str:
        """The name in NetBox, or that of the host where it is not known."""
        return self.place.device_name or self.host


@dataclass(frozen=True)
class Assignment:
    """Which records belong to which NetBox device."""

    targets: Mapping[int, Target]  #: NetBox device id -> target, in the order in which they were met
    skipped: Mapping[str, tuple[SkippedRecord, ...]]  #: host -> records that cannot be written
    notes: Mapping[str, tuple[str, ...]]  #: host -> sentences for a person


def assign(devices: Iterable[DeviceReport]) -> Assignment:
    """File every record of every device that answered under its NetBox device. One without a device_id has none."""
    devices = sorted((one for one in devices if one.device_id is not None), key=lambda device: device.name)
    files = _Files()
    asked = {device.device_id for device in devices}
    for device in devices:
        files.open(own_place(device), device, covered=is_complete(device))
    for device in devices:
        members = _member_places(device)
        if is_complete(device) and device.members:
            # A stack that answered completely reports for all its members, but for those that were asked themselves.
            for place in _all_places(device, members.values()):
                if place.device_id not in asked:
                    files.open(place, device, covered=True)
        for unusable in device.unusable:
            files.skip(device.name, unusable.name, unusable.reason)
        filed: set[tuple[int, str]] = set()
        for record in _in_order(device.records):
            files.add(device, record, members, filed)
    return files.assignment()


def _in_order(records: Sequence[Record]) -> list[Record]:
    """The same order whatever the order that the records came in: of two with one serial the same one wins."""
    if len({record.serial.strip() for record in records}) == len(records):
        return sorted(records, key=lambda record: record.serial)
    return sorted(records, key=lambda record: json.dumps(to_json(record), sort_keys=True))


class _Files:
    """An assignment while it is made."""

    def __init__(self) -> None:
        self._targets: dict[int, Target] = {}
        self._wanted: dict[int, dict[str, Wanted]] = {}
        self._skipped: dict[str, list[SkippedRecord]] = {}
        self._notes: dict[str, dict[str, None]] = {}

    def assignment(self) -> Assignment:
        """What was filed."""
        return Assignment(
            {key: replace(target, wanted=self._wanted[key]) for key, target in self._targets.items()},
            {host: tuple(skipped) for host, skipped in self._skipped.items()},
            {host: tuple(notes) for host, notes in self._notes.items()},
        )

    def open(self, place: Place, device: DeviceReport, covered: bool = False) -> dict[str, Wanted]:
        """What is filed under that place: under the target that is there, or a new one of this device."""
        key = place.device_id
        if key not in self._targets:
            self._targets[key] = Target(place, device.name, device.seen_at)
            self._wanted[key] = {}
        if covered and not self._targets[key].covered:
            self._targets[key] = replace(self._targets[key], covered=True)
        return self._wanted[key]

    def add(
        self, device: DeviceReport, record: Record, members: Mapping[int, Place], filed: set[tuple[int, str]]
    ) -> None:
        """File one record under its target, or say why it cannot be.

        filed: the parts of this device that were filed already, by NetBox device and serial.
        """
        place = self._place(device, record, members)
        try:
            wanted = from_record(record, place, **_doubts(device, record))
        except BadRecord as error:
            self.skip(device.name, record.serial or record.name or "?", str(error))
            return
        there, key = self.open(place, device), (place.device_id, wanted.serial)
        if key in filed:
            text = "two records have this serial; run merge_by_serial before the upload"
            self.skip(device.name, wanted.serial, text)
        filed.add(key)
        if wanted.serial in there:
            return  # reported already: by the record before, or at another address of the same stack
        there[wanted.serial] = _with_names(wanted, device)
        for note in wanted.notes:
            self._note(device.name, note)

    def skip(self, host: str, serial: str, reason: str) -> None:
        """A record of the host is not written."""
        self._skipped.setdefault(host, []).append(SkippedRecord(printable(serial[:60]), reason))

    def _place(self, device: DeviceReport, record: Record, members: Mapping[int, Place]) -> Place:
        """The place of the member that the record names, or of the device that was asked."""
        number = record.member
        place = members.get(number) if number is not None else None
        if number is not None and place is None and device.virtual_chassis:
            text = f"NetBox's virtual chassis has no member {number}: its parts are filed under the device that was"
            self._note(device.name, f"{text} asked")
        return place or own_place(device)

    def _note(self, host: str, text: str) -> None:
        self._notes.setdefault(host, {})[text] = None


def own_place(device: DeviceReport) -> Place:
    """The place of the device that was asked."""
    if device.device_id is None:
        raise ValueError(f"{device.name} is no device of NetBox")
    where = (device.site_id, device.site_name, device.location_id, device.location_name)
    return Place(device.device_id, device.device_name, *where)


def _all_places(device: DeviceReport, places: Iterable[Place]) -> Iterable[Place]:
    """The places of all members of a stack, each once."""
    known = {place.device_id: place for _member, place in _known_members(device)}
    return {**known, **{place.device_id: place for place in places}}.values()


def _with_names(wanted: Wanted, device: DeviceReport) -> Wanted:
    """The chassis' row remembers what the device calls itself, what it is, and that it knows SNMPv3: see guard.py."""
    if wanted.content["category"] != "chassis":
        return wanted
    reported = {
        SYSNAME: stored(device.system and device.system.name),
        PLATFORM: stored(device.platform),
        SNMP: V3 if device.attempt and device.attempt.version == V3 else None,
        UNREPORTED: stored(_unreported(device)),
    }
    names = {key: value[: LIMITS["name"]] for key, value in reported.items() if value}
    return replace(wanted, mark={**wanted.mark, **names})


def _unreported(device: DeviceReport) -> str | None:
    """The kinds of parts that the device cannot report; None if not known, as when it was read incompletely."""
    if device.coverage is None or not is_complete(device):
        return None
    kinds = sorted({sentence.partition(":")[0] for sentence in device.coverage})
    return "; ".join(kinds) or EVERYTHING_REPORTED


def _doubts(device: DeviceReport, record: Record) -> dict[str, bool]:
    """What a table that broke off means for one record: see Wanted."""
    broken = set(broken_tables(device))
    sources = {record.source, *(row.source for row in record.merged_from)}
    # Tables that a platform needs complete each other: where one broke off, the others describe a part in another way.
    needed = any(device.tables[name].required for name in broken) if device.tables else False
    nobody_knows = not is_complete(device) and not broken
    return {"gaps": bool(broken) or nobody_knows, "partial": needed or bool(sources & broken) or nobody_knows}


def _member_places(device: DeviceReport) -> dict[int, Place]:
    """Member number -> NetBox device of the virtual chassis: by the member's serial, else by its position.

    A position is not believed where NetBox's device has the serial of another member of the stack (renumbered).
    """
    known = _known_members(device)
    by_serial = {member.serial.strip(): place for member, place in known if member.serial}
    serials = {member.number: member.serial.strip() for member in device.members}
    numbers = serials.keys() | {record.member for record in device.records if record.member is not None}
    places = {}
    for number in sorted(numbers):
        place = by_serial.get(serials.get(number, ""))
        if place is None:
            others = set(serials.values()) - {""}
            free = [p for m, p in known if m.position == number and (m.serial or "") not in others]
            place = free[0] if free else None
        if place is not None:
            places[number] = place
    return places


def _known_members(device: DeviceReport) -> list[tuple[ChassisMember, Place]]:
    """The members of NetBox's virtual chassis, each with its place."""
    chassis = device.virtual_chassis
    return [(member, _member_place(device, member)) for member in chassis.members] if chassis else []


def _member_place(device: DeviceReport, member: ChassisMember) -> Place:
    """The place of a member; a member without a site is where the device that was asked is."""
    site, location = member.site, member.location
    if site is None or site.id is None:
        return replace(own_place(device), device_id=member.id, device_name=member.name)
    return Place(
        device_id=member.id,
        device_name=member.name,
        site_id=site.id,
        site_name=site.name,
        location_id=location.id if location else None,
        location_name=location.name if location else None,
    )

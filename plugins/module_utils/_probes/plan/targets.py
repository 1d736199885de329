# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which NetBox device each record belongs to: the device that was asked, or the stack member that holds the part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

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
from ..reading import broken_tables, is_complete

#: The SNMP version that a chassis' row remembers, as snmp_entity_facts calls it.
V3 = "3"


@dataclass
class Target:
    """One NetBox device with all that the run knows about it."""

    place: Place
    host: str  #: name of the host whose outcome tells about this device
    seen_at: str | None = None  #: when the device was read (ISO 8601), if not in this run
    covered: bool = False  #: True: a serial that is not in `wanted` was not in the device
    wanted: dict[str, Wanted] = field(default_factory=dict)  #: serial -> the row that it should be


@dataclass
class Assignment:
    """All targets of a batch, and what was said on the way."""

    targets: dict[int, Target] = field(default_factory=dict)  #: NetBox device id -> target
    skipped: dict[str, list[dict[str, str]]] = field(default_factory=dict)  #: host -> bad records with the reason
    notes: dict[str, list[str]] = field(default_factory=dict)  #: host -> sentences for a person


def snmp_attempt(device: Mapping[str, Any]) -> Mapping[str, Any]:
    """The SNMP attempt that was answered, with its `number` and `version`; empty if that is unknown."""
    attempt = device.get("attempt")
    return attempt if isinstance(attempt, Mapping) else {}


def assign(devices: Iterable[Mapping[str, Any]]) -> Assignment:
    """File every record of every device that answered under its NetBox device.

    Devices are plain dicts as the netbox_probe module documents them, with their device_id known.
    """
    known = [device for device in devices if device.get("device_id") is not None]
    devices = sorted(known, key=lambda device: str(device["name"]))
    assignment = Assignment()
    asked = {device["device_id"] for device in devices}
    for device in devices:
        _add_own_target(assignment, device)
    for device in devices:
        members = _member_places(device)
        if is_complete(device) and device.get("members"):
            _cover_members(assignment, device, members.values(), asked)
        told: set[tuple[int, str]] = set()
        for record in sorted(device.get("records") or [], key=_order):
            _file(assignment, device, record, members, told)
    return assignment


def _order(record: Any) -> str:
    """The same order whatever the order that the records came in: of two with one serial the same one wins."""
    return json.dumps(record, sort_keys=True, default=str)


def _target(assignment: Assignment, place: Place, device: Mapping[str, Any]) -> Target:
    """The target of that place: the one that is there, or a new one for which this device speaks."""
    return assignment.targets.setdefault(place.device_id, Target(place, device["name"], device.get("seen_at")))


def _add_own_target(assignment: Assignment, device: Mapping[str, Any]) -> None:
    target = _target(assignment, own_place(device), device)
    target.covered = target.covered or is_complete(device)


def own_place(device: Mapping[str, Any]) -> Place:
    """The place of the device that was asked."""
    keys = ("device_name", "site_id", "site_name", "location_id", "location_name")
    return Place(device["device_id"], **{key: device.get(key) for key in keys})


def _cover_members(assignment: Assignment, device: Mapping[str, Any], places: Iterable[Place], asked: set[int]) -> None:
    """A stack that answered completely speaks for all its members, except for those that were asked themselves."""
    chassis = device.get("virtual_chassis") or {}
    others = {place.device_id: place for place in _chassis_places(device, chassis)}
    others.update({place.device_id: place for place in places})
    for device_id, place in others.items():
        if device_id not in asked:
            target = _target(assignment, place, device)
            target.covered = True


def _file(
    assignment: Assignment,
    device: Mapping[str, Any],
    record: Any,
    members: Mapping[int, Place],
    told: set[tuple[int, str]],
) -> None:
    """Put one record under its target, or say why it cannot be."""
    host = device["name"]
    if not isinstance(record, Mapping):
        _skip(assignment, host, "?", f"it is a {type(record).__name__}, not a record of merge_by_serial")
        return
    number = record.get("member")
    place = members.get(number) if number is not None else None
    if number is not None and place is None and device.get("virtual_chassis"):
        text = f"NetBox's virtual chassis has no member {number}: its parts are filed under the device that was asked"
        _note(assignment, host, text)
    place = place or own_place(device)
    try:
        wanted = from_record(record, place, **_doubts(device, record))
    except BadRecord as error:
        _skip(assignment, host, str(record.get("serial") or record.get("name") or "?"), str(error))
        return
    target = _target(assignment, place, device)
    key = (place.device_id, wanted.serial)
    if key in told:
        _skip(assignment, host, wanted.serial, "two records have this serial; run merge_by_serial before the upload")
    told.add(key)
    if wanted.serial in target.wanted:
        return  # told already: by the record before, or by another address of the same stack
    target.wanted[wanted.serial] = _with_names(wanted, device)
    for note in wanted.notes:
        _note(assignment, host, note)


def _with_names(wanted: Wanted, device: Mapping[str, Any]) -> Wanted:
    """The chassis' row remembers what the device calls itself, what it is, and that it knows SNMPv3: see guard.py."""
    if wanted.content["category"] != "chassis":
        return wanted
    told = {
        SYSNAME: stored((device.get("system") or {}).get("name")),
        PLATFORM: stored(device.get("platform")),
        SNMP: V3 if snmp_attempt(device).get("version") == V3 else None,
        UNREPORTED: stored(_unreported(device)),
    }
    names = {key: value[: LIMITS["name"]] for key, value in told.items() if value}
    return replace(wanted, mark={**wanted.mark, **names})


def _unreported(device: Mapping[str, Any]) -> str | None:
    """The kinds of what the device cannot report; None where that is not known, as of one that was read in part."""
    if "coverage" not in device or not is_complete(device):
        return None
    kinds = sorted({str(sentence).partition(":")[0] for sentence in device["coverage"] or ()})
    return "; ".join(kinds) or EVERYTHING_REPORTED


def _doubts(device: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, bool]:
    """What a table that broke off means for one record: see Wanted."""
    broken = set(broken_tables(device))
    sources = {row.get("source") for row in (record, *(record.get("merged_from") or []))}
    # Tables that a platform needs complete each other: where one broke off, the others tell a part in another way.
    needed = any((device.get("tables") or {})[name].get("required", True) for name in broken)
    nobody_knows = not is_complete(device) and not broken
    return {"gaps": bool(broken) or nobody_knows, "partial": needed or bool(sources & broken) or nobody_knows}


def _note(assignment: Assignment, host: str, text: str) -> None:
    notes = assignment.notes.setdefault(host, [])
    if text not in notes:
        notes.append(text)


def _skip(assignment: Assignment, host: str, serial: str, reason: str) -> None:
    assignment.skipped.setdefault(host, []).append({"serial": printable(serial[:60]), "reason": reason})


def _member_places(device: Mapping[str, Any]) -> dict[int, Place]:
    """Member number -> NetBox device of the virtual chassis: by the member's serial, else by its position.

    A position is not believed where NetBox's device has the serial of another member of the stack (renumbered).
    """
    chassis = device.get("virtual_chassis") or {}
    known = [(member, _member_place(device, member)) for member in chassis.get("members") or []]
    by_serial = {str(member["serial"]).strip(): place for member, place in known if member.get("serial")}
    serials = {_number(member): str(member.get("serial") or "").strip() for member in device.get("members") or []}
    numbers = set(serials) | {record.get("member") for record in device.get("records") or [] if _has_member(record)}
    places = {}
    for number in sorted(number for number in numbers if isinstance(number, int)):
        place = by_serial.get(serials.get(number, ""))
        if place is None:
            others = set(serials.values()) - {""}
            free = [p for m, p in known if m.get("position") == number and str(m.get("serial") or "") not in others]
            place = free[0] if free else None
        if place is not None:
            places[number] = place
    return places


def _has_member(record: Any) -> bool:
    return isinstance(record, Mapping) and record.get("member") is not None


def _number(member: Mapping[str, Any]) -> int | None:
    return member.get("number")


def _chassis_places(device: Mapping[str, Any], chassis: Mapping[str, Any]) -> list[Place]:
    return [_member_place(device, member) for member in chassis.get("members") or []]


def _member_place(device: Mapping[str, Any], member: Mapping[str, Any]) -> Place:
    """The place of a member; a member without a site stands where the device that was asked stands."""
    site, location = member.get("site") or {}, member.get("location") or {}
    if site.get("id") is None:
        own = own_place(device)
        return replace(own, device_id=member["id"], device_name=member.get("name"))
    return Place(
        device_id=member["id"],
        device_name=member.get("name"),
        site_id=site["id"],
        site_name=site.get("name"),
        location_id=location.get("id"),
        location_name=location.get("name"),
    )

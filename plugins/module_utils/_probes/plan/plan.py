# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to write for a batch of devices. Pure: from what was collected and what NetBox holds to steps as plain data.

A step is a dict: {"action": "create" | "update" | "delete", "fate", "host", "device_id", "serial", "slot", "data" (what
is sent), "id" (not of creates)} and its evidence: "changes" (field -> [old, new]), "was" (the slot before), "from"
(device, device_id, slot, time; where a moved part was), "also_on" (other devices that show a created serial), "with"
(the serial that a part was swapped with), "missing" (how often and since when a part was not seen that is back).
"found" is what NetBox had when the step was planned, see plan_file/check.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ..._netbox import rows
from ..._netbox.rows import UNREPORTED, Row, Sighting
from ..._outgoing.text import printable
from ..._parts.device_report import DeviceReport
from ..missing import read_missing
from ..policy import Policy
from ..reading import (
    BROKEN_WITH,
    COMPLETE,
    INCOMPLETE,
    NOT_ASKED,
    NOTHING,
    UPLOADED,
    broken_tables,
    is_complete,
    reading_of,
    was_uploaded,
)
from . import guard
from .batch import Batch
from .brake import ACCEPT, Altered, Hold, brake, to_type
from .fates import DevicePlanner, Fates
from .swaps import name_swaps
from .targets import Assignment, assign

#: So many tables of a device that broke off are named with what happened.
_TABLES = 2

#: The reason of a device that was read, but of which NetBox's rows could not be.
NETBOX = "netbox"


@dataclass
class DevicePlan:
    """What to do for one host, and what there is to say about it."""

    name: str  #: inventory hostname
    title: str  #: name in NetBox
    site: str | None = None
    #: the devices of NetBox that the host speaks for, {"device_id", "device"}: the one that was asked, then others
    places: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0  #: parts that NetBox knew and that were found again in the same state
    not_seen: list[dict[str, Any]] = field(default_factory=list)  #: the device answered completely without these
    gone: list[dict[str, Any]] = field(default_factory=list)  #: those of which that happened once too often
    gone_before: int = 0  #: parts that are gone since an earlier run
    still_gone: list[dict[str, Any]] = field(default_factory=list)  #: of those, the ones that nothing has replaced
    known: int = 0  #: parts that NetBox knew before
    last_written: str | None = None  #: when any row of it was last seen before this run; None: never, or unknown
    unknown: int = 0  #: parts in NetBox of which nothing is concluded: the device or a table was not read to its end
    skipped: list[dict[str, str]] = field(default_factory=list)  #: records that cannot be written, with the reason
    notes: list[str] = field(default_factory=list)
    error: str | None = None  #: why nothing is planned: not collected, or not readable in NetBox
    reason: str | None = None  #: one word for the error, for grouping
    seen_at: str | None = None  #: when it was read, if not in this run
    uploaded: str | None = None  #: when that was read which an earlier upload wrote whole; nothing is planned for it
    kept: bool = False  #: what was collected is in a file, for a later upload
    reading: str = COMPLETE  #: how it was read, see reading.py
    object_id: str | None = None  #: its sysObjectID, of a device of which nothing is known
    complete: bool = True
    incomplete: str | None = None  #: why it is not complete although it told something
    tables: list[str] = field(default_factory=list)  #: names of the tables that were not read completely
    coverage: list[str] = field(default_factory=list)  #: what the device cannot tell over SNMP
    rejected: list[str] = field(default_factory=list)  #: why texts in serial columns were none, a word for each row
    altered: Altered = field(default_factory=Altered)  #: for the brake
    held: Hold | None = None  #: why nothing of it is written until a person has looked
    withheld: list[dict[str, Any]] = field(default_factory=list)  #: the steps that are not taken for that

    def add(self, found: Fates) -> None:
        """Add what became of the parts of one NetBox device: the host's own one, or a member of its stack."""
        self.steps += found.steps
        self.seen += found.seen
        self.not_seen += found.not_seen
        self.gone += found.gone
        self.gone_before += found.gone_before
        self.still_gone += found.still_gone
        self.known += found.known
        self.unknown += found.unknown
        self.notes += found.notes

    @property
    def coverage_is_new(self) -> bool:
        """True if what the device cannot report is not what an earlier run found, or if there was none."""
        return not self.known or any(UNREPORTED in (step.get("changes") or {}) for step in self.steps)

    def names(self) -> set[str]:
        """How the user may call it in `release` and `accept`."""
        return {self.name, self.title}


@dataclass
class Plan:
    """The plan of a batch."""

    time: str  #: the run's time stamp, ISO 8601 in UTC
    devices: list[DevicePlan] = field(default_factory=list)
    held: Hold | None = None  #: why the whole run is held
    conflicts: dict[str, list[str]] = field(default_factory=dict)  #: serial -> the two devices that both claim it
    no_identity: dict[str, list[str]] = field(default_factory=dict)  #: serial -> the devices, three or more, with it

    def steps(self) -> Iterator[dict[str, Any]]:
        """All steps of all devices."""
        for device in self.devices:
            yield from device.steps

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data, fit for JSON."""
        return asdict(self)


def make_plan(
    devices: Iterable[DeviceReport],
    latest: Mapping[int, Iterable[Row]],
    elsewhere: Mapping[str, Iterable[Sighting]],
    now: datetime,
    unreadable: Mapping[str, str] | None = None,
    policy: Policy | None = None,
    assignment: Assignment | None = None,
    last_seen: Mapping[int, datetime] | None = None,
) -> Plan:
    """The steps that make NetBox say what the devices reported.

    :param devices: what was collected of each, with its device_id and site_id where NetBox has them.
    :param latest: NetBox device id -> the latest row of each serial on it (latest_only_per_device).
    :param elsewhere: serial -> where else it was seen; asked for the serials of `serials_to_look_up`.
    :param now: the time stamp of the whole run.
    :param unreadable: host -> why NetBox's rows of that device could not be read; nothing is planned for it.
    :param policy: what the user decided; the defaults where it is left out.
    :param assignment: assign() of those that are not unreadable, by_name(), where the caller has it already.
    :param last_seen: NetBox device id -> when a row of it was last seen, of devices of which `latest` has none.
    """
    devices = by_name(devices)
    unreadable = unreadable or {}
    usable = [device for device in devices if device.name not in unreadable and not was_uploaded(device)]
    assignment = assignment or assign(usable)
    plan = Plan(time=rows.format_time(now))
    by_host = {}
    for device in devices:
        by_host[device.name] = _device_plan(device, assignment, unreadable.get(device.name))
    plan.devices = list(by_host.values())
    _add_places(by_host, assignment, {device.name: device.device_id for device in usable})
    _note_last_written(by_host, assignment, latest, last_seen or {})
    batch = Batch(assignment, latest, elsewhere, now, policy or Policy())
    _add_fates(plan, by_host, batch, usable)
    plan.conflicts, plan.no_identity = batch.shared.conflicts, batch.shared.no_identity
    return plan


def _note_last_written(
    by_host: Mapping[str, DevicePlan],
    assignment: Assignment,
    latest: Mapping[int, Iterable[Row]],
    last_seen: Mapping[int, datetime],
) -> None:
    """When each host was last written: the newest moment of its rows, on all NetBox devices for which it speaks."""
    found: dict[str, datetime] = {}
    for device_id, target in assignment.targets.items():
        moments = [row.time for row in latest.get(device_id, ())]
        moments += [last_seen[device_id]] if device_id in last_seen else []
        if moments:
            found[target.host] = max(*moments, found.get(target.host, moments[0]))
    for host, moment in found.items():
        by_host[host].last_written = rows.format_time(moment)


def by_name(devices: Iterable[DeviceReport]) -> list[DeviceReport]:
    """The order in which devices are planned: whoever answered first does not decide anything."""
    return sorted(devices, key=lambda device: device.name)


def _add_places(by_host: Mapping[str, DevicePlan], assignment: Assignment, own: Mapping[str, Any]) -> None:
    """own: host -> the NetBox device that was asked."""
    for device_id, target in sorted(assignment.targets.items()):
        device, is_own = by_host[target.host], device_id == own[target.host]
        place = {"device_id": device_id, "device": target.place.device_name or (device.title if is_own else "")}
        device.places.insert(0 if is_own else len(device.places), place)


def _add_fates(plan: Plan, by_host: Mapping[str, DevicePlan], batch: Batch, devices: Iterable[DeviceReport]) -> None:
    """Find out what becomes of all parts, and which devices are held."""
    planners = [DevicePlanner(batch, device_id, target) for device_id, target in sorted(batch.targets.items())]
    found = [planner.fates() for planner in planners]
    for planner, fates in zip(planners, found, strict=True):
        by_host[planner.target.host].altered.add(fates.altered)
    _note_downgrades(by_host, devices, batch)
    _hold(plan, _other_boxes(devices, batch), batch.policy)
    batch.held = {device_id for device_id, target in batch.targets.items() if by_host[target.host].held}
    for planner, fates in zip(planners, found, strict=True):
        # What a held device told proves nothing about the parts of others.
        doubtful = fates.went_elsewhere and batch.held and planner.device_id not in batch.held
        by_host[planner.target.host].add(planner.fates() if doubtful else fates)
    for device in plan.devices:
        if device.held:
            device.withheld, device.steps = device.steps, []
            name_swaps(device.withheld)
    name_swaps(plan.steps())


def _note_downgrades(by_host: Mapping[str, DevicePlan], devices: Iterable[DeviceReport], batch: Batch) -> None:
    for device in devices:
        own = [key for key, target in batch.targets.items() if target.host == device.name]
        note = guard.downgrade(device, (row for key in own for row in batch.known.get(key, {}).values()))
        by_host[device.name].notes += [note] if note else []


def _other_boxes(devices: Iterable[DeviceReport], batch: Batch) -> dict[str, Hold]:
    """Host -> why another box than NetBox's seems to answer there."""
    sides = {}
    for device in devices:
        own = {key: target for key, target in batch.targets.items() if target.host == device.name}
        known = [row for key in own for row in batch.known.get(key, {}).values()]
        before, now = guard.remembered_box(known), guard.answering_box(device, own.values())
        why = guard.contradiction(before, now, known, list(own.values()))
        if why:
            sides[device.name] = (why, guard.where_known(now, own, batch.sightings))
    found = {}
    for host, (why, seen) in sides.items():
        known_as = f"; NetBox knows that one as {printable(seen.device)}" if seen else ""
        found[host] = Hold(f"{why}{known_as}", to_type(ACCEPT, host))
    return found


def _hold(plan: Plan, other_boxes: Mapping[str, Hold], policy: Policy) -> None:
    """Hold the devices, or the run, that a person must look at first."""
    planned = {device.name: device for device in plan.devices if not device.error}
    for name, why in other_boxes.items():
        if name in planned and not policy.accepts(planned[name].names()):
            planned[name].held = why
    found = {name: device.altered for name, device in planned.items() if device.held is None}
    held = brake(found, {name: planned[name].names() for name in found}, policy)
    for name, why in held.hosts.items():
        planned[name].held = why
    plan.held = held.run


def serials_to_look_up(assignment: Assignment, latest: Mapping[int, Iterable[Row]]) -> list[str]:
    """The serials of which the rows elsewhere matter: new on their device, back after a run without them, or missing
    there now."""
    newest = max((row.time for found in latest.values() for row in found), default=None)
    wanted = set()
    for device_id, target in assignment.targets.items():
        known = {row.serial: row for row in latest.get(device_id, ())}
        for serial in target.wanted:
            row = known.get(serial)
            if row is None or (newest is not None and row.time < newest):
                wanted.add(serial)
        if target.covered:
            wanted |= {serial for serial, row in known.items() if serial not in target.wanted and _is_open(row)}
    return sorted(wanted)


def _is_open(row: Row) -> bool:
    """True while it is not settled where a part went that is missing."""
    missing = read_missing(row)
    return missing is None or not missing.settled


def _device_plan(device: DeviceReport, assignment: Assignment, unreadable: str | None) -> DevicePlan:
    name, reading = device.name, reading_of(device)
    incomplete = _why_incomplete(device) if reading == INCOMPLETE else None
    error = reason = None
    if reading not in (COMPLETE, INCOMPLETE, NOTHING, UPLOADED):
        error, reason = _nothing_read(device, reading)
    elif unreadable:
        # What was read of it may be written once NetBox can be asked.
        error, reason = unreadable, NETBOX
    return DevicePlan(
        name=name,
        title=device.device_name or name,
        site=device.site_name,
        skipped=assignment.skipped.get(name, []),
        notes=assignment.notes.get(name, []),
        error=error,
        reason=reason,
        seen_at=device.seen_at,
        uploaded=None if error else device.uploaded,
        kept=bool(device.saved_to),
        reading=reading,
        object_id=(device.system and device.system.object_id) or None if reading == NOTHING else None,
        complete=is_complete(device),
        incomplete=incomplete,
        tables=sorted(broken_tables(device)),
        coverage=list(device.coverage or ()),
        rejected=[row.reason or "" for row in device.rejected],
    )


def _nothing_read(device: DeviceReport, reading: str) -> tuple[str, str]:
    """Why nothing of a device was read, and the reason in a word."""
    if device.error:
        return device.error, device.reason or "error"
    if reading == NOT_ASKED:
        return "nothing was collected from it", "not collected"
    return f"it answered, but no part could be read: {_broken(device)}", "nothing read"


def _why_incomplete(device: DeviceReport) -> str:
    """Why a device that reported something is incomplete: the tables, each with what happened."""
    return device.error or f"not read completely: {_broken(device)}"


def _broken(device: DeviceReport) -> str:
    """The tables that broke off, each with what happened, in the order in which they were asked for: what a later one
    says follows from the first. One that completes another one's parts broke off with it."""
    broken = broken_tables(device)
    own = {table: why for table, why in broken.items() if BROKEN_WITH not in why} or broken
    tables = [f"{table} ({why})" if why else table for table, why in list(own.items())[:_TABLES]]
    more = f" and {len(broken) - len(tables)} more tables" if len(broken) > len(tables) else ""
    return f"{', '.join(tables) or 'some table'}{more}"

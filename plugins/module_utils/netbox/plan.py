# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to write for a batch of devices. Pure: from what was collected and what NetBox holds to steps as plain data.

A step is a dict: {"action": "create" | "update", "fate", "host", "device_id", "serial", "slot", "data" (what is sent),
"id" (updates only), "changes" (field -> [old, new]), "from" (moved and returned only)}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..serials import judge
from . import rows
from .rows import MARK, Row, Sighting, Wanted
from .targets import Assignment, Target, assign, broken_tables, is_complete

#: Fates that create a row.
NEW_ROW = ("created", "changed", "moved", "returned")
#: Fates that change the content of a row in place: the older scripts' row taken over, a device, site or location with
#: another name, and details such as a software version.
IN_PLACE = ("adopted", "renamed", "updated")
#: The reason of a device that was read, but of which NetBox's rows could not be.
NETBOX = "netbox"
#: The fate of a row of which only `time` moves.
REFRESHED = "refreshed"

#: The older scripts give each row of one device a time of its own; rows within this span belong to one run of theirs.
_ONE_RUN = timedelta(hours=1)


@dataclass
class DevicePlan:
    """What to do for one host, and what there is to say about it."""

    name: str  #: inventory hostname
    title: str  #: name in NetBox
    site: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0  #: parts that NetBox knew and that were found again in the same state
    not_seen: list[dict[str, Any]] = field(default_factory=list)  #: the device answered completely without these
    unknown: int = 0  #: parts in NetBox of which nothing is concluded: the device or a table was not read to its end
    skipped: list[dict[str, str]] = field(default_factory=list)  #: records that cannot be written, with the reason
    notes: list[str] = field(default_factory=list)
    error: str | None = None  #: why nothing is planned: not collected, or not readable in NetBox
    reason: str | None = None  #: one word for the error, for grouping
    complete: bool = True
    incomplete: str | None = None  #: why it is not complete although it told something
    tables: list[str] = field(default_factory=list)  #: names of the tables that were not read to their end
    coverage: list[str] = field(default_factory=list)  #: what the device cannot tell over SNMP
    rejected: list[str] = field(default_factory=list)  #: why texts in serial columns were none, a word for each row


@dataclass
class Plan:
    """The plan of a batch."""

    time: str  #: the run's time stamp, ISO 8601 in UTC
    devices: list[DevicePlan] = field(default_factory=list)

    def steps(self) -> Iterator[dict[str, Any]]:
        """All steps of all devices."""
        for device in self.devices:
            yield from device.steps

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data, fit for JSON."""
        return asdict(self)


def make_plan(
    devices: Iterable[Mapping[str, Any]],
    latest: Mapping[int, Iterable[Row]],
    elsewhere: Mapping[str, Iterable[Sighting]],
    now: datetime,
    unreadable: Mapping[str, str] | None = None,
) -> Plan:
    """The steps that make NetBox say what the devices said.

    :param devices: device dicts as the netbox_probe module documents them.
    :param latest: NetBox device id -> the latest row of each serial on it (latest_only_per_device).
    :param elsewhere: serial -> where else it was seen; asked for the serials of `serials_to_look_up`.
    :param now: the time stamp of the whole run.
    :param unreadable: host -> why NetBox's rows of that device could not be read; nothing is planned for it.
    """
    devices = sorted(devices, key=lambda device: str(device["name"]))
    unreadable = unreadable or {}
    usable = [device for device in devices if device["name"] not in unreadable]
    assignment = assign(usable)
    plan = Plan(time=rows.format_time(now))
    by_host = {}
    for device in devices:
        by_host[device["name"]] = _device_plan(device, assignment, unreadable.get(device["name"]))
    plan.devices = list(by_host.values())
    batch = _Batch(assignment, latest, elsewhere, now)
    for device_id, target in sorted(assignment.targets.items()):
        _DevicePlanner(batch, device_id, target).add_to(by_host[target.host])
    _say_where_to(plan)
    return plan


def serials_to_look_up(assignment: Assignment, latest: Mapping[int, Iterable[Row]]) -> list[str]:
    """The serials of which the rows elsewhere matter: new on their device, or back after a run without them."""
    newest = max((row.time for found in latest.values() for row in found), default=None)
    wanted = set()
    for device_id, target in assignment.targets.items():
        known = {row.serial: row for row in latest.get(device_id, ())}
        for serial in target.wanted:
            row = known.get(serial)
            if row is None or (newest is not None and row.time < newest):
                wanted.add(serial)
    return sorted(wanted)


def _device_plan(device: Mapping[str, Any], assignment: Assignment, unreadable: str | None) -> DevicePlan:
    name = device["name"]
    broken = sorted(broken_tables(device))
    complete = is_complete(device)
    error, reason = device.get("error"), device.get("reason") or "error"
    incomplete = None
    if unreadable:
        error, reason = unreadable, NETBOX
    elif not complete and device.get("records"):
        # It answered in part: what it told is written.
        incomplete = error or f"not read to the end: {', '.join(broken) or 'some table'}"
        error = None
    elif not complete and not error:
        error, reason = "nothing was collected from it", "not collected"
    return DevicePlan(
        name=name,
        title=device.get("device_name") or name,
        site=device.get("site_name"),
        skipped=assignment.skipped.get(name, []),
        notes=assignment.notes.get(name, []),
        error=error,
        reason=reason if error else None,
        complete=complete,
        incomplete=incomplete,
        tables=broken,
        coverage=list(device.get("coverage") or ()),
        rejected=[row.get("reason") or "" for row in device.get("rejected") or ()],
    )


class _Batch:
    """What the planning of one device needs to know about all others."""

    def __init__(
        self,
        assignment: Assignment,
        latest: Mapping[int, Iterable[Row]],
        elsewhere: Mapping[str, Iterable[Sighting]],
        now: datetime,
    ) -> None:
        self.targets = assignment.targets
        self.latest = latest
        self.now = now
        self.newest = max((row.time for found in latest.values() for row in found), default=now)
        self._sightings: dict[str, list[Sighting]] = {serial: list(found) for serial, found in elsewhere.items()}
        for device_id, found in latest.items():
            for row in found:
                self._sightings.setdefault(row.serial, []).append(_sighting(device_id, row))

    def last_seen_elsewhere(self, serial: str, device_id: int) -> Sighting | None:
        """The newest row of another device, unless that device shows the serial in this run too (two cable ends)."""
        others = [sighting for sighting in self._sightings.get(serial, ()) if sighting.device_id != device_id]
        if not others:
            return None
        newest = max(others, key=lambda sighting: (sighting.time, sighting.device_id or 0))
        target = self.targets.get(newest.device_id) if newest.device_id is not None else None
        return None if target is not None and serial in target.wanted else newest


class _DevicePlanner:
    """The fates of the parts of one NetBox device."""

    def __init__(self, batch: _Batch, device_id: int, target: Target) -> None:
        self.batch = batch
        self.device_id = device_id
        self.target = target
        #: When the device was read. What an earlier run collected is not called seen today.
        self.moment = min(batch.now, rows.parse_time(target.seen_at)) if target.seen_at else batch.now

    def add_to(self, plan: DevicePlan) -> None:
        """Add the steps, and what is said without a step, to the plan of the host."""
        known = _by_serial(self.batch.latest.get(self.device_id, ()))
        misspelt = {judge(row.serial).serial: row for row in known.values() if row.mark is None}
        matched = set()
        for serial, wanted in sorted(self.target.wanted.items()):
            row = known.get(serial) or misspelt.get(serial)
            if row is not None:
                matched.add(row.serial)
            step = self._step(wanted, row)
            if row is not None and step["fate"] not in NEW_ROW:
                plan.seen += 1
            if step["action"] != "none":
                plan.steps.append({"host": plan.name, "device_id": self.device_id, "serial": serial, **step})
        missing = [row for row in known.values() if row.serial not in matched and not _is_misspelt(row, self.target)]
        missing = [row for row in missing if not self._is_overtaken(row)]
        if self.target.covered:
            plan.not_seen += _not_seen(missing, known.values())
        else:
            plan.unknown += len(missing)

    def _step(self, wanted: Wanted, row: Row | None) -> dict[str, Any]:
        """The fate of one serial."""
        seen_at = self.batch.last_seen_elsewhere(wanted.serial, self.device_id)
        if row is None:
            return self._new_row("moved" if seen_at else "created", wanted, seen_at=seen_at)
        if self._is_overtaken(row):
            return self._refresh(row)
        if wanted.gaps:
            wanted = rows.without_gaps(wanted, row)
        if seen_at and self._came_back(row, seen_at):
            return self._new_row("returned", wanted, row, seen_at=seen_at)
        if wanted.partial:
            return self._refresh(row)
        if row.mark is None:
            return self._adoption(wanted, row)
        if row.mark.get(rows.PARTIAL):
            changes = {**rows.differences(row, wanted), **rows.detail_changes(row, wanted)}
            return self._update("updated", wanted, row, changes, rows.payload(wanted))
        changes = rows.differences(row, wanted)
        if changes:
            return self._new_row("changed", wanted, row, changes=changes)
        return self._same_state(wanted, row)

    def _is_overtaken(self, row: Row) -> bool:
        """True if the part was read again since an earlier run collected what is uploaded now: NetBox knows better."""
        return self.target.seen_at is not None and row.time > self.moment

    def _came_back(self, row: Row, seen_at: Sighting) -> bool:
        """True if the part was on another device since it was last seen here. If it was there before as well, it is
        the other end of a cable, and this device was only not read."""
        both = seen_at.since is not None and seen_at.since <= row.time
        return bool(row.mark) and not both and row.time < min(seen_at.time, self.batch.newest)

    def _new_row(
        self,
        fate: str,
        wanted: Wanted,
        row: Row | None = None,
        *,
        changes: dict[str, list[Any]] | None = None,
        seen_at: Sighting | None = None,
    ) -> dict[str, Any]:
        # A stored time ahead of our clock would stay the latest, and the change would be written again each night.
        moment = rows.format_time(self.moment if row is None else max(self.moment, row.time + timedelta(seconds=1)))
        data = {
            **rows.payload(wanted),
            "device": self.device_id,
            "time": moment,
            "creation_time": moment,
            "discovered_data": {MARK: wanted.mark},
        }
        step: dict[str, Any] = {"action": "create", "fate": fate, "slot": wanted.slot, "data": data}
        if changes:
            step["changes"] = changes
        if seen_at:
            step["from"] = {
                "device": seen_at.device,
                "device_id": seen_at.device_id,
                "slot": seen_at.slot,
                "time": rows.format_time(seen_at.time),
            }
        return step

    def _adoption(self, wanted: Wanted, row: Row) -> dict[str, Any]:
        """A row of the older scripts: same part, read in another way. Its site and location came from NetBox."""
        changes = rows.differences(row, wanted)
        if any(key in changes and row.content[key] is not None for key in ("site", "location")):
            return self._new_row("changed", wanted, row, changes=changes)
        if row.serial != wanted.serial:
            changes["serial"] = [row.serial, wanted.serial]
        return self._update("adopted", wanted, row, changes, rows.payload(wanted))

    def _same_state(self, wanted: Wanted, row: Row) -> dict[str, Any]:
        renamed, details = rows.renames(row, wanted), rows.detail_changes(row, wanted)
        if renamed or details:
            names = {key: new for key, (_old, new) in renamed.items()}
            return self._update("renamed" if renamed else "updated", wanted, row, {**renamed, **details}, names)
        return self._refresh(row)

    def _refresh(self, row: Row) -> dict[str, Any]:
        data = self._moved_time(row)
        return {"action": "update" if data else "none", "fate": REFRESHED, "id": row.id, "data": data}

    def _update(
        self, fate: str, wanted: Wanted, row: Row, changes: dict[str, list[Any]], data: dict[str, Any]
    ) -> dict[str, Any]:
        sent = {**data, **self._moved_time(row), "discovered_data": rows.with_mark(row.data, wanted.mark)}
        return {"action": "update", "fate": fate, "id": row.id, "slot": wanted.slot, "changes": changes, "data": sent}

    def _moved_time(self, row: Row) -> dict[str, str]:
        """`time` never moves back: NetBox refuses a time before creation_time, and a later run knows more."""
        return {"time": rows.format_time(self.moment)} if row.time < self.moment else {}


def _say_where_to(plan: Plan) -> None:
    """A part that is not seen on one device and moved to another: say there where it is now."""
    titles = {device.name: device.title for device in plan.devices}
    moved = {
        (step["serial"], step["from"]["device_id"]): titles[step["host"]] for step in plan.steps() if "from" in step
    }
    for device in plan.devices:
        for part in device.not_seen:
            now_on = moved.get((part["serial"], part["device_id"]))
            if now_on is not None:
                part["now_on"] = now_on


def _sighting(device_id: int, row: Row) -> Sighting:
    name = str(row.content["device_descriptor"] or device_id)
    return Sighting(row.serial, row.time, device_id, name, row.slot, row.creation_time)


def _by_serial(found: Iterable[Row]) -> dict[str, Row]:
    """The row that counts for each serial: the newest; of twins the one with the lowest id, each night the same."""
    chosen: dict[str, Row] = {}
    for row in found:
        other = chosen.get(row.serial)
        if other is None or (row.time, -row.id) > (other.time, -other.id):
            chosen[row.serial] = row
    return chosen


def _is_misspelt(row: Row, target: Target) -> bool:
    """True for a row of the older scripts that holds a serial of ours with padding, quotes or a prefix."""
    return row.mark is None and judge(row.serial).serial in target.wanted


def _not_seen(missing: Iterable[Row], known: Iterable[Row]) -> list[dict[str, Any]]:
    """The parts that were not among those found. `new`: they still were when the device was last read."""
    newest = max((row.time for row in known), default=None)
    found = []
    for row in missing:
        span = timedelta(0) if row.mark else _ONE_RUN
        found.append(
            {
                "serial": row.serial,
                "device_id": row.device_id,
                "slot": row.slot,
                "part": row.content["part"],
                "since": rows.format_time(row.time),
                "new": newest is not None and row.time >= newest - span,
            }
        )
    return found

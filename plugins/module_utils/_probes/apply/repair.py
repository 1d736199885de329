# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds rows that two runs wrote at the same moment, and leaves one of each: the last thing that a run does.

NetBox has no unique key, no ETag and no upsert for probes: runs that overlap all read that a row is missing, and all
write it. So each writer, after its last write, reads the rows of the devices on which it wrote again. Of rows that have
one state of one part at one time (twins) it deletes all but the one with the lowest id.

Why that leaves one row, and never none:

- One: take two twins. A row becomes visible when its transaction commits (PostgreSQL, READ COMMITTED), so one of the
  two became visible last. The run that wrote that one reads after NetBox replied to it, finds both, and deletes the
  higher id, whichever run wrote it. Ids are assigned before the commit, so the lower id may become visible last:
  therefore every writer deletes rows of others too, not only its own.
- Never none: a row is deleted only if a twin with a lower id was read. So no run ever deletes the twin with the lowest
  id of all, however many runs there are, and whenever they read.
- A PATCH that meets a DELETE can restore the row (Django inserts what it does not find). So a run deletes when it has
  no PATCH to send any more, and a run that changed a young row is a writer too: it reads after its PATCH, and finds the
  row that it restored. Young rows began in this run, within YOUNG before it, or in the last run that saw them. Older
  twins are left to the hygiene of the table.

A run that is killed between its write and this look while another run overlaps it leaves twins, and so does a server
that executes a POST after its client timed out. A later run refreshes one of the two, the one that NetBox returns as
the latest; that row is young, so this look finds both, whenever that run is. If the other row stays, it first gets
what that run wrote.

Not covered: two failures in succession, where the next run is killed just before this look as well; such twins are left
to the hygiene. And a row may be deleted after its run has looked, in favour of one with a lower id that became visible
later: both runs have then counted it as created, though only one row exists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from ..._common.pieces import halved, shares
from ..._netbox.bulk_writer import BulkWriter
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxChanging, NetBoxError, NetBoxRejected, NetBoxTooMuch
from ..._netbox.last_seen import complete_reading, with_reading
from ..._netbox.latest import DEVICES_PER_READ, PROBES
from ..._netbox.probe_lists import rows_of_devices
from ..._netbox.row_shapes import GLANCE
from ..._netbox.rows import BEGAN, Row, Wanted, format_time, parse_row, parse_time
from ..compare import at_one_end, differences
from ..missing import read_missing, with_missing

#: Rows that began so long before a run may be twins of overlapping runs; their times differ by less.
YOUNG = timedelta(hours=1)
#: Errors about what was asked for: a device was deleted, others delete rows, or one device has too many.
_ASK_LESS = (NetBoxRejected, NetBoxChanging, NetBoxTooMuch)

_FIELDS = (
    *("id", "serial", "time", "creation_time", "name", "part", "description", "category"),
    *("device", "site", "location", "discovered_data"),
)

#: What a glance reads, in GraphQL.
_GLANCED = "id serial time creation_time device { id }"

Key = tuple[int, str]
T = TypeVar("T")


@dataclass
class Repaired:
    """The rows after the look."""

    current: set[Key] = field(default_factory=set)  #: (device id, serial) of the parts that have a young row
    rows: set[int] = field(default_factory=set)  #: ids of the young rows that exist
    unread: set[int] = field(default_factory=set)  #: device ids whose rows could not be read
    error: NetBoxError | None = None  #: why, of the first of them
    warnings: list[str] = field(default_factory=list)


def repair(
    netbox: NetBox,
    touched: Mapping[int, datetime],
    writer: BulkWriter,
    created: Mapping[int, int] | None = None,
    whole: Iterable[int] = (),
) -> Repaired:
    """Delete the twins on these devices. Raises no NetBoxError: what fails is a warning.

    Only devices with several rows of one part, or without a row that this run created, are read with all columns; a
    glance at a few columns takes NetBox a fifth of the time.

    :param netbox: all writes of the run are done. writer: that of the run.
    :param touched: NetBox device id -> when the first of the rows began that this run made current there.
    :param created: id of a row that this run created -> NetBox device id.
    :param whole: ids of devices that are read with all columns in any case.
    """
    look = _Look(netbox, {device_id: moment - YOUNG for device_id, moment in touched.items()}, writer)
    look.glance(created or {}, set(whole))
    groups = look.read()
    found = look.found
    if found.unread:
        found.warnings.append(
            f"Rows of {len(found.unread)} devices could not be checked for duplicates of another run at the same time."
            f" The next run or the playbook hygiene removes them. {found.error}"
        )
    deleted = writer.delete(sorted(row.id for group in _updated(groups, writer) for row in group.others))
    if deleted.failed:
        found.warnings.append(
            f"{len(deleted.failed)} duplicate rows, written by two runs at the same time, could not be deleted from"
            f" NetBox. Remove them with the playbook hygiene. {next(iter(deleted.failed.values()))}"
        )
    found.rows -= set(deleted.ids)
    return found


class _Look:
    """Reads the rows of the devices on which a run wrote, several requests at a time."""

    def __init__(self, netbox: NetBox, since: Mapping[int, datetime], writer: BulkWriter) -> None:
        """since: NetBox device id -> from when on its rows are young"""
        self._netbox = netbox
        self._since = since
        self._breaker = writer.breaker
        self._left = set(since)  #: devices that are still to be read with all columns
        self.found = Repaired()

    def glance(self, created: Mapping[int, int], whole: Set[int]) -> None:
        """Settle what a glance settles: the devices of which each part has one row, and each created row is there."""
        of_device: dict[int, set[int]] = defaultdict(set)
        for number, device_id in created.items():
            of_device[device_id].add(number)
        for device_ids, rows in self._each(self._left - whole, self._glance):
            if rows is None:
                continue
            seen = {row.id for row in rows}
            of_part = Counter((row.device_id, row.serial) for row in rows)
            young = [row for row in rows if row.began >= self._since[row.device_id]]
            several = {row.device_id for row in young if of_part[row.device_id, row.serial] > 1}
            settled = {one for one in device_ids if one not in several and of_device[one] <= seen}
            self._left -= settled
            self.found.current |= {(row.device_id, row.serial) for row in young if row.device_id in settled}
            self.found.rows |= {row.id for row in young if row.device_id in settled}

    def read(self) -> list[Twins]:
        """Read the other devices with all columns; returns the twins on them."""
        groups: list[Twins] = []
        for _device_ids, parts in self._each(self._left, self._read):
            for (device_id, serial), rows in parts.items():
                young = {row.id for row in rows if row.began >= self._since[device_id]}
                if young:
                    self.found.current.add((device_id, serial))
                    self.found.rows |= young
                    groups += twins(rows, young)
        return groups

    def _each(self, device_ids: Set[int], read: Callable[[Sequence[int]], T]) -> Iterator[tuple[Sequence[int], T]]:
        """What `read` returns for the devices, with them, in pieces that one request takes."""
        pieces = list(shares(sorted(device_ids), DEVICES_PER_READ, self._netbox.connections))
        with ThreadPoolExecutor(self._netbox.connections) as pool:
            yield from zip(pieces, pool.map(read, pieces), strict=True)

    def _start(self, device_ids: Sequence[int]) -> datetime:
        return min(self._since[device_id] for device_id in device_ids)

    def _glance(self, device_ids: Sequence[int]) -> list[_Glance] | None:
        """A few columns of the rows of these devices; None if this NetBox does not give them so."""
        try:
            self._breaker.check()
            start = self._start(device_ids)
            rows = map(_glance, rows_of_devices(self._netbox, device_ids, start, _GLANCED, GLANCE))
            return [row for row in rows if row.device_id in self._since]
        except NetBoxError as error:
            if error.passing:
                self._breaker.failed(error)
            return None

    def _read(self, device_ids: Sequence[int]) -> dict[Key, list[Row]]:
        """All rows of these devices that were seen since then, of each part; what cannot be read goes to `found`."""
        start = format_time(self._start(device_ids))
        params = {"device_id": list(device_ids), "time__gte": start, "fields": ",".join(_FIELDS)}
        try:
            with self._breaker.request(uncounted=_ASK_LESS):
                raw = self._netbox.get_all(PROBES, params)
        except NetBoxError as error:
            if isinstance(error, _ASK_LESS) and len(device_ids) > 1:
                halves = [self._read(half) for half in halved(device_ids)]
                return {key: rows for half in halves for key, rows in half.items()}
            self.found.unread.update(device_ids)
            self.found.error = self.found.error or error
            return {}
        rows: dict[Key, list[Row]] = defaultdict(list)
        for row in map(parse_row, raw):
            if row.device_id is not None and row.device_id in self._since and row.mark is not None:
                rows[(row.device_id, row.serial)].append(row)
        return rows


class _Glance(NamedTuple):
    """What a glance shows of a row."""

    id: int
    device_id: int
    serial: str
    began: datetime


def _glance(raw: Mapping[str, Any]) -> _Glance:
    began = parse_time(raw["creation_time"] or raw["time"])
    return _Glance(int(raw["id"]), int(raw["device"]["id"]), str(raw["serial"]).strip(), began)


def _updated(groups: Sequence[Twins], writer: BulkWriter) -> list[Twins]:
    """The twins of which the row that stays has what this run wrote to another one: when the part was last seen, and
    how often it was not. If that row cannot be updated, its twins stay as well.

    Times that differ by minutes, as those of overlapping runs, are not updated. If they differ by more, the rows are
    those of an earlier run, which every current run reads: no run deletes the one that stays.
    """
    news = {group.keep.id: found for group in groups if (found := group.news())}
    updated = writer.update([{"id": number, **data} for number, data in sorted(news.items())])
    return [group for group in groups if group.keep.id not in news or group.keep.id in updated.rows]


@dataclass
class Twins:
    """Rows of one part in one state at one time."""

    keep: Row  #: the one with the lowest id
    others: list[Row]

    def news(self) -> dict[str, Any]:
        """Return what to send for the row that stays so that it contains what the others do; empty for most."""
        found: dict[str, Any] = {}
        seen = max(row.time for row in (self.keep, *self.others))
        if seen - self.keep.time > YOUNG:
            found["time"] = format_time(seen)
        states = [state for row in (self.keep, *self.others) if (state := read_missing(row)) and state.at > seen]
        missing = max(states, key=lambda state: state.at, default=None)
        if missing != read_missing(self.keep):
            found["discovered_data"] = with_missing(self.keep, missing)
        return found | self._reading(found)

    def _reading(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The last complete collection of the device, if another row than the one that stays contains it."""
        kept, last = complete_reading([self.keep]), complete_reading([self.keep, *self.others])
        if last is None or last == kept:
            return {}
        return {"discovered_data": with_reading(found.get("discovered_data", self.keep.data), last.to_dict())}


def twins(rows: Iterable[Row], young: Container[int]) -> Iterator[Twins]:
    """The twins among the rows of one part on one device. young: ids of the rows that may be deleted."""
    for group in twin_groups(rows):
        keep, *others = sorted(group, key=lambda one: one.id)
        others = [row for row in others if row.id in young]
        if others:
            yield Twins(keep, others)


def twin_groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group the rows of one part on one device: those of one state at one time are together."""
    groups: list[list[Row]] = []
    last: list[Row] = []
    for row in sorted(rows, key=lambda one: (one.began, one.id)):
        near = (group for group in groups if (group is last and _follows(group[-1], row)) or _overlaps(group, row))
        found = next((group for group in near if is_same_state(group[0], row)), None)
        if found is None:
            found = []
            groups.append(found)
        found.append(row)
        last = found
    yield from groups


def _follows(before: Row, row: Row) -> bool:
    """True if no run that knew `before` would have begun `row`: a part that was away since returns with a row of
    its own, which contains when it was last seen."""
    evidence = row.our_data.get(BEGAN)
    if not isinstance(evidence, Mapping):
        return True
    times = [away.get("time") for away in (evidence.get("missing"), evidence.get("from")) if isinstance(away, Mapping)]
    try:
        return not any(parse_time(time) >= before.began for time in times if time)
    except ValueError:
        # Another writer put something else there.
        return True


def _overlaps(group: Iterable[Row], later: Row) -> bool:
    """True if the later row begins before one of the group was last seen."""
    return any(later.began <= row.time for row in group)


def is_same_state(one: Row, other: Row) -> bool:
    """True if a run that had read one would have found the other unchanged."""
    wanted = Wanted(other.serial, dict(other.content), dict(other.mark or {}))
    return not differences(one, at_one_end(wanted, one))

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

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..._common.pieces import chunks, halved
from ..._netbox.bulk_writer import BulkWriter
from ..._netbox.errors import NetBoxChanging, NetBoxError, NetBoxRejected, NetBoxTooMuch
from ..._netbox.last_seen import complete_reading, with_reading
from ..._netbox.latest import DEVICES_PER_READ, PROBES
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

Key = tuple[int, str]


@dataclass
class Repaired:
    """The rows after the look."""

    current: set[Key] = field(default_factory=set)  #: (device id, serial) of the parts that have a young row
    rows: set[int] = field(default_factory=set)  #: ids of the young rows that exist
    unread: set[int] = field(default_factory=set)  #: device ids whose rows could not be read
    error: NetBoxError | None = None  #: why, of the first of them
    warnings: list[str] = field(default_factory=list)


def repair(netbox: Any, touched: Mapping[int, datetime], writer: BulkWriter) -> Repaired:
    """Delete the twins on these devices. Raises no NetBoxError: what fails is a warning.

    :param netbox: a client.NetBox; all writes of the run are done. writer: that of the run.
    :param touched: NetBox device id -> when the first of the rows began that this run made current there.
    """
    found = Repaired()
    since = {device_id: moment - YOUNG for device_id, moment in touched.items()}
    groups: list[Twins] = []
    for device_ids in chunks(sorted(since), DEVICES_PER_READ):
        for key, rows in _read(netbox, device_ids, since, found, writer).items():
            young = {row.id for row in rows if row.began >= since[key[0]]}
            if young:
                found.current.add(key)
                found.rows |= young
                groups += twins(rows, young)
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


def _read(
    netbox: Any, device_ids: Sequence[int], since: Mapping[int, datetime], found: Repaired, writer: BulkWriter
) -> dict[Key, list[Row]]:
    """All rows of these devices that were seen since then, of each part; what cannot be read goes to `found`."""
    start = min(since[device_id] for device_id in device_ids)
    params = {"device_id": list(device_ids), "time__gte": format_time(start), "fields": ",".join(_FIELDS)}
    try:
        with writer.breaker.request(uncounted=_ASK_LESS):
            raw = netbox.get_all(PROBES, params)
    except NetBoxError as error:
        if isinstance(error, _ASK_LESS) and len(device_ids) > 1:
            halves = [_read(netbox, half, since, found, writer) for half in halved(device_ids)]
            return {key: rows for half in halves for key, rows in half.items()}
        found.unread.update(device_ids)
        found.error = found.error or error
        return {}
    rows: dict[Key, list[Row]] = defaultdict(list)
    for row in map(parse_row, raw):
        if row.device_id is not None and row.device_id in since and row.mark is not None:
            rows[(row.device_id, row.serial)].append(row)
    return rows


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

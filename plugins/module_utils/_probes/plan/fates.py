# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fate of each part of one NetBox device: from what was told and what NetBox holds to steps as plain data.

The form of a step stands in plan.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..._netbox import rows
from ..._netbox.rows import MARK, Row, Sighting, Wanted
from ..._parts.serials import judge
from .. import compare
from .. import missing as gone
from .batch import ONE_RUN, Batch
from .brake import RELEASE, Altered, altered_by, to_type
from .targets import Target

#: Fates that create a row.
NEW_ROW = ("created", "changed", "swapped", "moved", "returned")
#: Fates that change the content of a row in place: the older scripts' row taken over, a device, site or location with
#: another name, and details such as a software version.
IN_PLACE = ("adopted", "renamed", "updated")
#: The fate of a row of which only `time` moves, and the count of the nights without it ends.
REFRESHED = "refreshed"
#: A complete collection did not show the part: counted in its row.
NOT_SEEN = "not_seen"
#: It was not seen so often that it counts as gone.
GONE = "gone"
#: It is gone for so long that its rows are deleted.
DELETED = "deleted"
#: Fates of which only the bookkeeping is written: the time, and our count. That alone is no change.
QUIET = (REFRESHED, NOT_SEEN, GONE)


@dataclass
class Fates:
    """What became of the parts of one NetBox device."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0  #: parts that NetBox knew and that were found again
    not_seen: list[dict[str, Any]] = field(default_factory=list)  #: not shown by a complete collection, not gone yet
    gone: list[dict[str, Any]] = field(default_factory=list)  #: became gone by this collection
    gone_before: int = 0  #: gone by an earlier one
    still_gone: list[dict[str, Any]] = field(default_factory=list)  #: of those, the ones that nothing has replaced
    known: int = 0  #: parts that NetBox knew on the device before
    unknown: int = 0  #: parts of which nothing is concluded
    altered: Altered = field(default_factory=Altered)  #: for the brake
    notes: list[str] = field(default_factory=list)  #: sentences for a person

    @property
    def went_elsewhere(self) -> bool:
        """True if another device shows a part that is missing here."""
        return any("now_on" in part for part in (*self.not_seen, *self.gone))


class DevicePlanner:
    """The fates of the parts of one NetBox device."""

    def __init__(self, batch: Batch, device_id: int, target: Target) -> None:
        self.batch = batch
        self.device_id = device_id
        self.target = target
        #: When the device was read. What an earlier run collected is not called seen today.
        self.moment = min(batch.now, rows.parse_time(target.seen_at)) if target.seen_at else batch.now
        self.known = batch.known.get(device_id, {})
        self.places = places_taken(target.wanted.values())

    def fates(self) -> Fates:
        """The steps, and what is said without a step."""
        known = self.known
        found = Fates(altered=Altered(told=len(self.target.wanted)), known=len(known))
        misspelt = {judge(row.serial).serial: row for row in known.values() if row.mark is None}
        matched = set()
        for serial, wanted in sorted(self.target.wanted.items()):
            row = known.get(serial) or misspelt.get(serial)
            if row is not None:
                matched.add(row.serial)
            step = self._step(wanted, row)
            if row is not None and step["fate"] not in NEW_ROW:
                found.seen += 1
            if row is not None and row.mark is not None:
                found.altered.add(Altered(1, changed=int(altered_by(step))))
            self._add(found, serial, step)
        missing = [row for row in known.values() if row.serial not in matched and not _is_misspelt(row, self.target)]
        # Seen after this collection: by a run that overlaps, since an older collection was saved, or before the clock
        # jumped back.
        missing = [row for row in missing if row.time <= self.moment]
        newest = max((row.time for row in known.values()), default=self.moment)
        for row in missing:
            self._add_missing(found, row, newest)
            if row.mark is not None and gone.read_missing(row) is None:
                elsewhere = self.batch.now_on(row) is not None
                found.altered.add(Altered(1, away=int(self.target.covered), told=int(elsewhere)))
        self._keep_the_last(found, known)
        return found

    def _add(self, found: Fates, serial: str, step: dict[str, Any]) -> None:
        if step["action"] != "none":
            found.steps.append({"host": self.target.host, "device_id": self.device_id, "serial": serial, **step})

    def _add_missing(self, found: Fates, row: Row, newest: datetime) -> None:
        """A part that was not told. newest: when any part of this device was seen last."""
        before = gone.read_missing(row)
        if before is not None and before.settled:
            found.gone_before += 1 if before.gone else 0
            if before.gone and self.batch.now_on(row) is None and self._taken_by(row) is None:
                found.still_gone.append({**_missing_part(row, before), "gone": rows.format_time(before.gone)})
            if self.target.covered and gone.is_to_delete(row, before, self.moment, self.batch.policy):
                self._add(found, row.serial, _deletion(row, before))
        elif not self.target.covered or self.batch.is_shown_by_held(row):
            found.unknown += 1
        else:
            state = gone.counted(before, self.moment, self.batch.policy, self.batch.now_on(row))
            new = before is None and (row.mark is not None or row.time >= newest - ONE_RUN)
            part = {**_missing_part(row, state, self._taken_by(row)), "new": new}
            (found.gone if state.gone else found.not_seen).append(part)
            if state != before:
                self._add(found, row.serial, self._missing_step(row, state))

    def _taken_by(self, row: Row) -> str | None:
        """Serial of the part that is where a missing one was, if it came there since; None if the place is empty."""
        serial = self.places.get(row.place)
        there = self.known.get(serial) if serial else None
        if there is not None and there.place == row.place and there.began <= row.time:
            return None  # both were there at the same time: the name tells no place
        return serial

    def _keep_the_last(self, found: Fates, known: Mapping[str, Row]) -> None:
        """A device of which every row would be deleted keeps them, until the user releases it."""
        names = {self.target.host, self.target.place.device_name or self.target.host}
        deletions = [step for step in found.steps if step["action"] == "delete"]
        if deletions and len(deletions) == len(known) == len(found.steps) and not self.batch.policy.lets_pass(names):
            found.steps = []
            text = f"all {len(deletions)} parts are gone, and nothing else is known of the device: their rows stay"
            found.notes.append(f"{text}. If they are to be deleted: {to_type(RELEASE, self.target.host)}")

    def _missing_step(self, row: Row, state: gone.Missing) -> dict[str, Any]:
        data = {"discovered_data": gone.with_missing(row, state)}
        if state.gone:
            data |= gone.consequence(row, state, self.batch.policy)
        fate = GONE if state.gone else NOT_SEEN
        return {"action": "update", "fate": fate, "id": row.id, "slot": row.slot, "data": data}

    def _step(self, wanted: Wanted, row: Row | None) -> dict[str, Any]:
        """The fate of one serial."""
        seen_at = self.batch.came_from(wanted.serial, self.device_id, self.moment)
        if row is None:
            return self._new_row("moved" if seen_at else "created", wanted, seen_at=seen_at)
        missing = gone.read_missing(row)
        if self._is_overtaken(row) or (missing and missing.at >= self.moment):
            return self._refresh(row)
        if wanted.gaps:
            wanted = compare.without_gaps(wanted, row)
        wanted = compare.remembering(compare.at_one_end(wanted, row), row)
        if seen_at and self._came_back(row, seen_at):
            return self._new_row("returned", wanted, row, seen_at=seen_at)
        if missing and missing.settled:
            return self._new_row("returned", wanted, row, missing=missing)
        if wanted.partial:
            return self._refresh(row)
        if row.mark is None:
            return self._adoption(wanted, row)
        if row.mark.get(rows.PARTIAL):
            changes = {**compare.differences(row, wanted), **compare.detail_changes(row, wanted)}
            return self._update("updated", wanted, row, changes, rows.payload(wanted))
        changes = compare.differences(row, wanted)
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
        missing: gone.Missing | None = None,
    ) -> dict[str, Any]:
        """A step that creates a row, with its evidence: in the step, and in what is kept in NetBox."""
        # A stored time ahead of our clock would stay the latest, and the change would be written again each night.
        moment = rows.format_time(self.moment if row is None else max(self.moment, row.time + timedelta(seconds=1)))
        evidence: dict[str, Any] = {}
        if fate == "created":
            evidence |= self.batch.also_on(wanted.serial, self.device_id, self.moment)
        if changes:
            evidence["changes"] = changes
        if seen_at:
            evidence["from"] = {
                "device": seen_at.device,
                "device_id": seen_at.device_id,
                "slot": seen_at.slot,
                "time": rows.format_time(seen_at.time),
            }
        if missing and row:
            evidence["missing"] = {**missing.to_dict(), "time": rows.format_time(row.time)}
        data = {
            **rows.payload(wanted),
            "device": self.device_id,
            "time": moment,
            "creation_time": moment,
            "discovered_data": {MARK: {**wanted.mark, rows.BEGAN: rows.small({"fate": fate, **evidence})}},
        }
        was = {"was": row.slot} if row is not None else {}
        return {"action": "create", "fate": fate, "slot": wanted.slot, **was, **evidence, "data": data}

    def _adoption(self, wanted: Wanted, row: Row) -> dict[str, Any]:
        """A row of the older scripts: same part, read in another way. Its site and location came from NetBox."""
        changes = compare.differences(row, wanted)
        if any(key in changes and row.content[key] is not None for key in ("site", "location")):
            return self._new_row("changed", wanted, row, changes=changes)
        if row.serial != wanted.serial:
            changes["serial"] = [row.serial, wanted.serial]
        return self._update("adopted", wanted, row, changes, rows.payload(wanted))

    def _same_state(self, wanted: Wanted, row: Row) -> dict[str, Any]:
        renamed, details = compare.renames(row, wanted), compare.detail_changes(row, wanted)
        if renamed or details:
            names = {key: new for key, (_old, new) in renamed.items()}
            return self._update("renamed" if renamed else "updated", wanted, row, {**renamed, **details}, names)
        return self._refresh(row)

    def _refresh(self, row: Row) -> dict[str, Any]:
        data: dict[str, Any] = self._moved_time(row)
        missing = gone.read_missing(row)
        if missing and missing.at < self.moment:
            data |= gone.without_missing(row)
        return {"action": "update" if data else "none", "fate": REFRESHED, "id": row.id, "data": data}

    def _update(
        self, fate: str, wanted: Wanted, row: Row, changes: dict[str, list[Any]], data: dict[str, Any]
    ) -> dict[str, Any]:
        began = {rows.BEGAN: row.our_data[rows.BEGAN]} if rows.BEGAN in row.our_data else {}
        marked = rows.with_mark(row.data, {**wanted.mark, **began})
        sent = {**data, **self._moved_time(row), "discovered_data": marked}
        return {"action": "update", "fate": fate, "id": row.id, "slot": wanted.slot, "changes": changes, "data": sent}

    def _moved_time(self, row: Row) -> dict[str, str]:
        """`time` never moves back: NetBox refuses a time before creation_time, and a later run knows more."""
        return {"time": rows.format_time(self.moment)} if row.time < self.moment else {}


def _is_misspelt(row: Row, target: Target) -> bool:
    """True for a row of the older scripts that holds a serial of ours with padding, quotes or a prefix."""
    return row.mark is None and judge(row.serial).serial in target.wanted


def _deletion(row: Row, state: gone.Missing) -> dict[str, Any]:
    evidence = {"missing": {**state.to_dict(), "time": rows.format_time(row.time)}}
    part = {"part": row.content["part"], "category": row.content["category"]}
    return {"action": "delete", "fate": DELETED, "id": row.id, "slot": row.slot, **part, **evidence, "data": {}}


def places_taken(parts: Iterable[Wanted]) -> dict[str, str]:
    """Place -> serial of the part there; without places that several parts name."""
    found: dict[str, list[str]] = {}
    for wanted in parts:
        found.setdefault(wanted.place, []).append(wanted.serial)
    return {place: serials[0] for place, serials in found.items() if place and len(serials) == 1}


def _missing_part(row: Row, state: gone.Missing, taken_by: str | None = None) -> dict[str, Any]:
    """A part that was not among those found, for the result. taken_by: the serial of the part that is in its place."""
    found = {
        "serial": row.serial,
        "device_id": row.device_id,
        "slot": row.slot,
        "path": row.place,
        "part": row.content["part"],
        "category": row.content["category"],
        "since": rows.format_time(row.time),
        "n": state.n,
        "first": rows.format_time(state.since),
    }
    if state.to:
        found["now_on"] = state.to
    return found | ({"replaced_by": taken_by} if taken_by else {})

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planning of one device needs to know about all others: who shows a serial, and who showed it before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from ..._netbox import rows
from ..._netbox.rows import Row, Sighting
from ..policy import Policy
from .identity import CABLE_END, shared_serials, shown_by
from .targets import Assignment

#: So many other devices that show a serial are named in the evidence.
_NAMED = 3

#: The older scripts give each row of one device a time of its own; rows within this span belong to one run of theirs.
#: So do the rows of a night that is written in batches or slices.
ONE_RUN = timedelta(hours=1)


class Batch:
    """All devices of a run, and what NetBox knows of their serials."""

    def __init__(
        self,
        assignment: Assignment,
        latest: Mapping[int, Iterable[Row]],
        elsewhere: Mapping[str, Iterable[Sighting]],
        now: datetime,
        policy: Policy,
    ) -> None:
        self.targets = assignment.targets
        self.known = {device_id: by_serial(found) for device_id, found in latest.items()}
        self.now = now
        self.policy = policy
        self.newest = max((row.time for found in latest.values() for row in found), default=now)
        self.sightings: dict[str, list[Sighting]] = {}
        # First those that know the slot; the look-up knows names only.
        for device_id, found in latest.items():
            for row in found:
                self.sightings.setdefault(row.serial, []).append(_sighting(device_id, row))
        for serial, seen in elsewhere.items():
            self.sightings.setdefault(serial, []).extend(seen)
        self.shown = shown_by(self.targets)
        self.shared = shared_serials(self.shown, self.targets, self.known, self.sightings)
        self.held: set[int] = set()  #: device ids of which nothing is written; known when all was planned once

    def newest_elsewhere(self, serial: str, device_id: int) -> Sighting | None:
        """The newest row of another device."""
        others = [seen for seen in self.sightings.get(serial, ()) if seen.device_id != device_id]
        return max(others, key=lambda seen: (seen.time, seen.device_id or 0), default=None)

    def came_from(self, serial: str, device_id: int, moment: datetime) -> Sighting | None:
        """The row of the device that the part left before this moment; None if it did not leave another one.

        A device that shows the serial in this run too, or that another batch or slice has just read, is the other end
        of a cable, or claims the part as well.
        """
        newest = self.newest_elsewhere(serial, device_id)
        if newest is None or self.shared.nothing_moved(serial):
            return None
        target = self.targets.get(newest.device_id) if newest.device_id is not None else None
        if target is None:
            return None if self.is_beside(newest, moment) else newest
        return None if serial in target.wanted or newest.time > moment else newest

    def is_beside(self, seen: Sighting, moment: datetime) -> bool:
        """True if that device was read in the same night, by another batch or slice, or later than this moment."""
        return seen.device_id is not None and seen.device_id not in self.targets and seen.time > moment - ONE_RUN

    def now_on(self, row: Row) -> str | None:
        """The device that has the part of this row since it was last seen here; None if none does, or if that device
        has the other end of a cable."""
        if row.serial in self.shared.no_identity:
            return None
        for device_id in self._shown_by(row):
            target = self.targets[device_id]
            return target.place.device_name or target.host
        others = [seen for seen in self.sightings.get(row.serial, ()) if seen.device_id != row.device_id]
        later = [seen for seen in others if not is_other_end(row, seen) and _went_on(row, seen)]
        return max(later, key=lambda seen: seen.time).device if later else None

    def is_shown_by_held(self, row: Row) -> bool:
        """True if a device that is held shows the part: whether it went there is not known until a person looked."""
        return row.serial not in self.shared.no_identity and any(key in self.held for key in self._shown_by(row))

    def _shown_by(self, row: Row) -> Iterator[int]:
        """Ids of the devices that show the part in this run, the other end of a cable left out."""
        for device_id in self.shown.get(row.serial, ()):
            there = self.known.get(device_id, {}).get(row.serial)
            if device_id != row.device_id and (there is None or not is_other_end(row, _sighting(device_id, there))):
                yield device_id

    def also_on(self, serial: str, device_id: int, moment: datetime) -> dict[str, list[str]]:
        """The other devices that show the serial, as evidence; empty for most parts."""
        found, target = self.shared, self.targets[device_id]
        names = found.ends.get(serial) or found.conflicts.get(serial) or found.no_identity.get(serial) or []
        own = target.place.device_name or target.host
        others = [name for name in names if name != own][:_NAMED]
        beside = self.newest_elsewhere(serial, device_id)
        if beside and not others and self.is_beside(beside, moment):
            others = [beside.device]
        return {"also_on": others} if others else {}


def by_serial(found: Iterable[Row]) -> dict[str, Row]:
    """The row that counts for each serial: the newest; of twins the one with the lowest id, each night the same."""
    chosen: dict[str, Row] = {}
    for row in found:
        other = chosen.get(row.serial)
        if other is None or (row.time, -row.id) > (other.time, -other.id):
            chosen[row.serial] = row
    return chosen


def _sighting(device_id: int, row: Row) -> Sighting:
    name = str(row.content["device_descriptor"] or device_id)
    return Sighting(row.serial, row.time, device_id, name, row.slot, row.creation_time, row.content["category"])


def is_other_end(row: Row, seen: Sighting) -> bool:
    """True if the two are ends of one cable: optics that both devices showed in more than one run, or both for the
    first time in the same one.

    Two devices that showed a part in one run only tell of a part that was moved while they were asked.
    """
    if not row.content["category"] == seen.category == CABLE_END or not rows.overlap(row, seen):
        return False
    together = min(row.time, seen.time) - max(row.began, seen.began)
    return together > ONE_RUN or abs(row.began - seen.began) <= ONE_RUN


def _went_on(row: Row, seen: Sighting) -> bool:
    """True if the rows alone say that the part went from the device of `row` to the one of `seen`.

    That one showed it later; or in the same run, and began to. Of two devices at most one can say so of the other:
    else a part that both lost would never be gone.
    """
    if abs(seen.time - row.time) > ONE_RUN:
        return seen.time > row.time
    return seen.began > row.began

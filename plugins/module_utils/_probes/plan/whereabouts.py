# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the serials of a run are reported, and where they were seen before: what the planning of one device needs to
know about all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from ..._netbox import rows
from ..._netbox.rows import Row, Sighting
from .identity import CABLE_END, Shared, shared_serials, shown_by
from .known import ONE_RUN, Known, sighting
from .targets import Target

#: So many other devices that report a serial are named in the evidence.
_NAMED = 3


@dataclass(frozen=True)
class Whereabouts:
    """All targets of a run, and what NetBox knows of their serials."""

    targets: Mapping[int, Target]
    known: Known
    shown: Mapping[str, list[int]]  #: see identity.shown_by
    shared: Shared

    @classmethod
    def of(cls, targets: Mapping[int, Target], known: Known) -> Whereabouts:
        """Compare what was reported with what NetBox knows."""
        shown = shown_by(targets)
        return cls(targets, known, shown, shared_serials(shown, targets, known))

    def newest_elsewhere(self, serial: str, device_id: int) -> Sighting | None:
        """The newest row of another device."""
        others = [seen for seen in self.known.sightings.get(serial, ()) if seen.device_id != device_id]
        return max(others, key=lambda seen: (seen.time, seen.device_id or 0), default=None)

    def came_from(self, serial: str, device_id: int, moment: datetime) -> Sighting | None:
        """The row of the device that the part left before this moment; None if it did not leave another one.

        A device that reports the serial in this run too, or that another batch or slice has just read, is the other
        end of a cable, or claims the part as well.
        """
        newest = self.newest_elsewhere(serial, device_id)
        if newest is None or self.shared.nothing_moved(serial):
            return None
        target = self.targets.get(newest.device_id) if newest.device_id is not None else None
        if target is None:
            return None if self.is_concurrent(newest, moment) else newest
        return None if serial in target.wanted or newest.time > moment else newest

    def is_concurrent(self, seen: Sighting, moment: datetime) -> bool:
        """True if that device was read in the same night, by another batch or slice, or later than this moment."""
        return seen.device_id is not None and seen.device_id not in self.targets and seen.time > moment - ONE_RUN

    def now_on(self, row: Row) -> str | None:
        """The device that has the part of this row since it was last seen here; None if none does, or if that device
        has the other end of a cable."""
        if row.serial in self.shared.no_identity:
            return None
        for device_id in self._shown_by(row):
            return self.targets[device_id].name
        others = [seen for seen in self.known.sightings.get(row.serial, ()) if seen.device_id != row.device_id]
        later = [seen for seen in others if not is_other_end(row, seen) and _went_on(row, seen)]
        return max(later, key=lambda seen: seen.time).device if later else None

    def is_shown_by(self, device_ids: Set[int], row: Row) -> bool:
        """True if one of these devices reports the part of this row."""
        return row.serial not in self.shared.no_identity and any(key in device_ids for key in self._shown_by(row))

    def _shown_by(self, row: Row) -> Iterator[int]:
        """Ids of the devices that report the part in this run, the other end of a cable left out."""
        for device_id in self.shown.get(row.serial, ()):
            there = self.known.on(device_id).get(row.serial)
            if device_id != row.device_id and (there is None or not is_other_end(row, sighting(device_id, there))):
                yield device_id

    def also_on(self, serial: str, device_id: int, moment: datetime) -> tuple[str, ...]:
        """The other devices that report the serial; none for most parts."""
        names = self.shared.ends.get(serial) or self.shared.conflicts.get(serial)
        names = names or self.shared.no_identity.get(serial) or ()
        others = tuple(name for name in names if name != self.targets[device_id].name)[:_NAMED]
        newest = self.newest_elsewhere(serial, device_id)
        if newest and not others and self.is_concurrent(newest, moment):
            return (newest.device,)
        return others


def is_other_end(row: Row, seen: Sighting) -> bool:
    """True if the two are ends of one cable: optics that both devices reported in more than one run, or both for the
    first time in the same one.

    Two devices that reported a part in one run only may be the sign of a part that was moved while they were asked.
    """
    if not row.content["category"] == seen.category == CABLE_END or not rows.overlap(row, seen):
        return False
    together = min(row.last_seen, seen.time) - max(row.began, seen.began)
    return together > ONE_RUN or abs(row.began - seen.began) <= ONE_RUN


def _went_on(row: Row, seen: Sighting) -> bool:
    """True if the rows alone prove that the part moved from the device of `row` to the one of `seen`.

    That one reported it later; or in the same run, and began to. That is true of one of two devices at
    most: otherwise a part that both lost would never be gone.
    """
    if abs(seen.time - row.last_seen) > ONE_RUN:
        return seen.time > row.last_seen
    return seen.began > row.began

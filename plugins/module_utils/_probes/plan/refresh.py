# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of unchanged parts are written: those that are due, and one of each device that was read completely.

That one contains when the device was read completely (see _netbox/last_seen.py). All other rows that are not due are
left as they are, but only where such a row is written: otherwise NetBox would not know that their parts were seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from ..._netbox.last_seen import CompleteReading, can_be_left, complete_reading, with_reading
from ..._netbox.rows import READ, Row, with_mark
from ..policy import Policy
from .guard import CHASSIS
from .step import BECAME_GONE, NOT_SEEN, REFRESHED, CompleteRead, Create, NewRow, RowUpdate, Step, Update
from .step_maker import StepMaker

#: A row is due at this age at the earliest: the row of a nightly run is not due in a second run of that day.
_DAY = timedelta(hours=20)
#: A row is due this long before it is as old as the option allows, if that is several days: runs do not begin at the
#: same second each night, and it must not wait one night more.
_EARLY = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A part that was reported, and what would be written for it if each row were written."""

    serial: str
    category: str | None
    row: Row | None  #: the one that NetBox has of it on the device
    step: Step | None


def is_due(row: Row, moment: datetime, after: timedelta) -> bool:
    """True if the row of an unchanged part is written.

    Each row is due when it is `after` old. So that the rows of a first run are not all due in one night later, each has
    moments of its own, `after` apart, which depend on its serial number: it is due after one of these as well.
    """
    age = moment - row.time
    if age >= max(after - _EARLY, min(after, _DAY)):
        return True
    return age >= _DAY and _periods(row.serial, moment, after) > _periods(row.serial, row.time, after)


def _periods(serial: str, moment: datetime, length: timedelta) -> int:
    """How many periods of this length have ended for a serial number, which are counted from a moment of its own."""
    digest = hashlib.blake2b(serial.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    phase = length * (int.from_bytes(digest, "big") / 2**32)
    return (moment - datetime(2000, 1, 1, tzinfo=UTC) + phase) // length


@dataclass(frozen=True)
class Refreshes:
    """What is written for the unchanged parts of one device.

    known: the rows that NetBox has of the device. uncounted: the absence of some part is not counted, although the
    collection is complete. absent: serials of the parts of which this run counts the absence.
    """

    make: StepMaker
    policy: Policy
    covered: bool  #: it was read completely
    known: Mapping[str, Row]
    uncounted: bool
    absent: Sequence[str]

    def steps(self, seen: Sequence[Seen]) -> list[Step | None]:
        """The step of each of these parts: None where its row is left as it is."""
        carrier = self._carrier(seen)
        left = [self._is_left(one, carrier is not None) and one is not carrier for one in seen]
        times = [one.row.time for one, is_left in zip(seen, left, strict=True) if is_left and one.row]
        return [
            None if is_left else self._with_reading(one, min(times, default=None)) if one is carrier else one.step
            for one, is_left in zip(seen, left, strict=True)
        ]

    @property
    def moment(self) -> datetime:
        """When the device was read."""
        return self.make.moment

    @cached_property
    def _after(self) -> timedelta:
        return timedelta(hours=self.policy.refresh_after)

    def _is_left(self, one: Seen, read: bool) -> bool:
        """True if the row of a part is left as it is. read: the device's row contains this collection."""
        row, step = one.row, one.step
        if not self._after or row is None or not isinstance(step, Update) or step.fate != REFRESHED:
            return False
        if not step.only_moves_time or not can_be_left(row) or is_due(row, self.moment, self._after):
            return False
        return read or row.last_seen >= self.moment

    def _carrier(self, seen: Iterable[Seen]) -> Seen | None:
        """The part of which the row contains that the device was read completely: the chassis, else the first one.

        A row that exists, so that it can be written after all others; that of a new part only on a new device.
        """
        if not self._after or not self.covered or self.uncounted:
            return None
        reading = complete_reading(self.known.values())
        if reading is not None and reading.at >= self.moment:
            return None  # a later collection is in NetBox
        found = [one for one in seen if (self._can_carry(one) if self.known else isinstance(one.step, Create))]
        return min(found, key=_order, default=None)

    def _can_carry(self, one: Seen) -> bool:
        """True if the row is or becomes one of ours, with the time of this collection."""
        if one.row is None:
            return False
        if one.step is None:  # a run that was killed, or whose collection is uploaded again, wrote the row
            return one.row.time == self.moment and can_be_left(one.row)
        if not isinstance(one.step, Update) or "time" not in one.step.data:
            return False
        return one.step.fate != REFRESHED or (one.step.only_moves_time and one.row.mark is not None)

    def _with_reading(self, one: Seen, oldest: datetime | None) -> Step | None:
        """The step of a part that also writes this complete collection. oldest: of the rows that are left."""
        step = one.step
        if step is None and one.row is not None:
            step = self.make.at_moment(one.serial, one.row)
        reading = CompleteReading(self.moment, oldest).to_dict()
        if isinstance(step, Create):
            new: NewRow = {**step.data, "discovered_data": with_reading(step.data["discovered_data"], reading)}
            return replace(step, data=new)
        if not isinstance(step, Update) or one.row is None:
            return step
        data = step.data.get("discovered_data", with_mark(one.row.data, one.row.our_data))
        marked = with_reading(data, reading)
        # Until all is written, earlier collections must not be lost that left rows as they were.
        if oldest or any(row.seen_at is not None for row in self.known.values()):
            return replace(step, read=CompleteRead(after=tuple(self.absent), discovered_data=marked))
        sent: RowUpdate = {**step.data, "discovered_data": marked}
        return replace(step, data=sent)


def _order(one: Seen) -> tuple[bool, bool, str]:
    """Chassis first, of several parts the one that did it the night before."""
    return one.category != CHASSIS, one.row is None or READ not in one.row.our_data, one.serial


def absences(steps: Iterable[Step | None]) -> list[str]:
    """The serials of the parts of which these steps count the absence."""
    return sorted(one.serial for one in steps if one is not None and one.fate in (NOT_SEEN, BECAME_GONE))

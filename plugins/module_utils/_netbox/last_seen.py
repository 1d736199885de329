# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When parts were last seen of which a complete collection left the rows as they were.

A run does not write the row of each part that it sees again: see the option refresh_after of netbox_probe. One row of
the device is written, and contains under MARK when the device was read completely (READ), and the earliest `time` of
the rows that were left as they were (OLDEST). A part without the count of its absence was in the device then: a run
writes READ only after the absence of all parts that were not reported.

Rows from before OLDEST were not in the device, or were not known to it: a restored one, or one that hygiene or a user
filed under it later. All of these are as old as their own `time`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from .rows import MARK, MISSING, OLDEST, READ, Row, by_serial, format_time, parse_time, with_mark

#: The keys under MARK that are about the device rather than about the part of the row.
READING = (READ, OLDEST)


class CompleteReading(NamedTuple):
    """The last complete collection of a device, as its rows contain it."""

    at: datetime
    oldest: datetime | None  #: earliest `time` of the rows that it left as they were; None: it wrote all

    def to_dict(self) -> dict[str, str]:
        """As it is kept in discovered_data."""
        found = {READ: format_time(self.at)}
        if self.oldest:
            found[OLDEST] = format_time(self.oldest)
        return found


def complete_reading(rows: Iterable[Row]) -> CompleteReading | None:
    """The last complete collection of a device that one of its rows contains. None: no row contains one."""
    return max(filter(None, map(_contained, rows)), key=lambda found: found.at, default=None)


def _contained(row: Row) -> CompleteReading | None:
    """What the row contains; never later than its own time, which is written with it. A user may have edited both."""
    ours = row.our_data
    if READ not in ours:
        return None
    try:
        oldest = parse_time(ours[OLDEST]) if OLDEST in ours else None
        return CompleteReading(min(parse_time(ours[READ]), row.time), oldest)
    except ValueError:
        return None


def with_last_seen(rows: Iterable[Row]) -> list[Row]:
    """The rows of one device, in their order, with their `seen_at`. Of each serial, the newest row is the current one.

    Rows of the older scripts and of users are as old as their `time`, and so are those of missing parts.
    """
    rows = list(rows)
    reading = complete_reading(rows)
    if reading is None or reading.oldest is None:
        return rows
    newest = by_serial(rows).values()
    current = {row.id for row in newest if reading.oldest <= row.time < reading.at and can_be_left(row)}
    return [replace(row, seen_at=reading.at) if row.id in current else row for row in rows]


def can_be_left(row: Row) -> bool:
    """True if a complete collection may leave the row of a part that it reports as it is."""
    return row.mark is not None and MISSING not in row.our_data


def with_reading(data: Any, reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return discovered_data with this complete collection in place of an earlier one, or without one.

    :param reading: has the keys READING, as to_dict() returns them or as they are under MARK of a row. Other keys are
        not used.
    """
    ours = data.get(MARK) if isinstance(data, dict) else None
    others = {key: value for key, value in (ours or {}).items() if key not in READING}
    return with_mark(data, {**others, **{key: reading[key] for key in READING if key in reading}})

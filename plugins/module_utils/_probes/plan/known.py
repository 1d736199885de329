# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox holds of the devices of a run, and which of its rows counts for each serial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..._netbox.rows import Row, Sighting, by_serial

#: The older scripts give each row of one device a time of its own; rows within this span belong to one run of theirs.
#: So do the rows of a night that is written in batches or slices.
ONE_RUN = timedelta(hours=1)


@dataclass(frozen=True)
class NetBoxRows:
    """What was read of NetBox for a plan."""

    #: NetBox device id -> the latest row of each serial on it
    latest: Mapping[int, Sequence[Row]] = field(default_factory=dict)
    #: serial -> where else it was seen; asked for the serials of serials_to_look_up()
    elsewhere: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    #: NetBox device id -> when a row of it was last seen, of devices of which `latest` has none
    last_seen: Mapping[int, datetime] = field(default_factory=dict)
    #: host -> why the rows of its device could not be read; nothing is planned for it
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """The rows of NetBox, by device and by serial."""

    rows: Mapping[int, Mapping[str, Row]]  #: NetBox device id -> serial -> the row that counts
    sightings: Mapping[str, list[Sighting]]  #: serial -> where it was seen
    newest: datetime | None  #: when any of these rows was last seen

    @classmethod
    def of(cls, found: NetBoxRows) -> Known:
        """The rows that were read, sorted."""
        sightings: dict[str, list[Sighting]] = {}
        # First those that know the slot; the look-up knows names only.
        for device_id, rows in found.latest.items():
            for row in rows:
                sightings.setdefault(row.serial, []).append(sighting(device_id, row))
        for serial, seen in found.elsewhere.items():
            sightings.setdefault(serial, []).extend(seen)
        return cls(
            rows={device_id: by_serial(rows) for device_id, rows in found.latest.items()},
            sightings=sightings,
            newest=newest_of(found.latest),
        )

    def on(self, device_id: int) -> Mapping[str, Row]:
        """Serial -> the row that counts on this device."""
        return self.rows.get(device_id, {})


def newest_of(latest: Mapping[int, Iterable[Row]]) -> datetime | None:
    """When any of these rows was last seen."""
    return max((row.last_seen for found in latest.values() for row in found), default=None)


def sighting(device_id: int, row: Row) -> Sighting:
    """A row as a sighting of its part."""
    name = str(row.content["device_descriptor"] or device_id)
    return Sighting(row.serial, row.last_seen, device_id, name, row.slot, row.creation_time, row.content["category"])

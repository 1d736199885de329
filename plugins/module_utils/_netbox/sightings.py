# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a serial number was seen, on any device: parts move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from .breaker import Breaker
from .client import NetBox
from .errors import NetBoxError, NetBoxTooMuch
from .latest import read_latest
from .probe_lists import rows_of_serials
from .row_shapes import SIGHTING
from .rows import Sighting, parse_time, stored

#: Rows that are held of serials that are looked up. Years of nightly rows of the older scripts are some 1,000 a part.
SIGHTINGS_MAX = 2_000_000

#: What is read of a sighting.
_FIELDS = "serial time creation_time name category device_descriptor device { id }"


def read_elsewhere(netbox: NetBox, serials: Sequence[str]) -> tuple[dict[str, list[Sighting]], str | None]:
    """Where these serials were seen, on any device; and a warning if this cannot be looked up."""
    found: dict[str, list[Sighting]] = defaultdict(list)
    try:
        for number, raw in enumerate(rows_of_serials(netbox, serials, _FIELDS, SIGHTING)):
            if number >= SIGHTINGS_MAX:
                raise NetBoxTooMuch(
                    f"NetBox at {netbox.url} has more than {SIGHTINGS_MAX:,} rows of {len(serials):,} serials."
                )
            sighting = _parse_sighting(raw)
            found[sighting.serial].append(sighting)
    except NetBoxError as error:
        return dict(found), f"Parts that moved between devices are reported as new: they cannot be looked up. {error}"
    return dict(found), None


def brought_up_to_date(
    netbox: NetBox,
    elsewhere: dict[str, list[Sighting]],
    known: Container[int],
    since: datetime,
    breaker: Breaker,
) -> dict[str, list[Sighting]]:
    """These sightings, with the time of the last complete collection of a device where that left its row as it was.

    Only devices are read that are not `known`, and have a sighting from before `since`: none on most nights.

    :param known: NetBox device ids of which the latest rows were read anyway.
    """
    sightings = [seen for found in elsewhere.values() for seen in found]
    newest: dict[tuple[int, str], datetime] = {}
    for seen in sightings:
        if seen.device_id is not None and seen.device_id not in known:
            key = (seen.device_id, seen.serial)
            newest[key] = max(seen.time, newest.get(key, seen.time))
    stale = {device_id for (device_id, _serial), moment in newest.items() if moment < since}
    if not stale or breaker.open:
        return elsewhere
    later = {
        (row.device_id, row.serial, row.time): row.last_seen
        for rows in read_latest(netbox, stale, breaker).rows.values()
        for row in rows
        if row.seen_at is not None
    }
    found: dict[str, list[Sighting]] = {serial: [] for serial in elsewhere}
    for seen in sightings:
        moment = later.get((seen.device_id, seen.serial, seen.time))
        found[seen.serial].append(replace(seen, time=moment) if moment else seen)
    return found


def _parse_sighting(raw: dict[str, Any]) -> Sighting:
    device = raw.get("device")
    device_id = int(device["id"]) if device else None
    name = stored(raw.get("device_descriptor")) or (f"device {device_id}" if device else "a deleted device")
    since = parse_time(raw["creation_time"]) if raw.get("creation_time") else None
    return Sighting(
        serial=str(raw["serial"]),
        time=parse_time(raw["time"]),
        device_id=device_id,
        device=name,
        slot=stored(raw.get("name")) or "?",
        since=since,
        category=stored(raw.get("category")),
    )

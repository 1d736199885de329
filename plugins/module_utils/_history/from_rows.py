# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory at any moment out of Probe rows alone: without a run, and without the files of earlier runs.

A row is one state of a part over the time from creation_time to time. A part is on a device at a moment if the newest
row of it there that had begun by then was not followed by one on another device, does not name the part as gone, and no
other part has been in its place since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from .._common.natural import natural_key
from .._netbox.rows import Row, format_time, overlap
from .._probes.missing import Missing, read_missing
from .parts import NOT_SEEN, SEEN, PartState


class Names(NamedTuple):
    """Names of NetBox's objects, by id: those of today, where the row's own text is older."""

    devices: Mapping[int, str]
    sites: Mapping[int, str]
    locations: Mapping[int, str]


@dataclass(frozen=True)
class Span:
    """A part in one place, as a line in its life."""

    serial: str
    device: str
    device_id: int | None
    slot: str
    began: datetime
    ended: datetime  #: when it was last seen there
    gone: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        found = {
            "device": self.device,
            "slot": self.slot,
            "from": format_time(self.began),
            "to": format_time(self.ended),
        }
        return found | ({"gone": format_time(self.gone)} if self.gone else {})


def inventory_at(rows: Iterable[Row], moment: datetime, names: Names) -> list[PartState]:
    """The parts that were in the network at a moment, ordered by site, device and slot."""
    by_serial: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.device_id is not None and row.began <= moment:
            by_serial[row.serial].append(row)
    found = [part for group in by_serial.values() for part in _present(group, moment, names)]
    return sorted(_without_replaced(found), key=order)


def _without_replaced(parts: Sequence[PartState]) -> Iterable[PartState]:
    """Without parts that were not seen since another one came to their place, and that place has one part at a time."""
    places: dict[tuple[int, str], list[PartState]] = defaultdict(list)
    for part in parts:
        if part.state == SEEN and part.slot:
            places[part.device_id, part.slot].append(part)
    for part in parts:
        there = places.get((part.device_id, part.slot), [])
        taken = len(there) == 1 and (there[0].first_seen or "") > (part.last_seen or "")
        if part.state == SEEN or not taken:
            yield part


def order(part: PartState) -> tuple[Any, ...]:
    """The sort key of inventories."""
    return (part.site or "", part.device, natural_key(part.slot), part.serial, part.device_id)


def lives(rows: Iterable[Row]) -> dict[str, list[Span]]:
    """Serial -> where it was, from its first row on; of parts with more than one place, a gap, or that are gone."""
    by_serial: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_serial[row.serial].append(row)
    found = {serial: _spans(group) for serial, group in by_serial.items()}
    return {serial: spans for serial, spans in found.items() if len(spans) > 1 or spans[-1].gone}


def _present(rows: Sequence[Row], moment: datetime, names: Names) -> Iterable[PartState]:
    """Where one serial was. rows: those that had begun."""
    newest: dict[int, Row] = {}
    first: dict[int, datetime] = {}
    for row in sorted(rows, key=lambda one: (one.began, one.time, one.id)):
        if row.device_id is not None:
            newest[row.device_id] = row
            first.setdefault(row.device_id, row.began)
    for device_id, row in newest.items():
        missing = read_missing(row)
        if _is_gone(missing, moment) or any(_followed(row, other) for other in newest.values()):
            continue
        yield _state(row, moment, first[device_id], missing, names)


def _followed(row: Row, other: Row) -> bool:
    """True if the part was on another device after this row. At the same time on both, it is a cable with two ends."""
    return other.device_id != row.device_id and other.began > row.began and not overlap(row, other)


def _is_gone(missing: Missing | None, moment: datetime) -> bool:
    if missing is None:
        return False
    is_gone = missing.gone_since is not None and missing.gone_since <= moment
    return is_gone or (missing.to is not None and missing.at <= moment)


def _state(row: Row, moment: datetime, first: datetime, missing: Missing | None, names: Names) -> PartState:
    mark, content = row.mark or {}, row.content
    unseen = missing is not None and missing.since <= moment and missing.to is None
    device_id = row.device_id or 0
    return PartState(
        serial=row.serial,
        device_id=device_id,
        device=names.devices.get(device_id) or content["device_descriptor"] or f"device {device_id}",
        site=_name(names.sites, content["site"], content["site_descriptor"]),
        location=_name(names.locations, content["location"], content["location_descriptor"]),
        slot=row.slot,
        interface=_text(mark.get("interface")),
        name=content["name"],
        part=content["part"],
        category=content["category"],
        description=content["description"],
        manufacturer=_text(mark.get("manufacturer")),
        first_seen=format_time(first),
        last_seen=format_time(min(row.time, moment)),
        state=NOT_SEEN if unseen else SEEN,
        missing_since=format_time(missing.since) if missing and unseen else None,
    )


def _name(names: Mapping[int, str], key: int | None, descriptor: str | None) -> str | None:
    return (names.get(key) if key is not None else None) or descriptor


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _spans(rows: Iterable[Row]) -> list[Span]:
    """The rows of one serial as spans: rows of the same place one after the other are one."""
    found: list[Span] = []
    for row in sorted(rows, key=lambda one: (one.began, one.time, one.id)):
        missing = read_missing(row)
        device = row.content["device_descriptor"] or (
            f"device {row.device_id}" if row.device_id else "a deleted device"
        )
        gone = missing.gone_since if missing else None
        span = Span(row.serial, device, row.device_id, row.slot, row.began, row.time, gone)
        last = found[-1] if found else None
        if last and (last.device_id, last.slot, last.gone) == (span.device_id, span.slot, None):
            found[-1] = Span(**{**vars(last), "ended": max(last.ended, span.ended), "gone": span.gone})
        else:
            found.append(span)
    return found

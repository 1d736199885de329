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
from dataclasses import dataclass, replace
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


class _Found(NamedTuple):
    """A part that was on a device at the moment."""

    part: PartState
    arrived: datetime  #: when it came to the place where it is
    seen: datetime


def inventory_at(rows: Iterable[Row], moment: datetime, names: Names) -> list[PartState]:
    """The parts that were in the network at a moment, ordered by site, device and slot.

    When a device was deleted in NetBox is not on record. Its parts count until they were last seen.
    """
    by_serial: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.began <= moment:
            by_serial[row.serial].append(row)
    found = [part for group in by_serial.values() for part in _present(group, moment, names)]
    return sorted(_without_replaced(found), key=order)


def _without_replaced(found: Sequence[_Found]) -> Iterable[PartState]:
    """Without parts that were not seen since another one came to their place, and that place has one part at a time."""

    def place(one: _Found) -> tuple[int, str, str]:
        return (one.part.device_id, one.part.device, one.part.slot)

    places: dict[tuple[int, str, str], list[_Found]] = defaultdict(list)
    for one in found:
        if one.part.state == SEEN and one.part.slot:
            places[place(one)].append(one)
    for one in found:
        there = places.get(place(one), [])
        taken = len(there) == 1 and there[0].arrived > one.seen
        if one.part.state == SEEN or not taken:
            yield one.part


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


def _present(rows: Sequence[Row], moment: datetime, names: Names) -> Iterable[_Found]:
    """Where one serial was. rows: those that had begun."""
    stays: dict[_Device, list[Row]] = defaultdict(list)
    # Of two rows of a part on one device that overlap, as the older scripts have left them, the one counts that was
    # seen later.
    for row in sorted(rows, key=lambda one: (min(one.last_seen, moment), one.began, one.id)):
        stays[_device(row)].append(row)
    for device, stay in stays.items():
        row = stay[-1]
        missing = read_missing(row)
        others = [other for key, other in stays.items() if key != device]
        if _is_gone(missing, moment) or _is_deleted(row, moment) or any(_followed(row, other) for other in others):
            continue
        part = _state(row, moment, min(one.began for one in stay), missing, names)
        yield _Found(part, _arrived(stay), min(row.last_seen, moment))


#: A device: its id, or of one that was deleted in NetBox its name.
_Device = int | str  # pylint: disable=unsupported-binary-operation  # as in Python 3.11


def _device(row: Row) -> _Device:
    return str(row.content["device_descriptor"] or "") if row.device_id is None else row.device_id


def _arrived(stay: Sequence[Row]) -> datetime:
    """When the part came to where it is: rows with the same slot, between which it was not away, are one stay there."""
    began = stay[-1].began
    for row in reversed(stay):
        missing = read_missing(row)
        if row.slot != stay[-1].slot or (row is not stay[-1] and missing is not None and missing.settled):
            break
        began = min(began, row.began)
    return began


def _followed(row: Row, other: Sequence[Row]) -> bool:
    """True if the part was on another device after this row. At the same time on both, it is a cable with two ends."""
    return other[-1].began > row.began and not any(overlap(row, one) for one in other)


def _is_deleted(row: Row, moment: datetime) -> bool:
    """True if the device is not in NetBox any more, and the part was not seen on it since."""
    return row.device_id is None and row.last_seen < moment


def _is_gone(missing: Missing | None, moment: datetime) -> bool:
    if missing is None:
        return False
    is_gone = missing.gone_since is not None and missing.gone_since <= moment
    return is_gone or (missing.to is not None and missing.at <= moment)


def _state(row: Row, moment: datetime, first: datetime, missing: Missing | None, names: Names) -> PartState:
    mark, content = row.mark or {}, row.content
    unseen = missing is not None and missing.since <= moment
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
        last_seen=format_time(min(row.last_seen, moment)),
        state=NOT_SEEN if unseen else SEEN,
        missing_since=format_time(missing.since) if missing and unseen else None,
    )


def _name(names: Mapping[int, str], key: int | None, descriptor: str | None) -> str | None:
    return (names.get(key) if key is not None else None) or descriptor


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _spans(rows: Iterable[Row]) -> list[Span]:
    """The rows of one serial as spans: rows of the same place are one, unless the part was elsewhere in between."""
    found: list[Span] = []
    for row in sorted(rows, key=lambda one: (one.began, one.last_seen, one.id)):
        missing = read_missing(row)
        device = row.content["device_descriptor"] or (
            f"device {row.device_id}" if row.device_id else "a deleted device"
        )
        gone = missing.gone_since if missing else None
        span = Span(row.serial, device, row.device_id, row.slot, row.began, row.last_seen, gone)
        number = _continued(found, span)
        if number is None:
            found.append(span)
        else:
            last = found[number]
            found[number] = replace(last, ended=max(last.ended, span.ended), gone=span.gone)
    return found


def _continued(found: Sequence[Span], span: Span) -> int | None:
    """The position of the span that this one continues."""
    for number in reversed(range(len(found))):
        last = found[number]
        if _where(last) == _where(span):
            # A cable with two ends has rows on both devices by turns: those began while it was here.
            away = any(last.ended < one.began for one in found[number + 1 :])
            return None if last.gone or away else number
        if last.device_id == span.device_id and last.device_id is not None:
            return None  # it was in another slot since
    return None


def _where(span: Span) -> tuple[Any, ...]:
    """A device that was renamed is the same one; of one that was deleted, there is only the name."""
    return (span.device_id, span.slot, span.device if span.device_id is None else None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the probe table: what a record becomes, what NetBox answers, and how both compare.

Everything is compared as NetBox stores it (stripped, cut, None and "" alike); else rows would change every night.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from .._common.shapes import holds
from .._parts.record import Record

#: Longest text that a column takes, in characters. One longer value fails the whole bulk request.
LIMITS = {
    "serial": 255,
    "name": 255,
    "part": 255,
    "category": 255,
    "device_descriptor": 100,
    "site_descriptor": 100,
    "location_descriptor": 100,
}

#: The key of discovered_data that is ours. Every other key belongs to another user and is kept as it is.
MARK = "invmon"
#: Version of what is under MARK.
MARK_VERSION = 1

#: A difference in one of these, or in the slot, is another state of the part: a new row.
STATE_FIELDS = ("name", "part", "description", "category", "site", "location")
#: Names of the objects as text. A rename is the same state: updated in place.
DESCRIPTORS = ("device_descriptor", "site_descriptor", "location_descriptor")
#: Details kept under MARK that are updated in place (a software upgrade is not another part).
DETAILS = (
    "manufacturer",
    "hardware_rev",
    "firmware_rev",
    "software_rev",
    "is_fru",
    "alias",
    "asset_id",
    "manufactured",
    "member",
    "ends",
    "sysname",
    "platform",
    "snmp",
    "unreported",
)
#: What the device calls itself, what it is, "3" once it answered by SNMPv3, and what it cannot report over SNMP: kept
#: in the rows of its chassis, see guard.py. The last is reported when it changes.
SYSNAME, PLATFORM, SNMP, UNREPORTED = REMEMBERED = ("sysname", "platform", "snmp", "unreported")
#: The last of them of a device that reports everything.
EVERYTHING_REPORTED = "nothing"
#: Where the slot is, in addition to the name: compared only if both nights have it.
SLOT_FIELDS = ("slot", "interface", "position")
#: How the part was found, as of the night when the state began. Row numbers may change with each reboot of a device:
#: never compared.
ORIGIN = ("source", "index", "parent", "rule")

#: Under MARK: true for a row that was begun from a broken reading. The next whole one completes it in place.
PARTIAL = "partial"

#: Under MARK: how often complete collections did not show the part (see missing.py).
MISSING = "missing"
#: Under MARK: true in a row of the older scripts or of a user, of which only the keys next to it are ours.
FOREIGN = "foreign"
#: Under MARK: what the row began with (its fate, and what was before); of the night when the state began.
BEGAN = "began"
#: Under MARK, in one row of a device: when the device was last read completely, and the earliest `time` of the rows
#: that were left as they were then (see last_seen.py).
READ, OLDEST = "read", "oldest"

#: A breakout cable has up to eight ends and the one that they come from.
_ENDS_KEPT = 9
#: Longest text of what is kept under BEGAN, in characters.
_EVIDENCE = 100

#: The values under MARK are texts, numbers and booleans, except these.
_VALUE = (str, int, bool)
_KINDS = {MISSING: dict, BEGAN: dict, "ends": [str], "slot": str, "interface": str, READ: str, OLDEST: str}

_EARLIEST, _LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)

#: What NetBox's JSON column (NUL, lone surrogates: error 500) and its text columns (error 400) refuse.
_REFUSED = re.compile("[\x00\ud800-\udfff]")


def _is_ours(key: str, value: Any) -> bool:
    """False for a value that this collection never writes under that key."""
    kind = _KINDS.get(key)
    return type(value) in _VALUE if kind is None else holds(value, kind)


class BadRecord(ValueError):
    """A record that cannot become a row; the text contains the reason and what to do."""


@dataclass(frozen=True)
class Place:
    """The NetBox device that a part is filed under, with the names of the day."""

    device_id: int
    device_name: str | None = None
    site_id: int | None = None
    site_name: str | None = None
    location_id: int | None = None
    location_name: str | None = None


@dataclass(frozen=True)
class Row:
    """A probe as NetBox holds it."""

    id: int
    serial: str
    time: datetime  #: last time this state was seen
    creation_time: datetime | None  #: first time this state was seen
    device_id: int | None
    content: Mapping[str, Any]  #: the STATE_FIELDS (site and location as ids) and DESCRIPTORS
    data: Any  #: discovered_data, with any content
    tags: tuple[str, ...] = ()  #: slugs
    comments: str = ""
    #: When its device was read completely with this part in it, if that left the row as it was (see last_seen.py).
    seen_at: datetime | None = None

    @property
    def last_seen(self) -> datetime:
        """When the part was last seen in this state: at `time`, or later where its device's row has the later time."""
        return self.time if self.seen_at is None else max(self.time, self.seen_at)

    @property
    def began(self) -> datetime:
        """When the state began; a row without a first time began when it was seen."""
        return self.creation_time or self.time

    @cached_property
    def our_data(self) -> dict[str, Any]:
        """The content under MARK, without what cannot be ours: any user may edit it."""
        found = self.data.get(MARK) if isinstance(self.data, dict) else None
        if not isinstance(found, dict):
            return {}
        foreign = [key for key, value in found.items() if not _is_ours(key, value)]
        return {key: value for key, value in found.items() if key not in foreign} if foreign else found

    @property
    def mark(self) -> dict[str, Any] | None:
        """What we know of the state of the part; None for a row of the older scripts or of a user."""
        found = self.our_data
        return found if found and not found.get(FOREIGN) else None

    @property
    def slot(self) -> str:
        """Where the part was, in words."""
        return where_in(self.mark or {}, self.content)

    @property
    def path(self) -> str:
        """Where the part was, as its path below the chassis where that is known: it begins with what contains it."""
        return _path(self.mark or {}, self.content)


@dataclass(frozen=True)
class Wanted:
    """The row that a record should be."""

    serial: str
    content: dict[str, Any]  #: as Row.content
    mark: dict[str, Any]
    notes: list[str] = field(default_factory=list)  #: what had to be cut or removed, in words
    gaps: bool = False  #: some table broke off: what is empty may only be what was not read
    partial: bool = False  #: a table that the part was read from broke off: no field of it is certain but the serial

    @property
    def slot(self) -> str:
        """Where the part is, in words."""
        return where_in(self.mark, self.content)

    @property
    def path(self) -> str:
        """As of a Row."""
        return _path(self.mark, self.content)


def _path(mark: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    return str(mark.get("slot") or content["name"] or "")


def where_in(mark: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The interface, by which everybody knows an optic; else the slot; else the name."""
    return str(mark.get("interface") or mark.get("slot") or content["name"] or "")


def from_record(record: Record, place: Place, gaps: bool = False, partial: bool = False) -> Wanted:
    """The row for one record of the merge (gaps, partial: see Wanted). Raises BadRecord without a usable serial."""
    serial = usable_serial(record)
    notes: list[str] = []
    texts = {key: _column(key, getattr(record, key), notes) for key in ("name", "part", "description", "category")}
    name = texts["name"] or _column("name", texts["description"], notes) or texts["part"] or serial
    content = {
        **texts,
        "name": name,
        "site": place.site_id,
        "location": place.location_id,
        "device_descriptor": _column("device_descriptor", place.device_name, []),
        "site_descriptor": _column("site_descriptor", place.site_name, []),
        "location_descriptor": _column("location_descriptor", place.location_name, []),
    }
    mark = {**_mark(record), PARTIAL: True} if partial else _mark(record)
    return Wanted(serial, content, mark, [f"{serial}: {note}" for note in notes], gaps, partial)


def usable_serial(record: Record) -> str:
    """The record's serial, stripped. It is the part's identity: it is refused rather than repaired."""
    text = record.serial.strip()
    if not text:
        raise BadRecord("it has no serial; a probe is found by its serial, so nothing can be written for it")
    if _REFUSED.search(text):
        raise BadRecord("its serial holds a NUL or half a character, which NetBox refuses; clean it before the upload")
    if len(text) > LIMITS["serial"]:
        raise BadRecord(f"its serial has {len(text)} characters, NetBox takes {LIMITS['serial']}; read the part again")
    return text


def stored(value: Any) -> str | None:
    """Text as NetBox stores it: without NUL and half characters, stripped; None for nothing."""
    if value is None:
        return None
    return _REFUSED.sub("", str(value)).strip() or None


def small(value: Any) -> Any:
    """Plain data with its texts cut: evidence is kept in NetBox, not a second copy of a long description."""
    if isinstance(value, Mapping):
        return {key: small(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [small(inner) for inner in value]
    return value[:_EVIDENCE] if isinstance(value, str) else value


def _column(name: str, value: Any, notes: list[str]) -> str | None:
    text = stored(value)
    limit = LIMITS.get(name)
    if text and limit and len(text) > limit:
        notes.append(f"{name} cut from {len(text)} to {limit} characters")
        return text[:limit].strip()
    return text


def _mark(record: Record) -> dict[str, Any]:
    """What we keep in discovered_data: small, without empty values."""
    values = {key: _plain(getattr(record, key, None)) for key in (*DETAILS, "interface", "position", *ORIGIN)}
    values["slot"] = _slot(record)
    values["ends"] = _ends(record)
    return {"v": MARK_VERSION, **{key: value for key, value in sorted(values.items()) if value is not None}}


def _ends(record: Record) -> list[str] | None:
    """The names of both ends of a cable that begins and ends in one device: rows of one table with one serial."""
    tables: dict[Any, set[str]] = {}
    for row in record.merged_from:
        if row.category == "transceiver" and (name := stored(row.name)):
            tables.setdefault(row.source, set()).add(name)
    names = max(tables.values(), key=len, default=set())
    return sorted(names)[:_ENDS_KEPT] if len(names) > 1 else None


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, bool)) else stored(value)


def _slot(record: Record) -> str | None:
    """The path below the chassis. The chassis is the device itself; its name may change with the software."""
    path = stored(record.path)
    if path is None:
        return None
    return " / ".join(path.split(" / ")[1:]) or path


def parse_row(raw: Mapping[str, Any]) -> Row:
    """A Row from a reply of the REST API."""
    texts = ("name", "part", "description", "category", *DESCRIPTORS)
    content: dict[str, Any] = {key: stored(raw.get(key)) for key in texts}
    content.update(site=_reference(raw.get("site")), location=_reference(raw.get("location")))
    created = raw.get("creation_time")
    return Row(
        id=int(raw["id"]),
        serial=str(raw["serial"]).strip(),
        time=parse_time(raw["time"]),
        creation_time=parse_time(created) if created else None,
        device_id=_reference(raw.get("device")),
        content=content,
        data=raw.get("discovered_data"),
        tags=tuple(str(tag["slug"]) for tag in raw.get("tags") or () if isinstance(tag, Mapping) and tag.get("slug")),
        comments=str(raw.get("comments") or ""),
    )


def _reference(value: Any) -> int | None:
    """The id of a nested object."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return None if value is None else int(value)


def parse_time(text: str) -> datetime:
    """An instant from NetBox ("...T06:00:00.123456Z"; GraphQL: a blank for the T) or from a user; naive means UTC.

    NetBox accepts the years 1 to 9999: those at the ends are brought in, so that it can be
    reckoned with them. Raises ValueError.
    """
    moment = datetime.fromisoformat(str(text).strip())
    return min(max(moment if moment.tzinfo else moment.replace(tzinfo=UTC), _EARLIEST), _LATEST)


def format_time(moment: datetime) -> str:
    """ISO 8601 in UTC, as sent to NetBox."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Sighting:
    """Where and when a serial was last seen, by a row of another device."""

    serial: str
    time: datetime
    device_id: int | None  #: None: the device was deleted in NetBox
    device: str  #: its name, as text
    slot: str
    since: datetime | None = None  #: when this state began there
    category: str | None = None

    @property
    def began(self) -> datetime:
        """As of a Row."""
        return self.since or self.time

    @property
    def last_seen(self) -> datetime:
        """As of a Row."""
        return self.time


def overlap(one: Row | Sighting, other: Row | Sighting) -> bool:
    """True if both cover the same time: a part that moved cannot be in both places."""
    return one.began <= other.last_seen and other.began <= one.last_seen


def by_serial(found: Iterable[Row]) -> dict[str, Row]:
    """The row that counts for each serial: the newest; of twins the one with the lowest id, each night the same."""
    chosen: dict[str, Row] = {}
    for row in found:
        other = chosen.get(row.serial)
        if other is None or (row.time, -row.id) > (other.time, -other.id):
            chosen[row.serial] = row
    return chosen


def payload(wanted: Wanted) -> dict[str, Any]:
    """The content as the REST API takes it. It takes null for everything but description."""
    return {**wanted.content, "serial": wanted.serial, "description": wanted.content["description"] or ""}


def with_mark(data: Any, mark: Mapping[str, Any]) -> dict[str, Any]:
    """discovered_data with our key set and all others kept. A value that is not an object is kept under "value"."""
    if isinstance(data, dict):
        return {**data, MARK: dict(mark)}
    return {"value": data, MARK: dict(mark)} if data else {MARK: dict(mark)}

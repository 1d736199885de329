# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page shows, as plain texts and numbers: the template only lays it out.

All text of devices and of NetBox is made printable here; the template escapes it for HTML.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...module_utils._common.cells import UNBROKEN
from ...module_utils._history.parts import PartState
from ...module_utils._outgoing.text import printable
from ...module_utils._outgoing.words import count
from ...module_utils._report import records, words
from ...module_utils._report.data import Report
from ...module_utils._report.headline import Reading
from ...module_utils._report.needs import sentence
from .plots import Piece

Item = Mapping[str, Any]

#: Rows of a table in the HTML itself; what is beyond is in the files, and the page says how many.
MOST_CHANGES, MOST_ITEMS, MOST_BARS = 2_000, 1_000, 12
#: Devices with a link in one item.
_NAMED = 30


@dataclass(frozen=True)
class Kind:
    """A kind of open item."""

    heading: str
    short: tuple[str, str]  #: what is counted, one and many
    do: str
    tone: str
    devices: bool = True  #: devices are counted; else the items' own count


#: In the order of urgency: open decisions first, what proves nothing last.
KINDS: Mapping[str, Kind] = {
    "held": Kind("Held", ("device is held", "devices are held"), "check it, then release or accept it", "bad"),
    "not_written": Kind("Not written", ("device is not written", "devices are not written"), "see the reason", "bad"),
    "refused": Kind(
        "Credentials refused",
        ("device refuses the credentials", "devices refuse the credentials"),
        "check user, passphrases and protocols",
        "bad",
    ),
    "conflict": Kind(
        "Same serial number on two devices",
        ("serial number is on two devices", "serial numbers are on two devices"),
        "find out which device really has it",
        "warn",
        devices=False,
    ),
    "skipped": Kind(
        "Records that cannot be written",
        ("record cannot be written", "records cannot be written"),
        "see the reason",
        "warn",
        devices=False,
    ),
    "note": Kind("Notes", ("note", "notes"), "read it", "warn", devices=False),
    "gone": Kind(
        "Gone", ("part is gone", "parts are gone"), "order a spare, or correct the records", "warn", devices=False
    ),
    "not_seen": Kind(
        "Not seen",
        ("part is missing, not yet gone", "parts are missing, not yet gone"),
        "check whether it was removed on purpose",
        "warn",
        devices=False,
    ),
    "nothing known": Kind(
        "Nothing known",
        ("device reports no part", "devices report no part"),
        "add a profile, or send a recording",
        "warn",
    ),
    "no_identity": Kind(
        "Serial numbers on three devices or more",
        ("serial number is no identity", "serial numbers are no identity"),
        "nothing: they prove nothing about moves",
        "plain",
        devices=False,
    ),
    "unreachable": Kind(
        "Unreachable",
        ("device is unreachable", "devices are unreachable"),
        "check that it is up",
        "warn",
    ),
    "not read": Kind("Not read", ("device was not read", "devices were not read"), "see the reason", "warn"),
    "incomplete": Kind(
        "Incomplete",
        ("device was read incompletely", "devices were read incompletely"),
        "its missing parts prove nothing",
        "plain",
    ),
    "not asked": Kind("Not asked", ("device was not asked", "devices were not asked"), "nothing", "plain"),
}
#: What a device cannot report, and what was taken for no serial number: a section of its own.
COVERAGE, REJECTED = "coverage", "rejected"


@dataclass(frozen=True)
class Todo:
    """One line of "what to do"."""

    count: int
    text: str
    do: str
    tone: str
    anchor: str


@dataclass(frozen=True)
class ChangeRow:
    """A part that is not as it was."""

    slot: str
    fate: str
    part: str
    text: str
    serial: str
    before: str = ""  #: serial number of the part that was replaced


@dataclass(frozen=True)
class Device:
    """A device with its rows."""

    site: str
    name: str
    link: str | None
    rows: Sequence[Any]


@dataclass(frozen=True)
class OpenItem:
    """An open item, as a row."""

    devices: Sequence[tuple[str, str | None]]  #: name and link
    more: int  #: further devices
    where: str
    text: str
    since: str


def bar_of(found: Sequence[tuple[Reading, int]]) -> list[Piece]:
    """The same for a plot."""
    return [Piece(number, one.tone, f"{number:,} {one.words}") for one, number in found]


def todos(record: Item) -> list[Todo]:
    """What is to be done, the most urgent first."""
    found = []
    for key, kind in KINDS.items():
        items = [item for item in record.get("standing") or () if item.get("kind") == key]
        number = len({item.get("device") for item in items}) if kind.devices else _counted(key, items)
        if items:
            found.append(Todo(number, kind.short[number != 1], kind.do, kind.tone, key.replace(" ", "-")))
    return found


def in_order(found: Iterable[Todo]) -> list[Todo]:
    """The most urgent first, else in their order."""
    return sorted(found, key=lambda one: ("bad", "warn", "plain").index(one.tone))


def _counted(key: str, items: Sequence[Item]) -> int:
    return len(items) if key in ("gone", "not_seen", "note") else sum(int(item.get("count") or 1) for item in items)


def changes(report: Report) -> tuple[list[Device], int, int]:
    """The changes by site and device; how many parts they are, and how many of them are not shown."""
    named, total = records.named_changes(report.record)
    groups: dict[tuple[str, str, Any], list[ChangeRow]] = defaultdict(list)
    shown = 0
    for change, inside in records.with_what_was_inside(named):
        if shown >= MOST_CHANGES:
            break
        shown += 1 + len(inside)
        key = (printable(change.get("site") or ""), printable(change["device"]), change.get("device_id"))
        groups[key].append(_change(change, inside, report.now))
    found = [
        Device(site, name, device_link(report.links, device_id), rows)
        for (site, name, device_id), rows in groups.items()
    ]
    return found, total, total - shown


def _change(change: Item, inside: Sequence[Item], now: datetime) -> ChangeRow:
    before = change.get("before") or {}
    old = printable(before["serial"]) if change["fate"] == "replaced" and before.get("serial") else ""
    text = words.what_became(change, inside, now)
    serial = printable(change["serial"])
    return ChangeRow(
        slot=records.slot(change),
        fate=records.in_words(change["fate"]),
        part=words.model(change),
        text="" if old else text.removeprefix(serial).lstrip(", "),
        serial=serial,
        before=old,
    )


def open_items(report: Report) -> list[tuple[str, Kind, list[OpenItem], int]]:
    """The open items by kind: anchor, kind, rows, and how many are not shown."""
    by_kind: dict[str, list[Item]] = defaultdict(list)
    for item in report.record.get("standing") or ():
        by_kind[str(item.get("kind"))].append(item)
    ids = {one.device: one.device_id for one in report.parts}
    found = []
    for key, kind in KINDS.items():
        rows = [_open(item, report, ids) for item in by_kind.get(key, ())]
        if rows:
            shown = _same_together(rows)
            found.append((key.replace(" ", "-"), kind, shown[:MOST_ITEMS], max(len(shown) - MOST_ITEMS, 0)))
    return found


def _open(item: Item, report: Report, ids: Mapping[str, int]) -> OpenItem:
    names = [str(name) for name in item.get("devices") or [item["device"]] if name] if _has_device(item) else []
    number = int(item.get("device_count") or len(names))
    since = str(item.get("since") or "")
    if item["kind"] in ("gone", "not_seen"):
        text = f"{printable(item.get('part') or '')} {printable(item.get('serial') or '')}".strip()
        if holder := (item.get("evidence") or {}).get("within"):
            text += f", in {printable(holder)}"
    else:
        text = sentence(item).replace(UNBROKEN, " ")
    return OpenItem(
        devices=[(printable(name), device_link(report.links, ids.get(name))) for name in names[:_NAMED]],
        more=number - min(len(names), _NAMED),
        where=" · ".join(printable(item[key]) for key in ("site", "slot") if item.get(key)),
        text=text,
        since=words.moment(since, report.now) if since else "",
    )


def _has_device(item: Item) -> bool:
    return bool(item.get("devices") or item.get("device"))


def _same_together(rows: Sequence[OpenItem]) -> list[OpenItem]:
    """Devices of which the same is known are one row: the reason is read once."""
    groups: dict[str, list[OpenItem]] = {}
    for row in rows:
        groups.setdefault(row.text, []).append(row)
    found = []
    for text, group in groups.items():
        if len(group) < 3:
            found += group
            continue
        devices = list(dict.fromkeys(device for row in group for device in row.devices))
        sites = sorted({row.where for row in group if row.where})
        where = sites[0] if len(sites) == 1 else count(len(sites), "site") if sites else ""
        found.append(OpenItem(devices[:_NAMED], max(len(devices) - _NAMED, 0), where, text, ""))
    return found


def coverage(record: Item) -> tuple[list[dict[str, Any]], list[tuple[str, int, int]]]:
    """What devices cannot report (text, devices, how many), and the texts that are no serial numbers (why, how many,
    on how many devices)."""
    items = [item for item in record.get("standing") or () if item.get("kind") == COVERAGE]
    gaps = [
        {
            "text": printable(item.get("text") or ""),
            "devices": [printable(name) for name in item.get("devices") or ()][:_NAMED],
            "number": int(item.get("device_count") or 0),
        }
        for item in sorted(items, key=lambda one: -int(one.get("device_count") or 0))
    ]
    rejected = [
        (printable(item.get("text") or ""), int(item.get("count") or 0), int(item.get("device_count") or 0))
        for item in record.get("standing") or ()
        if item.get("kind") == REJECTED
    ]
    return gaps, sorted(rejected, key=lambda one: -one[1])


def device_link(netbox: str | None, device_id: Any) -> str | None:
    """The device's page in NetBox; None for one that was deleted there."""
    if not netbox or not isinstance(device_id, int) or device_id <= 0:
        return None
    return f"{netbox.rstrip('/')}/dcim/devices/{device_id}/"


def counted(parts: Iterable[PartState], field_name: str, most: int = MOST_BARS) -> list[tuple[str, int]]:
    """How many parts have which value; beyond the first ones, the rest together."""
    found = Counter(printable(getattr(one, field_name) or "not known") for one in parts)
    ranked = found.most_common()
    rest = ranked[most:]
    return [*ranked[:most], *([(f"{len(rest):,} others", sum(number for _name, number in rest))] if rest else [])]


def spares(parts: Iterable[PartState]) -> list[tuple[str, str, int, int]]:
    """(part number, category, how many, on how many devices), the most frequent first."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in parts:
        if one.part:
            groups[printable(one.part), printable(one.category or "")].append(one.device_id)
    found = [(part, category, len(devices), len(set(devices))) for (part, category), devices in groups.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def ages(parts: Iterable[PartState], now: datetime) -> list[tuple[str, int]]:
    """How many parts were last seen how long ago."""
    limits = ((1, "24 h"), (2, "2 days"), (7, "7 days"), (30, "30 days"), (90, "90 days"))
    found: Counter[str] = Counter()
    for one in parts:
        age = now - datetime.fromisoformat(one.last_seen) if one.last_seen else None
        label = (
            "never" if age is None else next((word for days, word in limits if age < timedelta(days=days)), "longer")
        )
        found[label] += 1
    words_in_order = (*(word for _days, word in limits), "longer", *(["never"] if found["never"] else []))
    return [(word, found[word]) for word in words_in_order]

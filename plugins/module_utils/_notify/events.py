# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which results of a night are events, and which are only facts.

A part that another device shows, a serial number that many devices share, a device that was read incompletely or not at
all: none of these proves that a part is lost, so none is an event of loss. What was not proven is a section of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._outgoing.text import printable
from .._report import needs, records, words

Item = Mapping[str, Any]

#: From the least to the most.
NOTICE, WARNING, ALERT = SEVERITIES = ("notice", "warning", "alert")

#: Fate of a change, kind of an open item -> how bad it is.
FATES = {
    "new": NOTICE, "replaced": NOTICE, "changed": NOTICE, "moved": NOTICE, "swapped": NOTICE, "returned": NOTICE,
    "not_seen": WARNING, "gone": ALERT, "deleted": NOTICE,
}  # fmt: skip
KINDS = {
    "held": ALERT, "not_written": ALERT, "refused": WARNING, "unreachable": WARNING, "not read": WARNING,
    "conflict": WARNING, "skipped": WARNING, "nothing known": NOTICE, "note": NOTICE, "gone": WARNING,
}  # fmt: skip
#: Open items that prove nothing: counted in a message, never a reason for one.
NOT_PROVEN = ("incomplete", "not asked", "unreachable", "not read", "refused")


@dataclass(frozen=True)
class Event:
    """One thing that happened, or that is open."""

    word: str  #: the fate of a change, or the kind of an open item
    severity: str
    text: str  #: a line for people, fit for any channel
    site: str | None = None
    device: str | None = None
    devices: Sequence[str] = ()  #: of an item that is about several
    category: str | None = None
    key: str = ""  #: what it is about: of an open item the same each night, of a change another one each time
    state: str = ""  #: of an open item: what is known of it
    data: Item = field(default_factory=dict)  #: the record of `changes` or `standing`; of a scan, the fields of a host
    is_change: bool = False  #: True for what happened in this run
    is_scan: bool = False  #: it is about the last scan of networks, or a host of it
    inside: Sequence[Item] = ()  #: the records of the parts that were in this one


def events_of(record: Item, now: datetime) -> list[Event]:
    """The events of a run, changes first, in their order."""
    return [*_changes(record, now), *_open(record, now)]


def not_proven(record: Item) -> list[tuple[str, int]]:
    """(kind, devices) of what a run could not find out."""
    found = {kind: {one.get("device") for one in _items(record) if one.get("kind") == kind} for kind in NOT_PROVEN}
    return [(kind, len(devices)) for kind, devices in found.items() if devices]


def _changes(record: Item, now: datetime) -> Iterator[Event]:
    shared = _shared_serials(record)
    named = [one for one in records.named_changes(record)[0] if one.get("serial") not in shared]
    for change, inside in records.with_what_was_inside(named):
        fate = change["fate"]
        place = " ".join(filter(None, (records.where(change), records.slot(change))))
        text = f"{place}: {records.in_words(fate)} {words.model(change)} {words.what_became(change, inside, now)}"
        yield Event(
            fate, FATES.get(fate, NOTICE), " ".join(text.split()), change.get("site"), change.get("device"),
            category=change.get("category"), key=_key_of_change(change), state=_state(change), data=change,
            is_change=True, inside=inside,
        )  # fmt: skip


def _key_of_change(change: Item) -> str:
    if change["fate"] == "gone":
        return _key("gone", change)  # from the next night on it is an open item, which is no news then
    return digest([change["fate"], change.get("time"), change["device"], change["serial"], change.get("netbox")])


def _key(kind: str, one: Item) -> str:
    return digest([kind, one.get("device"), one.get("slot"), one.get("serial"), *(one.get("devices") or ())])


def _state(one: Item) -> str:
    return digest([one.get("text"), one.get("count", 1), one.get("answer")])


def _shared_serials(record: Item) -> set[str]:
    """Serial numbers that are no identity: constants of a factory, unknown placeholders."""
    found: set[str] = set()
    for one in _items(record):
        if one.get("kind") == "no_identity":
            found.update((one.get("evidence") or {}).get("serials") or [one.get("serial")])
    return found


def _open(record: Item, now: datetime) -> Iterator[Event]:
    gone = records.with_what_was_inside([one for one in _items(record) if one.get("kind") == "gone"])
    items = [(one, ()) for one in _items(record) if one.get("kind") in KINDS and one.get("kind") != "gone"]
    for one, inside in [*items, *gone]:
        kind = str(one["kind"])
        text = ", ".join([_words(one, kind, now), *words.with_inside(inside)])
        yield Event(
            kind, KINDS[kind], " ".join(text.split()), one.get("site"), one.get("device"),
            tuple(one.get("devices") or ()), one.get("category"), key=_key(kind, one),
            state=_state(one), data=one, inside=inside,
        )  # fmt: skip


def _words(one: Item, kind: str, now: datetime) -> str:
    where = records.where(one) or words.listed(one.get("devices") or (), 3, one.get("device_count"))
    if kind == "gone":
        slot, since = printable(one.get("slot") or ""), words.moment(one.get("since"), now)
        return f"{where} {slot}: gone since {since}: {printable(one.get('part') or '')} {printable(one['serial'])}"
    return f"{where}: {records.in_words(kind)}: {needs.sentence(one)}"


def _items(record: Item) -> Sequence[Item]:
    found: Sequence[Item] = record.get("standing") or ()
    return found


def digest(values: Sequence[Any]) -> str:
    """A short text that is the same for the same values."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:20]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users should check after a run, a row of text for each: from the `standing` of its data.

What many devices have in common is one row for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .._common.cells import UNBROKEN
from .._outgoing.text import printable
from .._outgoing.words import count, listed
from .words import moment

#: Items about parts: said as open since earlier.
OPEN = ("gone", "not_seen")
#: Parts that were last seen longer ago are only counted: users no longer look for them.
RECENT = timedelta(days=30)
#: From this number of devices on, what they have in common is one row.
_SAME = 3
#: So many rows are said.
_ROWS = 20

#: Kind -> what it is called; the others are called by their own word.
_WORDS = {"not_written": "not written", "no_identity": "no identity", "skipped": "not written"}
#: Kinds that are no trouble, or said elsewhere.
_ELSEWHERE = (*OPEN, "coverage", "rejected")

Item = Mapping[str, Any]
Cells = Sequence[str]


class _Said(NamedTuple):
    """The words for an item: items of one kind with the same words share a row."""

    kind: str
    text: str


def rows(run: Mapping[str, Any], now: datetime, verbose: bool) -> tuple[list[Cells], int]:
    """The rows (device, kind, sentence), and how many items are left out."""
    earlier = {id(item) for item in held_since_earlier(run)}
    items = [item for item in run.get("standing") or () if item["kind"] not in _ELSEWHERE and id(item) not in earlier]
    groups: dict[_Said, list[Item]] = {}
    for item in items:
        said = _Said(_WORDS.get(item["kind"], item["kind"]), sentence(item))
        groups.setdefault(said, []).append(item)
    found = [(row, len(group)) for said, group in groups.items() for row, group in _rows_of(said, group, now)]
    shown = found if verbose else found[:_ROWS]
    return [row for row, _number in shown], sum(number for _row, number in found[len(shown) :])


def held_since_earlier(run: Mapping[str, Any]) -> list[Item]:
    """The devices that an earlier run held as well."""
    return [item for item in run.get("standing") or () if item["kind"] == "held" and item.get("earlier")]


def is_recent(item: Item, now: datetime) -> bool:
    """True if the part was last seen not too long ago."""
    try:
        seen = datetime.fromisoformat(str((item.get("evidence") or {}).get("last_seen") or item.get("since")))
    except ValueError:
        return True
    return now - seen <= RECENT


def sentence(item: Item, since: str = "") -> str:
    """What is wrong, and what to do. since: a sentence that says since when."""
    text = printable(item.get("text") or "")
    number, serial = item.get("count", 1), printable(item.get("serial") or "")
    match item["kind"]:
        case "held":
            verb = "Accept" if "upload_accept" in str(item.get("answer")) else "Release"
            return f"{text}.{since} {verb}: {printable(item.get('answer')).replace(' ', UNBROKEN)}"
        case "incomplete":
            return f"{text.rstrip('.')}; missing parts are not counted"
        case "nothing known":
            number = (item.get("evidence") or {}).get("enterprise")
            prefix = f"enterprise {number}: " if number is not None else ""
            return f"{prefix}{text}. {printable(item.get('answer'))}"
        case "not_written" if serial:
            return f"{count(number, 'row')}, {serial} first: {text}"
        case "not_written" if item.get("answer"):
            return f"{_stop(text)} {printable(item['answer'])}."
        case "skipped":
            return f"{serial}: {text}"
        case "conflict":
            same = _serials(item)
            return f"report {same}: one of them is not the device in NetBox, or the serial is not unique"
        case "no_identity":
            return f"report {_serials(item)}: kept on each of them, not used to detect moves"
    if item["kind"] in ("unreachable", "refused", "not read", "not asked") and since:
        return f"{_stop(text)}{since}"
    return text


def _serials(item: Item) -> str:
    serials, number = (item.get("evidence") or {}).get("serials") or [item.get("serial")], item.get("count", 1)
    noun = "the same serial" if number == 1 else f"the same {number:,} serials"
    return f"{noun} {listed(serials, 5, number)}"


def _rows_of(said: _Said, group: Sequence[Item], now: datetime) -> Iterator[tuple[Cells, list[Item]]]:
    """One row for each item; one for all where many say the same."""
    if len(group) < _SAME:
        for item in group:
            names = item.get("devices") or [item.get("device")]
            yield [listed(names, 3, item.get("device_count")), said.kind, sentence(item, _since(item, now))], [item]
        return
    names = [name for item in group for name in item.get("devices") or [item.get("device")]]
    yield [count(len(group), "device"), said.kind, f"{_stop(said.text)} Devices: {listed(_once(names))}"], list(group)


def _since(item: Item, now: datetime) -> str:
    """When a device was last written, of which nothing is."""
    return f" Last written {moment(item['since'], now)}." if item.get("since") else ""


def _stop(text: str) -> str:
    """The text as a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _once(names: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(names))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided from several rows: one optic under two serials, and several parts under one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .._parts.item import TRANSCEIVER, Item
from .collection import Collection
from .entity_table import ENTITY
from .transceivers import has_one_lane

#: The four letters of its maker before the serial of an optic: FINIK7Q44100 is what the label calls K7Q44100.
_MAKER = re.compile(r"[A-Z]{4}(?=[A-Z0-9]*\d)[A-Z0-9]{6,}")
_MAYBE_OPTIC = frozenset({TRANSCEIVER, "port", "module", "other", "unknown", "container"})

#: The ends of a cable are two parts of one serial, and so are those of one that is broken out.
_CABLE = re.compile(r"\b(?:A?CU|DAC|AOC|twinax|cable|passive|copper|breakout)\b|(?:CU|AOC|DAC)-?\d|\bCR\d?\b", re.I)
#: What has one end.
_ONE_END = re.compile(r"BASE-?(?:[SLEZF][RX]|LRM|BX)|\b(?:[SLEZF]R\d{0,2}|LRM|[SLEZB]X|LH)\b", re.I)
_CABLE_ENDS = 2
#: Parts of which each has a label of its own, and what several are called.
_EACH_ITS_OWN = {
    TRANSCEIVER: "optics",
    "powerSupply": "power supplies",
    "storageDrive": "drives",
    "battery": "batteries",
}
#: Places that are named.
_MOST_NAMED = 8


def settle_optics(collection: Collection) -> None:
    """Join what two tables name differently, and report which parts share a serial."""
    collection.items = _joined(collection.items)
    groups: dict[tuple[str, str, str], list[Item]] = {}
    for item in collection.items:
        entity_optic = item.source == ENTITY.name and item.category == TRANSCEIVER  # see entity_optics.py
        if item.category in _EACH_ITS_OWN and not entity_optic:
            groups.setdefault((item.source, item.category, item.serial), []).append(item)
    for (_source, category, serial), items in groups.items():
        places = _places(items)
        if len(places) > 1:
            say_shared(collection, serial, places, [text for item in items for text in texts_of(item)], category)


def texts_of(item: Item) -> list[str | None]:
    return [item.name, item.description, item.part]


def say_shared(
    collection: Collection, serial: str, places: Sequence[str], texts: Iterable[str | None], category: str = TRANSCEIVER
) -> None:
    """Report that parts in several places have one serial, unless they are the ends of a cable."""
    said = [text for text in texts if text]
    optics = category == TRANSCEIVER
    one_end = any(_ONE_END.search(text) for text in said)
    if optics and (any(_CABLE.search(text) for text in said) or (len(places) <= _CABLE_ENDS and not one_end)):
        return
    count = len(places)
    what = f"{count} {_EACH_ITS_OWN[category]} in {count} {'ports' if optics else 'places'}"
    named = ", ".join(places[:_MOST_NAMED]) + (", ..." if count > _MOST_NAMED else "")
    collection.cover(f"one serial in several places: {what} ({named}) show {serial}, and are one record")


def _places(items: list[Item]) -> list[str]:
    """The names of places that are no other's: neither inside it, nor a lane of it, nor called after it."""
    outer = {item.index for item in items}
    lanes = not any(has_one_lane(texts_of(item)) for item in items)
    found: dict[str, None] = {}
    for item in items:
        name = item.interface or item.name or item.index
        port = name.rpartition("/")[0] or name if lanes and item.category == TRANSCEIVER else name
        known = any(name.startswith(other) or other.startswith(name) for other in found)
        if not outer.intersection(item.ancestors) and not known:
            found[port] = None
    return list(found)


def _joined(items: list[Item]) -> list[Item]:
    """Of one optic in two tables, the serial without the letters of its maker is the one on the label."""
    sources: dict[str, set[str]] = {}
    for item in items:
        if item.category in _MAYBE_OPTIC:
            sources.setdefault(item.serial, set()).add(item.source)
    optics: Mapping[str, bool] = {item.serial: True for item in items if item.category == TRANSCEIVER}
    found = []
    for item in items:
        short = item.serial[4:] if _MAKER.fullmatch(item.serial) else ""
        elsewhere = sources.get(short, set()) - {item.source}
        same = elsewhere and item.category in _MAYBE_OPTIC and (short in optics or item.serial in optics)
        found.append(replace(item, serial=short) if same else item)
    return found

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a row that is a part to the Item: its fields, its name, its interface, and its path from the chassis down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .._parts.item import Item
from .._snmp.agent import Agent, Index
from .._snmp.transport import dotted
from .interfaces import if_names
from .profile import TEXTS, Source
from .profile_rows import ProfileRow
from .profile_source_rows import SourceRows
from .values import joined


@dataclass
class ProfileItems:
    """The items of one device."""

    rows: SourceRows
    #: (source, index) of an item that points at an interface -> its ifIndex, and the rows that contain the item
    _pointing: dict[tuple[str, str], tuple[int, list[ProfileRow]]] = field(default_factory=dict)

    def make(self, row: ProfileRow, serial: str) -> Item:
        """The part of a row."""
        source = row.source
        if_index = row.number("if_index")
        places = self.rows.containing(row)
        item = Item(
            serial,
            index_text(row.index),
            source.name,
            category=row.category() or "module",
            category_rule=source.name,
            is_fru=row.truth("is_fru"),
            manufactured=row.day("manufactured"),
            position=row.number("position"),
            member=row.number("member"),
            parent=dotted(places[0].index) if places else None,
            ancestors=tuple(dotted(place.index) for place in places if place.source is source),
            **{name: row.first(name) for name in (*TEXTS, "interface")},
        )
        item = replace(item, name=item.name or item.interface or (None if if_index else _nameless(item, source)))
        if if_index:
            self._pointing[item.source, item.index] = if_index, places
        return replace(item, path=_path_in(item, places)) if item.name or not if_index else item

    def named(self, agent: Agent, items: Iterable[Item]) -> list[Item]:
        """The items, those that point at an interface with its name."""
        indexes = [if_index for if_index, _places in self._pointing.values()]
        names = if_names(agent, indexes) if indexes else {}
        return [self._named(item, names) for item in items]

    def _named(self, item: Item, names: Mapping[int, str]) -> Item:
        if_index, places = self._pointing.get((item.source, item.index), (0, []))
        if not if_index:
            return item
        interface = item.interface or names.get(if_index)
        item = replace(item, interface=interface, name=item.name or interface)
        return replace(item, path=item.path or _path_in(item, places))


def index_text(index: Index) -> str:
    """The index of a row as an Item has it; of scalars, their instance."""
    return dotted(index) or "0"


def label(row: ProfileRow) -> str | None:
    """What a row is called."""
    return row.first("name") or row.first("interface")


def _nameless(item: Item, source: Source) -> str:
    """What a part is called whose table has no names."""
    if item.category != "chassis":
        return f"{source.name} {item.index}"
    return f"Chassis {item.index}" if source.entry else "Chassis"


def _path_in(item: Item, places: list[ProfileRow]) -> str | None:
    """Names from the chassis down to the part. places: the rows that contain it, the nearest first."""
    # The outermost row may be the chassis itself, or a member of the stack: then the path begins with it.
    rooted = bool(places) and (places[-1].source.members or places[-1].category() == "chassis")
    return _path(item, [label(place) or dotted(place.index) for place in reversed(places)], rooted)


def _path(item: Item, above: list[str], rooted: bool) -> str | None:
    """Names from the chassis down to the part. rooted: the first of those above it is the chassis."""
    if not item.name or (item.category == "chassis" and not above):
        return item.name
    root = [] if rooted else [f"Unit {item.member}" if item.member is not None else "Chassis"]
    return joined([*root, *above, item.name])

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a row that is a part to the Item: its fields, its name, its interface, and its path from the chassis down."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._parts.item import Item
from .._snmp.agent import Agent, Index
from .interfaces import if_names
from .profile import TEXTS, Source
from .profile_rows import ProfileRow
from .profile_source_rows import SourceRows
from .values import dotted, joined


@dataclass
class ProfileItems:
    """The items of one device."""

    rows: SourceRows
    #: items whose interface is known by ifIndex only, each with the rows that contain it
    _unnamed: list[tuple[Item, int, list[ProfileRow]]] = field(default_factory=list)

    def make(self, row: ProfileRow, serial: str) -> Item:
        """The part of a row."""
        source = row.source
        item = Item(serial, index_text(row.index), source.name, category=row.category() or "module")
        item.category_rule = source.name
        for name in (*TEXTS, "interface"):
            setattr(item, name, row.first(name))
        item.is_fru = row.truth("is_fru")
        item.manufactured = row.day("manufactured")
        item.position = row.number("position")
        item.member = row.number("member")
        if_index = row.number("if_index")
        places = self.rows.containing(row)
        if if_index:
            self._unnamed.append((item, if_index, places))
        item.name = item.name or item.interface or (None if if_index else _nameless(item, source))
        item.parent = dotted(places[0].index) if places else None
        item.ancestors = [dotted(place.index) for place in places if place.source is source]
        if item.name or not if_index:
            item.path = _path_in(item, places)
        return item

    def name_interfaces(self, agent: Agent) -> None:
        """Give the items that point at an interface its name."""
        indexes = [if_index for _item, if_index, _places in self._unnamed]
        names = if_names(agent, indexes) if indexes else {}
        for item, if_index, places in self._unnamed:
            item.interface = item.interface or names.get(if_index)
            item.name = item.name or item.interface
            item.path = item.path or _path_in(item, places)


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

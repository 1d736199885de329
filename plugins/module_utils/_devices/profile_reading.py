# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a profile: its scalars and tables in their order, what completes what, and what is not reported."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._parts.inventory import Member
from .._parts.item import Item
from .._parts.serials import Verdict
from .._snmp.agent import SCALARS, Agent, Table, TableStatus
from .collection import Collection
from .entity_table import ENTITY, OVERVIEW
from .interfaces import IF_TABLE, IF_X_TABLE
from .profile import Layout, Source
from .profile_items import ProfileItems, index_text, label
from .profile_parts import judge, parts_of
from .profile_source_rows import SourceRows


def first_columns(layout: Layout) -> list[tuple[Table, tuple[str, ...]]]:
    """The columns that decide what is a part, of all tables but those of the last resort."""
    return [(source.table, source.keys) for source in layout.tables if source.keys and not source.fallback]


@dataclass
class Reading:
    """One device while a profile is followed."""

    agent: Agent
    collection: Collection
    layout: Layout
    rows: SourceRows = field(init=False)
    _items: ProfileItems = field(init=False)

    def __post_init__(self) -> None:
        self.rows = SourceRows(self.agent, self.layout, self.collection.system)
        self._items = ProfileItems(self.rows)

    def prefetch(self, with_entity: bool) -> None:
        """Walk the columns that decide what is a part, of all tables, in shared requests: a missing table is free.

        The scalars come with them.
        """
        wanted = [*([(ENTITY, OVERVIEW)] if with_entity else []), *first_columns(self.layout)]
        scalars = self.rows.oids_of(group for group in self.layout.scalars if not group.fallback)
        if wanted:
            self.agent.read(*wanted, scalars=scalars)

    def describing(self) -> list[Source]:
        """The tables whose index is entPhysicalIndex."""
        return [source for source in self.layout.tables if source.describes_entity and not source.fallback]

    def member_roles(self) -> dict[int, str | None]:
        """The members of a stack by number, with their roles, by the table that the profile names for them."""
        source = self.layout.table(self.layout.entity.members or "")
        rows = self.agent.columns(source.table, tuple(source.table.columns)) if source else {}
        made = {index[0]: self.rows.row(source, index, cells) for index, cells in rows.items() if source and index}
        return {number: row.text("role") for number, row in made.items()}

    def read_sources(self) -> None:
        """The parts that scalars and tables report; those of the last resort only where nothing else did."""
        groups = self.layout.scalars
        tables = [source for source in self.layout.tables if source.keys and "serial" in source.fields]
        self._read_scalars([group for group in groups if not group.fallback])
        for source in tables:
            if not source.fallback:
                self._read_table(source)
        if self.agent.fell_silent():
            # What takes the place of a table that did not answer this time would look like another part.
            return
        empty = not self.collection.items
        chassis = [item for item in self.collection.items if item.category == "chassis"]
        fallback = [group for group in groups if group.fallback]
        if not chassis:
            self._read_scalars(fallback)
        elif len(chassis) == 1 and not chassis[0].part:
            self._complete(chassis[0], [group for group in fallback if "part" in group.fields])
        last = [source for source in tables if source.fallback and empty]
        self.agent.read(*((source.table, source.keys) for source in last))
        for source in last:
            self._read_table(source)

    def finish(self) -> None:
        """Name the interfaces, and note what this platform never reports."""
        self.collection.items = self._items.named(self.agent, self.collection.items)
        found = {item.category for item in self.collection.items}
        for category, sentence in self.layout.coverage.items():
            if category not in found and not self.agent.fell_silent():
                self.collection.cover(sentence)
        self._tie()

    def _read_scalars(self, groups: list[Source]) -> None:
        self.rows.read_scalars(groups)
        for group in groups:
            row = self.rows.scalars(group)
            found = Verdict("", None) if self.rows.is_void(row) else judge(self.collection, row)
            if found.reason:
                self.collection.reject(found.serial, found.reason, index_text(()), label(row), group.name)
            elif found.serial:
                self._add(self._items.make(row, found.serial), group)

    def _complete(self, chassis: Item, groups: list[Source]) -> None:
        """Take the model of the one chassis from a group that reports the same serial."""
        self.rows.read_scalars(groups)
        for group in groups:
            row = self.rows.scalars(group)
            if not self.rows.is_void(row) and judge(self.collection, row) == Verdict(chassis.serial, None):
                chassis = self.collection.change(chassis, part=chassis.part or row.first("part"))

    def _read_table(self, source: Source) -> None:
        by_index = {item.index: item for item in self.collection.items if item.source == ENTITY.name}
        found = [(row, self._items.make(row, serial)) for row, serial in parts_of(self.rows, self.collection, source)]
        for _row, item in found:
            other = by_index.get(item.index) if source.describes_entity else None
            if other is None:
                self._add(item, source)
            elif other.serial != item.serial:
                # It completes the row of ENTITY-MIB: it is one part, whatever two tables call it.
                self.collection.cover(
                    f"contradicting serials for {other.name or item.name}: {ENTITY.name} reports {other.serial}, "
                    f"{source.name} reports {item.serial}; the first is listed"
                )
        if source.members and len(found) > 1 and not self.collection.members:
            self.collection.members.extend(
                Member(item.member, item.serial, item.part, row.first("role"))
                for row, item in found
                if item.member is not None
            )

    def _add(self, item: Item, source: Source) -> None:
        self.collection.items.append(item)
        self.collection.tables.setdefault(source.name, TableStatus(rows=1))
        if source.note:
            self.collection.cover(source.note)
        if not source.entry and item.category == "chassis":
            self.collection.scalars.add(source.name)

    def _tie(self) -> None:
        """The tables complete each other. One that is optional counts if it fell silent: it may answer tomorrow."""
        tables = [source.table for source in self.layout.tables] + [IF_X_TABLE, IF_TABLE]
        names = [table.name for table in tables if table.required or self.agent.broke_off(table)]
        names += [group.name for group in self.layout.scalars]
        if names:
            self.collection.tie(ENTITY.name, SCALARS, *names)

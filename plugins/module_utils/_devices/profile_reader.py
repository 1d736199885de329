# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a device by its profile: ENTITY-MIB, the vendor's scalars and tables, and what joins them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .._parts.labels import Raw
from .._snmp.agent import Agent, Index
from .._snmp.transport import dotted
from .collection import Collection
from .entity import read_entity
from .entity_table import BETTER, CATEGORY_RULE, MemberTable, VendorTables
from .profile import TEXTS, Layout, Source
from .profile_reading import Reading
from .profile_rows import ProfileRow
from .profile_source_rows import own_columns


def read_profile(agent: Agent, collection: Collection, layout: Layout, member_table: MemberTable | None = None) -> None:
    """Read ENTITY-MIB completed by the vendor's tables, then what only these have.

    member_table: the numbers of stack members, see read_entity().
    """
    reading = Reading(agent, collection, layout)
    reading.prefetch(with_entity=layout.entity.read)
    if layout.entity.read:
        options = layout.entity
        vendor_tables = _ProfileTables(reading) if reading.describing() else None
        roles = reading.member_roles if options.members else None
        read_entity(
            agent,
            collection,
            stacks=options.stacks,
            member_table=member_table,
            vendor_tables=vendor_tables,
            models=options.vendor_types,
            roles=roles,
        )
    reading.read_sources()
    reading.finish()


def read_sources(agent: Agent, collection: Collection, layout: Layout) -> None:
    """The vendor's scalars and tables alone, for readers that read everything else in their own way."""
    reading = Reading(agent, collection, layout)
    reading.prefetch(with_entity=False)
    reading.read_sources()
    reading.finish()


def doubts(agent: Agent, collection: Collection, layout: Layout) -> list[str]:
    """Sentences about what a profile names and this device does not have: its author may have misspelt it."""
    reported = {row.source for row in collection.rejected} | {item.source for item in collection.items}
    found = []
    for source in layout.tables:
        status = agent.tables.get(source.name)
        entry = dotted(source.entry)
        if source.fallback or source.name in reported or status is None or not status.complete:
            continue
        if not status.rows:
            found.append(f"profile {collection.platform}: {source.name} has no row below {entry}")
        elif "serial" in source.fields and not source.describes_entity:
            found.append(f"profile {collection.platform}: {source.name} has {status.rows} rows, none with a serial")
    for group in layout.scalars:
        own = {name: column.oid for name, column in own_columns(group)}
        if own and not group.fallback and not agent.scalars(own):
            found.append(f"profile {collection.platform}: {group.name} has no value; the OID of a scalar ends with .0")
    return found


@dataclass
class _ProfileTables(VendorTables):
    """The profile's tables whose index is entPhysicalIndex."""

    reading: Reading

    def serials(self) -> dict[int, tuple[Raw, bool]]:
        """Of the rows that are not void; the first table that has one counts."""
        found: dict[int, tuple[Raw, bool]] = {}
        for source in self.reading.describing():
            rows = self.reading.agent.columns(source.table, source.keys) if source.keys else {}
            for index, cells in rows.items():
                row = self.reading.rows.row(source, index, cells)
                serials = [] if self.reading.rows.is_void(row) or len(index) != 1 else row.serials()
                if serials:
                    found.setdefault(index[0], (serials[0], "serial" in source.prefer))
        return found

    def fields(self, keys: Iterable[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        wanted = {source.name: self._described(source, keys) for source in self.reading.describing()}
        self.reading.agent.ask(*((source.table, wanted[source.name]) for source in self.reading.describing()))
        for source in self.reading.describing():
            for index, cells in self.reading.agent.cells(source.table, wanted[source.name]).items():
                row = self.reading.rows.row(source, index, cells)
                if not self.reading.rows.is_void(row):
                    more = found.setdefault(index[0], {BETTER: set()})
                    more[BETTER] |= source.prefer
                    for name, value in self._fields_of(row).items():
                        more.setdefault(name, value)
        return found

    def _described(self, source: Source, keys: Iterable[int]) -> dict[Index, tuple[str, ...]]:
        """The columns that are read of these rows. A table of serials describes the rows of which it has one."""
        serials = {row.index for row in self.reading.rows.rows(source).values() if row.serials()}
        indexes = [(key,) for key in keys if not source.fields.get("serial") or (key,) in serials]
        return dict.fromkeys(indexes, (*source.keys, *source.details))

    @staticmethod
    def _fields_of(row: ProfileRow) -> dict[str, Any]:
        texts = {name: row.first(name) for name in (*TEXTS, "interface")}
        day = {"manufactured": row.day("manufactured")}
        category = row.category()
        class_of = {"category": category, CATEGORY_RULE: row.source.name} if category else {}
        return {name: value for name, value in {**texts, **day, **class_of}.items() if value is not None}

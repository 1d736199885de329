# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a profile's tables and scalars, as they are read from one device: only the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._snmp.agent import Agent, Index, Table, Value
from .._snmp.transport import Oid, dotted
from .collection import System
from .entity_table import ENTITY
from .profile import Elsewhere, Layout, Source
from .profile_rows import ProfileRow

#: Rows that contain each other at most so deep.
_DEEPEST = 8


@dataclass
class SourceRows:
    """The rows of one device, as far as they were read."""

    agent: Agent
    layout: Layout
    system: System
    _rows: dict[str, dict[Index, ProfileRow]] = field(default_factory=dict)

    def rows(self, source: Source) -> dict[Index, ProfileRow]:
        """The rows of a table as far as they were read, by index."""
        return self._rows.setdefault(source.name, {})

    def row(self, source: Source, index: Index, cells: Mapping[str, Value]) -> ProfileRow:
        """A row of a table; what was read of it before is kept."""
        known = self.rows(source).get(index)
        merged = {**(known.cells if known else {}), **cells}
        self.rows(source)[index] = made = ProfileRow(source, index, merged, self._system_values, self._lookup)
        return made

    def scalars(self, group: Source) -> ProfileRow:
        """A group of scalars as a row."""
        cells = self.agent.scalars({name: column.oid for name, column in own_columns(group)})
        return ProfileRow(group, (), cells, self._system_values, self._lookup)

    def read_scalars(self, groups: Iterable[Source]) -> None:
        """Read the scalars of these groups in shared requests."""
        self.agent.scalars(self.oids_of(groups))

    @staticmethod
    def oids_of(groups: Iterable[Source]) -> dict[str, Oid]:
        """The scalars of these groups, by GROUP.NAME."""
        return {f"{group.name}.{name}": column.oid for group in groups for name, column in own_columns(group)}

    def read_columns(self, source: Source) -> dict[Index, ProfileRow]:
        """All rows of a table, in their order, with the columns that decide whether they are parts."""
        cells = self.agent.columns(source.table, source.keys)
        return {index: self.row(source, index, found) for index, found in sorted(cells.items())}

    def read(self, source: Source, names: tuple[str, ...], indexes: list[Index]) -> None:
        """Read these columns of these rows."""
        for index, cells in self.agent.rows(source.table, names, indexes).items():
            self.row(source, index, cells)

    def read_elsewhere(self, source: Source, rows: list[ProfileRow], names: Iterable[str]) -> None:
        """Read what these values of these rows point at in other tables, of each table in one go."""
        for name in dict.fromkeys(names):
            column = source.columns.get(name)
            place = column.elsewhere if column else None
            if place:
                self.agent.rows(*self._pointed_at(place), _indexes(rows, place.index))

    def read_parents(self, source: Source, indexes: list[Index]) -> None:
        """Read the rows that contain these, in one go."""
        table = self.layout.table(source.parent.table) if source.parent else None
        if source.parent and table:
            rows = [self.rows(source)[index] for index in indexes]
            self.agent.rows(table.table, table.details, _indexes(rows, source.parent.index))

    def containing(self, row: ProfileRow) -> list[ProfileRow]:
        """The rows that contain it, the nearest first."""
        found: list[ProfileRow] = []
        while row.source.parent and len(found) < _DEEPEST:
            parent = row.source.parent
            source = self.layout.table(parent.table)
            index = row.points_at(parent.index)
            if source is None or index is None or (source.name, index) in [(p.source.name, p.index) for p in found]:
                break
            cells = self.agent.rows(source.table, source.details, [index]).get(index)
            if not cells or (source is row.source and index == row.index):
                break
            row = self.row(source, index, cells)
            found.append(row)
        return found

    def is_void(self, row: ProfileRow) -> bool:
        """By the profile there is no part in a row, or that cannot be known this time.

        A value that the device never has voids nothing; one that it did not report this time may, and the second-best
        serial must not take the place of the best one.
        """
        source = row.source
        names = {*source.when, *source.unless}
        if len(source.fields.get("serial", ())) > 1:
            names.update(source.names("serial"))
        return row.void or any(row.value(name) is None and self._is_hidden(row, name) for name in names)

    def _is_hidden(self, row: ProfileRow, name: str) -> bool:
        """The device did not answer for what a value is made of."""
        source = row.source
        if any(self.agent.hid(self._oid(source, column), row.index) for column in source.read((name,))):
            return True
        column = source.columns.get(name)
        place = column.elsewhere if column else None
        table = self.layout.table(place.table) if place else None
        if not place or not table:
            return False
        index = row.points_at(place.index)
        return index is None or any(self.agent.hid(self._oid(table, c), index) for c in table.read((place.column,)))

    @staticmethod
    def _oid(source: Source, name: str) -> Oid:
        """The OID of a column, or of a scalar."""
        return source.table.column(name) if source.entry else source.columns[name].oid

    def _pointed_at(self, place: Elsewhere) -> tuple[Table, tuple[str, ...]]:
        """A table, and the columns that must be read for a value of it."""
        source = self.layout.table(place.table)
        if source is None:
            return ENTITY, (place.column,)
        return source.table, source.read((place.column,)) or tuple(source.table.columns)

    def _lookup(self, place: Elsewhere, index: Index) -> Value | str | None:
        table, columns = self._pointed_at(place)
        cells = self.agent.rows(table, columns, [index]).get(index, {})
        source = self.layout.table(place.table)
        if source is None:
            return cells.get(place.column)
        # A row that is not there has no index either.
        return self.row(source, index, cells).value(place.column) if cells else None

    @cached_property
    def _system_values(self) -> Mapping[str, str]:
        """SYSTEM_VALUES of the device, which every row has."""
        system = self.system
        return {
            "sysDescr": system.description,
            "sysName": system.name,
            "sysObjectID": dotted(system.object_id),
        }


def own_columns(source: Source) -> list[tuple[str, Any]]:
    """The columns that are read from the device."""
    return [(name, column) for name, column in source.columns.items() if column.oid]


def _indexes(rows: Iterable[ProfileRow], names: Iterable[str]) -> list[Index]:
    """The rows of another table that these rows point at."""
    names = tuple(names)
    return sorted({index for row in rows if (index := row.points_at(names)) is not None})

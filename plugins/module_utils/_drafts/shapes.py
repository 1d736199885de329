# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables of a walk form tables: entry, column and index, by the shape of the OIDs, or by a MIB.

An OID is entry + column + index and shows no border. But in a table all columns have the same rows, all cells of a
column have one type, and an entry has the number 1 below its table (RFC 2578, 7.1.12): the entry is the highest node of
which this holds. What ends with .0 and is in no table is a scalar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from .._snmp.agent import Index, Value
from .._snmp.transport import Oid

#: The column or scalar that a variable is an instance of, and whether it is a column; None where no MIB has it.
ObjectOf: TypeAlias = Callable[[Oid], "tuple[Oid, bool] | None"]

#: Numbers of an enterprise's OID (1.3.6.1.4.1.9): an entry is below one.
_ENTERPRISE = 7
#: Of the indexes of a table, its columns have this share on average; where their lengths differ, nearly all.
_FILLED, _ALIKE = 0.5, 0.9
#: So many columns show a table whose entry is not the number 1, or whose indexes all end with 0, as scalars do.
_MORE_COLUMNS = 3


@dataclass(frozen=True)
class TableShape:
    """A table: the cells of each column by index."""

    entry: Oid
    columns: Mapping[int, Mapping[Index, Value]]
    sure: bool = True  #: False: it has one column, so what is column and what is index is a guess

    @property
    def indexes(self) -> list[Index]:
        """Of all rows, in their order."""
        return sorted({index for cells in self.columns.values() for index in cells})


@dataclass(frozen=True)
class ScalarGroup:
    """Scalars right below one node, by their OIDs with the instance."""

    parent: Oid
    values: Mapping[Oid, Value]


@dataclass(frozen=True)
class Shapes:
    """The tables and scalars of a walk, in the order of their OIDs."""

    tables: Sequence[TableShape]
    scalars: Sequence[ScalarGroup]


def shapes_of(variables: Mapping[Oid, Value], object_of: ObjectOf | None = None) -> Shapes:
    """The tables and scalars of these variables, by the MIB where it has them."""
    known, rest = _by_mib(variables, object_of) if object_of else ({}, variables)
    scalars = {(*oid, 0): cells[0,] for oid, cells in known.items() if set(cells) == {(0,)}}
    tables = list(_joined({oid: cells for oid, cells in known.items() if set(cells) != {(0,)}}, sure=True))
    for find in (_is_table, _is_odd_table):
        found = list(_search(sorted(rest), rest, find))
        tables += found
        taken = {(*table.entry, n, *index) for table in found for n, cells in table.columns.items() for index in cells}
        rest = {oid: value for oid, value in rest.items() if oid not in taken}
    scalars |= {oid: value for oid, value in rest.items() if oid[-1] == 0}
    single: dict[Oid, dict[Index, Value]] = {}
    for oid in rest.keys() - scalars.keys():
        column = oid[:-1]
        while len(column) > _ENTERPRISE + 2 and column[-1] == 0:
            column = column[:-1]  # no column is called 0
        if len(column) >= _ENTERPRISE + 2 and column[-1]:
            single.setdefault(column, {})[oid[len(column) :]] = rest[oid]
    tables += _joined(single, sure=False)
    return Shapes(sorted(tables, key=lambda table: table.entry), list(_groups(scalars)))


def _groups(scalars: Mapping[Oid, Value]) -> Iterator[ScalarGroup]:
    for parent, oids in groupby(sorted(scalars), key=lambda oid: oid[:-2]):
        yield ScalarGroup(parent, {oid: scalars[oid] for oid in oids})


def _by_mib(
    variables: Mapping[Oid, Value], object_of: ObjectOf
) -> tuple[dict[Oid, dict[Index, Value]], dict[Oid, Value]]:
    """The variables of the MIB, by column or scalar and index; and the others."""
    known: dict[Oid, dict[Index, Value]] = {}
    rest: dict[Oid, Value] = {}
    for oid, value in variables.items():
        found = object_of(oid)
        if found is None or (not found[1] and oid != (*found[0], 0)):
            rest[oid] = value
        else:
            known.setdefault(found[0], {})[oid[len(found[0]) :]] = value
    entries = {oid[:-1] for oid, cells in known.items() if set(cells) != {(0,)}}
    lengths = sorted({len(entry) for entry in entries})
    # A column that the MIB does not have, of a table that it has: an agent may be newer.
    for oid in list(rest):
        entry = next((oid[:length] for length in lengths if oid[:length] in entries), None)
        if entry and len(oid) > len(entry) + 1 and oid[len(entry)]:
            column = oid[: len(entry) + 1]
            known.setdefault(column, {})[oid[len(column) :]] = rest.pop(oid)
    return known, rest


def _joined(columns: Mapping[Oid, Mapping[Index, Value]], sure: bool) -> Iterator[TableShape]:
    """Tables of columns."""
    for entry, oids in groupby(sorted(columns), key=lambda oid: oid[:-1]):
        yield TableShape(entry, {oid[-1]: dict(sorted(columns[oid].items())) for oid in oids}, sure)


def _search(
    oids: Sequence[Oid], variables: Mapping[Oid, Value], is_table: Callable[[TableShape], bool]
) -> Iterator[TableShape]:
    """The highest nodes that are entries."""
    waiting = [(0, len(oids), _ENTERPRISE)]
    while waiting:
        first, end, depth = waiting.pop()
        if first == end:
            continue
        table = _table_at(oids[first][:depth], oids[first:end], variables) if depth > _ENTERPRISE else None
        if table and is_table(table):
            yield table
            continue
        start = first
        for place in range(first + 1, end + 1):
            if place == end or oids[place][: depth + 1] != oids[start][: depth + 1]:
                if len(oids[start]) > depth + 1:
                    waiting.append((start, place, depth + 1))
                start = place


def _table_at(entry: Oid, oids: Sequence[Oid], variables: Mapping[Oid, Value]) -> TableShape | None:
    """What would be the table of an entry; None where it cannot be one: a variable is no cell, or types are mixed."""
    depth = len(entry)
    columns: dict[int, dict[Index, Value]] = {}
    types: dict[int, type] = {}
    for oid in oids:
        if len(oid) < depth + 2 or not oid[depth]:
            return None
        kind = type(variables[oid])
        if types.setdefault(oid[depth], kind) is not kind:
            return None
        columns.setdefault(oid[depth], {})[oid[depth + 1 :]] = variables[oid]
    return TableShape(entry, columns)


def _is_table(table: TableShape) -> bool:
    return table.entry[-1] == 1 and len(table.columns) > 1 and _is_even(table)


def _is_odd_table(table: TableShape) -> bool:
    """One whose entry is not the number 1."""
    return len(table.columns) >= _MORE_COLUMNS and len(table.indexes) > 1 and _is_even(table)


def _is_even(table: TableShape) -> bool:
    """Whether the columns have the same rows, and are not tables or groups of scalars themselves."""
    indexes = table.indexes
    filled = sum(map(len, table.columns.values())) / (len(table.columns) * len(indexes))
    if filled < (_FILLED if len({len(index) for index in indexes}) == 1 else _ALIKE):
        return False
    if all(index[-1] == 0 for index in indexes) and (len(table.columns) < _MORE_COLUMNS or len(indexes) < 2):
        return False
    # Tables side by side that have the same columns and rows: entry 1, column, index.
    one_type = len({type(value) for cells in table.columns.values() for value in cells.values()}) == 1
    side_by_side = all(len(index) > 2 and index[0] == 1 for index in indexes) and len({i[1] for i in indexes}) > 1
    return not (one_type and side_by_side)

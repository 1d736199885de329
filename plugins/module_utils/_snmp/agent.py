# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One device as its readers see it: scalars and tables, each value read once, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .._parts.kinds import MEASURES
from .budget import Budget, Limits
from .errors import SnmpError, SnmpLimitError, SnmpPduError
from .gets import get_many, note_sizes, requests_for
from .lanes import Lanes
from .singles import Singles
from .transport import EXCEPTIONS, Oid, Transport, VarBind, dotted
from .walks import Pace, walk_columns

Index = tuple[int, ...]
Value: TypeAlias = "bytes | int | tuple[int, ...]"
#: index -> column name -> value; a cell that the device does not have is absent
Rows = dict[Index, dict[str, Value]]

#: Variables of a walk in one reply of 1,400 octets: 25 octets each and some text.
VARBINDS_PER_REPLY = 40

#: The name under which a failure to read scalars is listed among the tables.
SCALARS = "scalars"


@dataclass(frozen=True)
class Table:
    """A table of a MIB, as far as a reader wants it."""

    name: str  #: MIB name: "entPhysicalTable"
    entry: Oid  #: OID of its entry: (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
    columns: Mapping[str, int]  #: column name -> sub-identifier: {"descr": 2, "class": 5}
    required: bool = True  #: the collection is complete only if every required table is
    #: columns that matter in some rows: where the table is long, columns() has the first rows of them, and rows() asks
    brief: frozenset[str] = frozenset()

    def column(self, name: str) -> Oid:
        return (*self.entry, self.columns[name])


@dataclass
class TableStatus:
    """How far a table was read."""

    rows: int = 0  #: rows of which at least one cell was read
    complete: bool = True  #: all that was asked for was read completely
    error: str | None = None  #: the first thing that went wrong, in words
    required: bool = True


@dataclass
class _Column:
    """What is known of one column."""

    cells: dict[Index, Value] = field(default_factory=dict)
    walked: bool = False  #: nothing more is to be had by walking it
    left: bool = False  #: its first rows were walked, see Table.brief
    asked: set[Index] = field(default_factory=set)  #: cells that a GET asked for


class Agent:
    """Reads one device over a Transport. Never shared across threads.

    `known` are variables that were read already (session.py reads some of the system group to see who is there):
    they are not asked for again. `lanes`, if given, are for what can be asked for at once.
    """

    def __init__(
        self,
        transport: Transport,
        budget: Budget | None = None,
        known: Iterable[VarBind] = (),
        lanes: Lanes[Any] | None = None,
    ) -> None:
        #: one status per table that was asked for; "scalars" is one of them only if some could not be read
        self.tables: dict[str, TableStatus] = {}
        self._silent: set[str] = set()  #: tables of which silence or a limit hid something
        self._hidden: set[Oid] = set()  #: columns, cells and scalars that silence hid
        self._transport = transport
        self._pace = Pace(budget or Budget(), lanes=lanes)
        self._scalars: dict[Oid, Value | None] = {varbind.oid: value_of(varbind) for varbind in known}
        self._columns: dict[Oid, _Column] = {}
        self._tables: dict[str, dict[str, Oid]] = {}
        self._names: dict[Oid, str] = {}  #: the readers' words for the scalars

    @property
    def limits(self) -> Limits:
        """Where reading this device ends."""
        return self._pace.budget.limits

    def scalars(self, oids: Mapping[str, Oid], mostly_absent: bool = False) -> dict[str, Value]:
        """Read single variables: name -> full OID with its .0; those that the device does not have are absent.

        mostly_absent: the device will have few of them, so that many fit into one request.
        Raises SnmpError only if the device has not answered anything yet, and does not answer this.
        """
        wanted = [oid for oid in oids.values() if oid not in self._scalars]
        alike = dict.fromkeys(wanted, ()) if mostly_absent else None
        got = get_many(self._transport, wanted, self._pace, objects=alike)
        if got.errors and self._pace.stopped_by and not (got.varbinds or self._scalars or self._columns):
            raise self._pace.stopped_by
        for oid in wanted:
            varbind = got.varbinds.get(oid)
            self._scalars[oid] = value_of(varbind) if varbind else None
        names = {oid: name for name, oid in oids.items()}
        self._names.update(names)
        for oid, error in got.errors.items():
            # With an error-status the agent reports that it has no value; a missing reply may hide one.
            self._hidden.update([] if isinstance(error, SnmpPduError) else [oid])
            self._trouble(SCALARS, f"{names[oid]}: {error}", required=not isinstance(error, SnmpPduError))
        found = {name: self._scalars[oid] for name, oid in oids.items()}
        return {name: value for name, value in found.items() if value is not None}

    def following(self, oids: Sequence[Oid]) -> dict[Oid, Oid]:
        """By GETNEXT, the OID of the variable behind each of these; absent where there is none."""
        got = get_many(self._transport, oids, self._pace, following=True)
        for oid, error in got.errors.items():
            self._hidden.update([] if isinstance(error, SnmpPduError) else [oid])
            self._trouble(SCALARS, f"behind {dotted(oid)}: {error}", required=not isinstance(error, SnmpPduError))
        return {oid: varbind.oid for oid, varbind in got.varbinds.items()}

    def read(
        self, *wanted: tuple[Table, Sequence[str]], scalars: Mapping[str, Oid] | None = None, whole: bool = False
    ) -> None:
        """Walk columns of several tables in shared requests; columns() and rows() then find them here.

        scalars: those that will be asked for anyway; they come with the first request, if there is room. whole: also
        the columns that are brief are walked to their ends.
        """
        singles = Singles([oid for oid in (scalars or {}).values() if oid not in self._scalars])
        owners: dict[Oid, tuple[Table, str]] = {}
        for table, names in wanted:
            if self._may_ask(table):
                owners.update({table.column(name): (table, name) for name in names})
        known = {oid: self._column(oid) for oid in owners}
        todo = [oid for oid, column in known.items() if not (column.walked or (column.left and not whole))]
        brief = frozenset(oid for oid in todo if owners[oid][1] in owners[oid][0].brief and not whole)
        for oid, cursor in walk_columns(self._transport, todo, self._pace, singles, brief).items():
            table, name = owners[oid]
            column = known[oid]
            column.walked, column.left = not cursor.left, cursor.left
            column.cells.update(_cells(cursor.cells))
            note_sizes(self._pace, oid, cursor.cells.values())
            if cursor.error:
                self._cut(table, f"column {name}, after {len(cursor.cells)} rows", cursor.error, oid)
        for table, _names in wanted:
            self._count(table)
        for oid, varbind in singles.found.items():
            self._scalars[oid] = value_of(varbind) if varbind else None

    def columns(self, table: Table, names: Sequence[str]) -> Rows:
        """All rows of a table, these columns of it. What was walked before is not walked again."""
        self.read((table, names))
        columns = {name: self._column(table.column(name)).cells for name in names}
        indexes = sorted(set().union(*columns.values()))
        return {index: {name: cells[index] for name, cells in columns.items() if index in cells} for index in indexes}

    def rows(self, table: Table, names: Sequence[str], indexes: Iterable[Index]) -> Rows:
        """These rows of a table, these columns of it: by GET, or by a walk where that costs fewer requests."""
        return self.cells(table, dict.fromkeys(indexes, names))

    def cells(self, table: Table, wanted: Mapping[Index, Sequence[str]]) -> Rows:
        """Rows of a table, of each its own columns (index -> names): by GET, or by a walk as in rows()."""
        self.ask((table, wanted))
        if table.name in self.limits.skip:
            return {}
        all_names = {name for names in wanted.values() for name in names}
        known = {name: self._column(table.column(name)).cells for name in all_names}
        rows = {
            index: {name: known[name][index] for name in names if index in known[name]}
            for index, names in wanted.items()
        }
        return {index: row for index, row in rows.items() if row}

    def ask(self, *wanted: tuple[Table, Mapping[Index, Sequence[str]]]) -> None:
        """Read rows of several tables in shared requests, of each row its own columns; rows() then finds them here."""
        to_get: dict[Oid, tuple[Table, str, Index]] = {}
        for table, rows in wanted:
            if not self._may_ask(table):
                continue
            missing = self._missing(table, rows)
            gets = requests_for(len(missing), self._pace)
            to_walk = sorted({name for name, _index in missing.values()})
            walk = 1 + self.tables[table.name].rows * len(to_walk) // VARBINDS_PER_REPLY
            if self.tables[table.name].rows and walk < gets:
                self.read((table, to_walk), whole=True)
            else:
                to_get.update({oid: (table, *cell) for oid, cell in missing.items()})
        if to_get:
            self._get(to_get)

    def is_long(self, table: Table) -> bool:
        """Whether columns of it that are brief were left after their first rows."""
        return any(self._column(table.column(name)).left for name in table.brief)

    def broke_off(self, table: Table) -> bool:
        """Whether the next collection may read more of this table, so that nothing may replace what is missing.

        An agent that answers a table with errors alone, or a user who skips it, does so every night.
        """
        status = self.tables.get(table.name, TableStatus())
        return table.name in self._silent or (status.rows > 0 and not status.complete)

    def fell_silent(self) -> bool:
        """Whether silence, or the end of the time for this device, hid anything that was asked for."""
        return bool(self._hidden)

    def hid(self, column: Oid, index: Index = ()) -> bool:
        """Whether this cell or scalar was not answered: the next collection may read it."""
        return column in self._hidden or (*column, *index) in self._hidden

    def asked(self) -> dict[Oid, str]:
        """The columns and scalars that were asked for so far, each with the readers' word for it: "serial", "descr".

        For recorder.record(): what must be in a recording, and what kind of text each column contains.
        """
        known = {oid: name for columns in self._tables.values() for name, oid in columns.items()}
        return {**dict.fromkeys(self._scalars, ""), **self._names, **known}

    def dump(self) -> dict[str, dict[str, dict[str, str | int]]]:
        """All that was read, for people: table -> dotted index -> column -> text, number or (not printable) hex."""
        dump = {name: _readable(self._dump_rows(columns)) for name, columns in self._tables.items()}
        single = {oid: {"value": value} for oid, value in self._scalars.items() if value is not None}
        return {SCALARS: _readable(single), **dump}

    def _dump_rows(self, columns: Mapping[str, Oid]) -> Rows:
        rows: Rows = {}
        for name, oid in columns.items():
            for index, value in self._columns[oid].cells.items():
                rows.setdefault(index, {})[name] = value
        return rows

    def _missing(self, table: Table, wanted: Mapping[Index, Sequence[str]]) -> dict[Oid, tuple[str, Index]]:
        """The cells that are neither known nor known to be absent, by their OID, row by row."""
        missing = {}
        columns: dict[str, tuple[Oid, _Column]] = {}
        for index, names in wanted.items():
            for name in names:
                if name not in columns:
                    columns[name] = (table.column(name), self._column(table.column(name)))
                oid, column = columns[name]
                if not (column.walked or index in column.cells or index in column.asked):
                    missing[(*oid, *index)] = (name, index)
        return missing

    def _get(self, missing: Mapping[Oid, tuple[Table, str, Index]]) -> None:
        columns = {oid: table.column(name) for oid, (table, name, _index) in missing.items()}
        got = get_many(self._transport, list(missing), self._pace, objects=columns)
        for oid, (table, name, index) in missing.items():
            column = self._column(columns[oid])
            column.asked.add(index)
            value = value_of(got.varbinds[oid]) if oid in got.varbinds else None
            if value is not None:
                column.cells[index] = value
            if oid in got.errors:
                self._cut(table, f"row {dotted(index)}, column {name}", got.errors[oid], oid)
        for table in {table.name: table for table, _name, _index in missing.values()}.values():
            self._count(table)

    def _column(self, oid: Oid) -> _Column:
        column = self._columns.get(oid)
        if column is None:
            column = self._columns[oid] = _Column()
        return column

    def _may_ask(self, table: Table) -> bool:
        """Enter the table among those that were asked for, unless the user does not want it asked."""
        self._tables.setdefault(table.name, {})
        self.tables.setdefault(table.name, TableStatus(required=table.required))
        if table.name not in self.limits.skip:
            return True
        self._trouble(table.name, "not read, because the options exclude it")
        return False

    def _count(self, table: Table) -> None:
        known = {name: table.column(name) for name in table.columns if table.column(name) in self._columns}
        self._tables[table.name].update(known)
        indexes: set[Index] = set()
        for oid in self._tables[table.name].values():
            indexes.update(self._columns[oid].cells)
        self.tables[table.name].rows = len(indexes)

    def _cut(self, table: Table, where: str, error: SnmpError, oid: Oid) -> None:
        self._trouble(table.name, f"{where}: {error}")
        if not isinstance(error, SnmpPduError):
            self._silent.add(table.name)
        # An agent that answers with an error, or has more rows than the limit, does so every night.
        if not isinstance(error, SnmpPduError | SnmpLimitError) or self._pace.stop():
            self._hidden.add(oid)

    def _trouble(self, name: str, error: str, required: bool = True) -> None:
        status = self.tables.setdefault(name, TableStatus(required=required))
        status.complete = False
        status.error = status.error or error
        if name == SCALARS:
            status.required = status.required or required


def value_of(varbind: VarBind) -> Value | None:
    """The value as readers see it; None where there is none."""
    if varbind.kind in EXCEPTIONS:
        return None
    measure = MEASURES.get(varbind.kind)
    return varbind.value if measure is None else measure(varbind.value)


def _cells(cells: Mapping[Index, VarBind]) -> dict[Index, Value]:
    values = {index: value_of(varbind) for index, varbind in cells.items()}
    return {index: value for index, value in values.items() if value is not None}


def _readable(rows: Mapping[Index, Mapping[str, Value]]) -> dict[str, dict[str, str | int]]:
    return {dotted(i): {name: _text(value) for name, value in row.items()} for i, row in sorted(rows.items())}


def _text(value: Value) -> str | int:
    if isinstance(value, tuple):
        return dotted(value)
    if isinstance(value, int):
        return int(value)
    text = value.decode("utf-8", "replace")
    return text if text.isprintable() else "0x" + value.hex()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One device while a profile is followed: which of its scalars and rows are parts, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._parts.item import Item
from .._parts.serials import Verdict
from .._snmp.agent import SCALARS, Agent, Index, Table, TableStatus, Value
from .._snmp.transport import Oid
from .collection import Collection, Member
from .entity_table import ENTITY, OVERVIEW
from .interfaces import IF_TABLE, IF_X_TABLE, if_names
from .profile import TEXTS, Elsewhere, Layout, Source
from .profile_rows import ProfileRow
from .values import dotted, joined

#: Rows without a serial of which one table is asked whether they hold a part.
MOST_ASKED = 200
#: Rows without a good serial that are named; a table of empty ports would fill the page.
MOST_NAMED = 40
#: Rows that contain each other at most so deep.
_DEEPEST = 8


@dataclass
class Reading:
    """One device while a profile is followed."""

    agent: Agent
    collection: Collection
    layout: Layout
    #: items whose interface is known by ifIndex only, each with the rows that contain it
    _if_indexes: list[tuple[Item, int, list[ProfileRow]]] = field(default_factory=list)
    _rows: dict[str, dict[Index, ProfileRow]] = field(default_factory=dict)

    def prefetch(self, with_entity: bool) -> None:
        """Walk what tells the parts of all tables in shared requests: a table that is not there costs nothing more."""
        wanted: list[tuple[Table, Iterable[str]]] = [(ENTITY, OVERVIEW)] if with_entity else []
        wanted += [(source.table, source.keys) for source in self.layout.tables if source.keys and not source.fallback]
        if wanted:
            self.agent.read(*((table, tuple(names)) for table, names in wanted))

    def describing(self) -> list[Source]:
        """The tables whose index is entPhysicalIndex."""
        return [source for source in self.layout.tables if source.describes_entity and not source.fallback]

    def member_roles(self) -> dict[int, str | None]:
        """The members of a stack by number, with their roles, by the table that the profile names for them."""
        source = self.layout.table(self.layout.entity.members or "")
        rows = self.agent.columns(source.table, tuple(source.table.columns)) if source else {}
        made = {index[0]: self.row(source, index, cells) for index, cells in rows.items() if source and index}
        return {number: row.text("role") for number, row in made.items()}

    def read_sources(self) -> None:
        """The parts that scalars and tables tell; those of the last resort only where nothing else did."""
        groups, tables = self.layout.scalars, self.layout.tables
        self._read_scalars([group for group in groups if not group.fallback])
        for source in tables:
            if not source.fallback:
                self._read_table(source)
        if self.agent.fell_silent():
            # What stands in for a table that did not answer tonight would look like another part.
            return
        empty = not self.collection.items
        chassis = [item for item in self.collection.items if item.category == "chassis"]
        fallback = [group for group in groups if group.fallback]
        if not chassis:
            self._read_scalars(fallback)
        elif len(chassis) == 1 and not chassis[0].part:
            self._complete(chassis[0], [group for group in fallback if "part" in group.fields])
        for source in tables:
            if source.fallback and empty:
                self._read_table(source)

    def finish(self) -> None:
        """Name the interfaces, and say what this platform never tells."""
        indexes = [if_index for _item, if_index, _places in self._if_indexes]
        names = if_names(self.agent, indexes) if indexes else {}
        for item, if_index, places in self._if_indexes:
            item.interface = item.interface or names.get(if_index)
            item.name = item.name or item.interface
            item.path = item.path or _path_in(item, places)
        found = {item.category for item in self.collection.items}
        for category, sentence in self.layout.coverage.items():
            if category not in found and not self.agent.fell_silent():
                self.collection.cover(sentence)
        self._tie()

    def rows(self, source: Source) -> dict[Index, ProfileRow]:
        """The rows of a table as far as they were read, by index."""
        return self._rows.setdefault(source.name, {})

    def row(self, source: Source, index: Index, cells: Mapping[str, Value]) -> ProfileRow:
        """A row of a table; what was read of it before is kept."""
        known = self.rows(source).get(index)
        merged = {**(known.cells if known else {}), **cells}
        self.rows(source)[index] = made = ProfileRow(source, index, merged, self._system, self._lookup)
        return made

    def is_void(self, row: ProfileRow) -> bool:
        """The profile says that there is nothing in a row, or it cannot be said tonight.

        A value that the device never has voids nothing; one that it did not tell this time may, and the second-best
        serial must not stand in for the best one.
        """
        source = row.source
        names = {*source.when, *source.unless}
        if len(source.fields.get("serial", ())) > 1:
            names.update(source.names("serial"))
        return row.void or any(row.value(name) is None and self._is_hidden(row, name) for name in names)

    def _is_hidden(self, row: ProfileRow, name: str) -> bool:
        """Silence hid what a value is made of."""
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

    def parts(self, source: Source) -> Iterator[tuple[ProfileRow, str]]:
        """The rows of a table that have a good serial, with it, read in detail; others are told or noted."""
        rows = self.agent.columns(source.table, source.keys)
        candidates = {index: self.row(source, index, cells) for index, cells in sorted(rows.items())}
        self._read_elsewhere(source, list(candidates.values()), (*source.when, *source.unless, *source.names("serial")))
        verdicts = {index: self._judge(row) for index, row in candidates.items() if not self.is_void(row)}
        good = [index for index, found in verdicts.items() if found.serial and not found.reason]
        if source.first:
            good, verdicts = good[:1], {index: verdicts[index] for index in good[:1]}
        bad = [index for index, found in verdicts.items() if found.reason]
        self._take(source, source.details, good)
        self._read_elsewhere(source, [self.rows(source)[index] for index in good], tuple(source.columns))
        self._read_parents(source, good)
        self._report_units(source, self._units(source, verdicts, good))
        self._take(source, source.read((*source.names("name"), *source.names("interface"))), bad[:MOST_NAMED])
        for index in bad:
            found = verdicts[index]
            label = _label(self.rows(source)[index])
            self.collection.reject(found.serial, found.reason or "", _dotted(index), label, source.name)
        for index in good:
            yield self.rows(source)[index], verdicts[index].serial

    def _read_elsewhere(self, source: Source, rows: list[ProfileRow], names: Iterable[str]) -> None:
        """Read what these values of these rows point at in other tables, of each table in one go."""
        for name in dict.fromkeys(names):
            column = source.columns.get(name)
            place = column.elsewhere if column else None
            if place:
                self.agent.rows(*self._pointed_at(place), _indexes(rows, place.index))

    def _pointed_at(self, place: Elsewhere) -> tuple[Table, tuple[str, ...]]:
        """A table, and the columns that must be read for a value of it."""
        source = self.layout.table(place.table)
        if source is None:
            return ENTITY, (place.column,)
        return source.table, source.read((place.column,)) or tuple(source.table.columns)

    def _read_parents(self, source: Source, indexes: list[Index]) -> None:
        """Read the rows that contain these, in one go."""
        table = self.layout.table(source.parent.table) if source.parent else None
        if source.parent and table:
            rows = [self.rows(source)[index] for index in indexes]
            self.agent.rows(table.table, table.details, _indexes(rows, source.parent.index))

    def item(self, row: ProfileRow, serial: str) -> Item:
        """The part of a row."""
        source = row.source
        item = Item(serial, _dotted(row.index), source.name, category=row.category() or "module")
        item.category_rule = source.name
        for name in (*TEXTS, "interface"):
            setattr(item, name, row.first(name))
        item.is_fru = row.truth("is_fru")
        item.manufactured = row.day("manufactured")
        item.position = row.number("position")
        item.member = row.number("member")
        if_index = row.number("if_index")
        places = self._places(row)
        if if_index:
            self._if_indexes.append((item, if_index, places))
        item.name = item.name or item.interface or (None if if_index else _nameless(item, source))
        item.parent = dotted(places[0].index) if places else None
        item.ancestors = [dotted(place.index) for place in places if place.source is source]
        if item.name or not if_index:
            item.path = _path_in(item, places)
        return item

    def _read_scalars(self, groups: list[Source]) -> None:
        self.agent.scalars(
            {f"{group.name}.{name}": column.oid for group in groups for name, column in own_columns(group)}
        )
        for group in groups:
            cells = self.agent.scalars({name: column.oid for name, column in own_columns(group)})
            row = ProfileRow(group, (), cells, self._system, self._lookup)
            found = Verdict("", None) if self.is_void(row) else self._judge(row)
            if found.reason:
                self.collection.reject(found.serial, found.reason, _dotted(()), _label(row), group.name)
            elif found.serial:
                self._add(self.item(row, found.serial), group)

    def _complete(self, chassis: Item, groups: list[Source]) -> None:
        """Take the model of the one chassis from a group that tells the same serial."""
        self.agent.scalars({f"{group.name}.{name}": c.oid for group in groups for name, c in own_columns(group)})
        for group in groups:
            cells = self.agent.scalars({name: column.oid for name, column in own_columns(group)})
            row = ProfileRow(group, (), cells, self._system, self._lookup)
            if not self.is_void(row) and self._judge(row) == Verdict(chassis.serial, None):
                chassis.part = chassis.part or row.first("part")

    def _read_table(self, source: Source) -> None:
        if not source.keys or "serial" not in source.fields:
            return
        rows = {item.index: item for item in self.collection.items if item.source == ENTITY.name}
        found = [(row, self.item(row, serial)) for row, serial in self.parts(source)]
        for _row, item in found:
            other = rows.get(item.index) if source.describes_entity else None
            if other is None:
                self._add(item, source)
            elif other.serial != item.serial:
                # Completed by _BesideEntity: it is one part, whatever two tables call it.
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

    def _judge(self, row: ProfileRow) -> Verdict:
        """The first good serial of a row, else what is wrong with the first text that stands there."""
        verdicts = [self._in_shape(self.collection.judge(raw), row.source) for raw in row.serials()]
        good = [found for found in verdicts if found.serial and found.reason is None]
        bad = [found for found in verdicts if found.reason]
        return next(iter([*good, *bad]), Verdict("", None))

    def _in_shape(self, found: Verdict, source: Source) -> Verdict:
        """What is no serial of this vendor's shape is what somebody else wrote there."""
        if not found.serial or found.reason or source.shape is None or source.shape.fullmatch(found.serial):
            return found
        return Verdict(found.serial, self.collection.rules.reason(found.serial, "other shape"))

    def _units(self, source: Source, verdicts: Mapping[Index, Verdict], good: list[Index]) -> list[Index]:
        """Rows that hold a part by the word of the profile, whose serial the device does not tell."""
        if source.first or not (source.when or source.unless) or "part" not in source.fields:
            return []
        silent = [index for index in verdicts if index not in good][:MOST_ASKED]
        self._take(source, source.read(source.names("part")), silent)
        return [index for index in silent if self.rows(source)[index].first("part")]

    def _take(self, source: Source, names: tuple[str, ...], indexes: list[Index]) -> None:
        """Read these columns of these rows."""
        for index, cells in self.agent.rows(source.table, names, indexes).items():
            self.row(source, index, cells)

    def _report_units(self, source: Source, units: list[Index]) -> None:
        self._take(source, source.read((*source.names("name"), *source.names("interface"))), units[:MOST_NAMED])
        for index in units[:MOST_NAMED]:
            row = self.rows(source)[index]
            self.collection.cover_unit(_label(row) or f"{source.name} {dotted(index)}", row.first("part"))
        if units[MOST_NAMED:]:
            self.collection.cover_unit(f"{len(units) - MOST_NAMED} more in {source.name}")

    def _places(self, row: ProfileRow) -> list[ProfileRow]:
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

    def _lookup(self, place: Elsewhere, index: Index) -> Value | str | None:
        table, columns = self._pointed_at(place)
        cells = self.agent.rows(table, columns, [index]).get(index, {})
        source = self.layout.table(place.table)
        if source is None:
            return cells.get(place.column)
        # A row that is not there has no index either.
        return self.row(source, index, cells).value(place.column) if cells else None

    @cached_property
    def _system(self) -> Mapping[str, str]:
        """SYSTEM_VALUES of the device, which every row has."""
        system = self.collection.system
        return {
            "sysDescr": system.description,
            "sysName": system.name,
            "sysObjectID": dotted(system.object_id),
        }

    def _tie(self) -> None:
        """The tables complete each other. One that need not be there counts if it fell silent: it may tell tomorrow."""
        tables = [source.table for source in self.layout.tables] + [IF_X_TABLE, IF_TABLE]
        names = [table.name for table in tables if table.required or self.agent.broke_off(table)]
        names += [group.name for group in self.layout.scalars]
        if names:
            self.collection.tie(ENTITY.name, SCALARS, *names)


def _indexes(rows: Iterable[ProfileRow], names: Iterable[str]) -> list[Index]:
    """The rows of another table that these rows point at."""
    names = tuple(names)
    return sorted({index for row in rows if (index := row.points_at(names)) is not None})


def own_columns(source: Source) -> list[tuple[str, Any]]:
    """The columns that are read from the device."""
    return [(name, column) for name, column in source.columns.items() if column.oid]


def _dotted(index: Index) -> str:
    """The index of a row as an Item has it; of scalars, their instance."""
    return dotted(index) or "0"


def _nameless(item: Item, source: Source) -> str:
    """What a part is called whose table has no names."""
    if item.category != "chassis":
        return f"{source.name} {item.index}"
    return f"Chassis {item.index}" if source.entry else "Chassis"


def _label(row: ProfileRow) -> str | None:
    """What a row is called."""
    return row.first("name") or row.first("interface")


def _path_in(item: Item, places: list[ProfileRow]) -> str | None:
    """Names from the chassis down to the part. places: the rows that contain it, the nearest first."""
    # The outermost row may be the chassis itself, or a member of the stack: then the path begins with it.
    rooted = bool(places) and (places[-1].source.members or places[-1].category() == "chassis")
    return _path(item, [_label(place) or dotted(place.index) for place in reversed(places)], rooted)


def _path(item: Item, above: list[str], rooted: bool) -> str | None:
    """Names from the chassis down to the part. rooted: the first of those above it is the chassis."""
    if not item.name or (item.category == "chassis" and not above):
        return item.name
    root = [] if rooted else [f"Unit {item.member}" if item.member is not None else "Chassis"]
    return joined([*root, *above, item.name])

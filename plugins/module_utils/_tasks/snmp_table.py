# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_table does: a table of a device as rows, with its index and other tables of the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._mib import addresses
from .._mib.errors import MibError
from .._mib.indexes import IndexPart, complete, decoded, encoded, index_of, index_text
from .._mib.library import Mib
from .._mib.names import node_of, oid_of
from .._mib.nodes import Node
from .._mib.values import value_of
from .._outgoing.text import brief
from .._snmp.errors import OptionError
from .._snmp.questions import Answer, Question, Walked, varbind_of
from .._snmp.transport import EXCEPTIONS, Oid, VarBind, dotted
from .snmp_reading import READING_ARGUMENTS
from .snmp_walk import repetitions

ARGUMENT_SPEC: dict[str, Any] = {
    **READING_ARGUMENTS,
    "table": {"type": "str", "required": True},
    "columns": {"type": "list", "elements": "str", "default": []},
    "join": {"type": "list", "elements": "str", "default": []},
    "rows": {"type": "list", "elements": "raw", "default": []},
    "details": {"type": "bool", "default": False},
    "max_repetitions": {"type": "int", "default": 0},
}
#: Columns of one task, and rows that are named.
MOST_COLUMNS, MOST_ROWS = 1000, 10_000

Cells = dict[Oid, dict[str, VarBind]]


@dataclass(frozen=True)
class Column:
    """A column that is read."""

    name: str  #: its name, or its number if no MIB defines it
    oid: Oid
    node: Node | None = None


class TableReading:
    """The columns of a table, or those of some rows."""

    def __init__(self, params: Mapping[str, Any], mib: Mib) -> None:
        self._mib = mib
        self._details: bool = params["details"]
        self._entry, row = _entry(params["table"], mib)
        self._parts: list[IndexPart] = index_of(row, mib) if row else []
        self._columns = _columns(params, mib, self._entry, row)
        #: Without a MIB and without columns, the entry is walked.
        self._whole = not self._columns
        if len(self._columns) > MOST_COLUMNS or len(params["rows"]) > MOST_ROWS:
            raise OptionError(f"columns and rows are too many: at most {MOST_COLUMNS:,} and {MOST_ROWS:,}.")
        self._wanted = [encoded(given, self._parts, mib) for given in params["rows"]]
        whole = [index for index in self._wanted if complete(index, self._parts, mib)]
        begun = [index for index in self._wanted if index not in whole] if self._wanted else [()]
        self._gets = [(column, index) for index in whole for column in self._columns]
        self._walks = [(column, index) for index in begun for column in self._columns]
        walk = [[*column.oid, *index] for column, index in self._walks]
        self.question = Question(
            get=[[*column.oid, *index] for column, index in self._gets],
            walk=[list(self._entry)] if self._whole else walk,
            max_repetitions=repetitions(params),
        )

    def result(self, answer: Answer) -> dict[str, Any]:
        cells: Cells = {}
        problems = self._read_gets(answer, cells)
        problems += self._read_entry(answer.walk[0], cells) if self._whole else self._read_walks(answer, cells)
        columns = self._columns or [Column(name, (*self._entry, int(name))) for name in _numbers(cells)]
        # A column that the device does not have in any row is none of the table.
        columns = [column for column in columns if any(column.name in row for row in cells.values())]
        result: dict[str, Any] = {
            "rows": [self._row(index, cells[index], columns) for index in sorted(cells)],
            "columns": [column.name for column in columns],
            "index_names": [part.name for part in self._parts],
        }
        if problems:
            more = f", and {len(problems) - 8} more" if len(problems) > 8 else ""
            result["incomplete"] = f"not read completely: {', '.join(problems[:8])}{more}"
        return result

    def _read_gets(self, answer: Answer, cells: Cells) -> list[str]:
        problems = []
        for (column, index), reply in zip(self._gets, answer.get, strict=True):
            if reply.cell is None:
                problems.append(f"{column.name}.{index_text(index)} ({reply.error})")
            elif (varbind := varbind_of(reply.cell)).kind not in EXCEPTIONS and varbind.kind != "noSuchName":
                cells.setdefault(index, {})[column.name] = varbind
        return problems

    def _read_walks(self, answer: Answer, cells: Cells) -> list[str]:
        problems = []
        for (column, _index), walked in zip(self._walks, answer.walk, strict=True):
            for varbind in map(varbind_of, walked.cells):
                if varbind.oid[: len(column.oid)] == column.oid:
                    cells.setdefault(varbind.oid[len(column.oid) :], {})[column.name] = varbind
            if walked.error:
                problems.append(f"{column.name} (after {len(walked.cells)} rows: {walked.error})")
        return problems

    def _read_entry(self, walked: Walked, cells: Cells) -> list[str]:
        depth = len(self._entry)
        for varbind in map(varbind_of, walked.cells):
            column, index = varbind.oid[depth : depth + 1], varbind.oid[depth + 1 :]
            if column and (not self._wanted or any(index[: len(one)] == one for one in self._wanted)):
                cells.setdefault(index, {})[str(column[0])] = varbind
        return [f"{dotted(self._entry)} ({walked.error})"] if walked.error else []

    def _row(self, index: Oid, cells: Mapping[str, VarBind], columns: Sequence[Column]) -> dict[str, Any]:
        parts = decoded(index, self._parts, self._mib) if self._parts else {}
        row: dict[str, Any] = {"index": index_text(index)}
        row |= dict.fromkeys((part.name for part in self._parts), None) if parts is None else parts
        kinds = {column.oid: cells.get(column.name) for column in columns}
        for column in columns:
            varbind = cells.get(column.name)
            row[column.name] = self._cell(varbind, column, kinds) if varbind else None
        return row

    def _cell(self, varbind: VarBind, column: Column, others: Mapping[Oid, VarBind | None]) -> Any:
        syntax = column.node.syntax if column.node else None
        found = value_of(varbind, syntax, self._mib)
        if addresses.is_address(syntax) and isinstance(varbind.value, bytes):
            # Its kind is in the column before it.
            kind = others.get((*column.oid[:-1], column.oid[-1] - 1))
            before = self._mib.at((*column.oid[:-1], column.oid[-1] - 1))
            words = before.syntax.enum if before and before.syntax and addresses.is_kind(before.syntax) else {}
            word = words.get(kind.value, "") if kind and isinstance(kind.value, int) else ""
            if text := addresses.address_text(varbind.value, word):
                found |= {"value": text, "text": text}
        if self._details:
            return found
        word = found.get("enum", found["value"])
        return word == "true" if syntax and syntax.name == "TruthValue" and "enum" in found else word


def _numbers(cells: Cells) -> list[str]:
    return sorted({name for row in cells.values() for name in row}, key=int)


def _entry(name: str, mib: Mib) -> tuple[Oid, Node | None]:
    """The OID of the entry of a table, and its row; no row for an OID that no MIB defines."""
    node = node_of(name, mib)
    if node is None:
        return oid_of(name, mib), None
    if node.kind == "table":
        (node, *_more) = mib.children(node) or [node]
    if node.kind != "row":
        raise MibError(f"{brief(name, 80)} is no table: name a table such as ifTable, or the OID of its entry.")
    return node.oid, node


def _columns(params: Mapping[str, Any], mib: Mib, entry: Oid, row: Node | None) -> list[Column]:
    """The columns to read, in their order; none where only a walk of the entry shows them."""
    others = [_joined(name, row, mib) for name in params["join"]]
    named = [_column(name, mib, entry, row) for name in params["columns"]]
    if named and not others:
        return named
    every = [_column_of(node) for one in ([row, *others] if row else others) for node in mib.children(one)]
    readable = [column for column in every if column.node and _is_readable(column.node)]
    if not named:
        return readable
    # Columns that are named are of the table; of the joined ones, all.
    return named + [column for column in readable if column.oid[:-1] != entry and column not in named]


def _is_readable(node: Node) -> bool:
    return node.kind == "column" and node.access not in ("not-accessible", "accessible-for-notify")


def _column_of(node: Node) -> Column:
    return Column(node.name, node.oid, node)


def _column(name: str, mib: Mib, entry: Oid, row: Node | None) -> Column:
    """A column by its name, or by its number in the entry."""
    if name.strip().isdigit():
        oid = (*entry, int(name))
        node = mib.at(oid)
        return _column_of(node) if node and node.oid == oid else Column(str(int(name)), oid)
    node = node_of(name, mib)
    if node is None or node.kind != "column":
        raise MibError(f"{brief(name, 80)} is no column of a table. Name one such as ifDescr, or its number.")
    if node.oid[:-1] != entry:
        _check_same_index(row, _row_of(node, mib), name, mib)
    return _column_of(node)


def _row_of(column: Node, mib: Mib) -> Node:
    row = mib.at(column.oid[:-1])
    if row is None or row.kind != "row":
        raise MibError(f"{column.full_name} is in no table.")
    return row


def _joined(name: str, row: Node | None, mib: Mib) -> Node:
    """The row of a table that is read with another one."""
    other = _entry(name, mib)[1]
    if other is None:
        raise MibError(f"join: no known MIB defines the table {brief(name, 80)}. Read it in a task of its own.")
    _check_same_index(row, other, name, mib)
    return other


def _check_same_index(row: Node | None, other: Node, name: str, mib: Mib) -> None:
    mine = [part.name for part in index_of(row, mib)] if row else []
    theirs = [part.name for part in index_of(other, mib)]
    if mine != theirs:
        raise MibError(
            f"{brief(name, 80)} has other rows than the table: its index is {', '.join(theirs)}, not "
            f"{', '.join(mine) or 'known'}. Read it in a task of its own."
        )

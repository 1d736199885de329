# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A malicious SNMP agent: tables without end, texts and numbers larger than any, on real UDP.

with HostileAgent(system(DESCRIPTION), {ENTRY: Endless(columns=range(2, 17), cell=text_of(60_000))}) as agent:
    ... ask 127.0.0.1, agent.port ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .fault_agent import Fault, FaultAgent, Oid, Request, encode_varbind

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
ENTITY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
#: Sub-identifiers of entPhysicalTable (RFC 6933) that hold numbers: contained in, class, position, FRU.
ENTITY_NUMBERS = frozenset({4, 5, 6, 16})

#: From the column and the row to the kind and the value of a cell.
Cell = Callable[[int, int], tuple[str, Any]]


@dataclass(frozen=True)
class Endless:
    """A table with more rows than anybody can read, or with `rows`."""

    columns: Iterable[int]
    cell: Cell
    rows: int | None = None


def system(description: str | bytes = "", object_id: Oid = (1, 3, 6, 1, 4, 1, 99999)) -> list[tuple[Oid, str, Any]]:
    """The system group of a device that says this of itself."""
    said = description.encode() if isinstance(description, str) else description
    return [
        ((*SYSTEM, 1, 0), "octets", said),
        ((*SYSTEM, 2, 0), "oid", object_id),
        ((*SYSTEM, 3, 0), "ticks", 4711),
        ((*SYSTEM, 5, 0), "octets", b"mallory"),
    ]


def entity_cell(
    serial: Callable[[int], bytes], text: bytes = b"part", parent: Callable[[int], int] = lambda row: 0
) -> Cell:
    """Cells of entPhysicalTable: modules with these serials, all other texts alike."""

    def cell(column: int, row: int) -> tuple[str, Any]:
        if column in ENTITY_NUMBERS:
            return "int", {4: parent(row), 5: 9, 6: row, 16: 1}[column]
        return "octets", serial(row) if column == 11 else text

    return cell


class HostileAgent(FaultAgent):
    """Has some variables, and tables by their entries whose cells are made when they are asked for."""

    def __init__(
        self,
        varbinds: Iterable[tuple[Oid, str, Any]],
        tables: Mapping[Oid, Endless] | None = None,
        fault: Fault | None = None,
        reply_octets: int = 60_000,
    ) -> None:
        super().__init__(varbinds, fault, reply_octets=reply_octets)
        self._tables = {(*entry, column): table for entry, table in (tables or {}).items() for column in table.columns}

    def _answer(self, request: Request) -> bytes:
        reply = super()._answer(request)
        return reply if len(reply) <= 65_000 else request.error("tooBig")

    def after(self, oid: Oid) -> Oid | None:
        following = [found for found in (super().after(oid), self._cell_after(oid)) if found]
        return min(following, default=None)

    def _cell_after(self, oid: Oid) -> Oid | None:
        for column, table in sorted(self._tables.items()):
            row = oid[len(column)] + 1 if oid[: len(column)] == column and len(oid) > len(column) else 1
            if (row == 1 and column < oid and oid[: len(column)] != column) or (table.rows and row > table.rows):
                continue
            return (*column, row)
        return None

    def _encoded(self, oid: Oid | None, asked: Oid, missing: str) -> bytes:
        table = self._tables.get(oid[:-1]) if oid else None
        if oid is None or table is None or not 1 <= oid[-1] <= (table.rows or 2**31 - 1):
            return super()._encoded(oid, asked, missing)
        return encode_varbind(oid, *table.cell(oid[-2], oid[-1]))

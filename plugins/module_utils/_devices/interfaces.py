# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interface a port or transceiver serves: by ENTITY-MIB's mapping tables, else by what its row is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .._snmp.agent import Agent, Index, Rows, Table
from .transceivers import is_form_factor
from .tree import Tree
from .values import text

#: entAliasMappingTable (RFC 6933), indexed by entPhysicalIndex and a logical entity (0: for all of them). Some agents
#: answer it with errors, so nothing depends on it.
ALIAS_MAPPING = Table("entAliasMappingTable", (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1), {"identifier": 2}, required=False)
#: entLPMappingTable (RFC 6933), indexed by a logical entity and entPhysicalIndex.
LP_MAPPING = Table("entLPMappingTable", (1, 3, 6, 1, 2, 1, 47, 1, 3, 1, 1), {"physical": 1}, required=False)
IF_X_TABLE = Table("ifXTable", (1, 3, 6, 1, 2, 1, 31, 1, 1, 1), {"name": 1}, required=False)
IF_TABLE = Table("ifTable", (1, 3, 6, 1, 2, 1, 2, 2, 1), {"descr": 2}, required=False)

_IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
#: "TenGigE0/0/0/0", "Ethernet49/1", "xe-0/0/1"; and Arista's "Xcvr for Ethernet1"
_INTERFACE = re.compile(r"(?:Xcvr for )?([A-Za-z][A-Za-z-]*[A-Za-z-]\d+(?:[/.:]\d+)*)")
#: Behind what a pluggable is called: "X2 Transceiver 10Gbase-LR Te1/7/2", "Chassis 1 Transceiver Gi1/9/3"
_INTERFACE_BEHIND = re.compile(
    r"\b(?:transceiver|xcvr|optics?|pluggable)\b.{0,60} ([A-Za-z][A-Za-z-]*\d+(?:/\d+){1,4}(?:[.:]\d+)?)", re.I
)
#: Children of an optic that are looked at: its lanes and sensors may be many, the first port among them is enough.
_CHILDREN = 4


class Aliases:
    """entAliasMappingTable, as far as it is read: the interface of a row of entPhysicalTable."""

    def __init__(self, agent: Agent, tree: Tree) -> None:
        self._agent = agent
        self._tree = tree
        self._known: dict[int, int | None] = {}  #: entPhysicalIndex -> ifIndex
        self._walked = False

    def ask(self, places: Iterable[int], *beside: tuple[Table, Mapping[Index, Sequence[str]]]) -> None:
        """Read the aliases of these rows, of those that were not read yet; and cells of other tables with them."""
        wanted = [place for place in dict.fromkeys(places) if place not in self._known]
        cells: dict[Index, Sequence[str]] = {(place, 0): ("identifier",) for place in wanted}
        if not wanted:
            return
        self._agent.ask((ALIAS_MAPPING, cells), *beside)
        rows = self._agent.cells(ALIAS_MAPPING, cells)
        self._known.update(dict.fromkeys(wanted))
        self._take(rows)

    def walk(self) -> None:
        """Read the whole table: some agents give their rows other logical entities than 0."""
        if not self._walked and not self._agent.broke_off(ALIAS_MAPPING):
            self._walked = True
            rows = self._agent.columns(ALIAS_MAPPING, ["identifier"])
            self._take({index: row for index, row in sorted(rows.items(), reverse=True) if len(index) == 2})

    def first(self, places: Iterable[int]) -> int | None:
        """The ifIndex of the first of these rows that has one."""
        return next((if_index for place in places if (if_index := self._known.get(place)) is not None), None)

    def found_any(self) -> bool:
        return any(if_index is not None for if_index in self._known.values())

    def around(self, key: int) -> list[int]:
        """The row and what contains it, a cage."""
        return [key, *_known(self._tree.parent(key))]

    def inside(self, key: int) -> list[int]:
        """Its first children: IOS-XE routers map the port in an optic."""
        return self._tree.children(key)[:_CHILDREN]

    def _take(self, rows: Rows) -> None:
        for index, row in rows.items():
            pointer = row.get("identifier")
            # A RowPointer to ifIndex, or another column of ifTable, of an interface.
            if isinstance(pointer, tuple) and pointer[:9] == _IF_ENTRY and len(pointer) == 11:
                self._known[index[0]] = pointer[10]


def interface_names(agent: Agent, aliases: Aliases, parts: Mapping[int, Sequence[str | None]]) -> dict[int, str]:
    """entPhysicalIndex -> interface name, for those of the parts that have one. `parts` holds their texts.

    The alias is looked for on the part itself, on its parent (a cage), and on its first children (IOS-XE routers).
    Without one the part's own texts count, and where these name none, entLPMappingTable. After a table broke off
    nothing takes its place: the other word for the same interface would look like a move.
    """
    said = {key: interface_in_text(*texts) for key, texts in parts.items()}
    numbers = _by_alias(aliases, said)
    aliasless = [key for key in parts if key not in numbers and not agent.broke_off(ALIAS_MAPPING)]
    if not all(said[key] for key in aliasless):
        logical = _logical_ports(agent)
        numbers.update({key: logical[key] for key in aliasless if not said[key] and key in logical})
    names = if_names(agent, numbers.values())
    named = {key: names[if_index] for key, if_index in numbers.items() if if_index in names}
    return named | {key: name for key in aliasless if (name := said[key])}


def _by_alias(aliases: Aliases, said: Mapping[int, str | None]) -> dict[int, int]:
    """entPhysicalIndex -> ifIndex by entAliasMappingTable. `said`: the interface in each row's own texts."""

    def look() -> dict[int, int]:
        aliases.ask(place for key in said for place in aliases.around(key))
        found = {key: aliases.first(aliases.around(key)) for key in said}
        lost = [key for key, if_index in found.items() if if_index is None]
        aliases.ask(place for key in lost for place in aliases.inside(key))
        found.update({key: aliases.first(aliases.inside(key)) for key in lost})
        return {key: if_index for key, if_index in found.items() if if_index is not None}

    numbers = look()
    if not all(said.values()) and not aliases.found_any():
        aliases.walk()
        numbers = look()
    return numbers


def if_names(agent: Agent, if_indexes: Iterable[int]) -> dict[int, str]:
    """ifIndex -> ifName, else ifDescr; those that have neither are absent."""
    wanted = sorted({(if_index,) for if_index in if_indexes})
    names = _texts(agent, IF_X_TABLE, "name", wanted)
    if not agent.broke_off(IF_X_TABLE):
        names.update(_texts(agent, IF_TABLE, "descr", [index for index in wanted if index[0] not in names]))
    return names


def interface_in_text(*texts: str | None) -> str | None:
    """The interface that a row's name or description is; else the one after the words of a pluggable."""
    for find in (_INTERFACE.fullmatch, _INTERFACE_BEHIND.search):
        for value in texts:
            found = find(value or "")
            # QSFP112 looks like an interface as well.
            if found and not is_form_factor(found[1]):
                return found[1]
    return None


def _known(key: int | None) -> list[int]:
    return [] if key is None else [key]


def _logical_ports(agent: Agent) -> dict[int, int]:
    """entPhysicalIndex -> ifIndex, on agents whose logical entities are their interfaces: each has one part."""
    indexes = [index for index in agent.columns(LP_MAPPING, ["physical"]) if len(index) == 2]
    parts = Counter(logical for logical, _physical in indexes)
    return {physical: logical for logical, physical in indexes if parts[logical] == 1}


def _texts(agent: Agent, table: Table, column: str, wanted: Sequence[Index]) -> dict[int, str]:
    if not wanted:
        return {}
    rows = agent.rows(table, [column], wanted)
    texts = {index[0]: text(row, column) for index, row in rows.items()}
    return {if_index: name for if_index, name in texts.items() if name}

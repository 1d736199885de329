# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interface a port or transceiver serves: by ENTITY-MIB's mapping tables, else by what its row is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..snmp.agent import Agent, Index, Table
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
#: "TenGigE0/0/0/0", "Ethernet49/1", "xe-0/0/1"; and what Arista says: "Xcvr for Ethernet1"
_INTERFACE = re.compile(r"(?:Xcvr for )?([A-Za-z][A-Za-z-]*[A-Za-z-]\d+(?:[/.:]\d+)*)")
#: Children of an optic that are looked at: its lanes and sensors may be many, the first port among them is enough.
_CHILDREN = 4


def interface_names(agent: Agent, tree: Tree, parts: Mapping[int, Sequence[str | None]]) -> dict[int, str]:
    """entPhysicalIndex -> interface name, for those of the parts that have one. `parts` holds their texts.

    The alias is looked for on the part itself, on its parent (a cage), and on its first children (IOS-XE routers).
    Without one the part's own texts count, and where these say nothing, entLPMappingTable. After a table broke off
    nothing takes its place: the other word for the same interface would look like a move.
    """
    numbers = _by_alias(agent, tree, list(parts))
    aliasless = [key for key in parts if key not in numbers and not agent.broke_off(ALIAS_MAPPING)]
    said = {key: interface_in_text(*parts[key]) for key in aliasless}
    if not all(said.values()):
        logical = _logical_ports(agent)
        numbers.update({key: logical[key] for key, name in said.items() if not name and key in logical})
    names = if_names(agent, numbers.values())
    told = {key: names[if_index] for key, if_index in numbers.items() if if_index in names}
    return told | {key: name for key, name in said.items() if name}


def _by_alias(agent: Agent, tree: Tree, parts: Sequence[int]) -> dict[int, int]:
    """entPhysicalIndex -> ifIndex by entAliasMappingTable."""
    outside = {key: [key, *_known(tree.parent(key))] for key in parts}
    aliases = _aliases(agent, [place for places in outside.values() for place in places])
    lost = [key for key in parts if not any(place in aliases for place in outside[key])]
    inside = {key: tree.children(key)[:_CHILDREN] for key in lost}
    aliases.update(_aliases(agent, [place for places in inside.values() for place in places]))
    found = {key: [aliases[place] for place in inside.get(key, outside[key]) if place in aliases] for key in parts}
    return {key: if_indexes[0] for key, if_indexes in found.items() if if_indexes}


def if_names(agent: Agent, if_indexes: Iterable[int]) -> dict[int, str]:
    """ifIndex -> ifName, else ifDescr; those that have neither are absent."""
    wanted = sorted({(if_index,) for if_index in if_indexes})
    names = _texts(agent, IF_X_TABLE, "name", wanted)
    if not agent.broke_off(IF_X_TABLE):
        names.update(_texts(agent, IF_TABLE, "descr", [index for index in wanted if index[0] not in names]))
    return names


def interface_in_text(*texts: str | None) -> str | None:
    """The interface that a row's name or description is: whole, or as Arista writes it."""
    for value in texts:
        found = _INTERFACE.fullmatch(value or "")
        if found:
            return found[1]
    return None


def _known(key: int | None) -> list[int]:
    return [] if key is None else [key]


def _aliases(agent: Agent, places: Sequence[int]) -> dict[int, int]:
    """entPhysicalIndex -> ifIndex, of those of the places that have an alias."""
    if not places:
        return {}
    rows = agent.rows(ALIAS_MAPPING, ["identifier"], [(place, 0) for place in places])
    found = {}
    for index, row in rows.items():
        pointer = row.get("identifier")
        # A RowPointer to ifIndex, or another column of ifTable, of an interface.
        if isinstance(pointer, tuple) and pointer[:9] == _IF_ENTRY and len(pointer) == 11:
            found[index[0]] = pointer[10]
    return found


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

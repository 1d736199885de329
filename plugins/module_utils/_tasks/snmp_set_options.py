# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of snmp_set, and the variables that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._mib.errors import MibError
from .._mib.indexes import decoded, encoded, index_of
from .._mib.library import Mib
from .._mib.names import instance_of, node_of
from .._mib.nodes import BITS as BITS_BASE
from .._mib.nodes import Node
from .._mib.writing import TYPES, written
from .._outgoing.text import brief
from .._snmp import writes
from .._snmp.budget import MOST_OCTETS
from .._snmp.errors import OptionError
from .._snmp.pdu import encode_varbind
from .._snmp.transport import Oid, VarBind, dotted
from .snmp_options import SNMP_ARGUMENTS

_FORCE = {"type": "bool", "default": False}
#: A variable with a value, as users give it.
VARIABLE: dict[str, Any] = {
    "oid": {"type": "str", "required": True},
    "value": {"type": "raw", "required": True},
    "type": {"type": "str", "choices": list(TYPES)},
}
ARGUMENT_SPEC: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "mib_dirs": {"type": "list", "elements": "path", "default": []},
    "variables": {"type": "list", "elements": "dict", "options": {**VARIABLE, "force": _FORCE}},
    "row": {
        "type": "dict",
        "options": {
            "table": {"type": "str", "required": True},
            "index": {"type": "raw", "required": True},
            "columns": {"type": "dict", "default": {}},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "how": {"type": "str", "choices": [writes.AUTO, writes.GO, writes.WAIT], "default": writes.AUTO},
        },
    },
    "force": _FORCE,
    "max_seconds": {"type": "int", "default": 120},
    "question": {"type": "dict"},
}
RULES: dict[str, Any] = {"mutually_exclusive": [("variables", "row")], "required_one_of": [("variables", "row")]}
#: Variables of one task: they have to fit into one message.
MOST_VARIABLES = 500
#: Octets of these variables in a message over UDP, with room for what is around them.
_MOST_OCTETS = 65_000
#: MAX-ACCESS of what can be set. Without any (SMIv1, or no MIB), the agent decides.
_WRITABLE = frozenset({"read-write", "read-create", "write-only", ""})
_RULES = {"RowStatus": writes.ROW_STATUS, "TestAndIncr": writes.ADVISORY}


class Wanted(NamedTuple):
    """A variable with the value that it is to have."""

    varbind: VarBind
    rule: str  #: one of writes.RULES


@dataclass(frozen=True)
class Row:
    """A row that is to exist, or not."""

    wanted: list[Wanted]  #: its RowStatus is the last one
    how: str = ""  #: how it is created
    others: list[Oid] = field(default_factory=list)  #: the variables that are lost with it


def variables_of(params: Mapping[str, Any], mib: Mib) -> list[Wanted]:
    """The option `variables`. Raises MibError, OptionError."""
    given = params["variables"]
    if not 1 <= len(given) <= MOST_VARIABLES:
        raise OptionError(f"variables has {len(given)} entries: name 1 to {MOST_VARIABLES}.")
    found = [_variable(one, params["force"] or one["force"], mib) for one in given]
    seen: set[Oid] = set()
    for one in found:
        if one.varbind.oid in seen:
            raise OptionError(f"variables has {dotted(one.varbind.oid)} twice. Remove one.")
        seen.add(one.varbind.oid)
    if sum(len(encode_varbind(one.varbind)) for one in found) > _MOST_OCTETS:
        raise OptionError("variables do not fit into one message, and a SET is not split. Set them in several tasks.")
    return found


def _variable(given: Mapping[str, Any], force: bool, mib: Mib) -> Wanted:
    oid = instance_of(given["oid"], mib)
    return _wanted(oid, given["value"], given["type"] or "", variable_at(oid, mib), mib, force)


def variable_at(oid: Oid, mib: Mib) -> Node | None:
    """The object that an instance is of; None if no MIB defines it. Raises MibError for what cannot have a value."""
    node = mib.at(oid)
    if node and node.kind == "column" and oid == node.oid:
        raise MibError(f"{node.full_name} is a column: give the index of the row behind it, such as {node.name}.1.")
    if node and oid == node.oid and node.kind in ("table", "row", "notification"):
        raise MibError(f"{node.full_name} is a {node.kind}, and has no value.")
    return node if node and node.is_variable else None


def may_write(node: Node | None) -> bool:
    """Whether the MIB allows to set it; True where none says anything."""
    return node is None or node.access in _WRITABLE


def _wanted(oid: Oid, value: Any, word: str, node: Node | None, mib: Mib, force: bool) -> Wanted:
    if node and not may_write(node) and not force:
        raise MibError(
            f"{node.full_name} is {node.access} by its MIB. Remove it, or set `force: true` if the agent allows it."
        )
    varbind = written(oid, value, word, node, mib, checked=not force)
    if isinstance(varbind.value, bytes) and len(varbind.value) > MOST_OCTETS:
        raise OptionError(f"The value of {dotted(oid)} is longer than {MOST_OCTETS} octets, and could not be compared.")
    syntax = node.syntax if node else None
    rule = "" if syntax is None else writes.BITS if syntax.base == BITS_BASE else _RULES.get(syntax.name, "")
    return Wanted(varbind, rule)


def row_of(params: Mapping[str, Any], mib: Mib) -> Row:
    """The option `row`. Raises MibError."""
    given, force = params["row"], params["force"]
    entry = _entry(given["table"], mib)
    columns = {node.name: node for node in mib.children(entry)}
    status = next((node for node in columns.values() if node.syntax and node.syntax.name == "RowStatus"), None)
    if status is None:
        raise MibError(f"{entry.full_name} has no RowStatus, so its rows cannot be created so. Use variables.")
    parts = index_of(entry, mib)
    index = encoded(given["index"], parts, mib)
    if decoded(index, parts, mib) is None:
        names = ", ".join(part.name for part in parts)
        raise MibError(f"row: '{brief(given['index'], 80)}' is no index of {entry.name}: it has {names}.")
    if given["state"] == "absent":
        gone = Wanted(VarBind((*status.oid, *index), "int", writes.DESTROY), writes.ROW_STATUS)
        lost = [node for node in columns.values() if node is not status and node.access and may_write(node)]
        return Row([gone], others=[(*node.oid, *index) for node in lost])
    wanted = list(_cells(given["columns"], columns, status, index, mib, force))
    made = Wanted(VarBind((*status.oid, *index), "int", writes.CREATE_AND_GO), writes.ROW_STATUS)
    return Row([*wanted, made], given["how"])


def _entry(name: str, mib: Mib) -> Node:
    node = node_of(name, mib)
    if node and node.kind == "table":
        (node, *_more) = mib.children(node) or [node]
    if node is None or node.kind != "row":
        raise MibError(f"row: {brief(name, 80)} is no table of a known MIB. Set mib_dirs to the folder with its MIB.")
    return node


def _cells(
    given: Mapping[str, Any], columns: Mapping[str, Node], status: Node, index: Oid, mib: Mib, force: bool
) -> Iterator[Wanted]:
    for name, value in given.items():
        node = columns.get(str(name).rpartition("::")[2])
        if node is None or node is status:
            known = ", ".join(one for one in columns if one != status.name)
            why = "follows from `state`" if node else f"is no column of this table. It has {known}"
            raise MibError(f"row: {brief(name, 80)} {why}.")
        typed = isinstance(value, Mapping)
        if typed and (not {"value"} <= set(value) <= {"value", "type"} or value.get("type", "hex") not in TYPES):
            raise MibError(f"row: {node.name} has neither a value nor `value` with `type` (one of {', '.join(TYPES)}).")
        content, word = (value["value"], value.get("type", "")) if typed else (value, "")
        yield _wanted((*node.oid, *index), content, word, node, mib, force)

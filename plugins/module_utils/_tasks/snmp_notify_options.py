# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of snmp_notify, and the notification that they mean."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator, Mapping
from typing import Any

from .._mib.indexes import encoded, index_of
from .._mib.library import Mib
from .._mib.names import instance_of, oid_of
from .._mib.nodes import Node
from .._mib.writing import written
from .._outgoing.text import brief
from .._snmp.errors import OptionError
from .._snmp.transport import Oid, VarBind
from .._traps.notification import ENTERPRISE_SPECIFIC, SNMP_TRAPS, Notification
from .snmp_options import SNMP_ARGUMENTS
from .snmp_set_options import VARIABLE, variable_at

ARGUMENT_SPEC: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "mib_dirs": {"type": "list", "elements": "path", "default": []},
    "targets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "default": 162},
            "credentials": {"type": "str"},
        },
    },
    "notification": {"type": "str"},
    "inform": {"type": "bool", "default": False},
    "objects": {"type": "dict", "default": {}},
    "index": {"type": "raw"},
    "variables": {"type": "list", "elements": "dict", "default": [], "options": VARIABLE},
    "uptime": {"type": "int"},
    "enterprise": {"type": "str"},
    "agent_address": {"type": "str"},
    "generic": {"type": "int"},
    "specific": {"type": "int"},
    "own_engine_id": {"type": "str"},
    "force": {"type": "bool", "default": False},
    "question": {"type": "dict"},
}
RULES: dict[str, Any] = {"required_one_of": [("notification", "generic")]}
MOST_VARIABLES, MOST_TARGETS = 500, 100
_LARGEST_TICKS = 2**32 - 1
_LARGEST = 2**31 - 1


def notification_of(params: Mapping[str, Any], mib: Mib) -> Notification:
    """The notification. Raises MibError, OptionError."""
    generic, specific = params["generic"], params["specific"]
    enterprise = oid_of(params["enterprise"], mib) if params["enterprise"] else ()
    _check_v1(params, enterprise)
    if params["notification"]:
        oid = oid_of(params["notification"], mib)
    elif generic == ENTERPRISE_SPECIFIC:
        oid = (*enterprise, 0, specific)
    else:
        oid = (*SNMP_TRAPS, generic + 1)
    return Notification(
        oid=oid,
        uptime=_uptime(params["uptime"]),
        varbinds=tuple(_varbinds(params, oid, mib)),
        confirmed=params["inform"],
        enterprise=enterprise,
        agent_address=_agent_address(params["agent_address"]),
        generic=generic,
        specific=None if generic is None else specific or 0,
    )


def _check_v1(params: Mapping[str, Any], enterprise: Oid) -> None:
    generic, specific = params["generic"], params["specific"]
    if generic is not None and not 0 <= generic <= ENTERPRISE_SPECIFIC:
        raise OptionError(f"generic is {generic}: it is 0 to {ENTERPRISE_SPECIFIC} (RFC 1157).")
    if specific is not None and not 0 <= specific <= _LARGEST:
        raise OptionError(f"specific is {specific}: it is 0 to {_LARGEST}.")
    if generic == ENTERPRISE_SPECIFIC and (specific is None or not enterprise):
        raise OptionError("generic is 6 (enterpriseSpecific), which needs enterprise and specific: give both.")
    if specific is not None and generic is None:
        raise OptionError("specific is set without generic: set generic to 6 (enterpriseSpecific).")


def _uptime(given: int | None) -> int:
    if given is None:
        clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return int(time.clock_gettime(clock) * 100) % (_LARGEST_TICKS + 1)
    if not 0 <= given <= _LARGEST_TICKS:
        raise OptionError(f"uptime is {given}: it is 0 to {_LARGEST_TICKS} hundredths of a second.")
    return given


def _agent_address(given: str | None) -> str:
    if not given:
        return ""
    try:
        return str(ipaddress.IPv4Address(given))
    except ValueError:
        raise OptionError(f"agent_address: '{brief(given, 80)}' is no IPv4 address, the only ones in SNMPv1.") from None


def _varbinds(params: Mapping[str, Any], oid: Oid, mib: Mib) -> Iterator[VarBind]:
    """The objects that the MIB lists, in its order, then the others (RFC 3416, 4.2.6)."""
    found = mib.at(oid)
    node = found if found and found.oid == oid and found.kind == "notification" else None
    force: bool = params["force"]
    named = [_object(name, value, params["index"], mib, force) for name, value in params["objects"].items()]
    given = named + [_variable(one, mib, force) for one in params["variables"]]
    if len(given) > MOST_VARIABLES:
        raise OptionError(f"objects and variables have {len(given)} entries: at most {MOST_VARIABLES}.")
    for wanted in _objects(node, mib):
        first = next((one for one in given if one.oid[: len(wanted.oid)] == wanted.oid), None)
        if first:
            given.remove(first)
            yield first
        elif node and not force:
            names = ", ".join(one.name for one in _objects(node, mib))
            raise OptionError(
                f"{node.name} carries {names}, and {wanted.name} is not given. Add it to objects, or set force."
            )
    yield from given


def _objects(node: Node | None, mib: Mib) -> list[Node]:
    return [mib.related(node, name) for name in node.objects] if node else []


def _object(name: str, value: Any, index: Any, mib: Mib, force: bool) -> VarBind:
    node = mib.find(str(name))
    if not node.is_variable:
        raise OptionError(f"objects: {node.full_name} is no variable.")
    if node.kind == "scalar":
        return written((*node.oid, 0), value, "", node, mib, checked=not force)
    row = mib.at(node.oid[:-1])
    if index is None:
        raise OptionError(f"objects: {node.name} is a column: set index to that of its row, or use variables.")
    numbers = encoded(index, index_of(row, mib) if row and row.kind == "row" else [], mib)
    return written((*node.oid, *numbers), value, "", node, mib, checked=not force)


def _variable(given: Mapping[str, Any], mib: Mib, force: bool) -> VarBind:
    oid = instance_of(given["oid"], mib)
    return written(oid, given["value"], given["type"] or "", variable_at(oid, mib), mib, checked=not force)

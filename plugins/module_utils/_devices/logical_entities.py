# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ENTITY-MIB's entLogicalTable (RFC 6933): an agent may have the hardware of its logical entities in other contexts."""

from __future__ import annotations

from collections.abc import Mapping

from .._snmp.agent import Value
from .._snmp.transport import Oid
from .values import text

_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 2, 1, 1)
#: The first logical entity: asked for with other scalars of a device that reported no part, so it costs no request.
FIRST: Mapping[str, Oid] = {"logical_descr": (*_ENTRY, 2, 1), "logical_context": (*_ENTRY, 8, 1)}


def where_else(row: Mapping[str, Value]) -> str | None:
    """A sentence for `coverage`, if the first logical entity has a context of its own; what to set is in it."""
    context = text(row, "logical_context")
    if not context:
        return None
    name = text(row, "logical_descr") or "the first one"
    return f"logical entities: {name} is in the SNMPv3 context {context}; set snmp_context_name to read it"

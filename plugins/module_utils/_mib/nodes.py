# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a MIB defines (RFC 2578, RFC 2579): nodes of the tree with their names, syntaxes and index clauses.

The data are facts about MIBs, in JSON (see library.py); no text of a MIB is among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._snmp.transport import Oid

#: Between a module and a name: IF-MIB::ifDescr.
OF_MODULE = "::"
#: Before the last part of an INDEX clause whose length is not sent (RFC 2578, 7.7).
IMPLIED = "IMPLIED "

#: The base types of SMIv2 whose values are numbers.
NUMBERS = frozenset({"INTEGER", "Integer32", "Unsigned32", "Gauge32", "Counter32", "Counter64", "TimeTicks"})
OCTETS, OBJECT_ID, IP_ADDRESS, BITS = "OCTET STRING", "OBJECT IDENTIFIER", "IpAddress", "BITS"


@dataclass(frozen=True)
class Syntax:
    """The type of an object, textual conventions resolved."""

    base: str  #: one of NUMBERS, OCTET STRING, OBJECT IDENTIFIER, IpAddress, BITS, Opaque
    name: str = ""  #: the outermost textual convention: DisplayString, InterfaceIndex; empty for a base type
    hint: str = ""  #: DISPLAY-HINT (RFC 2579, 3.1)
    enum: Mapping[int, str] = field(default_factory=dict)  #: words of an INTEGER; of BITS, by the number of the bit
    limits: tuple[tuple[int, int], ...] = ()  #: ranges of the value of a number, of the size of octets

    @property
    def fixed(self) -> int | None:
        """The size of octets that all have the same one, which an index does not repeat."""
        if self.base == IP_ADDRESS:
            return 4
        if self.base == OCTETS and len(self.limits) == 1 and self.limits[0][0] == self.limits[0][1]:
            return self.limits[0][0]
        return None

    @classmethod
    def read(cls, data: Mapping[str, Any], name: str = "") -> Syntax:
        """From an object of `types`, or from one of an object's own."""
        return cls(
            base=data["base"],
            name=data.get("name", name),
            hint=data.get("hint", ""),
            enum={int(number): word for number, word in data.get("enum", {}).items()},
            limits=tuple((low, high) for low, high in data.get("limits", ())),
        )


@dataclass(frozen=True)
class Node:
    """One name of a MIB."""

    name: str
    module: str
    oid: Oid
    kind: str = "node"  #: scalar, column, table, row, notification; node: all others
    syntax: Syntax | None = None  #: of a scalar or column
    access: str = ""  #: MAX-ACCESS of a scalar or column: read-only, read-write, read-create, not-accessible, ...
    index: tuple[str, ...] = ()  #: of a row: "ifIndex", "OTHER-MIB::name", "IMPLIED name"
    augments: str = ""  #: of a row, instead of an index: the row that it extends
    objects: tuple[str, ...] = ()  #: of a notification: the variables that it carries

    @property
    def full_name(self) -> str:
        return f"{self.module}{OF_MODULE}{self.name}"

    @property
    def is_variable(self) -> bool:
        """Whether it has values."""
        return self.kind in ("scalar", "column")


def numbers(text: str) -> Oid:
    """dotted() of an OID backwards, of a text that is one."""
    return tuple(map(int, text.split(".")))

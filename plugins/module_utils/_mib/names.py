# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users write for a variable or a subtree, as an OID: in numbers, by name, with an index behind it."""

from __future__ import annotations

import re

from .._outgoing.text import brief
from .._snmp.budget import MOST_NUMBERS
from .._snmp.transport import Oid
from .errors import MibError
from .library import Mib
from .nodes import Node

_LARGEST = 0xFFFFFFFF
_NUMBERS = re.compile(r"\.?\d{1,10}(?:\.\d{1,10})*", re.ASCII)
_NAME = re.compile(r"((?:[A-Za-z][\w-]*::)?[A-Za-z][\w-]*)((?:\..*)?)", re.DOTALL)
#: One part of an index: a number, "text" (with its length before it), 'text' (without, as IMPLIED has it).
_PART = re.compile(r"\.(?:(\d{1,10}(?!\d))|\"([^\"]*)\"|'([^']*)')", re.DOTALL)


def oid_of(text: str, mib: Mib) -> Oid:
    """The OID that a text means: 1.3.6.1.2.1.1.5.0, sysName.0, IF-MIB::ifDescr.3, vacmGroupName.3."wes".

    Names are looked up; numbers need no MIB. Raises MibError that quotes the text.
    """
    text = text.strip()
    if _NUMBERS.fullmatch(text):
        return _checked(text, tuple(int(number) for number in text.strip(".").split(".")))
    found = _NAME.fullmatch(text)
    if not found:
        raise _not_an_oid(text)
    return _checked(text, mib.find(found[1]).oid + _index(text, found[2]))


def instance_of(text: str, mib: Mib) -> Oid:
    """oid_of(), with the .0 that a scalar has, and which is easily forgotten: sysName is sysName.0."""
    oid = oid_of(text, mib)
    node = None if _NUMBERS.fullmatch(text.strip()) else mib.at(oid)
    return (*oid, 0) if node and node.kind == "scalar" and node.oid == oid else oid


def node_of(text: str, mib: Mib) -> Node | None:
    """The node that a text means, by its name or exactly its OID; None for numbers that no MIB defines."""
    oid = oid_of(text, mib)
    node = mib.at(oid)
    return node if node and node.oid == oid else None


def _index(text: str, behind: str) -> Oid:
    index: list[int] = []
    at = 0
    while at < len(behind):
        found = _PART.match(behind, at)
        if not found:
            raise _not_an_oid(text)
        number, sized, implied = found.groups()
        octets = (sized if implied is None else implied) if number is None else None
        if number is not None:
            index.append(int(number))
        elif octets is not None:
            encoded = octets.encode("utf-8", "surrogateescape")
            index += ([len(encoded)] if implied is None else []) + list(encoded)
        at = found.end()
    return tuple(index)


def _checked(text: str, oid: Oid) -> Oid:
    if len(oid) > MOST_NUMBERS or max(oid) > _LARGEST or oid[0] > 2:
        raise _not_an_oid(text)
    return oid


def _not_an_oid(text: str) -> MibError:
    example = "1.3.6.1.2.1.1.5.0, sysName.0 or IF-MIB::ifDescr.3"
    return MibError(f"'{brief(text, 80)}' is neither an OID nor a name with an index, such as {example}. Correct it.")

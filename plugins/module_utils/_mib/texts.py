# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard MIBs as pysmi reads them: a user's MIB imports from them, and their own texts are not at hand.

Made of the facts (library.py), with no more than an importing MIB needs: names, numbers and types.
"""

from __future__ import annotations

from collections.abc import Iterator

from .library import Mib, MibModule
from .nodes import BITS, NUMBERS, Node, Syntax

#: The modules that define the language.
_SMI, _TC = "SNMPv2-SMI", "SNMPv2-TC"
#: RFC 2578, section 7.1.
_BASE_TYPES = (
    "Integer32 ::= INTEGER (-2147483648..2147483647)",
    "IpAddress ::= [APPLICATION 0] IMPLICIT OCTET STRING (SIZE (4))",
    "Counter32 ::= [APPLICATION 1] IMPLICIT INTEGER (0..4294967295)",
    "Gauge32 ::= [APPLICATION 2] IMPLICIT INTEGER (0..4294967295)",
    "Unsigned32 ::= [APPLICATION 2] IMPLICIT INTEGER (0..4294967295)",
    "TimeTicks ::= [APPLICATION 3] IMPLICIT INTEGER (0..4294967295)",
    "Opaque ::= [APPLICATION 4] IMPLICIT OCTET STRING",
    "Counter64 ::= [APPLICATION 6] IMPLICIT INTEGER (0..18446744073709551615)",
)


def text_of(name: str, mib: Mib) -> str:
    """The text of a module; empty for one that is not known."""
    module = mib.module(name)
    if module is None:
        return ""
    head = f"{name} DEFINITIONS ::= BEGIN"
    return "\n".join([head, *_imports(name), *_types(module), *_nodes(module), "END", ""])


def _imports(name: str) -> Iterator[str]:
    """What the types of a module are made of (pysmi 2 insists on it); of SNMPv2-SMI itself, the base types."""
    if name == _SMI:
        yield from _BASE_TYPES
    else:
        types = ", ".join(sorted(NUMBERS - {"INTEGER"}))
        convention = "" if name == _TC else f" TEXTUAL-CONVENTION FROM {_TC}"
        yield f"IMPORTS OBJECT-TYPE, IpAddress, Opaque, {types} FROM {_SMI}{convention};"


def _types(module: MibModule) -> Iterator[str]:
    for name in module.type_names():
        syntax = module.syntax(name)
        if syntax:
            hint = f'DISPLAY-HINT "{syntax.hint}" ' if syntax.hint else ""
            yield f'{name} ::= TEXTUAL-CONVENTION {hint}STATUS current DESCRIPTION "" SYNTAX {_syntax(syntax)}'


def _nodes(module: MibModule) -> Iterator[str]:
    for node in module.nodes():
        if node.name[:1].islower():
            yield f"{node.name} {_definition(node)} ::= {{ {' '.join(map(str, node.oid))} }}"


def _definition(node: Node) -> str:
    if node.syntax is None:
        return "OBJECT IDENTIFIER"
    syntax = _syntax(node.syntax)
    return f'OBJECT-TYPE SYNTAX {syntax} MAX-ACCESS {node.access or "read-only"} STATUS current DESCRIPTION ""'


def _syntax(syntax: Syntax) -> str:
    if syntax.enum:
        words = ", ".join(f"{word}({number})" for number, word in syntax.enum.items())
        return f"{'BITS' if syntax.base == BITS else 'INTEGER'} {{ {words} }}"
    ranges = " | ".join(f"{low}..{high}" for low, high in syntax.limits)
    if not ranges:
        return syntax.base
    return f"{syntax.base} ({ranges})" if syntax.base in NUMBERS else f"{syntax.base} (SIZE ({ranges}))"

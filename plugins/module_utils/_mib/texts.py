# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard MIBs as pysmi reads them: a user's MIB imports from them, and their own texts are not at hand.

Made of the facts (library.py), with no more than an importing MIB needs: names, numbers and types.
"""

from __future__ import annotations

from collections.abc import Iterator

from .library import Mib, MibModule
from .nodes import BITS, Node, Syntax


def text_of(name: str, mib: Mib) -> str:
    """The text of a module; empty for one that is not known."""
    module = mib.module(name)
    if module is None:
        return ""
    return "\n".join([f"{name} DEFINITIONS ::= BEGIN", *_types(module), *_nodes(module), "END", ""])


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
    return f"{syntax.base} (SIZE ({ranges}))" if syntax.base == "OCTET STRING" else f"{syntax.base} ({ranges})"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of a row (RFC 2578, 7.7): numbers behind the OID of a column, as the values of the INDEX clause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._outgoing.text import brief
from .._snmp.budget import MOST_NUMBERS
from .._snmp.transport import Oid, VarBind, dotted
from . import addresses, hints
from .errors import MibError
from .library import Mib
from .nodes import IMPLIED, IP_ADDRESS, NUMBERS, OBJECT_ID, Node, Syntax, numbers
from .values import value_of

_LARGEST = 0xFFFFFFFF
_NUMBERS = re.compile(r"\.?\d{1,10}(?:\.\d{1,10})*", re.ASCII)
#: What an AUGMENTS clause may lead to through others.
_DEEPEST = 8


@dataclass(frozen=True)
class IndexPart:
    """One object of an INDEX clause."""

    name: str
    syntax: Syntax
    implied: bool  #: its length is not sent; it is the last part


class _DoesNotFit(Exception):
    """The numbers are no index of this table."""


def index_of(row: Node, mib: Mib) -> list[IndexPart]:
    """The parts of the index of a row, also of one that augments another. Raises MibError."""
    for _step in range(_DEEPEST):
        if not row.augments:
            break
        row = mib.related(row, row.augments)
    parts = []
    for reference in row.index:
        node = mib.related(row, reference)
        # An INDEX clause may name a type instead of an object: SMIv1 had that.
        syntax = node.syntax or Syntax("Integer32")
        parts.append(IndexPart(node.name, syntax, reference.startswith(IMPLIED)))
    return parts


def decoded(index: Oid, parts: Sequence[IndexPart], mib: Mib) -> dict[str, Any] | None:
    """The values of an index by the names of its parts; None if it does not fit them.

    A value is what `value` of a described variable is, for a number with words the word; addresses are text.
    """
    values: dict[str, Any] = {}
    kind = ""  # of an address
    rest = index
    try:
        for part in parts:
            content, rest = _taken(part, rest)
            varbind = _varbind(part.syntax, content)
            found = value_of(varbind, part.syntax, mib)
            values[part.name] = found.get("enum", found["value"])
            if addresses.is_kind(part.syntax):
                kind = found.get("enum", "")
            elif addresses.is_address(part.syntax):
                text = addresses.address_text(_octets(content), kind)
                values[part.name] = values[part.name] if text is None else text
    except _DoesNotFit:
        return None
    return None if rest else values


def encoded(given: Any, parts: Sequence[IndexPart], mib: Mib) -> Oid:
    """The numbers of an index, or of the beginning of one.

    :param given: its numbers, as "1.4.192.0.2.1" or as one number; or the values of its first parts, in a list or by
        their names.

    Raises MibError that quotes the value.
    """
    if isinstance(given, Mapping):
        known = [part.name for part in parts]
        values = [given[name] for name in known if name in given]
        if set(given) != set(known[: len(given)]):
            wanted = ", ".join(known) or "not known"
            raise MibError(
                f"An index has the parts {brief(', '.join(map(str, given)), 80)}; those of this table: {wanted}."
            )
        return _encoded(values, parts, mib)
    if isinstance(given, (list, tuple)):
        return _encoded(given, parts, mib)
    text = str(given)
    if _NUMBERS.fullmatch(text) and max(oid := numbers(text.strip("."))) <= _LARGEST:
        return oid
    return _encoded([given], parts, mib)


def _encoded(values: Sequence[Any], parts: Sequence[IndexPart], mib: Mib) -> Oid:
    if len(values) > len(parts):
        raise MibError(f"An index has {len(values)} values; that of this table has {len(parts)}.")
    oid: list[int] = []
    kind = ""
    for value, part in zip(values, parts, strict=False):
        try:
            content = _content(value, part.syntax, kind, mib)
        except ValueError:
            raise MibError(
                f"'{brief(value, 80)}' is no value of {part.name} ({part.syntax.name or part.syntax.base})."
            ) from None
        if addresses.is_kind(part.syntax):
            kind = part.syntax.enum.get(content[0], "")
        sized = part.syntax.base not in NUMBERS and part.syntax.fixed is None and not part.implied
        oid += [len(content), *content] if sized else content
    if len(oid) > MOST_NUMBERS:
        raise MibError(f"An index is longer than {MOST_NUMBERS} numbers: '{brief(values[0], 80)}' ...")
    return tuple(oid)


def complete(index: Oid, parts: Sequence[IndexPart], mib: Mib) -> bool:
    """Whether the numbers are a whole index, and not only the beginning of one."""
    return bool(parts) and not any(part.implied for part in parts) and decoded(index, parts, mib) is not None


def _taken(part: IndexPart, rest: Oid) -> tuple[Oid, Oid]:
    """The numbers of a part, without its length, and those behind it. Raises _DoesNotFit."""
    start, size = 0, len(rest)
    if part.syntax.base in NUMBERS:
        size = 1
    elif part.syntax.fixed is not None:
        size = part.syntax.fixed
    elif not part.implied:
        start, size = 1, rest[0] if rest else 0
    if len(rest) < start + size or not rest:
        raise _DoesNotFit
    return rest[start : start + size], rest[start + size :]


def _varbind(syntax: Syntax, content: Oid) -> VarBind:
    if syntax.base in NUMBERS:
        return VarBind((), "ticks" if syntax.base == "TimeTicks" else "int", content[0])
    if syntax.base == OBJECT_ID:
        return VarBind((), "oid", content)
    return VarBind((), "ip" if syntax.base == IP_ADDRESS else "octets", _octets(content))


def _octets(content: Oid) -> bytes:
    try:
        return bytes(content)
    except ValueError:
        raise _DoesNotFit from None


def _content(value: Any, syntax: Syntax, kind: str, mib: Mib) -> Oid:
    """The numbers of a value, without a length. Raises ValueError."""
    if syntax.base in NUMBERS:
        words = {word: number for number, word in syntax.enum.items()}
        number = words[value] if isinstance(value, str) and value in words else int(value)
        if not 0 <= number <= _LARGEST:
            raise ValueError(value)
        return (number,)
    text = str(value)
    if syntax.base == OBJECT_ID:
        if not _NUMBERS.fullmatch(text) or max(oid := numbers(text.strip("."))) > _LARGEST:
            raise ValueError(value)
        return oid
    if addresses.is_address(syntax):
        octets = addresses.address_octets(text, kind)
    elif syntax.base == IP_ADDRESS:
        octets = addresses.address_octets(text, "ipv4")
    else:
        octets = _octets_of(text, syntax)
    if syntax.fixed is not None and len(octets) != syntax.fixed:
        raise ValueError(value)
    return tuple(octets)


def _octets_of(text: str, syntax: Syntax) -> bytes:
    """The octets of a text: in hexadecimal behind 0x, as its hint writes it, or as they are."""
    if text.startswith("0x"):
        return bytes.fromhex(text[2:])
    hinted = hints.octets_of(text, syntax.hint) if syntax.hint else None
    return text.encode("utf-8") if hinted is None else hinted


def index_text(index: Oid) -> str:
    """The numbers of an index as text."""
    return dotted(index)

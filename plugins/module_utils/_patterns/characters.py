# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of characters of regular expressions, as numbers: a bit for each of the first 256 characters, and for some that
represent the others (a letter, a digit, a blank, a sign, and those that are i, k and s where case does not matter)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

_STAND_INS = "\u0416\u0661\u2003\u2014\u0131\u212a\u017f"
_OTHERS = (1 << 256 + len(_STAND_INS)) - (1 << 256)
#: Characters of the first 256 -> what represents those that differ only in case.
_IN_ANY_CASE = {"i": 1 << 260, "k": 1 << 261, "s": 1 << 262, **dict.fromkeys("\xb5\xc5\xdf\xe5\xff", 1 << 256)}
_UPPER, _LOWER, _LETTERS = ord("A"), ord("a"), (1 << 26) - 1

ALL = (1 << 256) - 1 | _OTHERS
#: What may follow a part of an expression: any character, or the end of the text, and nothing else is asked for.
ANYTHING = ALL | ALL + 1


def characters(operator: Any, argument: Any, flags: int, octets: bool) -> int | None:
    """The set of characters that a part of an expression matches; None where it is something else.

    :param operator: with its argument as re._parser gives it.
    :param octets: the expression is one of bytes.
    """
    if operator is sre.ANY:
        return ALL if flags & re.DOTALL else ALL & ~(1 << ord("\n"))
    if operator is sre.LITERAL:
        return _union([(sre.LITERAL, argument)], flags, octets, negated=False)
    if operator is sre.NOT_LITERAL:
        return ALL & ~_union([(sre.LITERAL, argument)], flags, octets, negated=True)
    if operator is not sre.IN:
        return None
    if argument[0][0] is sre.NEGATE:
        return ALL & ~_union(argument[1:], flags, octets, negated=True)
    return _union(argument, flags, octets, negated=False)


def _union(parts: Iterable[tuple[Any, Any]], flags: int, octets: bool, negated: bool) -> int:
    found = 0
    for kind, value in parts:
        if kind is sre.CATEGORY:
            found |= _category(str(value), bool(flags & re.ASCII) or octets)
            continue
        first, last = (value, value) if kind is sre.LITERAL else value
        found |= ((1 << min(last, 255) + 1) - 1) & ~((1 << min(first, 256)) - 1)
        # A representative represents some characters that are named here, and some that are not.
        found |= _OTHERS if last > 255 and not negated else 0
    return _in_any_case(found) if flags & re.IGNORECASE else found


def _in_any_case(found: int) -> int:
    upper, lower = found >> _UPPER & _LETTERS, found >> _LOWER & _LETTERS
    found |= upper << _LOWER | lower << _UPPER
    for letter, other in _IN_ANY_CASE.items():
        found |= other if found >> ord(letter) & 1 else 0
    return found


@cache
def _category(name: str, ascii_only: bool) -> int:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
    expression = re.compile(f"\\{letter.upper() if 'NOT' in name else letter}", re.ASCII if ascii_only else 0)
    members = [*map(chr, range(256)), *_STAND_INS]
    return sum(1 << number for number, member in enumerate(members) if expression.match(member))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that a value of a profile has the right type: else a ProfileError leads to the key."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from .._common.near import near
from .._snmp.transport import Oid
from .profile import ANY, Key, ProfileError

Where: TypeAlias = tuple[Key, ...]

#: Characters of an expression.
_MOST_PATTERN = 500


def mapping(value: Any, where: Where, known: Collection[str] = ()) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ProfileError(where, "must be a mapping of keys to values")
    for key in value if known else ():
        check_known(key, known, (*where, key), "key")
    return value


def check_known(word: Any, known: Collection[str], where: Where, what: str) -> None:
    if word not in known:
        words = sorted(known)
        alike = near(str(word), words, 1)
        hint = f"did you mean {alike[0]}?" if alike else f"known are {', '.join(words) or 'none'}"
        raise ProfileError(where, f"unknown {what} {word!r}: {hint}")


def words_of(value: Any, where: Where) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ProfileError(where, f"{value!r} must be a list of words")
    return list(value)


def text_of(value: Any, where: Where) -> str:
    if isinstance(value, (Mapping, list)) or value is None:
        raise ProfileError(where, f"{value!r} must be a string")
    return str(value)


def truth_of(value: Any, where: Where) -> bool:
    if not isinstance(value, bool):
        raise ProfileError(where, f"{value!r} must be true or false")
    return value


def regex_of(value: Any, where: Where) -> re.Pattern[str]:
    """An expression that is searched for. What it may cost is looked at where a user's profile is loaded."""
    text = text_of(value, where)
    if len(text) > _MOST_PATTERN:
        raise ProfileError(where, f"an expression of {len(text)} characters; it may have {_MOST_PATTERN}")
    try:
        return re.compile(text, re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise ProfileError(where, f"{value!r} is not a regular expression: {error}") from None


def parse_oid(value: Any, where: Where, least: int = 2) -> Oid:
    """An OID written with dots. YAML makes a number of "1.3", which is refused."""
    if not isinstance(value, str) or not re.fullmatch(r"\.?\d+(\.\d+)+", value):
        raise ProfileError(where, f"{value!r} is not an OID: write numbers separated by dots, such as 1.3.6.1.4.1.9")
    oid = tuple(map(int, value.strip(".").split(".")))
    if oid[0] > 2 or len(oid) < least or max(oid) > 0xFFFFFFFF:
        raise ProfileError(where, f"{value} is not an OID of a MIB")
    return oid


def parse_open_oid(value: Any, where: Where, least: int) -> Oid:
    """The same, in which * may stand for sub-identifiers that differ from model to model (ANY)."""
    if not isinstance(value, str) or "*" not in value:
        return parse_oid(value, where, least)
    found = re.fullmatch(r"\.?(\d+(?:\.\d+){6,})((?:\.\*)+)((?:\.\d+)+)", value)
    if not found:
        raise ProfileError(
            where,
            f"{value!r}: * stands for whole sub-identifiers, all of them together, below an enterprise and before "
            "other numbers, as in 1.3.6.1.4.1.890.1.5.8.*.1.10.0",
        )
    before, stars, after = found.groups()
    parse_oid(before + after, where, least)
    return (*map(int, before.split(".")), *[ANY] * (len(stars) // 2), *map(int, after.strip(".").split(".")))

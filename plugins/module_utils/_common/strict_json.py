# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON text of others as plain data, within limits: what RFC 8259 leaves open is refused here."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

#: Objects and lists in each other. What we write ourselves has a dozen.
DEPTH = 40
#: The text of BadJson for a text that is not JSON at all, or is cut.
NO_JSON = "is not JSON"


class BadJson(ValueError):
    """The text is not JSON that is read; the message completes "it ..." ("is not JSON", "is nested ...")."""


#: The escape of half a character (a surrogate, of which two make a character).
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class TooMuchJson(BadJson):
    """It is JSON, and nested deeper or of more values than is read."""


def parse(text: str | bytes, depth: int = DEPTH, values: int | None = None) -> Any:
    """The value of a JSON text. Raises BadJson.

    Refused is what two readers may take for two things, or what Python cannot work with: the same key twice in an
    object, NaN and infinite numbers, numbers of thousands of digits, half a character, and more than `depth` levels of
    objects and lists.

    values: so many numbers, texts, objects and lists at most, about: "[]" has two octets, and 60 in Python's memory.
    """
    try:
        text = text if isinstance(text, str) else text.decode("utf-8")
        if values is not None and sum(map(text.count, ",[{")) > values:
            raise TooMuchJson(f"has more than {values:,} values")
        value = _DECODER.decode(text)
    except BadJson:
        raise
    except RecursionError:
        raise TooMuchJson(_too_deep(depth)) from None
    except ValueError:
        raise BadJson(NO_JSON) from None
    if _is_deeper(value, depth):
        raise TooMuchJson(_too_deep(depth))
    if _HALF.search(text) and _has_half(value):
        raise BadJson("has an incomplete character")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("has an object with the same key twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _constant(text)


def _constant(_text: str) -> NoReturn:
    raise BadJson("has a number that is not finite")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_finite, parse_constant=_constant)


def _too_deep(depth: int) -> str:
    return f"is nested deeper than {depth} levels"


def _has_half(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _is_deeper(value: Any, depth: int) -> bool:
    """Level by level, so that a deep value costs no stack."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(depth):
        if not level:
            return False
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [child for children in inner for child in children if isinstance(child, (dict, list))]
    return bool(level)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON text of others as plain data, within limits: what RFC 8259 leaves open is refused here."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

#: Objects and lists in each other. What we write ourselves has a dozen.
DEPTH = 40


class BadJson(ValueError):
    """The text is no JSON that is read; the message completes "it ..." ("is no JSON", "is nested ...")."""


def parse(text: str | bytes, depth: int = DEPTH) -> Any:
    """The value of a JSON text. Raises BadJson.

    Refused is what two readers may take for two things, or what Python cannot work with: the same key twice in an
    object, NaN and infinite numbers, numbers of thousands of digits, and more than `depth` levels of objects and lists.
    """
    try:
        value = _DECODER.decode(text if isinstance(text, str) else text.decode("utf-8"))
    except BadJson:
        raise
    except RecursionError:
        raise BadJson(_too_deep(depth)) from None
    except ValueError:
        raise BadJson("is no JSON") from None
    if _is_deeper(value, depth):
        raise BadJson(_too_deep(depth))
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
    raise BadJson("has a number that is none, or is infinite")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_finite, parse_constant=_constant)


def _too_deep(depth: int) -> str:
    return f"is nested deeper than {depth} levels"


def _is_deeper(value: Any, depth: int) -> bool:
    """Level by level, so that a deep value costs no stack."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(depth):
        if not level:
            return False
        inner = [child for one in level for child in (one.values() if isinstance(one, dict) else one)]
        level = [child for child in inner if isinstance(child, (dict, list))]
    return bool(level)

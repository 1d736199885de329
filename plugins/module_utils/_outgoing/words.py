# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and lists in words, for messages and summaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .text import printable

#: A list of names ends after so many.
NAMED = 10


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """1 part, 4,095 parts."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def listed(names: Iterable[Any], most: int = NAMED, total: int | None = None) -> str:
    """The first `most` names: a, b and 1,234 more. total: how many there are, if not all of them are given."""
    texts = [printable(name) for name in names]
    more = (total or len(texts)) - min(most, len(texts))
    return ", ".join(texts[:most]) + (f" and {more:,} more" if more > 0 else "")


def clipped(value: Any, length: int) -> str:
    """Text of at most `length` characters, its end cut off; printable."""
    text = printable(value)
    return text if len(text) <= length else text[: length - 1] + "…"

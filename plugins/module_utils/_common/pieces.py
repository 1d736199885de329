# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences in pieces, for requests that take only so many values at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Pieces of at most `size` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def shares(values: Sequence[T], most: int, ways: int, least: int = 10) -> Iterator[Sequence[T]]:
    """Pieces of nearly one size, of at most `most` values, for `ways` requests at a time: so many that none of these is
    idle while others are under way, if each piece still has `least` values."""
    needed = -(-len(values) // most)
    pieces = max(needed, min(-(-needed // ways) * ways, len(values) // least))
    for number in range(pieces):
        yield values[len(values) * number // pieces : len(values) * (number + 1) // pieces]


def halved(values: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """The first and the second half; the first one is empty if there is only one value."""
    middle = len(values) // 2
    return values[:middle], values[middle:]

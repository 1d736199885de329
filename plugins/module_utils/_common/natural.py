# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The natural order of slots."""

from __future__ import annotations

import re

#: Longer digits are letters in the order of things: Python refuses to read some thousand of them as a number.
_DIGITS = 18


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key by which Slot 2 comes before Slot 10."""
    pieces = [piece for piece in re.split(r"([0-9]+)", text) if piece]
    return [(0, int(piece), "") if _is_number(piece) else (1, 0, piece) for piece in pieces]


def _is_number(piece: str) -> bool:
    return piece.isascii() and piece.isdecimal() and len(piece) <= _DIGITS

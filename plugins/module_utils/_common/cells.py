# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in the cells of a terminal: a CJK character takes two, an accent that joins the letter before it none."""

from __future__ import annotations

import unicodedata

#: The beginning of a continuation line.
INDENT = "  "
#: A blank at which no line is broken, as between a number and its unit, or in text that users type.
UNBROKEN = "\u00a0"


def cells(text: str) -> int:
    """How many cells a printable text takes."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def shortened(text: str, width: int) -> str:
    """The text, or as much of its beginning as fits with two dots behind it."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for char in text:
        used += _width(char)
        if used > width - 2:
            break
        kept.append(char)
    return "".join(kept) + ".."


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces; a longer word gets a line of its own.

    An UNBROKEN blank is a plain one in what is returned.
    """
    lines, current = [], ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current.strip() else current + word
        if cells(longer) > width and current.strip():
            lines.append(current)
            longer = INDENT + word
        current = longer
    return [line.replace(UNBROKEN, " ") for line in (*lines, current)]


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1

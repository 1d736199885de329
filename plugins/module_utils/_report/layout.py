# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of text in the cells of a terminal: columns below each other, and nothing cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._common.cells import INDENT, cells, wrapped

GAP = "  "
#: With less room than this for a last column that is to be wrapped, the first one gets a line of its own.
_ROOM_BESIDE = 40
#: With less room than this, the last column gets a line of its own as well.
_ROOM = 28


def paragraph(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines of at most `width` cells, each of them indented; a longer word gets a line of its own."""
    lines = wrapped(text, max(width - cells(indent), 1))
    return [indent + (line.removeprefix(INDENT) if number else line) for number, line in enumerate(lines)]


def table(rows: Sequence[Sequence[str]], width: int, indent: str = INDENT) -> list[str]:
    """Rows of as many columns each, within `width` cells. The last column is wrapped.

    The text of the first column of the row above is not repeated. If there is too little room next to the first
    column, it gets a line of its own, above the rows that it is about.
    """
    if not rows:
        return []
    widths = [max(cells(row[number]) for row in rows) for number in range(len(rows[0]) - 1)]
    room = width - _start(widths, indent)
    if room >= min(_ROOM_BESIDE, max(cells(row[-1]) for row in rows)):
        return [line for row in _unrepeated(rows) for line in _row(row, widths, width, indent)]
    lines: list[str] = []
    for first, *rest in _unrepeated(rows):
        lines += paragraph(first, width, indent) if first else []
        lines += _row(rest, widths[1:], width, indent + INDENT)
    return lines


def _start(widths: Sequence[int], indent: str) -> int:
    """Where the last column begins."""
    return cells(indent) + sum(widths) + len(GAP) * len(widths)


def _unrepeated(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    former = None
    for row in rows:
        yield ["", *row[1:]] if row[0] == former else row
        former = row[0]


def _row(row: Sequence[str], widths: Sequence[int], width: int, indent: str) -> list[str]:
    padded = [text + " " * (size - cells(text)) for text, size in zip(row[:-1], widths, strict=True)]
    head, start = indent + GAP.join([*padded, ""]), _start(widths, indent)
    if width - start < min(_ROOM, cells(row[-1])):
        return [head.rstrip(), *paragraph(row[-1], width, indent + INDENT * 2)]
    first, *others = paragraph(row[-1], width - start)
    return [(head + first).rstrip(), *(" " * start + other for other in others)]

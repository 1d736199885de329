# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small plots as inline SVG: no library, no script, colours from the page's style sheet.

A library was looked at first: uPlot draws by script only, and a page must show its plots without one. These five shapes
are what the page needs. A plot names its numbers in text as well, so nothing depends on seeing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

#: Size of a column plot in its own units; the page scales it.
_WIDTH, _HEIGHT, _LABELS = 600, 76, 18
#: The tallest column leaves room for its number.
_TOP = 14
#: Width of a digit, about.
_DIGIT = 7


@dataclass(frozen=True)
class Column:
    """One column of a plot over time, or of a histogram."""

    label: str  #: below it; empty where it would be too much
    value: float | None  #: None: nothing is known, as of a night without a run
    title: str  #: what it is, in words
    tone: str = "plain"  #: a class of the style sheet: plain, ok, warn, bad


@dataclass(frozen=True)
class Piece:
    """A piece of a bar."""

    value: int
    tone: str
    title: str


def stacked_bar(pieces: Iterable[Piece], what: str) -> Markup:
    """One bar in pieces, in proportion; a piece that is not nothing is always seen."""
    shown = [piece for piece in pieces if piece.value > 0]
    total = sum(piece.value for piece in shown)
    if not total:
        return Markup("")
    least = 1000 * 0.006
    widths = [max(1000 * piece.value / total, least) for piece in shown]
    scale = 1000 / sum(widths)
    left, found = 0.0, []
    for piece, width in zip(shown, widths, strict=True):
        size = f'x="{left:.1f}" y="0" width="{max(width * scale - 2, 1):.1f}" height="20"'
        found.append(f'<rect class="{escape(piece.tone)}" {size}><title>{escape(piece.title)}</title></rect>')
        left += width * scale
    return _svg(1000, 20, what, "".join(found), "bar", stretch=True)


def columns(values: Sequence[Column], what: str) -> Markup:
    """Columns side by side, with the largest number and the labels that are given."""
    known = [one.value for one in values if one.value is not None]
    if not known:
        return Markup("")
    most = max(*known, 1)
    step = _WIDTH / len(values)
    wide = max(step - (4 if step > 12 else 1), 1)
    base = _HEIGHT - _LABELS
    found = [f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{base}" y2="{base}"/>']
    named = False
    for number, one in enumerate(values):
        x = number * step + (step - wide) / 2
        if one.label:
            found.append(_text(x + wide / 2, _HEIGHT - 4, one.label))
        if one.value is None:
            found.append(
                f'<circle class="none" cx="{x + wide / 2:.1f}" cy="{base - 4}" r="1.5">'
                f"<title>{escape(one.title)}</title></circle>"
            )
            continue
        height = (base - _TOP) * one.value / most
        height = max(height, 2) if one.value else 0.5
        found.append(
            f'<rect class="{escape(one.tone)}" x="{x:.1f}" y="{base - height:.1f}" width="{wide:.1f}"'
            f' height="{height:.1f}" rx="1"><title>{escape(one.title)}</title></rect>'
        )
        if one.value == most and one.value and not named:
            named = True
            label = f"{one.value:,.10g}"
            half = _DIGIT * len(label) / 2
            found.append(_text(min(max(x + wide / 2, half), _WIDTH - half), base - height - 4, label))
    return _svg(_WIDTH, _HEIGHT, what, "".join(found), "columns")


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'


def share(value: float, most: float) -> Markup:
    """A bar in a table cell; the number is beside it."""
    width = 100 * value / most if most else 0
    inner = f'<rect class="plain" x="0" y="0" width="{max(width, 0.5):.1f}" height="8" rx="1"/>'
    return Markup(f'<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{inner}</svg>')


def _svg(width: int, height: int, what: str, inner: str, kind: str, stretch: bool = False) -> Markup:
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    size = f'viewBox="0 0 {width} {height}"{ratio}'
    return Markup(f'<svg class="{kind}" {size} role="img" aria-label="{escape(what)}">{inner}</svg>')

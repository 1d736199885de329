# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of a terminal that shows how far a Progress is: a bar, and as many of its facts as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from ...module_utils._common.cells import cells, shortened
from .progress import FAILED, PARTIAL, Progress

#: The cells of the bar; where there are fewer it is left out.
NARROWEST, WIDEST = 10, 40
GAP = "  "


def bar_maker(colour: bool, unicode: bool) -> Callable[[Progress, int], str]:
    """How the line is drawn here: a function of the progress and the width in cells.

    colour: the terminal has colours, and NO_COLOR is not set. unicode: it shows more than ASCII.
    Without colours, without rich, or in ASCII, it is a plain line.
    """
    return (_with_rich() if colour and unicode else None) or _plain


def _with_rich() -> Callable[[Progress, int], str] | None:
    """The line in colours; None where rich is not installed."""
    try:
        # Here, for Ansible's workers are forks: an import at the top would cost each of them memory.
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return None
    console = Console(file=StringIO(), force_terminal=True, highlight=False, legacy_windows=False)

    def coloured(progress: Progress, width: int) -> str:
        text, room = _facts_that_fit(progress, width)
        line = Text(no_wrap=True)
        if room:
            done, bad, rest = _shares(progress, room)
            line.append("\u2501" * done, "green").append("\u2501" * bad, "red")
            line.append("\u2501" * rest, "bright_black").append(" ")
        line.append(text)
        line.highlight_regex(r"[0-9,]+ failed", "red")
        line.highlight_regex(r"[0-9,]+ incomplete", "yellow")
        with console.capture() as captured:
            console.print(line, end="", soft_wrap=True)
        return captured.get()

    return coloured


def _plain(progress: Progress, width: int) -> str:
    text, room = _facts_that_fit(progress, width)
    done, bad, rest = _shares(progress, room - 2)
    return f"[{'=' * done}{'!' * bad}{'.' * rest}] {text}" if room else text


def _facts_that_fit(progress: Progress, width: int) -> tuple[str, int]:
    """The facts in a text, and the room for a bar before it (0: none). What matters least is left out first."""
    # A quarter, whatever the text is: a bar that grows and shrinks with its text is not calm.
    room = min(max(width // 4, NARROWEST), WIDEST) if progress.total else 0
    facts = progress.facts()
    text = facts[0]
    if room and cells(text) + room + 1 > width:
        room = 0
    for fact in facts[1:]:
        if cells(text) + cells(GAP + fact) + (room + 1 if room else 0) <= width:
            text += GAP + fact
    return shortened(text, width), room


def _shares(progress: Progress, length: int) -> tuple[int, int, int]:
    """How many characters of the bar are for devices that were read, that are not complete, and for the rest."""
    total = max(progress.total or 0, progress.done, 1)
    bad = progress.outcomes[FAILED] + progress.outcomes[PARTIAL]
    filled = length * progress.done // total
    # One bad device of 5,000 is seen as well.
    red = max(1, length * bad // total) if bad and filled else 0
    return filled - red, red, length - filled

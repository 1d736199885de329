# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our text for people, in addition to what Ansible prints: where it goes, how wide it is, and who prints it.

Ansible's Display is the one way to the screen and to the log, from a worker as well. Where something else than text is
printed to stdout, as JSON for a program, our text goes to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as DefaultCallback
from ansible.plugins.loader import callback_loader
from ansible.utils.display import Display

from ...module_utils._outgoing.results import fit_line
from ...module_utils._report.night import Line, summary
from .._run.run_record import night_of

#: Without a terminal lines are as long as this: AWX, CI, a pipe.
WITHOUT_TERMINAL = 100
#: No line is narrower.
NARROWEST = 40
#: ansible-runner, and so AWX, gives Ansible a terminal, and keeps what it writes as text.
RUNNER = "AWX_ISOLATED_DATA_DIR"

#: Whether stdout is a terminal, as look_at_stdout() found it; None before that.
_terminal: bool | None = None
#: A copy of stderr that keep_stderr() made.
_stderr: int | None = None
#: True in a process, and in the workers that are forked from it, where a callback prints the summary: after the
#: recap, where no task can say anything.
_after_recap = False


def look_at_stdout() -> None:
    """Note whether stdout is a terminal. Called in Ansible's own process: a worker has no stdout of its own."""
    global _terminal
    if _terminal is None:
        _terminal = sys.stdout.isatty() and RUNNER not in os.environ


def keep_stderr() -> None:
    """Keep a way to stderr for the workers, whose own one Ansible closes. Called in Ansible's own process."""
    global _stderr
    if _stderr is None:
        with suppress(OSError):
            _stderr = os.dup(2)


def say_at_end(line: str) -> None:
    """Print a line to stderr from a worker while Ansible's own process ends, which then prints nothing for it."""
    if _stderr is not None:
        with suppress(OSError):
            os.write(_stderr, f"\n{fit_line(line)}\n".encode(errors="backslashreplace"))


def say_after_recap() -> None:
    """A callback will print the summary of the run."""
    global _after_recap
    _after_recap = True


def is_said_after_recap() -> bool:
    """True if a callback prints the summary of the run."""
    return _after_recap


def is_terminal() -> bool:
    """Whether a person looks at stdout, and it can take a line away."""
    return bool(_terminal) and os.environ.get("TERM", "dumb") != "dumb"


def width(without_terminal: int = WITHOUT_TERMINAL) -> int:
    """Cells of a line of text: of the terminal, else COLUMNS, else so many."""
    if _terminal:
        return max(int(Display().columns), NARROWEST)
    columns = os.environ.get("COLUMNS", "")
    return max(int(columns), NARROWEST) if columns.isascii() and columns.isdecimal() else without_terminal


@cache
def stdout_is_for_people() -> bool:
    """True if Ansible's own callback, or one made of it, prints to stdout; False where that is for a program."""
    try:
        found: Any = callback_loader.get(constants.DEFAULT_STDOUT_CALLBACK, class_only=True)
        return isinstance(found, type) and issubclass(found, DefaultCallback)
    except Exception:
        # It does not matter why: Ansible has said what is wrong with it.
        return False


def text_of(record: Mapping[str, Any]) -> list[Line]:
    """The summary of a run, from its record."""
    return summary(night_of(record), width(), verbose=Display().verbosity > 0, file=record.get("file"))


def banner(text: str) -> None:
    """A heading, as Ansible's own ones look; just the words if stdout is JSON for a program."""
    stars = f" {'*' * max(width() - len(text) - 1, 3)}" if stdout_is_for_people() else ""
    say(["", f"{text}{stars}"])


def say(lines: Iterable[Line | str]) -> None:
    """Print lines, each to its end, whatever callback there is."""
    colours = {
        "changed": constants.COLOR_CHANGED,
        "open": constants.COLOR_WARN,
        "bad": constants.COLOR_ERROR,
    }
    display, stderr = Display(), not stdout_is_for_people()
    for line in lines:
        text, tone = (line, "") if isinstance(line, str) else line
        display.display(fit_line(text), color=colours.get(tone) if text else None, stderr=stderr)
    # Python keeps what goes to a pipe until it has 8 KB of it.
    (sys.stderr if stderr else sys.stdout).flush()

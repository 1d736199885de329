# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where lines for people go: beside what Ansible's callback prints, and never into what a program reads."""

from __future__ import annotations

import sys
from functools import cache

from ansible import constants as C
from ansible.plugins.loader import callback_loader
from ansible.utils.display import Display

#: The callback whose output is for people, and that others are made of: ansible-runner's, so that of AWX, is one.
_FOR_PEOPLE = "ansible.plugins.callback.default"


@cache
def stdout_is_for_people() -> bool:
    """Whether the callback that prints is Ansible's default one, or made of it. Another one may print JSON."""
    printing = callback_loader.get(C.DEFAULT_STDOUT_CALLBACK, class_only=True)
    return printing is not None and any(one.__module__ == _FOR_PEOPLE for one in printing.__mro__)


def say(display: Display, line: str = "", screen_only: bool = False) -> None:
    """Show a line at once, on stdout if that is for people, else on stderr."""
    stderr = not stdout_is_for_people()
    display.display(line, screen_only=screen_only, stderr=stderr)
    # Python keeps what goes to a pipe until it has 8 KB of it.
    (sys.stderr if stderr else sys.stdout).flush()


def banner(display: Display, title: str) -> None:
    """Show a title as Ansible shows those of plays and tasks."""
    if stdout_is_for_people():
        display.banner(title)
    else:
        say(display, title)

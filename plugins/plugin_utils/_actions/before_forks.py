# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens in Ansible's own process, before it forks its workers.

Ansible imports an action there, right before the first task of that action, and calls nothing of it: its methods run in
the workers. So an action that needs one of these calls it when it is imported. Nothing else of this collection does
anything at import (tests/unit/plugins/test_imports.py).
"""

from __future__ import annotations

import gc
import os
import resource
from functools import cache

from ansible import context
from ansible.utils.display import Display

from ...module_utils._devices.profile_files import shipped
from ...module_utils._snmp.usm import load_ciphers
from .._progress import screen
from .._run import run_clock

#: Open files that Ansible keeps for each fork (measured on 2.19: a queue and two pipes), and those for all else.
FILES_PER_FORK, OTHER_FILES = 4, 64


def start() -> None:
    """For an action that prints: note what stdout is. Once, whichever action calls it."""
    screen.look_at_stdout()


@cache
def start_scanning() -> None:
    """For an action that scans: also keep a way to say what an interrupted scan has left."""
    start()
    screen.keep_stderr()


@cache
def start_reading() -> None:
    """For an action that reads devices: also note the time, load what every fork needs, and make forks cheap and
    possible. Once, whichever action calls it."""
    start()
    run_clock.begin()
    shipped()
    load_ciphers()
    too_few = make_room(int(context.CLIARGS.get("forks") or 5))
    if too_few:
        Display().warning(too_few)
    # A worker that collects garbage writes to every object that it looks at, and so copies all of the parent's memory:
    # with 5,000 devices 300 MB a fork. Frozen, those that were there before the fork are not looked at.
    os.register_at_fork(after_in_child=gc.freeze)


def make_room(forks: int) -> str | None:
    """Raise the limit of open files as far as so many forks need it; a warning where that is not allowed.

    Without it ansible-core drops the tasks of hosts, or ends in the middle.
    """
    needed = forks * FILES_PER_FORK + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= needed:
        return None
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed if hard == unlimited else min(needed, hard), hard))
    if hard == unlimited or hard >= needed:
        return None
    most = max(1, (hard - OTHER_FILES) // FILES_PER_FORK)
    return (
        f"{forks} forks need about {needed} open files, and this process may have {hard} (ulimit -Hn). Ansible loses "
        f"hosts then: use at most {most} forks (--forks), or raise the limit."
    )

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that end when their parent does, however it ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from multiprocessing import parent_process

#: linux/prctl.h
_PR_SET_PDEATHSIG = 1
#: Seconds between two checks of the parent, if the system sends no signal.
_TICK = 1.0


def end_with(parent: int) -> None:
    """End this process, at once and whatever it does, when its parent ends; to be called by the parent's fork.

    :param parent: the process id of the parent, as it was before the fork.
    """
    if not _told_by_the_system():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        # It had ended before this was set.
        os.kill(os.getpid(), signal.SIGKILL)


def end_with_ansible() -> None:
    """The same in a worker of Ansible, which leaves the process group of its parent and is not missed by it."""
    parent = parent_process()
    if parent is not None and parent.pid == os.getppid():
        end_with(parent.pid)
    elif parent is not None:
        os.kill(os.getpid(), signal.SIGKILL)


def _told_by_the_system() -> bool:
    """Whether the system sends SIGKILL when the thread that forked this process ends (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_TICK)
    os.kill(os.getpid(), signal.SIGKILL)

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
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process

#: linux/prctl.h
_PR_SET_PDEATHSIG, _PR_GET_PDEATHSIG = 1, 2
#: Seconds between two checks of the parent, if the system sends no signal.
_TICK = 1.0


def end_with(parent: int) -> None:
    """End this process, at once and whatever it does, when its parent ends; to be called by the parent's fork.

    :param parent: the process id of the parent, as it was before the fork.
    """
    if not _set_end_signal(signal.SIGKILL):
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


@contextmanager
def warned_of_end() -> Iterator[None]:
    """While this is entered, the end of the parent is SIGTERM where it would be SIGKILL: for work that has to write
    what it has before it ends. The caller handles SIGTERM, and ends."""
    if not _set_end_signal(signal.SIGTERM, only_instead_of=signal.SIGKILL):
        yield
        return
    try:
        yield
    finally:
        _set_end_signal(signal.SIGKILL)


def _set_end_signal(wanted: int, only_instead_of: int | None = None) -> bool:
    """Set the signal that the system sends when the parent ends; False if it has another one now, or cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        prctl = ctypes.CDLL(None).prctl
        now = ctypes.c_int(0)
        if prctl(_PR_GET_PDEATHSIG, ctypes.byref(now), 0, 0, 0) or now.value != (only_instead_of or now.value):
            return False
        return bool(prctl(_PR_SET_PDEATHSIG, int(wanted), 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_TICK)
    os.kill(os.getpid(), signal.SIGKILL)

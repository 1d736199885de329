# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends work from outside: a limit of processor time, and signals, which must not strike inside a C library."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: Signals whose handlers raise: Ansible's time-out of a task, ours of processor time, and Ctrl-C.
_RAISING = (signal.SIGALRM, signal.SIGPROF, signal.SIGINT)


class CpuTimeSpent(BaseException):
    """The work took more processor time than it may. No Exception, so that nothing on the way takes it for its own."""


@contextmanager
def limited_cpu(seconds: float) -> Iterator[None]:
    """Raises CpuTimeSpent inside the block when it has taken so many seconds of processor time.

    It interrupts Python and its regular expressions, wherever they are. Without effect outside the main thread, which
    alone gets signals, and if other code uses this timer.
    """
    ours = threading.current_thread() is threading.main_thread() and not signal.getitimer(signal.ITIMER_PROF)[0]
    if not ours:
        yield
        return

    def on_end(_number: int, _frame: FrameType | None) -> None:
        raise CpuTimeSpent

    before = signal.signal(signal.SIGPROF, on_end)
    try:
        try:
            # Again after each further second: an object's __del__ would swallow the first one.
            signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.signal(signal.SIGPROF, before)


@contextmanager
def without_interruption() -> Iterator[None]:
    """Signals whose handlers may raise wait until the end of the block, where their handlers run.

    For calls of a C library that calls Python in turn: an exception that is raised there is lost, or the process is.
    (To block the signals would not do: another thread may get them, and the handler runs in this one all the same.)
    """
    if threading.current_thread() is not threading.main_thread():
        # Handlers run in the main thread alone.
        yield
        return
    handlers = [(number, handler) for number in _RAISING if callable(handler := signal.getsignal(number))]
    came: list[int] = []
    try:
        for number, _handler in handlers:
            signal.signal(number, lambda raised, _frame: came.append(raised))
        yield
    finally:
        _put_back(handlers)
        for raised in dict.fromkeys(came):
            signal.raise_signal(raised)


def _put_back(handlers: Sequence[tuple[int, Any]]) -> None:
    """All of them, even if one that is back already raises."""
    if handlers:
        try:
            signal.signal(*handlers[0])
        finally:
            _put_back(handlers[1:])

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a task is that asks many devices by itself, for a person who waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from .progress import Progress
from .progress_pipe import listening, send_device, send_start, send_total


class Report:
    """Reports each device to the callback `progress`; if that is not enabled, prints a line now and then.

    say: takes such a line, as Display.display does. A task that ends within `interval` seconds prints nothing.
    """

    def __init__(
        self,
        total: int,
        say: Callable[[str], object],
        interval: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.progress = Progress(total, clock)
        self.progress.resume()
        self._say = say
        self._interval = interval
        self._clock = clock
        self._said_at = clock()
        self._listening = listening()
        if self._listening:
            send_total(total)

    def start(self, name: str) -> None:
        """A device is asked from now on; also from a process that was forked since."""
        if self._listening:
            send_start(name)

    def device(self, name: str, seconds: float, parts: int, outcome: str, reason: str | None = None) -> None:
        """A device is done: see Progress.device()."""
        self.progress.device(name, seconds, parts, outcome, reason)
        if self._listening:
            send_device(name, seconds, parts, outcome, reason)
        elif self._clock() - self._said_at >= self._interval:
            self._said_at = self._clock()
            self._say(self.progress.line())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until a device is quiet: a chassis with fifty parts sends fifty notifications, and is read once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

#: Names of notifications that are kept of one burst.
_MOST_NAMES = 20


@dataclass
class Burst:
    """What a device sent since it was quiet."""

    device: str
    began: float  #: seconds of a monotonic clock
    last: float
    count: int = 0
    names: Counter[str] = field(default_factory=Counter)  #: of its notifications


class Settling:
    """Bursts of devices. There is at most one for each device of the inventory, so the memory is bounded."""

    def __init__(self, quiet: float, longest: float) -> None:
        """
        :param quiet: seconds without a notification after which a burst is over.
        :param longest: seconds after which it is over although notifications go on to arrive.
        """
        self._quiet, self._longest = quiet, longest
        self._bursts: dict[str, Burst] = {}

    def note(self, device: str, name: str, now: float) -> None:
        """A notification arrived."""
        burst = self._bursts.setdefault(device, Burst(device, now, now))
        burst.last, burst.count = now, burst.count + 1
        if name in burst.names or len(burst.names) < _MOST_NAMES:
            burst.names[name] += 1

    def over(self, now: float) -> list[Burst]:
        """The bursts that are over; they are forgotten."""
        found = [burst for burst in self._bursts.values() if self._end(burst) <= now]
        for burst in found:
            del self._bursts[burst.device]
        return found

    def _end(self, burst: Burst) -> float:
        return min(burst.last + self._quiet, burst.began + self._longest)

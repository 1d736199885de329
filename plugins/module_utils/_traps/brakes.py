# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a flood from filling the memory: a rate for each source, and a window for repeated notifications.

Both forget the oldest entries first, so any number of forged addresses costs the same memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

#: Sources whose rate is kept, and notifications that are recognised again.
MOST_SOURCES, MOST_SEEN = 4096, 20_000


class Rate:
    """So many per second from each source, and the same number at once (a token bucket)."""

    def __init__(self, per_second: float) -> None:
        """per_second: 0 for no limit."""
        self._per_second = per_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, source: str, now: float) -> bool:
        """Whether one more is within the rate; counts it if so."""
        if not self._per_second:
            return True
        most = max(1.0, self._per_second)
        left, at = self._left.pop(source, (most, now))
        left = min(most, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._left[source] = (left - allowed, now)
        if len(self._left) > MOST_SOURCES:
            self._left.popitem(last=False)
        return allowed


class Seen:
    """The notifications of the last seconds."""

    def __init__(self, seconds: float) -> None:
        """seconds: 0 if nothing is a duplicate."""
        self._seconds = seconds
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def is_new(self, what: Hashable, now: float) -> bool:
        """Whether it was not seen within the window. The window begins with the first one of its kind."""
        if not self._seconds:
            return True
        while self._at:
            oldest, at = next(iter(self._at.items()))
            if now - at < self._seconds and len(self._at) <= MOST_SEEN:
                break
            del self._at[oldest]
        if what in self._at:
            return False
        self._at[what] = now
        return True

    def forget(self, what: Hashable) -> None:
        """It was not taken after all: when it is sent again, it is new."""
        self._at.pop(what, None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A circuit breaker: an unreachable NetBox is not asked again for each of 5,000 devices."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import NetBoxError, NetBoxUncertain

#: Errors that the next request would get as well. The client repeated the request first, if that can help.
_LASTING = frozenset({"unreachable", "timeout", "certificate", "not_netbox", "token", "permission", "throttled"})
#: The number of other failures without a success in between that count as lasting. Finding one bad row in a bulk of
#: 100 takes 8.
_IN_A_ROW = 12


class Breaker:
    """Shared by all threads that read, or that write. Opens on an error that will last: then nothing is sent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._error: NetBoxError | None = None

    @property
    def open(self) -> bool:
        """True if no more requests are to be sent."""
        return self._error is not None

    @contextmanager
    def request(self, uncounted: tuple[type[NetBoxError], ...] = ()) -> Iterator[None]:
        """Around one request: raise the error that opened the breaker, else count how the request ended.

        uncounted: errors about what was asked for, after which the caller asks for less.
        """
        self.check()
        try:
            yield
        except uncounted:
            raise
        except NetBoxError as error:
            self.failed(error)
            raise
        self.worked()

    def check(self) -> None:
        """Raise the error that opened the breaker, if any did."""
        if self._error is not None:
            raise self._error

    def failed(self, error: NetBoxError) -> None:
        """A request failed for good. One that may have been done only counts: NetBox was there."""
        lasting = error.reason in _LASTING and not isinstance(error, NetBoxUncertain)
        with self._lock:
            self._failures += 1
            if lasting or self._failures >= _IN_A_ROW:
                self._error = self._error or error

    def worked(self) -> None:
        """A request succeeded."""
        with self._lock:
            self._failures = 0

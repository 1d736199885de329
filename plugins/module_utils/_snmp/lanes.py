# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several requests to one device at the same moment: each in a conversation of its own, which only one thread uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from .errors import SnmpError
from .transport import Transport, VarBind

Request = Callable[[Transport], list[VarBind]]
AnyTransport = TypeVar("AnyTransport", bound=Transport)


class Lanes(Generic[AnyTransport]):
    """The conversations with a device. All but the first are opened when they are needed, in the calling thread."""

    def __init__(self, first: AnyTransport, another: Callable[[], AnyTransport], most: int) -> None:
        self.most = most  #: requests at once
        self.transports = [first]  #: as many as were ever needed at once
        self._another = another
        self._threads: ThreadPoolExecutor | None = None

    def ask(self, requests: Sequence[Request]) -> list[list[VarBind] | None]:
        """Send so many requests (at most `most`) and wait for all replies; None where it did not go well.

        The caller finds out why, by asking again, one request at a time: it raises no SnmpError.
        """
        try:
            while len(self.transports) < len(requests):
                self.transports.append(self._another())
        except SnmpError:
            return [None] * len(requests)
        self._threads = self._threads or ThreadPoolExecutor(self.most - 1, "snmp-lane")
        others = [self._threads.submit(_reply, *pair) for pair in zip(requests[1:], self.transports[1:], strict=False)]
        return [_reply(requests[0], self.transports[0]), *(other.result() for other in others)]

    def close(self) -> None:
        """Wait for the requests that are under way, then close all conversations."""
        if self._threads:
            self._threads.shutdown()
        for transport in self.transports:
            transport.close()


def _reply(request: Request, transport: Transport) -> list[VarBind] | None:
    try:
        return request(transport)
    except SnmpError:
        return None

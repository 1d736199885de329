# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests over UDP, each sent until it is answered, and only by whom it was sent to."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from .errors import SnmpProtocolError, SnmpTimeout, SnmpUnreachable
from .target import Target, socket_address

#: The largest datagram over IPv4; one over IPv6 is hardly larger.
LONGEST = 65535

T = TypeVar("T")


class BrokenReply(Exception):
    """A reply that belongs to this request but cannot be decoded; the text names the reason."""

    def __init__(self, reason: str, whole: bool) -> None:
        super().__init__(reason)
        self.whole = whole  #: nothing of it was lost on the way


class Exchange:
    """A socket for the requests to one agent."""

    def __init__(self, target: Target, timeout: float, tries: int, any_source: bool = False) -> None:
        """Open it; nothing is sent.

        :param timeout: seconds to wait for the reply each time that a request is sent.
        :param tries: how often a request is sent at most.
        :param any_source: accept a reply from any address and port.

        Raises SnmpUnreachable for an address that cannot be used here.
        """
        self._timeout, self._tries = timeout, tries
        self._gate = target.gate
        self._any_source = any_source
        self._connected = False
        self._stranger: str | None = None  #: who else sent a right reply
        try:
            family, self._peer = socket_address(target)
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except OSError as error:
            raise SnmpUnreachable(f"the address cannot be used: {error.strerror}") from None

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes, reply_of: Callable[[bytes], T | None]) -> T:
        """Send a request until it is answered.

        :param reply_of: the reply that a datagram is, None for one that is no reply to this request. It may raise
            BrokenReply.

        Raises SnmpTimeout, SnmpUnreachable, SnmpProtocolError, SnmpLimitError, and what reply_of raises else.
        """
        for _try in range(self._tries):
            self.send(request)
            reply = self.wait(reply_of, time.monotonic() + self._timeout)
            if reply is not None:
                return reply
        raise self.silence()

    def wait(self, reply_of: Callable[[bytes], T | None], until: float) -> T | None:
        """The reply to what was sent, if it comes until a moment of time.monotonic() or is there already.

        Raises as ask() does.
        """
        broken = None
        for datagram in self._datagrams(until, reply_of):
            try:
                reply = reply_of(datagram)
            except BrokenReply as error:
                broken = SnmpProtocolError(f"its reply cannot be decoded: {error}")
                if error.whole:
                    break
            else:
                if reply is not None:
                    self._connect()
                    return reply
        if broken:
            # The next one would be the same; the reply to a smaller request may not.
            raise broken
        return None

    def _datagrams(self, end: float, reply_of: Callable[[bytes], T | None]) -> Iterator[bytes]:
        """What arrives from the device until a moment; at least what is there already."""
        while True:
            self._socket.settimeout(max(0.0, end - time.monotonic()))
            try:
                datagram, sender = self._socket.recvfrom(LONGEST)
            except (TimeoutError, BlockingIOError):
                return
            except OSError:
                # An ICMP error about an earlier datagram: any host can send one.
                pass
            else:
                if self._any_source or sender == self._peer:
                    yield datagram
                else:
                    self._note(sender, datagram, reply_of)
            if time.monotonic() > end:
                return

    def _note(self, sender: tuple[Any, ...], datagram: bytes, reply_of: Callable[[bytes], T | None]) -> None:
        """Remember another sender that knows the request: most likely another address of the device itself."""
        with suppress(BrokenReply):
            if self._stranger is None and reply_of(datagram) is not None:
                self._stranger = f"{sender[0]} port {sender[1]}"

    def silence(self) -> SnmpTimeout:
        """The error for a request that was not answered."""
        if self._stranger is None:
            return SnmpTimeout("no answer")
        return SnmpTimeout(
            f"no answer from there, but one from {self._stranger}, which was ignored"
            " (if that is the same device, set snmp_any_source: true)"
        )

    def send(self, request: bytes) -> None:
        """Send a request once. Raises SnmpUnreachable, SnmpLimitError."""
        if self._gate:
            self._gate()
        for _try in range(2):
            try:
                if self._connected:
                    self._socket.send(request)
                else:
                    self._socket.sendto(request, self._peer)
            except ConnectionRefusedError:
                continue  # about an earlier datagram; this one was not sent
            except OSError as error:
                raise SnmpUnreachable(f"the address cannot be reached from this host: {error.strerror}") from None
            return

    def _connect(self) -> None:
        """From the first reply on the system drops what others send, before it fills the socket's buffer.

        Not from the beginning, so that we can say who else answered.
        """
        if not (self._connected or self._any_source):
            with suppress(OSError):
                self._socket.connect(self._peer)
                self._connected = True

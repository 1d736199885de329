# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv1 and SNMPv2c: our own, without a library.

These versions prove nothing: any host can send a datagram that looks like the reply. So a reply counts only
if it comes from the address and port that were asked, with the community of the request and with its request id, which
is random for each request. Of the libraries, net-snmp compares neither address nor community and counts the request
ids up, from the same number in each fork; `snmp` does not compare the address.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from .community_message import (
    GET,
    GET_BULK,
    GET_NEXT,
    STATUS,
    BrokenReply,
    Message,
    Reply,
    decode_reply,
    encode_request,
)
from .errors import SnmpPduError, SnmpProtocolError, SnmpTimeout, SnmpUnreachable
from .target import Target, socket_address
from .transport import Oid, VarBind
from .users import Community

_VERSIONS = {"1": 0, "2c": 1}
#: The largest datagram over IPv4; one over IPv6 is hardly larger.
_LONGEST = 65535


class CommunityTransport:
    """A conversation in SNMPv1 or SNMPv2c."""

    threads = True

    def __init__(
        self, target: Target, credentials: Community, timeout: float, retries: int, any_source: bool = False
    ) -> None:
        """Open a socket; nothing is sent.

        :param timeout: seconds to wait for the reply each time that a request is sent.
        :param retries: how often a request is sent at most.
        :param any_source: accept a reply from any address and port.

        Raises SnmpUnreachable for an address that cannot be used here.
        """
        self.max_message = _LONGEST
        self.requests = 0
        self.bulk = credentials.version != "1"
        self._version = _VERSIONS[credentials.version]
        self._community = credentials.community.encode("utf-8", "surrogatepass")
        self._timeout, self._tries = timeout, retries
        self._any_source = any_source
        self._connected = False
        self._stranger: str | None = None  #: who else sent a right reply
        try:
            family, self._peer = socket_address(target)
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except OSError as error:
            raise SnmpUnreachable(f"the address cannot be used: {error.strerror}") from None

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(GET, oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(GET_NEXT, oids)

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._ask(GET_BULK, oids, non_repeaters, max_repetitions)

    def close(self) -> None:
        self._socket.close()

    def _ask(self, pdu: int, oids: Sequence[Oid], first: int = 0, second: int = 0) -> list[VarBind]:
        self.requests += 1
        # Not negative: there are agents that take it for a large number, and answer with that.
        head = Message(self._version, self._community, secrets.randbelow(2**31 - 1) + 1)
        reply = self._exchange(head, encode_request(head, pdu, oids, first, second))
        if reply.status:
            word = STATUS[reply.status] if 0 < reply.status < len(STATUS) else f"the error-status {reply.status}"
            raise SnmpPduError(f"the agent returned {word}", word, reply.index)
        return reply.varbinds

    def _exchange(self, head: Message, request: bytes) -> Reply:
        """Send a request until it is answered."""
        for _try in range(self._tries):
            self._send(request)
            broken = None
            for datagram in self._datagrams(time.monotonic() + self._timeout, head):
                try:
                    reply = decode_reply(datagram, head)
                except BrokenReply as error:
                    broken = SnmpProtocolError(f"its reply cannot be decoded: {error}")
                    if error.whole:
                        break
                else:
                    if reply:
                        self._connect()
                        return reply
            if broken:
                # The next one would be the same; the reply to a smaller request may not.
                raise broken
        raise SnmpTimeout(self._silence())

    def _datagrams(self, end: float, head: Message) -> Iterator[bytes]:
        """What arrives from the device until a moment; at least what is there already."""
        while True:
            self._socket.settimeout(max(0.0, end - time.monotonic()))
            try:
                datagram, sender = self._socket.recvfrom(_LONGEST)
            except (TimeoutError, BlockingIOError):
                return
            except OSError:
                # An ICMP error about an earlier datagram: any host can send one.
                pass
            else:
                if self._any_source or sender == self._peer:
                    yield datagram
                else:
                    self._note(sender, datagram, head)
            if time.monotonic() > end:
                return

    def _note(self, sender: tuple[Any, ...], datagram: bytes, head: Message) -> None:
        """Remember another sender that knows the request: most likely another address of the device itself."""
        with suppress(BrokenReply):
            if self._stranger is None and decode_reply(datagram, head):
                self._stranger = f"{sender[0]} port {sender[1]}"

    def _silence(self) -> str:
        if self._stranger is None:
            return "no answer"
        return (
            f"no answer from there, but one from {self._stranger}, which was ignored"
            " (if that is the same device, set snmp_any_source: true)"
        )

    def _send(self, request: bytes) -> None:
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

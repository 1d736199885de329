# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A UDP socket at which notifications arrive: decoded, bounded in every direction, and counted.

The order of the checks matters. First it is proved who sent a datagram (receiver.py), then the rate of the source is
charged: a host that forges the address of a device cannot use up the rate of that device without its credentials. An
inform is answered only when it was taken, so its sender repeats what was dropped.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._common.errors import InvmonError
from .brakes import Rate, Seen
from .counters import DUPLICATE, QUEUE_FULL, RATE, SOCKET_FULL, Counters
from .receiver import Received, Receiver

#: The largest datagram of UDP.
_LARGEST = 65_535
#: Datagrams that are read before other tasks get their turn.
_AT_ONCE = 64
#: Octets of the kernel's buffer, for moments in which this process gets no time; it gives as much as
#: net.core.rmem_max allows, which is a tenth of a second at 2,000 a second where nobody raised it.
_BUFFER = 4 * 2**20
#: Linux: the same beyond that limit, for root.
_SO_RCVBUFFORCE = 33
#: Octets of the datagrams in the queue, so that large ones cannot fill the memory.
_MOST_OCTETS = 16 * 2**20
#: Answers per second to a source that is refused: a forged address is not sent more.
_REPORTS = 10
#: Linux: the kernel reports how many datagrams it dropped (socket(7)). Python has no name for it.
_SO_RXQ_OVFL = 40


class ListenError(InvmonError):
    """The socket cannot be had."""

    reason = "listen"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much is taken."""

    queue: int = 1000  #: notifications that wait to be fetched
    per_source: float = 100  #: notifications per second from one source; 0: no limit
    dedupe: float = 0  #: seconds in which the same notification of the same source counts once


class Arrived(NamedTuple):
    """A notification that was taken."""

    received: Received  #: its `notification` is not None
    address: str  #: of its sender: IPv4 or IPv6, without a zone
    port: int
    at: float  #: seconds since 1970
    octets: int


@dataclass
class Listener:
    """Receives notifications within a running event loop, from open() to close()."""

    receiver: Receiver
    bounds: Bounds = field(default_factory=Bounds)
    counters: Counters = field(default_factory=Counters)

    def __post_init__(self) -> None:
        self._queue: asyncio.Queue[Arrived] = asyncio.Queue(self.bounds.queue)
        self._rate, self._reports = Rate(self.bounds.per_source), Rate(_REPORTS)
        self._seen = Seen(self.bounds.dedupe)
        self._octets = self._lost = 0
        self._buffer = bytearray(_LARGEST)
        self._socket: socket.socket | None = None

    def open(self, address: str, port: int) -> int:
        """Listen from now on; returns the port, which the system chooses if it is 0.

        :param address: an IPv4 or IPv6 literal; `::` also takes IPv4.

        Raises ListenError.
        """
        self._socket = bound_socket(address, port)
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)
        return int(self._socket.getsockname()[1])

    async def get(self) -> Arrived:
        """The next notification, when there is one."""
        arrived = await self._queue.get()
        self._octets -= arrived.octets
        return arrived

    def close(self) -> None:
        """Stop listening; what was not fetched is gone."""
        if self._socket:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _read(self) -> None:
        for data, sender in self._datagrams():
            self._take(data, sender)

    def _datagrams(self) -> Iterator[tuple[bytes, Any]]:
        for _number in range(_AT_ONCE):
            if not self._socket:
                return
            try:
                size, about, _flags, sender = self._socket.recvmsg_into([self._buffer], 64)
            except OSError:
                # Nothing is there, or an answer of ours could not be delivered.
                return
            self._count_lost(about)
            yield bytes(memoryview(self._buffer)[:size]), sender

    def _count_lost(self, about: list[tuple[int, int, bytes]]) -> None:
        for level, kind, content in about:
            if level == socket.SOL_SOCKET and kind == _SO_RXQ_OVFL and len(content) == 4:
                (lost,) = struct.unpack("=I", content)
                if lost != self._lost:
                    self.counters.drop(SOCKET_FULL, count=(lost - self._lost) % 2**32)
                    self._lost = lost

    def _take(self, data: bytes, sender: Any) -> None:
        address, now = plain_address(sender[0]), time.monotonic()
        self.counters.datagrams += 1
        received = self.receiver.receive(data, address)
        if received.notification is None:
            self.counters.refuse(received.refused, address)
            if received.reply and self._reports.allows(address, now):
                self._answer(received.reply, sender)
            return
        reason = self._why_not(received, address, now, len(data))
        if reason:
            self.counters.drop(reason, address)
        else:
            self._octets += len(data)
            self.counters.taken += 1
            self._queue.put_nowait(Arrived(received, address, int(sender[1]), time.time(), len(data)))
        if received.reply and reason in ("", DUPLICATE):
            self._answer(received.reply, sender)

    def _why_not(self, received: Received, address: str, now: float, octets: int) -> str:
        """Why a notification is not taken; empty if it is."""
        found = received.notification
        what = (address, found and (found.oid, found.varbinds))
        if not self._seen.is_new(what, now):
            return DUPLICATE
        reason = ""
        if self._queue.full() or self._octets + octets > _MOST_OCTETS:
            reason = QUEUE_FULL
        elif not self._rate.allows(address, now):
            reason = RATE
        if reason:
            self._seen.forget(what)
        return reason

    def _answer(self, reply: bytes, sender: Any) -> None:
        if self._socket:
            with suppress(OSError):
                self._socket.sendto(reply, sender)


def bound_socket(address: str, port: int) -> socket.socket:
    """A socket that does not block. Raises ListenError."""
    try:
        is_ipv6 = ipaddress.ip_address(address).version == 6
    except ValueError:
        raise ListenError(f"'{address}' is not an IPv4 or IPv6 address", "give the one to listen at") from None
    made = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        for option, value in ((_SO_RCVBUFFORCE, _BUFFER), (_SO_RXQ_OVFL, 1)):
            with suppress(OSError):
                made.setsockopt(socket.SOL_SOCKET, option, value)
        if is_ipv6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address != "::"))
        made.bind((address, port))
    except OSError as error:
        made.close()
        raise ListenError(
            f"Cannot listen at {address} port {port} (UDP): {error.strerror}",
            "check that no other process listens there, and that this user may (ports below 1024: docs/traps.md)",
        ) from None
    return made


def plain_address(text: str) -> str:
    """An address as NetBox and users write it: without a zone, and IPv4 as such where it arrived through IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address)

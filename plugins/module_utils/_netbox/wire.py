# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP replies within limits: of the time for the complete reply, and of its size after unpacking.

A time limit of requests starts again with each piece that comes, so that a server which sends single octets is
never too slow; and a reply of some kB may unpack to some GB. Both are limited here, below requests and urllib3: a clock
stops every read of the socket, in the headers and in the body, and the body is unpacked here.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

try:
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
except ImportError:  # the session reports it
    HTTPAdapter = HTTPConnection = HTTPSConnection = object  # type: ignore[assignment,misc]

#: The only packing that is asked for.
ACCEPTED_ENCODING = "gzip"
#: Octets that are read at once.
_PIECE = 64 * 1024


class ReplyTooSlow(Exception):
    """The reply was still coming when its time was over."""


class ReplyTooLarge(Exception):
    """The reply has more octets than are read."""


class ReplyBroken(Exception):
    """The reply is packed in a way that was not asked for, or cannot be unpacked."""


class TimedAdapter(HTTPAdapter):
    """Connections of requests, each of whose requests and replies must be through within so many seconds."""

    def __init__(self, seconds: float, connections: int) -> None:
        """
        seconds: from the first octet that is sent to the last one that comes; connecting counts for itself
        connections: kept alive at the same time
        """
        self._classes = _pool_classes(seconds)
        super().__init__(pool_connections=1, pool_maxsize=connections, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._classes

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._classes
        return manager


def _pool_classes(seconds: float) -> dict[str, Any]:
    """urllib3's pools by scheme, with connections that have a clock."""
    classes = {}
    for scheme, pool, connection in (
        ("http", urllib3.HTTPConnectionPool, HTTPConnection),
        ("https", urllib3.HTTPSConnectionPool, HTTPSConnection),
    ):
        timed = type(f"Timed{connection.__name__}", (_Timed, connection), {"seconds": seconds})
        classes[scheme] = type(f"Timed{pool.__name__}", (pool,), {"ConnectionCls": timed})
    return classes


class _Timed:
    """Mixed into a connection of urllib3."""

    seconds: float
    sock: Any
    _ends: float

    def connect(self) -> None:
        # A proxy answers while the connection is made.
        self._start()
        super().connect()  # type: ignore[misc]

    def request(self, *args: Any, **kwargs: Any) -> Any:
        self._start()
        return super().request(*args, **kwargs)  # type: ignore[misc]

    def _start(self) -> None:
        self._ends = time.monotonic() + self.seconds

    def send(self, data: Any) -> None:
        """As http.client does it, but for octets by the clock: a server may be slow to take them as well."""
        if self.sock is None or not isinstance(data, (bytes, bytearray)):
            super().send(data)  # type: ignore[misc]
            return
        patience = self.sock.gettimeout()
        with memoryview(data) as left:
            while left:
                self.sock.settimeout(_patience(patience, self._ends))
                left = left[self.sock.send(left) :]
        self.sock.settimeout(patience)

    def response_class(self, sock: Any, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        """What http.client calls to read a reply."""
        return http.client.HTTPResponse(_TimedSocket(sock, self._ends), *args, **kwargs)  # type: ignore[arg-type]


class _TimedSocket:
    """Of a socket, that which http.client uses to read a reply."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._ends))


class _TimedReader(io.RawIOBase):
    """A socket's octets, until the clock stops them."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._patience = sock.gettimeout()
        self._ends = ends
        # Made by the socket, so that it is not closed while a reply is read.
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_patience(self._patience, self._ends))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() >= self._ends:
                raise ReplyTooSlow from None
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()


def _patience(seconds: float | None, ends: float) -> float:
    """Seconds to wait for the next octets. Raises ReplyTooSlow where no time is left."""
    left = ends - time.monotonic()
    if left <= 0:
        raise ReplyTooSlow
    return left if seconds is None else min(seconds, left)


def read_body(response: Any, limit: int, cut: bool = False) -> bytes:
    """The body of a requests.Response that was asked for with stream=True, unpacked.

    limit: octets. cut: return so many of them instead of raising ReplyTooLarge. Raises ReplyTooSlow, ReplyBroken, or
    what urllib3 raises.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    pieces = response.raw.stream(_PIECE, decode_content=False)
    if encoding in ("gzip", "x-gzip"):
        pieces = _unpacked(_counted(pieces, limit), limit)
    elif encoding not in ("", "identity"):
        raise ReplyBroken(f"packed as {encoding}, which was not asked for")
    body = bytearray()
    try:
        for piece in _counted(pieces, limit):
            body += piece
    except ReplyTooLarge:
        if not cut:
            raise
        response.raw.close()
    return bytes(body)


def _counted(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise ReplyTooLarge
        yield piece


def _unpacked(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Never more than `limit` octets and one at a time, however well they were packed."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in pieces:
            yield unpacker.decompress(piece, limit + 1)
    except zlib.error:
        raise ReplyBroken("packed as gzip, and damaged") from None
    if not unpacker.eof:
        raise ReplyBroken("packed as gzip, and cut")

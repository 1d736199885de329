# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile NetBox: a real HTTP server on loopback that answers as no NetBox does.

with hostile_netbox() as netbox:                    # or hostile_netbox(standin.url): what is not attacked goes there
    netbox.answer(endless())                        # all requests, or those of one method or path
    netbox.answer(echo("json"), method="POST", path="/probes/")
    ...
    assert netbox.asked == ["GET /api/dcim/devices/?limit=1000", ...]

An attack is a function that gets a Visit and writes what it likes to its `wfile`. Those that go on for ever end when
the client hangs up, or with the server.
"""

from __future__ import annotations

import gzip
import http.client
import json
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

Attack = Callable[["Visit"], None]

#: Seconds between two octets of what drips.
DRIP = 0.01
_MEBIBYTE = 2**20


@dataclass
class _Planned:
    """An attack and the requests that it is meant for."""

    attack: Attack
    method: str
    path: str


class HostileNetBox:
    """Its address, what it was asked, and how it answers."""

    def __init__(self, url: str, honest: str | None) -> None:
        self.url = url
        self.token = "0123456789abcdef0123456789abcdef01234567"
        self.honest = honest  #: address of a stand-in
        self.asked: list[str] = []  #: "GET /api/...?..." in order
        self.connections = 0
        self.sent = 0  #: octets that were sent by those that go on for ever
        self.ended = threading.Event()
        self._planned: list[_Planned] = []

    def answer(self, attack: Attack, method: str = "", path: str = "") -> None:
        """Answer so from now on: all requests, or those with this method or with this text in their address.

        The last one counts first.
        """
        self._planned.insert(0, _Planned(attack, method, path))

    def forget(self) -> None:
        """No attack is planned, nothing was asked."""
        self._planned.clear()
        self.asked.clear()
        self.connections = self.sent = 0

    def attack_for(self, method: str, target: str) -> Attack | None:
        """The attack that is meant for a request."""
        meant = (one.attack for one in self._planned if one.method in ("", method) and one.path in target)
        return next(meant, None)


class Visit(BaseHTTPRequestHandler):
    """One connection; what an attack gets."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    netbox: HostileNetBox
    body = b""

    def setup(self) -> None:
        super().setup()
        self.netbox.connections += 1

    def serve(self) -> None:
        """Answer one request."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.netbox.asked.append(f"{self.command} {self.path}")
        attack = self.netbox.attack_for(self.command, self.path)
        with suppress(ConnectionError, TimeoutError):
            if attack:
                attack(self)
            elif self.netbox.honest:
                self.pass_on(self.netbox.honest)
            else:
                self.reply(b'{"detail": "Not found."}', 404)

    do_GET = do_POST = do_PATCH = do_DELETE = do_CONNECT = serve

    def reply(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """A whole reply."""
        self.begin(status, {"Content-Length": str(len(body)), **(headers or {})})
        self.wfile.write(body)

    def begin(self, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """The head of a reply."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def go_on(self, pieces: Iterator[bytes], every: float = 0.0) -> None:
        """Send these, one every so many seconds, until nobody wants them; then the connection is of no more use."""
        self.close_connection = True
        for piece in pieces:
            if self.netbox.ended.wait(every) if every else self.netbox.ended.is_set():
                return
            self.wfile.write(piece)
            self.netbox.sent += len(piece)

    def pass_on(self, url: str) -> None:
        """The reply of the stand-in there."""
        there = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        left_out = ("host", "connection", "accept-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
        there.request(self.command, self.path, self.body, headers)
        answer = there.getresponse()
        body = answer.read()
        there.close()
        self.reply(body, answer.status, {"Content-Type": answer.headers.get("Content-Type", "application/json")})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what all this is for."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


@contextmanager
def hostile_netbox(honest: str | None = None, tls: SSLContext | None = None) -> Iterator[HostileNetBox]:
    """A server on a free port of loopback.

    honest: address of a stand-in for what is not attacked. tls: it is an https server.
    """
    visit = type("OneVisit", (Visit,), {})
    server = _Server(("127.0.0.1", 0), visit)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    netbox = HostileNetBox(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}", honest)
    visit.netbox = netbox  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield netbox
    finally:
        netbox.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def fixed(body: bytes | str, status: int = 200, **headers: str) -> Attack:
    """The same reply each time; Retry_After="x" is the header Retry-After."""
    octets = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda visit: visit.reply(octets, status, named)


def rows(*found: Any, **page: Any) -> Attack:
    """A list of one page with these rows; with count, next and the like as they are given."""
    return fixed(json.dumps({"count": len(found), "next": None, "previous": None, "results": list(found), **page}))


def endless(status: int = 200, start: bytes = b'{"count": 1, "next": null, "results": [{"id": 1, "name": "') -> Attack:
    """A reply that never ends, as fast as it goes."""

    def attack(visit: Visit) -> None:
        visit.begin(status, {"Connection": "close"})
        visit.wfile.write(start)
        visit.go_on(_for_ever(b"a" * _MEBIBYTE))

    return attack


def gzip_bomb(status: int = 200, mebibytes: int = 4096) -> Attack:
    """A reply of some kB for each MiB that it unpacks to."""

    def attack(visit: Visit) -> None:
        visit.begin(status, {"Content-Encoding": "gzip", "Connection": "close"})
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        visit.go_on(packer.compress(b" " * _MEBIBYTE) for _mebibyte in range(mebibytes))

    return attack


def packed(body: bytes, encoding: str) -> Attack:
    """A body that is called packed: as gzip it is."""
    return fixed(gzip.compress(body) if encoding == "gzip" else body, Content_Encoding=encoding)


def drip(status: int = 200, start: bytes = b'{"count": 1, "results": [') -> Attack:
    """A good head, and then a blank every now and then."""

    def attack(visit: Visit) -> None:
        visit.begin(status, {"Connection": "close"})
        visit.wfile.write(start)
        visit.go_on(_for_ever(b" "), DRIP)

    return attack


def drip_in_the_head(what: bytes = b"HTTP/1.1 200 OK\r\nX-Slow: ") -> Attack:
    """A head that never ends: one header of many octets, or with another `what`, ever new interim replies."""
    return lambda visit: visit.go_on(_then_for_ever(what, b"a"), DRIP)


def interim_replies() -> Attack:
    """100 Continue, and again, and again."""
    return lambda visit: visit.go_on(_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n"), DRIP)


def drip_in_chunks() -> Attack:
    """A chunked body whose chunks have one octet each."""

    def attack(visit: Visit) -> None:
        visit.begin(200, {"Transfer-Encoding": "chunked"})
        visit.go_on(_for_ever(b"1\r\n \r\n"), DRIP)

    return attack


def ever_new_pages(count: int = 3, of: int = 1) -> Attack:
    """A list of `count` rows whose pages, of so many rows each, have a next one for ever."""

    def attack(visit: Visit) -> None:
        offset = int(parse_qs(urlsplit(visit.path).query).get("offset", ["0"])[0])
        found = [{"id": offset + number} for number in range(1, of + 1)]
        following = f"{visit.netbox.url}{urlsplit(visit.path).path}?limit={of}&offset={offset + of}"
        visit.reply(json.dumps({"count": count, "next": following, "results": found}).encode())

    return attack


def echo(write: Callable[[str], str], status: int = 400) -> Attack:
    """An error that repeats the header Authorization, written in some way."""

    def attack(visit: Visit) -> None:
        said = write(visit.headers.get("Authorization", ""))
        visit.reply(json.dumps({"detail": f"bad request: {said}"}).encode(), status)

    return attack


def _for_ever(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def _then_for_ever(first: bytes, piece: bytes) -> Iterator[bytes]:
    yield first
    yield from _for_ever(piece)

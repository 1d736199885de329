# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that answers what a test sets: for replies that no NetBox gives, but proxies and mistakes do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any


class Scripted:
    """Its address, what it answers, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        #: the replies in order; the last one is repeated
        self.replies: list[tuple[int, Mapping[str, str], bytes]] = []
        self.asked: list[dict[str, Any]] = []

    def json(self, body: Any, status: int = 200, **headers: str) -> None:
        """Answer next with JSON."""
        self.replies.append((status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode()))

    def page(self, body: str, status: int = 200, **headers: str) -> None:
        """Answer next with a web page."""
        self.replies.append((status, {"Content-Type": "text/html", **headers}, body.encode()))


@contextmanager
def scripted(tls: SSLContext | None = None) -> Iterator[Scripted]:
    """A scripted server on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            entry = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
            script.asked.append(entry)
            status, headers, reply = script.replies.pop(0) if len(script.replies) > 1 else script.replies[0]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(reply))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PATCH = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    script = Scripted(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

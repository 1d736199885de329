# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire: HTTP/1.1 with connections kept alive, the faults of the day, and a log of what was asked.

In addition to NetBox's own addresses there are, without a token:

- GET /_standin/requests: every request since the last reset: method, path, query, rows in the body, status, fault,
  and when it began and ended (seconds since the epoch).
  No header and no body is kept, so no secret either.
- POST /_standin/faults: plan a fault (or a list of them), see faults.py; GET lists them; DELETE forgets them.
- POST /_standin/reset: forget the log and the faults. Objects stay.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .answers import Answer, html
from .api import Api, Request
from .faults import Fault, Faults

LONGEST_REQUEST_LINE = 4094  #: gunicorn's limit_request_line, in bytes
PIECES = 10  #: how many the answer of a fault "drip" comes in


class Log:
    """What was asked, in order."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def add(self, request: Request, status: int | None, fault: str | None) -> None:
        """Note one request; status is None where no answer was sent."""
        entry = {
            "method": request.method,
            "path": request.path,
            "query": request.query_string,
            "rows": _rows_in(request),
            "status": status,
            "fault": fault,
            "began": request.began,
            "ended": time.time(),
        }
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        """All of it."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget it."""
        with self._lock:
            self._entries.clear()


def _rows_in(request: Request) -> int:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE") or not request.body:
        return 0
    try:
        data = json.loads(request.body)
    except ValueError:
        return 0
    return len(data) if isinstance(data, list) else 1


class Server(ThreadingHTTPServer):
    """A stand-in on a TCP port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], api: Api) -> None:
        """Listen at once; port 0 takes a free one."""
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.api = api
        self.faults = Faults()
        self.log = Log()
        self._crowd = threading.Lock()
        self._under_way = 0

    def enter(self, change: int) -> int:
        """Count a request that comes (1) or has been answered (-1); how many are under way now."""
        with self._crowd:
            self._under_way += change
            return self._under_way

    @property
    def url(self) -> str:
        """Where it can be reached."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "gunicorn"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 75
    server: Server

    def _serve(self) -> None:
        request = self._read()
        if len(self.requestline) > LONGEST_REQUEST_LINE:
            self._send(request, html(400, "Request Line is too large"), None)
        elif request.path.startswith("/_standin/"):
            self._write(self._control(request))
        else:
            target = f"{request.path}?{request.query_string}"
            fault = self.server.faults.next(request.method, target, self.server.enter(1))
            try:
                if fault is None:
                    self._send(request, self.server.api.handle(request), None)
                else:
                    self._misbehave(request, fault)
            finally:
                self.server.enter(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _read(self) -> Request:
        path, _mark, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        base = f"http://{headers.get('host', 'localhost')}"
        return Request(self.command, path, query, headers, body, base)

    def _send(self, request: Request, answer: Answer, fault: str | None) -> None:
        self.server.log.add(request, answer.status, fault)
        self._write(answer)

    def _write(self, answer: Answer, cut: bool = False, seconds: float = 0.0) -> None:
        """Send an answer, over `seconds`; `cut` ends it in its middle, and the connection with it."""
        payload = _payload(answer)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self._write_in_pieces(payload[: len(payload) // 2] if cut else payload, seconds)
        self.wfile.flush()
        self.close_connection = self.close_connection or cut

    def _write_in_pieces(self, payload: bytes, seconds: float) -> None:
        size = max(1, -(-len(payload) // PIECES)) if seconds else max(1, len(payload))
        for start in range(0, len(payload), size):
            self.wfile.write(payload[start : start + size])
            self.wfile.flush()
            time.sleep(seconds / PIECES)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log is at /_standin/requests."""

    # Faults

    def _misbehave(self, request: Request, fault: Fault) -> None:
        instead = _answer_instead(fault)
        if instead is not None:
            self._send(request, instead, fault.kind)
        elif fault.kind == "latency":
            time.sleep(fault.seconds)
            self._send(request, self.server.api.handle(request), fault.kind)
        elif fault.kind in ("truncate", "drip", "plain"):
            answer = self.server.api.handle(request)
            self.server.log.add(request, answer.status, fault.kind)
            if fault.kind == "plain":
                answer = Answer(answer.status, _payload(answer).decode(), answer.headers, "text/plain; charset=utf-8")
            self._write(answer, cut=fault.kind == "truncate", seconds=fault.seconds if fault.kind == "drip" else 0.0)
        else:
            self._hang_up(request, fault)

    def _hang_up(self, request: Request, fault: Fault) -> None:
        self.server.log.add(request, None, fault.kind)
        if fault.kind.endswith("after_write"):
            self.server.api.handle(request)
            time.sleep(fault.seconds)
        if fault.kind.startswith("reset"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    # The addresses of the stand-in itself

    def _control(self, request: Request) -> Answer:
        server = self.server
        if request.path == "/_standin/requests" and request.method == "GET":
            return Answer(200, server.log.entries())
        if request.path == "/_standin/faults" and request.method == "GET":
            return Answer(200, server.faults.planned())
        if request.path == "/_standin/faults" and request.method == "POST":
            return self._plan(request)
        if request.path == "/_standin/faults" and request.method == "DELETE":
            server.faults.clear()
            return Answer(204)
        if request.path == "/_standin/reset" and request.method == "POST":
            server.faults.clear()
            server.log.clear()
            return Answer(204)
        return Answer(404, {"detail": "the stand-in knows: requests, faults, reset"})

    def _plan(self, request: Request) -> Answer:
        try:
            data = json.loads(request.body)
            for one in data if isinstance(data, list) else [data]:
                self.server.faults.plan(one)
        except (ValueError, TypeError, AttributeError) as error:
            return Answer(400, {"detail": str(error)})
        return Answer(201, self.server.faults.planned())


def _payload(answer: Answer) -> bytes:
    if answer.status == 204:
        return b""
    if answer.content_type != "application/json":
        return str(answer.body).encode("utf-8")
    text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _answer_instead(fault: Fault) -> Answer | None:
    """The answer that a fault gives without serving the request; None where it is no such fault."""
    retry_after = {"Retry-After": str(max(1, round(fault.seconds)))}
    answers = {
        "500": Answer(500, {"error": "a fault on demand", "exception": "RuntimeError"}),
        "deadlock": Answer(500, {"error": "deadlock detected\nDETAIL:  ...", "exception": "OperationalError"}),
        "502html": html(502, "502 Bad Gateway"),
        "503html": html(503, "503 Service Temporarily Unavailable"),
        "html": html(200, "Log in"),
        "429": Answer(429, {"detail": "Request was throttled."}, retry_after),
        "revive": Answer(204),
        "403": Answer(403, {"detail": "You do not have permission to perform this action."}),
    }
    return answers.get(fault.kind)

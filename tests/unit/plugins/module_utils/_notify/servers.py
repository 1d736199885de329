# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real mail server and a real web server on loopback, which keep what they get."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

_OPENSSL = (
    "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
)  # fmt: skip


@dataclass
class Mailbox:
    """What the mail server got."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused: tuple[str, ...] = ()  #: recipients that it does not know


@contextmanager
def mail_server(certificate: tuple[Path, Path] | None = None, password: str | None = None) -> Iterator[Mailbox]:
    """certificate: (certificate, key): it speaks STARTTLS, and wants it. password: of the user "inventory"."""
    controller = pytest.importorskip("aiosmtpd.controller")
    smtp = pytest.importorskip("aiosmtpd.smtp")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(free.getsockname()[1])

    class Handler:
        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:
            if to in box.refused:
                return "550 no such user"
            envelope.rcpt_tos.append(to)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            found = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(found, EmailMessage)
            box.mails.append(found)
            return "250 OK"

    def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        good = data.login == b"inventory" and data.password == (password or "").encode()
        return smtp.AuthResult(success=good, handled=good)

    options: dict[str, Any] = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        options |= {"tls_context": context, "require_starttls": True}
    if password:
        options |= {"authenticator": authenticated, "auth_required": True}
    running = controller.Controller(Handler(), hostname="127.0.0.1", port=box.port, **options)
    running.start()
    try:
        yield box
    finally:
        running.stop()


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    found, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [*_OPENSSL, "-keyout", str(key), "-out", str(found)],
        check=True,
        capture_output=True,
    )
    return found, key


@dataclass
class Hook:
    """What the web server got, and what it answers: one status after the other, the last one for all others."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def web_server() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            hook.requests.append((dict(self.headers), body))
            status = hook.statuses.pop(0) if len(hook.statuses) > 1 else hook.statuses[0]
            self.send_response(status)
            if status == 302:
                self.send_header("Location", hook.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

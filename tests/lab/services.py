# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP services that send what a scan must survive, on the lab's host `services` (10.80.0.20).

`PORTS` names them by what they do, `TLS_PORTS` those that speak TLS, or should.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import struct
import warnings
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.invmon.network.tests.lab.lab import Handler, Lab
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

#: What is done to a connection -> its port.
PORTS = {
    "ssh": 22,  # a version, and binary key exchange behind it
    "telnet": 23,  # options, then a prompt
    "endless": 2001,  # letters without end and without a line break
    "binary": 2002,  # all 256 octets
    "slow": 2003,  # an octet every 0.3 s
    "empty": 2004,  # nothing, and it stays open
    "control": 2005,  # codes of a terminal, and a template
    "closes": 2006,
    "resets": 2007,
    "blank": 2008,  # empty lines without end
}
#: The ports are ones at which TLS is expected.
TLS_PORTS = {
    "self_signed": 443,
    "expired": 636,
    "many_names": 853,  # 300 names
    "hostile_names": 990,  # codes of a terminal, a template, a long name
    "no_names": 992,
    "no_tls": 993,  # a line of text
    "closes_before_tls": 995,
    "silent_before_tls": 4443,
    "endless_tls": 5061,  # HelloRequests, which a client ignores (RFC 5246, 7.4.1.1)
    "old": 6514,  # RSA with 1,024 bits, TLS 1.0
}

SSH_VERSION = b"SSH-2.0-Cisco-1.25\r\n"
CONTROL = b"\x1b[2J\x1b]0;owned\x07{{ 7*7 }} \xe2\x80\xae\r\n"
TELNET = b"\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0\r\nUser Access Verification\r\n\r\nUsername: "


def sends(data: bytes) -> Handler:
    """Send this, and stay open."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await _stay()

    return serve


def repeats(data: bytes, pause: float = 0.0) -> Handler:
    """Send this again and again."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(pause)

    return serve


async def closes(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    return


async def resets(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _stay() -> None:
    await asyncio.sleep(3600)


def start_services(lab: Lab, folder: Path) -> None:
    """Start all of them for as long as the lab runs; `folder` gets the certificates."""
    plain: dict[str, Handler] = {
        "ssh": sends(SSH_VERSION + bytes(range(256)) * 4),
        "telnet": sends(TELNET),
        "endless": repeats(b"A" * 4096),
        "binary": sends(bytes(range(256))),
        "slow": repeats(b"s", 0.3),
        "empty": sends(b""),
        "control": sends(CONTROL),
        "closes": closes,
        "resets": resets,
        "blank": repeats(b"\r\n" * 512),
    }
    for name, handler in plain.items():
        lab.serve("services", PORTS[name], handler)
    broken: dict[str, Handler] = {
        "no_tls": sends(b"220 smtp.lab.example ESMTP\r\n"),
        "closes_before_tls": closes,
        "silent_before_tls": sends(b""),
        "endless_tls": repeats(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 400),
    }
    for name, handler in broken.items():
        lab.serve("services", TLS_PORTS[name], handler)
    for name, context in _contexts(folder).items():
        lab.serve("services", TLS_PORTS[name], sends(b""), tls=context)


def _contexts(folder: Path) -> dict[str, ssl.SSLContext]:
    many = [f"host-{number}.lab.example" for number in range(300)]
    hostile = ["evil\x1b[31m.lab.example", "{{7*7}}.lab.example", "x" * 5000, "fine.lab.example"]
    made = {
        "self_signed": certificate("sw.lab.example", ["sw.lab.example", "10.80.0.20"]),
        "expired": certificate("old.lab.example", ["old.lab.example"], days=-30),
        "many_names": certificate("host-0.lab.example", many),
        "hostile_names": certificate("evil\x07cn", hostile),
        "no_names": certificate("", []),
        "old": certificate("legacy", [], key=rsa.generate_private_key(65537, 1024)),
    }
    return {name: _context(pem, folder / f"{name}.pem", old=name == "old") for name, pem in made.items()}


def certificate(
    common_name: str,
    names: Iterable[str],
    days: int = 30,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
) -> bytes:
    """A self-signed certificate that ends in so many days, with its key, in PEM."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else [])
    issuer = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lab"), *subject])
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(ends - datetime.timedelta(days=365))
        .not_valid_after(ends)
    )
    if alternatives := [_general_name(name) for name in names]:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _context(pem: bytes, path: Path, old: bool) -> ssl.SSLContext:
    path.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(path)
    return context

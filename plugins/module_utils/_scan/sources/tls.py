# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that a TLS server shows.

Nothing is verified on purpose: this looks at a certificate, as `openssl s_client` does, and neither sends nor believes
anything. Most devices have one that they made themselves, or one that has expired; that is what is to be found out.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..._outgoing.text import brief
from .connection import Connection

try:
    from cryptography import x509
except ImportError:  # the port is found open without it
    x509 = None  # type: ignore[assignment]

T = TypeVar("T")

#: What a host needs that is to show certificates.
MISSING = "names of certificates need the Python library cryptography: pip install cryptography"

#: Ports of protocols that begin with TLS.
PORTS = frozenset((443, 636, 853, 990, 992, 993, 995, 4443, 5061, 6514, 8443, 9443, 10443))

#: Reads, of at most 4,096 octets each, in which the handshake of a server must be complete.
MOST_READS = 16
#: Names of a certificate that are kept, and characters of each (RFC 1035: 253) and of the issuer.
MOST_NAMES, LONGEST_NAME, LONGEST_ISSUER = 20, 253, 200


@dataclass(frozen=True)
class Certificate:
    """What a certificate states, as clean text; empty for what it does not."""

    names: tuple[str, ...] = ()
    issuer: str = ""
    expires: str = ""  #: ISO date
    problem: str = ""  #: why nothing, or not everything, could be read


def is_available() -> bool:
    return x509 is not None


async def certificate_of(connection: Connection, seconds: float) -> Certificate:
    """Shake hands on an open connection, and read the certificate. Raises nothing."""
    try:
        async with asyncio.timeout(seconds):
            return read_certificate(await _handshake(connection))
    except TimeoutError:
        return Certificate(problem="no TLS handshake in time")
    except ssl.SSLError as error:
        return Certificate(problem=f"no TLS: {(error.reason or 'handshake failed').replace('_', ' ').lower()}")
    except OSError:
        return Certificate(problem="no TLS: the connection was reset")


async def _handshake(connection: Connection) -> bytes:
    """The certificate in DER; empty if the server closes or sends too much. Raises OSError (ssl.SSLError)."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = _context().wrap_bio(incoming, outgoing)
    for _read in range(MOST_READS):
        try:
            session.do_handshake()
            return session.getpeercert(binary_form=True) or b""
        except ssl.SSLWantReadError:
            await connection.send(outgoing.read())
        data = await connection.receive()
        if not data:
            break
        incoming.write(data)
    return b""


def _context() -> ssl.SSLContext:
    """A client that takes whatever old devices offer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def read_certificate(der: bytes) -> Certificate:
    """What a certificate in DER states. Raises nothing, whatever the octets are."""
    if not der:
        return Certificate(problem="no certificate")
    if x509 is None:
        return Certificate(problem=MISSING)
    try:
        found = x509.load_der_x509_certificate(der)
    except Exception as error:  # the library documents none; a stranger made the octets
        return Certificate(problem=f"certificate not readable: {brief(error, 80)}")
    return Certificate(
        names=_part(_names, found, ()), issuer=_part(_issuer, found, ""), expires=_part(_expires, found, "")
    )


def _part(read: Callable[[Any], T], certificate: Any, otherwise: T) -> T:
    """A part that cannot be read does not hide the others."""
    try:
        return read(certificate)
    except Exception:  # as above
        return otherwise


def _names(certificate: Any) -> tuple[str, ...]:
    """The names of subjectAltName, then those of the subject, each once."""
    none: tuple[str, ...] = ()
    names = (*_part(_alternatives, certificate, none), *_part(_common_names, certificate, none))
    cleaned = (brief(name, LONGEST_NAME) for name in names[:MOST_NAMES])
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _alternatives(certificate: Any) -> tuple[str, ...]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    kinds = (x509.DNSName, x509.IPAddress)
    return tuple(str(name.value) for name in names if isinstance(name, kinds))


def _common_names(certificate: Any) -> tuple[str, ...]:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return tuple(str(attribute.value) for attribute in found)


def _issuer(certificate: Any) -> str:
    return brief(certificate.issuer.rfc4514_string(), LONGEST_ISSUER)


def _expires(certificate: Any) -> str:
    # Before cryptography 42 the time had no zone; it was UTC as well.
    moment = getattr(certificate, "not_valid_after_utc", None) or certificate.not_valid_after
    return str(moment.date().isoformat())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of SNMPv3 with the User-based Security Model (RFC 3412, 6; RFC 3414, 2.4): into octets, and out of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import ber
from .pdu import integer, octets
from .usm import Keys

VERSION, USM = 3, 3
#: msgFlags
AUTH, PRIV, REPORTABLE = 1, 2, 4
#: Security level (RFC 3411) -> its flags.
LEVELS = {"noAuthNoPriv": 0, "authNoPriv": AUTH, "authPriv": AUTH | PRIV}
#: RFC 3411, SnmpEngineID: 5 to 32 octets.
SHORTEST_ENGINE_ID, LONGEST_ENGINE_ID = 5, 32
#: RFC 3411, SnmpAdminString as usmUserName (RFC 3414): 1 to 32 octets.
LONGEST_USER_NAME = 32
#: msgMaxSize: what fits into a datagram of IPv4.
MOST_OCTETS = 65507


@dataclass(frozen=True, kw_only=True)
class UserMessage:
    """A message without its PDU."""

    number: int  #: msgID
    flags: int  #: AUTH, PRIV, REPORTABLE
    engine_id: bytes  #: msgAuthoritativeEngineID
    boots: int
    time: int
    user: bytes
    max_size: int = MOST_OCTETS
    digest: bytes = b""  #: msgAuthenticationParameters
    salt: bytes = b""  #: msgPrivacyParameters
    digest_at: int = field(default=0, compare=False)  #: where the digest is in the octets
    content: tuple[int, int] = field(default=(0, 0), compare=False)  #: begin and end of msgData in the octets


@dataclass(frozen=True)
class ScopedPdu:
    """A PDU and its context (RFC 3412, 6.8)."""

    context_engine_id: bytes
    context_name: bytes
    pdu: bytes  #: the element, whatever follows it


def encode_message(message: UserMessage, scoped: ScopedPdu, keys: Keys) -> bytes:
    """Encrypted and signed as the flags say. Raises BackendMissing."""
    content = ber.encode(
        ber.SEQUENCE,
        ber.encode(ber.OCTETS, scoped.context_engine_id) + ber.encode(ber.OCTETS, scoped.context_name) + scoped.pdu,
    )
    salt = b""
    if message.flags & PRIV:
        encrypted, salt = keys.encrypt(content, message.boots, message.time)
        content = ber.encode(ber.OCTETS, encrypted)
    head = ber.encode_integer(message.number) + ber.encode_integer(message.max_size)
    head += ber.encode(ber.OCTETS, bytes((message.flags,))) + ber.encode_integer(USM)
    security = ber.encode(ber.OCTETS, message.engine_id)
    security += ber.encode_integer(message.boots) + ber.encode_integer(message.time)
    security += ber.encode(ber.OCTETS, message.user)
    size = keys.digest_size if message.flags & AUTH else 0
    after = ber.encode(ber.OCTETS, salt)
    security = ber.encode(ber.SEQUENCE, security + ber.encode(ber.OCTETS, bytes(size)) + after)
    head = ber.encode_integer(VERSION) + ber.encode(ber.SEQUENCE, head) + ber.encode(ber.OCTETS, security)
    data = ber.encode(ber.SEQUENCE, head + content)
    if not size:
        return data
    stop = len(data) - len(content) - len(after)
    return data[: stop - size] + keys.sign(data) + data[stop:]


def decode_message(data: bytes) -> UserMessage:
    """The envelope of a message. Raises BerError for what is none of SNMPv3 with USM."""
    at, end = ber.expect(ber.SEQUENCE, data, 0, len(data))
    version, at = integer(data, at, end)
    if version != VERSION:
        raise ber.BerError("it is no message of SNMPv3")
    start, stop = ber.expect(ber.SEQUENCE, data, at, end)
    number, start = integer(data, start, stop)
    max_size, start = integer(data, start, stop)
    flags, start = octets(data, start, stop)
    model, start = integer(data, start, stop)
    if model != USM or len(flags) != 1 or flags[0] & (AUTH | PRIV) == PRIV:
        raise ber.BerError("its security model or its flags are not those of USM")
    message = UserMessage(
        number=number, flags=flags[0], engine_id=b"", boots=0, time=0, user=b"", max_size=max_size
    )  # fmt: skip
    start, at = ber.expect(ber.OCTETS, data, stop, end)
    return replace(_with_security(message, data, start, at), content=(at, end))


def _with_security(message: UserMessage, data: bytes, at: int, end: int) -> UserMessage:
    at, end = ber.expect(ber.SEQUENCE, data, at, end)
    engine_id, at = octets(data, at, end)
    boots, at = integer(data, at, end)
    time, at = integer(data, at, end)
    user, at = octets(data, at, end)
    digest, at = octets(data, at, end)
    salt, _after = octets(data, at, end)
    if not (0 <= boots < 2**31 and 0 <= time < 2**31):
        raise ber.BerError("its time is not a time of an engine")
    if len(engine_id) > LONGEST_ENGINE_ID or len(user) > LONGEST_USER_NAME:
        raise ber.BerError("its engine id or user name is too long")
    return replace(
        message, engine_id=engine_id, boots=boots, time=time, user=user, digest=digest, salt=salt,
        digest_at=at - len(digest),
    )  # fmt: skip


def is_signed_by(data: bytes, message: UserMessage, keys: Keys) -> bool:
    """Whether the digest of a message is that of these keys. Of one without the flag AUTH it never is."""
    size = keys.digest_size
    if not (message.flags & AUTH and size and len(message.digest) == size):
        return False
    unsigned = data[: message.digest_at] + bytes(size) + data[message.digest_at + size :]
    return keys.verify(unsigned, message.digest)


def decode_scoped(data: bytes, message: UserMessage, keys: Keys) -> ScopedPdu:
    """What is in a message. Raises BerError, DecryptionError (a wrong key), BackendMissing."""
    at, end = message.content
    if message.flags & PRIV:
        encrypted, _end = octets(data, at, end)
        data = keys.decrypt(encrypted, message.boots, message.time, message.salt)
        at, end = 0, len(data)
    at, end = ber.expect(ber.SEQUENCE, data, at, end)
    context_engine_id, at = octets(data, at, end)
    context_name, at = octets(data, at, end)
    return ScopedPdu(context_engine_id, context_name, data[at:end])

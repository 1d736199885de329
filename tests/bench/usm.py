# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv3 for the bench's agents: the user-based security model with HMAC-SHA-96 and AES-128 (RFC 3414, RFC 3826).

It unwraps a request to a v2c message and wraps the reply to that, so that an agent answers all versions alike.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ansible_collections.invmon.network.tests.sandbox.fault_agent import decode, encode, encode_int, encode_varbind
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AUTH, PRIV, REPORTABLE = 1, 2, 4
REPORT_PDU = 0xA8
DIGEST_OCTETS = 12
BOOTS = 1
WINDOW_SECONDS = 150
#: usmStats (RFC 3414, section 5): why a request is not answered
STATS = {name: (1, 3, 6, 1, 6, 3, 15, 1, 1, number, 0) for name, number in (("window", 2), ("user", 3), ("engine", 4))}
STATS |= {name: (1, 3, 6, 1, 6, 3, 15, 1, 1, number, 0) for name, number in (("digest", 5), ("level", 1))}


@cache
def key_of(passphrase: str) -> bytes:
    """The key of a passphrase (RFC 3414, A.2.2): a megabyte of it, hashed. The same for all agents."""
    octets = passphrase.encode()
    return hashlib.sha1((octets * (1048576 // len(octets) + 1))[:1048576]).digest()


def cfb(key: bytes, start: bytes, data: bytes, decrypt: bool = False) -> bytes:
    """AES in CFB mode with segments of 128 bits (RFC 3826, section 3.1.1), over the one mode that stays supported."""
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update
    out = bytearray()
    for place in range(0, len(data), 16):
        piece = data[place : place + 16]
        mask = block(start)[: len(piece)]
        mixed = (int.from_bytes(piece, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(piece), "big")
        out += mixed
        start = piece if decrypt else mixed
    return bytes(out)


@dataclass(frozen=True)
class Account:
    """A user as the agents know him."""

    name: str
    auth: str
    privacy: str


class Engine:
    """The SNMPv3 engine of one agent."""

    def __init__(self, number: int, account: Account) -> None:
        # "8000..." is an enterprise's own format (RFC 3411); 4 octets of it number the agent.
        self.id = bytes.fromhex("80001f8804") + b"bench" + struct.pack(">I", number)
        self.account = account
        self.auth, self.privacy = (self._localised(word) for word in (account.auth, account.privacy))
        self.began = time.monotonic()
        self.salt = number << 32
        self.counts = dict.fromkeys(STATS, 0)

    def _localised(self, passphrase: str) -> bytes:
        key = key_of(passphrase)
        return hashlib.sha1(key + self.id + key).digest()

    @property
    def seconds(self) -> int:
        """snmpEngineTime."""
        return int(time.monotonic() - self.began)

    def answer(self, data: bytes, community: bytes, answer: Callable[[bytes], bytes | None]) -> bytes | None:
        """The reply to a v3 message; `answer` is given the request as a v2c message, and gives such a reply."""
        _tag, message, _rest = decode(data)
        _tag, _version, rest = decode(message)
        _tag, head, rest = decode(rest)
        _tag, security, scoped = decode(rest)
        _tag, message_id, head = decode(head)
        _tag, _size, head = decode(head)
        flags = decode(head)[1][0]
        names = []
        rest = decode(security)[1]
        while rest:
            _tag, content, rest = decode(rest)
            names.append(content)
        engine, boots, moment, user, digest, salt = names
        if engine != self.id:
            return self._report("engine", message_id, 0)
        if user != self.account.name.encode():
            return self._report("user", message_id, 0)
        if not flags & AUTH or not flags & PRIV:
            return self._report("level", message_id, 0)
        bare = data.replace(digest, bytes(DIGEST_OCTETS), 1)
        if not hmac.compare_digest(self._digest(bare), digest):
            return self._report("digest", message_id, 0)
        if abs(int.from_bytes(moment, "big") - self.seconds) > WINDOW_SECONDS or int.from_bytes(boots, "big") != BOOTS:
            return self._report("window", message_id, AUTH)
        start = struct.pack(">II", int.from_bytes(boots, "big"), int.from_bytes(moment, "big")) + salt
        plain = cfb(self.privacy[:16], start, decode(scoped)[1], decrypt=True)
        _tag, plain, _padding = decode(plain)
        _tag, _context_engine, plain = decode(plain)
        _tag, _context, pdu = decode(plain)
        reply = answer(encode(0x30, encode_int(1) + encode(0x04, community) + pdu))
        if reply is None:
            return None
        _tag, rest, _end = decode(reply)
        _tag, _version, rest = decode(rest)
        _tag, _community, pdu = decode(rest)
        return self._wrap(pdu, message_id, AUTH | PRIV)

    def _digest(self, message: bytes) -> bytes:
        return hmac.new(self.auth, message, hashlib.sha1).digest()[:DIGEST_OCTETS]

    def _report(self, reason: str, message_id: bytes, flags: int) -> bytes:
        self.counts[reason] += 1
        varbind = encode_varbind(STATS[reason], "counter32", self.counts[reason])
        pdu = encode(REPORT_PDU, encode_int(0) * 3 + encode(0x30, varbind))
        return self._wrap(pdu, message_id, flags)

    def _wrap(self, pdu: bytes, message_id: bytes, flags: int) -> bytes:
        """A whole v3 message, encrypted and signed as the flags say."""
        scoped = encode(0x30, encode(0x04, self.id) + encode(0x04, b"") + pdu)
        moment, salt = self.seconds, b""
        if flags & PRIV:
            self.salt += 1
            salt = struct.pack(">Q", self.salt)
            scoped = encode(0x04, cfb(self.privacy[:16], struct.pack(">II", BOOTS, moment) + salt, scoped))
        head = encode(0x02, message_id) + encode_int(65507) + encode(0x04, bytes((flags,))) + encode_int(3)
        digest = bytes(DIGEST_OCTETS) if flags & AUTH else b""
        user = self.account.name.encode() if flags & AUTH else b""
        names = encode(0x04, self.id) + encode_int(BOOTS) + encode_int(moment) + encode(0x04, user)
        before = encode_int(3) + encode(0x30, head)
        security = encode(0x30, names + encode(0x04, digest) + encode(0x04, salt))
        message = encode(0x30, before + encode(0x04, security) + scoped)
        if flags & AUTH:
            # The digest stands behind the names: its place is found by its length from the end of what follows it.
            place = len(message) - len(scoped) - len(encode(0x04, salt)) - DIGEST_OCTETS
            message = message[:place] + self._digest(message) + message[place + DIGEST_OCTETS :]
        return message

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small agent with SNMPv3 around it: one user, signed messages (HMAC-SHA-96), no privacy.

v3 is an envelope here: what is in it is asked of the v2c agent, so every fault of that one works for this one as well.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from .fault_agent import GET, STATUS, FaultAgent, Oid, decode, encode, encode_int, encode_varbind

USERNAME, PASSPHRASE = "nightly", "sandbox-auth"
REPORT, REPORTABLE, SIGNED = 0xA8, 4, 1
#: usmStats (RFC 3414, 5): what a report counts.
_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
NOT_IN_TIME_WINDOW, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST = 2, 3, 4, 5
#: Seconds that the clocks of both sides may differ (RFC 3414, 2.2.3).
_WINDOW = 150
_NO_DIGEST = encode(0x04, bytes(12))


@dataclass
class _Message:
    """The header of a v3 message, and what it carries."""

    number: int
    flags: int
    engine: bytes
    boots: int
    time: int
    user: bytes
    digest: bytes
    context: bytes
    pdu: bytes

    @classmethod
    def parse(cls, data: bytes) -> _Message:
        fields = _fields(decode(data)[1])
        head, usm, scoped = _fields(fields[1]), _fields(decode(fields[2])[1]), _fields(fields[3], whole_last=True)
        engine, boots, seconds, user, digest = usm[:5]
        return cls(*(_int(head[0]), head[2][0], engine, _int(boots), _int(seconds), user, digest), scoped[1], scoped[2])


def _fields(content: bytes, whole_last: bool = False) -> list[bytes]:
    """The contents of the elements; of the last one also its tag, if that means something."""
    found = []
    while content:
        _tag, field, rest = decode(content)
        found.append(content if whole_last and not rest else field)
        content = rest
    return found


def _int(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


class UserAgent(FaultAgent):
    """Answers one SNMPv3 user, and nobody else. restart() is a reboot: another count of boots, a new clock."""

    def __init__(
        self, varbinds: Any, fault: Any = None, username: str = USERNAME, passphrase: str = PASSPHRASE, **options: Any
    ) -> None:
        super().__init__(varbinds, fault, **options)
        self.learn(username, passphrase)

    def learn(self, username: str, passphrase: str) -> None:
        """Know this user."""
        self._user = username.encode()
        self._engine = b"\x80\x00\x00\x00\x05" + self.port.to_bytes(2, "big") + b"box"
        self._key = _localised(passphrase, self._engine)
        self._boots, self._since = 7, time.monotonic()

    def restart(self) -> None:
        self._boots, self._since = self._boots + 1, time.monotonic()

    @property
    def _clock(self) -> int:
        return int(time.monotonic() - self._since)

    def _handle(self, data: bytes) -> list[bytes]:
        try:
            message = _Message.parse(data)
        except (IndexError, ValueError):
            return []  # v1 or v2c
        refused = self._refusal(message, data)
        if refused:
            return [self._report(message, refused)]
        inner = encode(0x30, encode_int(1) + encode(0x04, self._community) + message.pdu)
        return [self._wrapped(message, reply) for reply in super()._handle(inner)]

    def _refusal(self, message: _Message, data: bytes) -> int | None:
        if message.engine != self._engine:
            return UNKNOWN_ENGINE
        if message.user != self._user:
            return UNKNOWN_USER
        if not hmac.compare_digest(message.digest, self._digest(data, message.digest)):
            return WRONG_DIGEST
        in_time = message.boots == self._boots and abs(message.time - self._clock) <= _WINDOW
        return None if in_time else NOT_IN_TIME_WINDOW

    def _digest(self, data: bytes, digest: bytes) -> bytes:
        unsigned = data.replace(encode(0x04, digest), _NO_DIGEST, 1)
        return hmac.new(self._key, unsigned, hashlib.sha1).digest()[:12]

    def _report(self, message: _Message, what: int) -> bytes:
        oid: Oid = (*_STATS, what, 0)
        pdu = encode_int(0) + encode_int(STATUS["noError"]) + encode_int(0)
        pdu += encode(0x30, encode_varbind(oid, "counter32", 1))
        # Only who is late is known well enough to be told the time in a signed message.
        return self._message(message, encode(REPORT, pdu), SIGNED if what == NOT_IN_TIME_WINDOW else 0)

    def _wrapped(self, message: _Message, reply: bytes) -> bytes:
        """A reply of v2c in the envelope; anything else (noise) is sent as it is."""
        try:
            tag, content, rest = decode(reply)
            pdu = decode(decode(content)[2])[2]
        except IndexError:
            return reply
        whole = tag == 0x30 and not rest and pdu and pdu[0] >= GET
        return self._message(message, pdu, SIGNED) if whole else reply

    def _message(self, message: _Message, pdu: bytes, flags: int) -> bytes:
        head = encode_int(message.number) + encode_int(65507) + encode(0x04, bytes([flags])) + encode_int(3)
        usm = encode(0x04, self._engine) + encode_int(self._boots) + encode_int(self._clock)
        usm += encode(0x04, message.user) + (_NO_DIGEST if flags & SIGNED else encode(0x04, b"")) + encode(0x04, b"")
        scoped = encode(0x04, self._engine) + encode(0x04, message.context) + pdu
        data = encode(
            0x30,
            encode_int(3) + encode(0x30, head) + encode(0x04, encode(0x30, usm)) + encode(0x30, scoped),
        )
        if not flags & SIGNED:
            return data
        return data.replace(_NO_DIGEST, encode(0x04, self._digest(data, bytes(12))), 1)


def as_user_agent(agent: FaultAgent) -> FaultAgent:
    """The same agent, asked by SNMPv3: what it does wrong, it does wrong in signed messages."""
    if not isinstance(agent, UserAgent):
        agent.__class__ = type(f"User{type(agent).__name__}", (UserAgent, type(agent)), {})
        UserAgent.learn(agent, USERNAME, PASSPHRASE)  # type: ignore[arg-type]
    return agent


@cache
def _localised(passphrase: str, engine: bytes) -> bytes:
    """The key of a user for one engine (RFC 3414, A.2.2)."""
    word = passphrase.encode()
    key = hashlib.sha1((word * (2**20 // len(word) + 1))[: 2**20]).digest()
    return hashlib.sha1(key + engine + key).digest()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an agent speaks SNMPv3, and its engine id: the discovery of RFC 3414, section 4, without a user.

An agent that cannot decrypt a request is silent, and so is one that does not know the context. Only the answer to this
question, which needs no key, tells that from a device that is down.
"""

from __future__ import annotations

import secrets
import time
from contextlib import suppress

from . import ber
from .errors import SnmpError
from .exchange import Exchange
from .pdu import GET, encode_question
from .target import Target
from .user_message import REPORTABLE, ScopedPdu, UserMessage, decode_message, encode_message
from .usm import Keys


class Discovery:
    """One question to one agent."""

    def __init__(self, target: Target, any_source: bool = False) -> None:
        """Nothing is sent. Raises SnmpUnreachable for an address that cannot be used here."""
        self._exchange = Exchange(target, timeout=0, tries=1, any_source=any_source)
        self._id = secrets.randbelow(2**31 - 1) + 1
        self._found: bytes | None = None
        self._until = 0.0

    def send(self, seconds: float) -> None:
        """Ask, for an answer within so many seconds; a network that cannot be reached counts as no answer."""
        self._until = time.monotonic() + seconds
        with suppress(SnmpError):
            self._exchange.send(question(self._id))

    def engine_id(self) -> bytes | None:
        """What the agent answered; None if it did not in time. Waits for the rest of that."""
        if self._found is None:
            self._found = self._exchange.wait(self._engine_of, self._until)
        return self._found

    def close(self) -> None:
        self._exchange.close()

    def _engine_of(self, data: bytes) -> bytes | None:
        """The engine id in the answer to the question; None for any other octets."""
        try:
            message = decode_message(data)
        except ber.BerError:
            return None
        return message.engine_id if message.number == self._id and message.engine_id else None


def question(number: int) -> bytes:
    """The message: no user, no engine, no variables."""
    head = UserMessage(number=number, flags=REPORTABLE, engine_id=b"", boots=0, time=0, user=b"")
    return encode_message(head, ScopedPdu(b"", b"", encode_question(GET, number, ())), Keys())

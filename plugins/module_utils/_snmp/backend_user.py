# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv3 by our own messages: every protocol that a user can have, without a library for SNMP.

The agent is the authoritative engine (RFC 3414, 3.1): its engine id is asked for, unless it is given, and so are its
boots and time. A reply counts only if it is signed and encrypted as the request was, by this user, in time. A report
counts if it answers a message of ours, whose number is random: that it refuses this user cannot be proved (RFC 3414,
3.2, reports of unknown users are not signed), so nothing but an error follows from it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from . import ber
from .discovery import question
from .errors import SnmpAuthError, SnmpError, SnmpProtocolError, SnmpTimeout
from .exchange import BrokenReply, Exchange
from .own_transport import OwnTransport
from .pdu import (
    GET,
    REPORT,
    RESPONSE,
    Pdu,
    decode_pdu,
    encode_question,
    new_number,
)
from .refusals import another_engine, unknown_context
from .target import Target
from .transport import Oid
from .user_message import (
    AUTH,
    LEVELS,
    PRIV,
    REPORTABLE,
    ScopedPdu,
    UserMessage,
    decode_message,
    decode_scoped,
    encode_message,
    is_signed_by,
)
from .users import User
from .usm import DecryptionError, Keys, check_supported

#: usmStats (RFC 3414, 5) of a report, by the number of its object -> words and detail of SnmpAuthError.
STATISTICS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)
#: snmpUnavailableContexts and snmpUnknownContexts (RFC 3413, 4.1.2) are below it.
CONTEXTS: Oid = (1, 3, 6, 1, 6, 3, 12, 1)
LEVEL, TIME, USER, ENGINE, DIGEST, DECRYPTION = 1, 2, 3, 4, 5, 6
REFUSALS = {
    LEVEL: ("unsupported security level", "level"),
    TIME: ("not in time window", "timewindow"),
    USER: ("unknown user name", "user"),
    ENGINE: ("unknown engine id", "engine"),
    DIGEST: ("authentication failure", "digest"),
    DECRYPTION: ("decryption error", "privacy"),
}
#: RFC 3414, 2.2.3: seconds that a message may be late.
WINDOW = 150
#: Reports in a row that make us ask again: an engine id that changed, its boots and time.
_REPORTS = 3


@dataclass(frozen=True)
class _Engine:
    """The agent's engine as it was when it last proved its time."""

    engine_id: bytes
    boots: int
    time: int
    at: float  #: time.monotonic() of that

    def now(self) -> int:
        return min(self.time + int(time.monotonic() - self.at), 2**31 - 1)


@dataclass(frozen=True)
class _Reply:
    message: UserMessage
    scoped: ScopedPdu
    pdu: Pdu
    signed: bool


class UserTransport(OwnTransport):
    """A conversation in SNMPv3."""

    def __init__(
        self, target: Target, credentials: User, timeout: float, retries: int, any_source: bool = False
    ) -> None:
        """See Exchange; `retries` is how often a request is sent at most.

        Raises BackendMissing where this host lacks what the user's protocols need.
        """
        check_supported(
            credentials.auth_protocol if credentials.authenticates else None,
            credentials.privacy_protocol if credentials.encrypts else None,
        )
        super().__init__(Exchange(target, timeout, retries, any_source), bulk=True)
        self._user = credentials
        self._flags = LEVELS[credentials.security_level]
        self._context = credentials.context_name.encode("utf-8", "surrogatepass")
        self._engine: _Engine | None = None
        self._keys = Keys()
        self._known = False  #: the agent has answered this user
        if credentials.engine_id:
            # Boots and time 0: the agent reports the true ones, signed.
            self._use(credentials.engine_id, 0, 0)

    def request(self, pdu: bytes, request_id: int) -> Pdu:
        reports: list[int] = []
        while len(reports) < _REPORTS:
            if self._engine is None:
                self._discover()
            reply = self._answered(pdu, request_id)
            if reply.pdu.kind == RESPONSE:
                return reply.pdu
            reports.append(_statistic(reply.pdu))
            if not self._learnt(reply, reports):
                break
        if self._user.engine_id not in (b"", reply.message.engine_id):
            raise another_engine(reply.message.engine_id)
        if any(varbind.oid[: len(CONTEXTS)] == CONTEXTS for varbind in reply.pdu.varbinds):
            raise unknown_context(self._user.context_name)
        raise _refused(reports[-1])

    def _discover(self) -> None:
        """Ask for the engine id, with its boots and time (RFC 3414, 4)."""
        number = new_number()
        reply = self._exchange.ask(question(number), partial(self._reply, number, None, 0))
        if _statistic(reply.pdu) != ENGINE or not reply.message.engine_id:
            raise SnmpProtocolError("it does not report its engine id")
        self._use_engine_of(reply.message)

    def _use_engine_of(self, message: UserMessage) -> None:
        self._use(message.engine_id, message.boots, message.time)

    def _use(self, engine_id: bytes, boots: int, engine_time: int) -> None:
        """This engine from now on."""
        if self._engine is None or engine_id != self._engine.engine_id:
            self._keys = self._user.keys(engine_id)
        self._engine = _Engine(engine_id, boots, engine_time, time.monotonic())

    def _answered(self, pdu: bytes, request_id: int) -> _Reply:
        """The reply, and from then on we know that this user is good."""
        try:
            reply = self._send(pdu, request_id, self._flags, self._context)
        except SnmpTimeout:
            if not self._known and (refusal := self._why_silent()):
                raise refusal from None
            raise
        self._known = True
        return reply

    def _why_silent(self) -> SnmpAuthError | None:
        """What the agent does not answer for, found out by questions without variables that differ in one thing.

        Many agents, net-snmp among them, do not answer what they cannot decrypt: AES has no padding by which they would
        notice, so they drop it as something that is no PDU. Nor do they answer for a context that they do not know.
        """
        if self._context:
            # If it does not serve the default context either, it may be this one or the privacy passphrase.
            return unknown_context(self._user.context_name) if self._is_served(self._flags, b"") else None
        if self._flags & PRIV and self._is_served(AUTH, b""):
            return SnmpAuthError(*_refusal(DECRYPTION))
        return None

    def _is_served(self, flags: int, context: bytes) -> bool:
        """Whether the agent answers this user at this level, if only by a report that it has to be another one."""
        number = new_number()
        with suppress(SnmpError):
            reply = self._send(encode_question(GET, number, ()), number, flags, context)
            return reply.pdu.kind == RESPONSE or (flags != self._flags and _statistic(reply.pdu) == LEVEL)
        return False

    def _send(self, pdu: bytes, request_id: int, flags: int, context: bytes) -> _Reply:
        engine = self._engine
        if engine is None:
            raise ValueError("the engine id is unknown")
        head = UserMessage(
            number=new_number(), flags=flags | REPORTABLE, engine_id=engine.engine_id, boots=engine.boots,
            time=engine.now(), user=self._user.username.encode("utf-8", "surrogatepass"),
        )  # fmt: skip
        scoped = ScopedPdu(self._user.context_engine_id or engine.engine_id, context, pdu)
        return self._exchange.ask(
            encode_message(head, scoped, self._keys), partial(self._reply, head.number, request_id, flags)
        )

    def _reply(self, number: int, request_id: int | None, flags: int, data: bytes) -> _Reply | None:
        """The reply to the message with this number; None for what cannot be believed."""
        try:
            message = decode_message(data)
        except ber.BerError:
            return None
        if message.number != number:
            return None
        signed = is_signed_by(data, message, self._keys)
        if message.flags & AUTH and not signed:
            return None
        try:
            scoped = decode_scoped(data, message, self._keys)
            pdu = decode_pdu(scoped.pdu, 0, len(scoped.pdu))
        except (ber.BerError, DecryptionError) as error:
            # Signed, so it is the agent's; the keys of both do not agree, or it cannot encode.
            raise BrokenReply(str(error), whole=True) from None
        if not isinstance(pdu, Pdu):
            return None
        reply = _Reply(message, scoped, pdu, signed)
        if pdu.kind == REPORT:
            return reply
        return reply if self._is_answer(reply, request_id, flags) else None

    def _is_answer(self, reply: _Reply, request_id: int | None, flags: int) -> bool:
        message, engine = reply.message, self._engine
        if engine is None or reply.pdu.kind != RESPONSE or reply.pdu.request_id != request_id:
            return False
        if message.flags & (AUTH | PRIV) != flags or message.engine_id != engine.engine_id:
            return False
        return not flags or self._in_time(message, engine)

    def _in_time(self, message: UserMessage, engine: _Engine) -> bool:
        """Whether a signed message is not an old one (RFC 3414, 3.2, 7b); it brings our notion of its time forward."""
        if (message.boots, message.time) > (engine.boots, engine.now()):
            self._use_engine_of(message)
            return True
        return message.boots == engine.boots and message.time > engine.now() - WINDOW

    def _learnt(self, reply: _Reply, reports: Sequence[int]) -> bool:
        """Whether a report says something that makes the same request worth another try."""
        what = reports[-1]
        if what == ENGINE and reports.count(ENGINE) == 1 and not self._user.engine_id:
            self._engine = None
            return True
        if what == TIME and reports.count(TIME) == 1 and (reply.signed or not self._flags):
            self._use_engine_of(reply.message)
            return True
        return False


def _statistic(report: Pdu) -> int:
    """The number of the usmStats object of a report, 0 if it is another one."""
    for varbind in report.varbinds:
        if varbind.oid[: len(STATISTICS)] == STATISTICS and len(varbind.oid) > len(STATISTICS):
            return varbind.oid[len(STATISTICS)]
    return 0


def _refused(statistic: int) -> SnmpAuthError | SnmpProtocolError:
    if statistic not in REFUSALS:
        return SnmpProtocolError("it answers with a report that is not one of SNMPv3 users (usmStats)")
    return SnmpAuthError(*_refusal(statistic))


def _refusal(statistic: int) -> tuple[str, str]:
    """The words and the detail of SnmpAuthError."""
    words, detail = REFUSALS[statistic]
    return f"the agent refused the SNMPv3 user: {words}", detail

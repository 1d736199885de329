# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a datagram from a stranger is: a notification, something to answer, or refused for a reason. No socket here.

SNMPv1 and SNMPv2c prove nothing of their sender: their community is compared, in constant time. A message of SNMPv3
counts only at the level that its user has here: below it anyone could send in its name.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .._snmp import ber
from .._snmp.community_message import encode_message as encode_community_message
from .._snmp.errors import BackendMissing
from .._snmp.pdu import INFORM, REPORT, RESPONSE, TRAP, Pdu, TrapV1, decode_pdu, encode_pdu, integer, octets
from .._snmp.transport import Oid, VarBind
from .._snmp.user_message import (
    AUTH,
    LEVELS,
    PRIV,
    REPORTABLE,
    SHORTEST_ENGINE_ID,
    ScopedPdu,
    UserMessage,
    decode_message,
    decode_scoped,
    encode_message,
    is_signed_by,
)
from .._snmp.users import Community, Credentials, User
from .._snmp.usm import DecryptionError, Keys, check_supported
from .engine import Clocks, KeyRing, OwnEngine
from .notification import NoNotification, Notification, of_pdu

#: Why a datagram is refused.
GARBAGE = "garbage"  #: no SNMP message, or no notification
COMMUNITY = "community"  #: SNMPv1, v2c: not one of ours
VERSION = "version"  #: there are no credentials of its version
USER, LEVEL, DIGEST, DECRYPTION, TIME = "user", "level", "digest", "decryption", "time_window"
ENGINE = "engine"  #: an inform for another engine; its sender is answered with our engine id
REASONS = (GARBAGE, COMMUNITY, VERSION, USER, LEVEL, DIGEST, DECRYPTION, TIME, ENGINE)

#: usmStats (RFC 3414, 5) that a report about it counts.
_STATISTICS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)
_COUNTED = {LEVEL: 1, TIME: 2, USER: 3, ENGINE: 4, DIGEST: 5, DECRYPTION: 6}

_VERSIONS = {0: "1", 1: "2c", 3: "3"}


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of a datagram."""

    notification: Notification | None = None
    refused: str = ""  #: one of REASONS
    reply: bytes | None = None  #: to be sent back to where it came from
    version: str = ""  #: "1", "2c" or "3"
    credentials: str = ""  #: the name of the credential set that it fits
    user: str = ""  #: of SNMPv3
    engine_id: bytes = b""  #: of SNMPv3: the sender's; of an inform the context's
    context: str = ""  #: contextName, of SNMPv3


class _Refused(Exception):
    def __init__(self, reason: str, keys: Keys | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.keys = keys  #: of the user that it is, where that is proved


@dataclass
class Receiver:
    """Knows who may notify. May be used by one thread at a time.

    Raises BackendMissing where a user's protocols cannot be had on this host: all its messages would be refused.
    """

    credentials: Sequence[Credentials]
    engine: OwnEngine
    clocks: Clocks = field(default_factory=Clocks)
    ring: KeyRing = field(default_factory=KeyRing)
    statistics: dict[str, int] = field(default_factory=dict)  #: of what was refused, as usmStats counts

    def __post_init__(self) -> None:
        for one in self.credentials:
            if isinstance(one, User) and one.authenticates:
                check_supported(one.auth_protocol, one.privacy_protocol if one.encrypts else None)

    def receive(self, data: bytes, address: str = "") -> Received:
        """Raises nothing, whatever the octets are.

        :param address: of the sender; empty for one that any credentials may have.
        """
        try:
            version = _version(data)
            known = [one for one in self.credentials if one.version == version and _may_come_from(one, address)]
            if not known:
                return self._refuse(VERSION, version)
            return self._user(data, known) if version == "3" else self._community(data, version, known)
        except (ber.BerError, NoNotification):
            return self._refuse(GARBAGE)

    def _refuse(self, reason: str, version: str = "", reply: bytes | None = None) -> Received:
        self.statistics[reason] = self.statistics.get(reason, 0) + 1
        return Received(refused=reason, version=version, reply=reply)

    def _community(self, data: bytes, version: str, known_ones: Sequence[Credentials]) -> Received:
        at, end = ber.expect(ber.SEQUENCE, data, 0, len(data))
        number, at = integer(data, at, end)
        community, at = octets(data, at, end)
        known = _known(known_ones, community)
        if known is None:
            return self._refuse(COMMUNITY, version)
        pdu = _notification_pdu(decode_pdu(data, at, end), version)
        found = of_pdu(pdu)
        reply = None
        if isinstance(pdu, Pdu) and pdu.kind == INFORM:
            reply = encode_community_message(number, community, _response(pdu))
        return Received(notification=found, version=version, credentials=known.name, reply=reply)

    def _user(self, data: bytes, known: Sequence[Credentials]) -> Received:
        message = decode_message(data)
        try:
            return self._of_user(data, message, known)
        except _Refused as refused:
            found = self._refuse(refused.reason, "3")
            return replace(found, user=_text(message.user), reply=self._report(message, refused))

    def _of_user(self, data: bytes, message: UserMessage, known: Sequence[Credentials]) -> Received:
        ours = message.engine_id == self.engine.engine_id
        if len(message.engine_id) < SHORTEST_ENGINE_ID:
            raise _Refused(ENGINE)  # it asks for our engine id
        user, keys = self._who(data, message, known)
        if message.flags & AUTH and not self._in_time(message, ours):
            raise _Refused(TIME, keys)
        try:
            scoped = decode_scoped(data, message, keys)
            pdu = _notification_pdu(decode_pdu(scoped.pdu, 0, len(scoped.pdu)), "3")
        except (ber.BerError, DecryptionError, BackendMissing):
            if message.flags & PRIV:
                raise _Refused(DECRYPTION) from None
            raise
        confirmed = isinstance(pdu, Pdu) and pdu.kind == INFORM
        if confirmed and not ours:
            raise _Refused(ENGINE)
        return Received(
            notification=of_pdu(pdu),
            version="3",
            credentials=user.name,
            user=user.username,
            engine_id=scoped.context_engine_id if ours else message.engine_id,
            context=_text(scoped.context_name),
            reply=self._answer(message, scoped, pdu, keys) if confirmed and isinstance(pdu, Pdu) else None,
        )

    def _who(self, data: bytes, message: UserMessage, known: Sequence[Credentials]) -> tuple[User, Keys]:
        """The user that sent it, by its name, its engine and its keys. Raises _Refused."""
        reason = USER
        for user in known:
            if not isinstance(user, User) or user.username.encode("utf-8", "surrogatepass") != message.user:
                continue
            if user.engine_id not in (b"", message.engine_id) and message.engine_id != self.engine.engine_id:
                continue
            level = LEVELS[user.security_level]
            if message.flags & (AUTH | PRIV) != level:
                reason = LEVEL
                continue
            if level and not is_signed_by(data, message, self.ring.signing(user, message.engine_id)):
                reason = DIGEST
                continue
            return user, self.ring.keys(user, message.engine_id)
        raise _Refused(reason)

    def _in_time(self, message: UserMessage, ours: bool) -> bool:
        if ours:
            return self.engine.in_time(message.boots, message.time)
        return self.clocks.in_time(message.engine_id, message.boots, message.time)

    def _answer(self, message: UserMessage, scoped: ScopedPdu, pdu: Pdu, keys: Keys) -> bytes:
        """The response to an inform, as it was secured itself."""
        head = self._head(message, message.flags & (AUTH | PRIV))
        answer = ScopedPdu(scoped.context_engine_id, scoped.context_name, _response(pdu))
        return encode_message(head, answer, keys)

    def _report(self, message: UserMessage, refused: _Refused) -> bytes | None:
        """What the sender of an inform needs to know (RFC 3414, 3.2); nothing to one that awaits no answer.

        It is signed where the sender has proved to be the user: who is late has to believe our time.
        """
        if not message.flags & REPORTABLE:
            return None
        oid = (*_STATISTICS, _COUNTED[refused.reason], 0)
        counter = VarBind(oid, "counter32", self.statistics[refused.reason] % 2**32)
        pdu = encode_pdu(Pdu(REPORT, 0, 0, 0, [counter]))
        head = self._head(message, AUTH if refused.keys else 0)
        return encode_message(head, ScopedPdu(self.engine.engine_id, b"", pdu), refused.keys or Keys())

    def _head(self, message: UserMessage, flags: int) -> UserMessage:
        engine = self.engine
        return UserMessage(
            number=message.number, flags=flags, engine_id=engine.engine_id, boots=engine.boots, time=engine.time,
            user=message.user,
        )  # fmt: skip


def _may_come_from(credentials: Credentials, address: str) -> bool:
    """Whether credentials that are of certain networks count for a sender."""
    networks = credentials.networks
    return not (networks and address) or networks.contain(address)


def _known(known: Sequence[Credentials], community: bytes) -> Community | None:
    """The credentials with this community. All are compared, so that the time says nothing."""
    found = None
    for one in known:
        if isinstance(one, Community):
            same = hmac.compare_digest(one.community.encode("utf-8", "surrogatepass"), community)
            found = one if same and found is None else found
    return found


def _version(data: bytes) -> str:
    at, end = ber.expect(ber.SEQUENCE, data, 0, len(data))
    number, _at = integer(data, at, end)
    if number not in _VERSIONS:
        raise ber.BerError("it is no version of SNMP")
    return _VERSIONS[number]


def _notification_pdu(pdu: Pdu | TrapV1, version: str) -> Pdu | TrapV1:
    """Raises NoNotification for a request, and for what the version does not have."""
    if isinstance(pdu, TrapV1) != (version == "1") or (isinstance(pdu, Pdu) and pdu.kind not in (TRAP, INFORM)):
        raise NoNotification("it is no notification of its version")
    return pdu


def _response(pdu: Pdu) -> bytes:
    return encode_pdu(Pdu(RESPONSE, pdu.request_id, 0, 0, pdu.varbinds))


def _text(octets_of_it: bytes) -> str:
    return octets_of_it.decode("utf-8", "backslashreplace")

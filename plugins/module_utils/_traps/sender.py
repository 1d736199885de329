# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications to a receiver: traps of SNMPv1, v2c and v3, and informs, whose answer is awaited."""

from __future__ import annotations

import socket

from .._snmp.backend_community import CommunityTransport
from .._snmp.backend_user import UserTransport
from .._snmp.community_message import encode_message
from .._snmp.errors import OptionError, SnmpUnreachable
from .._snmp.own_transport import OwnTransport
from .._snmp.pdu import INFORM, TRAP, Pdu, encode_pdu, encode_trap_v1, new_number, varbinds_of
from .._snmp.target import Target, socket_address
from .._snmp.user_message import LEVELS, ScopedPdu, UserMessage
from .._snmp.user_message import encode_message as encode_user_message
from .._snmp.users import Credentials, User
from .engine import OwnEngine
from .notification import Notification, as_v1_trap, as_v2_varbinds


def send(
    target: Target, credentials: Credentials, found: Notification, engine: OwnEngine, timeout: float, tries: int
) -> None:
    """Send it: as an inform if it is `confirmed`, until that is answered; else as a trap, once.

    :param engine: ours, for a trap of SNMPv3. Its receiver has to know the user with this engine id.
    :param timeout: seconds to wait for the answer to an inform, each of `tries` times.

    Raises SnmpError; OptionError for what the version does not have.
    """
    if found.confirmed:
        _inform(target, credentials, found, timeout, tries)
    else:
        _datagram(target, trap_message(credentials, found, engine))


def trap_message(credentials: Credentials, found: Notification, engine: OwnEngine) -> bytes:
    """A trap, as it is sent. Raises OptionError for a value that its type or version cannot have."""
    try:
        if isinstance(credentials, User):
            return _user_trap(credentials, found, engine)
        community = credentials.community.encode("utf-8", "surrogatepass")
        if credentials.version == "1":
            return encode_message(0, community, encode_trap_v1(as_v1_trap(found)))
        return encode_message(1, community, _pdu(TRAP, new_number(), found))
    except ValueError as error:
        raise OptionError(f"The notification cannot be sent: {error}.") from None


def _user_trap(user: User, found: Notification, engine: OwnEngine) -> bytes:
    """We are the authoritative engine of a trap (RFC 3414, 3.1)."""
    head = UserMessage(
        number=new_number(), flags=LEVELS[user.security_level], engine_id=engine.engine_id, boots=engine.boots,
        time=engine.time, user=user.username.encode("utf-8", "surrogatepass"),
    )  # fmt: skip
    context = user.context_name.encode("utf-8", "surrogatepass")
    scoped = ScopedPdu(user.context_engine_id or engine.engine_id, context, _pdu(TRAP, new_number(), found))
    return encode_user_message(head, scoped, user.keys(engine.engine_id))


def _inform(target: Target, credentials: Credentials, found: Notification, timeout: float, tries: int) -> None:
    if credentials.version == "1":
        raise OptionError("SNMPv1 has no informs: send a trap, or use version 2c or 3.")
    number = new_number()
    try:
        pdu = _pdu(INFORM, number, found)
    except ValueError as error:
        raise OptionError(f"The notification cannot be sent: {error}.") from None
    transport = _transport(target, credentials, timeout, tries)
    try:
        varbinds_of(transport.request(pdu, number))
    finally:
        transport.close()


def _transport(target: Target, credentials: Credentials, timeout: float, tries: int) -> OwnTransport:
    if isinstance(credentials, User):
        return UserTransport(target, credentials, timeout, tries)
    return CommunityTransport(target, credentials, timeout, tries)


def _datagram(target: Target, data: bytes) -> None:
    try:
        family, address = socket_address(target)
        with socket.socket(family, socket.SOCK_DGRAM) as sending:
            sending.sendto(data, address)
    except OSError as error:
        raise SnmpUnreachable(f"the address cannot be reached from this host: {error.strerror}") from None


def _pdu(kind: int, number: int, found: Notification) -> bytes:
    return encode_pdu(Pdu(kind, number, 0, 0, as_v2_varbinds(found)))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of SNMPv1 and SNMPv2c (RFC 1157, RFC 1901): requests into octets, replies out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import ber
from .exchange import BrokenReply
from .pdu import RESPONSE, Pdu, decode_body, encode_question, integer, octets
from .transport import Oid


@dataclass(frozen=True)
class Message:
    """What a request and its reply have in common."""

    version: int  #: 0 for SNMPv1, 1 for SNMPv2c
    community: bytes
    request_id: int


def encode_message(version: int, community: bytes, pdu: bytes) -> bytes:
    """A PDU in its envelope."""
    head = ber.encode_integer(version) + ber.encode(ber.OCTETS, community)
    return ber.encode(ber.SEQUENCE, head + pdu)


def encode_request(head: Message, pdu: int, oids: Sequence[Oid], first: int = 0, second: int = 0) -> bytes:
    """A request for these variables.

    :param pdu: GET, GET_NEXT or GET_BULK.
    :param first, second: of a GET_BULK non-repeaters and max-repetitions, else 0.
    """
    return encode_message(head.version, head.community, encode_question(pdu, head.request_id, oids, first, second))


def decode_reply(data: bytes, asked: Message) -> Pdu | None:
    """The reply to a request; None for what is no response of this version, with this community and request id.

    Raises BrokenReply for one that is, but does not go on as a response does.
    """
    end = len(data)
    try:
        _tag, at, _stop = ber.header(data, 0, end)
        version, at = integer(data, at, end)
        community, at = octets(data, at, end)
        pdu, at, stop = ber.header(data, at, end)
        request_id, at = integer(data, at, end)
    except ber.BerError:
        return None
    if pdu != RESPONSE or Message(version, community, request_id) != asked:
        return None
    try:
        return decode_body(pdu, request_id, data, at, min(stop, end))
    except ber.BerError as error:
        raise BrokenReply(str(error), whole=stop <= end) from None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of SNMPv1 and SNMPv2c (RFC 1157, RFC 1901, RFC 3416): requests into octets, replies out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import ber
from .transport import Oid, VarBind

GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5

#: error-status (RFC 3416, section 3), by its number
STATUS = (
    *("noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength"),
    *("wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed"),
    *("undoFailed", "authorizationError", "notWritable", "inconsistentName"),
)

#: Tags of values (RFC 2578, and some of RFC 1442 that old agents have not forgotten) -> kind.
_OCTETS = {0x04: "octets", 0x03: "octets", 0x45: "octets", 0x44: "opaque"}
_UNSIGNED = {0x41: "counter32", 0x42: "gauge32", 0x43: "ticks", 0x46: "counter64", 0x47: "gauge32"}
_EXCEPTIONS = {0x80: "noSuchObject", 0x81: "noSuchInstance", 0x82: "endOfMib"}
_IP_ADDRESS = 0x40


class BrokenReply(Exception):
    """A reply that belongs to this request but cannot be decoded; the text names the reason."""

    def __init__(self, reason: str, whole: bool) -> None:
        super().__init__(reason)
        self.whole = whole  #: nothing of it was lost on the way


@dataclass(frozen=True)
class Message:
    """What a request and its reply have in common."""

    version: int  #: 0 for SNMPv1, 1 for SNMPv2c
    community: bytes
    request_id: int


@dataclass(frozen=True)
class Reply:
    """A response."""

    status: int  #: error-status, 0 for none
    index: int  #: error-index
    varbinds: list[VarBind]


def encode_request(head: Message, pdu: int, oids: Sequence[Oid], first: int = 0, second: int = 0) -> bytes:
    """A request for these variables.

    :param pdu: GET, GET_NEXT or GET_BULK.
    :param first, second: of a GET_BULK non-repeaters and max-repetitions, else 0.
    """
    numbers = b"".join(map(ber.encode_integer, (head.request_id, first, second)))
    body = numbers + ber.encode(ber.SEQUENCE, b"".join(map(_null_varbind, oids)))
    community = ber.encode(ber.OCTETS, head.community)
    return ber.encode(ber.SEQUENCE, ber.encode_integer(head.version) + community + ber.encode(pdu, body))


# A walk asks for the next cell each time, a device's readers ask for the same scalars on each device.
@lru_cache(maxsize=256)
def _null_varbind(oid: Oid) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.encode_oid(oid) + bytes((ber.NULL, 0)))


def decode_reply(data: bytes, asked: Message) -> Reply | None:
    """The reply to a request; None for what is no response of this version, with this community and request id.

    Raises BrokenReply for one that is, but does not go on as a response does.
    """
    end = len(data)
    try:
        _tag, at, _stop = ber.header(data, 0, end)
        version, at = _integer(data, at, end)
        start, at = ber.expect(ber.OCTETS, data, at, end)
        community = data[start:at]
        pdu, at, stop = ber.header(data, at, end)
        request_id, at = _integer(data, at, end)
    except ber.BerError:
        return None
    if pdu != RESPONSE or Message(version, community, request_id) != asked:
        return None
    try:
        return _response(data, at, min(stop, end))
    except ber.BerError as error:
        raise BrokenReply(str(error), whole=stop <= end) from None


def _integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A number, and where it ends."""
    start, stop = ber.expect(ber.INTEGER, data, at, end)
    return ber.decode_integer(data[start:stop]), stop


def _response(data: bytes, at: int, end: int) -> Reply:
    status, at = _integer(data, at, end)
    index, at = _integer(data, at, end)
    at, end = ber.expect(ber.SEQUENCE, data, at, end)
    varbinds = []
    while at < end:
        start, at = ber.expect(ber.SEQUENCE, data, at, end)
        varbinds.append(_varbind(data, start, at))
    return Reply(status, index, varbinds)


def _varbind(data: bytes, at: int, end: int) -> VarBind:
    start, stop = ber.expect(ber.OID, data, at, end)
    oid = ber.decode_oid(data[start:stop])
    tag, start, stop = ber.element(data, stop, end)
    content = data[start:stop]
    if tag in _OCTETS:
        return VarBind(oid, _OCTETS[tag], content)
    if tag == ber.INTEGER and content:
        return VarBind(oid, "int", ber.decode_integer(content))
    if tag in _UNSIGNED and content:
        return VarBind(oid, _UNSIGNED[tag], ber.decode_integer(content, signed=False))
    if tag == ber.OID:
        return VarBind(oid, "oid", ber.decode_oid(content))
    if tag == _IP_ADDRESS and len(content) == 4:
        return VarBind(oid, "ip", content)
    # NULL, and what no reader could make anything of.
    return VarBind(oid, _EXCEPTIONS.get(tag, "null"), None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PDUs of SNMP (RFC 3416; of SNMPv1's trap RFC 1157): into octets, and out of them. What is around one, the version
with its community or user, is in community_message.py and user_message.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import ber
from .errors import SnmpPduError
from .transport import EXCEPTIONS, Oid, VarBind

GET, GET_NEXT, RESPONSE, SET, TRAP_V1, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5
INFORM, TRAP, REPORT = 0xA6, 0xA7, 0xA8

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
#: Kind -> tag, of what is sent.
_TAGS = {
    **{"int": ber.INTEGER, "octets": ber.OCTETS, "opaque": 0x44, "ip": _IP_ADDRESS, "oid": ber.OID},
    **{"counter32": 0x41, "gauge32": 0x42, "ticks": 0x43, "counter64": 0x46},
}
#: Kind -> largest value of a number without a sign.
LARGEST = {"counter32": 2**32 - 1, "gauge32": 2**32 - 1, "ticks": 2**32 - 1, "counter64": 2**64 - 1}


@dataclass(frozen=True)
class Pdu:
    """A request, a response, an inform, a report or a trap of SNMPv2."""

    kind: int  #: its tag: GET, RESPONSE, ...
    request_id: int
    first: int  #: error-status; of a GET_BULK non-repeaters
    second: int  #: error-index; of a GET_BULK max-repetitions
    varbinds: list[VarBind]


@dataclass(frozen=True)
class TrapV1:
    """A trap of SNMPv1 (RFC 1157, 4.1.6)."""

    enterprise: Oid
    agent_address: bytes  #: four octets
    generic: int  #: 0 to 6: coldStart, ..., enterpriseSpecific
    specific: int
    timestamp: int  #: sysUpTime, in hundredths of a second
    varbinds: list[VarBind]


def encode_pdu(pdu: Pdu) -> bytes:
    """Raises ValueError for a value that its kind cannot have."""
    numbers = b"".join(map(ber.encode_integer, (pdu.request_id, pdu.first, pdu.second)))
    return ber.encode(pdu.kind, numbers + ber.encode(ber.SEQUENCE, b"".join(map(encode_varbind, pdu.varbinds))))


def encode_question(kind: int, request_id: int, oids: Sequence[Oid], first: int = 0, second: int = 0) -> bytes:
    """A GET, GET_NEXT or GET_BULK for these variables: encode_pdu() with empty values, faster."""
    numbers = b"".join(map(ber.encode_integer, (request_id, first, second)))
    return ber.encode(kind, numbers + ber.encode(ber.SEQUENCE, b"".join(map(_null_varbind, oids))))


def encode_trap_v1(trap: TrapV1) -> bytes:
    """Raises ValueError for a value that its kind cannot have."""
    content = ber.encode_oid(trap.enterprise) + ber.encode(_IP_ADDRESS, trap.agent_address)
    content += ber.encode_integer(trap.generic) + ber.encode_integer(trap.specific)
    content += _unsigned("ticks", trap.timestamp)
    return ber.encode(TRAP_V1, content + ber.encode(ber.SEQUENCE, b"".join(map(encode_varbind, trap.varbinds))))


# A walk asks for the next cell each time, a device's readers ask for the same scalars on each device.
@lru_cache(maxsize=256)
def _null_varbind(oid: Oid) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.encode_oid(oid) + bytes((ber.NULL, 0)))


def encode_varbind(varbind: VarBind) -> bytes:
    """Raises ValueError for a value that its kind cannot have."""
    return ber.encode(ber.SEQUENCE, ber.encode_oid(varbind.oid) + _value(varbind.kind, varbind.value))


def _value(kind: str, value: bytes | int | Oid | None) -> bytes:
    if kind == "null":
        return bytes((ber.NULL, 0))
    if kind in EXCEPTIONS:
        return bytes((next(tag for tag, name in _EXCEPTIONS.items() if name == kind), 0))
    if isinstance(value, int):
        if kind in LARGEST:
            return _unsigned(kind, value)
        if kind == "int" and -(2**31) <= value < 2**31:
            return ber.encode_integer(value)
    elif isinstance(value, bytes):
        if kind in ("octets", "opaque") or (kind == "ip" and len(value) == 4):
            return ber.encode(_TAGS[kind], value)
    elif isinstance(value, tuple) and kind == "oid":
        return ber.encode_oid(value)
    raise ValueError(f"not a value of the kind {kind}")


def _unsigned(kind: str, value: int) -> bytes:
    if not 0 <= value <= LARGEST[kind]:
        raise ValueError(f"not a value of the kind {kind}")
    return ber.encode(_TAGS[kind], value.to_bytes(value.bit_length() // 8 + 1, "big"))


def integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A number, and where it ends."""
    start, stop = ber.expect(ber.INTEGER, data, at, end)
    return ber.decode_integer(data[start:stop]), stop


def octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """An octet string, and where it ends."""
    start, stop = ber.expect(ber.OCTETS, data, at, end)
    return data[start:stop], stop


def decode_pdu(data: bytes, at: int, end: int) -> Pdu | TrapV1:
    """The PDU at a place. Raises BerError."""
    kind, at, end = ber.element(data, at, end)
    if kind == TRAP_V1:
        return _trap_v1(data, at, end)
    request_id, at = integer(data, at, end)
    return decode_body(kind, request_id, data, at, end)


def decode_body(kind: int, request_id: int, data: bytes, at: int, end: int) -> Pdu:
    """What follows the request id. Raises BerError."""
    first, at = integer(data, at, end)
    second, at = integer(data, at, end)
    return Pdu(kind, request_id, first, second, _varbinds(data, at, end))


def _trap_v1(data: bytes, at: int, end: int) -> TrapV1:
    start, at = ber.expect(ber.OID, data, at, end)
    enterprise = ber.decode_oid(data[start:at])
    start, at = ber.expect(_IP_ADDRESS, data, at, end)
    address = data[start:at]
    generic, at = integer(data, at, end)
    specific, at = integer(data, at, end)
    start, at = ber.expect(_TAGS["ticks"], data, at, end)
    timestamp = ber.decode_integer(data[start:at], signed=False)
    if len(address) != 4:
        raise ber.BerError("the agent's address has not four octets")
    return TrapV1(enterprise, address, generic, specific, timestamp, _varbinds(data, at, end))


def _varbinds(data: bytes, at: int, end: int) -> list[VarBind]:
    at, end = ber.expect(ber.SEQUENCE, data, at, end)
    varbinds = []
    while at < end:
        start, at = ber.expect(ber.SEQUENCE, data, at, end)
        varbinds.append(_varbind(data, start, at))
    return varbinds


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


def new_number() -> int:
    """A request id or msgID, random. Not negative: there are agents that take it for a large number, and answer so."""
    return secrets.randbelow(2**31 - 1) + 1


def varbinds_of(response: Pdu) -> list[VarBind]:
    """The variables of a response. Raises SnmpPduError for an error-status."""
    if word := refusal(response):
        raise SnmpPduError(f"the agent returned {word}", word, response.second)
    return response.varbinds


def refusal(pdu: Pdu) -> str | None:
    """The error-status of a response in words; None if there is none."""
    if not pdu.first:
        return None
    return STATUS[pdu.first] if 0 < pdu.first < len(STATUS) else f"the error-status {pdu.first}"

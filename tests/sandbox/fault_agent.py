# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small SNMP agent (v1, v2c) on loopback UDP that misbehaves on demand. No libraries: BER is written out here.

    with FaultAgent(varbinds, fault=lambda request, reply: []) as agent:   # a dead one
        ... ask 127.0.0.1, agent.port ...

A fault is a function of the request and the right reply (octets) that returns the datagrams to send. For what an agent
says rather than how it says it, override `after` (the order of its OIDs).
"""

from __future__ import annotations

import socket
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

Oid = tuple[int, ...]

#: error-status (RFC 3416, section 3)
STATUS = {
    **{"noError": 0, "tooBig": 1, "noSuchName": 2, "badValue": 3, "readOnly": 4, "genErr": 5, "noAccess": 6},
    **{"wrongType": 7, "wrongLength": 8, "wrongEncoding": 9, "wrongValue": 10, "noCreation": 11},
    **{"inconsistentValue": 12, "resourceUnavailable": 13, "commitFailed": 14, "undoFailed": 15},
    **{"authorizationError": 16, "notWritable": 17, "inconsistentName": 18},
}
GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5
_TAGS = {
    "int": 0x02,
    "octets": 0x04,
    "null": 0x05,
    "oid": 0x06,
    "ip": 0x40,
    "counter32": 0x41,
    "gauge32": 0x42,
    "ticks": 0x43,
    "opaque": 0x44,
    "counter64": 0x46,
    "noSuchObject": 0x80,
    "noSuchInstance": 0x81,
    "endOfMib": 0x82,
}


@dataclass(frozen=True)
class Raw:
    """A value that is sent as it stands: tag and content, right or wrong."""

    tag: int
    content: bytes


def encode(tag: int, content: bytes) -> bytes:
    """Tag, length, content (X.690)."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def encode_int(value: int, tag: int = 0x02) -> bytes:
    return encode(tag, value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True))


def encode_oid(oid: Oid) -> bytes:
    first = oid[0] * 40 + oid[1] if len(oid) > 1 else 0
    content = bytearray()
    for number in (first, *oid[2:]):
        octets = [number & 0x7F]
        while number := number >> 7:
            octets.append(0x80 | (number & 0x7F))
        content += bytes(reversed(octets))
    return encode(0x06, bytes(content))


def encode_varbind(oid: Oid, kind: str, value: Any) -> bytes:
    if isinstance(value, Raw):
        encoded = encode(value.tag, value.content)
    elif isinstance(value, int):
        encoded = encode_int(value, _TAGS[kind])
    elif isinstance(value, tuple):
        encoded = encode_oid(value)
    else:
        encoded = encode(_TAGS[kind], value or b"")
    return encode(0x30, encode_oid(oid) + encoded)


def decode(data: bytes) -> tuple[int, bytes, bytes]:
    """The first element: its tag, its content, and what follows."""
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + size], data[start + size :]


def decode_oid(content: bytes) -> Oid:
    numbers, number = [], 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return (first, numbers[0] - 40 * first, *numbers[1:])


def _integer(data: bytes) -> tuple[int, bytes]:
    _tag, content, rest = decode(data)
    return int.from_bytes(content, "big", signed=True), rest


@dataclass
class Request:
    """A request as it came in."""

    number: int  #: 1 for the first that this agent got
    version: int  #: 0 for v1, 1 for v2c
    community: bytes
    pdu: int  #: GET, GET_NEXT or GET_BULK
    request_id: int
    non_repeaters: int
    repetitions: int  #: of a GETBULK
    oids: list[Oid]

    @classmethod
    def parse(cls, data: bytes, number: int) -> Request:
        _tag, message, _rest = decode(data)
        version, rest = _integer(message)
        _tag, community, rest = decode(rest)
        pdu, body, _rest = decode(rest)
        request_id, rest = _integer(body)
        non_repeaters, rest = _integer(rest)
        repetitions, rest = _integer(rest)
        _tag, rest, _end = decode(rest)
        oids = []
        while rest:
            _tag, varbind, rest = decode(rest)
            oids.append(decode_oid(decode(varbind)[1]))
        return cls(number, version, community, pdu, request_id, non_repeaters, repetitions, oids)

    @property
    def size(self) -> int:
        """How many variables it asks for."""
        return len(self.oids) * (self.repetitions if self.pdu == GET_BULK else 1)

    def reply(self, varbinds: Sequence[bytes], status: str = "noError", index: int = 0, id_offset: int = 0) -> bytes:
        """A response to this request."""
        head = encode_int(self.request_id + id_offset) + encode_int(STATUS[status]) + encode_int(index)
        pdu = encode(RESPONSE, head + encode(0x30, b"".join(varbinds)))
        return encode(0x30, encode_int(self.version) + encode(0x04, self.community) + pdu)

    def error(self, status: str, index: int = 0) -> bytes:
        """A response that carries an error-status and the variables of the request."""
        return self.reply([encode_varbind(oid, "null", None) for oid in self.oids], status, index)


Fault = Callable[[Request, bytes], list[bytes]]


class FaultAgent:
    """Answers from `varbinds` (oid, kind, value), in the order of their OIDs, in a thread of its own."""

    def __init__(
        self,
        varbinds: Iterable[tuple[Oid, str, Any]],
        fault: Fault | None = None,
        *,
        community: str = "public",
        reply_octets: int = 1400,
        versions: Sequence[int] = (0, 1),
        ipv6: bool = False,
        address: str = "",
        port: int = 0,
    ) -> None:
        self._varbinds = {oid: encode_varbind(oid, kind, value) for oid, kind, value in varbinds}
        self.oids = sorted(self._varbinds)
        self.fault = fault
        self.requests: list[Request] = []
        self.peer: Any = None  #: the address of who asked last
        self._community = community.encode()
        self._reply_octets = reply_octets
        self._versions = versions
        self.address = address or ("::1" if ipv6 else "127.0.0.1")
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.bind((self.address, port))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        # By the socket itself: this thread may be in another network namespace than it.
        self._socket.sendto(b"", (self.address, self.port))
        self._thread.join()
        self._socket.close()

    def after(self, oid: Oid) -> Oid | None:
        """The OID that follows; None at the end."""
        place = bisect_right(self.oids, oid)
        return self.oids[place] if place < len(self.oids) else None

    def _serve(self) -> None:
        while True:
            data, self.peer = self._socket.recvfrom(65535)
            if not data:
                return
            for datagram in self._handle(data):
                self._socket.sendto(datagram, self.peer)

    def _handle(self, data: bytes) -> list[bytes]:
        request = Request.parse(data, len(self.requests) + 1)
        self.requests.append(request)
        if request.community != self._community or request.version not in self._versions:
            return []
        reply = self._answer(request)
        return self.fault(request, reply) if self.fault else [reply]

    def _answer(self, request: Request) -> bytes:
        if request.pdu == GET_BULK:
            return request.reply(self._bulk(request))
        following = [oid if request.pdu == GET else self.after(oid) for oid in request.oids]
        missing = [place for place, oid in enumerate(following, 1) if oid not in self._varbinds]
        if missing and request.version == 0:
            return request.error("noSuchName", missing[0])
        return request.reply(
            [
                self._encoded(oid, asked, self._missing(asked) if request.pdu == GET else "endOfMib")
                for oid, asked in zip(following, request.oids, strict=True)
            ]
        )

    def _missing(self, oid: Oid) -> str:
        """Of a variable that is not there: has its object other instances (RFC 3416, 4.2.1)?"""
        other = self.after(oid[:-1])
        return "noSuchInstance" if other and other[: len(oid) - 1] == oid[:-1] else "noSuchObject"

    def _bulk(self, request: Request) -> list[bytes]:
        """Rows until the repetitions or the room are used up, also in mid-row (RFC 3416, 4.2.3)."""
        fixed, row = request.oids[: request.non_repeaters], request.oids[request.non_repeaters :]
        reply = [self._encoded(self.after(oid), oid, "endOfMib") for oid in fixed]
        room = self._reply_octets - 60 - sum(map(len, reply))
        for _repetition in range(request.repetitions if row else 0):
            following = [self.after(oid) for oid in row]
            for asked, oid in zip(row, following, strict=True):
                varbind = self._encoded(oid, asked, "endOfMib")
                room -= len(varbind)
                if room < 0 and reply:
                    return reply
                reply.append(varbind)
            row = [oid or asked for asked, oid in zip(row, following, strict=True)]
            if not any(following):
                break
        return reply

    def _encoded(self, oid: Oid | None, asked: Oid, missing: str) -> bytes:
        found = self._varbinds.get(oid) if oid else None
        return found or encode_varbind(asked, missing, None)

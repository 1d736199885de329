# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own reading of SNMPv1 and v2c: what odd agents send, and what is no reply."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp import ber
from ansible_collections.invmon.network.plugins.module_utils._snmp.community_message import (
    Message,
    decode_reply,
    encode_request,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.exchange import BrokenReply
from ansible_collections.invmon.network.plugins.module_utils._snmp.pdu import GET_BULK
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    Raw,
    Request,
    encode,
    encode_int,
    encode_oid,
    encode_varbind,
)

OID = (1, 3, 6, 1, 2, 1, 1, 1, 0)
ASKED = Message(1, b"public", 4711)
REQUEST = Request(1, 1, b"public", GET_BULK, 4711, 0, 10, [OID])


def value(tag: int, content: bytes) -> tuple[str, Any]:
    """Kind and value of a variable that is sent so."""
    reply = decode_reply(REQUEST.reply([encode_varbind(OID, "", Raw(tag, content))]), ASKED)
    assert reply
    (varbind,) = reply.varbinds
    assert varbind.oid == OID
    return varbind.kind, varbind.value


@pytest.mark.parametrize(
    ("tag", "content", "kind", "expected"),
    [
        (0x02, b"", "null", None),
        (0x02, b"\x00\xff\xff\xff\xff", "int", 4294967295),
        (0x42, b"\x00\x00\x00\x00\x00\x05", "gauge32", 5),
        (0x43, b"\xff", "ticks", 255),
        (0x46, b"\x00" + b"\xff" * 8, "counter64", 2**64 - 1),
        (0x47, b"\x05", "gauge32", 5),  # UInteger32 of RFC 1442
        (0x03, b"\x00\x80", "octets", b"\x00\x80"),  # BIT STRING
        (0x40, b"\xc0\x00\x02", "null", None),  # an address of three octets
        (0x06, b"", "oid", (0, 0)),
        (0x06, b"\x2b", "oid", (1, 3)),
        (0x06, b"\x88\x37\x03", "oid", (2, 999, 3)),
        (0x06, b"\x2b\x06\x8f\xff\xff\xff\x7f\x05", "oid", (1, 3, 6, 4294967295, 5)),
        (0x1E, b"whatever", "null", None),
        (0x82, b"", "endOfMib", None),
    ],
)
def test_what_odd_agents_send_is_read_where_it_has_a_sense(tag: int, content: bytes, kind: str, expected: Any) -> None:
    assert value(tag, content) == (kind, expected)


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (0x02, b"\x01" * 9),
        (0x46, b"\x01" * 9),
        (0x06, b"\x2b\x86"),
        (0x06, b"\x2b\x90\x80\x80\x80\x00"),  # 2^32
        (0x06, b"\x2b" + b"\xff" * 60_000),
        (0x06, b"\x2b" + b"\x01" * 127),
    ],
)
def test_numbers_and_oids_that_snmp_does_not_know_are_an_error(tag: int, content: bytes) -> None:
    with pytest.raises(BrokenReply):
        value(tag, content)


def test_lengths_may_be_longer_than_need_be_and_the_message_followed_by_something() -> None:
    def long(tag: int, content: bytes) -> bytes:
        return bytes((tag, 0x84)) + len(content).to_bytes(4, "big") + content

    variable = long(0x30, encode_oid(OID) + long(0x04, b"text"))
    body = encode_int(4711) + encode_int(0) + encode_int(0) + long(0x30, variable)
    data = long(0x30, encode_int(1) + long(0x04, b"public") + long(0xA2, body)) + b"\x00\x00"
    reply = decode_reply(data, ASKED)
    assert reply
    assert reply.varbinds[0].value == b"text"


def test_of_a_reply_that_was_cut_on_its_way_that_is_known() -> None:
    whole = REQUEST.reply([encode_varbind(OID, "octets", b"x" * 300)])
    head = whole.index(encode_int(4711)) + len(encode_int(4711))
    for end in range(len(whole)):
        if end < head:
            assert decode_reply(whole[:end], ASKED) is None
        else:
            with pytest.raises(BrokenReply) as caught:
                decode_reply(whole[:end], ASKED)
            assert not caught.value.whole


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x02\x01\x01",  # indefinite length
        b"\x30\x85\x00\x00\x00\x00\x03\x02\x01\x01",
        encode(0x30, encode_int(1)),
        encode(0x30, encode(0x04, b"\x01") + encode(0x04, b"public")),
    ],
)
def test_what_is_no_message_is_no_reply(data: bytes) -> None:
    assert decode_reply(data, ASKED) is None


def test_a_request_is_what_the_agent_understands() -> None:
    oids = [(1, 3, 6, 1, 4, 1, 4294967295, 128, 16384), (2, 39, 1), (0, 0), (1, 3)]
    request = Request.parse(encode_request(ASKED, GET_BULK, oids, 1, 300), 1)
    assert (request.version, request.community, request.request_id) == (1, b"public", 4711)
    assert (request.pdu, request.non_repeaters, request.repetitions, request.oids) == (GET_BULK, 1, 300, oids)


def test_numbers_are_encoded_as_short_as_x690_wants() -> None:
    for number in (0, 1, 127, 128, 255, 256, 2**31 - 1, -1, -128, -129, -(2**31)):
        encoded = ber.encode_integer(number)
        assert encoded == encode_int(number)
        assert ber.decode_integer(encoded[2:]) == number

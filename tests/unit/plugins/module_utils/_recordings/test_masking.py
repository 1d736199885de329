# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A masked recording: nothing that reveals whose device it is survives in it, and it reads like the device."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import judge
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import difference, read_again
from ansible_collections.invmon.network.plugins.module_utils._recordings.masking import mask
from ansible_collections.invmon.network.plugins.module_utils._recordings.not_recorded import NOT_RECORDED
from ansible_collections.invmon.network.plugins.module_utils._recordings.recorder import record
from ansible_collections.invmon.network.plugins.module_utils._recordings.word_pattern import trie
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_recording import vendor_subtree
from ansible_collections.invmon.network.tests.recordings.build import recordings
from hypothesis import given, settings
from hypothesis import strategies as st

RECORDINGS = sorted(recordings().glob("*.snmprec"))

SYSTEM, ENTITY = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
VENDOR = (1, 3, 6, 1, 4, 1, 99999)
TABLE, KNOWN = (*VENDOR, 1, 5, 1), (*VENDOR, 1, 6, 1)
COLUMNS: dict[Oid, str] = {(*KNOWN, 2): "descr", (*KNOWN, 3): "serial", (*KNOWN, 4): "name", (*KNOWN, 5): "alias"}


def masked(
    *varbinds: tuple[Oid, str, Any], serials: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> list[VarBind]:
    return mask([VarBind(*varbind) for varbind in varbinds], serials, b"key", COLUMNS, names).varbinds


def value_of(oid: Oid, value: bytes, *others: tuple[Oid, str, Any]) -> bytes:
    (first, *_others) = masked((oid, "octets", value), *others)
    assert isinstance(first.value, bytes)
    return first.value


@pytest.mark.parametrize("path", RECORDINGS[::4], ids=lambda path: path.stem)
def test_a_masked_recording_reads_like_the_device(tmp_path: Path, path: Path) -> None:
    with replay_session(load_recording(path)) as session:
        device = read_device(session.agent).inventory()
        assert device.system is not None
        serials = {item.serial for item in device.items}
        record(
            session.transport,
            vendor_subtree(device.system.object_id),
            tmp_path / "box.snmprec",
            serials=serials,
            columns=session.agent.asked(),
            parts=[item.part for item in device.items if item.part],
        )
    again = read_again(tmp_path / "box.snmprec")
    assert difference(device, again) is None
    assert again.platform == device.platform
    assert len(again.members) == len(device.members)
    assert not serials & {item.serial for item in again.items}


@pytest.mark.parametrize(
    "word",
    ["active", "N/A", "Fan Tray 1", "10GBASE-LR", "TenGigabitEthernet1/0/24", "slot 3", "23.5 C", "Power Supply 2", ""],
)
def test_vocabulary_stays_wherever_it_stands(word: str) -> None:
    assert value_of((*TABLE, 2, 1), word.encode()) == word.encode()


@pytest.mark.parametrize("octets", ["07e8021d0a000000", "07e8021d0a0000002b0100", "8001", "ff"])
def test_a_date_and_flags_stay(octets: str) -> None:
    """DateAndTime (RFC 2579), with a time zone and without; BITS."""
    assert value_of((*TABLE, 2, 1), bytes.fromhex(octets)) == bytes.fromhex(octets)


@pytest.mark.parametrize("octets", ["800102", "07e80d1d0a0000ff", "c0000201"])
def test_other_octets_are_replaced(octets: str) -> None:
    """What may be a key, a month 13, an address."""
    assert value_of((*TABLE, 2, 1), bytes.fromhex(octets)) != bytes.fromhex(octets)


def test_vocabulary_stays_in_the_column_of_serials_too() -> None:
    """Else a recording would hold a serial where the device shows a word."""
    assert value_of((*ENTITY, 11, 1), b"FAN-TRAY") == b"FAN-TRAY"


@pytest.mark.parametrize(
    "text",
    ["to Jane Doe's office", "permit tcp any host", "KUNDE-4711", "Dvořák", "s3cr3t!", "+420 601 234 567", "2001"],
)
def test_other_words_are_replaced_by_words_of_the_same_shape(text: str) -> None:
    other = value_of((*TABLE, 2, 1), text.encode())
    assert len(other) == len(text.encode())
    assert [chr(octet) for octet in other if not chr(octet).isalnum()] == [c for c in text if not c.isalnum()]
    assert not {word for word in text.lower().split() if len(word) > 3} & set(other.decode().lower().split())


def test_a_word_is_the_same_word_everywhere_and_one_of_the_vendors_is_left() -> None:
    first, second, model, descr, known = masked(
        ((*TABLE, 2, 1), "octets", b"Prague uplink"),
        ((*TABLE, 3, 1), "octets", b"backup of PRAGUE"),
        ((*TABLE, 4, 1), "octets", b"JL660A rev 2"),
        ((*ENTITY, 13, 1), "octets", b"JL660A"),
        ((*KNOWN, 2, 1), "octets", b"Frobnicator for JL660A"),
    )
    assert isinstance(first.value, bytes)
    assert isinstance(second.value, bytes)
    assert second.value.split()[-1] == first.value.split()[0].upper()
    assert first.value.endswith(b" uplink")
    assert (model.value, descr.value) == (b"JL660A rev 2", b"JL660A")
    assert known.value == b"Frobnicator for JL660A", "a reader asked for it as a description"


def test_the_readers_word_for_a_column_shows_what_is_in_it() -> None:
    assert value_of((*KNOWN, 5, 1), b"FAN") != b"FAN", "an alias is an operator's, whatever he wrote"
    assert value_of((*KNOWN, 4, 1), b"Slot 12 Jane") == b"Slot 12 " + value_of((*TABLE, 2, 1), b"Jane")
    assert value_of((*KNOWN, 4, 1), b"MDA 1/1/1234") == b"MDA 1/1/1234"
    serial = value_of((*KNOWN, 3, 1), b"ABC1234567")
    assert serial != b"ABC1234567"


def test_a_serial_is_the_same_look_alike_in_every_form() -> None:
    serial = b"FOC1234X5Y6"
    told = masked(
        ((*ENTITY, 11, 1), "octets", serial),
        ((*TABLE, 2, 1), "octets", b"node-" + serial.lower() + b"-a"),
        ((*TABLE, 2, 2), "octets", b"SN" + serial + b"Z"),
        ((*ENTITY, 2, 1), "octets", serial.hex(" ").upper().encode()),
        ((*TABLE, 2, 3), "octets", b"\x01\x02" + serial + b"\xff\xfe"),
        ((*TABLE, 3, len(serial), *serial), "int", 1),
        ((*ENTITY, 11, 2), "octets", serial.hex(" ").encode()),
        ((*ENTITY, 11, 3), "octets", b'"' + serial + b'\n"'),
    )
    other, lower, inside, dump, binary, index, hexed, quoted = told
    look = other.value
    assert isinstance(look, bytes)
    assert isinstance(lower.value, bytes)
    assert look.lower() in lower.value
    assert look in inside.value  # type: ignore[operator]
    assert dump.value == look.hex(" ").upper().encode()
    assert look in binary.value  # type: ignore[operator]
    assert bytes(index.oid[-len(serial) :]) == look
    assert hexed.value == look.hex(" ").encode()
    assert quoted.value == b'"' + look + b'\n"'


def test_a_part_number_before_a_serial_stays_and_the_serial_is_the_one_that_is_alone() -> None:
    both, alone, _part = mask(
        [
            VarBind((*KNOWN, 3, 1), "octets", b"800462-00-04 1629A-40111"),
            VarBind((*ENTITY, 11, 1), "octets", b"1629A-40111"),
            VarBind((*ENTITY, 13, 1), "octets", b"800462-00-04"),
        ],
        ["1629A-40111"],
        columns=COLUMNS,
        parts=["800462-00-04"],
    ).varbinds
    assert isinstance(alone.value, bytes)
    assert alone.value != b"1629A-40111"
    assert both.value == b"800462-00-04 " + alone.value


def test_a_serial_that_is_a_number_is_the_same_as_text_and_as_integer() -> None:
    integer, text, elsewhere = masked(
        ((1, 3, 6, 1, 4, 1, 9, 3, 6, 11, 1, 4, 1), "int", 17539201),
        ((*ENTITY, 11, 1), "octets", b"17539201"),
        ((*TABLE, 2, 1), "gauge32", 17539201),
    )
    assert str(integer.value).encode() == text.value
    assert elsewhere.value == integer.value != 17539201
    assert 10**7 <= int(str(integer.value)) < 2**31


def test_a_serial_that_is_a_number_is_masked_in_an_index_too() -> None:
    column = (*KNOWN, 3)
    told = masked(
        ((*column, 99411), "int", 99411), ((*KNOWN, 2, 99411), "octets", b"Array"), ((*TABLE, 2, 99411, 1), "int", 5)
    )
    other = told[0].value
    assert other != 99411
    assert [varbind.oid for varbind in told] == [(*column, other), (*KNOWN, 2, other), (*TABLE, 2, other, 1)]


def test_a_part_number_within_a_serial_stays() -> None:
    ppid = [VarBind((*KNOWN, 3, 1), "octets", b"CN0GKK8W1797297S0123A00")]
    (told,) = mask(ppid, key=b"key", columns=COLUMNS, parts=["0GKK8W"]).varbinds
    assert isinstance(told.value, bytes)
    assert told.value[2:8] == b"0GKK8W"
    assert told.value[:2] != b"CN"
    assert told.value[8:] != ppid[0].value[8:]  # type: ignore[index]
    (told,) = mask(ppid, columns=COLUMNS, parts=["CN0GKK8W1797297S0123A00"]).varbinds
    assert b"0GKK8W" not in told.value, "a device that tells the serial as the part"  # type: ignore[operator]


@pytest.mark.parametrize("reason", [b"John Smith", b"00:1b:21:aa:bb:cc", b"\xc8\xd9\x01\xe2\xf3\x9a\xbc\xde"])
def test_what_is_rejected_is_rejected_for_the_same_reason_and_not_shown(reason: bytes) -> None:
    other = value_of((*ENTITY, 11, 1), reason)
    assert other != reason
    assert judge(reason).reason is not None
    assert judge(other).reason == judge(reason).reason


def test_addresses_are_replaced_in_every_form() -> None:
    v4, v6, mac = b"\x0a\x14\x1e\x28", ipaddress.IPv6Address("2a00:1450:4001::8").packed, b"\x00\x1b\x21\xaa\xbb\xcc"
    told = masked(
        ((*TABLE, 2, 1), "ip", v4),
        ((*TABLE, 3, 1), "octets", v4),
        ((*TABLE, 4, 1), "octets", v6),
        ((*TABLE, 5, 1), "octets", mac),
        ((*TABLE, 6, 1, 4, *v4), "int", 1),
        ((*TABLE, 6, 2, 16, *v6), "int", 1),
        ((*TABLE, 7, *v4), "int", 1),
        ((*TABLE, 8, *mac), "int", 1),
        ((*TABLE, 9, 6, *mac), "oid", (*TABLE, 7, *v4)),
        ((*ENTITY, 2, 1), "octets", b"mgmt 10.20.30.40, fe80::21b:21ff:feaa:bbcc, 001b.21aa.bbcc, jane@example.org"),
    )
    oids = [bytes(min(number, 255) for number in varbind.oid) for varbind in told]
    values = [varbind.value if isinstance(varbind.value, bytes) else b"" for varbind in told]
    for secret in (v4, v6, mac, mac[3:], b"10.20.30.40", b"fe80", b"jane", b"bbcc"):
        assert not [text for text in (*oids, *values) if secret in text]
    assert told[0].value == told[1].value, "one address is one address"
    assert tuple(told[0].value) == told[6].oid[-4:] == told[8].value[-4:]  # type: ignore[arg-type, index]
    assert told[3].value == bytes(told[7].oid[-6:])


def test_numbers_of_slots_and_ports_stay_in_an_index() -> None:
    told = masked(
        ((*TABLE, 2, 1, 2, 3), "int", 7),
        ((*TABLE, 3, 1, 2, 3), "int", 8),
        ((*TABLE, 2, 1, 2, 16777216), "int", 7),
        ((*TABLE, 3, 1, 2, 16777216), "int", 8),
        ((*TABLE, 2, 6, *b"sensor"), "int", 9),
    )
    assert [varbind.oid for varbind in told] == [
        (*TABLE, 2, 1, 2, 3), (*TABLE, 3, 1, 2, 3), (*TABLE, 2, 1, 2, 16777216), (*TABLE, 3, 1, 2, 16777216),
        (*TABLE, 2, 6, *b"sensor"),
    ]  # fmt: skip


def test_the_name_of_the_device_is_hidden_but_a_makers_name_is_not() -> None:
    name, descr, model, other = masked(
        ((*SYSTEM, 5, 0), "octets", b"r1.lab.example.org"),
        ((*SYSTEM, 1, 0), "octets", b"Linux R1 5.10 at edge7"),
        ((*ENTITY, 13, 1), "octets", b"VSP-8404C"),
        ((*TABLE, 2, 1), "octets", b"r1"),
        names=("edge7", "192.0.2.1"),
    )
    assert (name.value, descr.value, other.value) == (b"device", b"Linux device 5.10 at device", b"device")
    assert model.value == b"VSP-8404C"
    _name, model, _last = masked(
        ((*SYSTEM, 5, 0), "octets", b"VSP-8404C"), ((*ENTITY, 13, 1), "octets", b"VSP-8404C"), ((*TABLE, 1), "int", 1)
    )
    assert model.value == b"VSP-8404C"


def test_a_word_of_the_vendor_that_is_the_devices_name_is_not() -> None:
    descr, short, elsewhere, again, _name = masked(
        ((*SYSTEM, 1, 0), "octets", b"Linux fra 5.10 zz"),
        ((*KNOWN, 2, 1), "octets", b"Frobnicator of fra"),
        ((*TABLE, 2, 1), "octets", b"Frobnicator"),
        ((*TABLE, 2, 2), "octets", b"zz"),
        ((*SYSTEM, 5, 0), "octets", b"zz.fra"),
    )
    assert (descr.value, short.value) == (b"Linux example.net 5.10 zz", b"Frobnicator of example.net")
    assert elsewhere.value == b"Frobnicator"
    assert again.value != b"zz"


def test_different_serials_stay_different() -> None:
    serials = [b"%c%03d" % (65 + row % 26, row) for row in range(100, 900)]
    told = masked(*(((*ENTITY, 11, row), "octets", serial) for row, serial in enumerate(serials)))
    assert len({varbind.value for varbind in told}) == len(serials)


def _agent(varbinds: list[VarBind]) -> ReplayTransport:
    recording = Recording("test", {varbind.oid: varbind for varbind in varbinds})
    recording.oids = sorted(recording.varbinds)
    return ReplayTransport(recording)


def _rows(root: Oid, text: bytes = b"x", count: int = 200) -> list[VarBind]:
    return [VarBind((*root, 1, 1, row), "octets", text) for row in range(1, count)]


def test_tables_of_people_are_not_even_asked_for(tmp_path: Path) -> None:
    cisco = (1, 3, 6, 1, 4, 1, 9)
    cdp, syslog, vtp = ((*cisco, 9, number) for number in (23, 41, 46))
    varbinds = [VarBind((*SYSTEM, 1, 0), "octets", b"box"), VarBind((*cisco, 9, 13, 1, 0), "int", 1)]
    varbinds += [*_rows((*cisco, 9, 22)), *_rows(cdp, b"CDPTEXT"), *_rows(syslog), *_rows((*cisco, 9, 47), b"LAST")]
    agent = _agent(varbinds)
    record(agent, [cisco], tmp_path / "box.snmprec", masked=False)
    roots = {oid[:9] for oid in load_recording(tmp_path / "box.snmprec").oids}
    assert roots == {(*SYSTEM, 1, 0), *((*cisco, 9, number) for number in (13, 22, 47))}
    without = agent.requests
    fewer = _agent([varbind for varbind in varbinds if varbind.oid[:9] not in (cdp, syslog)])
    record(fewer, [cisco], tmp_path / "other.snmprec", masked=False)
    assert without <= fewer.requests + 4, "what is in the tables is not transferred"
    # A reader that asks for such a table gets it recorded: that table, and no other of its MIB.
    asked: dict[Oid, str] = {(*vtp, 1, 1, 2): "descr"}
    agent = _agent([*varbinds, *_rows((*vtp, 1)), *_rows((*vtp, 2))])
    record(agent, [cisco], tmp_path / "box.snmprec", masked=False, columns=asked)
    inside = {oid[:10] for oid in load_recording(tmp_path / "box.snmprec").oids if oid[:9] == vtp}
    assert inside == {(*vtp, 1)}


def test_an_agent_that_stays_in_a_table_it_should_leave_ends_the_walk(tmp_path: Path) -> None:
    cdp = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 1)

    class Stuck(ReplayTransport):
        def get_bulk(self, oids: Any, max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
            return self.get_next(oids)

        def get_next(self, oids: Any) -> list[VarBind]:
            return [VarBind(cdp, "int", 1)] if oids[0][:7] == cdp[:7] else super().get_next(oids)

    agent = Stuck(_agent([VarBind((*SYSTEM, 1, 0), "octets", b"box")])._recording)
    outcome = record(agent, [cdp[:7]], tmp_path / "box.snmprec")
    assert "do not increase" in outcome.incomplete[0]


def test_the_list_of_tables_has_no_table_within_another() -> None:
    inside = [oid for oid in NOT_RECORDED for other in NOT_RECORDED if oid != other and oid[: len(other)] == other]
    assert inside == []


@given(st.lists(st.binary(min_size=1, max_size=6)), st.binary(max_size=12))
def test_the_pattern_of_words_finds_the_longest_that_is_there(words: list[bytes], text: bytes) -> None:
    found = re.compile(trie(words)).match(text)
    longest = max((word for word in words if text.startswith(word)), key=len, default=None)
    assert (found[0] if found else None) == longest


# A box of which we know what is secret in it. Planted words are long, and no vocabulary: they must not come back by
# chance, not even as a part of another word.
_LETTERS = "bcdfghjkqvwxz"
secret_word = st.text(_LETTERS, min_size=4, max_size=8).map(lambda middle: f"qx{middle}zk")
secret_serial = st.tuples(
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=3, max_size=3), st.integers(10**6, 10**9 - 1)
).map(lambda pair: f"{pair[0]}{pair[1]}Q")
secret_address = st.tuples(st.integers(128, 220), *[st.integers(70, 210)] * 3).map(bytes)
secret_mac = (
    st.binary(min_size=3, max_size=3).filter(lambda half: min(half) > 127).map(lambda half: b"\x00\x1b\x21" + half)
)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[list[VarBind], dict[str, list[bytes]]]:
    """A box, and what must not be found in its masked recording: words, serials, octets."""
    words = [word.encode() for word in draw(st.lists(secret_word, min_size=4, max_size=6, unique=True))]
    serials = [serial.encode() for serial in draw(st.lists(secret_serial, min_size=2, max_size=4, unique=True))]
    address, mac = draw(secret_address), draw(secret_mac)
    dotted = ".".join(map(str, address)).encode()
    name = words[0]
    phrase = st.sampled_from(
        [
            *(*words, *serials, dotted, mac.hex(":").encode(), b"port %s up" % words[1], b"%s@%s" % (words[2], name)),
            *(b"SN:%s/%s" % (serials[0], words[3]), serials[0].lower(), serials[1].hex().encode(), b"to_" + words[1]),
        ]
    )  # fmt: skip
    index = st.sampled_from(
        [
            *((7,), tuple(address), (1, 4, *address), tuple(mac), (len(words[1]), *words[1]), tuple(words[2])),
            *((len(serials[0]), *serials[0]), (3, *address, 5)),
        ]
    )
    rows = {}
    for column in range(2, draw(st.integers(3, 6))):
        for place in draw(st.lists(index, min_size=1, max_size=5)):
            rows[(*TABLE, column, *place)] = VarBind((*TABLE, column, *place), "octets", draw(phrase))
    varbinds = [
        VarBind((*SYSTEM, 1, 0), "octets", b"Frob OS 7 on %s, SN %s" % (name, serials[0])),
        VarBind((*SYSTEM, 4, 0), "octets", words[1]),
        VarBind((*SYSTEM, 5, 0), "octets", name + b"." + words[2] + b".example"),
        VarBind((*SYSTEM, 6, 0), "octets", words[3]),
        *(VarBind((*ENTITY, 11, row), "octets", serial) for row, serial in enumerate(serials, 1)),
        VarBind((*ENTITY, 14, 1), "octets", words[3]),
        VarBind((*ENTITY, 2, 1), "octets", b"Chassis at " + dotted),
        VarBind((*KNOWN, 4, 1), "octets", draw(phrase)),
        VarBind((*KNOWN, 5, 1), "octets", draw(phrase)),
        VarBind((*TABLE, 20, 1), "ip", address),
        VarBind((*TABLE, 21, 1), "octets", mac),
        VarBind((*TABLE, 22, 1), "octets", address),
        VarBind((*TABLE, 23, 1), "oid", (*TABLE, 3, *address)),
        *rows.values(),
    ]
    return varbinds, {"texts": [*words, *serials, dotted, mac[3:].hex(":").encode()], "octets": [address, mac[3:]]}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(boxes())
def test_no_planted_secret_survives(box: tuple[list[VarBind], dict[str, list[bytes]]]) -> None:
    varbinds, secrets = box
    told = mask(varbinds, columns=COLUMNS).varbinds
    for varbind in told:
        oids = [varbind.oid, *([varbind.value] if isinstance(varbind.value, tuple) else [])]
        octets = [bytes(min(number, 255) for number in oid) for oid in oids]
        value = varbind.value if isinstance(varbind.value, bytes) else b""
        for secret in secrets["texts"]:
            hidden = (value.lower(), *(text.lower() for text in octets))
            assert not any(secret.lower() in text for text in hidden), (secret, varbind)
            assert secret.hex() not in value.decode("latin-1").lower()
        for secret in secrets["octets"]:
            assert not any(secret in text for text in (value, *octets)), (secret, varbind)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(boxes(), st.binary(max_size=40), st.sampled_from([2, 7, 10, 11, 12, 13, 14, 17]))
def test_masking_never_fails_and_keeps_every_variable(
    box: tuple[list[VarBind], dict[str, list[bytes]]], value: bytes, column: int
) -> None:
    varbinds = [*box[0], VarBind((*ENTITY, column, 99), "octets", value), VarBind((*TABLE, 30, 1), "opaque", value)]
    told = mask(varbinds, columns=COLUMNS).varbinds
    assert [varbind.kind for varbind in told] == [varbind.kind for varbind in varbinds]
    assert [type(varbind.value) for varbind in told] == [type(varbind.value) for varbind in varbinds]
    assert len({varbind.oid for varbind in told}) == len({varbind.oid for varbind in varbinds})

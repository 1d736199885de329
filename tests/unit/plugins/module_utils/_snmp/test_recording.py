# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings: what is read from a file, what a replay answers, what is written and what is masked."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import judge
from ansible_collections.invmon.network.plugins.module_utils._recordings.masking import mask
from ansible_collections.invmon.network.plugins.module_utils._recordings.recorder import record, write_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import RecordingError
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import PARTS, device

SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)
SERIAL = (*PARTS.entry, 11)
LINES = [
    "1.3.6.1.2.1.1.1.0|4|A box | with a bar",
    "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1",
    ".1.3.6.1.2.1.1.3.0|67|4711",
    "1.3.6.1.2.1.2.2.1.5.1|66|4294967295",
    "1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615",
    "1.3.6.1.2.1.4.20.1.1.192.0.2.1|64|192.0.2.1",
    "1.3.6.1.2.1.4.20.1.1.192.0.2.2|64x|c0000202",
    "1.3.6.1.2.1.47.1.1.1.1.11.1|4x|464f4300ff",
    "1.3.6.1.2.1.47.1.1.1.1.11.2|4xx|46 4F:43",
    "1.3.6.1.2.1.47.1.1.1.1.11.3|4x|123",
    "1.3.6.1.2.1.47.1.1.1.1.11.4|4e|tab\\t\\xff",
    "1.3.6.1.2.1.47.1.1.1.1.5.1|2|-1",
    "1.3.6.1.2.1.2.2.1.10.1|65:numeric|rate=3374,initial=641734,wrap=1",
    "1.3.6.1.2.1.1.5.0|4:writecache|value=box",
    "1.3.6.1.2.1.1.6.0|4x:writecache|hexvalue=6162",
    "1.3.6.1.2.1.1.7.0|5|",
]


def _write(path: Path, lines: list[str], end: str = "\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode("latin-1"))
    return path


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    recording = load_recording(_write(tmp_path / "box.snmprec", LINES))
    values = {varbind.oid: varbind[1:] for varbind in recording.varbinds.values()}
    assert recording.skipped == 0
    assert values[SYS_DESCR] == ("octets", b"A box | with a bar")
    assert values[(1, 3, 6, 1, 2, 1, 1, 2, 0)] == ("oid", (1, 3, 6, 1, 4, 1, 9, 1, 1))
    assert values[(1, 3, 6, 1, 2, 1, 1, 3, 0)] == ("ticks", 4711)
    assert values[(1, 3, 6, 1, 2, 1, 2, 2, 1, 5, 1)] == ("gauge32", 4294967295)
    assert values[(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1)] == ("counter64", 18446744073709551615)
    assert values[(1, 3, 6, 1, 2, 1, 4, 20, 1, 1, 192, 0, 2, 1)] == ("ip", b"\xc0\x00\x02\x01")
    assert values[(1, 3, 6, 1, 2, 1, 4, 20, 1, 1, 192, 0, 2, 2)] == ("ip", b"\xc0\x00\x02\x02")
    serials = [values[(*SERIAL, index)][1] for index in (1, 2, 3, 4)]
    assert serials == [b"FOC\x00\xff", b"FOC", b"\x01\x23", b"tab\t\xff"]
    assert values[(*PARTS.entry, 5, 1)] == ("int", -1)
    assert values[(1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 1)] == ("counter32", 641734)
    assert values[(1, 3, 6, 1, 2, 1, 1, 5, 0)] == ("octets", b"box")
    assert values[(1, 3, 6, 1, 2, 1, 1, 6, 0)] == ("octets", b"ab")
    assert values[(1, 3, 6, 1, 2, 1, 1, 7, 0)] == ("null", None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, bytes])
def test_compressed_recordings_are_read_whatever_their_name(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "box.snmprec"
    path.write_bytes(pack("\r\n".join(LINES).encode("latin-1")))  # type: ignore[operator]
    recording = load_recording(path)
    assert len(recording.oids) == len(LINES)
    assert recording.varbinds[SYS_DESCR].value == b"A box | with a bar", "a CR at the end of the line is no content"


def test_broken_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    junk = ["second line of a text", "1.3.6|2|twelve", "1.3.6.1|99|x", "|4|x", "1.3.6.1.2|4:subprocess|cmd", "", "\x85"]
    recording = load_recording(_write(tmp_path / "box.snmprec", [*LINES, *junk]))
    assert recording.skipped == 6
    assert len(recording.oids) == len(LINES)


def test_a_recording_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"letter\.txt is not a recording.* none of its 2 lines"):
        load_recording(_write(tmp_path / "letter.txt", ["Dear reader,", "hello"]))
    with pytest.raises(RecordingError, match=r"There is no file .*missing\.snmprec"):
        load_recording(tmp_path / "missing.snmprec")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_cut_recording_is_refused_not_taken_for_a_smaller_device(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "cut.snmprec.gz"
    path.write_bytes(pack("\n".join(LINES * 50).encode())[:-20])  # type: ignore[operator]
    with pytest.raises(RecordingError, match=r"cut\.snmprec\.gz is cut or damaged"):
        load_recording(path)


def test_a_replay_answers_as_an_agent_does(tmp_path: Path) -> None:
    agent = ReplayTransport(load_recording(_write(tmp_path / "box.snmprec", LINES)))
    kinds = [v.kind for v in agent.get([SYS_DESCR, (1, 3, 6, 1, 2, 1, 1, 1, 1), (1, 3, 6, 1, 9, 9, 0)])]
    assert kinds == ["octets", "noSuchInstance", "noSuchObject"]
    last = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 4)
    assert [v.kind for v in agent.get_next([(1, 3), last])] == ["octets", "endOfMib"]
    assert [v.kind for v in agent.get_bulk([last, (*last[:-1], 3)], 5)] == [
        "endOfMib",
        "octets",
        "endOfMib",
        "endOfMib",
    ]
    assert agent.requests == 3


def _replay(varbinds: list[VarBind], octets: int = 1400) -> ReplayTransport:
    recording = Recording("test", {varbind.oid: varbind for varbind in varbinds})
    recording.oids = sorted(recording.varbinds)
    return ReplayTransport(recording, octets)


def test_a_replay_cuts_its_replies_so_that_requests_count(tmp_path: Path) -> None:
    agent = _replay([VarBind((*SERIAL, row), "octets", b"x" * 80) for row in range(100)])
    assert len(agent.get_bulk([SERIAL], 100)) == 14, "98 octets each"


def test_what_is_written_is_read_back_octet_for_octet(tmp_path: Path) -> None:
    values = [bytes(range(256)), b"", b"text", b" padded ", b"a|b", b"new\nline", b"\r", "grün".encode(), b"\x85\x1c"]
    varbinds = [VarBind((*SERIAL, row), "octets", value) for row, value in enumerate(values)]
    varbinds += [
        VarBind((1, 3, 6, 2, 1), "ip", b"\xc0\x00\x02\x01"),
        VarBind((1, 3, 6, 2, 2), "ip", b""),
        VarBind((1, 3, 6, 2, 3), "opaque", b"\x9f\x78\x04"),
        VarBind((1, 3, 6, 2, 4), "oid", (1, 3, 6)),
        VarBind((1, 3, 6, 2, 5), "null", None),
        VarBind((1, 3, 6, 2, 6), "int", -5),
    ]
    write_recording(tmp_path / "box.snmprec.gz", varbinds)
    assert list(load_recording(tmp_path / "box.snmprec.gz").varbinds.values()) == varbinds
    assert (tmp_path / "box.snmprec.gz").stat().st_mode & 0o777 == 0o600


def test_a_recording_that_cannot_be_written_is_named_and_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file, not a folder")
    with pytest.raises(RecordingError, match=r"box/inner\.snmprec cannot be written"):
        write_recording(tmp_path / "box" / "inner.snmprec", [VarBind(SYS_DESCR, "octets", b"x")])


def test_a_recorded_device_reads_like_the_device(tmp_path: Path) -> None:
    vendor = (1, 3, 6, 1, 4, 1, 1, 0)
    live = _replay([VarBind(*varbind) for varbind in device()])
    outcome = record(live, [vendor], tmp_path / "box.snmprec", masked=False)
    assert outcome.incomplete == []
    again = ReplayTransport(load_recording(tmp_path / "box.snmprec"))
    names = list(PARTS.columns)
    assert Agent(again).columns(PARTS, names) == Agent(live).columns(PARTS, names)
    assert Agent(again).scalars({"vendor": vendor}) == {"vendor": b"behind"}


def test_a_recording_never_holds_a_community(tmp_path: Path) -> None:
    entlogical = (1, 3, 6, 1, 2, 1, 47, 1, 2, 1, 1, 4, 1)
    community_table = (1, 3, 6, 1, 6, 3, 18, 1, 1, 1, 2, 1)
    entlogical_type = (*entlogical[:-2], 3, 1)
    varbinds = [VarBind(oid, "octets", b"box") for oid in (SYS_DESCR, entlogical_type)]
    varbinds += [VarBind(oid, "octets", b"secret@1") for oid in (entlogical, community_table)]
    asked: dict[Oid, str] = {oid[:-1]: "descr" for oid in (entlogical, entlogical_type)}
    record(_replay(sorted(varbinds)), [(1, 3, 6, 1, 6)], tmp_path / "box.snmprec", masked=False, columns=asked)
    assert list(load_recording(tmp_path / "box.snmprec").varbinds) == [SYS_DESCR, entlogical_type]


def test_a_recording_names_the_interfaces_and_holds_all_of_entity_mib_whoever_asked(tmp_path: Path) -> None:
    mib_2 = (1, 3, 6, 1, 2, 1)
    if_descr, if_name, last_change = (2, 2, 1, 2, 1), (31, 1, 1, 1, 1, 1), (47, 1, 4, 1, 0)
    entity, alias_mapping, elsewhere = (47, 1, 1, 1, 1, 11, 1), (47, 1, 3, 2, 1, 2, 1, 0), (4, 20, 1, 1, 1)
    held = [(*mib_2, *oid) for oid in (if_descr, if_name, entity, alias_mapping, last_change)]
    varbinds = [VarBind(oid, "octets", b"FOC1234X5Y6") for oid in (SYS_DESCR, *held, (*mib_2, *elsewhere))]
    record(_replay(sorted(varbinds)), [], tmp_path / "box.snmprec", masked=False)
    assert list(load_recording(tmp_path / "box.snmprec").varbinds) == sorted([SYS_DESCR, *held])


def test_a_device_that_reports_nothing_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="returned nothing"):
        record(_replay([VarBind((1, 3, 6, 9, 1), "int", 1)]), [], tmp_path / "box.snmprec")
    assert list(tmp_path.iterdir()) == []


def _masked(*values: tuple[tuple[int, ...], str, object]) -> list[object]:
    return [v.value for v in mask([VarBind(oid, kind, value) for oid, kind, value in values], key=b"key").varbinds]  # type: ignore[arg-type]


DESCRIPTION = (*PARTS.entry, 2)


def test_a_masked_serial_has_its_shape_and_is_the_same_everywhere() -> None:
    serial, padded, text, longer = _masked(
        ((*SERIAL, 1), "octets", b"FOC1234a-0X9"),
        ((*SERIAL, 2), "octets", b"FOC1234a-0X9        "),
        ((*DESCRIPTION, 1), "octets", b'Card "FOC1234a-0X9", slot 1'),
        ((*DESCRIPTION, 2), "octets", b"FOC1234a-0X9999"),
    )
    assert isinstance(serial, bytes)
    assert serial != b"FOC1234a-0X9"
    assert [chr(c).isdigit() for c in serial] == [chr(c).isdigit() for c in b"FOC1234a-0X9"]
    assert [chr(c).isupper() for c in serial] == [chr(c).isupper() for c in b"FOC1234a-0X9"]
    assert padded == serial + b"        "
    assert text == b'Card "%b", slot 1' % serial
    assert longer == serial + b"999", "also where more is written behind it"


def test_masking_leaves_what_a_reader_must_learn_to_reject() -> None:
    words = [b"N/A", b"BUILTIN", b"Default", b"0000000000000000", b"", b"--", b"unknown"]
    assert _masked(*(((*SERIAL, row), "octets", word) for row, word in enumerate(words))) == words
    labelled, _bare = _masked(((*SERIAL, 1), "octets", b"S/N CAAG0822"), ((*SERIAL, 2), "octets", b"CAAG0822"))
    assert labelled == b"S/N " + _bare  # type: ignore[operator]


@pytest.mark.parametrize(
    "word", [b"Unspecified", b"to be filled by o.e.m.", b"V01.2", b"not present", b"<private>", b"0000:00:1d.0", b"A12"]
)
def test_what_is_no_serial_to_a_reader_is_none_in_a_masked_recording(word: bytes) -> None:
    assert judge(word).reason
    assert _masked(((*SERIAL, 1), "octets", word)) == [word]


def test_a_masked_serial_is_one_to_a_reader() -> None:
    # One letter more or less, and it would be a revision such as V12.345.
    values = [b"K12.345", b"B07.1", b"ZZ81"]
    for key in range(200):
        masked = mask(
            [VarBind((*SERIAL, row), "octets", value) for row, value in enumerate(values)], key=bytes([key])
        ).varbinds
        assert [v.value for v in masked if judge(v.value).reason] == []


def test_an_operators_words_are_masked_where_he_wrote_them_and_nowhere_else() -> None:
    alias, asset, uuid, model = _masked(
        ((*PARTS.entry, 14, 1), "octets", b"VSP-8404C"),
        ((*PARTS.entry, 15, 1), "octets", b"rack of Jane Doe"),
        ((*PARTS.entry, 19, 1), "octets", bytes(range(150, 166))),
        ((*PARTS.entry, 13, 1), "octets", b"VSP-8404C"),
    )
    assert alias != b"VSP-8404C"
    assert b"Jane" not in asset  # type: ignore[operator]
    assert uuid != bytes(range(150, 166))
    assert len(uuid) == 16  # type: ignore[arg-type]
    assert model == b"VSP-8404C", "the replay must read the model"


def test_the_name_of_the_host_is_masked_without_its_domain_too_but_a_factory_name_is_not() -> None:
    name = (1, 3, 6, 1, 2, 1, 1, 5, 0)
    told = _masked((name, "octets", b"core1.example.org"), (SYS_DESCR, "octets", b"Linux core1 5.10 (by example.org)"))
    assert told == [b"device", b"Linux device 5.10 (by example.net)"]
    assert _masked((name, "octets", b"Cisco"), (SYS_DESCR, "octets", b"Cisco IOS"))[1] == b"Cisco IOS"
    assert _masked((name, "octets", b"unknown"), ((*SERIAL, 1), "octets", b"unknown"))[1] == b"unknown"


def test_a_serial_in_an_index_is_masked_as_elsewhere(tmp_path: Path) -> None:
    column = (1, 3, 6, 1, 4, 1, 12356, 101, 24, 1, 1, 1, 4)
    serial = b"S108DVCY19000000"
    live = [VarBind((*SERIAL, 1), "octets", serial), VarBind((*column, 16, *serial), "octets", b"a switch")]
    record(_replay([*live, VarBind((*column, 16, *b"X108"), "int", 1)]), [column], tmp_path / "box.snmprec")
    masked = load_recording(tmp_path / "box.snmprec")
    lines = [tuple(map(int, line.split("|")[0].split("."))) for line in Path(masked.path).read_text().splitlines()]
    assert lines == sorted(lines), "snmpsim wants them in order"
    other = masked.varbinds[(*SERIAL, 1)].value
    assert other != serial
    assert (*column, 16, *other) in masked.varbinds  # type: ignore[misc]
    assert (*column, 16, *serial) not in masked.varbinds


@pytest.mark.parametrize("masked", [True, False])
def test_a_recording_holds_no_credential_that_a_vendor_lists(tmp_path: Path, masked: bool) -> None:
    vendor = (1, 3, 6, 1, 4, 1, 89, 83)
    varbinds = [
        VarBind(SYS_DESCR, "octets", b"box for letmein-like things"),
        VarBind((*vendor, 1), "octets", b"letmein"),
        VarBind((*vendor, 2, 7, *b"letmein"), "int", 1),
        VarBind((*vendor, 3), "int", 7),
    ]
    record(_replay(varbinds), [vendor], tmp_path / "box.snmprec", masked=masked, secrets=["letmein", "a", ""])
    found = load_recording(tmp_path / "box.snmprec").varbinds
    assert {oid: varbind.value for oid, varbind in found.items()} == {
        SYS_DESCR: b"box for ***-like things",
        (*vendor, 1): b"***",
        (*vendor, 3): 7,
    }


def test_a_serial_that_only_a_reader_recognised_is_masked_too() -> None:
    vendors = VarBind((1, 3, 6, 1, 4, 1, 99999, 7, 1), "octets", b"ZX81-1982")
    (masked,) = mask([vendors], ["ZX81-1982", ""]).varbinds
    assert masked.value != vendors.value
    assert len(masked.value) == len(b"ZX81-1982")  # type: ignore[arg-type]


def test_masking_takes_out_names_and_addresses() -> None:
    name, contact, location, ip, text, mac, binary, version = _masked(
        ((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"core1.example.net"),
        ((1, 3, 6, 1, 2, 1, 1, 4, 0), "octets", b"Jane Doe"),
        ((1, 3, 6, 1, 2, 1, 1, 6, 0), "octets", b"Cellar"),
        ((1, 3, 6, 1, 4, 1, 1, 1), "ip", b"\x0a\x01\x02\x03"),
        ((*DESCRIPTION, 1), "octets", b"core1.example.net at 10.1.2.3 and 2a00:1450::8 via 00:1b:21:aa:bb:cc"),
        ((*DESCRIPTION, 2), "octets", b"001b.21aa.bbcc"),
        ((*DESCRIPTION, 3), "octets", b"\x00\x1b\x21\xaa\xbb\xcc"),
        ((*PARTS.entry, 10, 1), "octets", b"31.7.1.4"),
    )
    assert (name, contact, location, version) == (b"device", b"", b"", b"31.7.1.4")
    assert isinstance(text, bytes)
    assert isinstance(ip, bytes)
    assert text.startswith(b"device at %b and 2001:db8::" % ".".join(map(str, ip)).encode())
    for secret in (b"core1", b"10.1.2.3", b"2a00", b"aa:bb:cc"):
        assert secret not in text
    assert mac != b"001b.21aa.bbcc"
    assert mac[:7] == b"001b.21"  # type: ignore[index]
    assert binary[:3] == b"\x00\x1b\x21"  # type: ignore[index]
    assert binary[3:] != b"\xaa\xbb\xcc"  # type: ignore[index]


def test_a_serial_that_is_a_number_keeps_its_digits() -> None:
    (masked,) = _masked(((1, 3, 6, 1, 4, 1, 9, 3, 6, 11, 1, 4, 1), "int", 17539201))
    assert masked != 17539201
    assert len(str(masked)) == 8


def test_two_recordings_of_one_device_cannot_be_matched() -> None:
    device_rows = [VarBind((*SERIAL, 1), "octets", b"FOC12345678")]
    assert mask(device_rows).varbinds != mask(device_rows).varbinds


def test_columns_of_a_replay_are_those_of_the_table(tmp_path: Path) -> None:
    table = Table("t", (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1), {"serial": 11})
    agent = Agent(ReplayTransport(load_recording(_write(tmp_path / "box.snmprec", LINES))))
    assert agent.columns(table, ["serial"])[(2,)] == {"serial": b"FOC"}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serials: what is printed on the label comes out, and nothing that is no label does."""

from __future__ import annotations

import re

import pytest
from ansible_collections.invmon.network.plugins.module_utils._parts.labels import decode, device_text
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import SerialRules, judge
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (b"FOC1842819V", "FOC1842819V"),
        (b"TED2534G0R6     ", "TED2534G0R6"),
        (b"G1806170288-2   ", "G1806170288-2"),
        (b"SOSB43L_WAU06", "SOSB43L_WAU06"),
        (b"528232353", "528232353"),
        (b"AB12/3.4", "AB12/3.4"),
        (b"JN11 F7072 AFA", "JN11 F7072 AFA"),
        (b'"FDO25310ZXV\n"', "FDO25310ZXV"),
        (b"'XY1234'", "XY1234"),
        (b"S/N CAAG0822", "CAAG0822"),
        (b"SN: 4711A", "4711A"),
        (b"Serial number: 4711A", "4711A"),
        (b"SN4711A", "SN4711A"),
        (b"SERIAL42", "SERIAL42"),
        (b"ABC123\x00\x00\x00\x00", "ABC123"),
        (b"A\x00B\x00C\x001\x00", "ABC1"),
        (b"ABC\xff123", "ABC123"),
        (b"\x02ABC123\x03", "ABC123"),
        (b"41 42 43 31 32 33 00 00", "ABC123"),
        (b"0x41424331", "ABC1"),
        # A buffer of 64 octets as net-snmp prints it: the first 16 as text, the rest in hex.
        (b"21980302203G1200\n34 32 36 30 00 00 00 00 00 00 00 00 00 00 00 00 ", "21980302203G12004260"),
        # Twelve hex digits may be what is printed on a box; only separators make an address of them.
        (b"F09FC2123456", "F09FC2123456"),
        (b"12 34 56 78", "12 34 56 78"),
        (b"1824-A1B2-C3D4", "1824-A1B2-C3D4"),
        ("Ä1234".encode(), "1234"),
        (b"XYZ-" + b"0123456789" * 6, "XYZ-" + "0123456789" * 6),
        (b"NONE4711", "NONE4711"),
        (b"DEFAULT1", "DEFAULT1"),
        (b"JPE00000000", "JPE00000000"),
        (b"BRGHXYZ", "BRGHXYZ"),
        (b"REVB01", "REVB01"),
        (b"BB93110001\0PART", "BB93110001"),
        (b"Serial No. FOC1234", "FOC1234"),
        (b"P/N 800-1234-01 S/N FOC1234X0AB", "FOC1234X0AB"),
        (b"VER12A", "VER12A"),
    ],
)
def test_a_label_comes_out_as_printed(raw: bytes, label: str) -> None:
    assert judge(raw) == (label, None)


@pytest.mark.parametrize(
    "raw", [b"", b"   ", b"\x00\x00\x00\x00", b'""', b'"\n"', None, "", b"\x00" * 16 + b"\n00 00 00 "]
)
def test_a_row_without_a_serial_is_not_reported_as_rejected(raw: bytes | str | None) -> None:
    assert judge(raw) == ("", None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        *(
            (word, "placeholder")
            for word in (b"N/A", b"n/a ", b"NA", b"None", b"Default", b"BUILTIN", b"UNKNOWN", b"--")
        ),
        *(
            (word, "placeholder")
            for word in (b"unsupported", b"Not Available", b"Serial Number", b"...", b"(none)", b".")
        ),
        (b"0000000000000000", "one character"),
        (b"XXXXXXXXX", "one character"),
        (b"00-00-00", "one character"),
        (b"0x00", "one character"),
        (b"<private>", "redacted"),
        (b"<removed>", "redacted"),
        (b"[REDACTED]", "redacted"),
        (b"********", "redacted"),
        (b"00:1B:21:AB:CD:EF", "MAC address"),
        (b"00-1b-21-ab-cd-ef", "MAC address"),
        (b"001b.21ab.cdef", "MAC address"),
        (b"00e0-fc12-3456", "MAC address"),
        (b"AEIOU##", "placeholder"),
        (b"NotAvailable", "placeholder"),
        (b"No-Serial Number", "placeholder"),
        (b"xhci-hcd.0.auto", "USB id"),
        (b"f10f8000.usb3", "USB id"),
        (b"dwc_otg", "USB id"),
        (b"192.0.2.1", "address"),
        (b"2016-06-30", "date"),
        ((1, 3, 6, 1, 4, 1, 9, 1, 1), "object identifier"),
        (b"\x00\x1b\x21\xaa\xbb\xcc", "MAC address"),
        (b"Simulator", "placeholder"),
        (b"Unknown-SN", "placeholder"),
        (b"Chassis", "text"),
        (b"Revision A", "board revision"),
        (b"NOT_AVAILABLE", "placeholder"),
        (b"HE2H81UJ47", "factory constant"),
        (b"0000:00:1d.0", "USB id"),
        (b"JAB092709EL", "factory constant"),
        (b"REV 04", "board revision"),
        (b"Rev: A1", "board revision"),
        (b"V1.02", "board revision"),
        (b"1.0", "board revision"),
        (b"M", "one character"),
        (b"A1", "too short"),
        (b"V01", "too short"),
        (b"\xff\xff\xff\xff", "not printable"),
        (b"\x01\x02AB12\x03\x04\x05\x06\x07", "not printable"),
        (b"Fan Tray", "text"),
    ],
)
def test_what_is_no_label_is_rejected_with_its_reason(raw: bytes, reason: str) -> None:
    assert judge(raw).reason == reason


@pytest.mark.parametrize(("number", "serial"), [(4279256518, "4279256518"), (11111111, "11111111"), (0, ""), (-1, "")])
def test_an_integer_serial_is_none_where_it_is_zero_or_negative(number: int, serial: str) -> None:
    assert judge(number) == (serial, None)


def test_a_user_can_accept_what_is_rejected_and_reject_what_is_not() -> None:
    rules = SerialRules(accept=["00:1b:21:ab:cd:ef", "/^0+7$/"], reject=["/spare/", "LAB-42", "0000007"])
    assert judge(b"00:1B:21:AB:CD:EF", rules).reason is None
    assert judge(b"00:1B:21:AB:CD:00", rules).reason == "MAC address"
    assert judge(b"lab-42", rules).reason == "rule"
    assert judge(b"LAB-421", rules).reason is None
    assert judge(b"MYSPARE1", rules).reason == "rule"
    assert judge(b"0000007", rules).reason is None, "what is accepted is not rejected"
    assert judge(b"", SerialRules(accept=["/^/"])) == ("", None)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("/[/", r"/\[/ is not a regular expression"),
        ("/^000", "does not end with one"),
        ("/^0{2", "does not end with one"),
        ("//", "is empty"),
        (" ", "is empty"),
        ("^ABC", "between slashes: /^ABC/"),
    ],
)
def test_a_rule_that_would_do_nothing_is_named(rule: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem) if "\\" not in problem else problem):
        SerialRules(reject=[rule])


def test_other_texts_keep_their_letters() -> None:
    assert device_text("Gerät  1\r\n".encode()) == "Gerät 1"
    assert device_text(b"caf\xe9") == "café"
    assert device_text((1, 3, 6)) == "1.3.6"


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80), st.integers(), st.none()))
def test_no_bytes_make_judging_fail_and_what_is_judged_good_is_plain(raw: bytes | str | int | None) -> None:
    serial, reason = judge(raw)
    assert isinstance(decode(raw), str)
    assert serial == serial.strip()
    assert serial.isprintable()
    assert reason is None or isinstance(reason, str)
    if serial and reason is None:
        assert serial.isascii()


@given(st.from_regex(r"[A-HJ-NP-Z]{3}[0-9]{4}[A-HJ-NP-Z0-9]{4}", fullmatch=True))
def test_a_serial_of_the_usual_shape_survives_padding_quotes_and_a_second_judgement(serial: str) -> None:
    if judge(serial).reason is None:
        assert judge(f'"{serial}   "\n\0\0') == (serial, None)
        assert judge(judge(serial).serial) == (serial, None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on a label, however an agent words, wraps or counts it; and what never stands on one."""

from __future__ import annotations

import string
from itertools import product

import pytest
from ansible_collections.invmon.network.plugins.module_utils._parts.kinds import Address, Counter, Opaque, Ticks
from ansible_collections.invmon.network.plugins.module_utils._parts.labels import (
    device_text,
    labelled_serial,
    model_text,
)
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import PLACEHOLDERS, judge
from hypothesis import given
from hypothesis import strategies as st

#: Of the usual shape, and none of the texts that are nobody's.
SERIALS = st.from_regex(r"[A-HJ-NP-RT-Z]{3}[0-9]{4}[A-HJ-NP-Z0-9]{4}", fullmatch=True).filter(
    lambda text: judge(text) == (text, None)
)
WORDS = (
    *("S/N", "s/n", "SN", "S.N", "Serial", "SERIAL", "Ser", "Serial No", "Serial No.", "SerialNo", "Ser. No."),
    *("Serial Number", "serial_number", "SerialNum", "Serial Nr", "Serial ID", "Seriennummer", "Serien-Nr"),
)
MARKS = (":", "#", "#:", ":#", "=", ".:", "::", " :", " - ", ": - ")
GAPS = ("", " ", "  ", "\t")


@pytest.mark.parametrize("before", ["", "Chassis ", "System board "])
def test_the_words_of_a_label_are_cut_off_with_all_their_marks(before: str) -> None:
    serial = "FOC1999X0AB"
    for word, mark, gap in product(WORDS, ("", *MARKS), GAPS):
        if mark or (gap and not before):
            assert judge(f"{before}{word}{mark}{gap}{serial}".encode()) == (serial, None), (word, mark, gap)


@given(SERIALS)
def test_a_serial_that_begins_like_a_label_is_left_whole(serial: str) -> None:
    for begin in ("SN", "SER", "S"):
        assert judge(begin + serial).serial == begin + serial


@given(SERIALS, st.sampled_from(["", ", Rev 2", "; HW: 1.0", " Rev: A"]))
def test_what_follows_on_the_label_is_no_part_of_the_serial(serial: str, behind: str) -> None:
    assert judge(f"Serial#: {serial}{behind}") == (serial, None)


@given(SERIALS, st.sampled_from(["\\x00", "\\0", "\\x00\\x00\\xff", "\\u0000", "\\n", "  ", ""]))
def test_the_literal_of_a_language_is_what_stands_in_it(serial: str, padding: str) -> None:
    for opened, closed in (
        *(("b'", "'"), ('b"', '"'), ("u'", "'"), ("rb'", "'"), ("bytearray(b'", "')"), ("['", "']"), ('("', '",)')),
        *(('Some("', '")'), ("b'", ""), ("'", "'"), ("", "")),
    ):
        if "\\x" in padding or "\\u" in padding or (opened and closed):
            text = f"{opened}{serial}{padding}{closed}"
            assert judge(text) == (serial, None), text
            assert device_text(text) == serial


def test_the_literal_of_nothing_is_no_serial_and_no_word_either() -> None:
    for text in ("b''", 'b""', "b'\\x00\\x00'", "['']", "bytearray(b'')", "\\x00\\x00"):
        assert judge(text.encode()) == ("", None), text


def test_literals_within_literals_have_an_end() -> None:
    assert "b'" in device_text("b'" * 50_000 + "'" * 50_000)
    assert judge("S/N: " * 50_000).serial


def test_other_texts_with_quotes_are_no_literals() -> None:
    texts = ["O'Brien", "R'n'B", "20'' rack", 'the "big" one', "b", "B'", "it's", "u' are here"]
    assert [device_text(text) for text in texts] == texts


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_a_placeholder_is_one_in_any_case_and_any_number(word: str, case: object) -> None:
    assert callable(case)
    for text in (case(word), f" {case(word)} ", f"({case(word)})"):
        assert judge(text).reason is not None, text
    # Said twice: NONENONE, N/AN/A. Of one letter or of a word with a digit it may be something else.
    if word.isalpha() and len(word) > 1:
        assert judge(case(word) * 2).reason is not None


def runs() -> st.SearchStrategy[str]:
    """Digits and letters in their order, or the other way round, from any beginning."""
    digits, letters = string.digits * 4, string.ascii_uppercase

    def cut(text: str) -> st.SearchStrategy[str]:
        return st.tuples(st.integers(0, len(text) - 6), st.integers(6, 20)).map(lambda p: text[p[0] :][: p[1]])

    return st.one_of(cut(digits), cut(digits[::-1]), cut(letters), cut(letters[::-1])).filter(lambda run: len(run) > 5)


@given(runs(), st.sampled_from(["", "SN", "Serial No: "]))
def test_characters_in_their_order_are_nobodys_serial(run: str, before: str) -> None:
    if not before or (run.isdigit() and (len(run) >= 8 or before != "SN")):
        assert judge(before + run).reason in ("placeholder", "factory constant")
        assert judge((before + run).lower()).reason in ("placeholder", "factory constant")
    if run.isdigit() and run[0] != "0" and len(run) > 6:
        assert judge(int(run)).reason == "placeholder"


@given(st.text(string.ascii_uppercase + string.digits, min_size=2, max_size=4), st.integers(4, 8))
def test_the_same_few_characters_again_and_again_are_nobodys_serial(unit: str, times: int) -> None:
    assert judge(unit * times).reason is not None


def test_the_placeholders_that_people_met_are_not_serials() -> None:
    for text in ("1234567890", "123456789", "12345678", "0987654321", "ABCDEFGH", "4279256517", "11223344"):
        assert judge(text.encode()).reason in ("placeholder", "factory constant"), text


def test_what_only_resembles_a_placeholder_is_a_serial() -> None:
    texts = ["123498765", "ABCDEGHI", "JPE00000000", "21023199", "ABC123", "1234", "13579", "10203040", "A1B2C3D4"]
    texts += ["SN000111", "000111"]
    assert {text: judge(text).reason for text in texts} == dict.fromkeys(texts)


MAC = st.lists(st.sampled_from([f"{octet:02x}" for octet in range(256)]), min_size=6, max_size=6)


@given(MAC, st.sampled_from([":", "-"]), st.sampled_from(["", "MAC ", "System MAC: ", "Base MAC Address = ", "ether "]))
def test_a_mac_address_is_one_whatever_its_label(octets: list[str], between: str, before: str) -> None:
    address = between.join(octets)
    for text in (before + address, (before + address).upper(), f"{before}{address} (eth0)"):
        assert judge(text).reason in ("MAC address", "one character", "redacted"), text
    if "MAC" in before:
        assert judge(before + "".join(octets)).reason == "MAC address"


def test_a_hex_word_a_date_and_a_time_are_no_serials() -> None:
    reasons = {
        **dict.fromkeys(("0x0000017c 2019:44", "0x0000017c", "0x1A 0x2B 12"), "hex word"),
        **dict.fromkeys(("2019:44", "30.06.2016", "06/30/2016", "30-Jun-2016"), "date"),
        **dict.fromkeys(("12 days, 3:04:05.00", "(8712345) 1 day, 0:12:03.45", "3:04:05"), "time"),
    }
    assert {text: judge(text.encode()).reason for text in reasons} == reasons


@given(st.integers(1, 2**32 - 1), st.binary(min_size=4, max_size=4))
def test_a_value_of_a_type_that_no_serial_has_is_not_a_serial(number: int, octets: bytes) -> None:
    assert judge(Ticks(number)).reason == "time"
    assert judge(Counter(number)).reason == "counter"
    assert judge(Opaque(b"\x9f\x78\x04" + octets)).reason == "not printable"
    assert judge((1, 3, 6, number)).reason == "object identifier"
    if any(octets):
        assert judge(Address(octets)) == (".".join(str(octet) for octet in octets), "address")


def test_a_sentence_contains_a_serial_only_behind_a_label() -> None:
    serials = {
        "3640 chassis, Hw Serial#: 31899974, Hw Revision: 0x00": "31899974",
        "D-LINK DGS-F3008P-4S HW V1 Firmware V5.2 SerialNo H3008P299400085, L2 Ethernet": "H3008P299400085",
        "GS-24 V1.0 (SN: AB12-34/5).": "AB12-34/5",
        "Some box S/N XY1234.": "XY1234",
        "Router SN XY12345, build 7": "XY12345",
        "Dual serial WAN 2T": None,
        "4 port serial 8A interface": None,
        "Serial no noise 12345": None,
        "Serial Number: N/A": None,
        "USN: AB1234": None,
        "SN1234 firmware": None,
        "ACME SN 2700 switch": None,
    }
    assert {sentence: labelled_serial(sentence) for sentence in serials} == serials


def test_a_model_that_is_the_hex_of_hex_is_decoded_or_none() -> None:
    twice = b"POL540".hex().encode().hex()
    assert model_text(twice) == "POL540"
    assert model_text(b"\0\xff\0\xff".hex().encode().hex()) is None
    assert model_text("353035303530") is None
    assert model_text("JL660A") == "JL660A"
    assert model_text("740054050001") == "740054050001"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Display hints, as RFC 2579 describes them in section 3.1."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib.hints import integer_text, octets_of, octets_text
from hypothesis import given
from hypothesis import strategies as st

DATE_AND_TIME = "2d-1d-1d,1d:1d:1d.1d,1a1d:1d"


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (1234, "d", "1234"),
        # The example of RFC 2579: "d-2", a value of 1234 is 12.34.
        (1234, "d-2", "12.34"),
        (5, "d-2", "0.05"),
        (-5, "d-2", "-0.05"),
        (-1234, "d-1", "-123.4"),
        (255, "x", "ff"),
        (8, "o", "10"),
        (5, "b", "101"),
        (5, "255a", None),
        (5, "", None),
        (5, "d-x", None),
    ],
)
def test_a_number_is_written_as_its_hint_says(value: int, hint: str, text: str | None) -> None:
    assert integer_text(value, hint) == text


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (b"\x00\x1b\x21\x0a\x0b\x0c", "1x:", "00:1b:21:0a:0b:0c"),
        (b"text", "255a", "text"),
        ("Žižkov".encode(), "255t", "Žižkov"),
        # The example of RFC 2579 for DateAndTime: Tuesday May 26, 1992 at 1:30:15 PM EDT.
        (bytes.fromhex("07c8051a0d1e0f002d0400"), DATE_AND_TIME, "1992-5-26,13:30:15.0,-4:0"),
        (bytes.fromhex("07c8051a0d1e0f00"), DATE_AND_TIME, "1992-5-26,13:30:15.0"),
        (b"\x7f\x00\x00\x01", "1d.1d.1d.1d", "127.0.0.1"),
        (b"\x7f\x00\x00\x01\x00\x00\x00\x05", "1d.1d.1d.1d%4d", "127.0.0.1%5"),
        (
            bytes.fromhex("20010db8000000000000000000000001"),
            "2x:2x:2x:2x:2x:2x:2x:2x",
            "2001:0db8:0000:0000:0000:0000:0000:0001",
        ),
        # A repeated part: "an octet string that begins with the number of repetitions".
        (b"\x02ab\x01c", "*1a:;1d", "a:b;1" + "99"),
        (b"\x04\x0a", "1o", "412"),
        # The last part serves for what remains.
        (b"\x01\x02\x03\x04", "1d,2x", "1,02030" + "4"),
        (b"", "1x:", ""),
        # Not as the hint wants it: no text, or no hint at all.
        (b"\xff\xfe", "255a", None),
        (b"\xff\xfe", "255t", None),
        (b"ab", "what", None),
        (b"ab", "0a", None),
    ],
)
def test_octets_are_written_as_their_hint_says(value: bytes, hint: str, text: str | None) -> None:
    assert octets_text(value, hint) == text


@given(st.binary(max_size=300), st.text(alphabet="*0123456789xdoat:.-,%", max_size=12))
def test_no_hint_and_no_octets_break_it(value: bytes, hint: str) -> None:
    assert octets_text(value, hint) is None or octets_text(value, hint) is not None


@given(st.binary(min_size=1, max_size=40))
def test_what_is_written_can_be_read_back(value: bytes) -> None:
    for hint in ("1x:", "1d.", "2x:"):
        if hint[0] == "1" or len(value) % 2 == 0:
            assert octets_of(octets_text(value, hint) or "", hint) == value


@given(st.text(max_size=40))
def test_text_is_read_as_its_octets(text: str) -> None:
    wanted = text.encode("utf-8", "surrogatepass") if not any("\ud800" <= c <= "\udfff" for c in text) else None
    assert octets_of(text, "255t") == wanted
    assert octets_of(text, "255a") == (text.encode() if text.isascii() else None)


@pytest.mark.parametrize("text", ["zz:00", "300.1.1.1", "1..2", "00:1b:21:"])
def test_a_text_that_the_hint_does_not_write_is_no_octets(text: str) -> None:
    assert octets_of(text, "1d." if "." in text else "1x:") is None

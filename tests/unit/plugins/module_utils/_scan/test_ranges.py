# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of ranges are sets of addresses, however they were made."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.ranges import Range, RangeSet, parse_range
from hypothesis import given
from hypothesis import strategies as st

LAST = 40
ENDS = st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(lambda ends: Range(4, min(ends), max(ends)))
STEPS = st.lists(st.tuples(st.booleans(), ENDS), max_size=25)


def numbers(ranges: object) -> list[int]:
    return [number for one in ranges for number in range(one.first, one.last + 1)]  # type: ignore[attr-defined]


@given(STEPS, ENDS)
def test_it_holds_what_was_added_and_not_removed(steps: list[tuple[bool, Range]], whole: Range) -> None:
    found, expected = RangeSet(), set[int]()
    for adds, one in steps:
        (found.add if adds else found.remove)(one)
        (expected.update if adds else expected.difference_update)(range(one.first, one.last + 1))
    assert numbers(found) == sorted(expected)
    assert found.size == len(expected)
    inside = set(range(whole.first, whole.last + 1))
    assert numbers(found.within(whole)) == sorted(expected & inside)
    assert numbers(found.without(whole)) == sorted(inside - expected)
    assert {number for number in range(LAST + 1) if found.covers(4, number)} == expected


def test_a_sweep_in_order_is_one_range() -> None:
    done = RangeSet()
    for number in (3, 1, 2, 5, 4):
        done.add(Range(4, number, number))
    assert [str(one) for one in done] == ["0.0.0.1-0.0.0.5"]
    done.add(parse_range("2001:db8::1"))
    assert [str(one) for one in done] == ["0.0.0.1-0.0.0.5", "2001:db8::1"]


@pytest.mark.parametrize(
    ("text", "written", "size"),
    [
        ("192.0.2.0/30", "192.0.2.0-192.0.2.3", 4),
        (" 192.0.2.7 ", "192.0.2.7", 1),
        ("192.0.2.7 - 192.0.2.9", "192.0.2.7-192.0.2.9", 3),
        ("2001:DB8:0::/126", "2001:db8::-2001:db8::3", 4),
    ],
)
def test_a_target_is_a_range(text: str, written: str, size: int) -> None:
    assert (str(parse_range(text)), parse_range(text).size) == (written, size)


@pytest.mark.parametrize(
    "text", ["", "192.0.2.1/24", "192.0.2.9-192.0.2.1", "192.0.2.1-2001:db8::1", "fe80::1%eth0", "x", "1.2.3", "1-2-3"]
)
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_range(text)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences in pieces."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.pieces import shares
from hypothesis import given
from hypothesis import strategies as some


@given(some.integers(0, 2000), some.integers(1, 100), some.integers(1, 16), some.integers(1, 50))
def test_shares_hold_all_values_and_are_of_nearly_one_size(count: int, most: int, ways: int, least: int) -> None:
    pieces = list(shares(range(count), most, ways, least))
    assert [value for piece in pieces for value in piece] == list(range(count))
    sizes = {len(piece) for piece in pieces}
    assert not sizes or (max(sizes) <= most and max(sizes) - min(sizes) <= 1 and min(sizes) > 0)


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (5, [5]), (19, [19]), (20, [10, 10]), (60, [15] * 4), (300, [37, 38] * 4), (6000, [50] * 120)],
)
def test_as_many_pieces_as_connections_unless_these_would_be_small(count: int, sizes: list[int]) -> None:
    assert sorted(len(piece) for piece in shares(range(count), 50, 4)) == sorted(sizes)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges of IP addresses, and sets of them, as numbers: a /16 takes no more memory than one address."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


class Range(NamedTuple):
    """All addresses of one version from first to last, as numbers; sorts IPv4 before IPv6, then by address."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        """FIRST-LAST; of one address the address."""
        first = text_of(self.version, self.first)
        return first if self.first == self.last else f"{first}-{text_of(self.version, self.last)}"

    def holds(self, other: Range) -> bool:
        return self.version == other.version and self.first <= other.first and other.last <= self.last


def text_of(version: int, number: int) -> str:
    """The address with this number, as text in its usual form."""
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))


def parse_range(text: str) -> Range:
    """The range that a CIDR, FIRST-LAST or an address names. Raises ValueError, whose text is the reason."""
    text = text.strip()
    if "%" in text:
        raise ValueError("an address with a zone (%) cannot be scanned")
    first, dash, last = text.partition("-")
    if dash:
        begin, end = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        if begin.version != end.version:
            raise ValueError("one of its ends is IPv4, the other IPv6")
        if int(begin) > int(end):
            raise ValueError("its first address comes after its last")
        return Range(begin.version, int(begin), int(end))
    network = ipaddress.ip_network(text)
    return Range(network.version, int(network.network_address), int(network.broadcast_address))


class RangeSet:
    """A set of addresses of both versions. Ranges that touch are one, so that a sweep in order stays a single range."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._first: dict[int, list[int]] = {4: [], 6: []}
        self._last: dict[int, list[int]] = {4: [], 6: []}
        for one in ranges:
            self.add(one)

    def add(self, new: Range) -> None:
        firsts, lasts = self._first[new.version], self._last[new.version]
        # Of all that touch it: those that end right before it, or later, and begin right after it, or earlier.
        begin, end = bisect_left(lasts, new.first - 1), bisect_right(firsts, new.last + 1)
        first, last = new.first, new.last
        if begin < end:
            first, last = min(first, firsts[begin]), max(last, lasts[end - 1])
        firsts[begin:end], lasts[begin:end] = [first], [last]

    def remove(self, old: Range) -> None:
        firsts, lasts = self._first[old.version], self._last[old.version]
        begin, end = bisect_left(lasts, old.first), bisect_right(firsts, old.last)
        if begin >= end:
            return
        rest = [(firsts[begin], old.first - 1), (old.last + 1, lasts[end - 1])]
        kept = [(first, last) for first, last in rest if first <= last]
        firsts[begin:end], lasts[begin:end] = [one[0] for one in kept], [one[1] for one in kept]

    def covers(self, version: int, number: int) -> bool:
        """Whether the address with this number is in it."""
        at = bisect_left(self._last[version], number)
        return at < len(self._first[version]) and self._first[version][at] <= number

    def within(self, whole: Range) -> Iterator[Range]:
        """What of a range is in the set, in order."""
        firsts, lasts = self._first[whole.version], self._last[whole.version]
        for at in range(bisect_left(lasts, whole.first), bisect_right(firsts, whole.last)):
            yield Range(whole.version, max(firsts[at], whole.first), min(lasts[at], whole.last))

    def without(self, whole: Range) -> Iterator[Range]:
        """What of a range is not in the set, in order."""
        first = whole.first
        for one in self.within(whole):
            if first < one.first:
                yield Range(whole.version, first, one.first - 1)
            first = one.last + 1
        if first <= whole.last:
            yield Range(whole.version, first, whole.last)

    def __iter__(self) -> Iterator[Range]:
        for version in (4, 6):
            for first, last in zip(self._first[version], self._last[version], strict=True):
                yield Range(version, first, last)

    def __len__(self) -> int:
        """How many ranges it takes."""
        return len(self._first[4]) + len(self._first[6])

    @property
    def size(self) -> int:
        """How many addresses are in it."""
        return sum(one.size for one in self)

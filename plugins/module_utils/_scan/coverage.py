# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses each source asked, as ranges: what remains of the silent ones, and what is left for another run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .host import Network
from .ranges import Range, RangeSet, parse_range
from .targets import Targets


class Coverage:
    """What was asked in a scan."""

    def __init__(self) -> None:
        self._by: dict[str, RangeSet] = {}
        self._done = RangeSet()
        #: By the scan that this one resumes: addresses that were asked, and packets into each network.
        self.asked_before, self._packets_before = 0, Counter[str]()

    def add(self, address: str, sources: Iterable[str]) -> None:
        """An address was asked by these sources, and no other is to ask it."""
        one = parse_range(address)
        self._done.add(one)
        for source in sources:
            self._by.setdefault(source, RangeSet()).add(one)

    def add_table(self, source: str, parts: Iterable[Range]) -> None:
        """A table that lists every host of these ranges was read completely."""
        for part in parts:
            self._by.setdefault(source, RangeSet()).add(part)

    def resume(self, networks: Iterable[Network]) -> None:
        """Add what an earlier scan asked."""
        for network in networks:
            self._packets_before[network.network] += network.packets
            for one in done_in(network):
                self._done.add(one)
            for source, ranges in network.asked.items():
                for text in ranges:
                    self._by.setdefault(source, RangeSet()).add(parse_range(text))
        self.asked_before = self._done.size

    @property
    def asked(self) -> int:
        """How many addresses are done."""
        return self._done.size

    def of(self, targets: Targets, packets: Mapping[str, int]) -> list[Network]:
        """The networks with what was asked of each, and was not.

        packets: how many were sent into each, by its name.
        """
        found = []
        for number, network in enumerate(targets.networks):
            # Of a large IPv6 network addresses are asked that only a table had.
            spans = targets.spans_of(number)
            asked = {source: _texts(spans, ranges) for source, ranges in self._by.items()}
            left = tuple(str(rest) for part in targets.parts_of(number) for rest in self._done.without(part))
            asked = {source: ranges for source, ranges in asked.items() if ranges}
            sent = packets.get(network.network, 0) + self._packets_before[network.network]
            found.append(replace(network, asked=asked, not_asked=left, packets=sent))
        return found


def done_in(network: Network) -> RangeSet:
    """What of a network needs not be asked again by a scan that resumes this one."""
    done = RangeSet(parse_range(text) for ranges in network.asked.values() for text in ranges)
    for text in network.not_asked:
        done.remove(parse_range(text))
    return done


def _texts(parts: Iterable[Range], ranges: RangeSet) -> tuple[str, ...]:
    return tuple(str(one) for part in parts for one in ranges.within(part))

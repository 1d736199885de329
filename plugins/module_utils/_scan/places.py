# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an address is: the narrowest network that contains it, the block that is judged as one, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .host import Network
from .ranges import Range, RangeSet, parse_range

#: So many IPv4 addresses (a /24) are judged as one: whether all of them answer alike.
_BLOCK = 256


class Block(NamedTuple):
    """A network, but at most a /24 of it."""

    network: str  #: its name; empty for addresses that are in no network
    span: Range

    @property
    def room(self) -> int:
        """How many hosts it has room for, but for the addresses of an IPv4 network that no host has."""
        return self.span.size - 2 if self.span.version == 4 else self.span.size


class Places:
    """Networks, asked for the narrowest that contains an address: one look-up for each size that they have."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._prefixes: dict[Range, Network] = {}
        self._ranges: list[tuple[Range, Network]] = []
        self._asked: dict[tuple[str, str], RangeSet] = {}
        for network in networks:
            span = parse_range(network.network)
            if "/" in network.network:
                self._prefixes.setdefault(span, network)
            else:
                self._ranges.append((span, network))
            for source, texts in network.asked.items():
                self._asked[network.network, source] = RangeSet(map(parse_range, texts))
        self._sizes = sorted({(span.version, span.size) for span in self._prefixes})
        self._ranges.sort(key=lambda one: one[0].size)

    def of(self, address: str) -> Network | None:
        """The narrowest network that contains an address; of two alike, the one that was given first."""
        return self._narrowest(parse_range(address))[1]

    def block(self, address: str) -> Block:
        """The block of an address."""
        one = parse_range(address)
        span, network = self._narrowest(one)
        if one.version == 4:
            around = _aligned(one, _BLOCK)
            span = Range(4, max(span.first, around.first), min(span.last, around.last))
        return Block(network.network if network else "", span)

    def asked(self, block: Block, source: str) -> int:
        """How many addresses of a block a source asked, by what is noted of its network."""
        asked = self._asked.get((block.network, source))
        return sum(one.size for one in asked.within(block.span)) if asked else 0

    def _narrowest(self, one: Range) -> tuple[Range, Network | None]:
        """That network and its span; without one a span of the size of a block."""
        found = next(((span, network) for span, network in self._ranges if span.holds(one)), None)
        for version, size in self._sizes:
            span = _aligned(one, size)
            network = self._prefixes.get(span) if version == one.version else None
            if network is not None and (found is None or size < found[0].size):
                return span, network
        return found or (_aligned(one, _BLOCK), None)


def _aligned(one: Range, size: int) -> Range:
    """The prefix of so many addresses that contains an address."""
    first = one.first // size * size
    return Range(one.version, first, first + size - 1)

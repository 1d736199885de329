# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an address is: its place in the order of addresses, and the narrowest network that contains it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

from .host import Network

#: So many IPv4 addresses (a /24) are judged as one: whether all of them answer alike.
_BLOCK = 256


def order(address: str) -> tuple[int, int]:
    """The key by which addresses are sorted: IPv4 first, then by value. Raises ValueError."""
    parsed = ipaddress.ip_address(address)
    return (parsed.version, int(parsed))


class Places:
    """Networks, asked for the narrowest that contains an address: one look-up for each length of prefix."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._prefixes: dict[tuple[int, int, int], Network] = {}  #: (version, bits behind the prefix, prefix)
        self._ranges: list[_Range] = []
        for network in networks:
            first, dash, last = network.network.partition("-")
            if dash:
                (version, start), (_version, end) = order(first.strip()), order(last.strip())
                self._ranges.append(_Range(version, start, end, network))
            else:
                parsed = ipaddress.ip_network(first, strict=False)
                behind = parsed.max_prefixlen - parsed.prefixlen
                self._prefixes.setdefault((parsed.version, behind, int(parsed.network_address) >> behind), network)
        self._lengths = sorted({(version, behind) for version, behind, _prefix in self._prefixes})
        self._ranges.sort(key=lambda one: one.size)

    def of(self, address: str) -> Network | None:
        """The narrowest network that contains an address; of two alike, the one that was given first."""
        return self._narrowest(address)[0]

    def block(self, address: str) -> tuple[str, int, int]:
        """The block of an address: its network, but at most a /24 of IPv4. With the number of hosts it has room for."""
        version, value = order(address)
        network, size = self._narrowest(address)
        name = network.network if network else ""
        if version == 6:
            return (name, 0, size)
        return (name, value // _BLOCK, min(size, _BLOCK) - 2)

    def _narrowest(self, address: str) -> tuple[Network | None, int]:
        """That network, and how many addresses it has; an address that is in none counts as in a block of its own."""
        version, value = order(address)
        found: list[tuple[int, Network]] = []
        for one in self._ranges:
            if one.version == version and one.first <= value <= one.last:
                found.append((one.size, one.network))
                break
        for kind, behind in self._lengths:
            network = self._prefixes.get((kind, behind, value >> behind)) if kind == version else None
            if network is not None:
                found.append((1 << behind, network))
                break
        size, narrowest = min(found, key=lambda one: one[0], default=(_BLOCK, None))
        return narrowest, size


class _Range(NamedTuple):
    version: int
    first: int
    last: int
    network: Network

    @property
    def size(self) -> int:
        return self.last - self.first + 1

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan asked to the end: only there does silence mean anything."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

from .._scan.finding import FAILED, NOT_ASKED
from .._scan.host import Host, Network, Scan

#: (version of IP, first, last)
Range = tuple[int, int, int]
#: The same address is another host in another VRF.
Scope = str


class Coverage:
    """Which addresses a scan asked, and with which source."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        unusable = {use.source for use in scan.sources if not use.used}
        self.networks = {one.network: one for one in scan.networks}
        targets: dict[Scope, list[Range]] = defaultdict(list)
        asked: dict[tuple[Scope, str], list[Range]] = defaultdict(list)
        for network in scan.networks:
            scope = scope_of(network)
            targets[scope] += ranges((network.network,))
            for source, some in network.asked.items():
                if source not in unusable:
                    asked[scope, source] += ranges(some)
        self._targets = {scope: _Ranges(some) for scope, some in targets.items()}
        self._asked = {key: _Ranges(some) for key, some in asked.items()}
        self._trouble = _trouble(scan.hosts, self.networks)
        self._whole: dict[tuple[str, str], bool] = {}

    def is_target(self, scope: Scope, address: str) -> bool:
        """Whether the address is in a network that was to be scanned."""
        found = self._targets.get(scope)
        return found is not None and found.holds(number(address))

    def asked(self, scope: Scope, address: str, source: str) -> bool:
        """Whether the source asked the address to the end. One that failed, or that a deadline cut off, did not."""
        found = self._asked.get((scope, source))
        return found is not None and (scope, address, source) not in self._trouble and found.holds(number(address))

    def asked_by_any(self, scope: Scope, address: str) -> bool:
        return any(where == scope and self.asked(scope, address, source) for where, source in self._asked)

    def asked_all_of(self, network: str, source: str) -> bool:
        """Whether the source asked every address of a network to the end."""
        key = (network, source)
        if key not in self._whole:
            self._whole[key] = self._asks_all_of(network, source)
        return self._whole[key]

    def _asks_all_of(self, network: str, source: str) -> bool:
        target = self.networks.get(network)
        scope, in_it = scope_of(target), ranges((network,))
        found = self._asked.get((scope, source))
        if target is None or found is None or not in_it or not all(found.holds(one, one[2]) for one in in_it):
            return False
        troubled = (address for where, address, what in self._trouble if where == scope and what == source)
        return not any(_in(address, in_it) for address in troubled)


def scope_of(network: Network | None) -> Scope:
    """What distinguishes equal addresses: the VRF of their network."""
    if network is None:
        return ""
    return network.vrf or (str(network.vrf_id) if network.vrf_id is not None else "")


@lru_cache(maxsize=65536)
def number(address: str) -> Range:
    """An address as a range of one."""
    found = ip_address(address)
    return (found.version, int(found), int(found))


def ranges(texts: Iterable[str]) -> list[Range]:
    """CIDRs, FIRST-LAST and addresses as numbers. What is none of these covers nothing."""
    found = []
    for text in texts:
        try:
            if "-" in text:
                first, last = (number(part.strip()) for part in text.split("-", 1))
                found.append((first[0], first[1], last[2]))
            else:
                network = ip_network(text, strict=False)
                found.append((network.version, int(network[0]), int(network[-1])))
        except ValueError:
            continue
    return found


def _in(address: str, some: Iterable[Range]) -> bool:
    version, first, _last = number(address)
    return any(one[0] == version and one[1] <= first <= one[2] for one in some)


def _trouble(hosts: Iterable[Host], networks: dict[str, Network]) -> set[tuple[Scope, str, str]]:
    """(scope, address, source) of which the evidence says that the source could not be used, or did not ask."""
    return {
        (scope_of(networks.get(host.network)), evidence.address or host.ip, evidence.source)
        for host in hosts
        for evidence in host.sources
        if evidence.result in (FAILED, NOT_ASKED)
    }


class _Ranges:
    """Ranges of addresses in order, those that touch each other joined."""

    def __init__(self, some: Iterable[Range]) -> None:
        self._ranges: list[Range] = []
        for version, first, last in sorted(some):
            before = self._ranges[-1] if self._ranges else None
            if before and before[0] == version and first <= before[2] + 1:
                self._ranges[-1] = (version, before[1], max(before[2], last))
            elif first <= last:
                self._ranges.append((version, first, last))

    def holds(self, one: Range, last: int | None = None) -> bool:
        """Whether an address, or all from it to the last one, are in one of the ranges."""
        place = bisect_right(self._ranges, (one[0], one[1], 1 << 129)) - 1
        if place < 0:
            return False
        version, begin, end = self._ranges[place]
        return version == one[0] and begin <= one[1] and (one[1] if last is None else last) <= end

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan asked to the end, out of its record: only there does silence mean anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import ip_address

from .._scan.finding import FAILED, NOT_ASKED
from .._scan.host import Host, Network, Scan
from .._scan.ranges import Range, RangeSet, parse_range

#: The same address is another host in another VRF.
Scope = str


class Asked:
    """Which addresses a scan asked, and with which source."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.networks = {one.network: one for one in scan.networks}
        self._unusable = {use.source for use in scan.sources if not use.used}
        self._targets: dict[Scope, RangeSet] = defaultdict(RangeSet)
        self._by: dict[tuple[Scope, str], RangeSet] = defaultdict(RangeSet)
        for network in scan.networks:
            scope = scope_of(network)
            for one in _targets_of(network):
                self._targets[scope].add(one)
            for source, texts in network.asked.items():
                if source not in self._unusable:
                    for text in texts:
                        self._by[scope, source].add(parse_range(text))
        self._trouble = _trouble(scan.hosts, self.networks)
        self._whole: dict[tuple[str, str], bool] = {}

    def is_target(self, scope: Scope, address: str) -> bool:
        """Whether the address was to be scanned."""
        return scope in self._targets and self._targets[scope].covers(*number(address))

    def covers(self, scope: Scope, address: str, source: str) -> bool:
        """Whether the source asked the address to the end. One that failed, or that a deadline cut off, did not."""
        found = self._by.get((scope, source))
        return found is not None and (scope, address, source) not in self._trouble and found.covers(*number(address))

    def covers_with_any(self, scope: Scope, address: str) -> bool:
        """The same of any source."""
        return any(where == scope and self.covers(scope, address, source) for where, source in self._by)

    def covers_all_of(self, network: str, source: str) -> bool:
        """Whether the source asked every address of a network to the end."""
        key = (network, source)
        if key not in self._whole:
            self._whole[key] = self._covers_all_of(network, source)
        return self._whole[key]

    def _covers_all_of(self, name: str, source: str) -> bool:
        network = self.networks.get(name)
        if network is None or source in self._unusable or source not in network.asked:
            return False
        scope, targets = scope_of(network), RangeSet(_targets_of(network))
        here = RangeSet(parse_range(text) for text in network.asked[source])
        if any(True for one in targets for _rest in here.without(one)):
            return False
        troubled = (address for where, address, what in self._trouble if (where, what) == (scope, source))
        return not any(targets.covers(*number(address)) for address in troubled)


def scope_of(network: Network | None) -> Scope:
    """What distinguishes equal addresses: the VRF of their network."""
    if network is None:
        return ""
    return network.vrf or (str(network.vrf_id) if network.vrf_id is not None else "")


@lru_cache(maxsize=65536)
def number(address: str) -> tuple[int, int]:
    """The version of an address, and itself as a number: they sort as addresses do. Raises ValueError."""
    found = ip_address(address)
    return (found.version, int(found))


def _targets_of(network: Network) -> list[Range]:
    """The addresses of a network that were to be asked: without those that are excluded or in a narrower one."""
    texts = [*network.not_asked, *(text for some in network.asked.values() for text in some)]
    return [parse_range(text) for text in texts or [network.network]]


def _trouble(hosts: Iterable[Host], networks: Mapping[str, Network]) -> set[tuple[Scope, str, str]]:
    """(scope, address, source) of which the evidence says that the source could not be used, or did not ask."""
    return {
        (scope_of(networks.get(host.network)), evidence.address or host.ip, evidence.source)
        for host in hosts
        for evidence in host.sources
        if evidence.result in (FAILED, NOT_ASKED)
    }

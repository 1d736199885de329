# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an address is in a scan: its narrowest network with VRF, tenant and site, and whether anything asked it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .._scan.host import Network, Scan
from .._scan.ranges import Range, parse_range
from .asked import Asked, scope_of


@dataclass(frozen=True)
class Place:
    """What the scan knows of the network around an address."""

    network: str = ""  #: of Network.network; empty: it was no target
    has_vrf: bool = False  #: whether its VRF is known: NetBox gave the network, or one around it
    vrf_id: int | None = None
    vrf: str = ""
    tenant_id: int | None = None
    site_id: int | None = None
    site: str = ""
    dhcp: bool = False


class Places:
    """The networks of a scan."""

    def __init__(self, scan: Scan) -> None:
        #: (version, size) -> first address -> network; other ranges than those of a prefix one by one.
        self._aligned: dict[tuple[int, int], dict[int, Network]] = defaultdict(dict)
        self._ranges: list[tuple[Range, Network]] = []
        for network in scan.networks:
            span = parse_range(network.network)
            if span.first % span.size:
                self._ranges.append((span, network))
            else:
                self._aligned[span.version, span.size].setdefault(span.first, network)
        self._by_name = {network.network: network for network in scan.networks}
        self._asked = Asked(scan)

    def of(self, ip: str, network: str = "") -> Place:
        """The place of an address. network: the one that the scan has for it, if that is known."""
        found = self._by_name.get(network) or self._narrowest(parse_range(ip))
        if found is None:
            return Place()
        return Place(
            found.network,
            bool(found.kind) or found.vrf_id is not None or found.tenant_id is not None or found.site_id is not None,
            found.vrf_id,
            found.vrf,
            found.tenant_id,
            found.site_id,
            found.site,
            found.dhcp,
        )

    def was_asked(self, place: Place, ip: str) -> bool:
        """Whether a source asked the address to the end."""
        return self._asked.covers_with_any(scope_of(self._by_name.get(place.network)), ip)

    def _narrowest(self, one: Range) -> Network | None:
        found = [(span.size, network) for span, network in self._ranges if span.holds(one)]
        for (version, size), networks in self._aligned.items():
            network = networks.get(one.first // size * size) if version == one.version else None
            if network is not None:
                found.append((size, network))
        return min(found, key=lambda pair: pair[0])[1] if found else None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel itself sends before a packet of ours reaches an address of its own link: ARP and ND requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .ranges import Address

#: Linux's defaults, for a system that does not show its own (net.ipv4.neigh.default.mcast_solicit and the like).
SOLICITS = 3
RETRANSMIT_SECONDS = 1.0


@dataclass(frozen=True)
class Resolution:
    """How many requests the kernel sends to find the MAC of an address, and how often."""

    solicits: int = SOLICITS
    between: float = RETRANSMIT_SECONDS  #: seconds from one to the next

    @property
    def seconds(self) -> float:
        """For so long after a packet no other one begins a second search. The entry of an address that answered is good
        for longer; the unicast requests that confirm it later are fewer than those of the next search count."""
        return SOLICITS * self.between

    def requests(self, address: Address) -> int:
        """How many a packet to this address may cause. None is sent for an address beyond a router; but which these are
        is known to the kernel alone, so they count like the others."""
        return 0 if address.is_loopback else self.solicits


def of_this_host(root: Path = Path("/proc/sys/net")) -> Resolution:
    """As the interfaces of this host have it: the most requests, the shortest time between them."""
    most = {name: max(_numbers(root, name), default=0) for name in _COUNTS}
    between = min((number for number in _numbers(root, "retrans_time_ms") if number > 0), default=1000) / 1000
    found = max(most["mcast_solicit"] + most["app_solicit"] + most["mcast_resolicit"], most["ucast_solicit"], SOLICITS)
    return Resolution(found, min(between, RETRANSMIT_SECONDS))


_COUNTS = ("mcast_solicit", "app_solicit", "mcast_resolicit", "ucast_solicit")


def _numbers(root: Path, name: str) -> Iterator[int]:
    for family in ("ipv4", "ipv6"):
        for path in root.glob(f"{family}/neigh/*/{name}"):
            try:
                yield int(path.read_text(encoding="ascii"))
            except (OSError, ValueError):
                continue

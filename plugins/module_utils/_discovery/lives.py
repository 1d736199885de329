# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a host from several scans, and by what it is recognised in the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from .._scan.finding import ANSWERED, CONTRADICTING, DNS, LISTED, NMAP, REFUSED, SEEN, SNMP
from .._scan.host import Host
from .._scan.macs import is_identity, normal_mac
from .asked import Asked, Scope, number, scope_of

#: (VRF, address)
Place = tuple[Scope, str]
#: What a host is recognised by, the most certain first.
SERIAL, ENGINE, MAC = "serial", "engine_id", "mac"
STRONG = (SERIAL, ENGINE, MAC)
#: (one of STRONG, its value)
Key = tuple[str, str]
#: States of a host over several scans, besides those of one scan.
GONE = "gone"


@dataclass(frozen=True)
class Sight:
    """A host as one scan saw it."""

    host: Host
    scope: Scope
    dhcp: bool  #: addresses change hands in its network: it is recognised by its MAC, never by its address

    @property
    def addresses(self) -> tuple[str, ...]:
        return self.host.addresses or (self.host.ip,)

    @cached_property
    def places(self) -> list[Place]:
        return [(self.scope, one) for one in self.addresses]

    @cached_property
    def mac(self) -> str:
        """The MAC that was seen at `ip`."""
        return _normal(self.host.mac)

    @property
    def serials(self) -> frozenset[str]:
        return frozenset(self.host.snmp.serials) if self.host.snmp else frozenset()

    @property
    def engine(self) -> str:
        return self.host.snmp.engine_id.lower() if self.host.snmp else ""

    @cached_property
    def keys(self) -> list[Key]:
        """What it is recognised by, besides its addresses."""
        found: list[Key] = [(SERIAL, one) for one in sorted(self.serials)]
        found += [(ENGINE, self.engine)] if self.engine else []
        if self.dhcp:
            # A phone has another random MAC in each network, and the same one in this network each day.
            found += [(MAC, f"{self.scope} {self.host.network} {self.mac}")] if self.mac else []
        macs = {self.mac, *map(_normal, self.host.snmp.macs if self.host.snmp else ())}
        return found + [(MAC, one) for one in sorted(macs) if _identifies(one)]

    @property
    def is_recognisable(self) -> bool:
        """Whether it can be found again in another scan."""
        return not self.dhcp or bool(self.keys)

    @property
    def order(self) -> tuple[Any, ...]:
        """The host that stands for several: one that answered SNMP, then the lowest address."""
        return (self.host.snmp is None, *number(self.host.ip), self.scope, self.host.network)


@dataclass
class Life:
    """A host over several scans."""

    sight: Sight  #: as it was seen last
    first_seen: str
    last_seen: str
    #: source -> the addresses at which it saw the host
    seen_by: dict[str, set[str]] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)  #: that were learnt last of each kind
    mac_at: dict[Place, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)  #: that were learnt last, to be compared
    open_ports: set[int] = field(default_factory=set)
    closed_ports: set[int] = field(default_factory=set)  #: that were asked, and not open, in the last scan that asked
    silences: list[str] = field(default_factory=list)  #: the scans since then that prove it silent
    state: str = SEEN  #: SEEN, SILENT, NOT_ASKED, CONTRADICTING, GONE
    since: str = ""  #: since when it is silent, contradicting or gone

    @property
    def dhcp(self) -> bool:
        return self.sight.dhcp

    def values(self, kind: str) -> set[str]:
        return {value for what, value in self.keys if what == kind}

    def learn(self, sight: Sight) -> None:
        """Take over what a sight shows. What it does not show stays as it was learnt last."""
        keys = sight.keys
        kinds = {kind for kind, _value in keys}
        self.keys = {key for key in self.keys if key[0] not in kinds} | set(keys)
        if sight.mac:
            self.mac_at[sight.scope, sight.host.ip] = sight.mac
        self.fields |= compared_fields(sight)
        for source, address in sightings(sight.host):
            self.seen_by.setdefault(source, set()).add(address)

    def learn_ports(self, opened: set[int], closed: set[int]) -> None:
        """Of the others nothing was learnt."""
        self.open_ports = (self.open_ports | opened) - closed
        self.closed_ports = (self.closed_ports | closed) - opened

    def absorb(self, other: Life) -> None:
        """Another life turned out to be that of the same host."""
        self.first_seen = min(self.first_seen, other.first_seen)
        if other.last_seen > self.last_seen:
            self.last_seen, self.silences = other.last_seen, other.silences
        for source, addresses in other.seen_by.items():
            self.seen_by.setdefault(source, set()).update(addresses)
        self.places |= other.places
        self.mac_at = other.mac_at | self.mac_at
        self.fields = other.fields | self.fields
        self.open_ports |= other.open_ports
        self.closed_ports -= self.open_ports

    def keep_places(self, places: Iterable[Place]) -> None:
        """The host is at these addresses only. A source that saw it at another one must ask at these."""
        self.places = set(places)
        addresses = {address for _scope, address in self.places}
        self.seen_by = {source: some & addresses or addresses for source, some in self.seen_by.items()}
        self.mac_at = {place: mac for place, mac in self.mac_at.items() if place in self.places}

    def is_silent_in(self, asked: Asked) -> bool:
        """Whether a scan that did not see it proves it silent: each source that ever saw it asked there to the end."""
        if not self.seen_by:
            return False
        network = self.sight.host.network
        known = asked.networks.get(network)
        if known is not None and known.dhcp != self.dhcp:
            return False  # it became a DHCP network, or is one no more: what was learnt does not apply to it
        if self.dhcp:
            return all(asked.covers_all_of(network, source) for source in self.seen_by)
        scope = self.sight.scope
        return all(asked.covers(scope, address, source) for source, some in self.seen_by.items() for address in some)

    def is_target_of(self, asked: Asked) -> bool:
        if self.dhcp:
            return self.sight.host.network in asked.networks
        return any(asked.is_target(scope, address) for scope, address in self.sight.places)


@lru_cache(maxsize=65536)
def _normal(mac: str) -> str:
    return normal_mac(mac)


@lru_cache(maxsize=65536)
def _identifies(mac: str) -> bool:
    return is_identity(mac)


def sights_of(hosts: Iterable[Host], asked: Asked) -> list[Sight]:
    """The hosts that a scan saw, in an order that does not depend on theirs."""
    found = []
    for host in hosts:
        network = asked.networks.get(host.network)
        found.append(Sight(host, scope_of(network), network is not None and network.dhcp))
    return sorted(found, key=lambda one: (*number(one.host.ip), one.scope, one.host.network))


def was_seen(host: Host) -> bool:
    return host.state in (SEEN, CONTRADICTING)


def sightings(host: Host) -> Iterable[tuple[str, str]]:
    """(source, address) of what shows the host. A name server knows also what is long gone.

    SNMP and nmap ask only what another source saw, or NetBox has. So what they saw as well, they need not have asked
    where the others are silent. (What discovery registered is in NetBox, and is asked by them each time.)
    """
    shown = [(one.source, one.address or host.ip) for one in host.sources if one.result in (ANSWERED, REFUSED, LISTED)]
    by_others = {address for source, address in shown if source not in (DNS, SNMP, NMAP)}
    for source, address in shown:
        if source != DNS and not (source in (SNMP, NMAP) and address in by_others):
            yield source, address


def compared_fields(sight: Sight) -> dict[str, Any]:
    """What is compared from scan to scan, as far as it was learnt. Only like is compared with like: a name that SNMP
    gave never with one that a name server gave."""
    host, snmp = sight.host, sight.host.snmp
    found: dict[str, Any] = {"reverse_dns": host.reverse_dns}
    if snmp:
        found |= {
            "sys_name": snmp.sys_name, "sys_object_id": snmp.sys_object_id, "platform": snmp.platform,
            "serials": sorted(snmp.serials), "engine_id": snmp.engine_id,
        }  # fmt: skip
    if host.hostname and host.hostname not in (host.reverse_dns, snmp.sys_name if snmp else None):
        found["neighbour_name"] = host.hostname
    return {key: value for key, value in found.items() if value}

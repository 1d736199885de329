# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan gives: its hosts, what of each network was asked, and which means each source had."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .._common.typed_json import Rules, written
from .finding import Evidence, Finding, Port, SnmpBasics

#: Version of the JSON of a scan.
SCHEMA = 1

#: How certain it is that a host is there, and is one.
PROVEN = "proven"  #: it answered itself: ICMP, an open port, SNMP
LIKELY = "likely"  #: one sign that others can give for it: a reset, an entry in a table
DOUBTFUL = "doubtful"  #: signs that contradict each other, or that a whole subnet gives alike
CERTAINTIES = (PROVEN, LIKELY, DOUBTFUL)

#: Reasons to join addresses into one host.
SAME_SERIAL, SAME_ENGINE, SAME_NAME_AND_MACS, SAME_DEVICE = "serial", "engine_id", "sys_name_and_macs", "netbox_device"
OWN_ADDRESS = "own_address"  #: the agent lists the address as one of its own (ipAddressTable, ipAddrTable)
SAME_MAC = "mac"  #: only of doubtful joins: a router that answers ARP for others has one MAC for many hosts
REASONS = (SAME_SERIAL, SAME_ENGINE, SAME_NAME_AND_MACS, SAME_DEVICE, OWN_ADDRESS, SAME_MAC)


@dataclass(frozen=True, kw_only=True)
class Join:
    """Why an address counts to a host; or, if doubtful, might."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    address: str
    reason: str  #: one of REASONS
    value: str = ""  #: the serial, the engine id, ...


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host, with all addresses at which it was found. Only what was learnt is written."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    ip: str  #: the address it is named by: NetBox's primary one, else the lowest
    addresses: tuple[str, ...] = ()  #: all of them, `ip` included, in order; empty means `ip` only
    state: str = field(metadata=written(omit_default=False))  #: seen, silent, not_asked, contradicting
    #: one of CERTAINTIES; of a host that was seen. A silent one is doubtful where only others answered for it (a
    #: firewall that resets for its whole network): that is neither presence nor silence of the host.
    certainty: str = ""
    alive: bool | None = None  #: True seen; False silent, and not doubtful; None otherwise
    rtt_ms: float | None = None
    hostname: str = ""  #: sysName, else the name of its neighbours, else the confirmed PTR name
    reverse_dns: str = ""
    reverse_dns_confirmed: bool | None = None
    mac: str = ""
    vendor: str = ""
    ports: tuple[int, ...] = ()  #: open ones
    services: tuple[Port, ...] = ()  #: what is known of ports: also refused ones
    banners: dict[str, str] = field(default_factory=dict)  #: port -> its banner
    snmp: SnmpBasics | None = None
    network: str = ""  #: of Network.network, the narrowest that holds `ip`
    sources: tuple[Evidence, ...] = ()
    joined: tuple[Join, ...] = ()  #: why each of the other addresses is this host
    doubtful: tuple[Join, ...] = ()  #: addresses that may be this host, and were not joined


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network that was to be scanned: what NetBox says of it, and what was asked of it."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    network: str  #: CIDR, or FIRST-LAST for a range
    prefix_length: int  #: the mask that an address here has in NetBox
    netbox_id: int | None = None  #: of the prefix or IP range
    kind: str = ""  #: prefix, ip_range; empty: from the options
    vrf_id: int | None = None
    vrf: str = ""
    tenant_id: int | None = None
    tenant: str = ""
    site_id: int | None = None
    site: str = ""
    dhcp: bool = False  #: addresses change hands here: hosts are compared by MAC
    addresses: int = 0  #: how many were to be asked
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)  #: source -> ranges (FIRST-LAST) asked to the end
    not_asked: tuple[str, ...] = ()  #: ranges that nothing asked in this scan, to be resumed
    seen: int = 0  #: addresses that were seen, contradicting ones too
    packets: int = 0  #: that were sent into it
    refuses_alike: bool = False  #: nearly all of its addresses reset: a firewall answers for them


@dataclass(frozen=True, kw_only=True)
class SourceUse:
    """How a source worked in this scan."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    source: str
    used: bool = field(metadata=written(omit_default=False))
    method: str = ""  #: "ICMP datagram sockets", "raw sockets", "ip -j neigh", "nmap 7.93", ...
    missing: str = ""  #: the privilege, library or program that it lacked, and what to do
    asked: int = 0  #: addresses
    answered: int = 0


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The result of netscan, and the content of a scan's file."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored", null_is_missing=True)

    schema: int = field(default=SCHEMA, metadata=written(omit_default=False))
    started: str  #: ISO 8601, UTC
    id: str = ""  #: letters and digits that no other scan has; a scan that is resumed keeps `started` and `id`
    seconds: float = 0.0
    complete: bool = field(default=True, metadata=written(omit_default=False))  #: nothing was left unasked
    stopped: str = ""  #: why not: "deadline", "interrupted", "budget"
    hosts: tuple[Host, ...] = field(default=(), metadata=written(omit_default=False))
    networks: tuple[Network, ...] = field(default=(), metadata=written(omit_default=False))
    sources: tuple[SourceUse, ...] = ()
    tcp_ports: tuple[int, ...] = ()  #: that the source tcp asked: of others it is not known whether they are open
    packets: int = 0
    controller: str = ""  #: name of the host that scanned
    #: Of a scan that is not complete: what its hosts were made of, for the one that resumes it.
    unfinished: tuple[Finding, ...] = ()

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sources of a scan report about one address, as data, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .._common.typed_json import Rules, written

#: The sources. An address is asked by the first three, the fourth to sixth are tables that others have of it.
ICMP, TCP, DNS = "icmp", "tcp", "dns"
NEIGHBOURS = "neighbours"  #: the ARP and ND table of the host that scans
ROUTERS = "routers"  #: ipNetToPhysicalTable, ipNetToMediaTable and their like on routers, by SNMP
LINKS = "links"  #: LLDP and CDP neighbours of devices that NetBox knows, by SNMP
SNMP, NMAP = "snmp", "nmap"
SOURCES = (ICMP, TCP, DNS, NEIGHBOURS, ROUTERS, LINKS, SNMP, NMAP)

#: What a source says of an address.
ANSWERED = "answered"  #: the host itself answered, or is in a table as reachable now
REFUSED = "refused"  #: a TCP reset: a host, unless all of its subnet refuses alike (a firewall that answers for others)
LISTED = "listed"  #: a table or a name server knows it; it was not heard
SILENT = "silent"  #: it was asked, and nothing came back in time
NOT_ASKED = "not_asked"  #: a deadline, a budget or a rule kept the source from asking: nothing follows from it
FAILED = "failed"  #: the source could not be used: a privilege, a library, a server is missing
RESULTS = (ANSWERED, REFUSED, LISTED, SILENT, NOT_ASKED, FAILED)

#: States of an address and of a host.
SEEN, CONTRADICTING = "seen", "contradicting"
STATES = (SEEN, SILENT, NOT_ASKED, CONTRADICTING)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one source said about one address, and when."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    source: str  #: one of SOURCES
    result: str = field(metadata=written(omit_default=False))  #: one of RESULTS
    time: str  #: ISO 8601, UTC, whole seconds
    detail: str = ""  #: what it said, or why not: one line of clean text, at most 200 characters
    by: str = ""  #: the router, switch or name server that said it
    address: str = ""  #: of which address, where the record of a host has several
    mac: str = ""  #: what a table has for the address (aa:bb:cc:dd:ee:ff): two tables may disagree


@dataclass(frozen=True, kw_only=True)
class Port:
    """A TCP port."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    number: int
    state: str = field(default="open", metadata=written(omit_default=False))  #: open or refused
    banner: str = ""  #: what the service said by itself: clean text, at most 200 characters
    tls_names: tuple[str, ...] = ()  #: subjectAltName and CN of its certificate
    tls_issuer: str = ""
    tls_expires: str = ""  #: ISO date
    service: str = ""  #: as nmap names it


@dataclass(frozen=True, kw_only=True)
class SnmpBasics:
    """What an agent says of its device."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    version: str = ""  #: "1", "2c" or "3": the attempt that worked
    sys_name: str = ""
    sys_descr: str = ""
    sys_object_id: str = ""
    location: str = ""  #: sysLocation
    engine_id: str = ""  #: snmpEngineID (RFC 3411), as hexadecimal digits
    platform: str = ""  #: our word for it, as snmp_entity_facts reports it
    manufacturer: str = ""
    model: str = ""
    serials: tuple[str, ...] = ()  #: of its chassis, by our own reader
    macs: tuple[str, ...] = ()  #: of its interfaces (ifPhysAddress, dot1dBaseBridgeAddress, lldpLocChassisId)
    addresses: tuple[str, ...] = ()  #: its own (ipAddressTable, ipAddrTable)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the sources know of one address; a source fills the fields that it learnt, the scan adds findings up."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    ip: str
    evidence: tuple[Evidence, ...] = ()
    rtt_ms: float | None = None
    reverse_dns: str = ""  #: the name that PTR gives
    reverse_dns_confirmed: bool | None = None  #: that name gives this address; None: not asked
    mac: str = ""  #: aa:bb:cc:dd:ee:ff
    vendor: str = ""  #: of the MAC's OUI; never of a local, VRRP, HSRP or multicast MAC
    ports: tuple[Port, ...] = ()
    snmp: SnmpBasics | None = None
    names: tuple[str, ...] = ()  #: by which neighbours know it (lldpRemSysName, cdpCacheDeviceId)

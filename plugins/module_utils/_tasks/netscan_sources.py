# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a scan, as the options of netscan choose them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .._scan.engine import Sources
from .._scan.finding import DNS, ICMP, NEIGHBOURS, NMAP, TCP
from .._scan.known import KnownAddress
from .._scan.source import AddressSource, Budget, TableSource
from .._scan.sources.dns import DnsSource
from .._scan.sources.icmp import Icmp
from .._scan.sources.neighbours import NeighbourTable
from .._scan.sources.nmap import NmapSource
from .._scan.sources.tcp import TcpSource
from .._scan.targets import Targets
from .netscan_snmp import snmp_sources


def sources_of(params: Mapping[str, Any], budget: Budget, targets: Targets, known: Sequence[KnownAddress]) -> Sources:
    """Those that are chosen, in the order in which the engine asks them. Raises OptionError."""
    chosen = set(params["sources"])
    timeout = params["timeout_ms"] / 1000
    first: list[AddressSource] = []
    then: list[AddressSource] = []
    if ICMP in chosen:
        first.append(Icmp(budget, timeout, params["icmp_attempts"]))
    if TCP in chosen:
        first.append(TcpSource(budget, params["tcp_ports"], timeout))
    if DNS in chosen:
        then.append(DnsSource(budget, params["dns_servers"], params["dns_timeout"]))
    live = [NeighbourTable()] if NEIGHBOURS in chosen else []
    by_snmp = snmp_sources(params, budget, targets, known)
    tables = [*by_snmp.tables, *_nmap(params, chosen, budget)]
    return Sources(first, [*then, *by_snmp.then], live, tables)


def _nmap(params: Mapping[str, Any], chosen: Collection[str], budget: Budget) -> list[TableSource]:
    """It is the last one, because nothing else may send while it does."""
    rate = min(params["packets_per_second"], params["packets_per_subnet_second"])
    return [NmapSource(budget, params["tcp_ports"], rate, params["timeout_ms"] / 1000)] if NMAP in chosen else []

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings for tests of joining: an address with what its sources reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._scan.finding import (
    ANSWERED,
    ICMP,
    LISTED,
    NEIGHBOURS,
    REFUSED,
    ROUTERS,
    SILENT,
    SNMP,
    TCP,
    Evidence,
    Finding,
    SnmpBasics,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network
from ansible_collections.invmon.network.plugins.module_utils._scan.joining import join_hosts
from ansible_collections.invmon.network.plugins.module_utils._scan.known import KnownAddress

TIME = "2026-11-30T03:00:00Z"
#: MACs of manufacturers.
MACS = tuple(f"00:1b:21:00:00:{number:02x}" for number in range(64))
NETWORK = Network(network="192.0.2.0/24", prefix_length=24, addresses=254)


def evidence(source: str, result: str, **more: str) -> Evidence:
    return Evidence(source=source, result=result, time=TIME, **more)


ECHOED, QUIET = evidence(ICMP, ANSWERED), evidence(ICMP, SILENT)
OPENED, RESET, FILTERED = evidence(TCP, ANSWERED), evidence(TCP, REFUSED), evidence(TCP, SILENT)
AGENT = evidence(SNMP, ANSWERED)


def in_table(mac: str, by: str = "rtr-1", result: str = LISTED) -> Evidence:
    return evidence(ROUTERS, result, mac=mac, by=by)


def near(mac: str) -> Evidence:
    """An entry of the own neighbour table that is reachable now."""
    return evidence(NEIGHBOURS, ANSWERED, mac=mac)


def address(number: int) -> str:
    return f"192.0.2.{number}"


def finding(number: int, *found: Evidence, **more: Any) -> Finding:
    return Finding(ip=address(number), evidence=found, **more)


def agent(number: int, **basics: Any) -> Finding:
    """An address at which an agent answered."""
    return finding(number, ECHOED, AGENT, snmp=SnmpBasics(version="2c", **basics))


def joined(findings: Iterable[Finding], known: Sequence[KnownAddress] = (), network: Network = NETWORK) -> list[Host]:
    return list(join_hosts(findings, [network], known))


def groups(hosts: Iterable[Host]) -> list[tuple[str, ...]]:
    """The last numbers of the addresses of each host."""
    return [tuple(ip.rpartition(".")[2] for ip in host.addresses or (host.ip,)) for host in hosts]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans for tests, in few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Evidence, SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network, Scan

BEGAN = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NET = "10.0.0.0/28"
ALL = ("icmp", "tcp")


def at(day: float) -> str:
    return (BEGAN + timedelta(days=day)).isoformat().replace("+00:00", "Z")


def host(ip: str, by: Sequence[str] = ("icmp",), network: str = NET, **other: Any) -> Host:
    """A host that these sources saw."""
    given: dict[str, Any] = {"state": "seen", "alive": True, "certainty": "proven", **other}
    if "sources" not in given:
        given["sources"] = tuple(Evidence(source=one, result="answered", time=at(0)) for one in by)
    return Host(ip=ip, network=network, **given)


def net(network: str = NET, asked: Sequence[str] = ALL, **other: Any) -> Network:
    """A network of which these sources asked all."""
    given: dict[str, Any] = {"asked": dict.fromkeys(asked, (network,)), **other}
    return Network(network=network, prefix_length=28, **given)


def scan(day: float, *hosts: Host, networks: Sequence[Network] | None = None, **other: Any) -> Scan:
    return Scan(started=at(day), hosts=hosts, networks=(net(),) if networks is None else tuple(networks), **other)


def snmp(**other: Any) -> SnmpBasics:
    return SnmpBasics(version="2c", **other)

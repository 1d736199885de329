# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan and a snapshot as others give them, a task's option or a filter's argument, checked before they are used."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from .._common.errors import OptionsError
from .._common.typed_json import WrongShape, from_json
from .._scan.host import SCHEMA, Host, Scan
from .._scan.ranges import parse_range
from .snapshot import SCHEMA as SNAPSHOT_SCHEMA
from .snapshot import Snapshot

#: Hosts of a scan: as many as a /16 has.
MOST_HOSTS = 70_000


def scan_of(data: Any, where: str = "scan") -> Scan:
    """The scan; also from a list of hosts, of which no silence is known then. Raises OptionsError."""
    if isinstance(data, (list, tuple)):
        data = {"started": "", "hosts": list(data)}
    if isinstance(data, Mapping) and "scan" in data and "hosts" not in data:
        data = data["scan"]
    scan = _read(Scan, data, where)
    if scan.schema > SCHEMA:
        raise OptionsError(f"{where} was made by a newer release of this collection", "use that release")
    if len(scan.hosts) > MOST_HOSTS:
        raise OptionsError(f"{where} has {len(scan.hosts):,} hosts, more than {MOST_HOSTS:,}", "scan fewer networks")
    _check(where, scan)
    return scan


def snapshot_of(data: Any, where: str = "netbox") -> Snapshot:
    """The snapshot. Raises OptionsError."""
    snapshot = _read(Snapshot, data, where)
    if snapshot.schema > SNAPSHOT_SCHEMA:
        raise OptionsError(f"{where} was made by a newer release of this collection", "use that release")
    try:
        for prefix in snapshot.prefixes:
            ip_network(prefix.prefix)
        for one in snapshot.ranges:
            parse_range(f"{one.first}-{one.last}")
        for address in snapshot.addresses:
            ip_address(address.ip)
    except ValueError as error:
        raise OptionsError(f"{where} is not a snapshot of NetBox: {error}", "give what netscan returned") from None
    return snapshot


def _read(kind: Any, data: Any, where: str) -> Any:
    try:
        return from_json(kind, data, where)
    except WrongShape as error:
        raise OptionsError(str(error), "give what netscan returned") from None


def _check(where: str, scan: Scan) -> None:
    try:
        for host in scan.hosts:
            _check_host(host)
        for network in scan.networks:
            for text in (network.network, *(text for some in network.asked.values() for text in some)):
                parse_range(text)
    except ValueError as error:
        raise OptionsError(f"{where} is not a scan: {error}", "give what netscan returned") from None


def _check_host(host: Host) -> None:
    for text in (host.ip, *host.addresses):
        ip_address(text)

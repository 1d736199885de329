# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last scan on record with what earlier ones and NetBox say of its hosts: what every form of a report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from .._history.record import moment
from .._scan.finding import ANSWERED, LISTED, REFUSED, SILENT, Evidence
from .._scan.host import Host, Network, Scan
from .._scan.ranges import parse_range
from .asked import number
from .delta import FATES, STATES, Followed, HostChange, KnownHost, Patience, follow
from .history import ScanRecord
from .lives import was_seen
from .verdicts import VERDICTS, Verdict

#: Fields of a row, in the order in which files and tables have them.
FIELDS = (
    "ip", "state", "certainty", "hostname", "reverse_dns", "mac", "vendor", "ports", "banners", "sys_name", "sys_descr",
    "sys_object_id", "location", "platform", "manufacturer", "model", "serial", "network", "vrf", "tenant", "site",
    "addresses", "rtt_ms", "sources", "first_seen", "last_seen", "since", "verdict", "device", "device_id", "dns_name",
    "contradictions", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A host, or an address of NetBox where none was found."""

    known: KnownHost
    verdict: Verdict | None = None  #: None: it was not compared with NetBox
    network: Network | None = None
    #: Of a host that the last scan did not see: the verdict about it in the last scan that did.
    earlier: Verdict | None = None

    @property
    def host(self) -> Host:
        return self.known.host

    @property
    def is_dynamic(self) -> bool:
        """Whether its address changes hands: who is unknown or gone there is nothing to do about."""
        return (self.network is not None and self.network.dhcp) or (self.verdict is not None and self.verdict.dhcp)

    @property
    def name(self) -> str:
        """What people call it: what NetBox calls its device comes first."""
        found = self.verdict
        return (found.device if found else "") or self.host.hostname or self.host.reverse_dns

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the sources said in the last scan."""
        return self.host.sources or (self.verdict.evidence if self.verdict else ())

    def fields(self) -> dict[str, Any]:
        """The row as plain data, without what is empty."""
        host, snmp, verdict, network = self.host, self.host.snmp, self.verdict, self.network
        found: dict[str, Any] = {
            "ip": host.ip, "state": self.known.state, "certainty": host.certainty, "hostname": host.hostname,
            "reverse_dns": host.reverse_dns, "mac": host.mac, "vendor": host.vendor, "ports": list(host.ports),
            "banners": dict(host.banners), "network": host.network, "addresses": list(host.addresses),
            "rtt_ms": host.rtt_ms, "sources": sources_of(host), "first_seen": self.known.first_seen,
            "last_seen": self.known.last_seen, "since": self.known.since,
        }  # fmt: skip
        if snmp:
            found |= {
                "sys_name": snmp.sys_name, "sys_descr": snmp.sys_descr, "sys_object_id": snmp.sys_object_id,
                "location": snmp.location, "platform": snmp.platform, "manufacturer": snmp.manufacturer,
                "model": snmp.model, "serial": list(snmp.serials),
            }  # fmt: skip
        if network:
            found |= {"vrf": network.vrf, "tenant": network.tenant, "site": network.site}
        if verdict:
            found |= {
                "verdict": verdict.verdict, "device": verdict.device, "device_id": verdict.device_id,
                "dns_name": verdict.dns_name, "note": verdict.note, "vrf": verdict.vrf or found.get("vrf"),
                "site": verdict.site or found.get("site"),
                "contradictions": [one.text or one.about for one in verdict.contradictions],
            }  # fmt: skip
        return {name: value for name in FIELDS if (value := found.get(name)) not in (None, "", [], {})}


@dataclass(frozen=True)
class Overview:
    """The last scan."""

    record: ScanRecord
    rows: Sequence[Row]  #: ordered by address
    changes: Sequence[HostChange]  #: since the scans before
    has_before: bool  #: there are scans before; else nothing can have changed

    @property
    def scan(self) -> Scan:
        return self.record.scan

    @property
    def began(self) -> datetime:
        return moment(self.scan.started)

    @property
    def ended(self) -> datetime:
        return self.began + timedelta(seconds=self.scan.seconds)

    @cached_property
    def seen(self) -> int:
        """How many hosts the last scan saw."""
        return sum(map(was_seen, self.scan.hosts))

    @cached_property
    def states(self) -> Mapping[str, int]:
        """State -> hosts, zeros included."""
        return dict.fromkeys(STATES, 0) | Counter(row.known.state for row in self.rows)

    @cached_property
    def verdicts(self) -> Mapping[str, int]:
        """Verdict -> hosts, zeros included; empty if the scan was not compared with NetBox."""
        if not self.record.compared:
            return {}
        return dict.fromkeys(VERDICTS, 0) | Counter(row.verdict.verdict for row in self.rows if row.verdict)

    @cached_property
    def fates(self) -> Mapping[str, int]:
        """Fate -> changes of the last scan, zeros included; empty if there is no scan before."""
        return dict.fromkeys(FATES, 0) | Counter(one.fate for one in self.changes) if self.has_before else {}

    @cached_property
    def not_asked(self) -> int:
        """How many addresses nothing asked, of those that were to be asked."""
        return sum(parse_range(text).size for network in self.scan.networks for text in network.not_asked)

    @cached_property
    def targets(self) -> int:
        """How many addresses were to be asked."""
        return sum(network.addresses for network in self.scan.networks)

    @cached_property
    def dhcp_networks(self) -> frozenset[str]:
        return frozenset(row.host.network for row in self.rows if row.network is not None and row.network.dhcp)

    def with_verdict(self, verdict: str) -> list[Row]:
        return [row for row in self.rows if row.verdict and row.verdict.verdict == verdict]

    def with_state(self, state: str) -> list[Row]:
        return [row for row in self.rows if row.known.state == state]


def overview(records: Sequence[ScanRecord], patience: Patience | None = None) -> Overview | None:
    """The last of these scans, which are in the order in which they began; None without any."""
    if not records:
        return None
    last = records[-1]
    found = follow([one.scan for one in records], patience)
    return Overview(last, _rows(found, records), found.changes, len(records) > 1)


def sources_of(host: Host) -> list[str]:
    """The sources that show the host."""
    return list(dict.fromkeys(one.source for one in host.sources if one.result in (ANSWERED, REFUSED, LISTED)))


def _rows(found: Followed, records: Sequence[ScanRecord]) -> list[Row]:
    last = records[-1]
    networks = {one.network: one for record in records for one in record.scan.networks}
    by_ip: dict[str, list[Verdict]] = {}
    for verdict in last.verdicts:
        by_ip.setdefault(verdict.ip, []).append(verdict)
    earlier = _earlier(found.hosts, records)
    rows = [
        Row(
            one, _verdict(one.host, by_ip, networks), networks.get(one.host.network),
            earlier.get((one.last_seen, one.host.ip)),
        )
        for one in found.hosts
    ]  # fmt: skip
    shown = {id(row.verdict) for row in rows}
    left = [one for some in by_ip.values() for one in some if id(one) not in shown]
    rows += [Row(_unheard(one), one, networks.get(one.network)) for one in left]
    return sorted(rows, key=lambda row: (number(row.host.ip), row.host.network))


def _earlier(hosts: Iterable[KnownHost], records: Sequence[ScanRecord]) -> dict[tuple[str, str], Verdict]:
    """(when the scan began, address) -> verdict of the hosts that were seen last in an earlier scan."""
    started = records[-1].scan.started
    wanted = {(one.last_seen, one.host.ip) for one in hosts if one.last_seen and one.last_seen != started}
    return {
        key: verdict
        for record in records[:-1]
        for verdict in record.verdicts
        if (key := (record.scan.started, verdict.ip)) in wanted
    }


def _verdict(host: Host, by_ip: Mapping[str, Iterable[Verdict]], networks: Mapping[str, Network]) -> Verdict | None:
    some = list(by_ip.get(host.ip, ()))
    network = networks.get(host.network)
    same = [one for one in some if network is None or not network.vrf or one.vrf == network.vrf]
    return next(iter(same or some), None)


def _unheard(verdict: Verdict) -> KnownHost:
    """An address of NetBox where no host was found."""
    state = verdict.verdict if verdict.verdict in STATES else SILENT
    return KnownHost(host=Host(ip=verdict.ip, state=state, network=verdict.network), state=state)

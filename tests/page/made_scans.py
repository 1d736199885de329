# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans for tests of reports: a week of nights of a network with something of each kind, large ones, hostile ones."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._discovery.contradictions import Contradiction
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import ScanRecord
from ansible_collections.invmon.network.plugins.module_utils._discovery.overview import Overview, overview
from ansible_collections.invmon.network.plugins.module_utils._discovery.verdicts import Verdict
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Evidence, Port, SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network, Scan, SourceUse
from ansible_collections.invmon.network.tests.page.made import HOSTILE, NOW

MANAGEMENT, OFFICE = "10.20.0.0/24", "10.20.4.0/24"
_ASKED = ("icmp", "tcp", "dns", "neighbours", "snmp")
_SERVICES = ((22, "SSH-2.0-OpenSSH_9.2p1"), (443, ""), (80, ""), (161, ""))


def _began(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")


def _said(time: str, **results: str) -> tuple[Evidence, ...]:
    words = {"icmp": "echo reply", "tcp": "22 open, 443 open", "neighbours": "REACHABLE", "snmp": "v3, user invmon"}
    return tuple(
        Evidence(source=source, result=result, time=time, detail=words.get(source, "") if result == "answered" else "")
        for source, result in results.items()
    )


def _switch(number: int, time: str) -> Host:
    name = f"sw-{number:03}"
    device = SnmpBasics(
        version="3", sys_name=name, sys_object_id="1.3.6.1.4.1.9.1.2494", platform="cisco_iosxe", manufacturer="Cisco",
        model="C9300-48P", serials=(f"FCW24{number:02}L0AB",), location="Brno, rack 12",
    )  # fmt: skip
    return Host(
        ip=f"10.20.0.{number}", state="seen", certainty="proven", alive=True, rtt_ms=0.4 + number / 100,
        hostname=name, reverse_dns=f"{name}.example.net", reverse_dns_confirmed=True,
        mac=f"00:1b:2c:00:00:{number:02x}", vendor="Cisco Systems, Inc", ports=(22, 443), snmp=device,
        services=(Port(number=22, banner=_SERVICES[0][1]), Port(number=443)), banners={"22": _SERVICES[0][1]},
        network=MANAGEMENT, sources=_said(time, icmp="answered", tcp="answered", dns="listed", snmp="answered"),
    )  # fmt: skip


def _strange(time: str) -> list[Host]:
    """Hosts that NetBox does not know."""
    camera = Host(
        ip="10.20.0.77", state="seen", certainty="proven", alive=True, rtt_ms=3.1, mac="00:40:8c:11:22:33",
        vendor="Axis Communications AB", ports=(80, 554), banners={"554": "RTSP/1.0 401 Unauthorized"},
        network=MANAGEMENT, sources=_said(time, icmp="answered", tcp="answered", neighbours="answered"),
    )  # fmt: skip
    silent = Host(
        ip="10.20.0.91", state="seen", certainty="likely", alive=True, mac="00:1b:2c:00:00:91", network=MANAGEMENT,
        vendor="Cisco Systems, Inc", sources=_said(time, icmp="silent", tcp="silent", neighbours="listed"),
    )  # fmt: skip
    return [camera, silent]


def scan_of(days: float, switches: int = 24) -> Scan:
    """A night of a network: two switches stopped answering, one host is new in the last night, one moved."""
    time = _began(days)
    hosts = [_switch(number, time) for number in range(10, 10 + switches)]
    stopped = {"10.20.0.12"} if days < 3 else set[str]()
    stopped |= {"10.20.0.13"} if days < 1 else set[str]()
    hosts = [one for one in hosts if one.ip not in stopped]
    hosts += _strange(time)[: 2 if days < 1 else 1]
    if days < 1:
        moved = next(one for one in hosts if one.ip == "10.20.0.20")
        hosts = [replace(one, ip="10.20.0.120") if one is moved else one for one in hosts]
        hosts = [replace(one, ports=(22,)) if one.ip == "10.20.0.15" else one for one in hosts]
        cut: tuple[str, ...] = ("10.20.4.201-10.20.4.254",)
    else:
        cut = ()
    asked: dict[str, tuple[str, ...]] = dict.fromkeys(_ASKED, ("10.20.0.1-10.20.0.254",))
    office: dict[str, tuple[str, ...]] = dict.fromkeys(
        _ASKED, ("10.20.4.1-10.20.4.200" if cut else "10.20.4.1-10.20.4.254",)
    )
    networks = (
        Network(network=MANAGEMENT, prefix_length=24, vrf="management", site="Brno", addresses=254, asked=asked),
        Network(
            network=OFFICE, prefix_length=24, dhcp=True, tenant="Office", addresses=254, asked=office, not_asked=cut
        ),
    )
    hosts += [
        Host(
            ip=f"10.20.4.{10 + (number * 7 + int(days)) % 100}", state="seen", certainty="proven", alive=True,
            rtt_ms=5.5, mac=f"da:a1:19:00:00:{number:02x}", network=OFFICE,
            sources=_said(time, icmp="answered", neighbours="answered"),
        )
        for number in range(6)
        if number != int(days) % 6  # one of the telephones is elsewhere, another one each night
    ]  # fmt: skip
    uses = tuple(SourceUse(source=one, used=True, asked=508) for one in _ASKED)
    missing = SourceUse(source="nmap", used=False, missing="nmap is not installed: apt install nmap")
    return Scan(
        started=time, id=f"scan{int(days * 10)}", seconds=312.0, complete=not cut, stopped="deadline" if cut else "",
        hosts=tuple(hosts), networks=networks, sources=(*uses, missing), tcp_ports=(22, 80, 443), packets=9200,
        controller="awx-1",
    )  # fmt: skip


def verdicts_of(scan: Scan) -> tuple[Verdict, ...]:
    """What NetBox has of its hosts."""
    found = []
    for number, host in enumerate(scan.hosts):
        about: dict[str, Any] = {
            "ip": host.ip,
            "hostname": host.hostname,
            "network": host.network,
            "certainty": host.certainty,
        }
        if host.network == OFFICE or host.ip in ("10.20.0.77", "10.20.0.91", "10.20.0.120", "10.20.0.33"):
            verdict = "unassigned" if host.ip == "10.20.0.33" else "unknown"
            found.append(Verdict(verdict=verdict, dhcp=host.network == OFFICE, **about))
        elif host.ip == "10.20.0.14":
            serial = host.snmp.serials[0] if host.snmp else ""
            text = f"NetBox has the serial number FOC1111X0ZZ for sw-014, the host reports {serial}"
            wrong = Contradiction(
                about="serial", netbox="FOC1111X0ZZ", found=serial, source="chassis serial", text=text
            )
            found.append(
                Verdict(verdict="contradicting", device="sw-014", device_id=14, contradictions=(wrong,), **about)
            )
        else:
            found.append(Verdict(verdict="known", device=host.hostname, device_id=number + 1, site="Brno", **about))
    for ip, device in (("10.20.0.12", "sw-012"), ("10.20.0.13", "sw-013"), ("10.20.0.200", "ups-1")):
        if ip not in {one.ip for one in scan.hosts}:
            found.append(Verdict(verdict="silent", ip=ip, device=device, device_id=99, network=MANAGEMENT, site="Brno"))
    return tuple(found)


def records(days: tuple[float, ...] = (6.2, 5.2, 4.2, 3.2, 2.2, 1.2, 0.2)) -> list[ScanRecord]:
    """A week of scans, each compared with NetBox."""
    return [ScanRecord(scan=one, verdicts=verdicts_of(one), compared=True) for one in map(scan_of, days)]


def discovery() -> Overview:
    """The last night of that week."""
    found = overview(records())
    if found is None:
        raise ValueError("there are scans")
    return found


def large(hosts: int = 5000, seed: int = 1) -> Overview:
    """A network of so many hosts."""
    chance = random.Random(seed)
    time = _began(0.2)
    some = [
        replace(
            _switch(10 + number % 200, time), ip=f"10.{30 + number // 65536}.{number // 256 % 256}.{number % 256}",
            hostname=f"host-{number:05}", snmp=None, network="10.30.0.0/16",
            mac=f"00:1b:2c:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        )
        for number in range(hosts)
    ]  # fmt: skip
    network = Network(network="10.30.0.0/16", prefix_length=16, addresses=65534, asked={"icmp": ("10.30.0.0/16",)})
    scan = Scan(started=time, hosts=tuple(some), networks=(network,), seconds=900.0)
    kinds = ("known", "known", "known", "unknown", "unassigned")
    verdicts = tuple(Verdict(verdict=chance.choice(kinds), ip=one.ip, device=one.hostname) for one in some)
    found = overview([ScanRecord(scan=scan, verdicts=verdicts, compared=True)])
    if found is None:
        raise ValueError("there is a scan")
    return found


def hostile_discovery() -> Overview:
    """Hostile text in every field that a host or NetBox can choose."""
    hosts, verdicts, time = [], [], _began(0.2)
    for number, text in enumerate(HOSTILE):
        device = SnmpBasics(
            sys_name=text, sys_descr=text, sys_object_id=text, location=text, platform=text, manufacturer=text,
            model=text, serials=(text,),
        )  # fmt: skip
        ip = f"10.66.0.{number + 1}"
        said = Evidence(source="icmp", result="answered", time=time, detail=text, by=text)
        hosts.append(
            Host(
                ip=ip, state="contradicting" if number % 2 else "seen", certainty="doubtful", hostname=text,
                reverse_dns=text, mac=text, vendor=text, ports=(22,), banners={"22": text}, snmp=device,
                network="10.66.0.0/24", sources=(said,),
            )
        )  # fmt: skip
        wrong = Contradiction(about=text, netbox=text, found=text, source=text, text=text)
        verdict = "contradicting" if number % 2 else "unknown"
        verdicts.append(
            Verdict(
                verdict=verdict, ip=ip, device=text, device_id=number + 1, dns_name=text, site=text, vrf=text,
                note=text, contradictions=(wrong,) if number % 2 else (),
            )
        )  # fmt: skip
    network = Network(
        network="10.66.0.0/24", prefix_length=24, addresses=254, vrf=HOSTILE[0], tenant=HOSTILE[1],
        asked={"icmp": ("10.66.0.0/24",)},
    )  # fmt: skip
    missing = SourceUse(source="nmap", used=False, missing=HOSTILE[0])
    scans = [
        Scan(started=_began(1.2), hosts=(), networks=(network,), id="a"),
        Scan(
            started=time, hosts=tuple(hosts), networks=(network,), sources=(missing,), complete=False,
            stopped=HOSTILE[1], id="b",
        ),
    ]  # fmt: skip
    some = [ScanRecord(scan=one, compared=True) for one in scans]
    found = overview([some[0], replace(some[1], verdicts=tuple(verdicts))])
    if found is None:
        raise ValueError("there are scans")
    return found

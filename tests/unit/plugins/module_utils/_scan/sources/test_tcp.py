# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source TCP against real hosts and services of the lab."""

from __future__ import annotations

import asyncio
import collections
import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.budget import PacketBudget, Rates
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding, Port
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import tcp, tls
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.connection import Connection, connect
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.tcp import TcpSource
from ansible_collections.invmon.network.tests.lab.lab import ABSENT, ADDRESSES, ADDRESSES6, BEHIND, Lab
from ansible_collections.invmon.network.tests.lab.services import PORTS, TLS_PORTS
from ansible_collections.invmon.network.tests.lab.wire import FIN

FAST = Rates(per_second=100_000, per_subnet_second=100_000)
SERVICES = ADDRESSES["services"]
#: Seconds for what answers, on a busy machine, and for what does not.
LONG, SHORT = 5.0, 0.3
NO_TLS = ("no_tls", "closes_before_tls", "silent_before_tls", "endless_tls")
CERTIFICATES = {name: port for name, port in TLS_PORTS.items() if name not in NO_TLS}


async def ask(
    addresses: Sequence[str], ports: Sequence[int], timeout: float = LONG, rates: Rates = FAST, deadline: float = 0.0
) -> tuple[dict[str, Finding], TcpSource, PacketBudget]:
    budget = PacketBudget(rates, deadline=deadline)
    source = TcpSource(budget, ports=ports, timeout=timeout)
    found = await asyncio.gather(*(source.ask(address, None) for address in addresses))
    return {one.ip: one for one in found}, source, budget


def asked(lab: Lab, addresses: Sequence[str], ports: Sequence[int], timeout: float = LONG) -> dict[str, Finding]:
    return lab.inside(asyncio.run, ask(addresses, ports, timeout))[0]


def outcome(finding: Finding) -> tuple[str, str]:
    (one,) = finding.evidence
    return one.result, one.detail


def test_open_refused_silent_and_unreachable_are_distinguished(lab: Lab) -> None:
    found = asked(lab, [ADDRESSES["plain"], "10.80.3.3", "10.80.2.77", BEHIND], (22, 2222))
    assert {ip: outcome(finding) for ip, finding in found.items()} == {
        ADDRESSES["plain"]: ("refused", "refused 22, 2222"),
        "10.80.3.3": ("silent", "no answer 22 (host unreachable), 2222 (host unreachable)"),
        "10.80.2.77": ("refused", "refused 22, 2222"),
        BEHIND: ("answered", "open 22; refused 2222"),
    }
    assert [(port.number, port.state) for port in found[BEHIND].ports] == [(22, "open"), (2222, "refused")]
    both = [ADDRESSES["tcp_only"], ADDRESSES6["tcp_only"]]
    assert {outcome(finding) for finding in asked(lab, both, (22,)).values()} == {("answered", "open 22")}
    silent = asked(lab, [*both, ADDRESSES["icmp_only"]], (2222, 2223), SHORT)
    assert {outcome(finding) for finding in silent.values()} == {("silent", "no answer 2222, 2223")}


def test_an_error_of_this_host_is_no_silence(lab: Lab) -> None:
    found = asked(lab, ["2001:db8:99::1", "192.0.2.1"], (22,))
    assert {outcome(finding) for finding in found.values()} == {("failed", "failed 22 (Network is unreachable)")}


def test_one_syn_for_each_port_and_no_more_packets_than_were_reserved(services: Lab) -> None:
    ports = [*PORTS.values(), *CERTIFICATES.values(), TLS_PORTS["endless_tls"]]
    with services.capture() as wire:
        _found, _source, budget = services.inside(asyncio.run, ask([SERVICES, ABSENT], ports, 0.9))
    sent = [frame for frame in wire.sent("tcp") if frame.destination == SERVICES]
    assert sorted(frame.port for frame in sent if frame.is_syn) == sorted(ports)
    assert not [frame for frame in sent if frame.flags & FIN], "a reset is one packet, and leaves no socket behind"
    assert wire.lost == 0
    packets = collections.Counter(frame.port for frame in sent)
    assert max(packets[port] for port in PORTS.values()) <= 4 + 8
    assert max(packets[port] for port in ports if port not in PORTS.values()) <= 4 + 35
    # What was reserved for more than there was to read is given back.
    assert len(wire.sent("tcp", "arp")) <= budget.packets.total() < 250


def test_a_repeated_syn_is_taken_from_the_budget(lab: Lab) -> None:
    with lab.capture() as wire:
        _found, _source, budget = lab.inside(asyncio.run, ask([ADDRESSES["icmp_only"]], (22,), 1.3))
    syns = [frame for frame in wire.sent("tcp") if frame.is_syn]
    assert len(syns) == 2
    # And three ARP requests, which the kernel may send. What was reserved for an open port was given back.
    assert budget.packets.total() == 2 + 3


def test_banners(services: Lab) -> None:
    (finding,) = asked(services, [SERVICES], list(PORTS.values())).values()
    banners = {port.number: port.banner for port in finding.ports}
    assert finding.evidence[0].result == "answered"
    assert len(banners) == len(PORTS)
    assert banners[PORTS["ssh"]] == "SSH-2.0-Cisco-1.25"
    assert banners[PORTS["telnet"]] == "User Access Verification"
    assert banners[PORTS["endless"]] == "A" * 199 + "…"
    assert banners[PORTS["control"]] == r"\x1b[2J\x1b]0;owned\x07{{ 7*7 }} \u202e"
    assert 1 <= len(banners[PORTS["slow"]]) <= 5
    assert banners[PORTS["binary"]].startswith(r"\x00\x01\x02")
    assert all(text.isprintable() and len(text) <= 200 for text in banners.values())
    assert {banners[PORTS[name]] for name in ("empty", "closes", "resets", "blank")} == {""}


def test_certificates(services: Lab) -> None:
    (finding,) = asked(services, [SERVICES], list(CERTIFICATES.values())).values()
    ports = {name: next(one for one in finding.ports if one.number == port) for name, port in CERTIFICATES.items()}
    own = ports["self_signed"]
    assert own.tls_names == ("sw.lab.example", "10.80.0.20")
    assert own.tls_issuer == "CN=sw.lab.example,O=Lab"
    assert own.tls_expires > datetime.date.today().isoformat() > ports["expired"].tls_expires > "2000"
    assert ports["many_names"].tls_names == tuple(f"host-{number}.lab.example" for number in range(tls.MOST_NAMES))
    assert ports["hostile_names"].tls_names == (
        r"evil\x1b[31m.lab.example",
        "{{7*7}}.lab.example",
        "x" * 252 + "…",
        "fine.lab.example",
        r"evil\x07cn",
    )
    assert (ports["no_names"].tls_names, ports["no_names"].tls_issuer) == ((), "O=Lab")
    assert ports["old"].tls_names == ("legacy",)


def test_what_is_no_tls_is_an_open_port_with_the_reason(services: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "TLS_SECONDS", 0.5)
    ports = [TLS_PORTS[name] for name in NO_TLS]
    (finding,) = asked(services, [SERVICES], ports).values()
    assert finding.ports == tuple(Port(number=port) for port in ports)
    detail = finding.evidence[0].detail
    assert f"{ports[0]} (no TLS: wrong version number)" in detail
    assert f"{ports[1]} (no " in detail
    assert f"{ports[2]} (no TLS handshake in time)" in detail
    assert f"{ports[3]} (no certificate)" in detail


def test_a_missing_library_is_reported_and_ports_are_found_without_it(
    services: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "x509", None)
    found, source, _budget = services.inside(asyncio.run, ask([SERVICES], (443,)))
    assert found[SERVICES].ports == (Port(number=443),)
    assert "pip install cryptography" in source.use().missing
    assert source.use().used


def test_without_packets_nothing_is_asked(lab: Lab) -> None:
    with lab.capture() as wire:
        found, source, _budget = lab.inside(
            asyncio.run, ask([ADDRESSES["plain"]], (22, 80), rates=Rates(per_second=100, per_subnet=0))
        )
    assert outcome(found[ADDRESSES["plain"]]) == ("not_asked", "not asked 22, 80")
    assert wire.sent("tcp") == []
    assert (source.use().asked, source.use().used) == (0, False)


def test_a_connection_that_the_deadline_cut_short_proves_no_silence(lab: Lab) -> None:
    found, _source, _budget = lab.inside(asyncio.run, ask([ADDRESSES["icmp_only"]], (22,), deadline=0.2))
    result, detail = outcome(found[ADDRESSES["icmp_only"]])
    assert (result, detail.startswith("not asked 22")) == ("not_asked", True)


def test_few_sockets_are_open_at_the_same_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    is_open: list[int] = []
    most = 0

    async def counted(address: str, port: int, *arguments: Any) -> Connection:
        nonlocal most
        is_open.append(port)
        most = max(most, len(is_open))
        connection = await connect(address, port, *arguments)
        is_open.remove(port)
        return connection

    async def with_two() -> Finding:
        source = TcpSource(PacketBudget(FAST), ports=range(20, 40), timeout=0.02, most_sockets=2)
        return await source.ask(ADDRESSES["icmp_only"], None)

    monkeypatch.setattr(tcp, "connect", counted)
    assert outcome(lab.inside(asyncio.run, with_two()))[0] == "silent"
    assert most == 2

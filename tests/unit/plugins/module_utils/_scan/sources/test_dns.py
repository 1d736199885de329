# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source DNS against real name servers of the lab."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.budget import PacketBudget, Rates
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import dns as dns_source
from ansible_collections.invmon.network.plugins.module_utils._scan.sources import name_servers as servers_module
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.dns import DnsSource
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.name_servers import parse_server
from ansible_collections.invmon.network.tests.lab import names
from ansible_collections.invmon.network.tests.lab.lab import ABSENT, ADDRESSES, ADDRESSES6, Lab
from ansible_collections.invmon.network.tests.lab.names import NameServer

FAST = Rates(per_second=100_000, per_subnet_second=100_000)


async def ask(
    addresses: Sequence[str],
    servers: Sequence[str] = (names.RIGHT,),
    timeout: float = 2.0,
    rates: Rates = FAST,
    deadline: float = 0.0,
) -> tuple[dict[str, Finding], DnsSource, PacketBudget]:
    budget = PacketBudget(rates, deadline=deadline)
    source = DnsSource(budget, servers, timeout)
    found = [await source.ask(address, None) for address in addresses]
    return {one.ip: one for one in found}, source, budget


def outcome(finding: Finding) -> tuple[str, str]:
    (one,) = finding.evidence
    return one.result, one.detail


def test_names_with_their_forward_check(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    confirmed = [ADDRESSES["plain"], ADDRESSES6["plain"], ADDRESSES["tcp_only"], ABSENT, names.ALIASED]
    others = [ADDRESSES["icmp_only"], ADDRESSES["refuses_only"]]
    found, source, _budget = lab.inside(asyncio.run, ask([*confirmed, *others, ADDRESSES["firewall"]]))
    assert {found[ip].evidence[0].result for ip in confirmed + others} == {"listed"}
    assert [found[ip].reverse_dns for ip in confirmed] == [
        *("plain.lab.example", "plain.lab.example", "b.lab.example", "absent.lab.example", "rtr.lab.example"),
    ]
    assert {found[ip].reverse_dns_confirmed for ip in confirmed} == {True}
    moved, gone = (found[ip] for ip in others)
    assert (moved.reverse_dns, moved.reverse_dns_confirmed) == ("moved.lab.example", False)
    assert (gone.reverse_dns, gone.reverse_dns_confirmed) == ("gone.lab.example", False)
    assert outcome(moved)[1] == "moved.lab.example, not confirmed: its address is 10.80.0.77"
    several = "3 PTR names: b.lab.example, confirmed; a.lab.example, b.lab.example, c.lab.example"
    assert outcome(found[ADDRESSES["tcp_only"]])[1] == several
    none = found[ADDRESSES["firewall"]]
    assert (outcome(none), none.reverse_dns, none.reverse_dns_confirmed) == (("silent", "no PTR record"), "", None)
    assert {one.evidence[0].by for one in found.values()} == {names.RIGHT}
    assert (source.use().asked, source.use().answered, source.use().missing) == (8, 7, "")


def test_names_that_no_host_can_have_are_reported_and_not_used(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    found, _source, _budget = lab.inside(asyncio.run, ask([ADDRESSES["arp_only"]]))
    (finding,) = found.values()
    assert (finding.reverse_dns, finding.reverse_dns_confirmed) == ("", None)
    result, detail = outcome(finding)
    assert result == "listed"
    assert detail.isprintable()
    assert r"evil\027[31m\.\010.lab.example" in detail


def test_a_reply_that_needs_tcp_is_read_within_limits(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    with lab.capture() as wire:
        found, _source, budget = lab.inside(asyncio.run, ask([ADDRESSES["virtual"]]))
    result, detail = outcome(found[ADDRESSES["virtual"]])
    assert (result, len(detail)) == ("listed", 200)
    assert detail.startswith(f"{dns_source.MOST_NAMES} PTR names: name-")
    # Not the one that the server happened to name first.
    assert found[ADDRESSES["virtual"]].reverse_dns == f"name-0.{'x' * 40}.lab.example"
    assert len(wire.sent("udp", "tcp", "arp")) <= budget.packets.total()
    assert len([one for one in wire.sent("udp") if one.port == 53]) == 1 + dns_source.MOST_CHECKED


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (names.SILENT, "10.80.0.54: no reply"),
        (names.BROKEN, "10.80.0.55: SERVFAIL"),
        (names.REFUSING, "10.80.0.57: REFUSED"),
        ("10.80.0.10", "10.80.0.10: "),  # a host without a name server
    ],
)
def test_a_server_that_fails_is_no_proof_of_no_name(
    lab: Lab, name_servers: dict[str, NameServer], server: str, reason: str
) -> None:
    found, source, _budget = lab.inside(asyncio.run, ask([ADDRESSES["plain"]], [server], 0.2))
    result, detail = outcome(found[ADDRESSES["plain"]])
    assert (result, detail.startswith(reason)) == ("failed", True), detail
    assert source.use().missing.startswith(reason)
    assert (source.use().asked, source.use().used) == (0, False)


def test_another_server_is_asked_and_the_one_that_failed_last_from_then_on(
    lab: Lab, name_servers: dict[str, NameServer]
) -> None:
    before = name_servers[names.SILENT].asked.total()
    addresses = [ADDRESSES["plain"], ADDRESSES["tcp_only"]]
    found, _source, _budget = lab.inside(asyncio.run, ask(addresses, [names.SILENT, names.RIGHT], 1.0))
    assert {one.evidence[0].result for one in found.values()} == {"listed"}
    assert name_servers[names.SILENT].asked.total() == before + 1


def test_servers_that_never_reply_are_not_asked_for_every_address(
    lab: Lab, name_servers: dict[str, NameServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers_module, "MOST_FAILURES", 3)
    before = name_servers[names.SILENT].asked.total()
    addresses = [f"10.80.1.{number}" for number in range(10)]
    found, _source, _budget = lab.inside(asyncio.run, ask(addresses, [names.SILENT], 0.05))
    assert {one.evidence[0].result for one in found.values()} == {"failed"}
    assert "not asked for some time" in found["10.80.1.9"].evidence[0].detail
    assert name_servers[names.SILENT].asked.total() == before + 3


def test_a_slow_server_is_waited_for_within_the_time(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    found, _source, _budget = lab.inside(asyncio.run, ask([ADDRESSES["plain"]], [names.SLOW]))
    assert found[ADDRESSES["plain"]].reverse_dns_confirmed is True
    found, _source, _budget = lab.inside(asyncio.run, ask([ADDRESSES["plain"]], [names.SLOW], deadline=0.3))
    assert outcome(found[ADDRESSES["plain"]])[0] == "not_asked"


def test_without_packets_nothing_is_asked(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    with lab.capture() as wire:
        found, _source, _budget = lab.inside(
            asyncio.run, ask([ADDRESSES["plain"]], rates=Rates(per_second=100, per_subnet=0))
        )
    assert outcome(found[ADDRESSES["plain"]])[0] == "not_asked"
    assert wire.sent("udp") == []


def test_a_missing_library_and_a_wrong_server_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    found, source, _budget = asyncio.run(ask(["192.0.2.1"], ["ns.example"]))
    assert outcome(found["192.0.2.1"])[0] == "failed"
    assert "ns.example" in source.use().missing
    monkeypatch.setattr(servers_module, "dns", None)
    found, source, _budget = asyncio.run(ask(["192.0.2.1"]))
    assert outcome(found["192.0.2.1"]) == ("failed", servers_module.NO_LIBRARY)
    assert source.use().missing == servers_module.NO_LIBRARY


def test_a_host_without_name_servers_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("", encoding="ascii")
    resolver = servers_module.dns.resolver.Resolver
    monkeypatch.setattr(servers_module.dns.resolver, "Resolver", lambda: resolver(str(tmp_path / "resolv.conf")))
    found, _source, _budget = asyncio.run(ask(["192.0.2.1"], ()))
    assert "dns_servers" in outcome(found["192.0.2.1"])[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        (" [2001:db8::1]:54 ", ("2001:db8::1", 54)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_addresses_of_servers(text: str, expected: tuple[str, int]) -> None:
    assert parse_server(text) == expected


@pytest.mark.parametrize("text", ["", "ns.example", "192.0.2.1:0", "192.0.2.1:x", "[::1", "[::1]:99999", "1:2:3"])
def test_what_is_no_address_of_a_server(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        parse_server(text)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine: who is asked when, what is kept, and what a source that misbehaves costs."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan import engine as engine_module
from ansible_collections.invmon.network.plugins.module_utils._scan.budget import PacketBudget, Rates
from ansible_collections.invmon.network.plugins.module_utils._scan.engine import Engine, Sources
from ansible_collections.invmon.network.plugins.module_utils._scan.evidence import evidence
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import (
    ANSWERED,
    DNS,
    FAILED,
    ICMP,
    LISTED,
    NEIGHBOURS,
    ROUTERS,
    SILENT,
    TCP,
    Finding,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Network, SourceUse
from ansible_collections.invmon.network.plugins.module_utils._scan.resolution import Resolution
from ansible_collections.invmon.network.plugins.module_utils._scan.targets import Targets, networks_of

FAST = Rates(per_second=10**7, per_subnet_second=10**7, per_subnet=10**7)


@dataclass
class Asker:
    """A source that answers for some addresses, and notes whom it was asked for."""

    name: str
    answers: Callable[[str], Any] = lambda _address: False
    seconds: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def ask(self, address: str, known: Finding | None) -> Finding:
        self.asked.append(address)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        result = ANSWERED if self.answers(address) else SILENT
        return Finding(ip=address, evidence=(evidence(self.name, result),))

    def use(self) -> SourceUse:
        return SourceUse(source=self.name, used=bool(self.asked))


@dataclass
class Table:
    """A table with entries of these addresses."""

    name: str
    entries: Sequence[str] = ()
    seconds: float = 0.0
    is_complete: bool = True
    asked: list[Sequence[str]] = field(default_factory=list)

    async def read(self, addresses: Sequence[str]) -> AsyncIterator[Finding]:
        self.asked.append(addresses)
        for address in self.entries:
            await asyncio.sleep(self.seconds)
            yield Finding(ip=address, evidence=(evidence(self.name, LISTED),), mac="00:1b:54:00:00:01")

    def use(self) -> SourceUse:
        return SourceUse(source=self.name, used=bool(self.asked))


def engine(targets: Sequence[str], sources: Sources, rates: Rates = FAST, deadline: float = 0.0, **more: Any) -> Engine:
    networks = [*networks_of(targets), *more.pop("networks", ())]
    found = Targets(networks, max_addresses=more.pop("max_addresses", 2**16), exclude=more.pop("exclude", ()))
    return Engine(found, sources, PacketBudget(rates, deadline, Resolution(0)), **more)


def results(found: Engine, address: str) -> dict[str, str]:
    return {one.source: one.result for one in found.findings[address].evidence}


def test_names_are_looked_up_of_what_was_seen_or_is_known() -> None:
    icmp, tcp, dns = Asker(ICMP, lambda ip: ip == "10.0.0.1"), Asker(TCP, lambda ip: ip == "10.0.0.2"), Asker(DNS)
    found = engine(["10.0.0.0/29"], Sources((icmp, tcp), (dns,)), known=frozenset({"10.0.0.5"}))
    assert asyncio.run(found.run()) == ""
    assert sorted(icmp.asked) == sorted(tcp.asked) == [f"10.0.0.{number}" for number in range(1, 7)]
    assert sorted(dns.asked) == ["10.0.0.1", "10.0.0.2", "10.0.0.5"]
    assert sorted(found.findings) == ["10.0.0.1", "10.0.0.2", "10.0.0.5"]
    assert results(found, "10.0.0.1") == {ICMP: ANSWERED, TCP: SILENT, DNS: SILENT}
    assert results(found, "10.0.0.5") == {ICMP: SILENT, TCP: SILENT, DNS: SILENT}


def test_a_target_that_only_a_table_has_is_asked_and_others_are_not_kept() -> None:
    """An IPv6 host of a /64, and an IPv4 host that was silent; the rest is no target, or excluded."""
    networks = [Network(network="2001:db8::/64", prefix_length=64, kind="prefix")]
    table = Table(ROUTERS, ["rubbish", "2001:db8::beef", "10.0.0.3", "10.9.9.9", "2001:db8:1::1"])
    icmp = Asker(ICMP, lambda ip: ip.endswith("beef"))
    known = frozenset({"10.0.0.6", "10.9.9.8"})
    found = engine(["10.0.0.0/29"], Sources((icmp,), tables=(table,)), networks=networks, known=known)
    asyncio.run(found.run())
    assert table.asked == [["10.0.0.6"]], "what NetBox knows and is no target is asked by nothing"
    assert sorted(found.findings) == ["10.0.0.3", "10.0.0.6", "2001:db8::beef"]
    assert results(found, "2001:db8::beef") == {ROUTERS: LISTED, ICMP: ANSWERED}
    assert results(found, "10.0.0.3") == {ROUTERS: LISTED, ICMP: SILENT}
    asked = {network.network: network.asked[ICMP] for network in found.coverage.of(found.targets, {})}
    assert asked == {"10.0.0.0/29": ("10.0.0.1-10.0.0.6",), "2001:db8::/64": ("2001:db8::beef",)}


@pytest.mark.parametrize("is_complete", [True, False])
def test_a_complete_table_asked_the_networks_that_it_lists(is_complete: bool) -> None:
    table = Table(ROUTERS, ["10.0.0.1"], is_complete=is_complete)
    found = engine(["10.0.0.0/29", "10.0.1.0/29"], Sources((Asker(ICMP),), tables=(table,)))
    asyncio.run(found.run())
    listed, other = found.coverage.of(found.targets, {})
    assert listed.asked.get(ROUTERS) == (("10.0.0.1-10.0.0.6",) if is_complete else None)
    assert ROUTERS not in other.asked


def test_a_table_with_a_flood_of_entries_does_not_fill_the_memory() -> None:
    networks = [Network(network="2001:db8::/64", prefix_length=64, kind="prefix")]
    table = Table(ROUTERS, [f"2001:db8::{number:x}" for number in range(1, 300)])
    found = engine([], Sources(tables=(table,)), networks=networks, max_addresses=50)
    asyncio.run(found.run())
    assert len(found.findings) == 50
    (use,) = found.uses()
    assert use.missing == "more than 50 addresses that no source had seen"


def test_the_table_of_this_host_is_read_while_the_scan_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LIVE_SECONDS", 0.02)
    live = Table(NEIGHBOURS, ["10.0.0.1"])
    icmp = Asker(ICMP, lambda _ip: True, seconds=0.03)
    found = engine(["10.0.0.0/29"], Sources((icmp,), live=(live,)), concurrency=1)
    asyncio.run(found.run())
    assert len(live.asked) > 2
    assert list(live.asked[-1]) == [f"10.0.0.{number}" for number in range(1, 7)]
    assert [one.source for one in found.findings["10.0.0.1"].evidence].count(NEIGHBOURS) == 1


def test_a_source_with_a_bug_costs_its_own_evidence_only() -> None:
    def fail(_address: str) -> bool:
        raise KeyError("x")

    class Broken(Table):
        async def read(self, addresses: Sequence[str]) -> AsyncIterator[Finding]:
            yield Finding(ip="10.0.0.2", evidence=(evidence(ROUTERS, LISTED),))
            raise KeyError("y")

    sources = Sources((Asker(ICMP, lambda _ip: True), Asker(TCP, fail)), tables=(Broken(ROUTERS),))
    found = engine(["10.0.0.0/30"], sources)
    assert asyncio.run(found.run()) == ""
    assert results(found, "10.0.0.1") == {ICMP: ANSWERED, TCP: FAILED}
    assert found.findings["10.0.0.1"].evidence[1].detail == "a bug, please report it: KeyError: 'x'"
    assert results(found, "10.0.0.2")[ROUTERS] == LISTED
    assert [use.missing for use in found.uses() if use.source == ROUTERS] == [
        "not read completely: KeyError: 'y' (a bug: please report it)"
    ]


def test_a_source_that_never_ends_is_ended_and_its_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "GRACE", 0.05)
    table = Table(ROUTERS, ["10.0.0.9"])
    stuck = Asker(TCP, seconds=60)
    found = engine(["10.0.0.0/29"], Sources((Asker(ICMP, lambda _ip: True), stuck), tables=(table,)), deadline=0.1)
    assert asyncio.run(found.run()) == "deadline"
    (network,) = found.coverage.of(found.targets, {})
    assert network.not_asked == ("10.0.0.1-10.0.0.6",)
    assert table.asked == []
    assert [use.missing for use in found.uses() if use.source == ROUTERS] == [
        "not read, because the scan ended before (deadline)"
    ]


def test_a_sign_is_kept_where_the_scan_ended_before_the_address_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "GRACE", 0.05)
    found = engine(["10.0.0.1"], Sources((Asker(ICMP, lambda _ip: True),), (Asker(DNS, seconds=60),)))

    async def work() -> str:
        running = asyncio.create_task(found.run())
        await asyncio.sleep(0.05)
        found.budget.interrupt()
        return await running

    assert asyncio.run(work()) == "interrupted"
    assert results(found, "10.0.0.1") == {ICMP: ANSWERED}
    assert found.coverage.of(found.targets, {})[0].not_asked == ("10.0.0.1",)


def test_silent_addresses_take_no_memory() -> None:
    """Sixteen times as many addresses, and what is kept of them is as small as for a small network."""

    def kept(target: str) -> int:
        tracemalloc.start()
        found = engine([target], Sources((Forgetful(ICMP),)))
        asyncio.run(found.run())
        gc.collect()
        octets = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert found.coverage.asked == found.targets.total
        return octets

    kept("10.0.0.0/28")
    small, large = kept("10.0.0.0/25"), kept("10.0.0.0/21")
    # Each /24 has its own packets per second. A record of each address would be 500 KB.
    assert large - small < 150_000


class Forgetful(Asker):
    async def ask(self, address: str, known: Finding | None) -> Finding:
        await asyncio.sleep(0)
        return Finding(ip=address, evidence=(evidence(self.name, SILENT),))

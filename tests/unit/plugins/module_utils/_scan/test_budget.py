# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget of packets: never more on the wire than it permits, as the interface of the scanner counts them."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.budget import (
    DEADLINE,
    INTERRUPTED,
    LEAST_PER_SECOND,
    PacketBudget,
    Rates,
    subnet_of,
    syn_packets,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.engine import Engine, Sources
from ansible_collections.invmon.network.plugins.module_utils._scan.resolution import Resolution, of_this_host
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.icmp import Icmp
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.tcp import TcpSource
from ansible_collections.invmon.network.plugins.module_utils._scan.targets import Targets, networks_of
from ansible_collections.invmon.network.tests.lab.lab import Lab
from ansible_collections.invmon.network.tests.lab.wire import Frame

GENEROUS = Rates(per_second=10**6, per_subnet_second=10**6, per_subnet=10**6)


def most_in_a_second(frames: Iterable[Frame]) -> int:
    times = sorted(frame.time for frame in frames)
    return max((bisect_left(times, time + 1.0) - at for at, time in enumerate(times)), default=0)


def by_subnet(frames: Iterable[Frame]) -> Counter[str]:
    return Counter(subnet_of(frame.destination) for frame in frames)


#: Seconds between two ARP or ND requests of the scanner's kernel, and until the third was sent: Linux has 1 and 3.
BETWEEN, SEARCHED = 0.2, 0.7


@pytest.fixture(scope="module")
def quick(lab: Lab) -> Iterator[Lab]:
    """The lab with a kernel that repeats its ARP and ND requests sooner."""
    names = [f"{family}/neigh/eth0/retrans_time_ms" for family in ("ipv4", "ipv6")]
    lab.scanner.namespace.sysctl(dict.fromkeys(names, str(int(BETWEEN * 1000))))
    yield lab
    lab.scanner.namespace.sysctl(dict.fromkeys(names, "1000"))


def scan(lab: Lab, targets: list[str], rates: Rates, ports: tuple[int, ...] = (), timeout: float = 0.3) -> list[Frame]:
    """Ping, and connect if there are ports; returns what the scanner and its kernel sent until all was over.

    What tests before this one left behind is not of it: only what is sent to the targets counts.
    """
    asked = Targets(networks_of(targets))

    async def run() -> PacketBudget:
        budget = PacketBudget(rates, 60, of_this_host())
        tcp = [TcpSource(budget, ports, timeout)] if ports else []
        await Engine(asked, Sources(first=(Icmp(budget, 0.3), *tcp)), budget).run()
        await asyncio.sleep(SEARCHED)
        return budget

    lab.forget_neighbours()
    with lab.capture() as wire:
        budget = lab.inside(asyncio.run, run())
    assert wire.lost == 0
    frames = [one for one in wire.sent("arp", "nd", "icmp", "tcp", "udp") if asked.network_of(one.destination)]
    assert sum(budget.packets.values()) >= len(frames)
    return frames


def test_no_second_has_more_packets_than_it_may(quick: Lab) -> None:
    """Hosts that answer, hosts that reset, and addresses where nobody is, for which the kernel asks three times."""
    quick.crowd()
    targets = ["10.80.1.1-10.80.1.60", "10.80.0.8-10.80.0.30"]
    frames = scan(quick, targets, Rates(per_second=800, per_subnet_second=600), ports=(22,))
    assert most_in_a_second(frames) <= 800
    for name in ("10.80.0.0/24", "10.80.1.0/24"):
        assert most_in_a_second(frame for frame in frames if subnet_of(frame.destination) == name) <= 600
    assert {"arp", "icmp", "tcp"} <= {frame.protocol for frame in frames}, "otherwise this shows nothing"


def test_no_second_has_more_requests_of_the_kernel_than_it_may(quick: Lab) -> None:
    frames = scan(quick, ["10.80.1.41-10.80.1.140"], Rates(per_second=400, per_subnet_second=400))
    assert {frame.protocol for frame in frames} == {"arp"}
    assert len(frames) > 200, "otherwise this shows nothing"
    assert most_in_a_second(frames) <= 400


def test_no_subnet_gets_more_packets_than_it_may(quick: Lab) -> None:
    frames = scan(quick, ["10.80.1.0/24"], Rates(per_second=10**4, per_subnet_second=10**4, per_subnet=300))
    assert 100 < by_subnet(frames)["10.80.1.0/24"] <= 300


def test_what_the_kernel_repeats_is_counted(quick: Lab) -> None:
    """After a second the kernel repeats a SYN: the router drops all of 10.80.16.0/20."""
    frames = scan(quick, ["10.80.16.1-10.80.16.20"], GENEROUS, ports=(22,), timeout=1.2)
    syns = Counter(frame.destination for frame in frames if frame.is_syn)
    assert set(syns.values()) == {2}
    assert syn_packets(1.2) == 2


def test_an_address_where_nobody_is_costs_no_more_requests_than_are_counted(quick: Lab) -> None:
    addresses = ["10.80.0.99", "2001:db8:80::99"]
    frames = scan(quick, addresses, GENEROUS, ports=(22,))
    assert {frame.protocol for frame in frames} == {"arp", "nd"}
    assert max(Counter(frame.destination for frame in frames).values()) <= quick.inside(of_this_host).solicits


class Clock:
    """Time that passes only where a budget waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(work: Coroutine[Any, Any, Any], clock: Clock) -> Any:
    """Run it in a loop where waiting takes no time."""

    async def quick(awaitable: Any, seconds: float) -> None:
        awaitable.close()
        clock.now += seconds
        raise TimeoutError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "wait_for", quick)
        return asyncio.run(work)


def test_packets_are_granted_evenly_and_at_no_second_more_than_the_rate() -> None:
    clock = Clock()

    async def work() -> list[float]:
        budget = PacketBudget(Rates(per_second=100, per_subnet_second=60), clock=clock, resolution=Resolution(0))
        granted = []
        for number in range(600):
            assert await budget.take(f"10.0.{number % 3}.{number % 250 + 1}")
            granted.append(clock.now)
        return granted

    granted = run(work(), clock)
    assert max(bisect_left(granted, time + 1.0) - at for at, time in enumerate(granted)) <= 100
    assert clock.now < 600 / 78


@pytest.mark.parametrize("rate", [LEAST_PER_SECOND, 100])
def test_a_low_rate_is_kept_where_much_is_sent_at_once(rate: int) -> None:
    clock = Clock()

    async def work() -> list[float]:
        budget = PacketBudget(Rates(per_second=rate, per_subnet_second=rate), clock=clock, resolution=Resolution(0))
        granted = []
        for number in range(60):
            packets = (1, 16, 3, 7)[number % 4]
            assert await budget.take("10.0.0.1", packets)
            granted += [clock.now] * packets
            clock.now += (number % 5) / 10
        return granted

    granted = run(work(), clock)
    assert max(bisect_left(granted, time + 1.0) - at for at, time in enumerate(granted)) <= rate


def test_requests_that_the_kernel_repeats_are_paid_when_they_are_sent() -> None:
    clock = Clock()

    async def work() -> Counter[int]:
        budget = PacketBudget(Rates(per_second=40, per_subnet_second=40), clock=clock)
        sent: Counter[int] = Counter()
        for number in range(1, 100):
            assert await budget.take(f"10.0.0.{number}")
            sent.update([int(clock.now)] * 2 + [int(clock.now) + 1, int(clock.now) + 2])
        return sent

    sent = run(work(), clock)
    assert max(sent[second] for second in range(int(clock.now))) <= 40
    assert clock.now < 99 * 4 / 19


def test_an_address_is_looked_for_once_while_the_kernel_does() -> None:
    clock = Clock()

    async def work() -> list[int]:
        budget = PacketBudget(GENEROUS, clock=clock, label=lambda _address: "")
        totals = []
        for later in (0.0, 1.0, 2.5):
            clock.now = later
            assert await budget.take("10.0.0.1")
            totals.append(budget.packets[""])
        clock.now = 10.0
        assert await budget.take("10.0.0.1")
        return [*totals, budget.packets[""]]

    assert run(work(), clock) == [4, 5, 6, 10]


def test_what_is_given_back_can_be_sent_to_the_same_subnet() -> None:
    async def work() -> list[bool]:
        budget = PacketBudget(Rates(per_subnet=10), resolution=Resolution(0))
        taken = [await budget.take("10.0.0.1", 8), await budget.take("10.0.0.2", 8), await budget.take("10.0.1.1", 8)]
        budget.give_back("10.0.0.1", 7)
        assert budget.was_refused("10.0.0.2")
        assert budget.has_spent
        return [*taken, await budget.take("10.0.0.3", 8), await budget.take("10.0.0.3", 2)]

    assert asyncio.run(work()) == [True, False, True, True, False]


def test_the_deadline_ends_waiting() -> None:
    clock = Clock()

    async def work() -> tuple[int, PacketBudget]:
        budget = PacketBudget(Rates(per_second=10), deadline=5, clock=clock, resolution=Resolution(0))
        granted = 0
        while await budget.take("10.0.0.1"):
            granted += 1
        return granted, budget

    granted, budget = run(work(), clock)
    assert (budget.stopped, budget.seconds_left) == (DEADLINE, 0.0)
    assert 40 <= granted <= 50


def test_an_interruption_ends_waiting() -> None:
    async def work() -> bool:
        budget = PacketBudget(Rates(per_second=1), resolution=Resolution(0))
        await budget.take("10.0.0.1")
        waiting = asyncio.create_task(budget.take("10.0.0.1", 25))
        await asyncio.sleep(0)
        budget.interrupt()
        assert budget.stopped == INTERRUPTED
        return await waiting

    assert not asyncio.run(work())

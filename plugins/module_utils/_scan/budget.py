# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packets that a scan may send, counted so that there are never more on the wire.

A packet is what this host sends, whatever it is: an echo request, a SYN and its repetitions by the kernel, an ACK, and
the ARP or ND requests with which the kernel looks for the MAC of an address. Answers are not counted.

- per_second: in any second, in all.
- per_subnet_second: in any second, into one /24 (IPv4) or /64 (IPv6).
- per_subnet: into one /24 or /64 in all of the scan. Once it is spent, what is left of that subnet is not asked.

A source reserves the most that an action may send before it does it. What the kernel sends later by itself is reserved
for the time when it does. So the wire has less than the budget, never more. What was not sent is given back for the
total of the subnet, but not for the second: that has gone by.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from .ranges import Address, RangeSet, parse_range
from .resolution import Resolution

#: Why a scan ended before it was through (Scan.stopped).
DEADLINE, INTERRUPTED, SPENT = "deadline", "interrupted", "budget"
#: Part of a second's packets that may be sent at once after a pause. The rate is lower by as much, so that no second
#: has more than it may.
BURST = 0.1
#: So many may be sent at once in any case: the most that a source sends (a TLS handshake has 16), with an ARP request.
AT_ONCE = 20
#: A limit for a second that is lower than this cannot be kept.
LEAST_PER_SECOND = 2 * AT_ONCE
#: Seconds after which the kernel repeats a SYN that got no answer (RFC 6298). Linux 6.5 and newer repeat it the
#: first times after this time each, older ones after twice the time before: this counts the more of the two.
SYN_REPEATED_AFTER = 1.0


def syn_packets(timeout: float) -> int:
    """How many SYNs the kernel sends, at most, for one connect() that is given up after so many seconds."""
    return 1 + int(timeout / SYN_REPEATED_AFTER)


def subnet_of(address: Address | str) -> str:
    """The /24 or /64 of an address."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 64), strict=False))


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How many packets may be sent."""

    per_second: int = 3_000
    per_subnet_second: int = 2_000
    per_subnet: int = 20_000


class _Bucket:
    """Packets that may be sent now: they come at a rate, up to what BURST allows."""

    def __init__(self, per_second: float, now: float) -> None:
        self._burst = max(per_second * BURST, AT_ONCE)
        self._rate = max(per_second - self._burst, per_second / 2)
        self._tokens, self._filled = self._burst, now
        self._later: list[float] = []  #: when the kernel sends what was reserved for later, the next first

    def wait(self, packets: int, now: float) -> float:
        """Seconds until so many packets may be sent; 0 if now. For more than a burst, which are sent over some time,
        the bucket must be full, and owes the rest."""
        self._fill(now)
        needed = min(float(packets), self._burst)
        return 0.0 if self._tokens >= needed - 1e-9 else (needed - self._tokens) / self._rate

    def take(self, packets: int, later: Iterable[float]) -> None:
        self._tokens -= packets
        for moment in later:
            heappush(self._later, moment)

    def _fill(self, now: float) -> None:
        while self._later and self._later[0] <= now:
            self._fill_until(heappop(self._later))
            self._tokens -= 1
        self._fill_until(now)

    def _fill_until(self, moment: float) -> None:
        self._tokens = min(self._burst, self._tokens + max(0.0, moment - self._filled) * self._rate)
        self._filled = max(self._filled, moment)


@dataclass
class _Subnet:
    bucket: _Bucket
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    reserved: int = 0


@dataclass
class PacketBudget:
    """The Budget of _scan/source.py. For one event loop; times by `clock` (monotonic seconds)."""

    rates: Rates = field(default_factory=Rates)
    deadline: float = 0.0  #: seconds that the scan may take from now on; 0: no limit
    resolution: Resolution = field(default_factory=Resolution)
    clock: Callable[[], float] = time.monotonic
    #: Under which name the packets to an address are counted, such as that of its network.
    label: Callable[[str], str] = lambda _address: ""

    def __post_init__(self) -> None:
        now = self.clock()
        self._ends = now + self.deadline if self.deadline else float("inf")
        self._all = _Bucket(self.rates.per_second, now)
        self._subnets: dict[str, _Subnet] = {}
        self._resolved: OrderedDict[str, float] = OrderedDict()
        self._interrupted = asyncio.Event()
        self._turn = asyncio.Lock()
        self._refused = RangeSet()
        self.packets: Counter[str] = Counter()  #: that were reserved, by label

    async def take(self, address: str, packets: int = 1, later: int = 0) -> bool:
        """Wait until these packets may be sent to an address; False: they may not be sent any more.

        :param packets: that are sent at once.
        :param later: that the kernel repeats by itself, one after each further SYN_REPEATED_AFTER.
        """
        parsed = ipaddress.ip_address(address)
        subnet = self._subnet(subnet_of(parsed))
        # The first that came is the first to go, and only that one looks at the clock.
        async with subnet.turn:
            while not self.stopped:
                requests = self._requests(address, parsed)
                if subnet.reserved + packets + later + requests > self.rates.per_subnet:
                    self._refused.add(parse_range(address))
                    return False
                at_once = packets + min(requests, 1)
                if wait := subnet.bucket.wait(at_once, self.clock()):
                    await self._sleep(wait)
                elif await self._in_all(at_once):
                    self._reserve(subnet, address, at_once, later, requests)
                    return True
        return False

    def give_back(self, address: str, packets: int) -> None:
        """Return packets that were reserved to be sent at once, and surely were not and will not be sent."""
        subnet = self._subnet(subnet_of(ipaddress.ip_address(address)))
        packets = min(packets, subnet.reserved)
        subnet.reserved -= packets
        self.packets[self.label(address)] -= packets

    async def _in_all(self, packets: int) -> bool:
        """Wait for the packets per second of all subnets; False if nothing may be sent any more."""
        async with self._turn:
            while not self.stopped:
                wait = self._all.wait(packets, self.clock())
                if not wait:
                    # At once: the next in the row must find it taken.
                    self._all.take(packets, ())
                    return True
                await self._sleep(wait)
        return False

    def _reserve(self, subnet: _Subnet, address: str, at_once: int, later: int, requests: int) -> None:
        now = self.clock()
        if requests:
            self._note_requests(address, now)
        moments = [now + number * SYN_REPEATED_AFTER for number in range(1, later + 1)]
        moments += [now + number * self.resolution.between for number in range(1, requests)]
        self._all.take(0, moments)
        subnet.bucket.take(at_once, moments)
        subnet.reserved += at_once + len(moments)
        self.packets[self.label(address)] += at_once + len(moments)

    @property
    def seconds_left(self) -> float:
        """Until the deadline; 0 once the scan was interrupted."""
        return 0.0 if self._interrupted.is_set() else max(0.0, self._ends - self.clock())

    @property
    def stopped(self) -> str:
        """DEADLINE or INTERRUPTED, if nothing may be sent any more."""
        if self._interrupted.is_set():
            return INTERRUPTED
        return DEADLINE if self.clock() >= self._ends else ""

    def interrupt(self) -> None:
        """Let nothing be sent from now on."""
        self._interrupted.set()

    async def wait_stopped(self) -> None:
        """Return when nothing may be sent any more."""
        while not self.stopped:
            await self._sleep(min(self._ends - self.clock(), 3600.0))

    @property
    def has_spent(self) -> bool:
        """Whether the packets of a subnet were used up."""
        return bool(len(self._refused))

    def was_refused(self, address: str) -> bool:
        """Whether an address got none, because those of its subnet were used up."""
        one = parse_range(address)
        return self._refused.covers(one.version, one.first)

    def _subnet(self, name: str) -> _Subnet:
        if name not in self._subnets:
            self._subnets[name] = _Subnet(_Bucket(self.rates.per_subnet_second, self.clock()))
        return self._subnets[name]

    def _requests(self, address: str, parsed: Address) -> int:
        """How many the kernel may send to find the MAC of an address, unless it does or did that already."""
        last = self._resolved.get(address, float("-inf"))
        return 0 if self.clock() - last < self.resolution.seconds else self.resolution.requests(parsed)

    def _note_requests(self, address: str, now: float) -> None:
        self._resolved.pop(address, None)
        self._resolved[address] = now
        while now - next(iter(self._resolved.values())) >= self.resolution.seconds:
            self._resolved.popitem(last=False)

    async def _sleep(self, seconds: float) -> None:
        """For so long, but not beyond the end of the scan."""
        try:
            await asyncio.wait_for(self._interrupted.wait(), max(0.0, min(seconds, self._ends - self.clock())))
        except TimeoutError:
            return

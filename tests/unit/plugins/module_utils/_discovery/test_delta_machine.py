# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any sequence of scans of a network that the test knows: what is said of each host is what the scans prove, no more.

The hosts answer some sources only, and sleep; the scans have sources off or failing, and are cut off; a router is one
host or several, as SNMP was on or not; in the DHCP network each host has another address in each scan.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ansible_collections.invmon.network.plugins.module_utils._discovery.delta import Followed, Patience, follow
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Evidence
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network, Scan, SourceUse
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._discovery.scans import at, snmp
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

STATIC, DHCP = "10.0.0.0/29", "10.0.1.0/29"
SOURCES = ("icmp", "tcp", "neighbours")
ROUTER = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
HOSTS = ("10.0.0.4", "10.0.0.5", "10.0.0.6")
PHONES = ("da:a1:19:00:00:01", "da:a1:19:00:00:02", "00:1b:2c:00:00:03")
SIZE = 8  #: addresses of a network
PATIENCE = Patience(runs=3, days=2)

some_sources = st.sets(st.sampled_from(SOURCES), min_size=1)


@dataclass
class Truth:
    """What the scans have proved of one host."""

    seen_by: set[str] = field(default_factory=set)
    seen_in: list[float] = field(default_factory=list)
    silent_in: list[float] = field(default_factory=list)  #: since it was seen last
    is_silent: bool = False
    is_gone: bool = False
    expected: list[str] = field(default_factory=list)  #: fates of the last scan

    def was_seen(self, day: float, sources: set[str], had_been_asked: bool) -> None:
        self.expected = ["returned"] if self.is_silent else [] if self.seen_in or not had_been_asked else ["new"]
        self.seen_by |= sources
        self.seen_in.append(day)
        self.silent_in, self.is_silent, self.is_gone = [], False, False

    def was_missed(self, day: float, asked: set[str]) -> None:
        self.expected = []
        if not self.seen_in or not self.seen_by <= asked:
            return
        self.silent_in.append(day)
        self.expected = [] if self.is_silent else ["silent"]
        self.is_silent = True
        if not self.is_gone and len(self.silent_in) >= 3 and self.silent_in[-1] - self.silent_in[0] >= 2:
            self.is_gone = True
            self.expected.append("gone")


class Scanned(RuleBasedStateMachine):
    @initialize(answers=st.lists(some_sources, min_size=6, max_size=6))
    def begin(self, answers: list[set[str]]) -> None:
        self.answers = dict(zip((*HOSTS, *PHONES), answers, strict=True))
        for phone in PHONES:
            self.answers[phone].add("neighbours")
        self.truth = {name: Truth() for name in (*HOSTS, *PHONES)}
        self.asked_before: set[str] = set()
        self.router: list[str] = []  #: fates of the last scan
        self.router_known: set[str] = set()
        self.scans: list[Scan] = []
        self.day = 0.0
        self.found = Followed()

    @rule(
        off=st.sets(st.sampled_from(SOURCES), max_size=2),
        failing=st.booleans(),
        snmp_on=st.booleans(),
        cut=st.sampled_from([0, 2, 5, SIZE, SIZE, SIZE]),
        asleep=st.sets(st.sampled_from((*HOSTS, *PHONES))),
        unlisted=st.sets(st.sampled_from(PHONES)),
        addresses=st.permutations(range(1, 7)),
        days=st.sampled_from([0.5, 1.0, 1.0, 2.0]),
    )
    def scan(
        self,
        off: set[str],
        failing: bool,
        snmp_on: bool,
        cut: int,
        asleep: set[str],
        unlisted: set[str],
        addresses: list[int],
        days: float,
    ) -> None:
        self.day += days
        on = set(SOURCES) - off
        asked = on if cut == SIZE else set[str]()
        hosts = (
            self._router(on, snmp_on, cut)
            + self._static(on, cut, asleep)
            + self._phones(on, cut, asleep, unlisted, addresses)
        )
        networks = (_network(STATIC, on | (off if failing else set()), cut), _network(DHCP, on, cut))
        uses = tuple(SourceUse(source=one, used=False, missing="a library") for one in sorted(off) if failing)
        self.scans.append(Scan(started=at(self.day), hosts=tuple(hosts), networks=networks, sources=uses))
        self._expect(on, asked, cut, asleep, hosts)
        self.found = follow(self.scans, PATIENCE)

    def _router(self, on: set[str], snmp_on: bool, cut: int) -> list[Host]:
        """It answers ICMP always."""
        there = [ip for number, ip in enumerate(ROUTER, 1) if number < cut] if "icmp" in on else []
        if not there or not snmp_on:
            return [_host(ip, STATIC, {"icmp"}) for ip in there]
        said = tuple(Evidence(source="icmp", result="answered", time=at(self.day), address=ip) for ip in there)
        joined = replace(_host(there[0], STATIC, {"icmp"}), addresses=tuple(there), sources=said)
        return [replace(joined, snmp=snmp(serials=("S1",)))]

    def _expect_router(self, on: set[str], cut: int, hosts: Iterable[Host]) -> None:
        """It is new where an earlier scan had asked and had not had ICMP, and nothing else ever happens to it."""
        self.router = []
        for one in hosts:
            addresses = {*(one.addresses or (one.ip,))}
            if addresses <= {*ROUTER}:
                is_new = not addresses & self.router_known and addresses & self.asked_before
                self.router += ["new"] if is_new else []
                self.router_known |= addresses
        self.asked_before |= {ip for number, ip in enumerate(ROUTER, 1) if on and number < cut}

    def _static(self, on: set[str], cut: int, asleep: set[str]) -> list[Host]:
        awake = [(number, ip) for number, ip in enumerate(HOSTS, 4) if ip not in asleep]
        return [_host(ip, STATIC, by) for number, ip in awake if number < cut and (by := self.answers[ip] & on)]

    def _phones(self, on: set[str], cut: int, asleep: set[str], unlisted: set[str], addresses: list[int]) -> list[Host]:
        """unlisted: those that the neighbour table lacks in this scan."""
        found = []
        for number, mac in zip(addresses, PHONES, strict=False):
            by = (self.answers[mac] & on) - ({"neighbours"} if mac in unlisted else set())
            if mac not in asleep and by and number < cut:
                learnt = mac if "neighbours" in by else ""
                found.append(replace(_host(f"10.0.1.{number}", DHCP, by), mac=learnt))
        return found

    def _expect(self, on: set[str], asked: set[str], cut: int, asleep: set[str], hosts: Iterable[Host]) -> None:
        shown = list(hosts)
        static = {one.ip: {said.source for said in one.sources} for one in shown}
        self._expect_router(on, cut, shown)
        for number, ip in enumerate(HOSTS, 4):
            if ip in static:
                self.truth[ip].was_seen(self.day, static[ip], ip in self.asked_before)
            else:
                self.truth[ip].was_missed(self.day, on if number < cut else set())
            self.asked_before |= {ip} if on and number < cut else set()
        by_mac = {one.mac: {said.source for said in one.sources} for one in shown if one.mac}
        nameless = any(one.network == DHCP and not one.mac for one in shown)
        for mac in PHONES:
            if mac in by_mac:
                self.truth[mac].was_seen(self.day, by_mac[mac], len(self.scans) > 1)
            else:
                self.truth[mac].was_missed(self.day, set() if nameless else asked)

    @invariant()
    def each_change_is_what_the_scans_prove(self) -> None:
        said: dict[str, list[str]] = {}
        for one in self.found.changes:
            said.setdefault(self._name(one.ip, one.mac), []).append(one.fate)
        expected = {name: truth.expected for name, truth in getattr(self, "truth", {}).items() if truth.expected}
        expected |= {"router": some} if (some := getattr(self, "router", None)) else {}
        assert {name: sorted(some) for name, some in said.items()} == {
            name: sorted(some) for name, some in expected.items()
        }

    @invariant()
    def no_host_is_lost_and_none_is_invented(self) -> None:
        rows = [self._name(one.host.ip, one.host.mac) for one in self.found.hosts if one.first_seen]
        for name, truth in getattr(self, "truth", {}).items():
            assert rows.count(name) == bool(truth.seen_in)
            for one in self.found.hosts:
                if self._name(one.host.ip, one.host.mac) == name and one.first_seen:
                    assert (one.first_seen, one.last_seen) == (at(truth.seen_in[0]), at(truth.seen_in[-1]))
                    assert (one.state == "gone") == truth.is_gone
        assert set(rows) <= {"router", *getattr(self, "truth", {})}

    @invariant()
    def the_order_of_hosts_and_scans_does_not_matter(self) -> None:
        scans = getattr(self, "scans", [])
        if len(scans) % 3 != 2:
            return
        chance = random.Random(len(scans))
        mixed = [
            replace(one, hosts=tuple(chance.sample(one.hosts, len(one.hosts))), networks=one.networks[::-1])
            for one in scans
        ]
        assert follow(chance.sample(mixed, len(mixed)), PATIENCE) == self.found

    def _name(self, ip: str, mac: str) -> str:
        """Of a phone its MAC, of the router one name for all of its addresses."""
        return mac or ("router" if ip in ROUTER else ip)


def _host(ip: str, network: str, by: set[str]) -> Host:
    said = tuple(Evidence(source=one, result="answered", time=at(0)) for one in sorted(by))
    return Host(ip=ip, network=network, state="seen", alive=True, certainty="proven", sources=said)


def _network(network: str, sources: set[str], cut: int) -> Network:
    """cut: the deadline came before this address."""
    base = network.split("/")[0].rpartition(".")[0]
    asked: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(sources), (f"{base}.0-{base}.{cut - 1}",)) if cut else {}
    left = (f"{base}.{cut}-{base}.{SIZE - 1}",) if cut < SIZE else ()
    return Network(network=network, prefix_length=29, dhcp=network == DHCP, asked=asked, not_asked=left)


TestScanned = Scanned.TestCase
TestScanned.settings = settings(max_examples=80, stateful_step_count=10, deadline=None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials go only where the rule permits it, and no datagram without the budget: seen by those that get them."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.access import Rule
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.basics import SnmpSource
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.links import LinksSource
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.routers import RoutersSource
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.found import ECHOED
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.snmp.boxes import (
    Packets,
    access,
    system,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ADDRESSES = tuple(f"127.6.0.{number}" for number in range(1, 7))
COMMUNITY = "c0mmunity-of-the-test"


class Listeners:
    """Hosts that answer nothing, and keep what they get."""

    def __init__(self, stack: ExitStack) -> None:
        self.sockets = {}
        self.port = 0
        for address in ADDRESSES:
            listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            listener.bind((address, self.port))
            listener.setblocking(False)
            self.port = listener.getsockname()[1]
            self.sockets[address] = listener

    def received(self) -> dict[str, list[bytes]]:
        """All datagrams since the last call, of the addresses that got any."""
        found: dict[str, list[bytes]] = {}
        for address, listener in self.sockets.items():
            with suppress(BlockingIOError):
                while datagram := listener.recv(65535):
                    found.setdefault(address, []).append(datagram)
        return found


@pytest.fixture(scope="module")
def listeners() -> Iterator[Listeners]:
    with ExitStack() as stack:
        yield Listeners(stack)


some = st.frozensets(st.sampled_from(ADDRESSES))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    targets=some,
    known=some,
    heard=some,
    expected=some,
    agents=some,
    networks=st.none() | some,
    all_targets=st.booleans(),
    versions=st.sampled_from([["2"], ["2", "3"]]),
)
def test_no_datagram_leaves_for_an_address_outside_the_rule(
    listeners: Listeners,
    targets: frozenset[str],
    known: frozenset[str],
    heard: frozenset[str],
    expected: frozenset[str],
    agents: frozenset[str],
    networks: frozenset[str] | None,
    all_targets: bool,
    versions: list[str],
) -> None:
    rule = Rule(
        is_target=targets.__contains__, known=known, expected=expected, agents=agents, networks=bool(networks),
        all_targets=all_targets,
    )  # fmt: skip
    asking = access(
        listeners.port,
        rule,
        community=COMMUNITY,
        versions=versions,
        username="reader",
        networks=sorted(networks or ()),
        timeout=0.02,
    )

    async def scan() -> None:
        source = SnmpSource(asking)
        findings = [Finding(ip=ip, evidence=(ECHOED,) if ip in heard else ()) for ip in ADDRESSES]
        await asyncio.gather(*(source.ask(finding.ip, finding) for finding in findings))
        for tables in (
            RoutersSource(asking, sorted(agents)),
            LinksSource(asking, [(address,) for address in ADDRESSES]),
        ):
            assert [finding async for finding in tables.read(ADDRESSES)] == []

    asyncio.run(scan())
    permitted = agents | targets & (known | (heard | expected if networks or all_targets else frozenset()))
    reached = listeners.received()
    assert set(reached) == permitted & (networks or frozenset(ADDRESSES))
    for datagrams in reached.values():
        if "3" in versions:
            assert COMMUNITY.encode() not in datagrams[0]
        assert any(COMMUNITY.encode() in datagram for datagram in datagrams)


def test_an_agent_that_answers_snmpv3_is_sent_no_community() -> None:
    """Although the options name SNMPv2c first."""

    class Recording(UserAgent):
        datagrams: list[bytes] = []

        def _handle(self, data: bytes) -> list[bytes]:
            self.datagrams.append(data)
            return super()._handle(data)

    user: dict[str, Any] = {"versions": ["2", "3"], "username": USERNAME, "auth_passphrase": PASSPHRASE}
    with Recording(system("sw-1")) as agent:
        found = asyncio.run(SnmpSource(access(agent.port, community=COMMUNITY, **user)).ask("127.0.0.1", HEARD))
    assert found.snmp
    assert (found.snmp.version, found.snmp.sys_name) == ("3", "sw-1")
    assert agent.datagrams
    assert not any(COMMUNITY.encode() in datagram for datagram in agent.datagrams)


def test_an_agent_that_refuses_the_user_is_there() -> None:
    user: dict[str, Any] = {"versions": ["3"], "username": "stranger", "auth_passphrase": PASSPHRASE}
    with UserAgent(system("sw-1")) as agent:
        found = asyncio.run(SnmpSource(access(agent.port, **user)).ask("127.0.0.1", HEARD))
    assert (found.evidence[0].result, found.snmp) == ("answered", None)
    assert "refused the SNMPv3 user" in found.evidence[0].detail


def test_why_a_host_is_not_asked_is_evidence(listeners: Listeners) -> None:
    rule = Rule(is_target=lambda address: address != ADDRESSES[1])
    found = asyncio.run(SnmpSource(access(listeners.port, rule)).ask(ADDRESSES[0], None))
    assert found.evidence[0].result == "not_asked"
    assert found.evidence[0].detail == "NetBox does not have it on a device, and it is in no network of snmp_networks"
    found = asyncio.run(SnmpSource(access(listeners.port, rule)).ask(ADDRESSES[1], None))
    assert found.evidence[0].detail.startswith("it is not a target")
    asking = access(listeners.port, Rule(is_target=bool, known=frozenset(ADDRESSES)), networks=["10.0.0.0/8"])
    found = asyncio.run(SnmpSource(asking).ask(ADDRESSES[0], None))
    assert found.evidence[0].result == "not_asked"
    assert "outside the networks" in found.evidence[0].detail
    assert listeners.received() == {}


@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_datagram_is_sent_beyond_the_budget(most: int) -> None:
    """What came before counts: the agent answered."""
    with FaultAgent(system("sw-1")) as agent:
        budget = Packets(most)
        found = asyncio.run(SnmpSource(access(agent.port, budget=budget)).ask("127.0.0.1", HEARD))
        assert len(agent.requests) == len(budget.taken) == most
    assert found.evidence[0].result == ("answered" if most else "not_asked")


HEARD = Finding(ip="127.0.0.1", evidence=(ECHOED,))


def test_repeated_datagrams_are_taken_from_the_budget(listeners: Listeners) -> None:
    budget = Packets(2)
    asking = access(listeners.port, budget=budget, retries=5, timeout=0.02)
    found = asyncio.run(SnmpSource(asking).ask(ADDRESSES[0], Finding(ip=ADDRESSES[0], evidence=(ECHOED,))))
    assert (len(listeners.received()[ADDRESSES[0]]), found.evidence[0].result) == (2, "not_asked")


def test_the_end_of_the_scan_ends_the_threads(listeners: Listeners) -> None:
    """A scan that was cancelled leaves no thread that goes on asking."""

    async def scan() -> None:
        source = SnmpSource(access(listeners.port, retries=10, timeout=0.05))
        asking = asyncio.create_task(source.ask(ADDRESSES[0], Finding(ip=ADDRESSES[0], evidence=(ECHOED,))))
        await asyncio.sleep(0.12)
        asking.cancel()

    asyncio.run(scan())
    time.sleep(0.1)
    listeners.received()
    time.sleep(0.15)
    assert listeners.received() == {}

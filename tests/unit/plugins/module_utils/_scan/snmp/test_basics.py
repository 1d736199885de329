# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an agent reports of itself, and that an agent with many addresses is read once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Self, TypeVar

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding, SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.access import Access, Rule
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.basics import SnmpSource
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.basics_reading import (
    read_basics,
    read_identity,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Request
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.found import ECHOED
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.snmp.boxes import (
    Packets,
    Variables,
    access,
    chassis,
    interfaces,
    mac_of,
    modules,
    own,
    replayed,
    system,
)

T = TypeVar("T")

SERIAL = "JPE12345678"


def basics_of(session: Session) -> tuple[SnmpBasics, str]:
    return read_basics(session, read_identity(session)[0])


def box(name: str = "sw-1", addresses: Sequence[str] = ("10.0.0.1",)) -> Variables:
    return [*system(name), *chassis(SERIAL), *interfaces(range(1, 5)), *own(addresses)]


def test_a_device_shows_who_it_is_in_few_requests() -> None:
    session = replayed(box(addresses=("10.0.0.1", "2001:db8::1", "127.0.0.1", "fe80::1", "224.0.0.5")))
    found, problem = basics_of(session)
    assert (found.sys_name, found.location, found.engine_id) == ("sw-1", "Brno, rack 7", "8000f58b03001c73aabbcc")
    assert (found.platform, found.manufacturer, found.model) == ("arista_eos", "Arista Networks", "DCS-7048-T")
    assert (found.serials, found.addresses, problem) == ((SERIAL,), ("10.0.0.1", "2001:db8::1"), "")
    assert found.macs == tuple(mac_of(number).hex(":") for number in range(5))
    assert session.statistics["requests"] <= 8


def test_a_device_that_routes_is_known_as_a_router() -> None:
    assert read_identity(replayed(box()))[1]
    host = [(oid, kind, 2 if oid[-4:] == (1, 4, 1, 0) else value) for oid, kind, value in box()]
    assert not read_identity(replayed(host))[1]


def test_an_old_device_has_its_addresses_in_the_old_table() -> None:
    rows: Variables = [((1, 3, 6, 1, 2, 1, 4, 20, 1, 2, 10, 0, 0, 9), "int", 1)]
    found, _problem = basics_of(replayed(system("old"), rows))
    assert found.addresses == ("10.0.0.9",)


def test_addresses_that_are_not_of_one_interface_are_no_own_addresses() -> None:
    found, _problem = basics_of(replayed(box(), own(["10.0.0.255"], kind=3), own(["10.0.0.7"], kind=2)))
    assert found.addresses == ("10.0.0.1",)


@pytest.mark.parametrize(
    "index", [(1,), (1, 4), (1, 4, 10, 0, 0), (1, 4, 10, 0, 0, 256), (1, 3, 10, 0, 0, 1), (9, 1, 1)]
)
def test_an_index_that_is_no_address_is_left_out(index: tuple[int, ...]) -> None:
    odd: Variables = [((1, 3, 6, 1, 2, 1, 4, 34, 1, 4, *index), "int", 1)]
    assert basics_of(replayed(box(), odd))[0].addresses == ("10.0.0.1",)


def test_of_very_many_interfaces_the_same_ones_are_kept() -> None:
    many = [f"10.{number // 256}.{number % 256}.1" for number in range(3000)]
    found, _problem = basics_of(replayed(system("bng"), interfaces(range(1, 3000)), own(many)))
    assert (len(found.macs), len(found.addresses)) == (512, 1024)
    assert found.addresses[0] == "10.0.0.1"


def asked(agent: FaultAgent, heard: bool = True) -> Finding:
    """What the source finds at an agent."""
    rule = Rule(is_target=lambda _address: True, known=frozenset(["127.0.0.1"]))
    known = Finding(ip="127.0.0.1", evidence=(ECHOED,) if heard else ())
    return asyncio.run(SnmpSource(access(agent.port, rule, retries=2, timeout=0.1)).ask("127.0.0.1", known))


def test_a_chassis_that_was_not_read_completely_has_no_serial() -> None:
    """The row of another chassis, or the vendor's own word, may be among what is missing."""
    large = [*box(), *modules(range(10, 200))]
    problems = set()
    for values in range(150, 1600, 100):
        found, problem = basics_of(replayed(large, limits=Limits(values=values)))
        assert found.serials == (() if problem else (SERIAL,))
        problems.add(problem)
    assert problems == {"", "its chassis was not read completely"}


def test_an_agent_that_falls_silent_in_a_table_was_there() -> None:
    def silent(request: Request, reply: bytes) -> list[bytes]:
        return [] if any(oid[:7] == (1, 3, 6, 1, 2, 1, 47) for oid in request.oids) else [reply]

    with FaultAgent(box(), silent) as agent:
        finding = asked(agent)
    assert finding.snmp
    assert (finding.snmp.sys_name, finding.snmp.serials) == ("sw-1", ())
    assert finding.evidence[0].detail == "its chassis was not read completely"


def test_an_agent_is_evidence_with_the_version_that_it_answered() -> None:
    with FaultAgent(box()) as agent:
        finding = asked(agent)
    assert (finding.evidence[0].source, finding.evidence[0].result) == ("snmp", "answered")
    assert finding.snmp
    assert finding.snmp.version == "2c"


def test_silence_is_evidence_of_silence() -> None:
    """Of a host that was not heard either, silence is no surprise: its request is not repeated."""
    with FaultAgent(box(), community="another") as agent:
        finding = asked(agent)
        assert (finding.evidence[0].result, finding.snmp, len(agent.requests)) == ("silent", None, 2)
        assert asked(agent, heard=False).evidence[0].result == "silent"
        assert len(agent.requests) == 3


def test_an_agent_that_sends_rubbish_is_there() -> None:
    with FaultAgent(box(), lambda request, reply: [reply[:-5]]) as agent:
        finding = asked(agent)
    assert (finding.evidence[0].result, finding.snmp) == ("answered", None)


class Replaying(Access):
    """Each session is one with the same device."""

    def of(self, variables: Variables) -> Self:
        self.variables, self.requests = variables, 0
        return self

    async def read(self, host: str, work: Callable[[Session], T], *, heard: bool | None, seconds: float = 30.0) -> T:
        def read() -> T:
            with replayed(self.variables) as session:
                result = work(session)
                self.requests += session.statistics["requests"]
                return result

        return await asyncio.get_running_loop().run_in_executor(None, read)


def sweep(variables: Variables, addresses: Sequence[str]) -> tuple[int, list[Finding]]:
    """How many requests it takes to ask an agent at all of its addresses, and what was found."""
    asking = Replaying(read_options({"community": "public"}), Rule(is_target=lambda _address: True), Packets())
    source = SnmpSource(asking.of(variables))

    async def ask() -> list[Finding]:
        return await asyncio.gather(*(source.ask(address, None) for address in addresses))

    found = asyncio.run(ask())
    return asking.requests, found


def test_a_router_with_many_addresses_is_read_once() -> None:
    addresses = [f"10.0.{number // 256}.{number % 256}" for number in range(1, 301)]
    requests, found = sweep(box(addresses=addresses), addresses)
    assert {finding.snmp.serials for finding in found if finding.snmp} == {(SERIAL,)}
    assert requests < 2 * len(addresses) + 20


def test_devices_with_a_copied_engine_id_are_read_each() -> None:
    """None of them lists the address of another."""
    requests, _found = sweep(box(addresses=("10.0.0.1",)), [f"10.0.0.{number}" for number in range(2, 12)])
    assert requests >= 10 * 5

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ARP and ND tables of routers, LLDP and CDP neighbours: what is an entry, what shows a host, what is neither."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Finding
from ansible_collections.invmon.network.plugins.module_utils._scan.macs import normal_mac
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.access import Access, Rule
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.basics_reading import (
    read_basics,
    read_identity,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.link_tables import Neighbour, read_links
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.links import LinksSource
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.neighbour_tables import read_neighbours
from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.routers import RoutersSource
from ansible_collections.invmon.network.plugins.module_utils._scan.source import TableSource
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.snmp.boxes import (
    Variables,
    access,
    cdp,
    interfaces,
    lldp,
    lldp_port,
    mac_of,
    media,
    octets_of,
    physical,
    replayed,
    system,
)
from hypothesis import given
from hypothesis import strategies as st

HOST, HOST6 = "10.0.0.9", "2001:db8::9"
MAC = mac_of(9).hex(":")
CISCO = (1, 3, 6, 1, 4, 1, 9, 1, 1208)


def entries_of(*parts: Variables) -> list[tuple[str, str, str, str]]:
    """The entries of such a router: address, MAC, result, and the last word of the detail."""
    entries, problem = read_neighbours(replayed(system("rtr-1"), *parts).agent)
    assert problem == ""
    return [(one.address, one.mac, one.result, one.detail.partition(": ")[2]) for one in entries]


@pytest.mark.parametrize(
    ("kind", "state", "shows"),
    [
        (3, 1, ("answered", "reachable")),
        (3, 2, ("listed", "stale")),
        (3, 3, ("listed", "delay")),
        (3, 4, ("listed", "probe")),
        (3, 6, ("listed", "unknown")),
        (3, None, ("listed", "an entry")),
        (5, 1, ("answered", "its own address")),
        (5, 6, ("answered", "its own address")),
        (4, 1, ("answered", "reachable")),
        (4, 6, None),  # configured: it shows that a person wrote it down
        (4, None, None),
        (2, 1, None),  # invalid
        (3, 5, None),  # invalid
        (3, 7, None),  # incomplete: it is being looked for
    ],
)
@pytest.mark.parametrize("address", [HOST, HOST6])
def test_the_state_of_an_entry_decides_what_it_shows(
    address: str, kind: int, state: int | None, shows: tuple[str, str] | None
) -> None:
    expected = [(address, MAC, *shows)] if shows else []
    assert entries_of(physical(address, mac_of(9), kind, state)) == expected


@pytest.mark.parametrize(("kind", "count"), [(3, 1), (1, 1), (4, 0), (2, 0)])
def test_the_older_table_is_read_where_the_new_one_has_no_ipv4(kind: int, count: int) -> None:
    found = entries_of(physical(HOST6, mac_of(9)), media(HOST, mac_of(9), kind))
    assert sorted(entry[0] for entry in found) == [HOST, HOST6][1 - count :]
    assert len(entries_of(physical(HOST, mac_of(9)), media("10.0.0.10", mac_of(10)))) == 1


def v6_media(address: str, kind: int = 2, state: int = 1, valid: int = 1, length: bool = False) -> Variables:
    """An entry of ipv6NetToMediaTable."""
    entry = (1, 3, 6, 1, 2, 1, 55, 1, 12, 1)
    index = (7, *([16] if length else []), *octets_of(address))
    numbers = {3: kind, 4: state, 6: valid}
    return [
        ((*entry, 2, *index), "octets", mac_of(9)),
        *(((*entry, column, *index), "int", number) for column, number in numbers.items()),
    ]


def test_older_tables_of_ipv6() -> None:
    assert entries_of(media(HOST, mac_of(1)), v6_media(HOST6)) == [
        (HOST, mac_of(1).hex(":"), "listed", "an entry"),
        (HOST6, MAC, "answered", "reachable"),
    ]
    assert entries_of(v6_media(HOST6, length=True, state=2)) == [(HOST6, MAC, "listed", "stale")]
    assert (
        entries_of(v6_media(HOST6, valid=2), v6_media("2001:db8::8", state=5), v6_media("2001:db8::7", kind=3, state=2))
        == []
    )
    cisco: Variables = [((1, 3, 6, 1, 4, 1, 9, 10, 86, 1, 1, 3, 1, 3, 2, 16, *octets_of(HOST6)), "octets", mac_of(9))]
    assert entries_of(system("rtr-1", CISCO), cisco) == [(HOST6, MAC, "listed", "an entry")]
    assert entries_of(cisco) == []


def test_an_address_with_two_macs_has_two_entries_and_one_on_two_interfaces_counts_once() -> None:
    stale, reachable = physical(HOST, mac_of(9), state=2), physical(HOST, mac_of(9), state=1, if_index=8)
    other = physical(HOST, mac_of(5), if_index=9)
    assert sorted(entries_of(stale, reachable, other)) == [
        (HOST, mac_of(5).hex(":"), "answered", "reachable"),
        (HOST, MAC, "answered", "reachable"),
    ]


@pytest.mark.parametrize(
    "index",
    [
        (7,),
        (7, 1),
        (7, 1, 4),
        (7, 1, 4, 10, 0, 0),
        (7, 1, 4, 10, 0, 0, 9, 9),
        (7, 1, 4, 10, 0, 0, 256),
        (7, 2, 4, 10, 0, 0, 9),
        (7, 1, 16, 10, 0, 0, 9),
        (7, 16, 3, 97, 46, 98),
        (7, 1, 4, 127, 0, 0, 1),
        (7, 1, 4, 224, 0, 0, 5),
        (7, 2, 16, 254, 128, *range(14)),
        (7, 4, 20, *range(20)),
    ],
)
def test_an_index_that_is_no_address_of_a_host_is_left_out(index: tuple[int, ...]) -> None:
    odd: Variables = [((1, 3, 6, 1, 2, 1, 4, 35, 1, 4, *index), "octets", mac_of(9))]
    assert entries_of(odd, physical(HOST, mac_of(1))) == [(HOST, mac_of(1).hex(":"), "answered", "reachable")]


@pytest.mark.parametrize("mac", [b"", bytes(6), bytes(5), b"00:1c:73:00:00:09 and more", bytes(300)])
def test_a_value_that_is_no_mac_is_left_out(mac: bytes) -> None:
    assert entries_of(physical(HOST, mac)) == []


def test_a_huge_table_is_cut_and_that_is_reported() -> None:
    rows = [
        row
        for number in range(20_100)
        for row in media(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", mac_of(9))
    ]
    entries, problem = read_neighbours(replayed(system("bng"), rows).agent)
    assert len(entries) == 20_000
    assert "max_rows" in problem


def asking(port: int, **options: Any) -> Access:
    """To devices that NetBox has, 127.0.0.1 and 127.0.0.2."""
    known = frozenset(["127.0.0.1", "127.0.0.2"])
    return access(port, Rule(is_target=lambda _address: True, known=known), **options)


def found_by(source: TableSource) -> list[Finding]:
    async def read() -> list[Finding]:
        return [finding async for finding in source.read(())]

    return asyncio.run(read())


def test_a_loop_ends_and_what_was_read_before_counts() -> None:
    class Looping(FaultAgent):
        def after(self, oid: tuple[int, ...]) -> tuple[int, ...] | None:
            following = super().after(oid)
            return self.oids[-8] if following is None or following == self.oids[-1] else following

    rows = [row for number in range(1, 30) for row in media(f"10.0.0.{number}", mac_of(number))]
    with Looping([*system("rtr-1"), *rows]) as agent:
        source = RoutersSource(asking(agent.port), ["127.0.0.1"])
        found = found_by(source)
    assert {finding.ip for finding in found} >= {"10.0.0.1", "10.0.0.20"}
    assert "not read completely" in source.use().missing
    assert len(agent.requests) < 100


def test_entries_are_evidence_by_the_router_and_a_router_that_fails_is_named() -> None:
    with FaultAgent([*system("rtr-1"), *physical(HOST, mac_of(9), state=2)]) as agent:
        source = RoutersSource(asking(agent.port, timeout=0.05), ["127.0.0.1", "127.0.0.2"])
        (finding,) = found_by(source)
    (entry,) = finding.evidence
    assert (finding.ip, finding.mac) == (HOST, MAC)
    assert (entry.result, entry.by, entry.mac) == ("listed", "rtr-1 (127.0.0.1)", MAC)
    use = source.use()
    assert (use.used, use.asked, use.answered, use.method) == (True, 2, 1, "ARP and ND tables of 1 agent")
    assert use.missing.startswith("127.0.0.2: v2c: no answer")


def test_without_routers_those_that_answered_and_forward_are_read() -> None:
    with FaultAgent([*system("rtr-1"), *physical(HOST, mac_of(9))]) as agent:
        assert [one.ip for one in found_by(RoutersSource(asking(agent.port), forwarding=lambda: {"127.0.0.1"}))] == [
            HOST
        ]
        source = RoutersSource(asking(agent.port))
        assert found_by(source) == []
    assert (source.use().used, source.use().missing) == (
        False,
        "no router answered SNMP: set routers, or let SNMP reach them",
    )


def links_of(*parts: Variables) -> list[Neighbour]:
    found, problem = read_links(replayed(system("sw-1"), *parts).agent)
    assert problem == ""
    return found


def test_lldp_neighbours_have_name_address_mac_and_the_port_that_sees_them() -> None:
    neighbour = lldp(3, "ap-7", mac_of(9), [HOST, HOST6])
    assert links_of(neighbour, lldp_port(3, "Ethernet3")) == [
        Neighbour(address, "ap-7", MAC, "Ethernet3", "LLDP") for address in (HOST, HOST6)
    ]


def test_an_lldp_neighbour_without_an_address_is_none_that_a_scan_can_ask() -> None:
    assert links_of(lldp(3, "ap-7", mac_of(9), [])) == []


def test_an_lldp_address_without_its_length() -> None:
    short: Variables = [((1, 0, 8802, 1, 1, 2, 1, 4, 2, 1, 3, 0, 3, 1, 1, *octets_of(HOST)), "int", 2)]
    assert [one.address for one in links_of(lldp(3, "ap-7", mac_of(9), []), short)] == [HOST]


def test_an_agent_with_the_newer_lldp_tables_only() -> None:
    entry, index = (1, 3, 111, 2, 802, 1, 1, 13, 1, 4), (0, 4, 1, 9)
    newer: Variables = [
        ((*entry, 1, 1, 5, *index), "int", 4),
        ((*entry, 1, 1, 6, *index), "octets", mac_of(9)),
        ((*entry, 1, 1, 10, *index), "octets", b"ap-7"),
        ((*entry, 2, 1, 3, *index, 1, 4, *octets_of(HOST)), "int", 2),
    ]
    expected = [Neighbour(HOST, "ap-7", MAC, "Ethernet4", "LLDP")]
    assert links_of(newer, interfaces([4])) == expected
    assert [one.port for one in links_of(newer, lldp(3, "ap-7", mac_of(9), [HOST]), lldp_port(3, "Ethernet3"))] == [
        "Ethernet3"
    ]


def test_cdp_neighbours() -> None:
    """The serial that NX-OS adds to the name is not part of it."""
    assert links_of(cdp(4, "sw-2.example.com(FOC1234X0AB)", HOST), interfaces([4])) == [
        Neighbour(HOST, "sw-2.example.com", "", "Ethernet4", "CDP")
    ]
    name: Variables = [((1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1, 17, 4, 1), "octets", b"sw-2")]
    assert [one.name for one in links_of(cdp(4, "FOC1234X0AB", HOST), name)] == ["sw-2"]


@pytest.mark.parametrize(
    "tail",
    [(), (3,), (0, 3), (0, 3, 1), (0, 3, 1, 1), (0, 3, 1, 6, 6, 0, 1, 2, 3, 4, 5), (0, 3, 1, 1, 4, 10, 0, 0, 999)],
)
def test_an_lldp_index_that_is_no_address_is_left_out(tail: tuple[int, ...]) -> None:
    odd: Variables = [((1, 0, 8802, 1, 1, 2, 1, 4, 2, 1, 3, *tail), "int", 2)] if tail else []
    assert links_of(lldp(3, "ap-7", mac_of(9), []), odd) == []


def test_links_are_evidence_with_device_and_port() -> None:
    hostile = "ap\x1b[31m-7"
    with FaultAgent([*system("sw-1"), *lldp(3, hostile, mac_of(9), [HOST]), *lldp_port(3, "Ethernet3")]) as agent:
        source = LinksSource(asking(agent.port), [("127.0.0.1",)])
        (finding,) = found_by(source)
    (entry,) = finding.evidence
    assert (entry.source, entry.result, entry.by) == ("links", "listed", "sw-1 Ethernet3")
    assert entry.detail == f"LLDP, ap[31m-7, {MAC}"
    assert (finding.names, finding.mac) == (("ap[31m-7",), "")


def test_a_device_is_asked_where_it_answered_snmp_and_not_again_where_it_did_not() -> None:
    with FaultAgent([*system("sw-1"), *lldp(3, "ap-7", mac_of(9), [HOST])]) as agent:
        access = asking(agent.port)
        access.answered = {"127.0.0.1": False}
        source = LinksSource(access, [("127.0.0.1",)])
        assert (found_by(source), agent.requests) == ([], [])
        assert source.use().missing == "no device of NetBox answered SNMP"
        access.answered = {"127.0.0.2": False, "127.0.0.1": True}
        assert [one.ip for one in found_by(LinksSource(access, [("127.0.0.2", "127.0.0.1")]))] == [HOST]


def test_links_are_complete_only_if_all_devices_were_read() -> None:
    """What a device has that did not answer, no other one has. One that must not be asked is asked in no scan."""
    with FaultAgent([*system("sw-1"), *lldp(3, "ap-7", mac_of(9), [HOST])]) as agent:
        access = asking(agent.port)
        access.answered = {"127.0.0.1": True, "127.0.0.2": False}
        devices = [("127.0.0.1",), ("127.0.0.2",)]
        source = LinksSource(access, devices)
        assert len(found_by(source)) == 1
        assert (source.is_complete, source.use().missing) == (False, "1 device of NetBox did not answer SNMP")
        source = LinksSource(access, [("127.0.0.1",), ("127.0.0.3",)])
        assert len(found_by(source)) == 1
        assert (source.is_complete, source.use().missing) == (True, "")


ROOTS = (
    (1, 3, 6, 1, 2, 1, 4, 35, 1),
    (1, 3, 6, 1, 2, 1, 4, 22, 1),
    (1, 3, 6, 1, 2, 1, 55, 1, 12, 1),
    (1, 3, 6, 1, 4, 1, 9, 10, 86, 1, 1, 3, 1),
    (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1),
    (1, 0, 8802, 1, 1, 2, 1, 4, 2, 1),
    (1, 0, 8802, 1, 1, 2, 1, 3, 7, 1),
    (1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 2, 1),
    (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1),
    (1, 3, 6, 1, 2, 1, 4, 34, 1),
    (1, 3, 6, 1, 2, 1, 4, 20, 1),
    (1, 3, 6, 1, 2, 1, 2, 2, 1),
)
rows = st.tuples(
    st.sampled_from(ROOTS),
    st.integers(1, 20),
    st.lists(st.sampled_from([0, 1, 2, 4, 6, 16, 255, 256, 2**32 - 1]), max_size=22),
    st.one_of(
        st.tuples(st.just("octets"), st.binary(max_size=20)),
        st.tuples(st.just("int"), st.integers(-(2**31), 2**31 - 1)),
        st.tuples(st.just("oid"), st.lists(st.integers(0, 2**32 - 1), max_size=5).map(tuple)),
        st.tuples(st.just("ip"), st.binary(max_size=6)),
    ),
)


@given(st.lists(rows, max_size=25), st.booleans())
def test_nothing_that_an_agent_returns_breaks_a_reader(found: list[Any], cisco: bool) -> None:
    variables = [((*root, column, *index), *value) for root, column, index, value in found]
    session = replayed(system("box", CISCO) if cisco else system("box"), variables)
    entries, _problem = read_neighbours(session.agent)
    links, _problem = read_links(session.agent)
    basics, _routes = read_identity(session)
    with_tables, _problem = read_basics(session, basics)
    listed = [*(one.address for one in entries), *(one.address for one in links), *with_tables.addresses]
    for address in listed:
        assert str(ipaddress.ip_address(address)) == address
    assert all(normal_mac(one.mac) == one.mac for one in entries)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab is what its description says: checked with programs and sockets that are not ours."""

from __future__ import annotations

import json
import socket
import subprocess

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.reversename
import pytest
from ansible_collections.invmon.network.tests.lab import lab as network
from ansible_collections.invmon.network.tests.lab import names
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, ADDRESSES6, Lab
from ansible_collections.invmon.network.tests.lab.names import NameServer
from ansible_collections.invmon.network.tests.lab.namespaces import program
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    GET,
    FaultAgent,
    encode,
    encode_int,
    encode_varbind,
)

#: Seconds for what should come, on a busy machine, and for what should not.
LONG, SHORT = 5.0, 0.15


def tcp(address: str, port: int, timeout: float = LONG) -> str:
    try:
        with socket.create_connection((address, port), timeout=timeout):
            return "open"
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    except OSError as error:
        return str(error.errno and error.strerror)


def neighbours() -> dict[str, dict[str, str]]:
    done = subprocess.run([program("ip"), "-j", "neigh"], capture_output=True, text=True, check=True)
    return {row["dst"]: row for row in json.loads(done.stdout)}


def echo(address: str, timeout: float = LONG) -> bool:
    """Does it answer an ICMP echo request from a datagram socket?"""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    protocol = socket.IPPROTO_ICMPV6 if ":" in address else socket.IPPROTO_ICMP
    with socket.socket(family, socket.SOCK_DGRAM, protocol) as asker:
        asker.settimeout(timeout)
        asker.connect((address, 0))
        asker.send(bytes((128 if ":" in address else 8, 0, 0, 0, 0, 1, 0, 1)) + b"lab")
        try:
            return bool(asker.recv(100))
        except OSError:
            return False


@pytest.mark.parametrize(
    ("host", "icmp", "port_22"),
    [
        ("plain", True, "refused"),
        ("icmp_only", True, "silent"),
        ("tcp_only", False, "open"),
        ("arp_only", False, "silent"),
        ("refuses_only", False, "refused"),
    ],
)
def test_each_host_answers_what_it_should(lab: Lab, host: str, icmp: bool, port_22: str) -> None:
    for addresses in (ADDRESSES, ADDRESSES6):
        assert lab.inside(echo, addresses[host], LONG if icmp else SHORT) is icmp
    assert lab.inside(tcp, ADDRESSES[host], 22, SHORT if port_22 == "silent" else LONG) == port_22
    table = lab.inside(neighbours)
    assert table[ADDRESSES[host]]["lladdr"] == table[ADDRESSES6[host]]["lladdr"] == network.MACS[host]


def test_the_firewall_resets_for_everyone_and_lets_one_host_through(lab: Lab) -> None:
    assert {lab.inside(tcp, f"10.80.2.{number}", 443) for number in (1, 10, 200)} == {"refused"}
    assert lab.inside(tcp, network.BEHIND, 22) == "open"
    assert lab.inside(echo, network.BEHIND)
    assert not lab.inside(echo, "10.80.2.11", SHORT)


def test_the_router_has_many_addresses_and_empty_networks(lab: Lab) -> None:
    assert {lab.inside(echo, address) for address in network.ROUTER_ADDRESSES[::60]} == {True}
    assert lab.inside(tcp, "10.80.3.7", 22) == "No route to host"
    assert lab.inside(tcp, "10.80.20.7", 22, SHORT) == "silent"


def test_the_router_answers_arp_for_hosts_that_are_not_there(lab: Lab) -> None:
    for address in ("10.80.6.7", "10.80.6.200"):
        assert lab.inside(tcp, address, 22, SHORT) == "silent"
        assert lab.inside(neighbours)[address]["lladdr"] == network.MACS["router"]


def snmp_get(address: str, oid: tuple[int, ...]) -> bytes:
    """The reply to a GET of SNMPv2c."""
    names = encode(0x30, encode_varbind(oid, "null", None))
    pdu = encode(GET, encode_int(1) + encode_int(0) + encode_int(0) + names)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(2)
        asker.sendto(encode(0x30, encode_int(1) + encode(0x04, b"public") + pdu), (address, 161))
        return asker.recv(1500)


def test_an_agent_runs_on_a_host(lab: Lab) -> None:
    name = (1, 3, 6, 1, 2, 1, 1, 5, 0)
    rows = [(name, "octets", b"rtr-brno")]
    with lab.host("router").run(FaultAgent, rows, address=ADDRESSES["router"], port=161):
        assert b"rtr-brno" in lab.inside(snmp_get, ADDRESSES["router"], name)
    with pytest.raises(OSError, match="assign"):
        FaultAgent(rows, address=ADDRESSES["router"])


def test_the_crowd_answers(lab: Lab) -> None:
    assert {lab.inside(echo, address) for address in lab.crowd()} == {True}


def test_an_unplugged_host_is_silent_and_comes_back(lab: Lab) -> None:
    with lab.host("plain").unplugged():
        assert not lab.inside(echo, ADDRESSES["plain"], SHORT)
    assert lab.inside(echo, ADDRESSES["plain"])


def test_the_capture_counts_what_was_sent(lab: Lab) -> None:
    lab.forget_neighbours()
    with lab.capture() as wire:
        lab.inside(tcp, ADDRESSES["refuses_only"], 2222)
        lab.inside(echo, ADDRESSES["plain"])
        lab.inside(echo, ADDRESSES6["plain"])
    assert wire.lost == 0
    assert [(frame.destination, frame.port) for frame in wire.sent("tcp") if frame.is_syn] == [("10.80.0.15", 2222)]
    assert {frame.destination for frame in wire.sent("icmp")} == {ADDRESSES["plain"], ADDRESSES6["plain"]}
    assert ADDRESSES["plain"] in {frame.destination for frame in wire.sent("arp")}
    assert ADDRESSES6["plain"] in {frame.destination for frame in wire.sent("nd")}


def test_a_name_server_answers_programs_that_are_not_ours(lab: Lab, name_servers: dict[str, NameServer]) -> None:
    query = dns.message.make_query("plain.lab.example.", "A")
    reply = lab.inside(dns.query.udp, query, names.RIGHT, 2)
    assert [str(one) for rrset in reply.answer for one in rrset] == [ADDRESSES["plain"]]
    many = dns.message.make_query(dns.reversename.from_address(ADDRESSES["virtual"]), "PTR")
    reply, by_tcp = lab.inside(dns.query.udp_with_fallback, many, names.RIGHT, 2)
    assert (len(reply.answer[0]), by_tcp) == (80, True)
    assert lab.inside(dns.query.udp, query, names.BROKEN, 2).rcode() == dns.rcode.SERVFAIL
    with pytest.raises(dns.exception.Timeout):
        lab.inside(dns.query.udp, query, names.SILENT, 0.1)
    assert name_servers[names.SILENT].asked["A"] == 1

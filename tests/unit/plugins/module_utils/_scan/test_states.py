# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a host and how certain it is; and the networks in which something answers for all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import (
    ANSWERED,
    DNS,
    FAILED,
    ICMP,
    LINKS,
    LISTED,
    NOT_ASKED,
    TCP,
    Evidence,
    Finding,
    Port,
    SnmpBasics,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network
from ansible_collections.invmon.network.plugins.module_utils._scan.joining import count_networks, join_hosts
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.found import (
    AGENT,
    ECHOED,
    FILTERED,
    MACS,
    NETWORK,
    OPENED,
    QUIET,
    RESET,
    address,
    agent,
    evidence,
    finding,
    in_table,
    joined,
    near,
)

KEPT = evidence(ICMP, NOT_ASKED)
NAMED = evidence(DNS, LISTED)


def judged(*found: Evidence) -> tuple[str, str, bool | None]:
    (host,) = joined([finding(1, *found)])
    return host.state, host.certainty, host.alive


@pytest.mark.parametrize("own", [ECHOED, OPENED, AGENT])
def test_what_the_host_sends_itself_proves_it(own: Evidence) -> None:
    assert judged(QUIET, FILTERED, own) == ("seen", "proven", True)


@pytest.mark.parametrize("sign", [RESET, near(MACS[1]), in_table(MACS[1]), evidence(LINKS, LISTED, by="sw-1 Gi1/0/1")])
def test_what_others_can_give_for_a_host_makes_it_likely(sign: Evidence) -> None:
    assert judged(QUIET, FILTERED, sign) == ("seen", "likely", True)


@pytest.mark.parametrize("found", [(QUIET,), (QUIET, FILTERED), (QUIET, NAMED), (FILTERED, evidence(ICMP, FAILED))])
def test_a_host_that_was_asked_and_not_heard_is_silent(found: tuple[Evidence, ...]) -> None:
    """A name in DNS is not a host; a source that cannot be used here at all does not make the others worthless."""
    assert judged(*found) == ("silent", "", False)


@pytest.mark.parametrize("found", [(), (KEPT,), (KEPT, FILTERED), (NAMED,), (evidence(ICMP, FAILED),)])
def test_nothing_follows_where_a_source_was_kept_from_asking(found: tuple[Evidence, ...]) -> None:
    assert judged(*found) == ("not_asked", "", None)


def test_two_hosts_that_claim_one_address_contradict() -> None:
    assert judged(ECHOED, near(MACS[1]), in_table(MACS[2])) == ("contradicting", "doubtful", None)
    assert judged(in_table(MACS[1], by="rtr-1"), in_table(MACS[2], by="rtr-2"))[0] == "contradicting"


def test_a_virtual_address_of_routers_contradicts_nothing() -> None:
    assert judged(near("00:00:5e:00:01:01"), in_table(MACS[2])) == ("seen", "likely", True)


def test_two_interfaces_of_one_host_contradict_nothing() -> None:
    tables = (near(MACS[1]), in_table(MACS[2]))
    (host,) = joined([finding(1, AGENT, *tables, snmp=SnmpBasics(sys_name="rtr-1", macs=MACS[1:3]))])
    assert host.state == "seen"


def test_in_a_dhcp_network_the_host_that_is_there_now_counts() -> None:
    network = Network(network="192.0.2.0/24", prefix_length=24, dhcp=True)
    (host,) = joined([finding(1, near(MACS[1]), in_table(MACS[2]))], network=network)
    assert host.state == "seen"


def test_a_router_is_seen_though_one_of_its_addresses_is_not() -> None:
    serials = ("FOC1234X0AB",)
    contested = finding(2, AGENT, near(MACS[1]), in_table(MACS[2]), snmp=SnmpBasics(serials=serials))
    (host,) = joined([agent(1, serials=serials), contested])
    assert (host.state, host.certainty) == ("seen", "proven")


def counted(findings: list[Finding]) -> Network:
    (network,) = count_networks([NETWORK], findings)
    return network


def test_a_network_that_refuses_alike_shows_no_host() -> None:
    """A firewall resets for 214 addresses; behind it 40 hosts answer themselves."""
    hosts = [finding(number, ECHOED, OPENED) for number in range(1, 41)]
    firewall = [finding(number, QUIET, RESET) for number in range(41, 255)]
    found = joined([*hosts, *firewall])
    assert [host.state for host in found].count("seen") == 40
    assert {(host.state, host.certainty, host.alive) for host in found[40:]} == {("silent", "doubtful", None)}
    assert (counted([*hosts, *firewall]).refuses_alike, counted([*hosts, *firewall]).seen) == (True, 40)


def test_a_network_in_which_some_refuse_has_hosts() -> None:
    found = [finding(number, QUIET, RESET if number % 2 else FILTERED) for number in range(1, 255)]
    assert [host.state for host in joined(found)].count("seen") == 127
    assert (counted(found).refuses_alike, counted(found).seen) == (False, 127)


def test_silent_addresses_count_though_nothing_is_kept_of_them() -> None:
    """Of an address that is silent there is no finding: that it was asked is noted of its network."""
    found = [finding(number, QUIET, RESET) for number in range(1, 31)]
    asked = replace(NETWORK, asked={"tcp": ("192.0.2.1-192.0.2.254",)})
    assert {host.state for host in joined(found, network=asked)} == {"seen"}
    assert {host.state for host in joined(found, network=replace(asked, asked={"tcp": (str(address(1)),)}))} == {
        "silent"
    }
    (network,) = count_networks([asked], found)
    assert (network.refuses_alike, network.seen) == (False, 30)


def test_a_few_hosts_that_refuse_are_hosts() -> None:
    found = [finding(number, QUIET, RESET) for number in range(1, 16)]
    assert {host.certainty for host in joined(found)} == {"likely"}


def test_a_firewall_before_a_part_of_a_network_is_found_in_that_part() -> None:
    network = Network(network="198.18.0.0/20", prefix_length=20)
    behind = [Finding(ip=f"198.18.5.{number}", evidence=(RESET,)) for number in range(1, 255)]
    elsewhere = [
        Finding(ip=f"198.18.6.{number}", evidence=(RESET if number < 20 else FILTERED,)) for number in range(255)
    ]
    hosts = join_hosts([*behind, *elsewhere], [network])
    assert {host.ip.split(".")[2] for host in hosts if host.state == "seen"} == {"6"}
    assert not count_networks([network], [*behind, *elsewhere])[0].refuses_alike


def test_a_router_that_answers_arp_for_all_shows_no_host() -> None:
    proxied = [finding(number, QUIET, FILTERED, in_table(MACS[0])) for number in range(1, 30)]
    own = [finding(100, QUIET, in_table(MACS[9])), finding(101, ECHOED, in_table(MACS[0]))]
    found = {host.ip: host for host in joined([*proxied, *own])}
    assert {found[address(number)].certainty for number in range(1, 30)} == {"doubtful"}
    assert (found[address(100)].certainty, found[address(101)].certainty) == ("likely", "proven")


def test_the_many_addresses_of_one_router_are_explained_by_its_own_list() -> None:
    own = tuple(address(number) for number in range(1, 40))
    router = agent(1, sys_name="rtr-1", macs=MACS[:1], addresses=own)
    found = [router, *(finding(number, QUIET, in_table(MACS[0])) for number in range(2, 40))]
    (host,) = joined(found)
    assert (len(host.addresses), counted(found).seen) == (39, 39)


def test_a_network_that_echoes_at_every_address_shows_no_host() -> None:
    everywhere = [finding(number, ECHOED, RESET) for number in range(1, 255)]
    everywhere[8] = finding(9, ECHOED, OPENED)
    assert [host.ip for host in joined(everywhere) if host.state == "seen"] == [address(9)]


def test_a_router_with_all_addresses_of_a_network_is_one_host() -> None:
    router = agent(1, sys_name="rtr-1", addresses=tuple(address(number) for number in range(1, 255)))
    assert counted([router, *(finding(number, ECHOED) for number in range(2, 255))]).seen == 254


def test_many_hosts_that_echo_are_hosts() -> None:
    """All addresses that NetBox has in a network, and only these, were asked."""
    assert {host.certainty for host in joined([finding(number, ECHOED) for number in range(1, 200)])} == {"proven"}


def record() -> Host:
    web, ssh = Port(number=443, banner="nginx"), Port(number=22, state="refused")
    basics = SnmpBasics(serials=("FOC1234X0AB",), sys_name="sw-1")
    first = finding(1, ECHOED, snmp=basics, ports=(ssh,), rtt_ms=2.5, reverse_dns="sw-1.example.com")
    other = finding(2, ECHOED, snmp=SnmpBasics(serials=basics.serials, model="C9300"), ports=(web, Port(number=22)))
    (host,) = joined([first, other])
    return host


def test_the_record_has_what_was_learnt_at_any_address() -> None:
    host = record()
    assert (host.hostname, host.reverse_dns, host.rtt_ms) == ("sw-1", "sw-1.example.com", 2.5)
    assert (host.ports, host.banners, host.network) == ((22, 443), {"443": "nginx"}, "192.0.2.0/24")
    assert host.snmp
    assert (host.snmp.model, host.snmp.sys_name) == ("C9300", "sw-1")


def test_a_host_is_called_as_it_calls_itself_then_as_neighbours_do_then_as_dns_confirms() -> None:
    names = {"reverse_dns": "ptr.example.com", "reverse_dns_confirmed": True}
    hosts = joined(
        [
            finding(1, ECHOED, AGENT, snmp=SnmpBasics(sys_name="own"), names=("lldp",), **names),
            finding(2, ECHOED, names=("lldp",), **names),
            finding(3, ECHOED, **names),
            finding(4, ECHOED, reverse_dns="ptr.example.com", reverse_dns_confirmed=False),
        ]
    )
    assert [host.hostname for host in hosts] == ["own", "lldp", "ptr.example.com", ""]


def test_the_narrowest_network_holds_a_host() -> None:
    networks = [
        Network(network="192.0.2.0/24", prefix_length=24),
        Network(network="192.0.2.10-192.0.2.20", prefix_length=24),
        Network(network="192.0.2.0/28", prefix_length=28),
        Network(network="2001:db8::/64", prefix_length=64),
    ]
    ips = ["192.0.2.1", "192.0.2.12", "192.0.2.16", "192.0.2.200", "2001:db8::1", "203.0.113.1"]
    hosts = join_hosts([Finding(ip=ip, evidence=(evidence(TCP, ANSWERED),)) for ip in ips], networks)
    assert [host.network for host in hosts] == [
        "192.0.2.0/28",
        "192.0.2.10-192.0.2.20",
        "192.0.2.10-192.0.2.20",
        "192.0.2.0/24",
        "",
        "2001:db8::/64",
    ]

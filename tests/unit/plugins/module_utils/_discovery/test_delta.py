# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes from scan to scan: nothing is concluded from silence alone, and a host is recognised at another address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from ansible_collections.invmon.network.plugins.module_utils._discovery.delta import Followed, Patience, follow
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Evidence
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Scan, SourceUse
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._discovery.scans import (
    NET,
    at,
    host,
    net,
    scan,
    snmp,
)

MAC, OTHER_MAC = "00:1b:2c:00:00:01", "00:1b:2c:00:00:02"
PC, RANDOM = "10.0.0.5", "da:a1:19:00:00:01"


def fates(*scans: Scan, patience: Patience | None = None) -> list[tuple[str, str]]:
    """(fate, address) of the changes of the last scan."""
    return [(one.fate, one.ip) for one in follow(scans, patience).changes]


def ever(*scans: Scan) -> set[str]:
    """The fates of all scans."""
    return {fate for end in range(1, len(scans) + 1) for fate, _ip in fates(*scans[:end])}


def state_of(found: Followed, ip: str = PC) -> str:
    (known,) = (one for one in found.hosts if one.host.ip == ip)
    return known.state


def test_the_first_scan_has_no_changes() -> None:
    assert fates(scan(0, host(PC))) == []


def test_a_host_is_new_where_a_scan_had_asked_before_and_not_where_none_had() -> None:
    elsewhere = host("10.9.0.1", network="10.9.0.0/28")
    wider = scan(1, host(PC), elsewhere, networks=[net(), net("10.9.0.0/28")])
    assert fates(scan(0), wider) == [("new", PC)]


def test_a_host_is_gone_after_three_silent_scans_over_two_days_and_the_evidence_is_named() -> None:
    scans = [scan(0, host(PC)), scan(1), scan(2)]
    assert fates(*scans[:2]) == [("silent", PC)]
    assert fates(*scans) == []
    (gone,) = follow([*scans, scan(3)]).changes
    assert (gone.fate, gone.ip, gone.since, gone.last_seen) == ("gone", PC, at(1), at(0))
    assert gone.evidence == {"runs": 3, "sources": ["icmp"], "scans": [at(1), at(2), at(3)]}
    after = follow([*scans, scan(3), scan(4)])
    assert after.changes == []
    assert state_of(after) == "gone"


def test_many_scans_on_one_day_make_nothing_gone() -> None:
    assert ever(scan(0, host(PC)), *(scan(1 + number / 24) for number in range(12))) == {"silent"}
    assert fates(scan(0, host(PC)), scan(1), scan(1.1), scan(2.99)) == [("gone", PC)]


def test_one_scan_is_never_enough() -> None:
    with pytest.raises(ValueError, match="two scans"):
        Patience(runs=1)
    assert fates(scan(0, host(PC)), scan(30), patience=Patience(2, 0)) == [("silent", PC)]


def test_a_source_that_saw_it_once_and_is_off_now_proves_nothing() -> None:
    first = scan(0, host(PC, ["icmp", "tcp"]))
    only_icmp = [scan(day, networks=[net(asked=["icmp"])]) for day in range(1, 9)]
    found = follow([first, *only_icmp])
    assert ever(first, *only_icmp) == set()
    assert state_of(found) == "not_asked"
    assert fates(first, *only_icmp, scan(9), scan(10), scan(11)) == [("gone", PC)]


@pytest.mark.parametrize("source", ["snmp", "nmap"])
def test_a_source_that_asks_only_what_others_saw_need_not_have_asked_a_silent_host(source: str) -> None:
    silent = [scan(day) for day in range(1, 4)]
    assert fates(scan(0, host(PC, ["icmp", source])), *silent) == [("gone", PC)]
    assert fates(scan(0, host(PC, [source])), *silent) == []
    asked = [scan(day, networks=[net(asked=["icmp", "tcp", source])]) for day in range(1, 4)]
    assert fates(scan(0, host(PC, [source])), *asked) == [("gone", PC)]


def test_a_source_that_failed_was_not_asked() -> None:
    use = SourceUse(source="icmp", used=False, missing="a privilege")
    assert ever(scan(0, host(PC)), *(scan(day, sources=(use,)) for day in range(1, 9))) == set()
    failed = Evidence(source="icmp", result="failed", time=at(1))
    trouble = host(PC, state="silent", alive=False, sources=(failed,))
    assert ever(scan(0, host(PC)), *(scan(day, trouble) for day in range(1, 9))) == set()


def test_what_a_deadline_cut_off_was_not_asked() -> None:
    cut = net(asked=[], not_asked=("10.0.0.4-10.0.0.14",))
    cut = replace(cut, asked={"icmp": ("10.0.0.1-10.0.0.3",)})
    assert ever(scan(0, host(PC)), *(scan(day, networks=[cut]) for day in range(1, 9))) == set()


def test_a_table_that_still_lists_a_host_keeps_it_from_being_silent_and_a_name_server_does_not() -> None:
    def listed(source: str) -> Sequence[Scan]:
        said = (
            Evidence(source=source, result="listed", time=at(0)),
            Evidence(source="icmp", result="silent", time=at(0)),
        )
        return [scan(day, host(PC, state="silent", alive=False, sources=said)) for day in range(1, 9)]

    assert ever(scan(0, host(PC)), *listed("routers")) == set()
    assert fates(scan(0, host(PC)), *listed("dns")[:3]) == [("gone", PC)]


def test_a_host_that_sleeps_every_other_run_is_silent_and_returns_and_is_never_gone() -> None:
    scans = [scan(day, *([host(PC)] if day % 2 == 0 else [])) for day in range(12)]
    assert fates(*scans) == [("silent", PC)]
    assert fates(*scans[:11]) == [("returned", PC)]


def test_what_was_gone_returns_with_when_it_was_seen_before() -> None:
    (change,) = follow([scan(0, host(PC)), *map(scan, range(1, 5)), scan(5, host(PC))]).changes
    assert (change.fate, change.since, change.last_seen) == ("returned", at(1), at(0))
    assert change.evidence == {"was": "gone"}


def test_a_host_with_another_address_is_known_by_its_serial_number_and_its_old_address_is_another_host() -> None:
    device = snmp(serials=("S1",), sys_name="r1")
    older = scan(0, host(PC, snmp=device))
    newer = scan(1, host(PC), host("10.0.0.9", snmp=device))
    assert fates(older, newer) == [("new", PC), ("moved", "10.0.0.9")]
    (moved,) = (one for one in follow([older, newer]).changes if one.fate == "moved")
    assert (moved.before, moved.after) == ({"addresses": [PC]}, {"addresses": ["10.0.0.9"]})
    assert fates(older, scan(1, host("10.0.0.9", mac=MAC)), scan(2, host("10.0.0.11", mac=MAC))) == [
        ("moved", "10.0.0.11")
    ]


def test_a_mac_that_several_hosts_have_or_that_routers_share_moves_nothing() -> None:
    for mac in ("00:00:5e:00:01:07", RANDOM):
        assert fates(scan(0, host(PC, mac=mac)), scan(1, host("10.0.0.9", mac=mac))) == [
            ("new", "10.0.0.9"),
            ("silent", PC),
        ]
    proxy = [host(f"10.0.0.{number}", mac=MAC) for number in (2, 3)]
    assert fates(scan(0, host(PC, mac=MAC)), scan(1, host(PC, mac=MAC), *proxy)) == [
        ("new", "10.0.0.2"),
        ("new", "10.0.0.3"),
    ]


def test_another_device_at_the_address_is_a_change_with_both_serial_numbers() -> None:
    older = scan(0, host(PC, mac=MAC, vendor="Cisco", snmp=snmp(serials=("S1",), sys_name="r1")))
    newer = scan(1, host(PC, mac=OTHER_MAC, vendor="Juniper", snmp=snmp(serials=("S2",), sys_name="r1")))
    (change,) = follow([older, newer]).changes
    assert change.fate == "changed"
    assert change.before == {"serials": ["S1"], "mac": MAC, "vendor": "Cisco"}
    assert change.after == {"serials": ["S2"], "mac": OTHER_MAC, "vendor": "Juniper"}


def test_a_name_is_compared_with_one_of_the_same_kind_only() -> None:
    named = host(PC, hostname="r1", reverse_dns="r1.example.com", snmp=snmp(sys_name="r1"))
    without = host(PC, hostname="r1.example.com", reverse_dns="r1.example.com")
    assert fates(scan(0, named), scan(1, without)) == []
    other = replace(named, hostname="r2", snmp=snmp(sys_name="r2"))
    (change,) = follow([scan(0, named), scan(1, without), scan(2, other)]).changes
    assert (change.before, change.after) == ({"sys_name": "r1"}, {"sys_name": "r2"})


def test_a_port_is_opened_or_closed_only_if_it_was_asked_both_times() -> None:
    def with_ports(day: float, ports: tuple[int, ...], sample: tuple[int, ...], asked: Sequence[str] = ()) -> Scan:
        return scan(day, host(PC, ports=ports), networks=[net(asked=asked or ["icmp", "tcp"])], tcp_ports=sample)

    (change,) = follow([with_ports(0, (22,), (22, 80)), with_ports(1, (80,), (22, 80))]).changes
    assert (change.before, change.after) == ({"ports": [22]}, {"ports": [80]})
    assert fates(with_ports(0, (22,), (22,)), with_ports(1, (80,), (80,))) == []
    assert fates(with_ports(0, (22,), (22,)), with_ports(1, (), (22,), ["icmp"])) == []
    between = with_ports(1, (), (22,), ["icmp"])
    assert fates(with_ports(0, (22,), (22,)), between, with_ports(2, (), (22,))) == [("changed", PC)]


def test_no_port_of_a_router_is_closed_that_may_be_open_at_an_address_that_was_not_seen() -> None:
    addresses = ("10.0.0.1", "10.0.0.2")
    device = snmp(serials=("S1",))
    whole = host("10.0.0.1", addresses=addresses, snmp=device, ports=(22,))
    half = host("10.0.0.1", snmp=device, ports=())
    assert ever(scan(0, whole, tcp_ports=(22,)), scan(1, half, tcp_ports=(22,))) == set()
    closed = host("10.0.0.1", addresses=addresses, snmp=device, ports=())
    assert ever(scan(0, whole, tcp_ports=(22,)), scan(1, closed, tcp_ports=(22,))) == {"changed"}


def test_one_router_seen_as_eight_hosts_while_snmp_is_off_is_one_router() -> None:
    addresses = tuple(f"10.0.0.{number}" for number in range(1, 9))
    router = host(addresses[0], addresses=addresses, snmp=snmp(serials=("S1",)))
    apart = [host(one) for one in addresses]
    scans = [scan(0, *apart), scan(1, router), scan(2, *apart), scan(3, *apart[:1], *apart[2:]), scan(4, router)]
    for end in range(1, 6):
        assert fates(*scans[:end]) == []
    assert [one.first_seen for one in follow(scans).hosts] == [at(0)]


def test_a_router_whose_addresses_answered_at_one_only_is_not_gone_in_part() -> None:
    addresses = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    said = tuple(Evidence(source="icmp", result="answered", time=at(0), address=one) for one in addresses)
    router = host("10.0.0.1", addresses=addresses, snmp=snmp(serials=("S1",)), sources=said)
    one = host("10.0.0.1", snmp=snmp(serials=("S1",)))
    assert ever(scan(0, router), *(scan(day, one) for day in range(1, 9))) == set()


def test_in_a_dhcp_network_a_host_is_its_mac_and_an_address_is_nothing() -> None:
    dhcp = net(asked=["icmp", "neighbours"], dhcp=True)
    by = ["icmp", "neighbours"]
    older = scan(0, host(PC, by, mac=RANDOM), host("10.0.0.6", by, mac=MAC), networks=[dhcp])
    swapped = scan(1, host(PC, by, mac=MAC), host("10.0.0.6", by, mac=RANDOM), networks=[dhcp])
    assert fates(older, swapped) == []
    other = host("10.0.0.9", by, mac=OTHER_MAC)
    assert fates(older, scan(1, host(PC, by, mac=MAC), other, networks=[dhcp])) == [
        ("new", "10.0.0.9"),
        ("silent", PC),
    ]
    # Whoever has no MAC in this scan may be any of them.
    hidden = [scan(day, host(PC, ["icmp"]), networks=[dhcp]) for day in range(1, 9)]
    assert ever(older, *hidden) == set()


def test_when_a_network_becomes_one_of_dhcp_its_hosts_do_not_go() -> None:
    static = [scan(day, host(PC, mac=RANDOM)) for day in range(2)]
    dhcp = [scan(day, host(PC, mac=RANDOM), networks=[net(dhcp=True)]) for day in range(2, 9)]
    assert not ever(*static, *dhcp) & {"silent", "gone"}


def test_a_contradiction_has_its_beginning_and_is_said_once() -> None:
    bad = host(PC, state="contradicting", alive=None, certainty="doubtful")
    scans = [scan(0, host(PC)), scan(1, bad), scan(2, bad)]
    assert fates(*scans[:2]) == [("contradicting", PC)]
    found = follow(scans)
    assert found.changes == []
    (known,) = found.hosts
    assert (known.state, known.since) == ("contradicting", at(1))


def test_a_scan_of_another_network_changes_nothing() -> None:
    other = scan(1, host("10.9.0.1", network="10.9.0.0/28"), networks=[net("10.9.0.0/28")])
    found = follow([scan(0, host(PC)), other])
    assert found.changes == []
    assert state_of(found) == "seen"


def test_equal_addresses_in_two_vrfs_are_two_hosts() -> None:
    red, blue = net(vrf="red", vrf_id=1), net(vrf="blue", vrf_id=2)
    assert fates(scan(0, host(PC), networks=[red]), scan(1, host(PC), networks=[blue])) == []
    found = follow([scan(0, host(PC), networks=[red]), scan(1, networks=[blue])])
    assert (found.changes, state_of(found)) == ([], "seen")


def test_a_host_that_was_never_heard_is_known_and_was_never_seen() -> None:
    asked = Evidence(source="icmp", result="silent", time=at(0))
    (known,) = follow([scan(0, host(PC, state="silent", alive=False, sources=(asked,)))]).hosts
    assert (known.state, known.first_seen, known.host.network) == ("silent", "", NET)

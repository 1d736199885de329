# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts: what a scan found, held against NetBox, as tables of what is there and what must come out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._discovery.alike import (
    family,
    is_made_of,
    names_host,
    same_manufacturer,
    same_name,
)
from ansible_collections.invmon.network.plugins.module_utils._discovery.places import Places
from ansible_collections.invmon.network.plugins.module_utils._discovery.snapshot import (
    Address,
    Device,
    IpRange,
    Prefix,
    Snapshot,
)
from ansible_collections.invmon.network.plugins.module_utils._discovery.verdicts import Verdict, compare
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network, Scan, SourceUse

_NET = Network(network="192.0.2.0/24", prefix_length=24, kind="prefix", netbox_id=1)
_DEVICE = Device(id=1, name="core-1", serial="FOC1", manufacturer="Cisco", platform="cisco-ios-xe", site="Brno")
_RECORD = Address(id=5, ip="192.0.2.7", prefix_length=24, owner_kind="device", owner_id=1, owner="core-1")
_SNMP = SnmpBasics(
    sys_name="core-1.example.org", serials=("FOC1",), platform="cisco_iosxe", manufacturer="Cisco Systems"
)


def _snapshot(**more: Any) -> Snapshot:
    values: dict[str, Any] = {
        "prefixes": (Prefix(id=1, prefix="192.0.2.0/24"),),
        "addresses": (_RECORD,),
        "devices": (_DEVICE,),
        **more,
    }
    return Snapshot(url="https://netbox.example.org", **values)


def _host(ip: str = "192.0.2.7", **more: Any) -> Host:
    values: dict[str, Any] = {"state": "seen", "certainty": "proven", "network": "192.0.2.0/24", **more}
    return Host(ip=ip, **values)


def _scan(*hosts: Host, networks: tuple[Network, ...] = (_NET,), **more: Any) -> Scan:
    return Scan(started="2026-11-30T01:00:00Z", hosts=hosts, networks=networks, **more)


def _only(scan: Scan, snapshot: Snapshot) -> Verdict:
    (verdict,) = compare(scan, snapshot).verdicts
    return verdict


def _about(host: Host, snapshot: Snapshot | None = None) -> list[str]:
    return [one.about for one in _only(_scan(host), snapshot or _snapshot()).contradictions]


@pytest.mark.parametrize(
    ("host", "snapshot", "expected"),
    [
        (_host(snmp=_SNMP), _snapshot(), "known"),
        (_host("192.0.2.9"), _snapshot(addresses=()), "unknown"),
        (_host(), _snapshot(addresses=(replace(_RECORD, owner_kind="", owner_id=None, owner=""),)), "unassigned"),
        (_host(state="silent", certainty=""), _snapshot(), "silent"),
        (_host(state="not_asked", certainty=""), _snapshot(), "not_asked"),
        (_host(snmp=replace(_SNMP, sys_name="core-2")), _snapshot(), "contradicting"),
        (_host(), _snapshot(addresses=(replace(_RECORD, owner_kind="virtual_machine", owner="vm1"),)), "known"),
    ],
)
def test_the_verdicts(host: Host, snapshot: Snapshot, expected: str) -> None:
    assert _only(_scan(host), snapshot).verdict == expected


def test_a_silent_address_that_netbox_does_not_have_has_no_verdict() -> None:
    assert compare(_scan(_host(state="silent", certainty="")), _snapshot(addresses=())).verdicts == ()


@pytest.mark.parametrize(
    ("asked", "sources", "expected"),
    [
        ({"icmp": ("192.0.2.1-192.0.2.254",)}, (), ["silent"]),
        ({"icmp": ("192.0.2.1-192.0.2.6", "192.0.2.8")}, (), ["not_asked"]),
        ({"tcp": ("192.0.2.7",)}, (), ["silent"]),
        ({"icmp": ("192.0.2.7",)}, (SourceUse(source="icmp", used=False),), ["not_asked"]),
        ({}, (), ["not_asked"]),
    ],
)
def test_only_what_was_asked_is_silent(
    asked: dict[str, tuple[str, ...]], sources: tuple[SourceUse, ...], expected: list[str]
) -> None:
    scan = _scan(networks=(replace(_NET, asked=asked),), sources=sources)
    assert [one.verdict for one in compare(scan, _snapshot()).verdicts] == expected


def test_an_address_outside_of_what_was_scanned_has_no_verdict() -> None:
    assert compare(_scan(networks=()), _snapshot()).verdicts == ()
    elsewhere = Network(network="198.51.100.0/24", prefix_length=24, asked={"icmp": ("198.51.100.1-198.51.100.254",)})
    assert compare(_scan(networks=(elsewhere,)), _snapshot()).verdicts == ()


@pytest.mark.parametrize("status", ["reserved", "deprecated", "dhcp", "slaac"])
def test_an_address_that_need_not_answer_is_not_silent(status: str) -> None:
    scan = _scan(networks=(replace(_NET, asked={"icmp": ("192.0.2.1-192.0.2.254",)}),))
    assert compare(scan, _snapshot(addresses=(replace(_RECORD, status=status),))).verdicts == ()


@pytest.mark.parametrize(
    ("snmp", "expected"),
    [
        ({}, []),
        ({"sys_name": "CORE-1"}, []),
        ({"sys_name": ""}, []),
        ({"sys_name": "core-10"}, ["name"]),
        ({"serials": ("foc1 ",)}, []),
        ({"serials": ("FOC2",)}, ["serial"]),
        ({"serials": ()}, []),
        ({"serials": ("FOC2", "FOC1")}, []),
        ({"manufacturer": "Juniper Networks"}, ["manufacturer"]),
        ({"manufacturer": ""}, []),
        ({"platform": "cisco_nxos"}, ["platform"]),
        ({"platform": "cisco_ios"}, []),
        ({"platform": "a_platform_of_tomorrow"}, []),
        ({"sys_name": "sw9", "serials": ("X",), "manufacturer": "HPE"}, ["name", "serial", "manufacturer"]),
    ],
)
def test_what_a_device_reports_is_held_against_netbox(snmp: dict[str, Any], expected: list[str]) -> None:
    assert _about(_host(snmp=replace(_SNMP, **snmp))) == expected


def test_a_contradiction_names_both_sides_and_the_device_that_it_is() -> None:
    other = Device(id=2, name="core-2", serial="FOC2")
    verdict = _only(_scan(_host(snmp=replace(_SNMP, serials=("FOC2",)))), _snapshot(devices=(_DEVICE, other)))
    (found,) = verdict.contradictions
    assert (found.netbox, found.found, found.source) == ("FOC1", "FOC2", "chassis serial")
    assert found.text.endswith("in NetBox that is core-2")


def test_a_stack_is_compared_with_all_of_its_members() -> None:
    master = replace(_DEVICE, name="stack:1", chassis_id=9, chassis="stack", serial="FOC1")
    member = Device(id=2, name="stack:2", serial="FOC2", chassis_id=9, chassis="stack")
    snapshot = _snapshot(devices=(master, member))
    stack = replace(_SNMP, sys_name="stack.example.org")
    assert _about(_host(snmp=replace(stack, serials=("FOC2", "FOC3"))), snapshot) == []
    assert _about(_host(snmp=replace(stack, serials=("FOC3",))), snapshot) == ["serial"]
    both = (_RECORD, replace(_RECORD, id=6, ip="192.0.2.8", owner_id=2, owner="stack:2"))
    host = _host(addresses=("192.0.2.7", "192.0.2.8"), snmp=stack)
    assert _about(host, replace(snapshot, addresses=both)) == []


@pytest.mark.parametrize(
    ("reverse", "confirmed", "dns_name", "expected"),
    [
        ("core-1.example.org", True, "", []),
        ("ge-0-0-1.core-1.example.org", True, "", []),
        ("core-1-lo0.example.org", True, "", []),
        ("core-2.example.org", True, "", ["name"]),
        ("core-2.example.org", False, "", []),
        ("core-2.example.org", None, "", []),
        ("192-0-2-7.dynamic.example.org", True, "", []),
        ("core-2.example.org", True, "core-2.example.org", []),
        ("core-2.example.org", True, "core-1.example.org", ["dns_name"]),
    ],
)
def test_the_ptr_name(reverse: str, confirmed: bool | None, dns_name: str, expected: list[str]) -> None:
    host = _host(reverse_dns=reverse, reverse_dns_confirmed=confirmed)
    assert _about(host, _snapshot(addresses=(replace(_RECORD, dns_name=dns_name),))) == expected


def test_two_devices_on_one_address_and_one_device_on_two_records() -> None:
    other = Device(id=2, name="core-2")
    twin = replace(_RECORD, id=6, owner_id=2, owner="core-2")
    devices = (_DEVICE, other)
    assert _about(_host(), _snapshot(addresses=(_RECORD, twin), devices=devices)) == ["address"]
    second = replace(twin, ip="192.0.2.8")
    host = _host(addresses=("192.0.2.7", "192.0.2.8"))
    assert _about(host, _snapshot(addresses=(_RECORD, second), devices=devices)) == ["device"]
    shared = replace(second, role="vrrp")
    assert _about(host, _snapshot(addresses=(_RECORD, shared), devices=devices)) == []


def test_the_same_address_in_several_vrfs_is_no_contradiction() -> None:
    mgmt = replace(_RECORD, id=6, vrf_id=3, vrf="mgmt", owner_id=2, owner="oob-1")
    snapshot = _snapshot(addresses=(_RECORD, mgmt), devices=(_DEVICE, Device(id=2, name="oob-1")))
    assert _only(_scan(_host()), snapshot).device == "core-1"
    in_mgmt = replace(_NET, vrf_id=3, vrf="mgmt")
    assert _only(_scan(_host(), networks=(in_mgmt,)), snapshot).device == "oob-1"
    from_options = Network(network="192.0.2.0/24", prefix_length=24)
    assert _only(_scan(_host(), networks=(from_options,)), snapshot).device == "core-1"
    two = replace(snapshot, addresses=(mgmt, replace(mgmt, id=7, vrf_id=4, vrf="lab")))
    verdict = _only(_scan(_host(), networks=(from_options,)), two)
    assert (verdict.verdict, verdict.device, "several VRFs" in verdict.note) == ("known", "", True)


@pytest.mark.parametrize(
    ("status", "space", "certainty", "expected"),
    [
        ("reserved", {}, "proven", ["status"]),
        ("deprecated", {}, "likely", ["status"]),
        ("reserved", {}, "doubtful", []),
        ("active", {"prefixes": (Prefix(id=1, prefix="192.0.2.0/24", status="reserved"),)}, "proven", ["status"]),
        (
            "active",
            {"ranges": (IpRange(id=1, first="192.0.2.1", last="192.0.2.9", prefix_length=24, status="reserved"),)},
            "proven",
            ["status"],
        ),
        ("active", {"prefixes": (Prefix(id=1, prefix="198.51.100.0/24"),)}, "proven", ["prefix"]),
        ("active", {"prefixes": ()}, "proven", []),
    ],
)
def test_what_answers_where_nothing_should(
    status: str, space: dict[str, Any], certainty: str, expected: list[str]
) -> None:
    snapshot = _snapshot(addresses=(replace(_RECORD, status=status),), **space)
    assert _about(_host(certainty=certainty), snapshot) == expected


def test_an_unknown_host_in_a_reserved_prefix_contradicts_it() -> None:
    snapshot = _snapshot(addresses=(), prefixes=(Prefix(id=1, prefix="192.0.2.0/24", status="reserved"),))
    assert _only(_scan(_host("192.0.2.9")), snapshot).verdict == "contradicting"


@pytest.mark.parametrize(
    ("network", "record"),
    [(replace(_NET, dhcp=True), _RECORD), (_NET, replace(_RECORD, status="dhcp"))],
)
def test_where_addresses_change_hands_nothing_is_compared(network: Network, record: Address) -> None:
    host = _host(snmp=replace(_SNMP, sys_name="laptop", serials=("X",)))
    verdict = _only(_scan(host, networks=(network,)), _snapshot(addresses=(record,)))
    assert (verdict.verdict, verdict.contradictions, verdict.dhcp) == ("known", (), True)


def test_a_device_is_known_by_its_serial_number_at_an_address_that_netbox_does_not_have() -> None:
    verdict = _only(_scan(_host("192.0.2.200", snmp=_SNMP)), _snapshot(addresses=()))
    assert (verdict.verdict, verdict.matched_by, verdict.device) == ("known", "serial", "core-1")
    assert verdict.not_in_netbox == ("192.0.2.200",)


def test_what_is_known_of_a_device_by_its_serial_number_is_compared() -> None:
    host = _host("192.0.2.200", snmp=replace(_SNMP, sys_name="core-9"))
    assert _about(host, _snapshot(addresses=())) == ["name"]


def test_one_device_that_netbox_has_twice() -> None:
    twins = (_DEVICE, replace(_DEVICE, id=2, name="core-1-old"))
    verdict = _only(_scan(_host(snmp=_SNMP)), _snapshot(devices=twins))
    assert [one.about for one in verdict.contradictions] == ["device"]
    assert "core-1, core-1-old" in verdict.contradictions[0].text


def test_a_status_of_the_administrators_own_is_in_use() -> None:
    scan = _scan(networks=(replace(_NET, asked={"icmp": ("192.0.2.7",)}),))
    assert _only(scan, _snapshot(addresses=(replace(_RECORD, status="in-use"),))).verdict == "silent"


def test_an_unknown_host_that_no_prefix_holds() -> None:
    elsewhere = _snapshot(addresses=(), prefixes=(Prefix(id=1, prefix="198.51.100.0/24"),))
    assert _only(_scan(_host()), elsewhere).note == "no prefix of NetBox holds it"
    assert _only(_scan(_host()), _snapshot(addresses=())).note == ""


def test_an_address_is_in_the_narrowest_network_of_the_scan() -> None:
    names = [
        "192.0.2.0/24",
        "192.0.2.64/26",
        "192.0.2.70-192.0.2.79",
        "192.0.2.77",
        "2001:db8::/64",
        "192.0.2.3-192.0.2.4",
    ]
    places = Places(_scan(networks=tuple(Network(network=name, prefix_length=24) for name in names)))
    found = {ip: places.of(ip).network for ip in ("192.0.2.1", "192.0.2.65", "192.0.2.71", "192.0.2.77", "192.0.2.3")}
    assert list(found.values()) == [names[0], names[1], names[2], names[3], names[5]]
    assert (places.of("2001:db8::9").network, places.of("192.0.3.1").network) == ("2001:db8::/64", "")


def test_verdicts_are_in_the_order_of_their_addresses() -> None:
    hosts = [_host(f"192.0.2.{last}") for last in (100, 9, 20)]
    found = [one.ip for one in compare(_scan(*hosts), _snapshot(addresses=())).verdicts]
    assert found == ["192.0.2.9", "192.0.2.20", "192.0.2.100"]
    assert found == [one.ip for one in compare(_scan(*reversed(hosts)), _snapshot(addresses=())).verdicts]


def test_a_name_of_netbox_never_leaves_raw() -> None:
    snapshot = _snapshot(devices=(replace(_DEVICE, name="core\x1b[31m"),))
    (found,) = _only(_scan(_host(snmp=_SNMP)), snapshot).contradictions
    assert "\x1b" not in found.text + found.netbox


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("r1", "R1.example.org.", True),
        ("r1.brno", "r1.brno.example.org", True),
        ("r1.brno.example.org", "r1.praha.example.org", False),
        ("r1", "r10", False),
        ("", "", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(*reversed((one, other))) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Cisco", "Cisco Systems, Inc.", True),
        ("HPE", "Hewlett-Packard", True),
        ("Aruba Networks", "HPE", True),
        ("Juniper", "Cisco", False),
        ("", "Cisco", True),
        ("Networks", "Cisco", True),
        ("Unknown", "Opengear", True),  # what a device type for hosts is called that nobody has looked at
        ("N/A", "Cisco", True),
    ],
)
def test_manufacturers(one: str, other: str, same: bool) -> None:
    assert same_manufacturer(one, other) is same
    assert same_manufacturer(*reversed((one, other))) is same


def test_platforms_and_names_of_addresses() -> None:
    assert family("Cisco IOS-XR") == family("cisco_iosxr") != family("cisco-ios")
    assert family("juniper-junos") == family("junos") != ""
    assert family("mikrotik") == family("routeros")
    assert family("my-own-thing") == ""
    assert names_host("xe-0-0-0.r1.example.org", "r1")
    assert not names_host("xe-0-0-0.r10.example.org", "r1")
    assert is_made_of("host-7-2-0-192.example.org", "192.0.2.7")
    assert not is_made_of("sw-7.example.org", "192.0.2.7")
    assert is_made_of("20010db8000000000000000000000007.example.org", "2001:db8::7")

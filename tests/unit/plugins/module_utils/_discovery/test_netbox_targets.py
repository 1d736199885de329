# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of NetBox for a scan: networks by filters, addresses with who has them, in few requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import from_json, to_json
from ansible_collections.invmon.network.plugins.module_utils._discovery.known import Known
from ansible_collections.invmon.network.plugins.module_utils._discovery.netbox_targets import (
    Dhcp,
    NetBoxTargets,
    known_addresses,
    read_targets,
    routers,
)
from ansible_collections.invmon.network.plugins.module_utils._discovery.snapshot import Snapshot
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

_SEED: dict[str, Any] = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}, {"name": "Switch", "slug": "switch"}],
    "tags": [{"name": "Scan", "slug": "scan"}, {"name": "Gateway", "slug": "gateway"}],
    "sites": [{"name": "Brno", "slug": "brno"}],
    "locations": [{"name": "Hall", "slug": "hall", "site": "brno"}],
    "tenants": [{"name": "City", "slug": "city"}],
    "vrfs": [{"name": "mgmt", "rd": "65000:1"}],
    "prefix_roles": [{"name": "DHCP", "slug": "dhcp"}, {"name": "Servers", "slug": "servers"}],
    "prefixes": [
        {"prefix": "10.0.0.0/8", "status": "container", "tags": ["scan"]},
        {"prefix": "10.1.0.0/24", "site": "brno", "tenant": "city", "role": "servers", "tags": ["scan"]},
        {"prefix": "10.1.0.128/26", "vrf": "mgmt"},
        {"prefix": "10.3.0.0/24", "scope_type": "dcim.location", "scope_id": 1},
        {"prefix": "10.4.0.0/24", "role": "dhcp"},
    ],
    "ip_ranges": [
        {"start_address": "10.1.0.200/24", "end_address": "10.1.0.250/24", "role": "dhcp"},
        {"start_address": "10.1.0.10/24", "end_address": "10.1.0.19/24", "tags": ["gateway"]},
    ],
    "devices": [
        {"name": "r1", "device_type": "box", "role": "router", "site": "brno", "primary_ip4": "10.1.0.1/24"},
        {"name": "sw1", "device_type": "box", "role": "switch", "site": "brno", "tags": ["gateway"]},
    ],
    "ip_addresses": [
        {"address": "10.1.0.2/24", "device": "r1", "role": "vrrp"},
        {"address": "10.1.0.7/24", "vrf": "mgmt", "device": "sw1"},
        {"address": "10.1.0.7/24", "device": "r1"},
        {"address": "10.9.0.1/24", "device": "r1"},
    ],
}


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with start_standin(_SEED) as found:
        yield found


@pytest.fixture
def netbox(standin: StandIn) -> Iterator[NetBox]:
    standin.forget()
    with NetBox(standin.url, standin.token) as client:
        yield client


def _names(targets: NetBoxTargets) -> list[str]:
    return [network.network for network in targets.networks]


def test_a_network_inherits_what_its_prefix_has(netbox: NetBox) -> None:
    found = read_targets(netbox, {"tag": "scan"}).networks
    assert [network.network for network in found] == ["10.1.0.0/24", "10.1.0.200-10.1.0.250"]
    prefix, dhcp = found
    assert (prefix.site, prefix.tenant, prefix.vrf_id, prefix.prefix_length, prefix.dhcp) == (
        *("Brno", "City", None, 24),
        False,
    )
    assert (dhcp.site, dhcp.tenant, dhcp.prefix_length, dhcp.dhcp, dhcp.kind) == ("Brno", "City", 24, True, "ip_range")


def test_dhcp_is_left_out_by_choice(netbox: NetBox) -> None:
    targets = read_targets(netbox, {"tag": "scan"}, dhcp=Dhcp(included=False))
    assert (_names(targets), targets.exclude) == (["10.1.0.0/24"], ("10.1.0.200-10.1.0.250",))
    assert _names(read_targets(netbox, {"role": "dhcp"}, dhcp=Dhcp(included=False))) == []
    assert read_targets(netbox, {"role": ["dhcp"]}, dhcp=Dhcp(roles=frozenset())).networks[0].dhcp is False


def test_ranges_of_dhcp_are_known_within_targets_of_the_options(netbox: NetBox) -> None:
    targets = read_targets(netbox, others=["10.1.0.0/24"])
    assert [(network.network, network.dhcp) for network in targets.networks] == [("10.1.0.200-10.1.0.250", True)]
    assert read_targets(netbox, others=["10.1.0.0/25"]).networks == ()
    with pytest.raises(OptionsError, match=r"targets: 10.1.0.1/24 is not a target \(it has host bits"):
        read_targets(netbox, others=["10.1.0.1/24"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"site": "brno"}, ["10.1.0.0/24", "10.3.0.0/24", "10.1.0.200-10.1.0.250"]),
        ({"tenant": "city", "role": ["servers", "dhcp"]}, ["10.1.0.0/24", "10.1.0.200-10.1.0.250"]),
        ({"vrf": "mgmt"}, ["10.1.0.128/26"]),
        ({"vrf": "65000:1"}, ["10.1.0.128/26"]),
        ({"status": "container"}, ["10.0.0.0/8", "10.1.0.200-10.1.0.250"]),
        ({"vrf": "global", "role": "dhcp"}, ["10.4.0.0/24"]),
    ],
)
def test_prefixes_are_chosen_by_all_filters(netbox: NetBox, filters: dict[str, Any], expected: list[str]) -> None:
    assert _names(read_targets(netbox, filters)) == expected


def test_ranges_are_chosen_and_belong_to_the_site_of_their_prefix(netbox: NetBox) -> None:
    found = read_targets(netbox, None, {"tag": "gateway", "site": "brno"}).networks
    assert [(network.network, network.site) for network in found] == [("10.1.0.10-10.1.0.19", "Brno")]


@pytest.mark.parametrize(
    ("filters", "words"),
    [({"tag": "nope"}, "no prefix with tag nope"), ({"colour": "red"}, "no filter colour")],
)
def test_filters_that_choose_nothing_are_an_error(netbox: NetBox, filters: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionsError, match=words):
        read_targets(netbox, filters)


def test_few_requests_and_only_what_is_used(netbox: NetBox, standin: StandIn) -> None:
    read_targets(netbox, {"tag": "scan"}, others=["10.9.0.0/24", "10.1.0.7"])
    asked = [one["path"] for one in standin.requests()]
    assert sorted(asked) == sorted(
        [
            *("/api/ipam/prefixes/", "/api/dcim/locations/", "/api/ipam/ip-ranges/"),
            *("/api/ipam/ip-addresses/", "/api/dcim/devices/"),
        ]
    )
    assert all("fields=" in one["query"] for one in standin.requests())


def test_an_address_that_is_shared_or_that_two_devices_have_joins_no_hosts(netbox: NetBox) -> None:
    snapshot = read_targets(netbox, {"tag": "scan"}, others=["10.9.0.0/24"]).snapshot
    found = {one.address: (one.device, one.primary) for one in known_addresses(snapshot)}
    assert found == {
        "10.1.0.1": ("r1", True),
        "10.1.0.2": ("", False),
        "10.1.0.7": ("", False),
        "10.9.0.1": ("r1", False),
    }


def test_routers_are_devices_with_an_address(netbox: NetBox) -> None:
    snapshot = read_targets(netbox, {"tag": "scan"}).snapshot
    assert [device.name for device in routers(snapshot, ["router", "switch"])] == ["r1"]
    with pytest.raises(OptionsError, match="netbox_routers"):
        routers(snapshot, tags=["gateway"])


def test_a_snapshot_survives_json(netbox: NetBox) -> None:
    snapshot = read_targets(netbox, {"tag": "scan"}).snapshot
    assert from_json(Snapshot, to_json(snapshot), "netbox") == snapshot


def test_the_narrowest_prefix_and_the_range_of_an_address(netbox: NetBox) -> None:
    known = Known(read_targets(netbox, {"tag": "scan"}).snapshot)
    assert [one.prefix for one in known.prefixes(None, "10.1.0.201")] == ["10.1.0.0/24", "10.0.0.0/8"]
    assert [one.prefix for one in known.prefixes(1, "10.1.0.130")] == ["10.1.0.128/26"]
    assert known.prefixes(None, "2001:db8::1") == []
    assert [known.range_of(None, f"10.1.0.{last}") is not None for last in (9, 10, 19, 20, 200, 250, 251)] == [
        *(False, True, True, False),
        *(True, True, False),
    ]
    assert known.vrfs_of("10.1.0.130") == {None, 1}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which devices are read, and which variables each host gets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._inventory.device_filters import unusual_filters
from ansible_collections.invmon.network.plugins.module_utils._inventory.devices import (
    Selection,
    host_names,
    hosts_of,
    read_chassis_members,
    read_devices,
    warnings_of,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._netbox.scripted_http import scripted


def device(name: str | None, **more: Any) -> dict[str, Any]:
    return {"name": name, "device_type": "c9300", "role": "router", "site": "brq", **more}


SEED: dict[str, Any] = {
    "tags": [{"name": name, "slug": name} for name in ("core", "edge", "lab")],
    "manufacturers": [{"name": "Cisco", "slug": "cisco"}],
    "device_types": [{"manufacturer": "cisco", "model": "C9300-48P", "slug": "c9300"}],
    "roles": [{"name": "Router", "slug": "router"}, {"name": "Switch", "slug": "switch"}],
    "platforms": [{"name": "Cisco IOS", "slug": "ios"}],
    "sites": [{"name": "Brno", "slug": "brq"}, {"name": "Ostrava", "slug": "osr"}],
    "locations": [
        {"name": "Hall", "slug": "hall", "site": "brq"},
        {"name": "Cage", "slug": "cage", "site": "brq", "parent": "hall"},
    ],
    "virtual_chassis": [{"name": "stack", "master": "sw1"}],
    "devices": [
        device("r1", tags=["core", "edge"], location="cage", platform="ios", serial="R1", primary_ip4="127.0.1.2/8"),
        device("r2", tags=["core"], site="osr", primary_ip4="127.0.1.3/8", primary_ip6="::1/128"),
        device("r3", tags=["core", "edge", "lab"], status="planned", primary_ip6="::2/128"),
        device("sw1", role="switch", virtual_chassis="stack", vc_position=1, serial="S1", primary_ip4="127.0.1.5/8"),
        device("sw2", role="switch", virtual_chassis="stack", vc_position=2, serial="S2", location="hall"),
        device(None),
    ],
}


@pytest.fixture(params=["4.6", "4.4"])
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start_standin(SEED, version=request.param) as one:
        yield one


def client(standin: StandIn) -> NetBox:
    return NetBox(standin.url, standin.token, backoff=0.01)


def names(standin: StandIn, **options: Any) -> list[str | None]:
    return [row["name"] for row in read_devices(client(standin), Selection(**options))]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["r1", "r2", "sw1", "sw2", None]),
        ({"status": []}, ["r1", "r2", "r3", "sw1", "sw2", None]),
        ({"status": ["planned"]}, ["r3"]),
        ({"status": ["planned", "active"], "tags": ["core", "edge"]}, ["r1", "r3"]),
        ({"tags": ["core"], "tags_exclude": ["edge", "lab"]}, ["r2"]),
        ({"site": ["osr"]}, ["r2"]),
        ({"site": ["osr", "brq"], "platform": ["ios"]}, ["r1"]),
        ({"role": ["switch"]}, ["sw1", "sw2"]),
        ({"location": ["hall"]}, ["r1", "sw2"]),
        ({"names": ["R1", "r2", "absent"]}, ["r1", "r2"]),
        ({"filters": {"has_primary_ip": True, "manufacturer": ["cisco"]}, "role": ["switch"]}, ["sw1"]),
        ({"filters": {"name__isw": "sw"}}, ["sw1", "sw2"]),
    ],
)
def test_the_options_select_the_devices_that_they_say(
    standin: StandIn, options: dict[str, Any], found: list[str | None]
) -> None:
    assert names(standin, **options) == found


def test_devices_are_read_in_one_request_that_leaves_out_what_is_slow(standin: StandIn) -> None:
    read_devices(client(standin), Selection())
    (asked,) = standin.requests()
    assert "exclude=config_context" in asked["query"]
    assert "fields=id" in asked["query"]


def test_more_devices_than_a_page_are_all_read() -> None:
    seed = {**SEED, "virtual_chassis": [], "devices": [device(f"d{number}") for number in range(2100)]}
    with start_standin(seed) as standin:
        assert len(names(standin)) == 2100
        assert len(standin.requests()) == 3


def test_many_names_are_asked_for_in_parts_and_given_once(standin: StandIn) -> None:
    wanted = [f"no-such-{number}" for number in range(100)]
    assert names(standin, names=["r1", *wanted, "R1"]) == ["r1"]
    assert len(standin.requests()) == 3


@pytest.mark.parametrize(
    ("option", "key"),
    [("tags", "tag"), ("tags_exclude", "tag"), ("site", "site"), ("platform", "platform"), ("status", "status")],
)
def test_a_value_that_netbox_does_not_know_names_the_option(standin: StandIn, option: str, key: str) -> None:
    with pytest.raises(NetBoxOptionError, match=rf'no {key} "nonsense" \(option {option}\)'):
        names(standin, **{option: ["nonsense"]})


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"sites": "brq"}, "did you mean site"),
        ({"has_virtual_chassis": True}, "ignore it"),
        ({"name__iexact": "r1"}, "ignore it"),
        ({"bogus": 1}, "ignore it"),
        ({"name": "r1"}, "use the option names instead"),
        ({"limit": 5}, "ignore it"),
        ({"fields": "id"}, "ignore it"),
        ({"cf_": "x"}, "ignore it"),
        ({"status": "planned"}, "use the option status instead"),
        ({"tag__n": "lab"}, "use the option tags_exclude instead"),
        ({"has_primary_ip": 1}, "takes true or false"),
        ({"virtual_chassis_member": "yes"}, "takes true or false"),
        ({"serial__empty": None}, "takes true or false"),
        ({"manufacturer": ""}, "has no value"),
        ({"tenant": []}, "has no value"),
    ],
)
def test_a_filter_that_netbox_would_ignore_is_an_error(standin: StandIn, filters: dict[str, Any], said: str) -> None:
    with pytest.raises(NetBoxOptionError, match=said):
        names(standin, filters=filters)
    assert standin.requests(path="/devices/") == []


def test_the_filters_that_every_netbox_has_need_no_look_at_its_schema() -> None:
    assert unusual_filters(["manufacturer", "name__ic", "vc_position__gte", "tenant__n", "q", "cf_owner__ic"]) == []


def test_a_filter_of_a_newer_netbox_is_taken_where_its_schema_has_it() -> None:
    parameters = [{"name": "owner"}, {"name": "limit"}]
    with scripted() as script:
        script.json({"paths": {"/netbox/api/dcim/devices/": {"get": {"parameters": parameters}}}})
        script.json({"count": 0, "next": None, "results": []})
        netbox = NetBox(script.url, "0" * 40)
        assert read_devices(netbox, Selection(filters={"owner": "me"})) == []
        assert "owner=me" in script.asked[1]["path"]
        script.replies[:] = []
        script.json({"paths": {"/api/dcim/devices/": {"get": {"parameters": parameters}}}})
        with pytest.raises(NetBoxOptionError, match="did you mean owner"):
            read_devices(netbox, Selection(filters={"owners": "me"}))


def test_a_filter_by_a_custom_field_that_does_not_exist_is_an_error(standin: StandIn) -> None:
    with pytest.raises(NetBoxOptionError, match="no custom field owner"):
        names(standin, filters={"cf_owner": "me"})


def rows_and_hosts(standin: StandIn, families: tuple[int, ...] = (4, 6), **options: Any) -> tuple[Any, Any, list[str]]:
    netbox, selection = client(standin), Selection(**options)
    rows = read_devices(netbox, selection)
    hosts = hosts_of(rows, read_chassis_members(netbox, rows), netbox.url, families)
    return rows, {host.name: host for host in hosts}, warnings_of(rows, hosts, selection)


def test_a_host_has_the_variables_that_the_readme_promises(standin: StandIn) -> None:
    _rows, hosts, _warnings = rows_and_hosts(standin, names=["r1"])
    assert hosts["r1"].variables == {
        "ansible_host": "127.0.1.2",
        "netbox_device_id": 1,
        "netbox_device_name": "r1",
        "netbox_device_serial": "R1",
        "netbox_device_url": f"{standin.url}/dcim/devices/1/",
        "netbox_device_type": {"id": 1, "model": "C9300-48P", "slug": "c9300", "manufacturer": "Cisco"},
        "netbox_location": {"id": 2, "name": "Cage", "slug": "cage"},
        "netbox_platform": {"id": 1, "name": "Cisco IOS", "slug": "ios"},
        "netbox_role": {"id": 1, "name": "Router", "slug": "router"},
        "netbox_site": {"id": 1, "name": "Brno", "slug": "brq"},
        "netbox_status": "active",
        "netbox_tags": ["core", "edge"],
        "netbox_url": standin.url,
        "netbox_virtual_chassis": None,
    }
    assert len(standin.requests()) == 1


def test_a_chassis_lists_its_members_even_those_that_were_not_selected(standin: StandIn) -> None:
    _rows, hosts, _warnings = rows_and_hosts(standin, names=["sw1"])
    brno = {"id": 1, "name": "Brno", "slug": "brq"}
    hall = {"id": 1, "name": "Hall", "slug": "hall"}
    assert hosts["sw1"].variables["netbox_virtual_chassis"] == {
        "id": 1,
        "name": "stack",
        "master_id": 4,
        "members": [
            {"id": 4, "name": "sw1", "position": 1, "serial": "S1", "site": brno, "location": None},
            {"id": 5, "name": "sw2", "position": 2, "serial": "S2", "site": brno, "location": hall},
        ],
    }
    assert len(standin.requests()) == 2


@pytest.mark.parametrize(
    ("families", "addresses"),
    [
        ((4, 6), {"r1": "127.0.1.2", "r2": "127.0.1.3", "r3": "::2"}),
        ((6, 4), {"r1": "127.0.1.2", "r2": "::1", "r3": "::2"}),
        ((4,), {"r1": "127.0.1.2", "r2": "127.0.1.3", "r3": None}),
        ((6,), {"r1": None, "r2": "::1", "r3": "::2"}),
    ],
)
def test_the_address_is_of_the_family_that_was_chosen(
    standin: StandIn, families: tuple[int, ...], addresses: dict[str, str | None]
) -> None:
    _rows, hosts, _warnings = rows_and_hosts(standin, families, status=[], tags=["core"])
    assert {name: host.address for name, host in hosts.items()} == addresses
    assert all(host.variables.get("ansible_host") == host.address for host in hosts.values())


def test_devices_without_address_are_named_but_not_members_that_their_master_speaks_for(standin: StandIn) -> None:
    assert rows_and_hosts(standin)[2] == [
        "These devices have no primary address of the required family in NetBox: device-6."
    ]
    # Without its master in the inventory nobody reads the member.
    assert "sw2" in rows_and_hosts(standin, names=["sw2"])[2][0]


def test_a_device_without_a_name_is_called_by_its_number(standin: StandIn) -> None:
    _rows, hosts, _warnings = rows_and_hosts(standin)
    assert hosts["device-6"].variables["netbox_device_name"] == "Cisco C9300-48P (6)"


def test_one_address_on_two_devices_names_both() -> None:
    devices = [device("a", primary_ip4="127.0.1.9/8"), device("b", primary_ip4="127.0.1.9/24")]
    with start_standin({**SEED, "virtual_chassis": [], "devices": devices}) as standin:
        _rows, hosts, warnings = rows_and_hosts(standin)
    assert list(hosts) == ["a", "b"]
    assert len(warnings) == 1
    assert "127.0.1.9: a, b" in warnings[0]
    assert hosts["a"].variables["netbox_shares_address_with"] == ["b"]


def test_a_name_that_was_not_found_is_warned_of(standin: StandIn) -> None:
    assert rows_and_hosts(standin, names=["R1", "r9"])[2] == [
        "NetBox has no such device among those that match the other options: r9."
    ]


def test_an_empty_result_is_a_warning_that_says_what_to_check(standin: StandIn) -> None:
    _rows, hosts, warnings = rows_and_hosts(standin, tags=["core"], role=["switch"])
    assert hosts == {}
    assert "no device that matches the options" in warnings[0]


def row(number: int, name: str | None, site: str = "brq") -> dict[str, Any]:
    return {"id": number, "name": name, "site": {"slug": site}}


def test_hosts_get_unique_names_whatever_the_order_of_the_rows() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "b", "osr"), row(4, "c"), row(5, "c"), row(6, None), row(7, "b@osr")]
    expected = {1: "a", 2: "b@brq", 3: "b@osr", 4: "c@brq#4", 5: "c@brq#5", 6: "device-6", 7: "b@osr@brq"}
    for order in itertools.permutations(rows):
        assert host_names(order) == expected


def test_no_device_is_lost_when_its_made_up_name_is_taken() -> None:
    rows = [row(1, "c"), row(2, "c"), row(3, "c@brq#1"), row(4, None), row(5, "device-4")]
    found = host_names(rows)
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert len(set(found.values())) == 5

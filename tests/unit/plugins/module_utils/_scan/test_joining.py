# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host once: what joins addresses, what only makes them doubtful, and what never joins."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Join
from ansible_collections.invmon.network.plugins.module_utils._scan.known import KnownAddress
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.found import (
    ECHOED,
    MACS,
    QUIET,
    address,
    agent,
    finding,
    groups,
    in_table,
    joined,
)

ENGINE = "80000009030000" + "1b21aabbcc"[:10]
SERIAL = "FOC1234X0AB"


def known(number: int, device: int | None, primary: bool = False) -> KnownAddress:
    return KnownAddress(address=address(number), device_id=device, device=f"dev-{device}", primary=primary)


def test_one_serial_is_one_host_and_the_reason_is_kept() -> None:
    (host,) = joined([agent(9, serials=(SERIAL,)), agent(2, serials=(SERIAL.lower(),))])
    assert (host.ip, host.addresses) == ("192.0.2.2", ("192.0.2.2", "192.0.2.9"))
    assert host.joined == (Join(address="192.0.2.9", reason="serial", value=SERIAL),)
    assert {evidence.address for evidence in host.sources} == {"192.0.2.2", "192.0.2.9"}


@pytest.mark.parametrize("serial", ["N/A", "None", "", "00:1b:21:00:00:01", "0000000000"])
def test_what_is_not_a_serial_joins_nothing(serial: str) -> None:
    assert len(joined([agent(1, serials=(serial,)), agent(2, serials=(serial,))])) == 2


def test_a_server_and_its_management_controller_are_two_hosts() -> None:
    """Both report the serial of the chassis."""
    server = agent(1, serials=(SERIAL,), sys_name="web-1", macs=(MACS[1],))
    controller = agent(2, serials=(SERIAL,), sys_name="idrac-web-1", macs=(MACS[2],))
    first, second = joined([server, controller])
    assert first.doubtful == (Join(address="192.0.2.2", reason="serial", value=SERIAL),)
    assert second.doubtful == (Join(address="192.0.2.1", reason="serial", value=SERIAL),)


def test_a_device_that_was_renamed_between_two_requests_is_one_host() -> None:
    before = agent(1, serials=(SERIAL,), sys_name="switch", macs=MACS[:4])
    assert groups(joined([before, agent(2, serials=(SERIAL,), sys_name="sw-brno", macs=MACS[:4])])) == [("1", "2")]


def test_one_engine_id_is_one_host() -> None:
    assert groups(joined([agent(1, engine_id=ENGINE), agent(2, engine_id=ENGINE.upper())])) == [("1", "2")]


@pytest.mark.parametrize(
    "differing",
    [
        ({"serials": (SERIAL,)}, {"serials": ("FOC1234X0AC",)}),
        ({"sys_name": "vm-1"}, {"sys_name": "vm-2"}),
        ({"sys_name": "localhost", "macs": MACS[:1]}, {"sys_name": "localhost", "macs": MACS[1:2]}),
    ],
)
def test_an_engine_id_that_an_image_copied_is_shown_and_joins_none(differing: tuple[dict[str, Any], ...]) -> None:
    """Not even the two that do not contradict each other: nobody can say to which of the clones a third belongs."""
    clones = [agent(number, engine_id=ENGINE, **more) for number, more in enumerate((*differing, {}), 1)]
    hosts = joined(clones)
    assert groups(hosts) == [("1",), ("2",), ("3",)]
    assert [join.reason for join in hosts[0].doubtful] == ["engine_id", "engine_id"]


@pytest.mark.parametrize(
    "engine",
    [
        "",
        "80",
        "not hexadecimal",
        "800000090300000000000000",  # of the MAC 00:00:00:00:00:00
        "8000000903000000000001",
        "8000000903020000000001",  # a local MAC
        "80001f88017f000001",  # 127.0.0.1
        "80000009" + "ff" * 8,
        "80" * 40,
    ],
)
def test_an_engine_id_that_products_share_joins_nothing(engine: str) -> None:
    assert len(joined([agent(1, engine_id=engine), agent(2, engine_id=engine)])) == 2


def test_a_name_joins_only_with_the_same_interfaces() -> None:
    same = [agent(1, sys_name="sw-1", macs=MACS[:2]), agent(2, sys_name="SW-1.", macs=MACS[1::-1])]
    assert groups(joined(same)) == [("1", "2")]
    assert len(joined([agent(1, sys_name="switch"), agent(2, sys_name="switch")])) == 2
    assert len(joined([agent(1, sys_name="a", macs=MACS[:2]), agent(2, sys_name="b", macs=MACS[:2])])) == 2


def test_addresses_that_routers_hand_to_each_other_join_nothing() -> None:
    virtual = ("00:00:5e:00:01:01", "00:00:0c:07:ac:01", "02:42:ac:11:00:02", "01:00:5e:00:00:01")
    hosts = joined([agent(1, sys_name="rtr", macs=virtual), agent(2, sys_name="rtr", macs=virtual)])
    assert groups(hosts) == [("1",), ("2",)]
    assert [host.doubtful for host in hosts] == [(), ()]


def test_a_common_mac_is_shown_and_joins_nothing() -> None:
    """A host with two addresses, or a router that answers ARP for another host: the table cannot say."""
    one, other = joined([finding(1, ECHOED, in_table(MACS[0])), finding(2, ECHOED, in_table(MACS[0]))])
    assert one.doubtful == (Join(address="192.0.2.2", reason="mac", value=MACS[0]),)
    assert other.joined == ()


def test_the_addresses_of_a_device_in_netbox_are_one_host_named_by_its_primary() -> None:
    (host,) = joined([finding(1, QUIET), finding(5, ECHOED)], [known(1, 7), known(5, 7, primary=True)])
    assert (host.ip, host.state) == ("192.0.2.5", "seen")
    assert host.joined == (Join(address="192.0.2.1", reason="netbox_device", value="7 dev-7"),)


def test_two_agents_at_one_device_of_netbox_are_not_joined() -> None:
    agents = [agent(1, serials=(SERIAL,)), agent(5, serials=("FOC9999X0AB",))]
    hosts = joined(agents, [known(1, 7), known(5, 7)])
    assert [join.reason for host in hosts for join in host.doubtful] == ["netbox_device", "netbox_device"]


def test_netbox_joins_what_has_one_name_and_other_interfaces() -> None:
    """Two contexts of one device: each shows the interfaces that it has."""
    agents = [agent(1, sys_name="fw-1", macs=MACS[:1]), agent(5, sys_name="fw-1", macs=MACS[1:2])]
    assert groups(joined(agents, [known(1, 7), known(5, 7)])) == [("1", "5")]


def test_an_address_that_two_devices_have_in_netbox_joins_neither() -> None:
    entries = [known(1, 7), known(2, 7), known(3, 7), known(3, 8), known(4, 8)]
    hosts = joined([finding(number, ECHOED) for number in range(1, 5)], entries)
    assert groups(hosts) == [("1", "2"), ("3",), ("4",)]
    assert {join.address for join in hosts[1].doubtful} == {"192.0.2.1", "192.0.2.2", "192.0.2.4"}


def test_300_addresses_of_one_router_are_one_host() -> None:
    """Two of them answer SNMP, for credentials go to known addresses only; the agent lists all."""
    own = tuple(f"198.51.{100 + number // 256}.{number % 256}" for number in range(300))
    basics = agent(1, serials=(SERIAL,), sys_name="rtr-1", macs=MACS, addresses=(*own, address(1), address(2))).snmp
    plain = [finding(0, ECHOED, in_table(MACS[number % 64])) for number in range(300)]
    routers = [type(one)(ip=ip, evidence=one.evidence) for ip, one in zip(own, plain, strict=True)]
    agents = [finding(number, ECHOED, snmp=basics) for number in (1, 2)]
    (host,) = joined([*agents, *routers])
    assert len(host.addresses) == 302
    assert {join.reason for join in host.joined} == {"serial", "own_address"}
    assert (host.state, host.certainty) == ("seen", "proven")


def test_an_address_that_two_routers_list_is_joined_to_neither() -> None:
    """The address of a virtual router: both have it, one at a time answers."""
    routers = [agent(number, addresses=(address(number), address(9))) for number in (1, 2)]
    for entry in ((), (in_table("00:00:5e:00:01:01"),)):
        hosts = joined([*routers, finding(9, ECHOED, *entry)])
        assert groups(hosts) == [("1",), ("2",), ("9",)]
        assert [join.reason for join in hosts[2].doubtful] == ["own_address", "own_address"]


def test_the_address_of_a_virtual_router_is_joined_to_none_where_one_of_them_was_read() -> None:
    router = agent(1, addresses=(address(1), address(9)))
    assert groups(joined([router, finding(9, ECHOED, in_table("00:00:5e:00:01:01"))])) == [("1",), ("9",)]


def test_a_listed_address_behind_the_mac_of_another_host_is_not_joined() -> None:
    router = agent(1, macs=MACS[:2], addresses=(address(1), address(9)))
    assert groups(joined([router, finding(9, ECHOED, in_table(MACS[5]))])) == [("1",), ("9",)]
    assert groups(joined([router, finding(9, ECHOED, in_table(MACS[1]))])) == [("1", "9")]


def test_joins_reach_further_than_one_reason() -> None:
    chain = [
        agent(1, serials=(SERIAL,)),
        agent(2, serials=(SERIAL,), engine_id=ENGINE),
        agent(3, engine_id=ENGINE),
        finding(4, QUIET),
    ]
    (host,) = joined(chain, [known(3, 7), known(4, 7)])
    assert [join.reason for join in host.joined] == ["serial", "engine_id", "netbox_device"]


def test_a_chain_that_ends_at_another_serial_is_not_joined() -> None:
    """The engine id joins 2 and 3, and NetBox 3 and 4; but 4 is another chassis than 1."""
    chain = [
        agent(1, serials=(SERIAL,)),
        agent(2, serials=(SERIAL,), engine_id=ENGINE),
        agent(3, engine_id=ENGINE),
        agent(4, serials=("FOC9999X0AB",)),
    ]
    hosts = joined(chain, [known(3, 7), known(4, 7)])
    assert groups(hosts) == [("1", "2", "3"), ("4",)]
    assert hosts[1].doubtful == (Join(address="192.0.2.3", reason="netbox_device", value="7 dev-7"),)


def test_an_identity_of_very_many_agents_is_none() -> None:
    agents = [agent(number, engine_id=ENGINE, macs=(MACS[number], MACS[0])) for number in range(1, 64)]
    more = [agent(number, engine_id=ENGINE, macs=(MACS[number - 64], MACS[0], MACS[1])) for number in range(66, 80)]
    hosts = joined([*agents, *more])
    assert len(hosts) == len(agents) + len(more)
    assert max(len(host.doubtful) for host in hosts) == 32

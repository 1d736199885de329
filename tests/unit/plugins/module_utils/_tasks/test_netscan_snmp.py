# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan of the lab with SNMP: one router with 300 addresses, what it knows of others, and who is asked for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan import netscan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC, known_of
from ansible_collections.invmon.network.tests.lab.fixtures import lab
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, BEHIND, MACS, ROUTER_ADDRESSES, Lab
from ansible_collections.invmon.network.tests.lab.wire import Frame
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.snmp.boxes import (
    chassis,
    lldp,
    lldp_port,
    own,
    physical,
    system,
)

__all__ = ["lab"]

ROUTER, SERIAL = ADDRESSES["router"], "JPE12345678"
TARGETS = ["10.80.0.8/29", ADDRESSES["virtual"], ROUTER, "10.80.2.0/26", "10.80.4.1-10.80.5.44"]
#: An address of the LAN where nobody is, which the router has seen.
GONE = "10.80.0.14"
SNMP_PORT = 161


def mac(name: str) -> bytes:
    return bytes.fromhex(MACS[name].replace(":", ""))


@dataclass
class Found:
    """A scan, and what left the host that scanned."""

    result: dict[str, Any]
    asked: set[str]  #: to which SNMP was sent
    packets: list[Frame]

    def host(self, ip: str) -> dict[str, Any]:
        return next(one for one in self.result["scan"]["hosts"] if ip in (one["ip"], *one.get("addresses", ())))

    def use(self, source: str) -> dict[str, Any]:
        return next(one for one in self.result["scan"]["sources"] if one["source"] == source)


def scanned(lab: Lab, **options: Any) -> Found:
    given = {
        "targets": TARGETS,
        "tcp_ports": [22],
        "timeout_ms": 700,
        "sources": ["icmp", "tcp", "neighbours", "snmp", "routers", "links"],
        "snmp": {"community": "public", "timeout": 0.3, "retries": 1},
    }
    with lab.capture() as wire:
        result = lab.inside(run_task, lambda: {**given, **options}, ARGUMENT_SPEC, netscan)
    assert wire.lost == 0
    packets = wire.sent()
    return Found(result, {one.destination for one in packets if one.port == SNMP_PORT}, packets)


@pytest.fixture(scope="module")
def found(lab: Lab) -> Found:
    """The scan with the router as the one device of NetBox."""
    lab.forget_neighbours()
    variables = [
        *system("rtr-lab"),
        *chassis(SERIAL),
        ((1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1), "octets", mac("router")),
        *own([ROUTER, *ROUTER_ADDRESSES]),
        *physical(ADDRESSES["icmp_only"], mac("icmp_only"), state=1),
        *physical(ADDRESSES["plain"], mac("services"), state=2),
        *physical(GONE, mac("names"), state=2),
        *physical("198.51.100.1", mac("names"), state=1),
        *lldp(7, "ap-7", mac("tcp_only"), [ADDRESSES["tcp_only"]]),
        *lldp_port(7, "Ethernet7"),
    ]
    known = [{"address": ROUTER, "device_id": 7, "device": "rtr-lab", "primary": True}]
    with lab.host("router").run(FaultAgent, variables, address=ROUTER, port=SNMP_PORT):
        return scanned(lab, known_addresses=known)


def test_a_router_with_300_addresses_is_one_host(found: Found) -> None:
    """Only its address in NetBox is asked by SNMP, and lists the others."""
    router = found.host(ROUTER)
    assert (router["ip"], router["hostname"], len(router["addresses"])) == (ROUTER, "rtr-lab", 301)
    assert (router["state"], router["certainty"]) == ("seen", "proven")
    assert (router["snmp"]["serials"], router["snmp"]["model"]) == ([SERIAL], "DCS-7048-T")
    assert {join["reason"] for join in router["joined"]} == {"own_address"}


def test_credentials_are_sent_to_the_device_of_netbox_only(found: Found) -> None:
    assert found.asked == {ROUTER}
    why = next(one for one in found.host(ADDRESSES["plain"])["sources"] if one["source"] == "snmp")
    assert (why["result"], "NetBox does not have it" in why["detail"]) == ("not_asked", True)


def test_the_table_of_the_router_knows_a_host_that_answers_nothing(found: Found) -> None:
    gone = found.host(GONE)
    assert (gone["state"], gone["certainty"], gone["mac"]) == ("seen", "likely", MACS["names"])
    entry = next(one for one in gone["sources"] if one["source"] == "routers")
    assert (entry["result"], entry["by"]) == ("listed", f"rtr-lab ({ROUTER})")
    assert gone["vendor"]
    assert all(host["ip"] != "198.51.100.1" for host in found.result["scan"]["hosts"]), "no target"


def test_two_macs_for_one_address_contradict(found: Found) -> None:
    """This host sees another interface there than the router did."""
    plain = found.host(ADDRESSES["plain"])
    assert (plain["state"], plain["certainty"]) == ("contradicting", "doubtful")
    assert {one["mac"] for one in plain["sources"] if "mac" in one} == {MACS["plain"], MACS["services"]}


def test_a_neighbour_has_the_name_by_which_lldp_announces_it(found: Found) -> None:
    neighbour = found.host(ADDRESSES["tcp_only"])
    assert neighbour["hostname"] == "ap-7"
    assert "rtr-lab Ethernet7" in {one.get("by") for one in neighbour["sources"]}


def test_a_firewall_that_resets_for_all_shows_no_hosts(found: Found) -> None:
    network = next(one for one in found.result["scan"]["networks"] if one["network"] == "10.80.2.0/26")
    assert (network["refuses_alike"], network["seen"]) == (True, 1)
    behind = [host for host in found.result["scan"]["hosts"] if host.get("network") == "10.80.2.0/26"]
    assert [host["ip"] for host in behind if host["state"] == "seen"] == [BEHIND]


def test_a_network_that_a_table_lists_was_asked_by_it(found: Found) -> None:
    """Who is missing from a complete table is silent to it, unless the table has nobody of the whole network."""
    asked = {one["network"]: one["asked"] for one in found.result["scan"]["networks"]}
    assert asked["10.80.0.8/29"]["routers"] == asked["10.80.0.8/29"]["neighbours"] == ["10.80.0.9-10.80.0.14"]
    assert asked["10.80.0.8/29"]["links"] == ["10.80.0.9-10.80.0.14"]
    assert not {"routers", "neighbours", "links"} & set(asked["10.80.2.0/26"])


def test_each_source_tells_what_it_read(found: Found) -> None:
    assert found.use("snmp")["method"] == "SNMPv2c at 1"
    assert found.use("routers")["method"] == "ARP and ND tables of 1 agent"
    assert found.use("links")["method"] == "LLDP and CDP neighbours of 1 agent"


def test_the_packets_of_snmp_are_counted(found: Found) -> None:
    sent = sum(one.protocol in ("icmp", "tcp", "udp", "arp") for one in found.packets)
    assert sent <= found.result["scan"]["packets"]


def test_in_snmp_networks_all_that_answers_is_asked_and_what_is_silent_is_not(lab: Lab) -> None:
    found = scanned(
        lab,
        targets=["10.80.0.8/29"],
        sources=["icmp", "snmp"],
        snmp={"community": "public", "timeout": 0.1, "retries": 1, "networks": ["10.80.0.8/30"]},
    )
    assert found.asked == {ADDRESSES["plain"], ADDRESSES["icmp_only"]}


def test_a_table_that_was_not_read_completely_asked_nothing(lab: Lab) -> None:
    """A second router, which may be the one that knows a host, does not answer."""
    variables = [*system("rtr-lab"), *physical(ADDRESSES["icmp_only"], mac("icmp_only"))]
    with lab.host("router").run(FaultAgent, variables, address=ROUTER, port=SNMP_PORT):
        found = scanned(
            lab, targets=["10.80.0.8/29"], sources=["icmp", "routers"], routers=[ROUTER, ADDRESSES["icmp_only"]]
        )
    assert found.asked == {ROUTER, ADDRESSES["icmp_only"]}
    assert "routers" not in found.result["scan"]["networks"][0]["asked"]
    assert found.use("routers")["missing"].startswith(f"{ADDRESSES['icmp_only']}: v2c: no answer")


def test_known_addresses_are_compared_in_their_usual_form() -> None:
    """Credentials are sent to 2001:db8::1, however the address was written."""
    given = {"known_addresses": [{"address": "2001:DB8:0::1", "device_id": 7}, {"address": "10.0.0.1"}]}
    assert [one.address for one in known_of(given)] == ["2001:db8::1", "10.0.0.1"]
    with pytest.raises(OptionsError, match="not one address"):
        known_of({"known_addresses": [{"address": "10.0.0.0/24"}]})


def test_without_credentials_it_is_said_and_nothing_is_sent(lab: Lab) -> None:
    found = scanned(lab, targets=[ADDRESSES["plain"]], snmp={}, sources=["icmp", "snmp", "routers"])
    assert found.asked == set()
    assert found.use("routers")["missing"] == "SNMP credentials: set snmp_username or snmp_community"
    assert "snmp, routers not used: SNMP credentials" in found.result["msg"]

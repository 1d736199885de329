# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Discovery against the stand-in and a real NetBox: what is read for a scan, what is registered, and that a second run
adds nothing."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._discovery.netbox_targets import (
    Dhcp,
    known_addresses,
    read_targets,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._tasks.register import register
from ansible_collections.invmon.network.plugins.module_utils._tasks.register_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.contract.target import Target


def _scan(values: dict[str, Any], *hosts: dict[str, Any]) -> dict[str, Any]:
    network = {
        **{"network": "203.0.113.0/24", "prefix_length": 24, "kind": "prefix", "netbox_id": values["net1"]},
        **{"vrf_id": values["vrf"], "vrf": f"{values['ns']}-vrf", "site_id": values["site_a"], "site": "a"},
        "asked": {"icmp": ["203.0.113.1-203.0.113.254"]},
    }
    return {"started": "2026-11-30T01:00:00Z", "hosts": list(hosts), "networks": [network]}


def _host(ip: str, **more: Any) -> dict[str, Any]:
    evidence = [{"source": "icmp", "result": "answered", "time": "2026-11-30T01:00:01Z"}]
    common = {"state": "seen", "certainty": "proven", "network": "203.0.113.0/24", "sources": evidence}
    return {"ip": ip, **common, **more}


def _run(target: Target, scan: dict[str, Any], **options: Any) -> dict[str, Any]:
    ns = target.namespace
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    wanted = {"register": "devices", "device_role": f"{ns}-role", "device_type": f"{ns}-model", "tag": f"{ns}-found"}
    params = {**defaults, **wanted, "url": target.url, "token": target.token, "scan": scan, **options}
    return register(params, check_mode=options.get("check_mode", False), diff=True)


def test_a_scan_is_registered_once(target: Target) -> None:
    values, ns = target.values, target.namespace
    snmp = {"sys_name": f"{ns}-sw", "serials": [f"{ns}-9"], "manufacturer": f"{ns}-maker", "model": f"{ns}-model"}
    scan = _scan(
        values,
        _host("203.0.113.50", reverse_dns="printer.example.org", reverse_dns_confirmed=True),
        _host("203.0.113.75", snmp=snmp, hostname=f"{ns}-sw"),
        _host("203.0.113.110"),
    )
    planned = _run(target, scan, check_mode=True)
    assert planned["summary"][0] == "Would register 2 addresses and 1 device."
    done = _run(target, scan)
    assert not done.get("failed"), done["msg"]
    assert done["summary"][0] == "Registered 2 addresses and 1 device."
    assert any("marked as populated" in line for line in done["summary"])
    verdicts = {one["ip"]: one["verdict"] for one in done["verdicts"] if one.get("vrf_id") == values["vrf"]}
    assert verdicts["203.0.113.7"] == "silent"
    assert verdicts["203.0.113.50"] == "unknown"

    found = target.send("GET", f"ipam/ip-addresses/?vrf_id={values['vrf']}&tag={ns}-found&ordering=id").json()[
        "results"
    ]
    printer, switch = found
    assert (printer["address"], printer["dns_name"]) == ("203.0.113.50/24", "printer.example.org")
    assert printer["tenant"]["id"] == values["tenant"]
    assert (switch["address"], switch["tenant"]) == ("203.0.113.75/26", None)
    device = target.send("GET", f"dcim/devices/?name={ns}-sw").json()["results"][0]
    assert (device["serial"], device["status"]["value"]) == (f"{ns}-9", "planned")
    assert device["primary_ip4"]["id"] == switch["id"]
    assert switch["assigned_object"]["device"]["id"] == device["id"]
    journal = target.send("GET", f"extras/journal-entries/?tag={ns}-found").json()
    assert journal["count"] == 3

    again = _run(target, scan)
    assert (again["changed"], again["written"], again["not_written"]) == (False, [], [])
    renamed = _host("203.0.113.50", reverse_dns="other.example.org", reverse_dns_confirmed=True)
    assert _run(target, _scan(values, renamed))["plan"]["changes"][0]["after"] == {"dns_name": "other.example.org"}
    changed = target.send("GET", f"ipam/ip-addresses/{printer['id']}/").json()
    assert changed["dns_name"] == "other.example.org"


def test_networks_and_addresses_are_read_for_a_scan(target: Target) -> None:
    values, ns = target.values, target.namespace
    dhcp = Dhcp(roles=frozenset({f"{ns}-use"}), tags=frozenset())
    with NetBox(target.url, values["token_planner"]) as netbox:
        found = read_targets(netbox, {"tag": f"{ns}-tag", "site": f"{ns}-a", "vrf": values["rd"]}, dhcp=dhcp)
    prefix, inside = found.networks
    assert (prefix.network, prefix.netbox_id, prefix.vrf_id) == ("203.0.113.0/24", values["net1"], values["vrf"])
    assert (prefix.site_id, prefix.tenant_id, prefix.dhcp) == (values["site_a"], values["tenant"], True)
    assert (inside.network, inside.site_id) == ("203.0.113.100-203.0.113.120", values["site_a"])
    known = {one.address: one.device for one in known_addresses(found.snapshot)}
    assert known["203.0.113.7"] == f"{ns}-d2"
    assert known["203.0.113.70"] == ""
    device = next(one for one in found.snapshot.devices if one.id == values["d1"])
    assert (device.serial, device.manufacturer, device.is_master) == (f"{ns}-SERIAL", f"{ns}-maker", True)
    assert device.primary == (values["ip4"], values["ip6"])

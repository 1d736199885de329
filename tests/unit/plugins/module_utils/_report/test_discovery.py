# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a discovery: each verdict once, with what to do, at any width, and nothing of a host printed raw."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.cells import cells
from ansible_collections.invmon.network.plugins.module_utils._report.discovery import (
    NAMED,
    Discovery,
    describe,
    discovery_text,
)

IN = "192.0.2.0/24"
NETWORK = {"network": "192.0.2.0/24", "prefix_length": 24, "addresses": 254}
CONSOLE = {
    "ip": "192.0.2.50",
    "network": IN,
    "state": "seen",
    "hostname": "om-brno",
    "ports": [22, 443],
    "banners": {"22": "SSH-2.0-OpenSSH_8.4"},
    "snmp": {"manufacturer": "Opengear", "model": "OM2216-L", "serials": ["22119390000123"]},
}
SCAN: dict[str, Any] = {
    "networks": [NETWORK],
    "seconds": 8.2,
    "complete": True,
    "hosts": [CONSOLE, {"ip": "192.0.2.43", "state": "seen"}, {"ip": "192.0.2.31", "state": "silent"}],
}
OTHER_SERIAL = "serial number: NetBox has FCZ9301X0Z9 for rtr-a, the chassis reports FCZ9301X0A1"
VERDICTS = [
    {"verdict": "known", "ip": "192.0.2.1", "device": "sw-a"},
    {
        "verdict": "contradicting",
        "ip": "192.0.2.43",
        "device": "rtr-a",
        "contradictions": [{"about": "serial", "netbox": "x", "text": OTHER_SERIAL}],
    },
    {"verdict": "unknown", "ip": "192.0.2.50", "network": IN, "hostname": "om-brno"},
    {"verdict": "unassigned", "ip": "192.0.2.60", "dns_name": "reader.example.com"},
    {"verdict": "silent", "ip": "192.0.2.31", "device": "sw-dead"},
]


def text(width: int = 80, **found: Any) -> list[str]:
    lines = [line.text for line in discovery_text(Discovery(**{"scan": SCAN, **found}), width)]
    assert max(map(cells, lines)) <= width
    return lines


def flat(**found: Any) -> str:
    return " ".join(" ".join(text(**found)).split())


def test_each_verdict_is_counted_and_named_with_what_it_means() -> None:
    for width in (80, 200):
        said = flat(width=width, verdicts=VERDICTS)
        assert said.startswith(
            "Discovery: 254 addresses in 1 network in 8.2 s: 2 hosts; 1 contradicting, 1 unknown, 1 without a device, "
            "1 silent, 1 known."
        )
        assert f"192.0.2.43 rtr-a {OTHER_SERIAL}" in said
        assert "192.0.2.50 om-brno Opengear OM2216-L, serial 22119390000123" in said
        assert "192.0.2.60 reader.example.com" in said
        assert "192.0.2.31 sw-dead" in said
        assert "sw-a" not in said, "what is as it should be is only counted"
        assert "port 22: SSH-2.0-OpenSSH_8.4" in said


def test_one_address_in_two_vrfs_is_two_hosts() -> None:
    rows = [{"verdict": "unknown", "ip": "192.0.2.50", "network": IN, "vrf": "mgmt"}]
    rows += [{"verdict": "unknown", "ip": "192.0.2.50", "network": "192.0.2.48/29", "vrf": "lab"}]
    other = {"ip": "192.0.2.50", "state": "seen", "network": "192.0.2.48/29", "mac": "00:1b:54:00:00:10"}
    said = flat(scan={**SCAN, "hosts": [CONSOLE, other]}, verdicts=rows)
    assert "192.0.2.50 (mgmt) om-brno, Opengear OM2216-L" in said
    assert "192.0.2.50 (lab) MAC 00:1b:54:00:00:10" in said
    assert "2 hosts" in said


def test_without_netbox_the_hosts_are_listed() -> None:
    said = flat()
    assert "Hosts 192.0.2.50 om-brno, Opengear OM2216-L" in said
    assert "192.0.2.31" not in said


def test_what_was_not_asked_is_named_and_nothing_is_concluded() -> None:
    rest = {**NETWORK, "not_asked": ["192.0.2.128-192.0.2.254"]}
    said = flat(scan={**SCAN, "complete": False, "stopped": "deadline", "networks": [rest]}, verdicts=[])
    assert "Not complete (deadline): 192.0.2.128-192.0.2.254 were not asked, and nothing is concluded" in said


def test_a_network_whose_firewall_answers_for_all_is_named() -> None:
    said = flat(scan={**SCAN, "networks": [{**NETWORK, "refuses_alike": True}]}, verdicts=[])
    assert "Nearly all addresses of 192.0.2.0/24 reset connections" in said


def test_a_long_list_ends_with_where_the_rest_is() -> None:
    many = [{"verdict": "unknown", "ip": f"192.0.2.{number}"} for number in range(1, NAMED + 8)]
    lines = text(verdicts=many, file="/srv/scan.json")
    assert "  and 7 more; see /srv/scan.json" in lines
    assert len(lines) < NAMED + 12
    all_of_them = discovery_text(Discovery(scan=SCAN, verdicts=many), 80, verbose=True)
    assert sum(line.text.startswith("  192.0.2.") for line in all_of_them) == len(many)


def test_changes_since_the_scan_before_and_a_source_that_lacked_something_are_named() -> None:
    changes = [{"fate": "new", "ip": "192.0.2.50", "hostname": "om-brno"}, {"fate": "gone", "ip": "192.0.2.9"}]
    scan = {**SCAN, "sources": [{"source": "icmp", "used": False, "missing": "icmplib: pip install icmplib"}]}
    said = flat(scan=scan, verdicts=[], changes=changes)
    assert "Since the scan before 1 new 192.0.2.50 (om-brno) 1 gone 192.0.2.9" in said
    assert "icmp icmplib: pip install icmplib" in said


def test_a_dry_run_and_an_error_are_marked() -> None:
    lines = text(verdicts=VERDICTS, check_mode=True, registered=["Would register 1 address and 1 device."])
    assert lines[0].startswith("Discovery, dry run: ")
    assert lines[-2:] == [
        "Would register 1 address and 1 device.",
        "This was a dry run: nothing was written to NetBox.",
    ]
    assert flat(error="NetBox cannot be reached.").startswith("Discovery: 254 addresses in 1 network")
    assert "NetBox cannot be reached." in flat(error="NetBox cannot be reached.")


def test_one_host_at_many_addresses_is_one_row_and_a_doubtful_join_is_shown() -> None:
    addresses = [f"192.0.2.{number}" for number in range(1, 201)]
    host = {"ip": "192.0.2.1", "state": "seen", "hostname": "rtr", "addresses": addresses}
    assert describe(host) == "rtr, also at 192.0.2.2, 192.0.2.3 and 197 more"
    doubtful = [{"address": "192.0.2.9", "reason": "mac", "value": "00:00:5e:00:53:01"}]
    assert describe({"ip": "192.0.2.1", "doubtful": doubtful}) == "may be the host at 192.0.2.9"


def test_text_that_a_host_chose_is_cut_and_made_printable() -> None:
    host = {"ip": "192.0.2.7", "state": "seen", "hostname": "a\x1b[2J" + "b" * 500, "banners": {"22": "x\u202ey"}}
    said = describe(host)
    assert said.isprintable()
    assert len(said) < 160

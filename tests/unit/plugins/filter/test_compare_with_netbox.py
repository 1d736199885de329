# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_with_netbox, as a playbook calls it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.invmon.network.plugins.filter.compare_with_netbox import compare_with_netbox

_SCAN: dict[str, Any] = {
    "schema": 1,
    "started": "2026-11-30T01:00:00Z",
    "complete": True,
    "hosts": [{"ip": "192.0.2.9", "state": "seen", "certainty": "proven", "network": "192.0.2.0/24"}],
    "networks": [{"network": "192.0.2.0/24", "prefix_length": 24, "asked": {"icmp": ["192.0.2.1-192.0.2.254"]}}],
}
_NETBOX: dict[str, Any] = {
    "schema": 1,
    "url": "https://netbox.example.org",
    "addresses": [{"id": 5, "ip": "192.0.2.7", "prefix_length": 24}],
}


def test_a_scan_gives_plain_data_in_order() -> None:
    found = compare_with_netbox(_SCAN, _NETBOX)
    assert [(one["verdict"], one["ip"]) for one in found] == [("silent", "192.0.2.7"), ("unknown", "192.0.2.9")]
    assert found[0] == {
        **{"verdict": "silent", "ip": "192.0.2.7", "network": "192.0.2.0/24"},
        **{"address_id": 5, "status": "active"},
    }


def test_a_list_of_hosts_proves_no_silence() -> None:
    assert [one["verdict"] for one in compare_with_netbox(_SCAN["hosts"], _NETBOX)] == ["unknown"]


def test_only_some_verdicts() -> None:
    assert [one["ip"] for one in compare_with_netbox(_SCAN, _NETBOX, verdicts=["silent"])] == ["192.0.2.7"]


@pytest.mark.parametrize(
    ("scan", "netbox", "verdicts", "words"),
    [
        ([{"ip": "not an address", "state": "seen"}], _NETBOX, None, "scan is not a scan"),
        ([{"ip": 5, "state": "seen"}], _NETBOX, None, r"scan.hosts\[0\].ip is 5, not text"),
        ({**_SCAN, "schema": 99}, _NETBOX, None, "newer release"),
        (_SCAN, {"url": "x", "addresses": [{"id": 1, "ip": "x", "prefix_length": 1}]}, None, "not a snapshot"),
        (_SCAN, None, None, "netbox is null"),
        (_SCAN, _NETBOX, ["gone"], "gone is not a verdict"),
    ],
)
def test_wrong_arguments_are_named(scan: Any, netbox: Any, verdicts: list[str] | None, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        compare_with_netbox(scan, netbox, verdicts)

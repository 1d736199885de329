# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel sends to find a MAC, as the settings of its interfaces have it."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.resolution import Resolution, of_this_host


def settings(root: Path, family: str, interface: str, **values: int) -> None:
    folder = root / family / "neigh" / interface
    folder.mkdir(parents=True)
    for name, value in values.items():
        (folder / name).write_text(f"{value}\n", encoding="ascii")


@pytest.mark.parametrize(
    ("eth0", "solicits", "between"),
    [
        ({"mcast_solicit": 3, "ucast_solicit": 3, "app_solicit": 0, "retrans_time_ms": 1000}, 3, 1.0),
        ({"mcast_solicit": 5, "mcast_resolicit": 2, "app_solicit": 1, "retrans_time_ms": 250}, 8, 0.25),
        ({"mcast_solicit": 1, "retrans_time_ms": 5000}, 3, 1.0),
        ({}, 3, 1.0),
    ],
)
def test_the_most_requests_and_the_shortest_time_count(
    tmp_path: Path, eth0: dict[str, int], solicits: int, between: float
) -> None:
    settings(tmp_path, "ipv4", "lo", mcast_solicit=3, retrans_time_ms=1000)
    settings(tmp_path, "ipv6", "eth0", **eth0)
    assert of_this_host(tmp_path) == Resolution(solicits, between)


def test_nothing_is_asked_for_on_the_loopback() -> None:
    addresses = [ipaddress.ip_address(text) for text in ("127.0.0.1", "::1", "10.0.0.1", "2001:db8::1")]
    assert [Resolution().requests(address) for address in addresses] == [0, 0, 3, 3]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors of MAC addresses, by the library's own data."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.vendors import vendor_of


@pytest.mark.parametrize(
    ("mac", "vendor"),
    [
        ("00:1b:54:00:00:10", "Cisco Systems, Inc"),
        ("001B.5400.0010", "Cisco Systems, Inc"),
        ("00:05:85:00:00:11", "Juniper Networks"),
        ("00:50:c2:00:00:10", "T.L.S. Corp."),  # a block of 4,096 addresses
    ],
)
def test_the_vendor_of_an_interface(mac: str, vendor: str) -> None:
    assert vendor_of(mac) == vendor


@pytest.mark.parametrize(
    "mac",
    [
        "02:1b:54:00:00:10",  # local
        "00:00:5e:00:01:0a",  # VRRP
        "00:00:5e:00:02:0a",
        "00:00:0c:07:ac:01",  # HSRP
        "00:00:0c:9f:f0:01",
        "00:07:b4:00:01:01",  # GLBP
        "01:00:5e:00:00:01",  # multicast
        "ff:ff:ff:ff:ff:ff",
        "00:00:00:00:00:00",
        "70:b3:d5:00:10:00",  # a divided block: the IEEE is not the vendor
        "fc:ff:ff:00:00:01",  # not registered
        "",
        "\x1b[31m",
        "00:1b:54",
    ],
)
def test_no_vendor(mac: str) -> None:
    assert vendor_of(mac) == ""

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC addresses in all the ways in which tables write them, and which of them identify a host."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.macs import is_identity, normal_mac


@pytest.mark.parametrize(
    "written",
    [b"\x00\x1b\x21\xab\xcd\xef", "00:1B:21:AB:CD:EF", "00-1b-21-ab-cd-ef", "001b.21ab.cdef", "001b21abcdef"],
)
def test_one_address_is_written_one_way(written: str | bytes) -> None:
    assert normal_mac(written) == "00:1b:21:ab:cd:ef"


@pytest.mark.parametrize("written", [b"", b"\x00" * 6, b"\x01" * 8, "", "sw-core-1", "0:1b:21:ab:cd:ef", "00" * 400])
def test_what_is_not_an_address_is_empty(written: str | bytes) -> None:
    assert normal_mac(written) == ""


def test_an_address_of_a_manufacturer_identifies_a_host() -> None:
    assert is_identity("00:1b:21:ab:cd:ef")


@pytest.mark.parametrize(
    "mac",
    [
        "00:00:5e:00:01:0a",  # VRRP
        "00:00:5e:00:02:0a",  # VRRP, IPv6
        "00:00:0c:07:ac:01",  # HSRP
        "00:00:0c:9f:f0:01",  # HSRP version 2
        "00:05:73:a0:00:01",  # HSRP, IPv6
        "00:07:b4:00:01:02",  # GLBP
        "02:42:ac:11:00:02",  # a container
        "01:00:5e:00:00:05",  # multicast
        "ff:ff:ff:ff:ff:ff",
        "00:00:00:00:00:01",
        "not an address",
    ],
)
def test_addresses_that_several_hosts_use_do_not(mac: str) -> None:
    assert not is_identity(mac)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices whose SNMP agent goes wrong: the small version of `make faults`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.invmon.network.tests.faults_snmp import Network, nights, open_network

#: One of each kind of fault: who meets it (SNMPv2c, or SNMPv3 by a backend), and whether the device can be read whole
#: in spite of it.
KINDS = {
    "v3: wrong passphrase": ("builtin", False),
    "v3: restart in mid-table": ("builtin", True),
    "dies in mid-table": ("v2c", False),
    "OIDs in a loop": ("v2c", False),
    "rows out of order": ("easysnmp", True),
    "genErr in one table": ("snmp", False),
    "booting, tables empty": ("v2c", True),
}


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with open_network(10) as one:
        yield one


@pytest.mark.parametrize("fault", KINDS)
def test_a_device_that_goes_wrong_loses_doubles_and_invents_nothing_and_is_named(network: Network, fault: str) -> None:
    backend, readable = KINDS[fault]
    first, quiet = nights(network, fault, backend, ill=(2, 1))
    assert first.good, first
    assert quiet.good, quiet
    assert (first.whole, quiet.whole) == ((10, 10) if readable else (8, 9))

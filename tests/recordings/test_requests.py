# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reading a device costs it: requests and variables, in replies of 1,400 octets. docs/speed.md has the table.

More of either is a loss for every device of that kind: look what is asked for twice, or on its own. A profile that
reads another table may cost a tenth more variables; what costs another request should be worth it.
"""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: recording: (requests, variables)
COSTS = {
    "apc-symmetra": (11, 270),
    "arista": (12, 423),
    "aruba-cx-vsf": (11, 176),
    "cisco-ucs": (10, 123),
    "foundry-stack": (11, 105),
    "h3c-comware": (10, 184),
    "hp-ilo": (10, 168),
    "huawei-istack": (10, 240),
    "iosxe-stack": (13, 521),
    "iosxr-classic": (11, 353),
    "isr4k": (10, 308),
    "junos-evo": (10, 297),
    "junos-qfx-vc": (13, 478),
    "mikrotik": (6, 75),
    "nxos": (13, 520),
    "officejet-8600": (5, 42),
    "sros-7750": (12, 350),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_device_is_asked_no_more_than_it_was(name: str) -> None:
    with replay_session(load_recording(recordings() / f"{name}.snmprec")) as session:
        read_device(session.agent)
    requests, variables = COSTS[name]
    assert session.statistics["requests"] <= requests
    assert session.statistics["varbinds"] <= 1.1 * variables

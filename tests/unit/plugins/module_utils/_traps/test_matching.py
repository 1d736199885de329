# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which notifications are waited for, and when a device is quiet again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib, standard
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._traps.described import described
from ansible_collections.invmon.network.plugins.module_utils._traps.listener import Arrived
from ansible_collections.invmon.network.plugins.module_utils._traps.matching import in_numbers, read_wanted
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.receiver import Received
from ansible_collections.invmon.network.plugins.module_utils._traps.settling import Settling

IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
LINK_DOWN = Notification(
    oid=(1, 3, 6, 1, 6, 3, 1, 1, 5, 3),
    uptime=77,
    varbinds=(
        VarBind((*IF_ENTRY, 2, 3), "octets", b"Ethernet1/3"),
        VarBind((*IF_ENTRY, 8, 3), "int", 2),
    ),
)
ARRIVED = Arrived(Received(notification=LINK_DOWN, version="2c"), "192.0.2.7", 4711, 0.0, 100)


@pytest.mark.parametrize(
    ("sources", "notifications", "variables", "fits"),
    [
        ([], [], [], True),
        (["192.0.2.0/24"], ["linkDown"], [], True),
        (["192.0.2.7", "2001:db8::/32"], ["IF-MIB::linkUp", "1.3.6.1.6.3.1.1.5.*"], [], True),
        (["198.51.100.0/24"], [], [], False),
        ([], ["linkUp"], [], False),
        ([], ["1.3.6.1.6.3.1.1.5"], [], False),
        ([], [], [{"name": "ifOperStatus", "equals": 2}], True),
        ([], [], [{"name": "ifOperStatus.3", "equals": "down"}], True),
        ([], [], [{"name": "ifOperStatus.4", "equals": "down"}], False),
        ([], [], [{"name": "ifOperStatus", "equals": "up"}], False),
        ([], [], [{"name": "ifDescr", "regex": "^Ethernet1/[0-9]$"}, {"name": "ifOperStatus"}], True),
        ([], [], [{"name": "ifDescr", "regex": "^Vlan"}], False),
        ([], [], [{"name": "ifAlias"}], False),
        ([], [], [{"name": "ifAlias", "exists": False}], True),
        ([], [], [{"name": "ifDescr", "exists": False}], False),
    ],
)
def test_all_tests_have_to_hold_by_names_and_by_numbers(
    sources: list[str], notifications: list[str], variables: list[dict[str, Any]], fits: bool
) -> None:
    mib = standard()
    about = described(ARRIVED, mib)
    assert read_wanted(sources, notifications, variables, mib).fits(ARRIVED, about) is fits
    oids, tests = in_numbers(notifications, variables, mib)
    assert read_wanted(sources, oids, tests, Mib([])).fits(ARRIVED, about) is fits


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((["here"], [], []), "sources: 'here' is not an address or a network"),
        (([], ["linkDwn"], []), "Did you mean linkDown"),
        (([], [], [{"name": "ifDescr", "regex": "("}]), "regex .* is not one"),
        (([], [], [{"name": "ifDescr", "regex": "(a+)+b"}]), "may take too long"),
        (([], [], [{"name": "ifDescr", "exists": False, "equals": 1}]), "exists is false"),
    ],
)
def test_what_cannot_be_waited_for_is_an_error(given: Any, message: str) -> None:
    with pytest.raises(OptionsError, match=message):
        read_wanted(given[0], given[1], given[2], standard())


def test_a_burst_is_over_when_the_device_is_quiet_or_at_the_longest() -> None:
    settling = Settling(quiet=30, longest=100)
    for second in range(50):
        settling.note("core-1", "cefcFRUInserted", second / 10)
    settling.note("core-2", "coldStart", 1)
    assert settling.over(30) == []
    assert settling.over(30.99) == []
    assert [burst.device for burst in settling.over(31)] == ["core-2"]
    (burst,) = settling.over(35)
    assert (burst.device, burst.count, dict(burst.names)) == ("core-1", 50, {"cefcFRUInserted": 50})
    assert settling.over(10**6) == [], "none is left"
    for second in range(0, 100, 20):
        settling.note("core-1", "coldStart", second)
        assert settling.over(second) == []
    assert [burst.count for burst in settling.over(100)] == [5], "it goes on to send, and is read all the same"

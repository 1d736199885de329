# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How devices were reached, as rows and as a table."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.cells import cells
from ansible_collections.invmon.network.plugins.module_utils._parts.device_report import DeviceReport, with_inventory
from ansible_collections.invmon.network.plugins.module_utils._parts.inventory import (
    Attempt,
    EntityInventory,
    Statistics,
    SystemGroup,
    Table,
)
from ansible_collections.invmon.network.plugins.module_utils._parts.item import Item
from ansible_collections.invmon.network.plugins.module_utils._report.reach import NAMED, reach_text
from ansible_collections.invmon.network.plugins.module_utils._tasks.reach import reach

REFUSED = "v3: the agent refused the SNMPv3 user: authentication failure. Check the user and its passphrases."


def read(name: str, *serials: str, **about: Any) -> DeviceReport:
    items = tuple(Item(serial=serial, index=serial, source="entPhysicalTable") for serial in serials)
    found = EntityInventory(items=items, complete=True, attempt=Attempt(1, "3", "authPriv"), platform="cisco_ios")
    return with_inventory(DeviceReport(name), EntityInventory(**{**vars(found), **about}))


BROKEN = {"entPhysicalTable": Table(5, False, "no answer")}
UNKNOWN = SystemGroup("box", "A box", "1.3.6.1.4.1.36673.1", 1)
REPORTS = [
    read("sw-1", "A1", "A2", "A2", statistics=Statistics(12, 1, 400, 1.25), coverage=("optics: no MIB",)),
    read("sw-2", "B1", attempt=Attempt(2, "2c", "noAuthNoPriv"), complete=False, tables=BROKEN),
    read("box", system=UNKNOWN, platform="generic", coverage=("all parts: ENTITY-MIB is not present",)),
    DeviceReport("fw", error=REFUSED, reason="authentication"),
    DeviceReport("dead\x1b[2J", error="v3: no answer. Check that it is up.", reason="timeout"),
]


def test_each_device_is_a_row_and_those_fail_that_the_inventory_would_fail() -> None:
    data, failed = reach(REPORTS, 3.0)
    assert failed == {"sw-2": "incomplete", "fw": "refused", "dead\x1b[2J": "unreachable"}
    assert data["hosts"][0] == {
        "host": "sw-1",
        "reading": "complete",
        "attempt": {"number": 1, "version": "3", "security_level": "authPriv"},
        "platform": "cisco_ios",
        "seconds": 1.25,
        "requests": 12,
        "parts": 2,
        "cannot": ["optics: no MIB"],
    }
    assert data["hosts"][2]["reading"] == "nothing known"
    assert data["hosts"][2]["object_id"] == "1.3.6.1.4.1.36673.1"
    assert data["hosts"][3] == {"host": "fw", "reading": "refused", "text": REFUSED}
    assert sum(data["readings"].values()) == len(REPORTS)


def test_the_table_names_the_credentials_that_worked_and_what_to_do_at_each_width() -> None:
    data, _failed = reach(REPORTS, 3.0)
    for width in (80, 200):
        lines = [line.text for line in reach_text(data, width)]
        assert max(map(cells, lines)) <= width
        text = " ".join(" ".join(lines).split())
        assert "Reach: 5 devices in 3.0 s, 1 complete, 1 incomplete, 1 nothing known, 1 refused the credentials" in text
        rows = [line.split() for line in lines]
        assert ["sw-1", "v3", "authPriv", "cisco_ios", "1.2", "s", "2", "parts"] in rows
        assert ["sw-2", "v2c,", "attempt", "2", "cisco_ios", "1", "part,", "incomplete"] in rows
        assert ["fw", "-", "refused"] in rows
        assert REFUSED in text
        assert "sw-2 incomplete not read completely: entPhysicalTable (no answer)" in text
        assert "box nothing known ENTITY-MIB is not present. Add a profile" in text
        assert "Not reported over SNMP optics: no MIB: sw-1" in text
        assert "\x1b" not in text


def test_a_set_of_credentials_is_named_by_its_name() -> None:
    data, _failed = reach([read("sw-1", "A1", attempt=Attempt(2, "2c", "noAuthNoPriv", "lab"))], None)
    assert ["sw-1", "v2c,", "lab", "cisco_ios", "1", "part"] in [line.text.split() for line in reach_text(data, 80)]


def test_where_nothing_was_read_there_is_no_next_step() -> None:
    data, _failed = reach(REPORTS[3:], None)
    text = " ".join(line.text for line in reach_text(data, 80))
    assert "Next" not in text
    assert "Reach: 2 devices, 1 refused" in text


def test_of_very_many_devices_the_file_has_the_rest() -> None:
    data, _failed = reach([read(f"sw-{number}", "A1") for number in range(NAMED + 7)], 1.0)
    lines = [line.text for line in reach_text(data, 80, file="reach.json")]
    assert "  and 7 more; see reach.json" in lines
    assert len(lines) < NAMED + 12
    assert not any("more;" in line.text for line in reach_text(data, 80, verbose=True))

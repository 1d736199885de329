# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small device for the tests of this folder."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Table

#: entPhysicalTable, as much of it as the tests need
PARTS = Table(
    "entPhysicalTable",
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1),
    {"description": 2, "parent": 4, "class": 5, "serial": 11},
)
#: its neighbour, whose OIDs begin with the same digits (…1.1.1.1 and …1.1.1.10)
NEIGHBOUR = Table("neighbourTable", (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 10), {"text": 2}, required=False)
ROWS = 60


def device(rows: int = ROWS) -> list[tuple[tuple[int, ...], str, Any]]:
    """The system group and a table of `rows` rows, with other tables before and behind."""
    varbinds: list[tuple[tuple[int, ...], str, Any]] = [
        ((1, 3, 6, 1, 2, 1, 1, 1, 0), "octets", b"A test device"),
        ((1, 3, 6, 1, 2, 1, 1, 2, 0), "oid", (1, 3, 6, 1, 4, 1, 99999, 1)),
        ((1, 3, 6, 1, 2, 1, 1, 3, 0), "ticks", 4711),
        ((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"box"),
        ((1, 3, 6, 1, 2, 1, 2, 1, 0), "int", 1),
        ((1, 3, 6, 1, 4, 1, 1, 0), "octets", b"behind"),
    ]
    for row in range(1, rows + 1):
        values = {2: ("octets", f"Part {row}"), 4: ("int", row // 10), 5: ("int", 9), 11: ("octets", f"SN{row:06}")}
        for column, (kind, value) in values.items():
            varbinds.append(((*PARTS.entry, column, row), kind, value.encode() if isinstance(value, str) else value))
        varbinds.append((((*NEIGHBOUR.entry, 2, row)), "octets", b"neighbour"))
    return varbinds

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small device, both libraries, and sessions that are closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils.snmp.agent import Table
from ansible_collections.invmon.network.plugins.module_utils.snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils.snmp.session import Session, open_session
from ansible_collections.invmon.network.plugins.module_utils.snmp.walks import Limits
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent

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


@pytest.fixture(params=["easysnmp", "snmp"])
def backend(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(request.param)
    return str(request.param)


@pytest.fixture
def ask(backend: str) -> Iterator[Callable[..., Session]]:
    """Opens a session with a FaultAgent; short time-outs, so that silence does not take long."""
    with ExitStack() as stack:

        def opened(agent: FaultAgent, limits: Limits | None = None, **options: Any) -> Session:
            values = {"port": agent.port, "community": "public", "timeout": 0.15, "retries": 1, "backend": backend}
            return stack.enter_context(open_session(agent.address, read_options(values | options), limits))

        yield opened

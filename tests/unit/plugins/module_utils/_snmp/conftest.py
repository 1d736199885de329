# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks SNMPv3, and sessions that are closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, open_session
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent


@pytest.fixture(params=["builtin", "easysnmp", "snmp"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param != "builtin":
        pytest.importorskip(request.param)
    return str(request.param)


@pytest.fixture
def ask() -> Iterator[Callable[..., Session]]:
    """Opens a session with a FaultAgent; a short time-out, so that silence does not take long."""
    with ExitStack() as stack:

        def opened(agent: FaultAgent, limits: Limits | None = None, **options: Any) -> Session:
            values = {"port": agent.port, "community": "public", "timeout": 0.3, "retries": 1}
            return stack.enter_context(open_session(agent.address, read_options(values | options), limits))

        yield opened

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices for the tests of this folder: tables as data, answered by the agent that replays recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import (
    Profiles,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import NO_RULES, SerialRules
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.tests.recordings.valid_profiles import require_valid_profiles

Cells = Mapping[tuple[int, ...], Mapping[str, Any]]

_SYSTEM = (1, 3, 6, 1, 2, 1, 1)


def pytest_configure(config: pytest.Config) -> None:
    require_valid_profiles(config)


def varbind(oid: Oid, value: Any) -> VarBind:
    """A variable of the kind that the Python value has; text becomes octets."""
    if isinstance(value, str):
        return VarBind(oid, "octets", value.encode())
    kind = {bytes: "octets", int: "int", tuple: "oid"}[type(value)]
    return VarBind(oid, kind, value)


def transport(
    *tables: tuple[Table, Cells],
    description: str = "",
    object_id: Oid = (0, 0),
    scalars: Mapping[Oid, Any] | None = None,
) -> ReplayTransport:
    """An agent with these rows, given as index -> column -> value."""
    values: dict[Oid, Any] = {
        (*_SYSTEM, 1, 0): description,
        (*_SYSTEM, 2, 0): object_id,
        (*_SYSTEM, 3, 0): 123456,
        (*_SYSTEM, 5, 0): "r1",
        **(scalars or {}),
    }
    for table, rows in tables:
        for index, row in rows.items():
            values.update({(*table.column(column), *index): value for column, value in row.items()})
    varbinds = {oid: varbind(oid, values[oid]) for oid in sorted(values)}
    return ReplayTransport(Recording("test", varbinds, 0, list(varbinds)))


@pytest.fixture
def box() -> Callable[..., ReplayTransport]:
    """The agent itself, for tests that break it: box(*tables, description=..., object_id=..., scalars=...)."""
    return transport


@pytest.fixture
def read() -> Callable[..., dict[str, Any]]:
    """read(*tables, description=..., object_id=..., scalars=..., platform=..., profiles=..., rules=...)."""

    def reader(
        *tables: tuple[Table, Cells],
        platform: str | None = None,
        certain: bool = False,
        profiles: Profiles | None = None,
        rules: SerialRules = NO_RULES,
        **device: Any,
    ) -> dict[str, Any]:
        agent = Agent(transport(*tables, **device))
        return read_device(agent, platform, certain, profiles, rules).to_dict()

    return reader

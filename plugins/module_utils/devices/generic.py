# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every agent that no other file knows: ENTITY-MIB."""

from __future__ import annotations

from ..snmp.agent import Agent
from .collection import Collection
from .entity import ENTITY, read_entity


def read_generic(agent: Agent, collection: Collection) -> None:
    """What ENTITY-MIB tells, and that it tells nothing."""
    read_entity(agent, collection)
    status = agent.tables[ENTITY.name]
    if not collection.items and status.complete:
        missing = "lists no serial numbers" if status.rows else "is not there"
        collection.cover(f"all parts: ENTITY-MIB {missing}, and no other table of this platform is known")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cisco IOS: a profile like others, but the numbers of stack members are in CISCO-STACKWISE-MIB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._snmp.agent import Agent, Index, Table
from .collection import Collection
from .entity_table import MemberTable
from .profile import Layout
from .profile_reader import read_profile
from .values import number

#: CISCO-STACKWISE-MIB, indexed by entPhysicalIndex.
SWITCH_INFO = Table(
    "cswSwitchInfoTable", (1, 3, 6, 1, 4, 1, 9, 9, 500, 1, 2, 1, 1), {"number": 1, "role": 3}, required=False
)
#: cswSwitchRole
ROLES = {1: "master", 2: "member", 3: "notMember", 4: "standby"}


def read_ios(agent: Agent, collection: Collection, layout: Layout) -> None:
    """Read everything that the profile describes."""
    read_profile(agent, collection, layout, _Members(agent))


@dataclass
class _Members(MemberTable):
    """The numbers and roles of the members of a stack, by cswSwitchInfoTable."""

    agent: Agent

    def cells(self, chassis: Sequence[int]) -> tuple[Table, dict[Index, tuple[str, ...]]]:
        return SWITCH_INFO, dict.fromkeys([(key,) for key in chassis], ("number", "role"))

    def numbers(self, chassis: Sequence[int]) -> dict[int, tuple[int | None, str | None]]:
        rows = self.agent.cells(*self.cells(chassis))
        return {index[0]: (number(row, "number"), ROLES.get(number(row, "role") or 0)) for index, row in rows.items()}

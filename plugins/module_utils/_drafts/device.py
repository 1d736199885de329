# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of a device: its vendor's variables, and what the standard MIBs have to compare them with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .._devices.entity_table import ENTITY
from .._parts.labels import device_text
from .._parts.serials import judge
from .._snmp.agent import Value, value_of
from .._snmp.enterprises import enterprise_of
from .._snmp.transport import Oid, VarBind

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
IF_DESCR: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
IF_NAME: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
#: Net-SNMP and UCD: agents of many vendors identify themselves by these numbers, and have tables of programs there.
NO_VENDORS = frozenset({8072, 2021})


@dataclass(frozen=True)
class Device:
    """Variables of one device, each as an Agent returns it."""

    variables: Mapping[Oid, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, varbinds: Iterable[VarBind]) -> Device:
        """From what a walk, or a recording, has."""
        found = {varbind.oid: value_of(varbind) for varbind in varbinds}
        return cls({oid: value for oid, value in sorted(found.items()) if value is not None})

    @cached_property
    def description(self) -> str:
        """sysDescr."""
        return device_text(self.variables.get((*SYSTEM, 1, 0), b""))

    @cached_property
    def name(self) -> str:
        """sysName."""
        return device_text(self.variables.get((*SYSTEM, 5, 0), b""))

    @cached_property
    def object_id(self) -> Oid:
        """sysObjectID; empty where it is missing."""
        found = self.variables.get((*SYSTEM, 2, 0))
        return found if isinstance(found, tuple) else ()

    @cached_property
    def vendor(self) -> Mapping[Oid, Value]:
        """What is below the enterprises, but for those of no vendor."""
        return {
            oid: value
            for oid, value in self.variables.items()
            if enterprise_of(oid) not in (None, *NO_VENDORS) and len(oid) > 7
        }

    @cached_property
    def interfaces(self) -> frozenset[int]:
        """All ifIndexes."""
        return frozenset(oid[-1] for oid in self.variables if oid[:-1] in (IF_DESCR, IF_NAME))

    @cached_property
    def interface_names(self) -> frozenset[str]:
        """All texts of ifDescr and ifName."""
        found = {device_text(value) for oid, value in self.variables.items() if oid[:-1] in (IF_DESCR, IF_NAME)}
        return frozenset(found - {""})

    @cached_property
    def entity_indexes(self) -> frozenset[int]:
        """All entPhysicalIndexes."""
        entry = ENTITY.entry
        return frozenset(oid[-1] for oid in self.variables if oid[: len(entry)] == entry)

    @cached_property
    def entity_serials(self) -> frozenset[str]:
        """The serial numbers that ENTITY-MIB reports."""
        column = ENTITY.column("serial")
        verdicts = (judge(value) for oid, value in self.variables.items() if oid[:-1] == column)
        return frozenset(verdict.serial for verdict in verdicts if verdict.good)

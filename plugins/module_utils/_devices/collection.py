# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader hands back of one device."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .._common.typed_json import to_json
from .._parts.inventory import ChassisSerial, EntityInventory, Member, RejectedSerial, SystemGroup, Table
from .._parts.item import Item
from .._parts.labels import Raw
from .._parts.serials import NO_RULES, SerialRules, Verdict, judge
from .._snmp.agent import TableStatus
from .._snmp.budget import Limits
from .._snmp.transport import dotted

#: Rows without a serial that a reader asks whether they hold a part; see Collection.cover_unit().
MOST_UNITS = 48
#: Sentences of `coverage`, and characters of one; and of a text that is no serial.
MOST_COVERAGE = 500
LONGEST_SENTENCE = 500
LONGEST_REJECTED = 100


@dataclass(frozen=True)
class System:
    """The system group of a device (RFC 3418), as it was read."""

    name: str = ""  #: sysName
    description: str = ""  #: sysDescr
    object_id: tuple[int, ...] = ()  #: sysObjectID
    uptime: int = 0  #: sysUpTime, in whole seconds

    @property
    def dotted_object_id(self) -> str:
        return dotted(self.object_id)


@dataclass
class Collection:
    """The parts of one device, and what is missing from them."""

    system: System
    platform: str  #: name of the platform in registry.py
    items: list[Item] = field(default_factory=list)
    rejected: list[RejectedSerial] = field(default_factory=list)
    coverage: list[str] = field(default_factory=list)  #: what this device does not report over SNMP, for people
    members: list[Member] = field(default_factory=list)
    #: all that may be the serial of the chassis, what counts most first
    chassis: list[ChassisSerial] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tables: dict[str, TableStatus] = field(default_factory=dict)
    rules: SerialRules = NO_RULES  #: the user's rules for serials
    limits: Limits = field(default_factory=Limits)
    scalars: set[str] = field(default_factory=set)  #: sources that are vendor scalars for the chassis
    _covered: set[str] = field(default_factory=set)
    _verdicts: dict[tuple[type, Raw], Verdict] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Every table that the platform needs was read completely."""
        return all(table.complete for table in self.tables.values() if table.required)

    def judge(self, raw: Raw) -> Verdict:
        """Whether a text is a serial, by serials.judge() and the user's rules.

        Asked two or three times of most rows: before their details are read, and when they are made items.
        """
        key = (type(raw), raw)  # a Counter32 is another text than an equal number
        if key not in self._verdicts:
            self._verdicts[key] = judge(raw, self.rules)
        return self._verdicts[key]

    def serial(self, raw: Raw, index: str, name: str | None, source: str) -> str | None:
        """The clean serial of a row; None for a row without one, which is noted in `rejected` if it has a text."""
        found = self.judge(raw)
        if found.reason is None:
            return found.serial or None
        self.reject(found.serial, found.reason, index, name, source)
        return None

    def reject(self, serial: str, reason: str, index: str, name: str | None, source: str) -> None:
        """Note a text that is no serial. More than there may be make the collection incomplete."""
        if len(self.rejected) >= self.limits.rejected:
            most = f"the limit of {self.limits.rejected} texts that are no serials (max_rejected)"
            self._cut("rejected", len(self.rejected), f"it has more than {most}")
            return
        shown = serial[:LONGEST_REJECTED]
        self.rejected.append(RejectedSerial(shown, reason, index, name, source))

    def change(self, item: Item, **values: Any) -> Item:
        """Put an item with these values in the place of one of `items`; returns the new one."""
        place = next(number for number, one in enumerate(self.items) if one is item)
        self.items[place] = replace(item, **values)
        return self.items[place]

    def settle(self) -> None:
        """Called when all is read: more parts than there may be are left out, and make the collection incomplete."""
        if len(self.items) > self.limits.parts:
            most = f"the limit of {self.limits.parts} rows with a serial (max_parts)"
            del self.items[self.limits.parts :]
            self._cut("parts", len(self.items), f"it has more than {most}")

    def _cut(self, name: str, rows: int, error: str) -> None:
        """Add an entry to the tables: it hides something, as a table does that was not read completely."""
        self.tables[name] = TableStatus(rows=rows, complete=False, error=error)

    def tie(self, *tables: str) -> None:
        """These tables complete each other's parts: if one broke off, no name, place or class of the others is certain.

        So none of them counts as read completely, and what is missing is not taken for a change.
        """
        present = [name for name in tables if name in self.tables]
        broken = [name for name in present if not self.tables[name].complete]
        for name in present if broken else ():
            status = self.tables[name]
            status.complete = False
            status.error = status.error or f"its parts are also reported by {broken[0]}, which was not read completely"

    def cover(self, text: str) -> None:
        """Report once what the device does not report."""
        text = text[:LONGEST_SENTENCE]
        if text in self._covered or len(self.coverage) > MOST_COVERAGE:
            return
        self._covered.add(text)
        self.coverage.append(text if len(self.coverage) < MOST_COVERAGE else "more than can be listed here")

    def cover_unit(self, name: str, part: str | None = None) -> None:
        """Report a field-replaceable part without a serial."""
        self.cover(f"field-replaceable unit without a serial: {name}" + (f" ({part})" if part else ""))

    def inventory(self) -> EntityInventory:
        """What was collected, when all is read."""
        system = self.system
        return EntityInventory(
            items=tuple(self.items),
            rejected=tuple(self.rejected),
            coverage=tuple(self.coverage),
            complete=self.complete,
            tables={
                name: Table(table.rows, table.complete, table.error, table.required)
                for name, table in self.tables.items()
            },
            system=SystemGroup(system.name, system.description, system.dotted_object_id, system.uptime),
            platform=self.platform,
            chassis=tuple(self.chassis),
            members=tuple(self.members),
            warnings=tuple(self.warnings),
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return to_json(self.inventory())

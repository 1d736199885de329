# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile: how one kind of device is recognised and where its serials are, as data; see docs/profiles.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from .._common.errors import InvmonError
from .._snmp.agent import Table
from .._snmp.transport import Oid

Key: TypeAlias = "str | int"

#: Texts of an Item that a template can fill.
TEXTS = (
    *("part", "name", "description", "manufacturer", "hardware_rev", "firmware_rev", "software_rev", "alias"),
    "asset_id",
)
#: Everything of a part that a template can fill.
FIELDS = ("serial", *TEXTS, "category", "manufactured", "is_fru", "position", "if_index", "interface", "member", "role")
#: What can read a platform: registry.py maps them to functions.
READERS = ("profile", "ios", "junos", "sros")
#: In an OID: a sub-identifier that differs from model to model, written as *; see profile_branches.py.
ANY = -1
#: Values that every row has in addition to its own: the system group of the device.
SYSTEM_VALUES = ("sysDescr", "sysName", "sysObjectID")
#: The table of every device, which columns of other tables may point into, and its columns that they may name.
ENTITY_TABLE = "entPhysicalTable"
ENTITY_VALUES = ("name", "descr", "model")


class ProfileError(InvmonError, ValueError):
    """A profile is wrong: `keys` lead to the place, `problem` is what is wrong and how to correct it."""

    keys: tuple[Key, ...]
    problem: str

    def __init__(self, keys: tuple[Key, ...], problem: str) -> None:
        text = f"{' > '.join(str(key) for key in keys)}: {problem}" if keys else problem
        super().__init__(text, keys=keys, problem=problem)


@dataclass(frozen=True)
class Match:
    """One way to recognise a device: all that is given must hold."""

    object_id: Oid = ()  #: prefix of sysObjectID
    description: re.Pattern[str] | None = None  #: is found in sysDescr
    answers: Oid = ()  #: a GET of it gives a value


@dataclass(frozen=True)
class Template:
    """A text with {names} in it; without any it is a constant."""

    text: str
    names: tuple[str, ...] = ()

    @property
    def alone(self) -> str | None:
        """The name, where the template is nothing but that: its value need not be made a text."""
        return self.names[0] if len(self.names) == 1 and self.text == f"{{{self.names[0]}}}" else None


@dataclass(frozen=True)
class Elsewhere:
    """A column of another table, of the row whose index is made of these values."""

    table: str
    column: str
    index: tuple[str, ...]  #: names of values; digits are constants


@dataclass(frozen=True)
class Column:
    """A named value of a row: read from the device, or made of another one."""

    oid: Oid = ()  #: of a scalar, whole; of a column, its sub-identifier
    of: str | None = None  #: name of the value that it is made of
    elsewhere: Elsewhere | None = None
    match: re.Pattern[str] | None = None  #: its first group is the value
    words: Mapping[str, str] | None = None  #: what replaces the value; keys in lower case
    otherwise: str | None = None  #: what replaces values that `words` lacks


@dataclass(frozen=True)
class Parent:
    """The row that contains a part."""

    table: str
    index: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A group of scalars (entry is empty), or a table, that contains parts."""

    name: str  #: name of the table, or of the scalar that holds the serial: the Item's source
    columns: Mapping[str, Column]
    fields: Mapping[str, tuple[Template, ...]]
    entry: Oid = ()
    index: tuple[str, ...] = ()  #: names of the sub-identifiers of a row's index
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parent: Parent | None = None
    describes_entity: bool = False  #: its index is entPhysicalIndex
    prefer: frozenset[str] = frozenset()  #: fields for which it is preferred to ENTITY-MIB
    members: bool = False
    first: bool = False
    fallback: bool = False
    required: bool = True
    note: str | None = None  #: for `coverage`, where the source has a part
    shape: re.Pattern[str] | None = None  #: of its serials, whole: an operator may write something else there

    @cached_property
    def table(self) -> Table:
        """The table as an Agent reads it."""
        numbers = {name: column.oid[0] for name, column in self.columns.items() if column.oid}
        return Table(self.name, self.entry, numbers, required=self.required)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Columns to read of every row: they decide whether there is a part."""
        return self.read((*self.names("serial"), *self.when, *self.unless))

    @cached_property
    def details(self) -> tuple[str, ...]:
        """Columns to read of the rows that are parts."""
        wanted = {name for field_name in self.fields for name in self.names(field_name)}
        return self.read((*wanted, *(self.parent.index if self.parent else ())))

    @property
    def oids(self) -> tuple[Oid, ...]:
        """Its entry, or its scalars."""
        return (self.entry,) if self.entry else tuple(column.oid for column in self.columns.values() if column.oid)

    def names(self, field_name: str) -> set[str]:
        """The values that a field's templates are made of."""
        return {name for template in self.fields.get(field_name, ()) for name in template.names}

    def read(self, names: Iterable[str]) -> tuple[str, ...]:
        """The columns of the device that these values are made of."""
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            column = self.columns.get(name)
            if column is None or name in found:
                continue
            found.add(name)
            waiting.update([column.of] if column.of else [])
            waiting.update(column.elsewhere.index if column.elsewhere else [])
        return tuple(sorted(name for name in found if self.columns[name].oid))


@dataclass(frozen=True)
class EntityOptions:
    """How the ENTITY-MIB of such a device is taken."""

    read: bool = True
    stacks: bool = True  #: several chassis are a stack
    members: str | None = None  #: name of the table that has a row for each member of a stack, by its number
    vendor_types: Mapping[Oid, str] = field(default_factory=dict)  #: entPhysicalVendorType -> model


@dataclass(frozen=True)
class Layout:
    """Where a platform keeps its parts."""

    entity: EntityOptions = field(default_factory=EntityOptions)
    scalars: tuple[Source, ...] = ()
    tables: tuple[Source, ...] = ()
    coverage: Mapping[str, str] = field(default_factory=dict)  #: category -> what to report where none was found

    def table(self, name: str) -> Source | None:
        return next((source for source in self.tables if source.name == name), None)


def root_of(oid: Oid) -> Oid:
    """The part of an OID up to its last ANY; empty where each of its numbers is known."""
    return oid[: max((place + 1 for place, number in enumerate(oid) if number == ANY), default=0)]


@dataclass(frozen=True)
class Head:
    """What is to be known of a profile to choose among them."""

    name: str
    matches: tuple[Match, ...] = ()
    aliases: tuple[str, ...] = ()
    reader: str = "profile"
    include: tuple[str, ...] = ()

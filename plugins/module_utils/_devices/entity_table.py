# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ENTITY-MIB's entPhysicalTable (RFC 6933): its columns, its rows as far as they were read, and what completes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .._parts.labels import Raw
from .._snmp.agent import Index, Rows, Table, Value
from .categories import category_of
from .tree import Tree
from .values import number, part_number, text

ENTITY = Table(
    "entPhysicalTable",
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1),
    {
        **{"descr": 2, "vendor_type": 3, "contained_in": 4, "class": 5, "position": 6, "name": 7, "hardware_rev": 8},
        **{"firmware_rev": 9, "software_rev": 10, "serial": 11, "mfg_name": 12, "model": 13, "alias": 14},
        **{"asset_id": 15, "is_fru": 16, "mfg_date": 17},
    },
    brief=frozenset({"contained_in", "is_fru"}),
)

#: Read of every row, to find those that matter.
OVERVIEW = ("serial", "class", "contained_in", "is_fru")


class CategoryHint(Protocol):
    """The category that a platform knows of a row whose class is missing or 0."""

    def __call__(self, name: str | None, descr: str | None) -> tuple[str, str] | None:
        """From a row's name and description to its category and the object that decided it; None if not known."""


class MemberTable(Protocol):
    """A vendor's table with the numbers of the members of a stack."""

    def cells(self, chassis: Sequence[int]) -> tuple[Table, Mapping[Index, Sequence[str]]]:
        """What numbers() reads for these entPhysicalIndex, so that it can be asked for with other things."""

    def numbers(self, chassis: Sequence[int]) -> Mapping[int, tuple[int | None, str | None]]:
        """From the entPhysicalIndex of chassis to their (number, role)."""


class VendorTables(Protocol):
    """A vendor's tables that complete the rows of entPhysicalTable, by entPhysicalIndex."""

    def serials(self) -> Mapping[int, tuple[Raw, bool]]:
        """Serials, and whether they count before those of the rows; else only where these have no good one."""

    def fields(self, keys: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """More about these rows, by fields of an Item: it fills what is empty. See BETTER and CATEGORY_RULE."""


#: Key of VendorTables.fields(): fields for which it is preferred to ENTITY-MIB.
BETTER = "better"
#: Key of VendorTables.fields(): the table that decided the category.
CATEGORY_RULE = "category_rule"


@dataclass
class Entity:
    """The rows of entPhysicalTable by entPhysicalIndex, as far as they were read."""

    rows: dict[int, dict[str, Value]] = field(default_factory=dict)
    serials: dict[int, str] = field(default_factory=dict)  #: of the rows that have a good one
    categories: dict[int, str] = field(default_factory=dict)  #: of the same rows
    rules: dict[int, str] = field(default_factory=dict)  #: what decided the category
    more: dict[int, Mapping[str, Any]] = field(default_factory=dict)  #: of VendorTables.fields()
    models: Mapping[tuple[int, ...], str] = field(default_factory=dict)  #: by entPhysicalVendorType
    tree: Tree = field(default_factory=lambda: Tree({}))
    holders: set[int] = field(default_factory=set)  #: rows that contain a part with another serial
    members: dict[int, int] = field(default_factory=dict)  #: row of a member's chassis -> its number

    def take(self, rows: Rows) -> None:
        """Add cells that were read; an index of another shape is no row of this table."""
        for index, row in rows.items():
            if len(index) == 1:
                self.rows.setdefault(index[0], {}).update(row)

    def physical_class(self, key: int) -> str:
        """The row's class in a word, by its number alone."""
        return category_of(number(self.rows.get(key, {}), "class"), ())

    def texts(self, key: int) -> tuple[str | None, str | None]:
        """Its name and description."""
        row = self.rows.get(key, {})
        return text(row, "name"), text(row, "descr")

    def name(self, key: int) -> str | None:
        name, descr = self.texts(key)
        return name or descr

    def model(self, key: int) -> str | None:
        """entPhysicalModelName, or the model in the vendor's columns."""
        row = self.rows.get(key, {})
        more = self.more.get(key, {})
        own = part_number(row, "model") or self.models.get(_oid(row.get("vendor_type")))
        return (more.get("part") or own) if "part" in more.get(BETTER, ()) else (own or more.get("part"))


def _oid(value: Value | None) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else ()

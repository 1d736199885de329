# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Item: one part as its device reports it, whatever table it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .._common.typed_json import Rules, written

#: The words of IANA-ENTITY-MIB's IANAPhysicalClass, by number (RFC 6933, entPhysicalClass).
PHYSICAL_CLASSES = {
    1: "other",
    2: "unknown",
    3: "chassis",
    4: "backplane",
    5: "container",
    6: "powerSupply",
    7: "fan",
    8: "sensor",
    9: "module",
    10: "port",
    11: "stack",
    12: "cpu",
    13: "energyObject",
    14: "battery",
    15: "storageDrive",
}

#: A pluggable optic or cable end, whatever table or class it came from. No MIB has a word for it.
TRANSCEIVER = "transceiver"

#: Every value that an Item's category can have.
CATEGORIES = frozenset(PHYSICAL_CLASSES.values()) | {TRANSCEIVER}


@dataclass(frozen=True)
class Item:
    """A part of one device: text fields are clean (no padding, no control characters), "" is never used for unknown.

    An item always has a serial that passed serials.judge(). None means that the device does not report it.
    """

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    serial: str  #: as printed on the label (entPhysicalSerialNum, jnxContentsSerialNo, tmnxHwSerialNumber, ...)
    index: str  #: the row's index in its table, dotted: "1001", "7.1.0.0"; unique within one source
    source: str  #: the table the row was read from: "entPhysicalTable", "jnxContentsTable", "tmnxHwTable", ...
    part: str | None = None  #: orderable part number (entPhysicalModelName, jnxContentsPartNo, tmnxHwMfgBoardNumber)
    name: str | None = None  #: the name an operator knows the slot by (entPhysicalName); falls back to description
    description: str | None = None  #: entPhysicalDescr or the like
    category: str = field(default="unknown", metadata=written(omit_default=False))  #: one of CATEGORIES
    #: what the category comes from: "entPhysicalClass", "words" of its texts, "pluggable" (_devices/transceivers.py),
    #: "only serial" of the device, "stack member" (_devices/entity_stack.py), or the table or object of a MIB:
    #: "jnxFruType", "entAliasMappingTable", "sysDescr"
    category_rule: str | None = None
    manufacturer: str | None = None  #: entPhysicalMfgName; never invented
    hardware_rev: str | None = None
    firmware_rev: str | None = None
    software_rev: str | None = None
    is_fru: bool | None = None  #: entPhysicalIsFRU: can be replaced in the field
    alias: str | None = None  #: entPhysicalAlias, written by an operator
    asset_id: str | None = None  #: entPhysicalAssetID, written by an operator
    manufactured: str | None = None  #: ISO date, YYYY-MM-DD
    parent: str | None = None  #: index of the row that contains this one (entPhysicalContainedIn), None for a root
    ancestors: tuple[str, ...] = ()  #: indexes of all rows that contain it, the nearest first
    position: int | None = None  #: entPhysicalParentRelPos; None for -1
    path: str | None = None  #: names from the chassis down to this part, joined by " / "
    interface: str | None = None  #: ifName of the interface that a port or transceiver serves
    member: int | None = None  #: number of the stack or virtual-chassis member that holds it

    def __post_init__(self) -> None:
        if not self.serial:
            raise ValueError("has no serial")

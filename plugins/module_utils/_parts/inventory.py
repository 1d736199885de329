# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is collected of one device in one run: its items, how far its tables were read, and what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .._common.typed_json import Rules, written
from .item import Item

#: Version of the JSON of an EntityInventory; raised when a key changes its meaning.
SCHEMA = 1

#: Of data that people may have written: what they add is not used, and null means that they leave a key out.
FROM_PEOPLE = Rules(extra="ignored", null_is_missing=True)


@dataclass(frozen=True)
class SystemGroup:
    """The system group of a device (RFC 3418)."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    name: str = ""  #: sysName
    description: str = ""  #: sysDescr
    object_id: str = ""  #: sysObjectID, dotted
    uptime: int = 0  #: sysUpTime, in whole seconds


@dataclass(frozen=True)
class Table:
    """How far a table of a device was read."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    rows: int = 0
    complete: bool = True  #: read to its end
    error: str | None = None  #: the first thing that went wrong
    required: bool = True  #: the platform needs it


@dataclass(frozen=True)
class Member:
    """A chassis of a stack or virtual chassis, by the number that the device gives it."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    number: int
    serial: str = ""  #: "" only where a person wrote it so
    model: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class RejectedSerial:
    """A text that is not a serial number where one should be, and the row where it was found."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    serial: str | None = None
    reason: str | None = None  #: see serials.judge()
    index: str | None = None
    name: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class ChassisSerial:
    """One of the serial numbers that may be that of the chassis."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    serial: str
    source: str | None = None
    index: str | None = None


@dataclass(frozen=True)
class Attempt:
    """The SNMP credentials that the device answered to."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    number: int | None = None  #: from 1, in the order in which they were tried
    version: str | None = None  #: "1", "2c" or "3"
    security_level: str | None = None
    credentials: str | None = field(default=None, metadata=written(omit_default=True))  #: the name of the set


@dataclass(frozen=True)
class Statistics:
    """What reading the device cost."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    requests: int | None = None  #: sent, retransmissions not counted
    in_flight: int | None = None  #: the most of them at once
    varbinds: int | None = None  #: variables received
    seconds: float | None = None  #: since the first attempt


@dataclass(frozen=True)
class EntityInventory:
    """What was collected of one device: ansible_facts.entity_inventory of snmp_entity_facts. None: not known."""

    JSON: ClassVar[Rules] = Rules(extra="ignored")

    schema: int = SCHEMA
    items: tuple[Item, ...] = ()
    rejected: tuple[RejectedSerial, ...] | None = None
    coverage: tuple[str, ...] | None = None  #: what the device cannot report over SNMP, sentences for people
    complete: bool = False  #: every table that the platform needs was read to its end
    tables: dict[str, Table] = field(default_factory=dict)  #: in the order in which they were read
    system: SystemGroup | None = None
    platform: str | None = None  #: its name in _devices/registry.py
    chassis: tuple[ChassisSerial, ...] | None = None  #: what counts most first
    members: tuple[Member, ...] = ()
    warnings: tuple[str, ...] = ()
    backend: str | None = None  #: the SNMP library that was used
    attempt: Attempt | None = None  #: None also of a recording
    statistics: Statistics | None = None
    collected_at: str | None = None  #: ISO 8601, in UTC

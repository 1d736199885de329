# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is collected of one device beside its items: the system group, tables, members, and what is no serial number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .._common.typed_json import Rules

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
    serial: str | None = None
    model: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class RejectedSerial:
    """A text in the place of a serial number that is none, and the row where it was found."""

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

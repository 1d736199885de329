# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DeviceReport: what was collected of one device, and which device of NetBox it is.

The way of a report: the filter collected makes it of a host's variables and of what snmp_entity_facts returned; the
filter merge_by_serial puts records in the place of its items; netbox_probe reads it back, fills in what NetBox knows of
the device (_netbox/lookup.py), files its records under the devices of NetBox (_probes/plan/targets.py), and plans
(_probes/plan/plan.py). What becomes of it is in the plan, by its name; the report itself never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .._common.typed_json import Rules, from_json, written
from .inventory import (
    FROM_PEOPLE,
    Attempt,
    ChassisSerial,
    EntityInventory,
    Member,
    RejectedSerial,
    Statistics,
    SystemGroup,
    Table,
)
from .item import Item
from .record import Record, UnusableRecord, read_record

#: Of a key that is left out where nothing is known.
_SPARSE = written(omit_default=True)


@dataclass(frozen=True)
class Named:
    """An object of NetBox: a site or a location."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    id: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class ChassisMember:
    """A device of a virtual chassis of NetBox."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    id: int
    name: str | None = None
    position: int | None = None
    serial: str | None = None
    site: Named | None = None
    location: Named | None = None


@dataclass(frozen=True)
class VirtualChassis:
    """The virtual chassis of NetBox that a device belongs to."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    id: int | None = None
    name: str | None = None
    master_id: int | None = None
    members: tuple[ChassisMember, ...] = ()


@dataclass(frozen=True)
class DeviceReport:
    """What was collected of one device, or why nothing was. None: not known."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    name: str  #: in the inventory; unique in a run
    device_id: int | None = None  #: in NetBox
    device_name: str | None = None
    site_id: int | None = None
    site_name: str | None = None
    location_id: int | None = None
    location_name: str | None = None
    virtual_chassis: VirtualChassis | None = None
    netbox_url: str | None = None  #: the NetBox that it belongs to
    error: str | None = None  #: why nothing was read, a sentence
    reason: str | None = None  #: the same in a word, see _snmp/errors.py
    items: tuple[Item, ...] = ()  #: until they are merged into `records`
    complete: bool = False  #: every table that its platform needs was read to its end
    tables: dict[str, Table] | None = None  #: in the order in which they were read
    members: tuple[Member, ...] = ()  #: of a stack, as it reports them
    platform: str | None = field(default=None, metadata=_SPARSE)
    system: SystemGroup | None = field(default=None, metadata=_SPARSE)
    chassis: tuple[ChassisSerial, ...] | None = field(default=None, metadata=_SPARSE)
    attempt: Attempt | None = field(default=None, metadata=_SPARSE)
    coverage: tuple[str, ...] | None = field(default=None, metadata=_SPARSE)  #: what it cannot report, sentences
    rejected: tuple[RejectedSerial, ...] | None = field(default=None, metadata=_SPARSE)
    statistics: Statistics | None = field(default=None, metadata=_SPARSE)
    seen_at: str | None = field(default=None, metadata=_SPARSE)  #: when it was read, if not in this run (ISO 8601)
    collected_at: str | None = field(default=None, metadata=_SPARSE)  #: when it was read, of one that is saved
    saved_to: str | None = field(default=None, metadata=_SPARSE)  #: the file in which it is kept
    uploaded: str | None = field(default=None, metadata=_SPARSE)  #: when it was read, of one that NetBox has already
    records: tuple[Record, ...] = field(default=(), metadata=_SPARSE)
    rows: int | None = field(default=None, metadata=_SPARSE)  #: items of which `records` were made
    unusable: tuple[UnusableRecord, ...] = field(default=(), metadata=_SPARSE)  #: in `records`, and cannot be read


def with_inventory(report: DeviceReport, inventory: EntityInventory) -> DeviceReport:
    """The report of a device that was read."""
    return replace(report, error=None, reason=None, **{name: getattr(inventory, name) for name in _COLLECTED})


#: The fields of a report that come from what was collected.
_COLLECTED = (
    *("items", "complete", "tables", "members", "platform", "system", "chassis", "attempt"),
    *("coverage", "rejected", "statistics"),
)


def read_report(data: Mapping[str, Any], where: str) -> DeviceReport:
    """The report that the data describes, as the option `devices` of netbox_probe documents it. Raises WrongShape.

    A record that cannot be read is `unusable`, and does not spoil the others.
    """
    given = {key: value for key, value in data.items() if key not in _APART}
    report = from_json(DeviceReport, given, where)
    found = [read_record(one) for one in from_json(list[Any], data.get("records") or [], f"{where}.records")]
    return replace(
        report,
        records=tuple(one for one in found if isinstance(one, Record)),
        unusable=tuple(one for one in found if isinstance(one, UnusableRecord)),
    )


#: Records are read one by one, and items are not asked for once there are records.
_APART = frozenset({"items", "records", "unusable"})

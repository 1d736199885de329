# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts as they are at a moment, and what a Probe row contains of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .._common.shapes import holds

#: State of a part: the last complete collection of its device reported it, or did not.
SEEN, NOT_SEEN = "seen", "not_seen"

#: A part is identified by its serial number on one NetBox device: a cable with two ends is on two devices at once.
Key = tuple[str, int, "str | None"]


@dataclass(frozen=True, kw_only=True)
class PartState:
    """A part of a device at one moment. Moments are ISO 8601 in UTC."""

    serial: str
    device_id: int
    device: str
    site: str | None = None
    location: str | None = None
    slot: str = ""
    interface: str | None = None
    name: str | None = None
    part: str | None = None  #: the manufacturer's part number, as in NetBox
    category: str | None = None
    description: str | None = None
    manufacturer: str | None = None
    first_seen: str | None = None  #: when a row of this part on this device began
    last_seen: str | None = None
    state: str = SEEN  #: SEEN or NOT_SEEN
    missing_since: str | None = None  #: of a part that is NOT_SEEN: the first complete collection without it
    netbox: str | None = None  #: address of its NetBox, where a report is about several

    @property
    def key(self) -> Key:
        return (self.serial, self.device_id, self.netbox)

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data, without what is empty."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) not in (None, "")}


#: The fields of a PartState, in the order in which files and tables have them.
FIELDS = tuple(one.name for one in fields(PartState))
#: Fields that tell where and what a part is: a difference in one of them is a change. The others are when it was seen.
STATE = tuple(name for name in FIELDS if name not in ("serial", "first_seen", "last_seen", "missing_since", "netbox"))


def part_state(data: Mapping[str, Any]) -> PartState:
    """The part that to_dict() was made of. Unknown keys, of a newer version, are ignored.

    Raises KeyError, TypeError or AttributeError for what is not a part.
    """
    found = {name: data[name] for name in FIELDS if name in data}
    for name, value in found.items():
        if not holds(value, int if name == "device_id" else str):
            raise TypeError(f"{name} is {type(value).__name__}")
    return PartState(**found)


def by_key(parts: Iterable[PartState]) -> dict[Key, PartState]:
    """Key -> part, in the order of inventories: site, device, slot, serial."""
    return {one.key: one for one in parts}

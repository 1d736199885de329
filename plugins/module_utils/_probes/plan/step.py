# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of a plan: one change of one row in NetBox, with the evidence for it.

A plan file holds steps as the fields below name them: a key is left out where the field has its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, TypedDict

from ..._common.typed_json import Rules, written
from ..._netbox.rows import MARK, READ

#: The fate of a row of which only `time` moves, and of which the count of absences ends.
REFRESHED: Final = "refreshed"
#: A complete collection did not report the part: counted in its row.
NOT_SEEN: Final = "not_seen"
#: It was missing so often that it counts as gone.
BECAME_GONE: Final = "gone"
#: It is gone for so long that its rows are deleted.
DELETED: Final = "deleted"
#: Fates that create a row.
NEW_ROW = ("created", "changed", "swapped", "moved", "returned")
#: Fates that change the content of a row in place: the older scripts' row taken over, a device, site or location with
#: another name, and details such as a software version.
IN_PLACE = ("adopted", "renamed", "updated")
#: Fates of which only the bookkeeping is written: the time, and our count. That alone is no change.
QUIET = (REFRESHED, NOT_SEEN, BECAME_GONE)

CreateFate = Literal["created", "changed", "swapped", "moved", "returned"]
UpdateFate = Literal["adopted", "renamed", "updated", "refreshed", "not_seen", "gone"]

#: Field -> old and new value.
Changes = Mapping[str, tuple[Any, ...]]

#: `found` of a step that is not compared with NetBox's rows: it is withheld, or not in a file yet.
NOT_COMPARED: Literal["not compared"] = "not compared"


class _RowFields(TypedDict, total=False):
    """Columns of a row that any request may send; NetBox checks the values."""

    part: str | None
    description: str
    category: str | None
    site: int | None
    location: int | None
    device_descriptor: str | None
    site_descriptor: str | None
    location_descriptor: str | None
    tags: list[dict[str, str]]
    comments: str


class RowUpdate(_RowFields, total=False):
    """What a PATCH of a row sends."""

    serial: str
    name: str | None
    time: str
    discovered_data: dict[str, Any]


class NewRow(_RowFields):
    """What the POST of a row sends."""

    serial: str
    name: str
    device: int
    time: str
    creation_time: str
    discovered_data: dict[str, Any]


class NoData(TypedDict):
    """What a deletion sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a part was before, on another device."""

    device: str  #: its name in NetBox
    device_id: int | None  #: None: it was deleted in NetBox
    slot: str
    time: str  #: when the part was last seen there


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """For how long a part was missing that is back, or that is deleted."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    n: int  #: complete collections without it
    since: str  #: the first of them
    at: str  #: the last of them that was counted
    gone_since: str | None = field(default=None, metadata=written(key="gone"))
    to: str | None = None  #: the device that reported it meanwhile
    time: str  #: when it was last seen before


@dataclass(frozen=True, slots=True)
class Found:
    """The row of the part in NetBox when the step was planned, see plan_file/check.py."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    id: int
    time: str
    digest: str
    #: When the part was last seen, if a complete collection left its row as it was since `time`.
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRead:
    """When a device was read completely, for one of its rows, if others are left as they are: after all other steps."""

    #: Serials of its parts of which the absence must be counted before, so that their rows are not taken for these.
    after: tuple[str, ...]
    discovered_data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnyStep:
    """What all steps have. The fields of a step are in the order of its JSON."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    host: str  #: inventory hostname
    device_id: int  #: NetBox device of the row
    serial: str
    action: str
    fate: str

    @property
    def key(self) -> tuple[int, str]:
        """Which part the step is about: NetBox device and serial."""
        return self.device_id, self.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(_AnyStep):
    """A new row: a part that is new on its device, or in another state."""

    action: Literal["create"] = field(default="create", metadata=written(omit_default=False))
    fate: CreateFate
    slot: str
    was: str | None = None  #: its slot before; None: NetBox has no row of it on this device
    also_on: tuple[str, ...] = ()  #: other devices that report a serial that is created
    changes: Changes | None = None
    moved_from: Origin | None = field(default=None, metadata=written(key="from"))
    missing: Absence | None = None
    data: NewRow
    swapped_with: str | None = field(default=None, metadata=written(key="with"))  #: serial of the other part
    found: Found | Literal["not compared"] | None = NOT_COMPARED  #: None: NetBox had no row of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(_AnyStep):
    """A change of a row in place."""

    action: Literal["update"] = field(default="update", metadata=written(omit_default=False))
    fate: UpdateFate
    id: int
    slot: str | None = None  #: None: the part is where it was
    changes: Changes | None = None
    data: RowUpdate
    read: CompleteRead | None = None
    found: Found | Literal["not compared"] | None = NOT_COMPARED

    @property
    def all_data(self) -> RowUpdate:
        """What is sent, with what is sent after all other steps of the device."""
        return self.data if self.read is None else {**self.data, "discovered_data": self.read.discovered_data}

    @property
    def only_moves_time(self) -> bool:
        """True if the row stays as it is, but for its time, and for when its device was read completely."""
        if self.fate != REFRESHED or "time" not in self.data:
            return False
        ours = self.data["discovered_data"].get(MARK) if "discovered_data" in self.data else None
        return ours is None or ours.get(READ) == self.data["time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(_AnyStep):
    """The deletion of all rows of a part on its device."""

    action: Literal["delete"] = field(default="delete", metadata=written(omit_default=False))
    fate: Literal["deleted"] = field(default="deleted", metadata=written(omit_default=False))
    id: int  #: the latest of the rows
    slot: str
    part_number: str | None = field(metadata=written(key="part"))
    category: str | None
    missing: Absence
    data: NoData
    found: Found | Literal["not compared"] | None = NOT_COMPARED


Step = Create | Update | Delete  # pylint: disable=unsupported-binary-operation  # as in Python 3.11

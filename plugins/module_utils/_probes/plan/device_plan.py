# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run: the steps of each device, and what is known about it. Made once, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..._common.typed_json import Rules, written
from ..._netbox.rows import UNREPORTED
from ..reading import COMPLETE
from .brake import Altered, Hold
from .step import Step, Update

#: The reason of a device that was read, but of which NetBox's rows could not be.
NETBOX = "netbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentPart:
    """A part that NetBox knows on a device, and that a complete collection did not report."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    serial: str
    device_id: int
    slot: str
    path: str  #: see Row.path
    part_number: str | None = field(metadata=written(key="part"))
    category: str | None
    last_seen: str = field(metadata=written(key="since"))
    times: int = field(metadata=written(key="n"))  #: complete collections without it
    first: str  #: the first of them
    now_on: str | None = None  #: the device that reports it now
    replaced_by: str | None = None  #: the serial of the part in its place

    @property
    def key(self) -> tuple[int, str]:
        """NetBox device and serial."""
        return self.device_id, self.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPart(AbsentPart):
    """One of which this run counts the absence."""

    new: bool  #: it was there in the run before


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePart(AbsentPart):
    """One that is gone since an earlier run."""

    gone_since: str = field(metadata=written(key="gone"))


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that cannot be written."""

    serial: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetName:
    """A target, and what NetBox calls it."""

    device_id: int
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlan:
    """The plan for one host: its steps, and what is known about it. Moments are ISO 8601 in UTC."""

    JSON: ClassVar[Rules] = Rules(all_keys=True)

    name: str  #: inventory hostname
    title: str  #: name in NetBox
    site: str | None = None
    #: the NetBox devices that the host reports for: the one that was asked, then others
    targets: tuple[TargetName, ...] = field(default=(), metadata=written(key="places"))
    steps: tuple[Step, ...] = ()
    seen: int = 0  #: parts that NetBox knew and that were found again in the same state
    not_due: int = 0  #: of these, the parts of which the row is left as it is (see refresh.py)
    not_seen: tuple[MissingPart, ...] = ()  #: the device answered completely without these
    became_gone: tuple[MissingPart, ...] = field(default=(), metadata=written(key="gone"))  #: once too often
    gone_before: int = 0  #: parts that are gone since an earlier run
    still_gone: tuple[GonePart, ...] = ()  #: of those, the ones that nothing has replaced
    known: int = 0  #: parts that NetBox knew before
    last_written: str | None = None  #: when any row of it was last seen before this run; None: never, or unknown
    unknown: int = 0  #: parts in NetBox that are not judged: the device or a table was not read completely
    skipped: tuple[SkippedRecord, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None  #: why nothing is planned: not collected, or not readable in NetBox
    reason: str | None = None  #: one word for the error, for grouping
    seen_at: str | None = None  #: when it was read, if not in this run
    uploaded: str | None = None  #: when that was read which an earlier upload wrote whole; nothing is planned for it
    kept: bool = False  #: what was collected is in a file, for a later upload
    reading: str = COMPLETE  #: how it was read, see reading.py
    object_id: str | None = None  #: its sysObjectID, if nothing else is known of it
    complete: bool = True
    incomplete: str | None = None  #: why it is not complete although it reported something
    tables: tuple[str, ...] = ()  #: names of the tables that were not read completely
    coverage: tuple[str, ...] = ()  #: what the device cannot report over SNMP
    rejected: tuple[str, ...] = ()  #: why texts in serial columns were none, a word for each row
    altered: Altered = field(default_factory=Altered)  #: for the brake
    held: Hold | None = None  #: why nothing of it is written until a person has looked
    withheld: tuple[Step, ...] = ()  #: the steps that are not taken for that

    @property
    def coverage_is_new(self) -> bool:
        """True if what the device cannot report is not what an earlier run found, or if there was none."""
        return not self.known or any(
            UNREPORTED in step.changes for step in self.steps if isinstance(step, Update) and step.changes
        )

    @property
    def names(self) -> frozenset[str]:
        """How the user may call it in `release` and `accept`."""
        return frozenset({self.name, self.title})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a run."""

    JSON: ClassVar[Rules] = Rules(all_keys=True)

    time: str  #: the run's time stamp, ISO 8601 in UTC
    devices: tuple[DevicePlan, ...] = ()
    held: Hold | None = None  #: why the whole run is held
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: serial -> the two devices that claim it
    no_identity: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: serial -> three devices or more

    def steps(self) -> Iterator[Step]:
        """All steps of all devices."""
        for device in self.devices:
            yield from device.steps

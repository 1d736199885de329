# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run record must be before a report is made of it: it comes from a file, from a variable, or from AWX.

Only what a report reads is described here. Other keys, such as those of a newer version, are not looked at, and a key
that an older version did not write may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from .._common.typed_json import Rules, WrongShape, from_json, shown

_READ = Rules(extra="ignored", null_is_missing=True)
#: No count, and no number of seconds, is larger; a number of a thousand digits is not one of ours.
_MOST = 10**12
#: Years of a clock that can be used: the page calculates with days before and after.
_YEARS = range(1970, 9000)
#: Kinds of open items that are about one part.
_OF_PARTS = ("gone", "not_seen")

#: How a run can have ended, from the best to the worst.
STATES = ("ok", "attention", "failed")

_Counts = dict[str, float]


@dataclass(frozen=True)
class _Evidence:
    JSON: ClassVar[Rules] = _READ
    n: int = 0
    since: str | None = None
    last_seen: str | None = None
    within: str | None = None
    replaced_by: str | None = None
    also_on: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    missing: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Change:
    JSON: ClassVar[Rules] = _READ
    fate: str
    device: str
    serial: str
    device_id: int = 0
    time: str | None = None
    site: str | None = None
    slot: str | None = None
    interface: str | None = None
    part: str | None = None
    category: str | None = None
    netbox: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    evidence: _Evidence | None = None


@dataclass(frozen=True)
class _Item:
    JSON: ClassVar[Rules] = _READ
    kind: str
    site: str | None = None
    device: str | None = None
    devices: tuple[str, ...] = ()
    device_count: int = 0
    since: str | None = None
    slot: str | None = None
    serial: str | None = None
    part: str | None = None
    category: str | None = None
    count: int = 1
    text: str | None = None
    answer: str | None = None
    netbox: str | None = None
    evidence: _Evidence | None = None

    def __post_init__(self) -> None:
        if self.kind in _OF_PARTS and not (self.device and self.serial):
            raise ValueError("is about a part, and has no device or no serial")
        _check_numbers({"count": self.count, "device_count": self.device_count})


@dataclass(frozen=True)
class _Hosts:
    JSON: ClassVar[Rules] = _READ
    run: int
    inventory: int


@dataclass(frozen=True)
class _Awx:
    JSON: ClassVar[Rules] = _READ
    job_id: int | str | None = None
    job_slice_count: int | str | None = None
    workflow_job_id: int | str | None = None


@dataclass(frozen=True)
class _Group:
    JSON: ClassVar[Rules] = _READ
    count: int
    devices: tuple[str, ...] = ()
    first: str | None = None


@dataclass(frozen=True)
class _NetBox:
    JSON: ClassVar[Rules] = _READ
    requests: int = 0


@dataclass(frozen=True)
class _Record:
    JSON: ClassVar[Rules] = _READ
    schema: int
    started: str
    ended: str
    devices: _Counts
    readings: _Counts
    parts: _Counts
    state: str | None = None
    error: str | None = None
    collection: str | None = None
    check_mode: bool = False
    seconds: _Counts = field(default_factory=dict)
    slowest: _Counts = field(default_factory=dict)
    hosts: _Hosts | None = None
    netbox: _NetBox | None = None
    not_whole: dict[str, _Group] = field(default_factory=dict)
    changes: tuple[_Change, ...] = ()
    standing: tuple[_Item, ...] = ()
    changes_left_out: int = 0
    standing_left_out: int = 0
    conflicts: int = 0
    no_identity: int = 0
    batches: int = 1
    awx: _Awx | None = None

    def __post_init__(self) -> None:
        for counts in (self.devices, self.readings, self.parts, self.seconds, self.slowest):
            _check_numbers(counts)
        _check_numbers({"changes_left_out": self.changes_left_out, "standing_left_out": self.standing_left_out})
        for name in ("started", "ended"):
            _check_moment(name, getattr(self, name))


def why_no_record(record: Any) -> str | None:
    """Why no report can be made of it: "changes[3].serial is 5, not text"; None if one can."""
    try:
        from_json(_Record, record, "")
    except WrongShape as error:
        return str(error)
    return None


def without_nulls(value: Any) -> Any:
    """The data of a record without the keys that are null, which mean the same as missing ones.

    What a part was before and after a change is kept: there null means that a field is empty.
    """
    if isinstance(value, Mapping):
        return {
            key: inner if key in ("before", "after") else without_nulls(inner)
            for key, inner in value.items()
            if inner is not None
        }
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def moment(text: str) -> datetime:
    """A moment of a record. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def end_of_day(text: str) -> datetime | None:
    """The end of a day such as 2026-11-29, in the time zone of this host; None for a text of another length.

    Raises ValueError or OverflowError for one that is no date.
    """
    if len(text) != len("2026-11-29"):
        return None
    return datetime.fromisoformat(text).astimezone() + timedelta(days=1) - timedelta(seconds=1)


def _check_numbers(counts: Mapping[str, float]) -> None:
    """Raises ValueError."""
    for name, number in counts.items():
        if not 0 <= number <= _MOST:
            raise ValueError(f"has a number that cannot be: {shown(name)}")


def _check_moment(name: str, text: str) -> None:
    """Raises ValueError."""
    try:
        year = moment(text).year
    except ValueError:
        raise ValueError(f"has a time that is not ISO 8601: {name}") from None
    if year not in _YEARS:
        raise ValueError(f"has a time that cannot be: {name}")

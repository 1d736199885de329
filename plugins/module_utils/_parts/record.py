# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Record: one serial number of a device, after its items were merged (merge.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from .._common.typed_json import Rules, WrongShape, from_json
from .inventory import FROM_PEOPLE


@dataclass(frozen=True)
class SourceRow:
    """A row of a device that a record was made of."""

    JSON: ClassVar[Rules] = FROM_PEOPLE

    source: str | None = None
    index: str | None = None
    name: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Record:
    """One part of a device: the Item of the row that names it, completed from the other rows of its serial number.

    Fields are those of the Item. A record that a person wrote may have nothing but a serial.
    """

    JSON: ClassVar[Rules] = replace(FROM_PEOPLE, omit_defaults=True)

    serial: str = ""  #: "" only where a person wrote a record without one, which becomes no row
    index: str | None = None
    source: str | None = None
    part: str | None = None
    name: str | None = None
    description: str | None = None
    category: str | None = None
    category_rule: str | None = None
    manufacturer: str | None = None
    hardware_rev: str | None = None
    firmware_rev: str | None = None
    software_rev: str | None = None
    is_fru: bool | None = None
    alias: str | None = None
    asset_id: str | None = None
    manufactured: str | None = None
    parent: str | None = None
    position: int | None = None
    path: str | None = None
    interface: str | None = None
    member: int | None = None
    merged_from: tuple[SourceRow, ...] = ()  #: the rows it was made of, the one that names it first
    rule: str | None = None  #: the word of the rule that chose that row, see merge.py


@dataclass(frozen=True)
class UnusableRecord:
    """An entry of a list of records that cannot be read."""

    name: str  #: its serial, its name, or "?"
    reason: str  #: why, completes "it ..." or is a sentence


_NUMBERS = frozenset({"position", "member"})
_TEXTS = frozenset(field.name for field in fields(Record)) - _NUMBERS - {"is_fru", "merged_from"}


def read_record(data: Any) -> Record | UnusableRecord:
    """The record that the data describes. Numbers that a person wrote without quotes are taken as text."""
    try:
        return from_json(Record, data, "")
    except WrongShape:
        pass
    if not isinstance(data, Mapping):
        return UnusableRecord("?", f"it is a {type(data).__name__}, not a record of merge_by_serial")
    try:
        return from_json(Record, {key: _as_text(key, value) for key, value in data.items()}, "")
    except WrongShape as error:
        return UnusableRecord(str(data.get("serial") or data.get("name") or "?"), str(error))


def _as_text(key: Any, value: Any) -> Any:
    return str(value) if key in _TEXTS and isinstance(value, (int, float)) else value

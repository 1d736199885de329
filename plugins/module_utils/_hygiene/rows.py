# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the probe table as hygiene looks at them: briefly, so that a table of 100,000 rows fits in memory; and whole,
if one of them is changed, deleted or restored."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .._netbox.rows import DESCRIPTORS, SLOT_FIELDS, format_time, parse_row, parse_time
from .._parts.labels import device_text

#: What a brief is made of. Texts of a row are hashed, so that only the hash stays in memory.
BRIEF_FIELDS = (
    *("id", "serial", "time", "creation_time", "name", "part", "description", "category", "device", "site"),
    *("location", "device_descriptor", "discovered_data", "tags", "comments", "custom_fields"),
)
REFERENCES = ("device", "site", "location")
TEXTS = ("serial", "name", "part", "category", "description", "comments", *DESCRIPTORS)
TIMES = ("time", "creation_time")
#: All that can be written to a row; what is exported holds at least this.
WRITABLE = (*TEXTS, *TIMES, *REFERENCES, "discovered_data", "tags", "custom_fields")

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Brief:
    """A row in little space. Equal briefs of one row: nothing that hygiene decides by has changed."""

    id: int
    serial: str
    device_id: int | None
    device: str | None  #: the device's name as text (device_descriptor)
    begin: datetime  #: first time this state was seen
    end: datetime  #: last time
    body: int  #: hash of part, description, site and location
    label: tuple[str | None, str | None]  #: name and category
    slot: int | None  #: hash of where it is, in addition to the name; None: unknown
    marked: bool  #: written by this collection
    valued: bool  #: it has tags, comments or custom fields


def brief_of(raw: Raw) -> Brief:
    """The brief of a row as the REST API gives it."""
    row = parse_row(raw)
    content, mark = row.content, row.mark or {}
    slot = tuple(mark.get(key) for key in SLOT_FIELDS)
    return Brief(
        id=row.id,
        serial=row.serial,
        device_id=row.device_id,
        device=_shared(content["device_descriptor"]),
        begin=row.began,
        end=row.time,
        body=hash((content["part"], content["description"], content["site"], content["location"])),
        label=(_shared(content["name"]), _shared(content["category"])),
        slot=hash(slot) if any(slot) else None,
        marked=row.mark is not None,
        valued=bool(raw.get("tags") or raw.get("comments") or _filled(raw)),
    )


def _shared(text: str | None) -> str | None:
    """The same object for the same text: names repeat on thousands of rows."""
    return text if text is None else sys.intern(text)


def _filled(raw: Raw) -> bool:
    """True if a custom field is set. A box that is not ticked counts as not set."""
    return any(value not in (None, "", [], False) for value in (raw.get("custom_fields") or {}).values())


def true_serial(brief: Brief) -> str:
    """The serial as it is on the label: the older scripts kept padding and quotes. Ours are not changed."""
    return brief.serial if brief.marked else device_text(brief.serial) or brief.serial


def content_of(raw: Raw) -> dict[str, Any]:
    """What is written in a row, or in what is sent for one, in one form: references as ids, tags as sorted slugs, times
    in UTC, None and "" alike. Only the keys that are there."""
    found: dict[str, Any] = {}
    for key in WRITABLE:
        if key in raw:
            found[key] = _plain(key, raw[key])
    return found


def _plain(key: str, value: Any) -> Any:
    if key in REFERENCES:
        return reference(value)
    if key in TIMES:
        return format_time(parse_time(value)) if value else None
    if key in TEXTS:
        return (value or "").strip() or None
    if key == "tags":
        return sorted(tag["slug"] for tag in value or ())
    if key == "custom_fields":
        return {name: reference(one) for name, one in (value or {}).items()}
    return value


def reference(value: Any) -> Any:
    """The id of a nested object, or the ids of several; any other value as it is."""
    if isinstance(value, Mapping):
        return value.get("id", dict(value))
    if isinstance(value, list):
        return [reference(one) for one in value]
    return value


def payload_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What to send so that a row has this content (see content_of)."""
    data = dict(content)
    for key in ("description", "comments"):
        if key in data:
            data[key] = data[key] or ""  # the only texts for which NetBox refuses null
    if "tags" in data:
        data["tags"] = [{"slug": slug} for slug in data["tags"]]
    return data

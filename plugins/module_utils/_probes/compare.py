# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row in NetBox compared with the row that a record should be: what differs, and what only was not read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._netbox.rows import DESCRIPTORS, DETAILS, REMEMBERED, SLOT_FIELDS, STATE_FIELDS, Row, Wanted


def without_gaps(wanted: Wanted, row: Row) -> Wanted:
    """Return `wanted` with missing values taken from the stored row: an incomplete reading proves no change."""
    content, mark = dict(wanted.content), row.mark or {}
    for key in ("part", "description", "category"):
        content[key] = content[key] or row.content[key]
    kept = {key: mark[key] for key in (*DETAILS, *SLOT_FIELDS) if key in mark and key not in wanted.mark}
    return replace(wanted, content=content, mark={**wanted.mark, **kept})


def remembering(wanted: Wanted, row: Row) -> Wanted:
    """Return `wanted` with what the row remembers of the device, where it was not reported, as in an
    older collection or in a record that a user gives."""
    kept = {key: value for key, value in (row.mark or {}).items() if key in REMEMBERED}
    return replace(wanted, mark={**kept, **wanted.mark})


def at_one_end(wanted: Wanted, row: Row) -> Wanted:
    """Return `wanted` under the end that the stored row names, if both are of the same cable: which of its ends is read
    first may change with each reboot of a device."""
    mark = row.mark or {}
    if not mark.get("ends") or mark["ends"] != wanted.mark.get("ends"):
        return wanted
    content = {**wanted.content, "name": row.content["name"], "description": row.content["description"]}
    kept = {key: value for key, value in wanted.mark.items() if key not in SLOT_FIELDS}
    return replace(wanted, content=content, mark={**kept, **{key: mark[key] for key in SLOT_FIELDS if key in mark}})


def differences(row: Row, wanted: Wanted) -> dict[str, tuple[Any, ...]]:
    """Return what changes the state of the part: field -> stored and wanted value, in words for a person."""
    found = {key: _in_words(key, row, wanted) for key in STATE_FIELDS if row.content[key] != wanted.content[key]}
    for key in SLOT_FIELDS:
        before, now = (row.mark or {}).get(key), wanted.mark.get(key)
        if before is not None and now is not None and before != now:
            found[key] = (before, now)
    if "slot" in found and "name" in found and _same_container(row, wanted):
        del found["slot"]  # the path ends with the name: one difference, listed once
    return found


def _in_words(key: str, row: Row, wanted: Wanted) -> tuple[Any, ...]:
    """Old and new value; sites and locations by name, with the id where the names are alike."""
    before, now = row.content[key], wanted.content[key]
    if key not in ("site", "location"):
        return before, now
    names = [before and row.content[f"{key}_descriptor"], now and wanted.content[f"{key}_descriptor"]]
    if names[0] == names[1]:
        return tuple(f"{name or ''}#{number}" for name, number in zip(names, (before, now), strict=True))
    return tuple(name or number for name, number in zip(names, (before, now), strict=True))


def _same_container(row: Row, wanted: Wanted) -> bool:
    before, now = (row.mark or {})["slot"], wanted.mark["slot"]
    return before.removesuffix(str(row.content["name"])) == now.removesuffix(str(wanted.content["name"]))


def renames(row: Row, wanted: Wanted) -> dict[str, tuple[Any, ...]]:
    """Which names of device, site and location changed: field -> stored and wanted."""
    return {
        key: (row.content[key], wanted.content[key]) for key in DESCRIPTORS if row.content[key] != wanted.content[key]
    }


def detail_changes(row: Row, wanted: Wanted) -> dict[str, tuple[Any, ...]]:
    """Which details under MARK changed: name -> stored and wanted."""
    mark = row.mark or {}
    return {
        key: (mark.get(key), wanted.mark.get(key))
        for key in (*DETAILS, *SLOT_FIELDS)
        if mark.get(key) != wanted.mark.get(key)
    }

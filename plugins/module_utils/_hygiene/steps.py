# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a merge and the whole rows to one step: what is sent, what is deleted, and what cannot be kept. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._netbox.rows import DESCRIPTORS, MARK, format_time, stored
from .plan import Merge
from .rows import Brief, Raw, brief_of, content_of, payload_of


@dataclass(frozen=True)
class Step:
    """What is done to the rows of one part that are merged into one."""

    rules: tuple[str, ...]  #: those that found the rows
    serial: str
    device: str  #: name
    id: int | None  #: the row that stays; None: none does
    data: Mapping[str, Any]  #: what is sent for it
    changes: Mapping[str, tuple[Any, Any]]  #: field -> old and new value
    delete: tuple[int, ...]  #: ids of the rows that are deleted
    rows: Mapping[int, Raw]  #: id -> the whole row before
    notes: tuple[str, ...]  #: what cannot be kept, sentences


class Moved(Exception):
    """A row changed since the plan was made; the text names the row and the change."""


def make_step(merge: Merge, whole: Mapping[int, Raw]) -> Step:
    """The step for a merge. Raises Moved if one of its rows was changed or deleted since it was read."""
    for brief in merge.rows:
        if brief.id not in whole:
            raise Moved(f"row {brief.id} was deleted during this run; run again")
        if brief_of(whole[brief.id]) != brief:
            raise Moved(f"row {brief.id} was changed during this run; run again")
    notes: list[str] = []
    before, data = {}, {}
    if merge.keep is not None:
        before = content_of(whole[merge.keep.id])
        data = _data(merge, merge.keep, whole, notes)
    after = content_of(data)
    return Step(
        rules=tuple(merge.rules),
        serial=merge.serial,
        device=merge.newest.device or "",
        id=merge.keep.id if merge.keep else None,
        data=data,
        changes={key: (before.get(key), after[key]) for key in after},
        delete=tuple(brief.id for brief in merge.superseded),
        rows={brief.id: whole[brief.id] for brief in merge.rows},
        notes=tuple(notes),
    )


def _data(merge: Merge, keep: Brief, whole: Mapping[int, Raw], notes: list[str]) -> dict[str, Any]:
    """What is sent for the row that stays: nothing that it has already."""
    before = content_of(whole[keep.id])
    after = dict(before)
    after.update(serial=merge.serial, device=merge.device_id, name=merge.like.label[0], category=merge.like.label[1])
    if keep.begin != merge.begin:
        after["creation_time"] = format_time(merge.begin)
    if keep.end != merge.end:
        after["time"] = format_time(merge.end)
    newest_first = sorted(merge.superseded, key=lambda row: (row.end, -row.id), reverse=True)
    others = [content_of(whole[row.id]) for row in newest_first]
    if newest_first and newest_first[0].end > keep.end:
        after.update({key: others[0][key] for key in DESCRIPTORS if others[0].get(key)})
    after["tags"] = sorted({*before.get("tags", ()), *(slug for other in others for slug in other.get("tags", ()))})
    after["comments"] = _comments([before, *others])
    after["custom_fields"] = _custom_fields(before, others, notes)
    after["discovered_data"] = _discovered(merge, keep, whole, notes)
    changed = {key: value for key, value in after.items() if value != before.get(key) and key in before}
    return payload_of(changed)


def _comments(contents: Iterable[Mapping[str, Any]]) -> str | None:
    """Each comment once, below each other."""
    texts: list[str] = []
    for content in contents:
        text = content.get("comments")
        if text and not any(text in other for other in texts):
            texts.append(text)
    return "\n\n".join(texts) or None


def _custom_fields(before: Mapping[str, Any], others: Sequence[Mapping[str, Any]], notes: list[str]) -> dict[str, Any]:
    fields = dict(before.get("custom_fields") or {})
    for other in others:
        for name, value in (other.get("custom_fields") or {}).items():
            if value in (None, "", []):
                continue
            if fields.get(name) in (None, "", []):
                fields[name] = value
            elif fields[name] != value:
                notes.append(f'custom field "{name}" stays {_short(fields[name])}, another row had {_short(value)}')
    return fields


def _discovered(merge: Merge, keep: Brief, whole: Mapping[int, Raw], notes: list[str]) -> Any:
    """discovered_data of all rows together. Of our own mark only the newest is true."""
    kept = whole[keep.id].get("discovered_data")
    rows = sorted(merge.rows, key=lambda row: (row.end, -row.id), reverse=True)
    data = dict(kept) if isinstance(kept, dict) else {}
    if not isinstance(kept, dict) and kept:
        return kept  # a user's own form: left as it is
    for row in rows:
        other = whole[row.id].get("discovered_data")
        if not isinstance(other, dict):
            continue
        for key, value in other.items():
            if key == MARK:
                continue
            if key not in data:
                data[key] = value
            elif data[key] != value:
                notes.append(f'discovered_data "{key}" stays {_short(data[key])}, another row had {_short(value)}')
    mark = next((found for found in (_mark(whole[row.id]) for row in rows) if found), None)
    return {**data, MARK: mark} if mark else data


def _mark(raw: Raw) -> Any:
    data = raw.get("discovered_data")
    return data.get(MARK) if isinstance(data, dict) else None


def _short(value: Any) -> str:
    text = stored(json.dumps(value, ensure_ascii=False, default=str)) or ""
    return text if len(text) <= 60 else text[:59] + "…"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan against NetBox's present state: steps that were made on another state are refused, one by one.

Each step keeps in "found" the row that NetBox had of its part on its device when the plan was made: {"id", "time",
"digest"}, or None where it had none. The step is taken only if the same is found again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..._netbox.rows import MARK, STATE_FIELDS, Row, by_serial, format_time, parse_time, stored, with_mark
from ..plan.device_plan import DevicePlan, Plan
from ..plan.step import Create, Delete, Found, Step, Update

_AGAIN = "make a new plan"


class _Known:
    """The rows that count, of the devices that could be read."""

    def __init__(self, latest: Mapping[int, Iterable[Row]]) -> None:
        self.devices = set(latest)
        chosen = {device_id: by_serial(found) for device_id, found in latest.items()}
        self._rows = {(device_id, serial): row for device_id, rows in chosen.items() for serial, row in rows.items()}
        self._by_id = {(device_id, row.id): row for (device_id, _serial), row in self._rows.items()}

    def row_of(self, step: Step) -> Row | None:
        """The row that counts for the step: that of its id, else the one of its serial on its device."""
        number = 0 if isinstance(step, Create) else step.id
        return self._by_id.get((step.device_id, number)) or self._rows.get(step.key)


def remember_found(plan: Plan, latest: Mapping[int, Iterable[Row]]) -> Plan:
    """The plan with the "found" of each step. latest: the rows that the plan was made on, as in make_plan."""
    known = _Known(latest)
    return replace(
        plan,
        devices=tuple(
            replace(device, steps=tuple(replace(step, found=_found(known.row_of(step))) for step in device.steps))
            for device in plan.devices
        ),
    )


def _found(row: Row | None) -> Found | None:
    if row is None:
        return None
    seen = format_time(row.last_seen) if row.last_seen > row.time else None
    return Found(row.id, format_time(row.time), _digest(row), seen)


def withdraw_moved_on(
    plan: Plan,
    latest: Mapping[int, Iterable[Row]],
    unreadable: Mapping[int, str],
    barred: Mapping[int, str] | None = None,
) -> tuple[Plan, list[tuple[Step, str]]]:
    """The plan without the steps that NetBox's present rows do not fit any more, and these, with the reason.

    What is done already is taken out as well, and only noted: an earlier attempt with the same plan was cut off.

    :param latest: device id -> the latest row of each serial on it, read now.
    :param unreadable: device id -> why its rows could not be read.
    :param barred: device id -> why nothing is written there, whatever its rows are.
    """
    barred = barred or {}
    known = _Known({device_id: rows for device_id, rows in latest.items() if device_id not in barred})
    refused: dict[int, str] = {}
    done: set[int] = set()
    for step in plan.steps():
        if step.device_id in barred:
            refused[id(step)] = f"refused: {barred[step.device_id]}"
            continue
        row = known.row_of(step)
        why = _why_refused(step, row, known, unreadable)
        if why and step.device_id in known.devices and _is_done(step, row):
            done.add(id(step))
        elif why:
            refused[id(step)] = why
    named = [(step, refused[id(step)]) for step in plan.steps() if id(step) in refused]
    devices = tuple(_without(device, refused.keys() | done, done) for device in plan.devices)
    return replace(plan, devices=devices), named


def _without(device: DevicePlan, withdrawn: Set[int], done: Set[int]) -> DevicePlan:
    """The plan of a device without these steps, by their id(), and without their missing parts."""
    done_already = {step.serial for step in device.steps if id(step) in done}
    kept = tuple(_not_after(step, done_already) for step in device.steps if id(step) not in withdrawn)
    taken = {step.key for step in device.steps} - {step.key for step in kept}
    number = sum(id(step) in done for step in device.steps)
    notes = (f"{number} of this plan's rows are in NetBox already",) if number else ()
    return replace(
        device,
        steps=kept,
        not_seen=tuple(part for part in device.not_seen if part.key not in taken),
        became_gone=tuple(part for part in device.became_gone if part.key not in taken),
        notes=(*device.notes, *notes),
    )


def _not_after(step: Step, done: Set[str]) -> Step:
    """The step, which waits for none of these parts."""
    if not isinstance(step, Update) or step.read is None:
        return step
    after = tuple(serial for serial in step.read.after if serial not in done)
    return replace(step, read=replace(step.read, after=after))


def _digest(row: Row) -> str:
    """Of all that a step may change, but the time."""
    created = row.creation_time and format_time(row.creation_time)
    parts = [row.serial, created, row.device_id, dict(row.content), row.data, sorted(row.tags), row.comments]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()[:16]


def _why_refused(step: Step, row: Row | None, known: _Known, unreadable: Mapping[int, str]) -> str | None:
    """Why the step is not taken, in words; None if it is."""
    found = step.found if isinstance(step.found, Found) else None
    if step.device_id not in known.devices:
        why = unreadable.get(step.device_id, "it was not read")
        return f"refused, because the current rows in NetBox are unknown: {why}"
    if row is None:
        return None if found is None else f"refused: its row in NetBox was deleted after the plan was made; {_AGAIN}"
    if found is None or found.id != row.id:
        return f"refused: NetBox has a newer row of it than the plan, seen {format_time(row.last_seen)}; {_AGAIN}"
    if parse_time(found.time) != row.time or parse_time(found.seen or found.time) != row.last_seen:
        return f"refused: it was seen at {format_time(row.last_seen)}, after the plan was made; {_AGAIN}"
    if found.digest != _digest(row):
        return f"refused: its row in NetBox was edited after the plan was made; {_AGAIN}"
    if hidden := list(_hidden(step, row)):
        return f"refused: the plan does not show that it changes {', '.join(hidden)}; {_AGAIN}"
    return None


def _hidden(step: Step, row: Row) -> Iterator[str]:
    """What the step changes of the row, and does not show. What begins a row anew is shown by its slot and part."""
    if isinstance(step, Delete):
        return
    data: Mapping[str, Any] = step.data
    if step.changes is not None:
        differ = [key for key in STATE_FIELDS if key in data and _plain(key, data[key]) != row.content[key]]
        yield from (key for key in differ if key not in step.changes)
    sent = [data["discovered_data"]] if isinstance(step, Update) and "discovered_data" in data else []
    sent += [step.read.discovered_data] if isinstance(step, Update) and step.read else []
    if any(one != with_mark(row.data, one.get(MARK) or {}) for one in sent):
        yield "discovered_data of others"


def _is_done(step: Step, row: Row | None) -> bool:
    """True if the row holds already all that would be sent, or is deleted as it should be."""
    if row is None or isinstance(step, Delete):
        return row is None and isinstance(step, Delete)
    data: Mapping[str, Any] = step.all_data if isinstance(step, Update) else step.data
    return all(_plain(key, value) == _present(row, key) for key, value in data.items())


def _plain(key: str, value: Any) -> Any:
    if key in ("time", "creation_time"):
        return parse_time(value)
    if key == "tags":
        return sorted(tag["slug"] for tag in value)
    return stored(value) if isinstance(value, str) else value


def _present(row: Row, key: str) -> Any:
    own: dict[str, Any] = {
        "serial": row.serial,
        "device": row.device_id,
        "discovered_data": row.data,
        "tags": sorted(row.tags),
        "comments": stored(row.comments),
    }
    times: dict[str, datetime | None] = {"time": row.time, "creation_time": row.creation_time}
    return times[key] if key in times else own[key] if key in own else row.content[key]

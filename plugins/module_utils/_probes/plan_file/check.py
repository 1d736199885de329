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
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ..._netbox.rows import MARK, STATE_FIELDS, Row, format_time, parse_time, stored, with_mark
from ..plan.batch import by_serial
from ..plan.plan import Plan

Step = dict[str, Any]

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
        key = step["device_id"]
        return self._by_id.get((key, step.get("id", 0))) or self._rows.get((key, step["serial"]))


def remember_found(plan: Plan, latest: Mapping[int, Iterable[Row]]) -> None:
    """Give each step its "found". latest: the rows that the plan was made on, as in make_plan."""
    known = _Known(latest)
    for step in plan.steps():
        row = known.row_of(step)
        step["found"] = None if row is None else _found(row)


def withdraw_moved_on(
    plan: Plan,
    latest: Mapping[int, Iterable[Row]],
    unreadable: Mapping[int, str],
    barred: Mapping[int, str] | None = None,
) -> list[tuple[Step, str]]:
    """Take the steps out of the plan that NetBox's present rows do not fit any more; returns them, with the reason.

    What is done already is taken out as well, and only noted: an earlier attempt with the same plan was cut off.

    :param latest: device id -> the latest row of each serial on it, read now.
    :param unreadable: device id -> why its rows could not be read.
    :param barred: device id -> why nothing is written there, whatever its rows are.
    """
    barred = barred or {}
    known = _Known({device_id: rows for device_id, rows in latest.items() if device_id not in barred})
    refused: list[tuple[Step, str]] = []
    for device in plan.devices:
        kept, done = [], 0
        for step in device.steps:
            row = known.row_of(step)
            if step["device_id"] in barred:
                refused.append((step, f"refused: {barred[step['device_id']]}"))
                continue
            why = _why_refused(step, row, known, unreadable)
            if why is None:
                kept.append(step)
            elif _is_done(step, row) and step["device_id"] in known.devices:
                done += 1
            else:
                refused.append((step, why))
        taken = {(step["device_id"], step["serial"]) for step in device.steps} - {_part_key(step) for step in kept}
        device.steps = kept
        device.not_seen = [part for part in device.not_seen if _part_key(part) not in taken]
        device.gone = [part for part in device.gone if _part_key(part) not in taken]
        if done:
            device.notes.append(f"{done} of this plan's rows stand in NetBox already")
    return refused


def _part_key(part: Mapping[str, Any]) -> tuple[int, str]:
    return part["device_id"], part["serial"]


def _found(row: Row) -> dict[str, Any]:
    return {"id": row.id, "time": format_time(row.time), "digest": _digest(row)}


def _digest(row: Row) -> str:
    """Of all that a step may change, but the time."""
    created = row.creation_time and format_time(row.creation_time)
    parts = [row.serial, created, row.device_id, dict(row.content), row.data, sorted(row.tags), row.comments]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()[:16]


def _why_refused(step: Step, row: Row | None, known: _Known, unreadable: Mapping[int, str]) -> str | None:
    """Why the step is not taken, in words; None if it is."""
    found = step["found"]
    if step["device_id"] not in known.devices:
        why = unreadable.get(step["device_id"], "it was not read")
        return f"refused, for what NetBox holds now is not known: {why}"
    if row is None:
        return None if found is None else f"refused: NetBox's row of it was deleted since the plan was made; {_AGAIN}"
    if found is None or found["id"] != row.id:
        return f"refused: NetBox got another row of it since the plan was made, seen {format_time(row.time)}; {_AGAIN}"
    if parse_time(found["time"]) != row.time:
        return f"refused: it was seen at {format_time(row.time)}, since the plan was made; {_AGAIN}"
    if found["digest"] != _digest(row):
        return f"refused: NetBox's row of it was edited since the plan was made; {_AGAIN}"
    if hidden := _hidden(step, row):
        return f"refused: the plan does not show that it changes {', '.join(hidden)}; {_AGAIN}"
    return None


def _hidden(step: Step, row: Row) -> list[str]:
    """What the step changes of the row, and does not show. What begins a row anew is shown by its slot and part."""
    data, changes = step["data"], step.get("changes")
    hidden = []
    if changes is not None:
        differ = [key for key in STATE_FIELDS if key in data and _plain(key, data[key]) != row.content[key]]
        hidden = [key for key in differ if key not in changes]
    if step["action"] == "update" and "discovered_data" in data:
        sent = data["discovered_data"]
        if sent != with_mark(row.data, sent.get(MARK) or {}):
            hidden.append("discovered_data of others")
    return hidden


def _is_done(step: Step, row: Row | None) -> bool:
    """True if the row holds already all that would be sent, or is deleted as it should be."""
    if row is None or step["action"] == "delete":
        return row is None and step["action"] == "delete"
    return all(_plain(key, value) == _present(row, key) for key, value in step["data"].items())


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

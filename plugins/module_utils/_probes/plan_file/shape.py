# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan file may hold beyond the types of its values: it may have been edited, so that nothing is taken on trust.

What a step sends must be what the plan shows of it. What only NetBox's rows can prove is in check.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._common.moments import moment
from ..._common.typed_json import WrongShape, shown
from ..._netbox.rows import MARK, READ, where_in
from ..._outgoing.text import printable
from ..plan.device_plan import DevicePlan, Plan
from ..plan.step import (
    BECAME_GONE,
    IN_PLACE,
    NOT_COMPARED,
    NOT_SEEN,
    REFRESHED,
    Create,
    Delete,
    Found,
    Step,
    Update,
)
from .targets import check_targets

#: What is sent for a fate of which the diff does not show each value.
_SENT: dict[str, set[str]] = {
    REFRESHED: {"time", "discovered_data"},
    NOT_SEEN: {"discovered_data", "time"},
    BECAME_GONE: {"discovered_data", "time", "tags", "comments"},
}
#: Fates of a part that was elsewhere.
_CAME_FROM = ("moved", "returned", "swapped")


def check_plan(plan: Plan, where: str) -> None:
    """Raise WrongShape unless the plan does what it shows. where: its path in the file."""
    moment(f"{where}.time", plan.time)
    for number, device in enumerate(plan.devices):
        _check_device(f"{where}.devices[{number}]", device)
    check_targets(plan, where)


def _check_device(where: str, device: DevicePlan) -> None:
    for key, text in (("seen_at", device.seen_at), ("uploaded", device.uploaded)):
        if text is not None:
            moment(f"{where}.{key}", text)
    if device.steps and (device.held or device.error):
        raise WrongShape(f"{where}: a device that is held, or was not read, has steps")
    for number, step in enumerate(device.steps):
        at = f"{where}.steps[{number}]"
        if step.host != device.name:
            raise WrongShape(f"{at}: a step of another host")
        _check_found(at, step)
        _check_step(at, step)
    for number, step in enumerate(device.withheld):
        _check_step(f"{where}.withheld[{number}]", step)


def _check_found(where: str, step: Step) -> None:
    """Of a step that will be taken, it is known what NetBox had when it was planned."""
    if step.found == NOT_COMPARED:
        raise WrongShape(f"{where}: found is missing")
    if not isinstance(step, Create) and (not isinstance(step.found, Found) or step.found.id != step.id):
        raise WrongShape(f"{where}: found.id is not id")


def _check_step(where: str, step: Step) -> None:
    _check_times(where, step)
    _check_evidence(where, step)
    data: Mapping[str, Any] = step.data
    ours = data.get("discovered_data", {}).get(MARK, {})
    if not isinstance(ours, dict):
        raise WrongShape(f"{where}.data.discovered_data.{MARK}: not an object")
    if isinstance(step, Create):
        if step.data["device"] != step.device_id:
            raise WrongShape(f"{where}: data.device is not device_id")
        if step.data["serial"] != step.serial or step.slot != where_in(ours, step.data):
            raise WrongShape(f"{where}: serial and slot are not those of data")
    if extra := data.keys() - _SENT.get(step.fate, data.keys()):
        raise WrongShape(f"{where}: {step.fate} does not send {shown(min(extra))}")
    for key, (_old, new) in ({} if isinstance(step, Delete) else step.changes or {}).items():
        if key not in ("site", "location") and new != (data[key] or None if key in data else ours.get(key)):
            raise WrongShape(f"{where}.changes.{printable(key)[:60]}: data has another value")


def _check_times(where: str, step: Step) -> None:
    data: Mapping[str, Any] = step.data
    for key in ("time", "creation_time"):
        if key in data:
            moment(f"{where}.data.{key}", data[key])
    found = step.found if isinstance(step.found, Found) else None
    if found:
        moment(f"{where}.found.time", found.time)
    if found and found.seen is not None:
        moment(f"{where}.found.seen", found.seen)
    if step.fate in (NOT_SEEN, BECAME_GONE) and found and data.get("time") != found.seen:
        raise WrongShape(f"{where}.data.time: not when the part was last seen")
    if isinstance(step, Update) and step.read:
        ours = step.read.discovered_data.get(MARK)
        at = ours.get(READ) if isinstance(ours, dict) else None
        if at is None or at != data.get("time"):
            raise WrongShape(f"{where}.read: not the time of the step")


def _check_evidence(where: str, step: Step) -> None:
    """Raise WrongShape where the evidence for a fate is missing, or is that of another fate."""
    if isinstance(step, Delete):
        return
    for key, change in (step.changes or {}).items():
        if len(change) != 2:
            raise WrongShape(f"{where}.changes.{shown(key)}: not [old, new]")
    if step.changes is None and step.fate in ("changed", *IN_PLACE):
        raise WrongShape(f"{where}: changes is missing")
    if isinstance(step, Update):
        if step.slot is None and step.fate != REFRESHED:
            raise WrongShape(f"{where}: slot is missing")
        return
    if step.fate == "swapped" and step.swapped_with is None:
        raise WrongShape(f"{where}: with is missing")
    if step.fate == "moved" and step.moved_from is None:
        raise WrongShape(f"{where}: from is missing")
    if step.moved_from and step.fate not in _CAME_FROM:
        raise WrongShape(f"{where}: {step.fate} came from nowhere")
    if step.missing and step.missing.gone_since is None and step.missing.to is None:
        raise WrongShape(f"{where}.missing: neither gone nor to")

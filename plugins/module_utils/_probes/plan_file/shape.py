# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand in a plan file: it passed through a person's hands, so that nothing is taken on trust.

The dataclasses of a plan are checked by their type hints; steps and parts, plain dicts, by the tables below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._common.shapes import check_keys, moment, shown
from ..._common.typed_json import WrongShape
from ..._netbox.rows import MARK, where_in
from ..._outgoing.text import printable
from ..plan.fates import DELETED, GONE, IN_PLACE, NEW_ROW, NOT_SEEN, QUIET, REFRESHED

_NONE = type(None)
#: Keys of a step, with the types of their values; those with ? may be missing,
#: of several types in brackets it is one. See plan.py and check.py.
_STEP = {
    "action": str,
    "fate": str,
    "host": str,
    "device_id": int,
    "serial": str,
    "data": dict,
    "found": (dict, _NONE),
    "id?": int,
    "slot?": str,
    "changes?": dict[str, list[Any]],
    "was?": str,
    "from?": dict,
    "also_on?": list[str],
    "with?": str,
    "missing?": dict,
    "part?": (str, _NONE),
    "category?": (str, _NONE),
}
_FOUND = {"id": int, "time": str, "digest": str}
_FROM = {"device": str, "device_id": (int, _NONE), "slot": str, "time": str}
_MISSING = {"n": int, "since": str, "at": str, "time": str, "gone?": str, "to?": str}
#: What is sent. NetBox checks the values.
_UPDATE = {
    "serial?": str,
    "name?": (str, _NONE),
    "part?": (str, _NONE),
    "description?": str,
    "category?": (str, _NONE),
    "site?": (int, _NONE),
    "location?": (int, _NONE),
    "device_descriptor?": (str, _NONE),
    "site_descriptor?": (str, _NONE),
    "location_descriptor?": (str, _NONE),
    "time?": str,
    "discovered_data?": dict,
    "tags?": list[dict[str, str]],
    "comments?": str,
}
_NEW = ("serial", "name", "device", "time", "creation_time", "discovered_data")
_CREATE = {key: kind for key, kind in _UPDATE.items() if key.rstrip("?") not in _NEW} | {
    "serial": str,
    "name": str,
    "device": int,
    "time": str,
    "creation_time": str,
    "discovered_data": dict,
}
#: A part that was not seen, or is gone.
_PART = {
    "serial": str,
    "device_id": int,
    "slot": str,
    "path": str,
    "part": (str, _NONE),
    "category": (str, _NONE),
    "since": str,
    "n": int,
    "first": str,
    "new": bool,
    "now_on?": str,
    "replaced_by?": str,
}
_STILL_GONE: dict[str, Any] = {key: kind for key, kind in _PART.items() if key != "new"} | {"gone": str}
_SKIPPED = {"serial": str, "reason": str}
_PLACE = {"device_id": int, "device": str}
#: The lists of a device that hold no steps.
_LISTS: dict[str, dict[str, Any]] = {
    "not_seen": _PART,
    "gone": _PART,
    "still_gone": _STILL_GONE,
    "skipped": _SKIPPED,
    "places": _PLACE,
}

#: What a step of a fate must tell as its evidence.
_EVIDENCE = {
    "swapped": "with",
    "moved": "from",
    DELETED: "missing",
    **dict.fromkeys(("changed", *IN_PLACE), "changes"),
}
#: Fates of a part that was elsewhere.
_CAME_FROM = ("moved", "returned", "swapped")
#: What is sent for a fate of which the diff does not show each value.
_SENT = {
    REFRESHED: {"time", "discovered_data"},
    NOT_SEEN: {"discovered_data"},
    GONE: {"discovered_data", "tags", "comments"},
}
_FATES = {"create": NEW_ROW, "update": (*IN_PLACE, *QUIET), "delete": (DELETED,)}
_DATA: dict[str, dict[str, Any]] = {"create": _CREATE, "update": _UPDATE, "delete": {}}


def check_device(where: str, device: Mapping[str, Any]) -> None:
    """Raise WrongShape unless what stands in the lists of a device is what the diff and NetBox are told."""
    for key in ("seen_at", "uploaded"):
        if device[key] is not None:
            moment(f"{where}.{key}", device[key])
    for key in ("steps", "withheld"):
        for number, step in enumerate(device[key]):
            check_step(f"{where}.{key}[{number}]", step, kept=key == "steps")
    kinds_of_parts = {
        "not_seen": _PART,
        "gone": _PART,
        "still_gone": _STILL_GONE,
        "skipped": _SKIPPED,
        "places": _PLACE,
    }
    for key, kinds in kinds_of_parts.items():
        for number, part in enumerate(device[key]):
            check_keys(f"{where}.{key}[{number}]", part, kinds)


def check_step(where: str, step: Mapping[str, Any], kept: bool = True) -> None:
    """Raise WrongShape unless this is a step. kept: it is one that will be taken, and not withheld."""
    check_keys(where, step, _STEP if kept else {**_STEP, "found?": _STEP["found"]})
    action, has_row = step["action"], step["action"] != "create"
    if step["fate"] not in _FATES.get(action, ()):
        raise WrongShape(f"{where}: there is no action {shown(action)} with the fate {shown(step['fate'])}")
    if has_row != ("id" in step):
        raise WrongShape(f"{where}: each step has an id, but one that creates")
    check_keys(f"{where}.data", step["data"], _DATA[action])
    _check_evidence(where, step)
    if step["data"].get("device", step["device_id"]) != step["device_id"]:
        raise WrongShape(f"{where}: data.device is not device_id")
    if kept and has_row and (step["found"] or {}).get("id") != step["id"]:
        raise WrongShape(f"{where}: found.id is not id")
    for key in ("time", "creation_time"):
        if key in step["data"]:
            moment(f"{where}.data.{key}", step["data"][key])
    _check_shown(where, step)


def _check_shown(where: str, step: Mapping[str, Any]) -> None:
    """Raise WrongShape where what is sent is not what the diff shows of the step. See also check.py."""
    data, fate = step["data"], step["fate"]
    ours = data.get("discovered_data", {}).get(MARK, {})
    if not isinstance(ours, dict):
        raise WrongShape(f"{where}.data.discovered_data.{MARK}: not an object")
    if step["action"] == "create" and (data["serial"] != step["serial"] or step["slot"] != where_in(ours, data)):
        raise WrongShape(f"{where}: serial and slot are not those of data")
    if extra := data.keys() - _SENT.get(fate, data.keys()):
        raise WrongShape(f"{where}: {fate} does not send {shown(min(extra))}")
    for key, (_old, new) in step.get("changes", {}).items():
        if key not in ("site", "location") and new != (data[key] or None if key in data else ours.get(key)):
            raise WrongShape(f"{where}.changes.{printable(key)[:60]}: data says something else")


def _check_evidence(where: str, step: Mapping[str, Any]) -> None:
    for key, kinds in (("found", _FOUND), ("from", _FROM), ("missing", _MISSING)):
        if step.get(key) is not None:
            check_keys(f"{where}.{key}", step[key], kinds)
    if step.get("found"):
        moment(f"{where}.found.time", step["found"]["time"])
    for key, change in step.get("changes", {}).items():
        if len(change) != 2:
            raise WrongShape(f"{where}.changes.{shown(key)}: not [old, new]")
    if step["fate"] != "refreshed" and "slot" not in step:
        raise WrongShape(f"{where}: slot is missing")
    needed = _EVIDENCE.get(step["fate"])
    if needed is not None and needed not in step:
        raise WrongShape(f"{where}: {needed} is missing")
    if "from" in step and step["fate"] not in _CAME_FROM:
        raise WrongShape(f"{where}: {step['fate']} came from nowhere")
    missing = step.get("missing")
    if missing and step["fate"] != DELETED and not {"gone", "to"} & missing.keys():
        raise WrongShape(f"{where}.missing: neither gone nor to")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run in a file: written by one run, looked at by a person, carried out by another run.

JSON: {"invmon_plan": 1, "netbox": address, "warnings": [...], "plan": as Plan.to_dict()}. Each step also has "found",
see plan_check.py. The file is ASCII, so that text of a device cannot move a cursor, and holds no secret.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from ..outgoing.text import printable
from ..shapes import WrongShape, check_keys, kinds_of, moment
from .brake import Altered
from .plan import DevicePlan, Plan
from .plan_shape import check_device

VERSION = 1
_AGAIN = "make a new plan"


class PlanFileError(Exception):
    """The file cannot be written, or cannot be carried out; the text names it and says what to do."""

    reason = "plan"


def write_plan(path: str, netbox: str, plan: Plan, warnings: list[str]) -> None:
    """Write the file, readable by its owner only, in place of one that stands there. Raises PlanFileError.

    netbox: NetBox's address, without a secret (see client.base_url). Each step must have its "found".
    """
    content = {"invmon_plan": VERSION, "netbox": netbox, "warnings": warnings, "plan": plan.to_dict()}
    target = Path(path).expanduser()
    try:
        # Whole or not at all: a plan that was cut off must not be carried out. mkstemp's mode is 0600.
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(content, file, indent=2)
                file.write("\n")
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise PlanFileError(
            f"The plan cannot be written to {path} ({error.strerror}), so nothing was written to NetBox: name a file in"
            " a folder that exists and can be written."
        ) from None


def read_plan(path: str, netbox: str) -> tuple[Plan, list[str]]:
    """The plan in the file, and the warnings of the run that made it. Raises PlanFileError.

    netbox: the address of the NetBox that it is to be carried out on.
    """
    content = _json(path)
    if not isinstance(content, dict) or "invmon_plan" not in content:
        raise PlanFileError(f"{path} is not a plan that netbox_probe wrote.")
    if content["invmon_plan"] != VERSION:
        raise PlanFileError(f"{path} was written by another release, which this one cannot read: {_AGAIN}.")
    if content.get("netbox") != netbox:
        made_on = printable(content.get("netbox"))
        raise PlanFileError(f"{path} is a plan for NetBox at {made_on}, and this is {netbox}: {_AGAIN} here.")
    try:
        return _parsed(content)
    except WrongShape as error:
        raise PlanFileError(
            f"{path} was changed or damaged, so nothing was written. {error}. Steps may be removed; else {_AGAIN}."
        ) from None


def _json(path: str) -> Any:
    try:
        return json.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanFileError(f"The plan {path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise PlanFileError(f"{path} is no JSON, so it is no whole plan: {_AGAIN}.") from None


def _parsed(content: dict[str, Any]) -> tuple[Plan, list[str]]:
    warnings, found = content.get("warnings"), content.get("plan")
    unknown = content.keys() - {"invmon_plan", "netbox", "warnings", "plan"}
    if unknown:
        raise WrongShape(f'unknown key "{printable(min(unknown))}"')
    if not isinstance(warnings, list) or not all(isinstance(text, str) for text in warnings):
        raise WrongShape("warnings: not a list of texts")
    if not isinstance(found, dict) or not isinstance(found.get("devices"), list):
        raise WrongShape("plan: there is no list of devices")
    devices = [_device(f"plan.devices[{number}]", device) for number, device in enumerate(found["devices"])]
    check_keys("plan", {**found, "devices": []}, kinds_of(Plan))
    moment("plan.time", found["time"])
    return Plan(**{**found, "devices": devices}), warnings


def _device(where: str, found: Any) -> DevicePlan:
    check_keys(where, found, kinds_of(DevicePlan))
    check_device(where, found)
    if any(step["host"] != found["name"] for step in found["steps"]):
        raise WrongShape(f"{where}: a step of another host")
    if found["steps"] and (found["held"] or found["error"]):
        raise WrongShape(f"{where}: a device that is held, or was not read, has steps")
    return DevicePlan(**{**found, "altered": Altered(**found["altered"])})

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run in a file: written by one run, looked at by a person, carried out by another run.

JSON: {"invmon_plan": 2, "netbox": address, "made": who made it, where and when, "warnings": [...], "plan": as
Plan.to_dict(), "digest": of all that}. Each step also has "found", see check.py. The file is ASCII, so that text
of a device cannot move a cursor, and holds no secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..._common import strict_json
from ..._common.errors import InvmonError
from ..._common.files import check_replaceable, write_whole
from ..._common.private_files import PrivateFileError, open_private, read_json
from ..._common.shapes import check_keys, kinds_of, moment
from ..._common.typed_json import WrongShape
from ..._outgoing.text import printable
from ..plan.brake import Altered, Hold
from ..plan.plan import DevicePlan, Plan
from .places import check_places
from .shape import check_device

VERSION = 2
#: Octets of a file, and JSON values in it. 5,000 devices of a dozen parts have some 100 and 5 million.
LIMIT, VALUES = 512 * 2**20, 25_000_000
#: Levels of objects and lists: somebody's own data of NetBox may be in it, some levels below its steps.
DEPTH = strict_json.DEPTH + 10
#: Digits of a digest: half of SHA-256, short enough to be read out.
_DIGITS = 32
_AGAIN = "make a new plan"
_MADE = {"at": str, "by": str, "on": str, "job?": str}


class PlanFileError(InvmonError):
    """The file cannot be written, or cannot be carried out; the text names it and says what to do."""

    reason = "plan"


@dataclass(frozen=True)
class FiledPlan:
    """A plan in a file."""

    plan: Plan
    warnings: list[str]  #: of the run that made it
    path: str
    digest: str  #: of what stands in the file now
    made: dict[str, str]  #: at (time), by (user), on (name of the machine), job (number of AWX's job)
    changed: bool = False  #: the file is not what was written there: steps were taken out, or more

    def to_dict(self) -> dict[str, Any]:
        """What the result of a task says of it."""
        return {"file": self.path, "digest": self.digest, "made": self.made, "changed": self.changed}


def check_writable(path: str, replace: bool) -> None:
    """Raise PlanFileError if write_plan() could not write there, as far as that can be known without writing."""
    try:
        _check_folder(Path(path).expanduser())
        check_replaceable(Path(path).expanduser(), replace)
    except OSError as error:
        raise _unwritable(path, error) from None


def check_readable(path: str) -> None:
    """Raise PlanFileError if read_plan() could not open the file."""
    try:
        open_private(path, LIMIT).close()
    except PrivateFileError as error:
        raise PlanFileError(f"The plan is not carried out. {error}") from None


def write_plan(path: str, netbox: str, plan: Plan, warnings: list[str], replace: bool = False) -> FiledPlan:
    """Write the file, readable by its owner only. Raises PlanFileError.

    netbox: NetBox's address, without a secret (see client.base_url). Each step must have its "found".
    replace: whether a file that stands there is replaced; else it is kept, and PlanFileError raised.
    """
    made = _origin(plan.time)
    content = {"invmon_plan": VERSION, "netbox": netbox, "made": made, "warnings": warnings, "plan": plan.to_dict()}
    content["digest"] = digest = _digest(content)
    check_writable(path, replace)
    try:
        write_whole(Path(path).expanduser(), (json.dumps(content, indent=2) + "\n").encode("ascii"), replace)
    except OSError as error:
        raise _unwritable(path, error) from None
    return FiledPlan(plan, warnings, path, digest, made)


def _check_folder(path: Path) -> None:
    """A folder that is missing is a slip of the pen rather than wanted."""
    if not path.parent.exists():
        raise FileNotFoundError(2, os.strerror(2))


def _unwritable(path: str, error: OSError) -> PlanFileError:
    if isinstance(error, FileExistsError):
        return PlanFileError(
            f"{printable(path)} stands there already, and may be a plan that somebody has looked at: nothing was done."
            " Carry it out (upload_apply_plan=true), replace it (upload_plan_replace=true), or name another file."
        )
    return PlanFileError(
        f"The plan cannot be written to {printable(path)} ({error.strerror}), so nothing was written to NetBox: name a"
        " file in a folder that exists and can be written."
    )


def _origin(time: str) -> dict[str, str]:
    """Who makes a plan, where and when."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = f"user {os.geteuid()}"
    made = {"at": time, "by": user, "on": socket.gethostname()}
    # AWX says so to each of its jobs.
    job = os.environ.get("JOB_ID", "") if "AWX_HOST" in os.environ else ""
    return {**made, "job": job} if job.isdecimal() else made


def _digest(content: Mapping[str, Any]) -> str:
    """Of all that stands in the file but the digest, however it is written."""
    told = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGITS]


def read_plan(path: str, netbox: str, digest: str | None = None) -> FiledPlan:
    """The plan in the file. Raises PlanFileError.

    netbox: the address of the NetBox that it is to be carried out on.
    digest: of the plan that is meant, as the run said that made it; None: whichever stands there.
    """
    try:
        content = read_json(path, LIMIT, DEPTH, VALUES)
    except PrivateFileError as error:
        raise PlanFileError(f"The plan is not carried out. {error}") from None
    if not isinstance(content, dict) or "invmon_plan" not in content:
        raise PlanFileError(f"{printable(path)} is not a plan that netbox_probe wrote.")
    if content["invmon_plan"] != VERSION:
        raise PlanFileError(f"{printable(path)} was written by another release, which this one cannot read: {_AGAIN}.")
    if content.get("netbox") != netbox:
        text = f"is a plan for NetBox at {printable(content.get('netbox'))[:200]}, and this is {netbox}: {_AGAIN} here."
        raise PlanFileError(f"{printable(path)} {text}")
    own = _digest(content)
    if digest and digest.strip().lower() != own:
        raise PlanFileError(
            f"{printable(path)} is not the plan that is meant: its digest is {own}, and not {printable(digest)[:64]}."
            " Nothing was written. It was changed or replaced: look at it again (with --check), or make a new plan."
        )
    try:
        plan, warnings = _parsed(content)
    except WrongShape as error:
        raise PlanFileError(
            f"{printable(path)} was changed or damaged, so nothing was written. {error}. Steps may be removed; else"
            f" {_AGAIN}."
        ) from None
    return FiledPlan(plan, warnings, path, own, content["made"], content["digest"] != own)


def _parsed(content: dict[str, Any]) -> tuple[Plan, list[str]]:
    kinds = {"invmon_plan": int, "netbox": str, "made": dict, "warnings": list[str], "plan": dict, "digest": str}
    check_keys("the file", content, kinds)
    check_keys("made", content["made"], _MADE)
    found = content["plan"]
    if not isinstance(found.get("devices"), list):
        raise WrongShape("plan: there is no list of devices")
    devices = [_device(f"plan.devices[{number}]", device) for number, device in enumerate(found["devices"])]
    check_keys("plan", {**found, "devices": []}, kinds_of(Plan))
    moment("plan.time", found["time"])
    plan = Plan(**{**found, "devices": devices, "held": _hold(found["held"])})
    check_places(plan)
    return plan, content["warnings"]


def _device(where: str, found: Any) -> DevicePlan:
    check_keys(where, found, kinds_of(DevicePlan))
    check_device(where, found)
    if any(step["host"] != found["name"] for step in found["steps"]):
        raise WrongShape(f"{where}: a step of another host")
    if found["steps"] and (found["held"] or found["error"]):
        raise WrongShape(f"{where}: a device that is held, or was not read, has steps")
    return DevicePlan(**{**found, "altered": Altered(**found["altered"]), "held": _hold(found["held"])})


def _hold(found: dict[str, Any] | None) -> Hold | None:
    return None if found is None else Hold(**found)

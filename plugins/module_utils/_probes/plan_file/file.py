# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run in a file: written by one run, looked at by a person, applied by another run.

JSON: {"invmon_plan": 2, "netbox": address, "made": who made it, where and when, "warnings": [...], "plan": Plan,
"digest": of all that}. The file is ASCII, so that text of a device cannot move a cursor, and holds no secret.
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
from typing import Any, ClassVar

from ..._common import strict_json
from ..._common.errors import InvmonError
from ..._common.files import check_replaceable, write_whole
from ..._common.private_files import PrivateFileError, open_private, read_json
from ..._common.typed_json import Rules, WrongShape, from_json, to_json
from ..._outgoing.text import printable
from ..plan.device_plan import Plan
from .shape import check_plan

VERSION = 2
#: Octets of a file, and JSON values in it. 5,000 devices of a dozen parts have some 100 and 5 million.
LIMIT, VALUES = 512 * 2**20, 25_000_000
#: Levels of objects and lists: data that others keep in NetBox may be in it, some levels below its steps.
DEPTH = strict_json.DEPTH + 10
#: Digits of a digest: half of SHA-256, short enough to be read out.
_DIGITS = 32
_AGAIN = "make a new plan"


class PlanFileError(InvmonError):
    """The file cannot be written, or cannot be applied; the text names it and what to do."""

    reason = "plan"


@dataclass(frozen=True)
class Made:
    """Who made a plan, where and when."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    at: str  #: the time of the run
    by: str  #: user
    on: str  #: name of the machine
    job: str | None = None  #: number of AWX's job


@dataclass(frozen=True)
class _Content:
    """What is in the file."""

    invmon_plan: int
    netbox: str
    made: Made
    warnings: tuple[str, ...]
    plan: Plan
    digest: str


@dataclass(frozen=True)
class PlanFile:
    """A plan in a file."""

    plan: Plan
    warnings: tuple[str, ...]  #: of the run that made it
    path: str
    digest: str  #: of what is in the file now
    made: Made
    changed: bool = False  #: the file is not what was written there: steps were taken out, or more

    def to_dict(self) -> dict[str, Any]:
        """As in the result of a task."""
        return {"file": self.path, "digest": self.digest, "made": to_json(self.made), "changed": self.changed}


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
        raise PlanFileError(f"The plan is not applied. {error}") from None


def write_plan(path: str, netbox: str, plan: Plan, warnings: list[str], replace: bool = False) -> PlanFile:
    """Write the file, readable by its owner only. Raises PlanFileError.

    netbox: NetBox's address, without a secret (see client.base_url). Each step must have its `found`.
    replace: whether a file of that name is replaced; else it is kept, and PlanFileError raised.
    """
    made = _origin(plan.time)
    content = to_json(_Content(VERSION, netbox, made, tuple(warnings), plan, ""))
    content["digest"] = digest = _digest(content)
    check_writable(path, replace)
    try:
        write_whole(Path(path).expanduser(), (json.dumps(content, indent=2) + "\n").encode("ascii"), replace)
    except OSError as error:
        raise _unwritable(path, error) from None
    return PlanFile(plan, tuple(warnings), path, digest, made)


def _check_folder(path: Path) -> None:
    """A folder that is missing is a slip of the pen rather than wanted."""
    if not path.parent.exists():
        raise FileNotFoundError(2, os.strerror(2))


def _unwritable(path: str, error: OSError) -> PlanFileError:
    if isinstance(error, FileExistsError):
        return PlanFileError(
            f"{printable(path)} already exists and may be a plan under review. Nothing was done. Apply it"
            " (upload_apply_plan=true), replace it (upload_plan_replace=true), or name another file."
        )
    return PlanFileError(
        f"The plan cannot be written to {printable(path)} ({error.strerror}), so nothing was written to NetBox: "
        "name a file in an existing folder that you can write to."
    )


def _origin(time: str) -> Made:
    """Who makes a plan, where and when."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = f"user {os.geteuid()}"
    # AWX sets these in each of its jobs.
    job = os.environ.get("JOB_ID", "") if "AWX_HOST" in os.environ else ""
    return Made(time, user, socket.gethostname(), job if job.isdecimal() else None)


def _digest(content: Mapping[str, Any]) -> str:
    """Of all that is in the file but the digest, however it is written."""
    others = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(others, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGITS]


def read_plan(path: str, netbox: str, digest: str | None = None) -> PlanFile:
    """The plan in the file. Raises PlanFileError.

    netbox: the address of the NetBox that it is to be applied to.
    digest: of the plan that is meant, as the run that made it reported; None: any plan.
    """
    try:
        content = read_json(path, LIMIT, DEPTH, VALUES)
    except PrivateFileError as error:
        raise PlanFileError(f"The plan is not applied. {error}") from None
    if not isinstance(content, dict) or "invmon_plan" not in content:
        raise PlanFileError(f"{printable(path)} is not a plan of netbox_probe.")
    if content["invmon_plan"] != VERSION:
        raise PlanFileError(f"{printable(path)} was written by another release and cannot be read: {_AGAIN}.")
    if content.get("netbox") != netbox:
        text = f"is a plan for NetBox at {printable(content.get('netbox'))[:200]}, not for {netbox}: {_AGAIN} here."
        raise PlanFileError(f"{printable(path)} {text}")
    own = _digest(content)
    if digest and digest.strip().lower() != own:
        raise PlanFileError(
            f"{printable(path)} is not the plan with the given digest: its digest is {own}, not "
            f"{printable(digest)[:64]}. Nothing was written. The plan was changed or replaced: review it again "
            "(with --check), or make a new plan."
        )
    try:
        found = from_json(_Content, content, "")
        check_plan(found.plan, "plan")
    except WrongShape as error:
        raise PlanFileError(
            f"{printable(path)} was changed or damaged, so nothing was written. {error}. Only whole steps may be "
            f"removed; otherwise {_AGAIN}."
        ) from None
    return PlanFile(found.plan, found.warnings, path, own, found.made, found.digest != own)

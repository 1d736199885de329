# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""run_record on the controller; its documentation is in the module."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..module_utils._common.files import write_json
from ..module_utils._tasks.controller_options import RUN_RECORD
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.batches import is_last_batch
from ..plugin_utils._actions.collected import UPLOAD_RECORD, UPLOAD_RESULT
from ..plugin_utils._actions.host_variables import variables_as_they_are
from ..plugin_utils._progress import screen
from ..plugin_utils._run import run_clock
from ..plugin_utils._run.run_record import Times, about_awx, for_statistic, make_record

before_forks.start()

#: Where a collection's version stands: in one that was built, and in a checkout.
MANIFEST, GALAXY = "MANIFEST.json", "galaxy.yml"


class ActionModule(InvmonActionBase):
    argument_spec = RUN_RECORD

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        hosts = list(task_vars.get("ansible_play_hosts_all") or ())
        before = _batch_before(hosts, task_vars)
        # Read here and not given as an option: Ansible would look for templates in all of it.
        result = task_vars.get(UPLOAD_RESULT) or {}
        if params["error"]:
            result = {"failed": True, "msg": params["error"], "reason": "option"}
        record = make_record(
            result,
            hosts[(before or {}).get("devices", {}).get("asked", 0) :],
            Times(run_clock.began, time.time()),
            before,
            check_mode=self._task.check_mode,
            version=collection_version(),
            awx=about_awx(task_vars),
            scope={"run": len(hosts), "inventory": len((task_vars.get("groups") or {}).get("all") or hosts)},
        )
        record["file"] = params["file"]
        statistic = for_statistic(record)
        stats = {params["name"]: statistic}
        if job := record["awx"].get("job_id"):
            # The records of a sliced job's slices are put into one dictionary by AWX: each needs a key of its own.
            stats[f"{params['name']}_{job}"] = statistic
        if record["plan"] and record["check_mode"]:
            # A variable of the next nodes of a workflow: they apply this plan, or none.
            stats["upload_plan_digest"] = statistic["plan"]["digest"]
        returned: dict[str, Any] = {"changed": False, "record": record, "warnings": []}
        returned["ansible_stats"] = {"data": stats, "per_host": False, "aggregate": False}
        if params["file"]:
            returned["warnings"] += _write(Path(params["file"]), record)
        if params["say"]:
            self._say(record, result, hosts, task_vars)
        return returned

    def _say(
        self, record: Mapping[str, Any], result: Mapping[str, Any], hosts: list[str], task_vars: Mapping[str, Any]
    ) -> None:
        """Print the summary of the run after its last batch, and one line after each of the others."""
        if self._task.diff and not result.get("changed"):
            # Ansible shows a diff of what has changed only: not what is held, nor what is not seen.
            for block in result.get("diff") or ():
                screen.say(block["prepared"].split("\n"))
        if screen.is_said_after_recap():
            return
        lines = screen.text_of(record)
        last = record["error"] or result.get("applied") or is_last_batch(hosts, task_vars)
        screen.say(lines if last else lines[:1])


def _batch_before(hosts: list[str], task_vars: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The record after the batch before this one: its hosts come before those of this batch."""
    hostvars = task_vars.get("hostvars") or {}
    batch = set(task_vars.get("ansible_play_batch") or ())
    first = next((number for number, host in enumerate(hosts) if host in batch), len(hosts))
    for host in reversed(hosts[:first]):
        found = variables_as_they_are(host, hostvars).get(UPLOAD_RECORD) or {}
        if before := found.get("record"):
            return before
    return None


def _write(path: Path, record: Mapping[str, Any]) -> list[str]:
    """The record as a file; a warning if it cannot be written, for the run itself is done."""
    try:
        write_json(path, record)
    except OSError as error:
        return [f"The run record cannot be written: {error}"]
    return []


def collection_version() -> str | None:
    """The version of this collection; None if it is not known."""
    root = Path(__file__).parents[2]
    try:
        if (root / MANIFEST).exists():
            return str(json.loads((root / MANIFEST).read_text(encoding="utf-8"))["collection_info"]["version"])
        lines = (root / GALAXY).read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("version:"))
    except (OSError, ValueError, KeyError, StopIteration):
        return None

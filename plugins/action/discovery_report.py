# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""discovery_report on the controller; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.utils.display import Display

from ..module_utils._outgoing.words import listed
from ..module_utils._report.discovery import Discovery, discovery_text
from ..module_utils._tasks.discovery import ARGUMENT_SPEC, counted, keep_scan, registered
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.collected import REGISTER_RESULT, SCAN_RESULT
from ..plugin_utils._progress import screen
from ..plugin_utils._run.last_lines import for_statistic

before_forks.start()


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # Read here and not given as options: Ansible would look for templates in all of it.
        scanned, register = (_result(task_vars, name) for name in (SCAN_RESULT, REGISTER_RESULT))
        scan, verdicts = scanned.get("scan"), register.get("verdicts")
        if scan is None:
            return {"changed": False, "skipped": True, "skip_reason": "Nothing was scanned."}
        kept = keep_scan(scan, verdicts, registered(register) if verdicts is not None else None, params)
        found = Discovery(
            scan=scan,
            verdicts=verdicts,
            changes=kept.changes,
            registered=register.get("summary") or (),
            check_mode=self._task.check_mode,
            error=str(register.get("msg") or "") if register.get("failed") else "",
            file=kept.file,
        )
        lines = discovery_text(found, screen.width(), Display().verbosity > 0)
        counts = counted(scan, verdicts, kept.changes)
        if not screen.is_said_after_recap():
            screen.say(["", *lines])
        data = {"counts": counts, "started": scan.get("started"), "check_mode": self._task.check_mode}
        result: dict[str, Any] = {"changed": False, "warnings": kept.warnings, "file": kept.file, "counts": counts}
        statistic = {"invmon_discovery": {"schema": 1, **data, **for_statistic(lines)}}
        result["ansible_stats"] = {"data": statistic, "per_host": False, "aggregate": False}
        # A task that failed would leave no statistic.
        bad = [f"{counts[word]:,} {word}" for word in params["fail_on"] if counts.get(word)]
        return {**result, "why_failed": f"Found {listed(bad)} (discover_fail_on)." if bad else ""}


def _result(task_vars: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = task_vars.get(name)
    return found if isinstance(found, Mapping) else {}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""reach_report on the controller; its documentation is in the module."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ansible.utils.display import Display

from ..module_utils._common.files import write_json
from ..module_utils._report.reach import reach_text
from ..module_utils._tasks.reach import ARGUMENT_SPEC, reach
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.collected import reports
from ..plugin_utils._progress import screen
from ..plugin_utils._run import run_clock
from ..plugin_utils._run.last_lines import for_statistic

before_forks.start()


class ActionModule(InvmonActionBase):
    #: Once, with or without run_once: the table is about all hosts of the play.
    BYPASS_HOST_LOOP = True

    argument_spec = ARGUMENT_SPEC

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        hosts = task_vars.get("ansible_play_hosts_all") or ()
        seconds = None if run_clock.began is None else round(time.time() - run_clock.began, 2)
        data, failed = reach(reports(hosts, task_vars["hostvars"]), seconds)
        file = None if self._task.check_mode else params["file"]
        lines = reach_text(data, screen.width(), Display().verbosity > 0, file)
        result = {"changed": False, **data, "failed_hosts": failed, "summary": []}
        counts = {key: data[key] for key in ("schema", "seconds", "readings")}
        statistic = {"invmon_reach": {**counts, **for_statistic(lines)}}
        result["ansible_stats"] = {"data": statistic, "per_host": False, "aggregate": False}
        if file:
            write_json(Path(file), data)
        if not screen.is_said_after_recap():
            if failed:
                result["summary"] = [line.text for line in lines]
            else:
                screen.say(["", *lines])
        return result

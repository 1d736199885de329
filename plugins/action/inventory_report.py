# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""inventory_report inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._netbox.source import NetBoxSource
from ..module_utils._outgoing.text import printable
from ..module_utils._tasks.report import ARGUMENT_SPEC, report
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.batches import is_last_batch
from ..plugin_utils._actions.collected import UPLOAD_RECORD
from ..plugin_utils._actions.netbox_action import NetBoxFinder
from ..plugin_utils._page.page import render
from ..plugin_utils._progress import screen

before_forks.start()


class ActionModule(NetBoxFinder):
    argument_spec = ARGUMENT_SPEC

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # Read here and not given as an option: Ansible would look for templates in all of it.
        made = (task_vars.get(UPLOAD_RECORD) or {}).get("record")
        if made and not is_last_batch(list(task_vars.get("ansible_play_hosts_all") or ()), task_vars):
            return {"changed": False, "skipped": True, "files": [], "skip_reason": "The last batch makes the report."}
        if params["devices"] is None and params["record"] is None:
            params = {**params, "record": made}
        result = report(params, self._task.check_mode, self._sources(params, task_vars), render)
        if self._task._role is not None and result.get("page") and not self._task.check_mode:
            screen.say(["", f"Report: {printable(result['page'])}"])
        return result

    def _sources(self, params: Mapping[str, Any], task_vars: Mapping[str, Any]) -> list[NetBoxSource] | None:
        """The NetBoxes of the hosts of this play, or the one that the task names; None where none is asked."""
        if not (params["inventory"] or params["since"]) or (params["devices"] is not None and not params["formats"]):
            return None
        found = self.netbox_sources(task_vars)
        urls: list[str | None] = [params["url"]] if params["url"] else [*self.netboxes_of_play(task_vars)]
        return [found.find(url) for url in urls or [None]]

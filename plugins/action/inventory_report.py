# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""inventory_report inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils._netbox.source import NetBoxSource
from ..module_utils._outgoing.text import printable
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.batches import is_last_batch
from ..plugin_utils._actions.collected import REGISTER_RESULT, UPLOAD_RECORD
from ..plugin_utils._actions.host_variables import variables_as_they_are
from ..plugin_utils._actions.netbox_action import NetBoxFinder
from ..plugin_utils._progress import screen

before_forks.start()


class ActionModule(NetBoxFinder):
    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        # Here, as all that a report needs: Ansible imports the action of a task that it leaves out, as well, and
        # compiles each module for it.
        from ..module_utils._tasks.report import ARGUMENT_SPEC

        self.argument_spec = ARGUMENT_SPEC
        return super().run(tmp, task_vars)

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        from ..module_utils._tasks.report import Surroundings, report
        from ..plugin_utils._page.page import render, render_mail

        # Read here and not given as an option: Ansible would look for templates in all of it.
        made = (task_vars.get(UPLOAD_RECORD) or {}).get("record")
        if made and not is_last_batch(list(task_vars.get("ansible_play_hosts_all") or ()), task_vars):
            return {"changed": False, "skipped": True, "files": [], "skip_reason": "The last batch makes the report."}
        if params["devices"] is None and params["record"] is None:
            params = {**params, "record": made}
        if (task_vars.get(REGISTER_RESULT) or {}).get("skipped"):
            # A discovery that is not compared with NetBox needs none.
            params = {**params, "inventory": False}
        around = Surroundings(self._sources(params, task_vars), render, render_mail, self._about(task_vars))
        result = report(params, self._task.check_mode, around)
        if self._task._role is not None and result.get("page") and not self._task.check_mode:
            screen.say(["", f"Report: {printable(result['page'])}"])
        if self._task._role is not None:
            screen.say(_said(result.get("messages") or (), self._task.check_mode))
        return result

    def _about(self, task_vars: Mapping[str, Any]) -> Callable[[str], Any]:
        """Role and tags of a device (Device of _notify/rules.py), as the inventory plugin has them."""
        from ..module_utils._notify.rules import Device

        hostvars = task_vars.get("hostvars") or {}

        def about(name: str) -> Any:
            found = variables_as_they_are(name, hostvars)
            role, tags = found.get("netbox_role"), found.get("netbox_tags")
            return Device(
                role.get("slug") if isinstance(role, Mapping) else None,
                frozenset(map(str, tags)) if isinstance(tags, (list, tuple)) else frozenset(),
            )

        return about

    def _sources(self, params: Mapping[str, Any], task_vars: Mapping[str, Any]) -> list[NetBoxSource] | None:
        """The NetBoxes of the hosts of this play, or the one that the task names; None where none is asked."""
        if not (params["inventory"] or params["since"]) or (params["devices"] is not None and not params["formats"]):
            return None
        found = self.netbox_sources(task_vars)
        urls: list[str | None] = [params["url"]] if params["url"] else [*self.netboxes_of_play(task_vars)]
        return [found.find(url) for url in urls or [None]]


def _said(messages: Sequence[Mapping[str, Any]], check_mode: bool) -> list[str]:
    """The messages as lines: in check mode each in full, else who got one."""
    lines: list[str] = []
    for message in messages:
        name, subject = printable(message["channel"]), printable(message["subject"])
        if check_mode:
            lines += ["", f"Would notify {name}: {subject}", *(f"  {printable(line)}" for line in message["text"])]
        elif message["sent"]:
            lines.append(f"Notified {name}: {subject}")
    return lines

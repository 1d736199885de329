# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""run_check on the controller; its documentation stands in the module."""

from __future__ import annotations

from typing import Any

from ansible import context

from ..plugin_utils.netbox_action import NetBoxFinder
from ..plugin_utils.run_check import Run, check_run
from ..plugin_utils.run_tags import tags_of_playbooks

#: What a playbook can do; see the module.
PARTS = ("collect", "upload", "hygiene", "restore")


class ActionModule(NetBoxFinder):
    #: Once, whether or not the task says run_once: what is looked at here is the same for all hosts.
    BYPASS_HOST_LOOP = True

    argument_spec = {"parts": {"type": "list", "elements": "str", "choices": list(PARTS), "default": []}}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        found = check_run(self._run(params, task_vars))
        result: dict[str, Any] = {"changed": False, "warnings": list(found.warnings)}
        if found.errors:
            # Ansible would quote the line of our playbook that called this, where nothing is wrong.
            self._task._ds = None
            result |= {"failed": True, "msg": "\n".join(found.errors)}
        return result

    def _run(self, params: dict[str, Any], task_vars: dict[str, Any]) -> Run:
        def variable(name: str) -> Any:
            value = task_vars.get(name)
            value = None if value is None else self._templar.template(value)
            return None if value == "" else value

        return Run(
            parts=frozenset(params["parts"]),
            variable=variable,
            only_tags=task_vars.get("ansible_run_tags") or (),
            skip_tags=task_vars.get("ansible_skip_tags") or (),
            netbox_problems=lambda one: self.netbox_problems(task_vars, one),
            tags=lambda: tags_of_playbooks(
                context.CLIARGS.get("args") or (), task_vars["hostvars"]._variable_manager, self._loader
            ),
        )

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""run_check on the controller; its documentation is in the module."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ansible import context
from ansible.errors import AnsibleError, AnsibleValueOmittedError

from ..module_utils._tasks.controller_options import RUN_CHECK
from ..plugin_utils._actions.netbox_action import NetBoxFinder
from ..plugin_utils._run.given_variables import given_variables
from ..plugin_utils._run.run import Run
from ..plugin_utils._run.run_check import check_run
from ..plugin_utils._run.run_tags import tags_of_playbooks


class ActionModule(NetBoxFinder):
    #: Once, with or without run_once: what is checked here is the same for all hosts.
    BYPASS_HOST_LOOP = True

    argument_spec = RUN_CHECK

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        errors, warnings = check_run(self._run(params["parts"], task_vars))
        result: dict[str, Any] = {"changed": False, "warnings": list(warnings)}
        if errors:
            result |= {"failed": True, "reason": "option", "msg": errors[0]}
        if len(errors) > 1:
            result |= {"msg": f"{len(errors)} errors.", "errors": list(errors)}
        return result

    def _run(self, parts: list[str], task_vars: dict[str, Any]) -> Run:
        hostvars = task_vars["hostvars"]
        inventory, variable_manager = hostvars._inventory, hostvars._variable_manager

        def variable(name: str) -> Any:
            with suppress(AnsibleError):
                return self._fill(task_vars.get(name))
            return None

        def has_hosts(group: str) -> bool:
            names = {host.name for host in inventory.groups[group].get_hosts()}
            return not names.isdisjoint(task_vars.get("ansible_play_hosts_all") or ())

        def tags() -> Any:
            return tags_of_playbooks(context.CLIARGS.get("args") or (), variable_manager, self._loader)

        return Run(
            parts=parts,
            variable=variable,
            fill=self._fill,
            given=given_variables(
                inventory, variable_manager, self._loader, self._task.get_search_path(), self._task.get_play()
            ),
            has_hosts=has_hosts,
            netbox_problems=lambda one: self.netbox_problems(task_vars, one),
            only_tags=task_vars.get("ansible_run_tags") or (),
            skip_tags=task_vars.get("ansible_skip_tags") or (),
            tags=tags,
        )

    def _fill(self, value: Any) -> Any:
        """The value with its templates filled in; None for empty text. Raises AnsibleError."""
        try:
            value = None if value is None else self._templar.template(value)
        except AnsibleValueOmittedError:
            return None
        return None if isinstance(value, str) and not value.strip() else value

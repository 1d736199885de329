# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_entity_facts inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

import time
from typing import Any

from ..module_utils._tasks.entity_apart import entity_facts_apart
from ..module_utils._tasks.entity_facts import ARGUMENT_SPEC
from ..module_utils._tasks.entity_options import with_profiles
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase, with_host
from ..plugin_utils._actions.collected import with_collection
from ..plugin_utils._actions.entity_arguments import completed, name_variables
from ..plugin_utils._progress.progress import outcome_of
from ..plugin_utils._progress.progress_pipe import listening, send_device

before_forks.start_reading()


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._begun = time.monotonic()
        return super().run(tmp, task_vars)

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        """Report to the callback `progress`, if it is enabled."""
        name_variables(result, self._task.args)
        if listening():
            send_device(task_vars["inventory_hostname"], time.monotonic() - self._begun, *outcome_of(result))

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Host variables fill what the task leaves open."""

        def variable(name: str) -> Any:
            value = task_vars.get(name)
            return None if value is None else self._templar.template(value)

        # Read here, for twenty templates in the arguments of a task cost more than reading a device does.
        return completed(str(task_vars.get("inventory_hostname")), self._task.args, variable)

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return with_profiles(params) if self._runs_elsewhere() else params

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return with_collection(result)

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        result = entity_facts_apart(params, check_mode=self._task.check_mode)
        return with_host(result, task_vars)

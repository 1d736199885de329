# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_trap_listen inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from ..module_utils._common.renamed import by_names
from ..module_utils._tasks.snmp_reading import mib_of
from ..module_utils._tasks.snmp_trap_listen import ARGUMENT_SPEC, listen
from ..module_utils._traps.matching import in_numbers
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.snmp_arguments import completed, name_variables


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC
    #: As a task in the background it is a module of its own: a worker ends with its task.
    _supports_async = True

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Host variables fill the credentials that the task leaves open."""

        def variable(name: str) -> Any:
            value = task_vars.get(name)
            return None if value is None else self._templar.template(value)

        return completed(str(task_vars.get("inventory_hostname")), self.given(), self.argument_spec, variable)

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        mib = mib_of(params)
        notifications, variables = in_numbers(params["notifications"], params["variables"], mib)
        folders = [str(folder) for folder in mib.folders]
        # Names, and folders with texts of MIBs, mean nothing to the module.
        known = {"notifications": notifications, "variables": variables, "mib_folders": folders, "mib_dirs": []}
        return {**params, **known}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self._task.check_mode:
            return {
                "skipped": True,
                "msg": "Check mode: did not listen, because nothing triggers a notification.",
            }
        return listen(params)

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        name_variables(result, by_names(self._task.args, self.argument_spec))

    def _runs_elsewhere(self) -> bool:
        if not self._task.async_val or self._task.check_mode:
            return super()._runs_elsewhere()
        if not self._task.delegate_to and self._connection.transport != "local":
            raise AnsibleActionFail(
                "snmp_trap_listen with async would listen on the device: add delegate_to: localhost to the task."
            )
        return True

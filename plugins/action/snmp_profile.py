# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_profile inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._common.files import file_name
from ..module_utils._tasks.entity_options import with_profiles
from ..module_utils._tasks.snmp_profile import ARGUMENT_SPEC, snmp_profile
from ..plugin_utils._actions.action_base import with_host
from ..plugin_utils._actions.snmp_action import SnmpAction


class ActionModule(SnmpAction):
    argument_spec = ARGUMENT_SPEC

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        arguments = super().arguments(task_vars)
        folder = str(arguments.get("folder") or "")
        if folder.endswith("/"):
            arguments["folder"] = folder + file_name(str(task_vars.get("inventory_hostname")))
        return arguments

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return with_profiles(params) if self._runs_elsewhere() else params

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        result = snmp_profile(params, check_mode=self._task.check_mode)
        return with_host(result, task_vars)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_entity_facts inside Ansible's worker; its documentation stands in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils.entity_facts import ARGUMENT_SPEC, EXPECTED_ERRORS, entity_facts
from ..plugin_utils.action_base import InvmonActionBase


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC
    expected_errors = EXPECTED_ERRORS

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The host of the play is the device that is asked, unless the task names another."""
        if params.get("host") or params.get("replay_from"):
            return params
        host = task_vars.get("ansible_host") or task_vars.get("inventory_hostname")
        return params | {"host": self._templar.template(host)}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        result = entity_facts(params, check_mode=self._task.check_mode)
        # Ansible prints warnings without the host, and this task runs on many.
        host = task_vars.get("inventory_hostname")
        result["warnings"] = [f"{host}: {warning}" for warning in result["warnings"]]
        return result

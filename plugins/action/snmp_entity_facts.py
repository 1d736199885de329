# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_entity_facts inside Ansible's worker; its documentation stands in the module."""

from __future__ import annotations

import time
from typing import Any

from ..module_utils.devices.profile_files import shipped
from ..module_utils.entity_facts import ARGUMENT_SPEC, EXPECTED_ERRORS, entity_facts, read_profiles
from ..module_utils.files import file_name
from ..module_utils.snmp_options import SNMP_ARGUMENTS
from ..plugin_utils.action_base import InvmonActionBase
from ..plugin_utils.progress import outcome_of
from ..plugin_utils.progress_pipe import listening, tell_device

#: Further options that a host variable snmp_* fills.
VARIABLES = ("tables", "platform", "profiles", "accept_serials", "reject_serials", "replay_from")
#: Options that name a file: where they end with a slash they name its folder, and the host names the file.
FILES = {"dump": ".json", "record_to": ".snmprec", "save_to": ".json"}


# Ansible loads an action once, before it forks its workers: none of them reads the profiles again.
shipped()


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC
    expected_errors = EXPECTED_ERRORS
    variables = {
        **{option: f"snmp_{option}" for option in (*SNMP_ARGUMENTS, *VARIABLES)},
        "env_file": "env_file",
    }

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """As the base class does; and the callback `progress` is told of it, if it is there."""
        begun = time.monotonic()
        result = super().run(tmp, task_vars)
        if listening():
            tell_device((task_vars or {})["inventory_hostname"], time.monotonic() - begun, *outcome_of(result))
        return result

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The host of the play is the device that is asked, unless the task names another."""
        name = str(task_vars.get("inventory_hostname"))
        filled = dict(params)
        if not params.get("host") and not params.get("replay_from"):
            filled["host"] = self._templar.template(task_vars.get("ansible_host") or name)
        if not params.get("platform_hint"):
            filled["platform_hint"] = (task_vars.get("netbox_platform") or {}).get("slug")
        for option, ending in FILES.items():
            if str(params.get(option) or "").endswith("/"):
                filled[option] = f"{params[option]}{file_name(name)}{ending}"
        if self._runs_elsewhere():
            # Only Python travels with a module.
            filled["profile_data"] = read_profiles(params).to_data()
        return filled

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        result = entity_facts(params, check_mode=self._task.check_mode)
        # Ansible prints warnings without the host, and this task runs on many.
        host = task_vars.get("inventory_hostname")
        result["warnings"] = [f"{host}: {warning}" for warning in result["warnings"]]
        return result

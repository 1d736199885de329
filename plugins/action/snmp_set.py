# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_set inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._common.typed_json import to_json
from ..module_utils._tasks.snmp_reading import mib_of
from ..module_utils._tasks.snmp_set import SetTask, done_apart, result_of
from ..module_utils._tasks.snmp_set_options import ARGUMENT_SPEC, RULES
from ..plugin_utils._actions.snmp_action import SnmpAction


class ActionModule(SnmpAction):
    argument_spec = ARGUMENT_SPEC
    spec_options = RULES

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        self._params = params
        self._set = SetTask(params, mib_of(params), check=self._task.check_mode)
        # The numbers travel; names, and folders with MIBs, mean nothing there.
        return {**params, "question": to_json(self._set.order), "mib_dirs": [], "variables": None, "row": None}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return self.from_elsewhere(done_apart(params, self._set.order))

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return result_of(self._set, result, self._params, self._task.diff)

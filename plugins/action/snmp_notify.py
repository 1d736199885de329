# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_notify inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._common.typed_json import to_json
from ..module_utils._tasks.snmp_notify import NotifyTask, result_of, send_notice
from ..module_utils._tasks.snmp_notify_options import ARGUMENT_SPEC, RULES
from ..module_utils._tasks.snmp_reading import mib_of
from ..plugin_utils._actions.snmp_action import SnmpAction

#: What only the controller understands: names of MIBs. A target travels without what is open in it.
_STAYS = ("notification", "objects", "index", "variables", "enterprise", "generic", "specific")


class ActionModule(SnmpAction):
    argument_spec = ARGUMENT_SPEC
    spec_options = RULES

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        self._params = params
        self._notify = NotifyTask(params, mib_of(params), dry=self._task.check_mode)
        targets = [{name: value for name, value in one.items() if value is not None} for one in params["targets"]]
        question = {"question": to_json(self._notify.notice), "targets": targets, "mib_dirs": []}
        return {**params, **dict.fromkeys(_STAYS), **question}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return self.from_elsewhere(send_notice(params, self._notify.notice))

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return result_of(self._notify, result, self._params)

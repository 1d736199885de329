# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netbox_register inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._tasks.register import register
from ..module_utils._tasks.register_options import ARGUMENT_SPEC
from ..plugin_utils._actions.netbox_action import NetBoxActionBase


class ActionModule(NetBoxActionBase):
    argument_spec = ARGUMENT_SPEC

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return register(params, check_mode=self._task.check_mode, diff=self._task.diff)

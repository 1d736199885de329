# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""require_whole on the controller; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._tasks.controller_options import REQUIRE_WHOLE
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.collected import not_whole


class ActionModule(InvmonActionBase):
    argument_spec = REQUIRE_WHOLE

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        host = task_vars["inventory_hostname"]
        why = params["error"] or not_whole([host], task_vars["hostvars"], params["nothing_known"]).get(host)
        return {"failed": True, "msg": why} if why else {"changed": False}

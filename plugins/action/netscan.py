# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netscan inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._tasks.netscan import netscan
from ..module_utils._tasks.netscan_options import ARGUMENT_SPEC, with_files
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._progress import screen

before_forks.start()


class ActionModule(InvmonActionBase):
    argument_spec = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The files of targets are here, not where the module may run."""
        return with_files(params)

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return netscan(params, on_interrupted=lambda said: screen.say([f"Interrupted: {said}"]))

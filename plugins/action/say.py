# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""say on the controller; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ..module_utils._common.cells import cells, wrapped
from ..module_utils._outgoing.text import printable
from ..module_utils._tasks.controller_options import SAY
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._progress import screen

before_forks.start()


class ActionModule(InvmonActionBase):
    argument_spec = SAY

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        width = screen.width()
        screen.say(part for line in map(printable, params["lines"]) for part in _fitting(line, width))
        return {"changed": False}


def _fitting(line: str, width: int) -> list[str]:
    """The line as it is, its indentation included, if it fits."""
    return [line] if cells(line) <= width else wrapped(line, width)

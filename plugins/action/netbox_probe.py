# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netbox_probe inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._netbox.source import Sources
from ..module_utils._probes.outcome.diff import LOG_WIDTH
from ..module_utils._tasks.probe_options import ARGUMENT_SPEC, RULES
from ..module_utils._tasks.probes import netboxes, upload
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.netbox_action import NetBoxActionBase
from ..plugin_utils._progress import screen
from ..plugin_utils._run.known_variables import UPLOAD_VARIABLES
from ..plugin_utils._run.option_names import in_variables

before_forks.start()


class ActionModule(NetBoxActionBase):
    argument_spec = ARGUMENT_SPEC
    spec_options = RULES

    #: Where the NetBoxes of the devices are; None if a plan is applied.
    _sources: Sources | None = None

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Each device is written to the NetBox that it came from; a plan to the one of this play."""
        self._check_strategy()
        if boolean(self._task.args.get("apply") or False, strict=False):
            return super().arguments(task_vars)
        given = {name: value for name, value in self.given().items() if name != "env_file"}
        self._sources = self.netbox_sources(task_vars)
        return {**given, "sources": [source.as_options() for source in self._sources.known()]}

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self._sources is None or not self._runs_elsewhere():
            return params
        # Another host gets the tokens that it needs, and looks for none itself.
        found = {url: self._sources.find(url) for url in netboxes(params)}
        meant = found.get(None) or next(iter(found.values()))
        return {**params, **meant.as_options(), "sources": [source.as_options() for source in found.values()]}

    def _check_strategy(self) -> None:
        """Refuse to write for all hosts of a play where Ansible runs a task for each host by itself.

        There run_once means nothing: the first host would write what was read until then, and the result would be
        taken for that of all.
        """
        strategy = str(self._task.get_play().strategy)
        if self._task.run_once and strategy.endswith(("free", "host_pinned")):
            raise AnsibleActionFail(
                f"The play has the strategy {strategy}, which runs this task before all hosts are read: set "
                "strategy: ansible.builtin.linear."
            )

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        """In the role upload, options are named as the user gave them."""
        if self._task._role is None:
            return
        if result.get("reason") == "option":
            result["msg"] = in_variables(str(result["msg"]), UPLOAD_VARIABLES)
        result["warnings"] = [in_variables(text, UPLOAD_VARIABLES) for text in result.get("warnings") or ()]

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        width = screen.width(LOG_WIDTH)
        return upload(params, self._task.check_mode, self._task.diff, self._sources, width)

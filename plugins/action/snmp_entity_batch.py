# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_entity_batch inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError

from ..module_utils._outgoing.text import brief, printable
from ..module_utils._report.night import Line
from ..module_utils._tasks.entity_batch import ARGUMENT_SPEC, read_batch
from ..module_utils._tasks.entity_options import read_profiles
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.action_base import InvmonActionBase
from ..plugin_utils._actions.collected import with_collections
from ..plugin_utils._actions.entity_arguments import completed, name_variables
from ..plugin_utils._actions.host_variables import variables_in_task
from ..plugin_utils._progress import screen
from ..plugin_utils._progress.progress import FAILED, outcome_of
from ..plugin_utils._progress.progress_report import Report

before_forks.start_reading()

#: A sentence about a device is cut after so many characters.
SENTENCE = 300


class ActionModule(InvmonActionBase):
    #: One task for all hosts of the play, with or without run_once.
    BYPASS_HOST_LOOP = True

    argument_spec = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Fill in the devices with what the variables of each host say."""
        hosts = task_vars.get("ansible_play_batch", []) if params["hosts"] is None else params["hosts"]
        devices = list(self._devices(hosts, params["options"], task_vars))
        if not self._runs_elsewhere():
            return {**params, "devices": devices}
        # Only Python travels with a module.
        folders = {device["options"].get("profiles") or "" for device in devices}
        return {
            **params,
            "devices": devices,
            "profile_data": {folder: read_profiles({"profiles": folder}).to_data() for folder in folders},
        }

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return with_collections(result)

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        report = Report(len(params["devices"]), lambda line: screen.say([line]))

        def finished(name: str, seconds: float, result: Mapping[str, Any]) -> None:
            parts, outcome, reason = outcome_of(result)
            report.device(name, seconds, parts, outcome, reason)
            if outcome == FAILED and not params["quiet"]:
                # As a task of its own would report it, at once.
                screen.say([Line(f"{printable(name)}: {brief(result.get('msg'), SENTENCE)}", "bad")])

        return read_batch(params, self._task.check_mode, finished, report.start)

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        for device in (result.get("devices") or {}).values():
            name_variables(device, self._task.args.get("options") or ())

    def _devices(
        self, hosts: Iterable[str], given: Mapping[str, Any], task_vars: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Each host with its options; with an error in their place where its variables cannot be filled in."""
        for host in hosts:
            try:
                variables = variables_in_task(host, self._task, task_vars)
                yield {"name": host, "options": completed(host, given, variables.get)}
            except AnsibleError as error:
                yield {"name": host, "options": {}, "error": f"{host}: {error.message}"}

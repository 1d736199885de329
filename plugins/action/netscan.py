# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netscan inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._common.typed_json import to_json
from ..module_utils._discovery.snapshot import Snapshot
from ..module_utils._netbox.options import connect
from ..module_utils._outgoing.words import count
from ..module_utils._tasks.entity_options import with_profiles
from ..module_utils._tasks.netscan import checked_scan, netscan
from ..module_utils._tasks.netscan_netbox import needs_netbox, with_netbox, without_netbox
from ..module_utils._tasks.netscan_options import ARGUMENT_SPEC, SNMP_SPEC, with_files, with_snmp
from ..plugin_utils._actions import before_forks
from ..plugin_utils._actions.netbox_action import NetBoxFinder
from ..plugin_utils._actions.snmp_arguments import completed
from ..plugin_utils._progress import screen

before_forks.start_scanning()


class ActionModule(NetBoxFinder):
    argument_spec = ARGUMENT_SPEC

    _snapshot: Snapshot | None = None

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Variables fill what the task leaves open of `snmp`, `env_file` and `profiles`."""

        def variable(name: str) -> Any:
            value = task_vars.get(name)
            return None if value is None else self._templar.template(value)

        given = self.given()
        snmp = given.get("snmp") or {}
        if isinstance(snmp, Mapping):
            given["snmp"] = {
                key: value for key, value in completed("", snmp, SNMP_SPEC, variable).items() if key != "host"
            }
        for option, name in (("env_file", "invmon_env_file"), ("profiles", "snmp_profiles")):
            if not given.get(option) and (value := variable(name)):
                given[option] = value
        return given

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Files of targets and NetBox are here, not where the module may run."""
        params = with_snmp(with_files(params))
        if needs_netbox(params):
            sources = self.netbox_sources(task_vars)
            netbox = connect(sources.find(params["url"] or self.netbox_of_play(task_vars)))
            try:
                params, self._snapshot = with_netbox(params, netbox)
            finally:
                netbox.close()
        if self._runs_elsewhere():
            params = {**with_profiles(params), "profiles": None}
        return without_netbox(params)

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return self._with_snapshot(
            netscan(params, _say_how_far, lambda said: screen.say_at_end(f"Interrupted: {said}"))
        )

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return self._with_snapshot(checked_scan(result))

    def _with_snapshot(self, result: dict[str, Any]) -> dict[str, Any]:
        if self._snapshot is None or result.get("failed"):
            return result
        return {**result, "netbox": to_json(self._snapshot)}


def _say_how_far(asked: int, total: int, seen: int) -> None:
    """Print a line, now and then, for a person who waits."""
    screen.say([f"{asked:,} of {count(total, 'address', 'addresses')} asked, {seen:,} seen"])

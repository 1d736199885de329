# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions share that speak with NetBox: they find it where the inventory did, or variables and environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.utils.vars import load_extra_vars

from ...module_utils._common.errors import InvmonError
from ...module_utils._netbox.errors import NetBoxOptionError
from ...module_utils._netbox.options import connect
from ...module_utils._netbox.source import Sources
from .._inventory.netbox_sources import DEVICE_URL, URL, check_sources, netboxes_of, sources_for
from .action_base import InvmonActionBase
from .host_variables import variables_as_they_are, variables_of_inventory


class NetBoxFinder(InvmonActionBase):
    """An action that looks where the NetBoxes of its play are."""

    def netbox_sources(self, task_vars: Mapping[str, Any]) -> Sources:
        """All that is known of NetBoxes. Raises NetBoxOptionError and EnvFileError."""

        def variable(name: str) -> Any:
            value = task_vars.get(name)
            return None if value is None else self._templar.template(value)

        return sources_for(self.given(), variable, load_extra_vars(self._loader))

    def netbox_of_play(self, task_vars: Mapping[str, Any]) -> str | None:
        """The NetBox of the hosts of this play; None where it is not known. Raises NetBoxOptionError for several."""
        found = self.netboxes_of_play(task_vars)
        if len(found) > 1:
            raise NetBoxOptionError(
                f"The hosts of this run belong to several NetBoxes, {' and '.join(found)}, but this task works on "
                "one: limit the run to hosts of one of them (--limit)."
            )
        return found[0] if found else None

    def netboxes_of_play(self, task_vars: Mapping[str, Any]) -> list[str]:
        """The NetBoxes of the hosts of this play, as far as they name one."""
        hosts = task_vars.get("ansible_play_hosts_all") or ()
        return [url for url in netboxes_of(hosts, _variables_by(task_vars)) if url]

    def netbox_problems(self, task_vars: Mapping[str, Any], one: bool = False) -> list[str]:
        """Why what is found in the hosts of the play could not be written, a sentence each; empty if it can be.

        :param one: True where the play speaks with one NetBox alone.
        """
        if not one:
            hosts = task_vars.get("ansible_play_hosts_all") or ()
            return check_sources(hosts, _variables_by(task_vars), lambda: self.netbox_sources(task_vars))
        try:
            connect(self.netbox_sources(task_vars).find(self.netbox_of_play(task_vars))).close()
        except InvmonError as error:
            return [str(error)]
        return []


class NetBoxActionBase(NetBoxFinder):
    """A task that speaks with one NetBox: the one that it names, or that of its play's hosts."""

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        # The env_file is read here: the host where the task may run does not have it.
        given = {name: value for name, value in self.given().items() if name != "env_file"}
        sources = self.netbox_sources(task_vars)
        return {**given, **sources.find(given.get("url") or self.netbox_of_play(task_vars)).as_options()}


def _variables_by(task_vars: Mapping[str, Any]) -> Callable[[str], Mapping[str, Any]]:
    """The variables of a host by its name, with templates filled in where they matter here.

    For a device of the inventory plugin its own variables are enough: Ansible needs half a millisecond for each host
    to find all that is set for it.
    """
    hostvars = task_vars.get("hostvars") or {}

    def variables_of(host: str) -> Mapping[str, Any]:
        raw = variables_of_inventory(host, hostvars)
        if DEVICE_URL not in raw:
            raw = variables_as_they_are(host, hostvars)
        return hostvars[host] if "{{" in str(raw.get(URL)) else raw

    return variables_of

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of other hosts, as an action or a filter needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.vars.hostvars import HostVarsVars

#: Magic variables that name the hosts of the play: those of the task at hand, the same for each host.
_OF_THE_PLAY = ("ansible_play_hosts_all", "ansible_play_hosts", "ansible_play_batch")


def variables_as_they_are(host: str, hostvars: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The variables of a host, templates not filled in where Ansible lets us; none of a host that it does not know.

    What a device reported is not a template, and looking for one in it costs more than all else here.
    """
    if host not in hostvars:
        return {}
    as_they_are = getattr(hostvars, "raw_get", None)
    found: Mapping[str, Any] = as_they_are(host) if as_they_are else hostvars[host]
    return found


def variables_of_inventory(host: str, hostvars: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The variables of a host in the inventory source, overridden by the command line; without groups,
    host_vars and facts. Empty where Ansible does not let us look."""
    inventory = getattr(hostvars, "_inventory", None)
    manager = getattr(hostvars, "_variable_manager", None)
    known = inventory.get_host(host) if inventory is not None and manager is not None else None
    return {} if known is None or manager is None else {**known.vars, **manager.extra_vars}


def variables_in_task(host: str, task: Any, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables of a host as the task would see them if it ran for that host; filled in when they are looked at.

    Ansible's `hostvars` is not that: it lacks what the play, the role (its defaults too), the block and the task add.
    So a task that speaks for many hosts asks for their variables as Ansible does for a task of each.

    :param task: Ansible's Task of the action.
    :param task_vars: its variables, for whichever host it was started.

    Raises AnsibleError for a host that is not in the inventory.
    """
    hostvars = task_vars["hostvars"]
    known = hostvars._inventory.get_host(host)
    if known is None:
        raise AnsibleError("there is no such host in the inventory")
    # Given one host, Ansible does not make lists of all hosts for each of them.
    found = hostvars._variable_manager.get_vars(
        play=task.get_play(), host=known, task=task, _hosts=[host], _hosts_all=[host]
    )
    found |= {name: task_vars[name] for name in _OF_THE_PLAY if name in task_vars}
    return HostVarsVars(found, loader=hostvars._loader, host=host)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.of_inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: of_inventory
short_description: A pattern of hosts, refused if it fits no host
version_added: 0.1.0
description:
  - Returns the pattern as it is, for C(hosts) of a play.
  - Fails if the inventory has no host, or none that the pattern fits. For Ansible, an inventory that cannot be read is
    a warning and a play without hosts a success, so that a nightly job that asks no device would look successful.
  - Does not fail with C(--syntax-check), which needs no inventory.
extends_documentation_fragment:
  - invmon.network.internal
positional: _input, groups
options:
  _input:
    description: The pattern, as C(--limit) takes it.
    type: str
    required: true
  groups:
    description: All groups with their hosts, Ansible's variable C(groups).
    type: dict
    required: true
  allow_empty:
    description:
      - Accept a pattern that fits no host of the inventory. For a slice of AWX, which has only some of the hosts.
    type: bool
    default: false
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: A play that needs at least one device
  hosts: "{{ 'all' | invmon.network.of_inventory(groups) }}"
  gather_facts: false
"""

RETURN = r"""
_value:
  description: The pattern.
  type: str
  sample: all
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleFilterError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from ..module_utils._common.near import did_you_mean
from ..module_utils._outgoing.text import printable


def of_inventory(pattern: str, groups: Mapping[str, Sequence[str]], allow_empty: bool = False) -> str:
    """The pattern; AnsibleFilterError if there are no hosts at all, or none of that pattern."""
    if context.CLIARGS.get("syntax"):
        return pattern
    if not groups.get("all"):
        raise AnsibleFilterError(
            "There is no device in the inventory. See the first warning above: NetBox could not be read, or no "
            "device matches the options of the inventory file."
        )
    if pattern != "all" and not allow_empty and not _fits(pattern, groups):
        hint = did_you_mean(pattern, [*groups["all"], *groups])
        raise AnsibleFilterError(f'invmon_hosts: no device of the inventory matches "{printable(pattern)}".{hint}')
    return pattern


def _fits(pattern: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Whether Ansible finds a host for the pattern."""
    manager = InventoryManager(loader=DataLoader(), parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    return bool(manager.get_hosts(pattern))


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"of_inventory": of_inventory}

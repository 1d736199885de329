# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.of_inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: of_inventory
short_description: A pattern of hosts, refused when the inventory is empty
version_added: 0.1.0
description:
  - Returns the pattern as it is, for C(hosts) of a play.
  - Fails when the inventory has no host. To Ansible, an inventory that could not be read is a warning and a play
    without hosts is a success, so that a nightly job which asks nobody would look well.
  - With C(--syntax-check), for which an inventory is not needed, nothing fails.
positional: _input, hosts
options:
  _input:
    description: The pattern.
    type: str
    required: true
  hosts:
    description: All hosts, Ansible's variable C(groups['all']).
    type: list
    elements: str
    required: true
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: A play that must have somebody to ask
  hosts: "{{ 'all' | invmon.network.of_inventory(groups['all']) }}"
  gather_facts: false
"""

RETURN = r"""
_value:
  description: The pattern.
  type: str
  sample: all
"""

from collections.abc import Callable, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleFilterError


def of_inventory(pattern: str, hosts: Sequence[str]) -> str:
    """The pattern; AnsibleFilterError if there are no hosts at all."""
    if not hosts and not context.CLIARGS.get("syntax"):
        raise AnsibleFilterError(
            "There is no device in the inventory. Look at the first warning above: NetBox could not be asked, or no"
            " device there matches the options of the inventory file."
        )
    return pattern


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"of_inventory": of_inventory}

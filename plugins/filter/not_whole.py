# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.not_whole."""

from __future__ import annotations

DOCUMENTATION = r"""
name: not_whole
short_description: Hosts that were not read or not written completely, each with the reason
version_added: 0.1.0
description:
  - Names the hosts that must count as failed after the roles P(invmon.network.collect#role) and
    P(invmon.network.upload#role). They are unreachable, incomplete or held, or NetBox did not accept all of their rows.
  - The playbook C(invmon.network.inventory) fails them at its end, so that the recap and the exit status show it.
extends_documentation_fragment:
  - invmon.network.internal
positional: _input, hostvars
options:
  _input:
    description: Names of the hosts.
    type: list
    elements: str
    required: true
  hostvars:
    description: Ansible's variable C(hostvars).
    type: dict
    required: true
  nothing_known:
    description: Also name hosts that answered and reported nothing that is known, no ENTITY-MIB, no profile, no serial.
    type: bool
    default: false
    version_added: 0.2.0
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Which devices need attention?
  ansible.builtin.debug:
    msg: "{{ ansible_play_hosts_all | invmon.network.not_whole(hostvars) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: A sentence for each such host, by its name.
  type: dict
  sample: {"r1": "192.0.2.1 is incomplete: 12 rows with a serial were read. Not read completely: entPhysicalTable"}
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._actions.collected import not_whole


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"not_whole": not_whole}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.collected."""

from __future__ import annotations

DOCUMENTATION = r"""
name: collected
short_description: What the role collect read from each host, as a list of devices
version_added: 0.1.0
description:
  - Joins, for each host, the result of the role P(invmon.network.collect#role) with the variables in which the
    inventory plugin P(invmon.network.netbox_devices#inventory) describes the device in NetBox.
  - P(invmon.network.merge_by_serial#filter) and then M(invmon.network.netbox_probe) accept the list.
  - Hosts that an earlier batch (C(serial)) of the same run has uploaded are left out.
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
  batch:
    description:
      - Ansible's variable C(ansible_play_batch), where a play runs in batches (C(serial)).
      - Hosts outside of it are left out, unless they were asked and have failed. By default all hosts are listed.
    type: list
    elements: str
  saved:
    description:
      - Folder of collections of earlier runs (O(invmon.network.snmp_entity_facts#module:save_to)), for hosts that this
        run did not ask.
      - C($INVMON_COLLECTED) in it is the value of this environment variable, by default C(~/.ansible/invmon/collected).
      - A file is refused, for its own host, if it belongs to another user, if others may write it, if it is damaged,
        from the future, or older than O(saved_max_age), or if it was collected from another device or address. One that
        an upload has marked is not uploaded again.
    type: path
  saved_max_age:
    description: How many hours old a collection in O(saved) may be.
    type: float
    default: 24
    version_added: 0.2.0
  identities:
    description: Return only what identifies the hosts in NetBox, and nothing that was collected from them.
    type: bool
    default: false
    version_added: 0.2.0
  as_json:
    description:
      - Return the list as JSON text, which P(invmon.network.merge_by_serial#filter) and
        O(invmon.network.netbox_probe#module:devices) accept.
      - Ansible searches each word of a list for templates, which costs more than merging and planning do.
    type: bool
    default: false
    version_added: 0.2.0
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Parts of all devices of this play
  ansible.builtin.debug:
    msg: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - One dictionary for each host, with its name, what NetBox calls it (device_id, device_name, site_id, site_name,
      location_id, location_name, virtual_chassis), and what was collected (items, complete, tables, members) or
      why nothing was (error, reason).
    - C(saved_to) is the file where it is kept, C(collected_at) when it was collected, C(seen_at) the same where that
      was in an earlier run. C(uploaded) replaces all that where an earlier upload wrote it completely.
    - With O(as_json) the JSON text of that list.
  type: raw
"""

import json
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._actions.collected import SAVED_MAX_AGE, collected_devices, identities_of

#: A hundred years, in hours.
_LONGEST = 876_600


def collected(
    *arguments: Any, as_json: bool = False, identities: bool = False, **options: Any
) -> list[dict[str, Any]] | str:
    """The devices of collected_devices(), or the JSON text of them; see DOCUMENTATION."""
    if identities:
        devices = identities_of(*arguments)
    else:
        given = options.get("saved_max_age")
        options["saved_max_age"] = _hours(SAVED_MAX_AGE if given is None or given == "" else given)
        devices = collected_devices(*arguments, **options)
    return json.dumps(devices) if as_json else devices


def _hours(value: Any) -> float:
    try:
        hours = float(value)
    except (TypeError, ValueError):
        hours = 0.0
    if not 0 < hours <= _LONGEST:
        raise AnsibleFilterError(
            f"saved_max_age (upload_saved_max_age) must be a number of hours above 0, such as 24, not {value!r}."
        )
    return hours


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"collected": collected}

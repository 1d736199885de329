#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_entity_batch
short_description: Read what hardware is in many devices, in one task
version_added: 0.2.0
description:
  - Asks all hosts of the play over SNMP for their parts, each just as M(invmon.network.snmp_entity_facts) asks one,
    in one task that keeps a number of processes busy.
  - A task for each host costs Ansible more than reading the device does. For a large network this costs a third of the
    processor time, and finds the same.
  - What a device cannot be asked or does not answer is data of that device in RV(devices). The task itself fails only
    when no device can be asked at all.
  - Runs once for all hosts, with or without C(run_once). The devices' options are taken from the
    variables of each host as a task of that host would see them, those of the play and the defaults of a role
    included, as with M(invmon.network.snmp_entity_facts), and from O(options), not from C(module_defaults).
  - Parts do not become facts of the hosts. The filters P(invmon.network.collected#filter) and
    P(invmon.network.not_whole#filter) find them in the registered C(collect_result).
  - Runs in Ansible's own worker, without a connection to a host. When the task is delegated to another host (a poller
    near the devices) it runs there and needs its Python libraries there.
  - Changes nothing on the devices, and does the same in check mode.
requirements:
  - Python 3.11 or newer, on the host where the task runs
  - for SNMPv3 easysnmp (with net-snmp) or snmp (pure Python) there
extends_documentation_fragment:
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  hosts:
    description:
      - Names of the hosts in the inventory.
      - By default C(ansible_play_batch), the hosts of the play, or of its batch if the play sets C(serial).
    type: list
    elements: str
  at_a_time:
    description:
      - How many devices are asked at a time, each by a process of its own. A process needs some 10 MB of memory.
      - Fewer, where the system does not give more processes or open files.
    type: int
    default: 50
  options:
    description:
      - Options of M(invmon.network.snmp_entity_facts) for all devices, such as C(save_to), C(dump) or C(timeout).
        They go before the variables of the hosts.
    type: dict
    default: {}
  kill_after:
    description:
      - Seconds after which the process that reads a device is ended, and the device counts as failed.
      - A slow device ends long before, by C(max_seconds) of its option C(tables). This is for a library that hangs.
    type: int
    default: 1800
  quiet:
    description: Print no line for a device that fails. For a play whose next task reports it.
    type: bool
    default: false
  devices:
    description:
      - The devices with their options, as the action fills them in from the variables of the hosts.
    type: list
    elements: dict
  profile_data:
    description:
      - All profiles as data, by the folder that O(options) or the variables name. Filled by the action when the task is
        delegated, for the other host has no such files.
    type: dict
    default: {}
seealso:
  - module: invmon.network.snmp_entity_facts
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Parts of all devices of this play, a hundred at a time
  invmon.network.snmp_entity_batch:
    at_a_time: 100
  register: collect_result

- name: Write them to NetBox
  invmon.network.netbox_probe:
    devices: >-
      {{ ansible_play_hosts_all | invmon.network.collected(hostvars, as_json=true) | invmon.network.merge_by_serial }}
  run_once: true
"""

RETURN = r"""
devices:
  description:
    - The result of each device, by the name of its host, with the keys that M(invmon.network.snmp_entity_facts)
      returns.
    - C(ansible_facts.entity_inventory) is JSON text here.
    - If a device was not read, C(failed) is true, C(msg) is the reason as a sentence, and C(reason) is the reason in
      one word.
  returned: always
  type: dict
  sample:
    r1: {"ansible_facts": {"entity_inventory": "{\"schema\": 1, \"items\": []}"}, "changed": false}
    r2: {"failed": true, "msg": "192.0.2.2 (port 161) could not be read: v2c: no answer.", "reason": "timeout"}
msg:
  description: How many devices are complete, incomplete, or failed.
  returned: always
  type: str
  sample: "5000 devices: 4987 complete, 2 incomplete, 11 failed"
"""

from ..module_utils._tasks.entity_batch import ARGUMENT_SPEC, read_batch
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, check_mode, _diff: read_batch(params, check_mode))


if __name__ == "__main__":
    main()

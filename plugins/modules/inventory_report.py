#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_report
short_description: Write the records of devices to files
version_added: 0.1.0
description:
  - Writes one JSON file for each device that was read, with the list of its records.
  - Each record has C(serial), C(part), C(name), C(description) and C(category), null where the device does not tell it,
    and further fields where it does (see M(invmon.network.snmp_entity_facts)).
  - Runs once for all devices, in Ansible's own worker.
extends_documentation_fragment:
  - invmon.network.attributes
  - invmon.network.attributes.files
options:
  devices:
    description: Devices with their records, as P(invmon.network.merge_by_serial#filter) returns them.
    type: list
    elements: dict
    required: true
  directory:
    description: Folder for the files. It is made if it is missing.
    type: path
    required: true
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Records of all devices of this play as files
  invmon.network.inventory_report:
    directory: /var/lib/inventory
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
  run_once: true
"""

RETURN = r"""
files:
  description: Paths of the files, sorted.
  returned: always
  type: list
  elements: str
  sample: ["/var/lib/inventory/r1.json"]
missing:
  description: Devices that have no file because they were not read, each with the reason.
  returned: always
  type: dict
  sample: {"r2": "r2 did not answer within 4 s"}
summary:
  description:
    - A line for each device that was read, with its platform and how many parts of which category it has; below it what
      it could not report, and how many texts in columns of serial numbers are none, by reason.
  returned: always
  type: list
  elements: str
  sample: ["r1: platform cisco_nxos, 10 parts (1 chassis, 9 transceiver)"]
"""

from ..module_utils._report.json_files import ARGUMENT_SPEC, report
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, check_mode, _diff: report(params, check_mode))


if __name__ == "__main__":
    main()

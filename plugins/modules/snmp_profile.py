#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_profile
short_description: Draft a profile of a device that no profile knows
version_added: 0.2.0
description:
  - Reads what a device returns below the number of its vendor (C(1.3.6.1.4.1.NUMBER)), finds the columns and scalars
    that look like serial numbers, models, descriptions, revisions, places and interfaces, and writes a draft of a
    profile. See docs/profiles.md, "From a device that nobody knows".
  - A column is judged by its values (by the rules for serial numbers of the collection, whether all differ, what
    ENTITY-MIB and sysDescr report), by the shape of the OIDs, and by the names in the vendor's MIBs if O(mibs) is set.
    What is not certain is in the draft as a comment with the reason.
  - Writes three files into O(folder), C(NAME.yml) with the draft, C(FOLDER.snmprec) with a masked recording, and
    C(FOLDER.expected.json) with what the draft reads from it. A draft or expectation that was changed by hand is kept.
  - Reading ends at O(max_variables), O(max_seconds) or O(max_requests). What was read until then is kept next to the
    draft, unmasked and readable by its owner only, and the next run continues there.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices) the device is asked from there, and the files are written there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file).
  - Changes nothing on the device. In check mode it reads the device, and writes nothing.
requirements:
  - for SNMPv3 what O(backend) needs, where the task runs
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.attributes
  - invmon.network.attributes.files
attributes:
  idempotent:
    description: A second run changes nothing.
    support: none
    details: Each run makes other look-alikes of the serial numbers in the recording.
options:
  folder:
    description:
      - Folder for the files of this device. It is made if it is missing.
      - With a slash at its end, a folder in it that is named like the host.
    type: path
    required: true
  mibs:
    description:
      - Folder with MIBs of the vendor, also in subfolders, as text. Odd ones and those that lack what they import are
        read as far as possible. No library is needed.
    type: path
  max_variables:
    description: How many variables one run receives at most.
    type: int
    default: 100000
  max_seconds:
    description: How many seconds one run asks the device at most.
    type: int
    default: 600
  max_requests:
    description: How many requests one run sends at most, those of the logon and retransmissions not counted.
    type: int
    default: 20000
  profiles:
    description:
      - A file or folder with profiles of your own, which are used for reading the recording, too. Where one of them
        matches the device as exactly as the draft, the draft counts.
    type: path
  profile_data:
    description: Filled in by the action for a task on another host; do not set it.
    type: dict
seealso:
  - module: invmon.network.snmp_entity_facts
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Draft a profile, with names from the vendor's MIBs
  invmon.network.snmp_profile:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    folder: "{{ playbook_dir }}/profiles/rocket-1"
    mibs: "{{ playbook_dir }}/mibs/acme"
  register: drafted

- name: What was read, found and left out
  ansible.builtin.debug:
    var: drafted.message

- name: Read at most 5,000 variables in this run; the next one continues
  invmon.network.snmp_profile:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    folder: "{{ playbook_dir }}/profiles/"
    max_variables: 5000
"""

RETURN = r"""
profile:
  description: The file with the draft.
  returned: when there is a draft
  type: str
  sample: profiles/rocket-1/enterprise_64999_1_4.yml
recording:
  description: The masked recording.
  returned: when there is a draft
  type: str
  sample: profiles/rocket-1/rocket-1.snmprec
expected:
  description: What the draft reads from the recording, to be corrected.
  returned: when there is a draft
  type: str
  sample: profiles/rocket-1/rocket-1.expected.json
kept:
  description: Whether O(folder) has a draft that was changed by hand, so that nothing was written.
  returned: when there is a draft
  type: bool
  sample: false
complete:
  description: Whether the vendor's subtree was read completely. Otherwise the next run continues.
  returned: when there is a draft
  type: bool
  sample: true
serials:
  description: How many different serial numbers the draft reads from the vendor's tables and scalars.
  returned: when there is a draft
  type: int
  sample: 6
sources:
  description: The tables and groups of scalars in the draft.
  returned: when there is a draft
  type: list
  elements: dict
  contains:
    name:
      description: Its name in the draft.
      type: str
      sample: table_3_1
    serials:
      description: How many different serial numbers it has.
      type: int
      sample: 5
    read:
      description: Whether it is read; otherwise it is commented out.
      type: bool
      sample: true
parts:
  description: How many rows with a serial number are read with the draft, those of ENTITY-MIB among them.
  returned: when the files were written
  type: int
  sample: 6
message:
  description: What was read, found, left out and written, and the next command; a line each.
  returned: when there is a draft
  type: list
  elements: str
statistics:
  description: Requests, variables received, and seconds, of this run.
  returned: when there is a draft
  type: dict
  sample: {"requests": 96, "in_flight": 1, "varbinds": 4812, "seconds": 12.3}
reason:
  description: One word for why there is no draft, for grouping.
  returned: when the task failed
  type: str
  sample: profile
"""

from ..module_utils._tasks.run_module import run_module
from ..module_utils._tasks.snmp_profile import ARGUMENT_SPEC, snmp_profile


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, check_mode, _diff: snmp_profile(params, check_mode))


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reach_report
short_description: How the devices of a play were reached, as a table
version_added: 0.2.0
description:
  - The second task of the playbook C(invmon.network.reach). From what M(invmon.network.snmp_entity_batch) returned
    (C(collect_result)) it makes a table with a row for each device, at the width of the terminal, and a list of what to
    do for each device that was not read completely.
  - Prints the table if no device failed. Otherwise the last task of the playbook prints it, below the failed devices.
    Where the callback P(invmon.network.progress#callback) is enabled, it prints the table after the recap.
  - A custom statistic, C(invmon_reach), has the counts and the table, for AWX.
  - Asks no device, and writes nothing to NetBox.
extends_documentation_fragment:
  - invmon.network.internal
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  file:
    description: Write the rows as data to this file (JSON). Not written in check mode.
    type: path
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Read the devices
  invmon.network.snmp_entity_batch:
    quiet: true
  register: collect_result

- name: How each of them was reached
  invmon.network.reach_report:
  register: reach_result
"""

RETURN = r"""
hosts:
  description: A row for each host.
  returned: always
  type: list
  elements: dict
  contains:
    host:
      description: Its name in the inventory.
      returned: always
      type: str
    reading:
      description:
        - V(complete), V(incomplete) (a table was not read completely), V(nothing known) (it answered, and reported no
          part), V(unreachable), V(refused) (the credentials), V(not read), or V(not asked).
      returned: always
      type: str
    attempt:
      description:
        - The credentials that it answered to, C(number) (from 1, in the order in which they were tried), C(version),
          C(security_level), and C(credentials), the name of their set if there are sets.
      returned: when it answered
      type: dict
    platform:
      description: Its platform, the name of the profile.
      returned: when it answered
      type: str
    system_name:
      description: sysName.
      returned: when it is known
      type: str
    object_id:
      description: sysObjectID.
      returned: when it is known
      type: str
    seconds:
      description: How long reading it took.
      returned: when it answered
      type: float
    requests:
      description: How many SNMP requests that took.
      returned: when it answered
      type: int
    parts:
      description: How many parts were read, one for each serial number.
      returned: when there are any
      type: int
    cannot:
      description: What it does not report over SNMP, a sentence each.
      returned: when there is any
      type: list
      elements: str
    text:
      description: What is wrong, a sentence.
      returned: when it is not complete
      type: str
    answer:
      description: What to do, where RV(hosts[].text) does not end with it.
      returned: when there is any
      type: str
failed_hosts:
  description: The hosts that were not read completely, each with its C(reading).
  returned: always
  type: dict
  sample: {"sw-dead": "unreachable"}
readings:
  description: How many devices were read how.
  returned: always
  type: dict
seconds:
  description: How long the devices were asked.
  returned: always
  type: float
summary:
  description: The lines that are still to be printed, none if they were or if the callback C(progress) prints them.
  returned: always
  type: list
  elements: str
"""

from ..module_utils._tasks.reach import ARGUMENT_SPEC
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, only_on_controller("reach_report reads the variables of a play, on the controller"))


if __name__ == "__main__":
    main()

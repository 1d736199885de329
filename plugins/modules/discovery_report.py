#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: discovery_report
short_description: Keep the scan of a discovery, and print its summary
version_added: 0.2.0
description:
  - The last task of the role P(invmon.network.discover#role). Keeps the scan of M(invmon.network.netscan)
    (C(discover_scan)) with the verdicts of M(invmon.network.netbox_register) (C(discover_result)) in the history,
    compares it with the scans before, and prints a summary at the width of the terminal.
  - Where the callback P(invmon.network.progress#callback) is enabled, it prints the summary after the recap. A custom
    statistic, C(invmon_discovery), has the counts and the summary, for AWX.
  - In check mode the scan is kept as well, because it asked the same.
extends_documentation_fragment:
  - invmon.network.internal
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  history:
    description:
      - The folder with the records of earlier runs. The scan is a file in its folder C(discovery).
      - Without it, the scan is not kept, and nothing is compared.
    type: path
  history_days:
    description: Scans that are older than this number of days are deleted. The newest one always stays.
    type: int
    default: 400
  history_files:
    description: So many scans are kept at most, the newest ones.
    type: int
    default: 1000
  gone_after:
    description: A silent host is gone after so many scans that prove it silent, 2 or more.
    type: int
    default: 3
  gone_after_days:
    description: Days from the first to the last of these scans, at least.
    type: float
    default: 2.0
  fail_on:
    description:
      - Findings for which the next task fails (RV(why_failed)). V(incomplete) is a scan that could not ask everything.
    type: list
    elements: str
    choices: [contradicting, unknown, unassigned, silent, gone, incomplete]
    default: []
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Ask the networks who is there
  invmon.network.netscan:
    targets: [192.0.2.0/24]
  register: discover_scan

- name: Summary
  invmon.network.discovery_report:
    history: ~/.ansible/invmon/history
"""

RETURN = r"""
counts:
  description:
    - How many addresses, networks and hosts there are, how many hosts have which verdict, and what changed since the
      scan before.
  returned: when networks were scanned
  type: dict
  sample: {"addresses": 254, "hosts": 40, "known": 34, "unknown": 3, "contradicting": 1, "silent": 2, "new": 1}
why_failed:
  description: The findings that O(fail_on) names, in a sentence. Empty if there are none.
  returned: when networks were scanned
  type: str
  sample: Found 1 contradicting (discover_fail_on).
file:
  description: The file of the scan in the history.
  returned: when networks were scanned
  type: str
"""

from ..module_utils._tasks.discovery import ARGUMENT_SPEC
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, only_on_controller("discovery_report reads the variables of a play, on the controller"))


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netbox_hygiene
short_description: Tidy up the probes in NetBox's inventory_monitor plugin
version_added: 0.2.0
description:
  - Reads all probes, finds rows that are duplicates or wrong, and merges them into one row.
  - Of several rows the one with the lowest id stays. It gets the earliest C(creation_time) and the latest C(time) of
    all, and the tags, comments, custom fields and C(discovered_data) of the deleted ones. The diff lists what could
    not be kept. A row with journal entries is never deleted, because NetBox would delete the entries with it.
  - Before a row is changed or deleted, it is written to a file as NetBox returned it. M(invmon.network.netbox_restore)
    restores rows from that file.
  - A row that another client changes while the module runs is not changed, and is listed in RV(failed_rows). Do not
    run the module while a job writes probes all the same, because NetBox restores a row that is changed during its
    deletion.
  - A second run changes nothing.
  - The token's user needs the permissions to view, change and delete probes, and to view devices and journal entries.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
  - invmon.network.attributes.writes
attributes:
  idempotent:
    description: A second run changes nothing.
    support: full
options:
  devices:
    description:
      - Only tidy up the rows of these devices, by their names or ids in NetBox. Digits are an id.
      - The default is all rows, also those of devices that are in no inventory.
    type: list
    elements: str
  sites:
    description:
      - Only tidy up the rows of the devices of these sites, by their slugs, in addition to those of O(devices).
    type: list
    elements: str
  rules:
    description:
      - V(twins), rows of the same serial, device and state whose times overlap, or that two runs within an hour wrote.
      - V(repeats), rows of the older C(inventory-monitor-scripts) that repeat the same state, with nothing else
        between them.
      - V(flaps), rows of the older scripts that differ in name or category only, alternate between two of them,
        and follow each other with nothing else between. Two changes of the category are enough, three of the name
        alone, and one from fan to module or back. The row that stays has the newest name of those whose category is
        not module.
      - V(serials), rows of the older scripts with padding or quotes in the serial. They become rows of the serial as
        it is on the label.
      - V(devices), rows that lost their device, if exactly one device has the name in the row. They become rows
        of that device.
    type: list
    elements: str
    choices: [twins, repeats, flaps, serials, devices]
    default: [twins, repeats, flaps, serials, devices]
  thin_older_than:
    description:
      - Also delete history that was last seen more than this number of days ago, 1 to 36500. Of each serial on each
        device the first row and the last one stay, and so does every row with tags, comments, custom fields or journal
        entries.
      - The default is to keep all history.
    type: int
  export_to:
    description:
      - Folder for the file with the rows that are changed or deleted. It is created if it does not exist. Only its
        owner can read the file. No file is written if there is nothing to do, nor in check mode.
    type: path
    default: ~/.ansible/invmon/hygiene
  chunk_size:
    description: Rows that are changed or deleted in one request, 1 to 1000.
    type: int
    default: 100
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Show what would be tidied up
  invmon.network.netbox_hygiene:
  check_mode: true
  diff: true

- name: Tidy up two devices, and delete history older than two years
  invmon.network.netbox_hygiene:
    devices: [core-1, core-2]
    thin_older_than: 730
    export_to: /var/lib/inventory/hygiene
  register: hygiene
"""

RETURN = r"""
summary:
  description: The result of the run in words, line by line.
  returned: always
  type: list
  elements: str
  sample:
    - "rows: 5214 read, 31 changed, 402 deleted"
    - "twins: 62 rows written twice"
    - "every row as it was: /root/.ansible/invmon/hygiene/hygiene-20261121T030000Z.jsonl"
    - "NetBox: 21 requests"
rows:
  description: Number of rows that were read.
  returned: always
  type: int
  sample: 5214
changed_rows:
  description: Number of rows that were changed, or would be in check mode.
  returned: always
  type: int
  sample: 31
deleted_rows:
  description: Number of rows that were deleted, or would be in check mode.
  returned: always
  type: int
  sample: 402
rules:
  description: Number of rows that each rule found, including those that stay. Deleted history is counted under C(thin).
  returned: always
  type: dict
  sample: {"twins": 62}
failed_rows:
  description:
    - Rows that could not be changed or deleted, with C(id), C(serial), C(device) and C(reason). If there are any, the
      task fails.
  returned: always
  type: list
  elements: dict
export:
  description: Path of the file with the rows as they were; null if no row was changed or deleted.
  returned: always
  type: str
requests:
  description: Requests that were sent to NetBox.
  returned: always
  type: int
  sample: 21
"""

from ..module_utils._tasks.hygiene import ARGUMENT_SPEC, tidy
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, tidy)


if __name__ == "__main__":
    main()

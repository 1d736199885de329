#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netbox_restore
short_description: Restore probes that netbox_hygiene changed or deleted
version_added: 0.2.0
description:
  - Undoes the changes of M(invmon.network.netbox_hygiene), from the file that it wrote.
  - A deleted row is created again, under a new id, unless it already exists.
  - A changed row gets its former values again. If it was changed since, it is refused and listed in RV(refused_rows). A
    later C(time) of a part that was seen since is not a reason to refuse the row, and that time stays.
  - Each row is handled on its own, and refused rows do not fail the task. A second run changes nothing.
  - Journal entries are not in the file. Hygiene deletes no row that has journal entries.
  - The token's user needs the permissions to view, add and change probes.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
  - invmon.network.attributes.writes
attributes:
  idempotent:
    description: A second run changes nothing.
    support: full
options:
  path:
    description: Path of the file, as in RV(invmon.network.netbox_hygiene#module:export).
    type: path
    required: true
  any_address:
    description:
      - Accept a file with another address of NetBox, if it is the same NetBox under another name. In another NetBox the
        ids are those of other rows.
    type: bool
    default: false
  chunk_size:
    description: Rows that are changed or created in one request, 1 to 1000.
    type: int
    default: 100
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Show what would be restored
  invmon.network.netbox_restore:
    path: ~/.ansible/invmon/hygiene/hygiene-20261121T030000Z.jsonl
  check_mode: true
  diff: true
"""

RETURN = r"""
summary:
  description: The result of the run in words, line by line.
  returned: always
  type: list
  elements: str
  sample:
    - "rows: 402 created again, 31 changed back, 0 need nothing, 0 refused, 0 failed"
    - "NetBox: 12 requests"
created_rows:
  description:
    - Rows that were created again, with C(id), the new one (null in check mode), C(was), the old one, C(serial) and
      C(device).
  returned: always
  type: list
  elements: dict
changed_rows:
  description: Number of rows that got their old content back, or would get it in check mode.
  returned: always
  type: int
  sample: 31
untouched_rows:
  description: Number of rows that needed no change.
  returned: always
  type: int
  sample: 0
refused_rows:
  description: Rows that are not restored, with C(id), C(serial), C(device) and C(reason).
  returned: always
  type: list
  elements: dict
failed_rows:
  description:
    - Rows that NetBox did not accept, in the same form. If there are any, the task fails.
  returned: always
  type: list
  elements: dict
requests:
  description: Requests that were sent to NetBox.
  returned: always
  type: int
  sample: 12
"""

from ..module_utils._tasks.restore import ARGUMENT_SPEC, restore
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, restore)


if __name__ == "__main__":
    main()

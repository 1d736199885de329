#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netbox_restore
short_description: Bring back probes that netbox_hygiene changed or deleted
version_added: 0.2.0
description:
  - Undoes what M(invmon.network.netbox_hygiene) did, from the file that it wrote.
  - A deleted row is created anew, under a new id. It is not if it stands already.
  - A changed row gets back what hygiene changed of it. If anything of it changed since, it is refused and named in
    RV(refused_rows). That it was seen since, so that its C(time) moved on, is no reason to refuse it, and that time
    stays.
  - Each row is judged alone, and refused rows do not fail the task. A second run finds nothing more to do.
  - Journal entries are not in the file. Hygiene deletes no row that has any.
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
    description: The file, as the result RV(invmon.network.netbox_hygiene#module:export) names it.
    type: path
    required: true
  any_address:
    description:
      - Take the file although it tells another address of NetBox, because that is the same NetBox under another name.
        Of another NetBox, the ids mean other rows.
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
- name: Show what would be brought back
  invmon.network.netbox_restore:
    path: ~/.ansible/invmon/hygiene/hygiene-20261121T030000Z.jsonl
  check_mode: true
  diff: true
"""

RETURN = r"""
summary:
  description: The run in words, line by line, for a person.
  returned: always
  type: list
  elements: str
  sample:
    - "rows: 402 created anew, 31 changed back, 0 need nothing, 0 refused, 0 failed"
    - "NetBox: 12 requests"
created_rows:
  description:
    - Rows that were created anew, with C(id), the new one (null in check mode), C(was), the old one, C(serial) and
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
  description: Number of rows that are as they were.
  returned: always
  type: int
  sample: 0
refused_rows:
  description: Rows that are not brought back, with C(id), C(serial), C(device) and C(reason).
  returned: always
  type: list
  elements: dict
failed_rows:
  description:
    - Rows of which NetBox did not take the request, in the same form. If there are any, the task fails.
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

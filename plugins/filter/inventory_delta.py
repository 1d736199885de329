# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.inventory_delta."""

from __future__ import annotations

DOCUMENTATION = r"""
name: inventory_delta
short_description: What changed from one inventory, or one scan of networks, to another
version_added: 0.2.0
description:
  - Compares two inventories, such as two files C(report.json) of M(invmon.network.inventory_report), and returns a
    record for each part that is not as it was.
  - A part that is where another one was is one record, C(replaced), with both serial numbers.
  - Applied to the older inventory, the records give the newer one.
  - With two dates, or the records of two runs, it returns what the runs on record after the first one, until the second
    one, changed.
  - With two scans, such as two files C(discovery.json), it returns a record for each host that is not as it was. A host
    is recognised by its serial number, its engine id and its MAC, then by its address; in a DHCP network never by its
    address. A host is silent if each source that saw it in the older scan was asked to the end in the newer one. That
    it is gone does not follow from two scans.
positional: _input, newer
options:
  _input:
    description:
      - The older inventory, a list of parts, the content of a C(report.json), or the path of such a file.
      - Or a date, an ISO 8601 time, or the record of a run.
      - Or a scan, as M(invmon.network.netscan) returns it, the content of a C(discovery.json), or the path of such a
        file.
    type: raw
    required: true
  newer:
    description: The newer one, of the same kind.
    type: raw
    required: true
  history:
    description: For dates and runs, the folder with the records of the runs.
    type: path
  seen:
    description: Also return the parts of which only the time of the last sighting differs, with the fate C(seen).
    type: bool
    default: false
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: What changed between two reports
  ansible.builtin.debug:
    msg: "{{ 'october/report.json' | invmon.network.inventory_delta('november/report.json') }}"

- name: What the runs of the last week changed
  ansible.builtin.debug:
    msg: "{{ '2026-11-22' | invmon.network.inventory_delta('2026-11-29', history='~/.ansible/invmon/history') }}"

- name: Which hosts are new, silent or changed since yesterday
  ansible.builtin.debug:
    msg: "{{ 'yesterday/discovery.json' | invmon.network.inventory_delta('today/discovery.json') }}"
"""

RETURN = r"""
_value:
  description:
    - The changes by site, device and slot. C(fate) is one of C(new), C(replaced), C(moved), C(swapped), C(changed),
      C(not_seen), C(returned) and C(gone). C(before) and C(after) contain the fields that differ, and all fields of a
      part that is new, replaced or gone.
    - Of scans the changes by fate and address. C(fate) is one of C(new), C(returned), C(contradicting), C(silent),
      C(moved) (it has another address) and C(changed). C(time) is that of the newer scan; C(ip), C(hostname),
      C(network) and C(mac) are those of the host; C(before) and C(after) contain the fields that differ; C(evidence) of
      a silent host the sources that said nothing.
  type: list
  elements: dict
  sample:
    - fate: replaced
      device: sw-stack-brno
      device_id: 1
      slot: TenGigabitEthernet1/1/1
      serial: AVD9311L0X9
      before: {serial: AVD9301L0X1, part: SFP-10G-LR}
      after: {serial: AVD9311L0X9, part: SFP-10G-LR}
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError


def inventory_delta(older: Any, newer: Any, history: str | None = None, seen: bool = False) -> list[dict[str, Any]]:
    """See DOCUMENTATION. Raises AnsibleFilterError."""
    # Here, because Ansible imports all filters of the collection for a play that uses any of them.
    from ..module_utils._discovery.documents import compared_documents
    from ..module_utils._history.documents import BadDocument

    try:
        return compared_documents(older, newer, history, seen)
    except BadDocument as error:
        raise AnsibleFilterError(f"inventory_delta: {error}") from None


class FilterModule:
    """Ansible looks for this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"inventory_delta": inventory_delta}

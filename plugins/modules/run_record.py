#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: run_record
short_description: Show the result of a run, and keep it as data for AWX, the next job, or a file
version_added: 0.2.0
description:
  - Prints the summary of the run at the width of the terminal, with what changed, what is open since earlier nights,
    and which devices need attention. If the callback P(invmon.network.progress#callback) is enabled, the callback
    prints it instead, after the recap. If stdout carries something other than text, such as JSON for a program, the
    summary goes to stderr. In a play that runs in batches, it is printed after the last batch.
  - Makes a compact record of the run out of what M(invmon.network.netbox_probe) returned, which devices are not
    complete and why, what happened to the parts, how long it took.
  - Sets it as a custom statistic of the run, as M(ansible.builtin.set_stats) does. AWX shows it as the job's artifacts
    and hands it to the next node of a workflow as an extra variable. C(ansible-playbook) shows it with
    C(ANSIBLE_SHOW_CUSTOM_STATS=1).
  - It is the last task of the role P(invmon.network.upload#role), which leaves the result of C(netbox_probe) in the
    variable C(upload_result), and registers this one as C(upload_record). Where a play runs in batches (C(serial)),
    each batch goes on from the record of the one before.
  - Text of devices and of NetBox is on one line, cut, and no template in it, with a space between two braces.
  - In check mode it shows what would happen to the devices and parts, and is marked as a dry run.
extends_documentation_fragment:
  - invmon.network.attributes
  - invmon.network.attributes.reads
attributes:
  idempotent:
    support: N/A
    details: Each run has a record of its own.
options:
  file:
    description:
      - A file for the record as well, as JSON. It is written in check mode too. Its folder is made if it is missing.
      - If it cannot be written, that is a warning.
    type: path
  name:
    description:
      - Name of the statistic, and so of the extra variable in the next job.
      - In AWX it is set a second time with the id of the job behind it (C(invmon_run_4711)), for AWX puts what the
        slices of one job set into one dictionary, where one name has one value.
    type: str
    default: invmon_run
  say:
    description: Say what the run came to.
    type: bool
    default: true
  error:
    description: Why the run did not begin (M(invmon.network.run_check)), where nothing was collected and uploaded.
    type: str
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Run record
  invmon.network.run_record:
    file: /var/lib/inventory/last-run.json
  run_once: true

# In the next node of a workflow
- name: Devices that need attention
  ansible.builtin.debug:
    msg: "{{ invmon_run.not_whole | dict2items | map(attribute='key') | join(', ') }}"
  when: invmon_run.state != 'ok'
"""

RETURN = r"""
record:
  description: The record; also the custom statistic of the name O(name).
  returned: always
  type: dict
  contains:
    schema:
      description: Version of this structure. It is raised when a key changes its meaning or goes; keys may be added.
      type: int
      sample: 1
    collection:
      description: Version of the collection.
      type: str
      sample: 0.2.0
    check_mode:
      description: Whether it was a dry run. Nothing was written, and the record describes what would be.
      type: bool
      sample: false
    state:
      description:
        - V(ok) if every device was read and written completely, V(attention) if some were not, V(failed) if none was or
          if the upload itself failed.
      type: str
      sample: attention
    error:
      description: Why the upload itself failed, such as a token that is missing; null if it did not.
      type: str
    started:
      description: When the first device was asked, ISO 8601, UTC.
      type: str
      sample: "2026-11-20T02:00:00.120Z"
    ended:
      description: When all was written.
      type: str
      sample: "2026-11-20T02:01:35.250Z"
    seconds:
      description: How long it took to collect and to upload, and in all.
      type: dict
      sample: {"collect": 80.2, "upload": 14.9, "total": 95.1}
    batches:
      description: In how many batches (C(serial)).
      type: int
      sample: 1
    devices:
      description:
        - How many devices were asked, and how many of them had which outcome, see
          RV(invmon.network.netbox_probe#module:devices.outcome).
      type: dict
      sample: {"asked": 27, "written": 24, "partial": 1, "held": 0, "failed": 0, "not_collected": 2}
    hosts:
      description:
        - How many hosts the play has (C(run)), and how many the inventory has (C(inventory)). With C(--limit) these
          differ, and reports do not take the run for a night of the whole network.
      type: dict
      sample: {"run": 27, "inventory": 27}
    not_whole:
      description:
        - Devices that are not completely written, by reason, as C(count), the names of the first hundred (C(devices)),
          and the message of the first one (C(first)).
        - The reason is one word, such as C(timeout), C(authentication), C(netbox), C(partial) or C(held).
      type: dict
      sample: {"timeout": {"count": 1, "devices": ["sw-dead"], "first": "192.0.2.9 could not be read, no answer"}}
    readings:
      description:
        - How many devices were read how. The counts add up to the number of devices. V(complete), V(incomplete),
          V(nothing_known) (the device answered, but reported no part), V(unreachable), V(refused) (the credentials),
          V(not_read) (for another reason), V(not_asked), V(uploaded_before) (see
          O(invmon.network.netbox_probe#module:devices)).
      type: dict
      sample: {"complete": 24, "incomplete": 1, "unreachable": 2}
    first_read:
      description: Devices that were read for the first time, how many (C(devices)), their C(parts), some by name.
      type: dict
      sample: {"devices": 1, "parts": 12, "named": [{"device": "sw7", "parts": 12}]}
    collected:
      description: What an earlier run collected, of how many C(devices), C(from) when to when (C(to)).
      type: dict
    slowest:
      description: The 30 devices that took longest to read, with the seconds, the slowest first.
      type: dict
      sample: {"sw-stack-brno": 2.31}
    changes:
      description:
        - Each part that changed, with what happened to it, see RV(invmon.network.netbox_probe#module:changes).
        - The statistic has the first hundred, the file all that the result of the upload has. C(changes_left_out) is
          the number of those left out.
      type: list
      elements: dict
    standing:
      description:
        - What is open, see RV(invmon.network.netbox_probe#module:standing); C(standing_left_out) is the
          number of those left out.
      type: list
      elements: dict
    netboxes:
      description: Where a run has written to several NetBoxes, the counts of each, by its address.
      type: dict
    applied:
      description: Whether a plan was applied.
      type: bool
    file:
      description: O(file).
      type: str
    parts:
      description:
        - How many parts had which fate, by the words of M(invmon.network.netbox_probe). C(not_seen_new) is how many of
          C(not_seen) were seen the time before, C(not_written) how many rows NetBox did not take.
      type: dict
      sample: {"created": 3, "changed": 0, "moved": 1, "seen": 279, "not_seen": 4, "not_seen_new": 4}
    conflicts:
      description: How many serials two devices claim.
      type: int
      sample: 0
    no_identity:
      description: How many serials three devices or more show.
      type: int
      sample: 0
    netbox:
      description: How many requests were sent to NetBox.
      type: dict
      sample: {"requests": 9}
    plan:
      description:
        - The plan that was made or applied, as in RV(invmon.network.netbox_probe#module:plan); null where there is
          none.
        - In check mode the digest is a custom statistic of its own as well, C(upload_plan_digest), so that the node of
          a workflow that applies the plan accepts no other.
      type: dict
      sample: {"file": "/var/lib/invmon/plan-7.json", "digest": "5d8e0b6b1c1e7c4a9f0e2f3d4c5b6a79"}
    awx:
      description:
        - What AWX sets for the job (C(awx_job_id) and so on, without C(awx_)). Empty elsewhere.
        - AWX does not pass the number of a slice to its job; the id of the job leads to it.
      type: dict
      sample: {"job_id": 4711, "job_template_name": "Inventory"}
"""

from ..module_utils._tasks.controller_options import RUN_RECORD
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(RUN_RECORD, only_on_controller("run_record reads the variables of a play, on the controller"))


if __name__ == "__main__":
    main()

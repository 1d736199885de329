#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: run_check
short_description: Check a run as a whole, before the first device is asked
version_added: 0.2.0
description:
  - The first task of the playbooks of this collection. It checks variables, tags and credentials, and fails once, with
    all errors in one list, where each device would fail for the same reason, or where nothing would run at all.
  - It runs once for all hosts of the play, sends nothing, and changes nothing.
  - A tag that no task has (C(--tags), C(--skip-tags)) is an error. Ansible would run nothing, and report success.
    It is a warning where a playbook of your own includes tasks while it runs, whose tags are not known before.
  - A value that cannot be used is an error if it is set for all devices (an extra variable, a variable of the play, of
    the group C(all), of the environment, or one that is read once per run), and a warning if it is set for another
    group. A value for one host fails that host alone. Null and empty text count as not set, as a survey sends them.
  - Missing SNMP credentials and a missing SNMP library are errors. So is a NetBox whose address or token is not known,
    where the run would write, or a discovery would compare. A token is sent only to the address that it was given with.
    No request is sent to NetBox.
  - A discovery (V(discover)) without targets, or with public ones that were not confirmed, is an error. A source that
    lacks its library or its credentials is a warning.
  - A plan file (C(upload_plan_file)) that exists and would be replaced, or that is to be applied and does not exist, is
    an error.
  - A variable whose name begins like those of this collection (C(snmp_), C(collect_), C(reach_), C(discover_),
    C(record_), C(replay_), C(merge_), C(upload_), C(netbox_), C(report_), C(invmon_), C(hygiene_), C(restore_)) or
    nearly so, and that nothing here reads, is a warning with the nearest known name. So is one that is set where it has
    no effect, such as C(invmon_batch) for a group.
  - A variable by an old name is a deprecation warning with the new name.
  - With the variable C(invmon_strict) set to V(true), every warning is an error. C(invmon_ignore_variables) lists names
    of variables, or patterns such as V(snmp_location*), that other roles of yours read.
extends_documentation_fragment:
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  parts:
    description:
      - What the playbook does, so what its variables are and what it needs.
      - V(collect), V(upload) and V(report) count only as far as the tags of the run leave a task with the tag of that
        name.
    type: list
    elements: str
    choices: [collect, reach, discover, record, replay, profile, upload, report, hygiene, restore]
    default: []
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Before the first device is asked
  hosts: all
  gather_facts: false
  tasks:
    - name: Check what this run was given
      invmon.network.run_check:
        parts: [collect, upload]
      tags: [always]
"""

RETURN = r"""
errors:
  description: What is wrong, a sentence each.
  returned: when more than one thing is; otherwise it is the message
  type: list
  elements: str
  sample:
    - "--tags uplaod: no task has this tag. Did you mean upload? The tags of this playbook are collect, upload."
    - "value of upload_gone must be one of: report, tag, comment, delete, got: tagg."
"""

from ..module_utils._tasks.controller_options import RUN_CHECK
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(RUN_CHECK, only_on_controller("run_check reads the variables of a play, on the controller"))


if __name__ == "__main__":
    main()

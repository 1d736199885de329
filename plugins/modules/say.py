#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: say
short_description: Print lines of text
version_added: 0.2.0
description:
  - Prints lines as they are, wrapped at the width of the terminal, where M(ansible.builtin.debug) prints a list in YAML
    or JSON under the name of a host.
  - Where stdout is not text for a person, such as JSON for a program, the lines go to stderr.
  - Control characters are escaped, and nothing in the lines is used as a template.
  - The playbooks of this collection print their summaries with it.
extends_documentation_fragment:
  - invmon.network.internal
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  lines:
    description: The lines.
    type: list
    elements: str
    required: true
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Summary
  invmon.network.say:
    lines: "{{ hygiene.summary }}"
  run_once: true
"""

RETURN = r"""
"""

from ..module_utils._tasks.controller_options import SAY
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(SAY, only_on_controller("say prints on the controller"))


if __name__ == "__main__":
    main()

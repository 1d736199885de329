#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: require_whole
short_description: Fail a device that was not read or not written completely
version_added: 0.2.0
description:
  - Fails the host, with the reason in a sentence, if the filter P(invmon.network.not_whole#filter) names it. Does
    nothing otherwise.
  - The playbook C(invmon.network.inventory) ends with it, so that the recap and the exit status show which devices need
    attention. A device that could not be read has failed before, in the role P(invmon.network.collect#role).
extends_documentation_fragment:
  - invmon.network.internal
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  nothing_known:
    description: Also fail a device that answered and reported nothing known, no ENTITY-MIB, no profile, no serial.
    type: bool
    default: false
  error:
    description: Fail the host with this sentence, whatever its result.
    type: str
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: This device needs attention
  invmon.network.require_whole:
"""

RETURN = r"""
msg:
  description: Why the device needs attention.
  returned: when it does
  type: str
  sample: "held: 9 of 15 known parts are not as they were. Nothing of it is written. ..."
"""

from ..module_utils._tasks.controller_options import REQUIRE_WHOLE
from ..module_utils._tasks.run_module import only_on_controller, run_module


def main() -> None:
    run_module(REQUIRE_WHOLE, only_on_controller("require_whole reads the variables of a play, on the controller"))


if __name__ == "__main__":
    main()

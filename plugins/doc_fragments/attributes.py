# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our modules say about check mode, diff and where they run."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return what it would do without changing anything.
    support: full
  action:
    description: Has an action plugin of the same name, so that the work runs on the controller.
    support: full
"""

    FACTS = r"""
options: {}
attributes:
  facts:
    description: Returns C(ansible_facts).
    support: full
"""

    READS = r"""
options: {}
attributes:
  diff_mode:
    description: Returns details of what has changed.
    support: none
    details: Nothing is changed.
  idempotent:
    description: A second run changes nothing.
    support: full
"""

    WRITES = r"""
options: {}
attributes:
  diff_mode:
    description: Returns details of what has changed, or would be changed in check mode.
    support: full
  idempotent:
    description: A second run on an unchanged network changes nothing but the time when a part was last seen.
    support: full
"""

    FILES = r"""
options: {}
attributes:
  diff_mode:
    description: Returns details of what has changed.
    support: none
    details: The files are the result.
  idempotent:
    description: A second run with the same devices writes the same files.
    support: full
"""

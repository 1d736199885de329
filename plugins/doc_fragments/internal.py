# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugins state that only connect the steps of our playbooks."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
notes:
  - Internal. It connects the steps of the playbooks and roles of this collection, and Ansible has no private plugins. A
    playbook of your own may use it as they do, but its options and results may change in any release.
"""

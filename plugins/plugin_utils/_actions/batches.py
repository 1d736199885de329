# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a batch of hosts (the keyword serial of a play) is in its play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .collected import COLLECT_RESULT
from .host_variables import variables_as_they_are


def is_last_batch(hosts: Sequence[str], task_vars: Mapping[str, Any]) -> bool:
    """True if this batch has the last host of the play. A host that has failed is in no list of Ansible's."""
    if not hosts or hosts[-1] in (task_vars.get("ansible_play_batch") or ()):
        return True
    return COLLECT_RESULT in variables_as_they_are(hosts[-1], task_vars.get("hostvars") or {})

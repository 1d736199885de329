# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When this run began to ask devices. No variable of Ansible contains it, and a task only to note it would be noise."""

from __future__ import annotations

import time

#: Seconds since the epoch; None in a run that asked no device.
began: float | None = None


def begin() -> None:
    """Now, unless it was before.

    Called in Ansible's own process (before_forks.py), so that all workers have the same time.
    """
    global began
    if began is None:
        began = time.time()

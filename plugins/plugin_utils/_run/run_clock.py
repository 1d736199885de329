# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When this run began to ask devices: no variable of Ansible's tells it, and a task only to note it would be noise."""

from __future__ import annotations

import time

#: Seconds since the epoch; None in a run that asked nobody.
began: float | None = None


def begin() -> None:
    """Now, unless it was before.

    An action that asks devices calls this when it is imported: Ansible does that in its own process right before the
    first task of that action, and the workers, which are forks, inherit it.
    """
    global began
    if began is None:
        began = time.time()

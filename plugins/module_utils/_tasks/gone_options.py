# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a host that scans no longer see is gone: the options of all tasks that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import OptionsError
from .._discovery.delta import Patience

GONE_OPTIONS: dict[str, Any] = {
    "gone_after": {"type": "int", "default": Patience.runs},
    "gone_after_days": {"type": "float", "default": Patience.days},
}
_MOST_DAYS = 36500


def patience_of(params: Mapping[str, Any]) -> Patience:
    """Raises OptionsError."""
    runs, days = params["gone_after"], params["gone_after_days"]
    try:
        if not days <= _MOST_DAYS:  # NaN neither
            raise ValueError
        return Patience(runs, days)
    except ValueError:
        raise OptionsError(
            f"gone_after is {runs} and gone_after_days {days:g}",
            f"set gone_after to 2 or more, and gone_after_days to 0 to {_MOST_DAYS}",
        ) from None

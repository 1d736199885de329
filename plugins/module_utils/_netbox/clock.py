# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller's clock compared with NetBox's: each row has a time, so a wrong clock makes wrong rows."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

from .errors import NetBoxOptionError

#: Clocks that differ by more are wrong. `ONE_RUN` (_probes/plan/known.py) is as long.
LARGEST_DIFFERENCE = timedelta(hours=1)


def seconds_of(date: str | None) -> float | None:
    """Seconds since the epoch of a date in a header (RFC 9110, 5.6.7); None for anything else."""
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def seconds_ahead(date: str | None, now: float) -> float | None:
    """By how much `now` (seconds since the epoch) is ahead of a reply's Date header (RFC 9110); None without a date."""
    moment = seconds_of(date)
    return None if moment is None else now - moment


def check_clock(ahead: float | None) -> None:
    """Raise NetBoxOptionError where the two clocks differ by more than LARGEST_DIFFERENCE (`ahead`: in seconds)."""
    if ahead is None or abs(ahead) <= LARGEST_DIFFERENCE.total_seconds():
        return
    word = "ahead of" if ahead > 0 else "behind"
    raise NetBoxOptionError(
        f"The clock of this controller is {_about(abs(ahead))} {word} NetBox's. Nothing was written,"
        " because each row has the time when its part was last seen: correct the clock, or give the time of this run"
        " with run_time."
    )


def _about(seconds: float) -> str:
    """In the largest unit that is precise enough: hours up to two days, then days."""
    hours = round(seconds / 3600)
    return f"{hours} hours" if 1 < hours < 48 else "1 hour" if hours == 1 else f"{round(seconds / 86400)} days"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations in words, for users."""

from __future__ import annotations

from datetime import timedelta


def ago(age: timedelta) -> str:
    """An age in words: "3 hours ago"."""
    return f"{in_words(age)} ago"


def in_words(age: timedelta) -> str:
    """A duration in its largest whole unit, for users: "3 hours"."""
    minutes = int(age.total_seconds()) // 60
    number, unit = (minutes, "minute") if minutes < 120 else (minutes // 60, "hour")
    if number >= 72 and unit == "hour":
        number, unit = number // 24, "day"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

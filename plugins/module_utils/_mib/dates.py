# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time as SNMP writes it: DateAndTime (RFC 2579) and TimeTicks (RFC 2578)."""

from __future__ import annotations

#: The textual convention.
DATE_AND_TIME = "DateAndTime"
_SIGNS = {ord("+"): "+", ord("-"): "-"}


def iso(value: bytes) -> str | None:
    """A DateAndTime of 8 or 11 octets in ISO 8601: 2026-11-30T02:04:05.6+01:00. None if it is none.

    Without time zone it is the device's local time. The zeros of an agent that does not know the time are none.
    """
    if len(value) not in (8, 11):
        return None
    year, (month, day, hour, minute, second, tenth) = int.from_bytes(value[:2], "big"), value[2:8]
    right = 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60 and tenth < 10
    if not right or not 1 <= year <= 9999:
        return None
    text = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}" + (f".{tenth}" if tenth else "")
    if len(value) == 8:
        return text
    sign, hours, minutes = value[8:]
    if sign not in _SIGNS or hours > 14 or minutes > 59:
        return None
    return f"{text}{_SIGNS[sign]}{hours:02}:{minutes:02}"


def ticks_text(hundredths: int) -> str:
    """TimeTicks for people: 1 day, 2:03:04.05."""
    seconds, rest = divmod(hundredths, 100)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    before = f"{days} day{'' if days == 1 else 's'}, " if days else ""
    return f"{before}{hour}:{minute:02}:{second:02}.{rest:02}"

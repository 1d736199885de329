# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time as SNMP writes it: DateAndTime (RFC 2579) and TimeTicks (RFC 2578)."""

from __future__ import annotations

import re

#: The textual convention.
DATE_AND_TIME = "DateAndTime"
_SIGNS = {ord("+"): "+", ord("-"): "-"}
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d)\d{0,8})?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?",
    re.ASCII,
)
_TICKS = re.compile(r"(?:(\d{1,3}) days?, )?(\d{1,2}):(\d{2}):(\d{2})\.(\d{2})", re.ASCII)


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


def octets_of(text: str) -> bytes | None:
    """iso() backwards: a DateAndTime of 8 octets, or of 11 with a time zone. None for a text that is no such time."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    year, *rest = (int(part or 0) for part in found.groups()[:7])
    octets = year.to_bytes(2, "big") + bytes(rest)
    if found[8]:
        octets += b"+\0\0"
    elif found[9]:
        octets += found[9].encode("ascii") + bytes((int(found[10]), int(found[11])))
    return octets if iso(octets) else None


def ticks_of(text: str) -> int | None:
    """ticks_text() backwards; None for a text that is none."""
    found = _TICKS.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds, hundredths = (int(part or 0) for part in found.groups())
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 100 + hundredths


def ticks_text(hundredths: int) -> str:
    """TimeTicks for people: 1 day, 2:03:04.05."""
    seconds, rest = divmod(hundredths, 100)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    before = f"{days} day{'' if days == 1 else 's'}, " if days else ""
    return f"{before}{hour}:{minute:02}:{second:02}.{rest:02}"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells of SNMP tables as plain values. A cell of the wrong type, or a word for "none", is None: never an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from .._parts.labels import device_text, model_text
from .._parts.serials import is_placeholder
from .._snmp.agent import Value

#: One row of a device's table: column -> value.
TableRow = Mapping[str, Value]

#: Longer texts are cut: a name is for people, and a table may hold megabytes.
MAX_TEXT = 400
#: The same of a path, which is made of many names.
MAX_PATH = 1000


def text(row: TableRow, column: str) -> str | None:
    """A clean text, None for an empty one. A number is not a text: INTEGERs are enumerations."""
    value = row.get(column)
    return None if isinstance(value, int) else device_text(value)[:MAX_TEXT].strip() or None


def word(row: TableRow, column: str) -> str | None:
    """A clean text that is neither empty nor a placeholder such as N/A: makers, states."""
    value = text(row, column)
    return None if value is None or is_placeholder(value) else value


def part_number(row: TableRow, column: str) -> str | None:
    """A part number or model, as on its label."""
    value = word(row, column)
    return None if value is None else model_text(value)


def revision(row: TableRow, column: str) -> str | None:
    """A revision: a word, or a number."""
    counted = number(row, column)
    return word(row, column) if counted is None else str(counted) if counted >= 0 else None


def joined(names: Iterable[str]) -> str:
    """A path: names from the outermost to the innermost."""
    return " / ".join(names)[:MAX_PATH]


def number(row: TableRow, column: str) -> int | None:
    """An integer; None for anything else."""
    value = row.get(column)
    return int(value) if isinstance(value, int) else None


def truth(row: TableRow, column: str) -> bool | None:
    """A TruthValue (RFC 2579): 1 true, 2 false."""
    return {1: True, 2: False}.get(number(row, column) or 0)


def position(row: TableRow, column: str) -> int | None:
    """entPhysicalParentRelPos and the like: -1 means unknown."""
    value = number(row, column)
    return None if value is None or value < 0 else value


def date_and_time(row: TableRow, column: str) -> str | None:
    """The day of a DateAndTime (RFC 2579: year in two octets, month, day, ...) as YYYY-MM-DD.

    None for undefined ones: eight NULs, or 1.1.1 and other days before SNMP.
    """
    value = row.get(column)
    if not isinstance(value, bytes) or len(value) < 8:
        return None
    return _iso(int.from_bytes(value[:2], "big"), value[2], value[3])


def mmddyyyy(row: TableRow, column: str) -> str | None:
    """The day of a text such as 06302016 (tmnxHwManufactureDate) as YYYY-MM-DD."""
    digits = re.fullmatch(r"(\d\d)(\d\d)(\d{4})", device_text(row.get(column)))
    return _iso(int(digits[3]), int(digits[1]), int(digits[2])) if digits else None


#: "2016-06-30", "2016/6/30"; "20160630"; SFF-8472's date code "160630", with a lot code behind it ("160630A1")
_DAYS = (
    (re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)\b.*"), 0),
    (re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)"), 0),
    (re.compile(r"(\d\d)-?(\d\d)-?(\d\d)(?:[ 0-9A-Z]{2})?"), 2000),
)


def day(value: Value | str | None) -> str | None:
    """A day in one of the forms in which agents send it, as YYYY-MM-DD; None for another text."""
    if isinstance(value, bytes) and len(value) in (8, 11) and value[0] in (7, 8):
        # The year of a DateAndTime begins with 7 or 8 from 1792 to 2303, and no text does.
        return date_and_time({"": value}, "")
    said = device_text(value)
    for pattern, century in _DAYS:
        digits = pattern.fullmatch(said)
        found = _iso(century + int(digits[1]), int(digits[2]), int(digits[3])) if digits else None
        if found:
            return found
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1980 <= year <= 2100 else None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user compares: inventories in files or variables, runs, and dates between which runs are on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common.errors import InvmonError
from .._common.private_files import PrivateFileError, read_json
from .._outgoing.text import brief
from .delta import SEEN_TIME, differences
from .nights import read_history
from .parts import PartState, part_state
from .record import end_of_day, moment

#: Versions of report.json that can be read.
SCHEMAS = (1,)
_OCTETS, _VALUES = 256 * 2**20, 20_000_000


class BadDocument(InvmonError):
    """It is not what can be compared; the message says why and what to give."""


def compared(older: Any, newer: Any, history: str | None = None, seen: bool = False) -> list[dict[str, Any]]:
    """The changes from one to the other, as plain data.

    :param older: an inventory (a list of parts, the content of report.json, or the path of such a file), or a moment: a
        date, an ISO 8601 time, or the record of a run. Both must be inventories, or both moments.
    :param history: for moments, the folder with the records of the runs.
    :param seen: also the parts of which only the time of the last sighting differs.

    Raises BadDocument.
    """
    begin, end = as_moment(older), as_moment(newer)
    if begin and end:
        return between(begin, end, history)
    if begin or end:
        raise BadDocument("Compare two inventories or two dates, not one of each.")
    found = differences(as_inventory(older, "the older"), as_inventory(newer, "the newer"))
    return [one.to_dict() for one in found if seen or one.fate != SEEN_TIME]


def between(begin: datetime, end: datetime, history: str | None) -> list[dict[str, Any]]:
    """The changes of all runs on record that began after one moment, until the other, oldest run first."""
    if not history:
        raise BadDocument("Two dates are compared by the records of runs: name their folder with history.")
    if begin >= end:
        raise BadDocument("The older date must be before the newer one.")
    nights = read_history(Path(history).expanduser()).nights
    shown = [night for night in nights if begin < night.started <= end and not night.is_dry]
    return [dict(change) for night in shown for change in night.record.get("changes") or ()]


def as_moment(given: Any) -> datetime | None:
    """The moment that a date (its end), a time or the record of a run is; None of anything else."""
    if isinstance(given, Mapping) and "inventory" not in given and isinstance(given.get("started"), str):
        given = given["started"]
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    if not isinstance(given, str) or len(given) > 40:
        return None
    try:
        return end_of_day(given) or moment(given)
    except (ValueError, OverflowError):
        return None


def loaded(given: Any) -> Any:
    """The content of the file that a text names; a moment, and anything but text, as it is. Raises BadDocument."""
    if not isinstance(given, str) or as_moment(given):
        return given
    try:
        return read_json(given, _OCTETS, values=_VALUES)
    except PrivateFileError as error:
        raise BadDocument(str(error)) from None


def as_inventory(given: Any, which: str) -> list[PartState]:
    """The parts of an inventory. Raises BadDocument."""
    given = loaded(given)
    if isinstance(given, Mapping):
        if given.get("schema") not in SCHEMAS or "inventory" not in given:
            raise BadDocument(f"{which} is not a report.json of schema {', '.join(map(str, SCHEMAS))}.")
        given = given["inventory"]
        if given is None:
            raise BadDocument(f"{which} is a report without an inventory: NetBox was not read for it.")
    if not isinstance(given, list):
        raise BadDocument(f"{which} is not an inventory: give a list of parts, or a report.json.")
    try:
        return [part_state(one) for one in given]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadDocument(f"{which} has a part that is not one: {brief(error, 100)}") from None

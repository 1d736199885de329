# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that a complete collection did not report: how often, since when, and when that makes them gone.

The state is kept in the row itself, in discovered_data under MARK, so that any controller can read it:
{"missing": {"n": 2, "since": first time, "at": last time that was counted, "gone": time}}; "to" instead of "gone" where
another device reports the part now. With one of the two it is settled, and nothing more is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .._netbox.rows import FOREIGN, MARK_VERSION, MISSING, Row, format_time, parse_time, with_mark
from .._outgoing.words import count
from .policy import Policy


@dataclass(frozen=True)
class Missing:
    """Complete collections in a row that did not report a part."""

    n: int
    since: datetime  #: the first of them
    at: datetime  #: the last one that was counted: the same one, uploaded again, counts once
    gone_since: datetime | None = None
    to: str | None = None  #: the device that reported it instead

    @property
    def settled(self) -> bool:
        """True once nothing more will be counted."""
        return self.gone_since is not None or self.to is not None

    def to_dict(self) -> dict[str, Any]:
        """As it is kept in discovered_data."""
        found = {"n": self.n, "since": format_time(self.since), "at": format_time(self.at)}
        if self.gone_since:
            found["gone"] = format_time(self.gone_since)
        if self.to:
            found["to"] = self.to
        return found


def read_missing(row: Row) -> Missing | None:
    """Return the state that a row contains; None if it has none, or if another writer put something else there."""
    raw = row.our_data.get(MISSING)
    if not isinstance(raw, Mapping):
        return None
    try:
        number, since, at = int(raw["n"]), parse_time(raw["since"]), parse_time(raw["at"])
        gone_since = parse_time(raw["gone"]) if raw.get("gone") else None
    except (KeyError, TypeError, ValueError):
        return None
    return Missing(max(number, 1), since, at, gone_since, str(raw["to"]) if raw.get("to") else None)


def counted(state: Missing | None, moment: datetime, policy: Policy, to: str | None) -> Missing:
    """Return the state after the complete collection of `moment` without the part. `state` is not settled.

    to: the device that reports the part now, if one does.
    """
    if state is not None and moment <= state.at:
        return state
    found = Missing(1, moment, moment) if state is None else replace(state, n=state.n + 1, at=moment)
    if to is not None:
        return replace(found, to=to)
    missing_for = found.at - found.since
    late = policy.gone_after_days is not None and missing_for >= timedelta(days=policy.gone_after_days)
    often = found.n >= policy.gone_after and missing_for >= timedelta(hours=policy.gone_after_hours)
    return replace(found, gone_since=moment) if late or often else found


def with_missing(row: Row, state: Missing | None) -> dict[str, Any]:
    """Return discovered_data of the row with this state, or without one; all else is kept as it is."""
    ours = {key: value for key, value in row.our_data.items() if key != MISSING}
    if state is not None:
        ours = {"v": MARK_VERSION, **({} if ours else {FOREIGN: True}), **ours, MISSING: state.to_dict()}
    return with_mark(row.data, ours)


def without_missing(row: Row) -> dict[str, Any]:
    """Return what to send when the part was seen again; empty if its row has no such state."""
    return {"discovered_data": with_missing(row, None)} if MISSING in row.our_data else {}


def consequence(row: Row, state: Missing, policy: Policy) -> dict[str, Any]:
    """Return what else to send for a part that has just become gone, as the policy sets it."""
    if policy.gone_action == "tag":
        others = [{"slug": slug} for slug in row.tags if slug != policy.gone_tag]
        return {"tags": [*others, {"slug": policy.gone_tag}]}
    if policy.gone_action == "comment":
        line = (
            f"Gone: last seen {format_time(row.last_seen)}, not reported by {_collections(state.n)} since "
            f"{format_time(state.since)}."
        )
        return {"comments": f"{row.comments}\n{line}" if row.comments else line}
    return {}


def is_to_delete(row: Row, state: Missing, moment: datetime, policy: Policy) -> bool:
    """True if the part is gone since an earlier run, and was last seen more than `gone_age` days ago."""
    if policy.gone_action != "delete" or policy.gone_age is None or state.gone_since is None:
        return False
    return state.gone_since < moment and moment - row.last_seen > timedelta(days=policy.gone_age)


def _collections(number: int) -> str:
    return count(number, "complete collection")

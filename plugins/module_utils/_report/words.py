# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words for what netbox_probe returns as data: numbers, moments, names, and the fates of parts.

Takes the plain dicts of `changes` and `standing` (see _probes/outcome). All text of devices
and of NetBox is made printable here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .._outgoing.text import printable
from .._outgoing.words import count, listed

#: So many changed fields of one part are named.
_FIELDS = 3
#: So many serials of parts that were in a pulled card are named.
_INSIDE = 6


def duration(seconds: float) -> str:
    """Seconds in words: 3.2 s (3 s for an int), 42 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 9.95 and not isinstance(seconds, int):
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h" + (f" {minutes} min" if minutes else "")


def moment(text: Any, now: datetime) -> str:
    """A moment in words: the time of today, else the day, with the year if that is another one.

    now: in the time zone of the reader. A text that is not a moment is returned as it is.
    """
    try:
        when = datetime.fromisoformat(str(text)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return printable(text)
    if when.date() == now.date() and when <= now + timedelta(minutes=1):
        return f"{when:%H:%M}"
    day = f"{when.day} {when:%b}"
    return day if when.year == now.year else f"{day} {when.year}"


def what_became(change: Mapping[str, Any], inside: Iterable[Mapping[str, Any]], now: datetime) -> str:
    """The serial of a part and what there is to say of its fate, but the fate itself.

    inside: the changes of the parts that were pulled with it.
    """
    before, after = change.get("before") or {}, change.get("after") or {}
    evidence = change.get("evidence") or {}
    serial = printable(change["serial"])
    if change["fate"] == "replaced":
        return f"{printable(before.get('serial'))} -> {serial}"
    said = [serial, *_origin(change, before, after, now)]
    if change["fate"] in ("not_seen", "gone"):
        said.append(f"last seen {moment(before.get('time') or before.get('last_seen'), now)}")
        said += [f"in its place is {printable(evidence['replaced_by'])}"] if "replaced_by" in evidence else []
        said += with_inside(inside)
    if change["fate"] == "changed":
        said.append(differences(before, after))
    if "with" in evidence:
        said.append(f"swapped with {printable(evidence['with'])}")
    if "also_on" in evidence:
        said.append(f"also on {listed(evidence['also_on'])}")
    if missing := evidence.get("missing"):
        said.append(f"not seen since {moment(missing.get('since'), now)}")
    return ", ".join(said)


def _origin(change: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> list[str]:
    """Where a part came from, or went to."""
    if change["fate"] == "changed":
        return []  # said as a difference of its slot
    if before.get("device") not in (None, change["device"]):
        return [f"from {printable(before['device'])} {printable(before.get('slot') or '')}".rstrip()]
    if after.get("device") not in (None, change["device"]):
        return [f"now on {printable(after['device'])}"]
    return [f"was in {printable(before['slot'])}"] if before.get("slot") and change["fate"] != "gone" else []


def with_inside(inside: Iterable[Mapping[str, Any]]) -> list[str]:
    """The parts that were in a card."""
    parts = list(inside)
    if not parts:
        return []
    optics = all(part.get("category") == "transceiver" for part in parts)
    noun = "optic" if optics else "part"
    return [f"with {count(len(parts), noun)} in it: {listed((part['serial'] for part in parts), _INSIDE)}"]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """field: old -> new, of the first fields that differ."""
    keys = [key for key in after if before.get(key) != after[key]]
    said = [f"{key}: {_value(before.get(key))} -> {_value(after[key])}" for key in keys[:_FIELDS]]
    return ", ".join(said) + (f" and {len(keys) - _FIELDS} more" if len(keys) > _FIELDS else "")


def _value(value: Any) -> str:
    return "(none)" if value is None or value == "" else printable(value)


def model(change: Mapping[str, Any]) -> str:
    """The part number; of a part that was replaced by another model, both."""
    before, after = change.get("before") or {}, change.get("after") or {}
    now = printable(change.get("part") or "")
    if change["fate"] == "replaced" and before.get("part") != after.get("part"):
        return f"{_value(before.get('part'))} -> {_value(after.get('part'))}"
    return now

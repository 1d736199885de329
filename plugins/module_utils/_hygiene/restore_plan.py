# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do to bring exported rows back, as pure data. Each row is judged alone.

A row that hygiene deleted is created again, unless it exists (under its own id, or as the same row under another). A
row that hygiene changed gets its old content, unless another user changed it since; a later `time` comes from the
nightly job, and then `time` stays, and so does in the row of a chassis when its device was read completely.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._netbox.last_seen import with_reading
from .._netbox.rows import MARK, parse_time
from .export import Line
from .rows import Raw, content_of, payload_of

#: What makes two rows the same one, apart from their ids: a restored row is refreshed by the nightly job as any other.
_SAME = ("serial", "name", "part", "category", "description", "device", "site", "location", "creation_time")

Content = dict[str, Any]


@dataclass
class Action:
    """What to do for one line of an export."""

    what: str  #: create, change, refuse or none
    id: int  #: the row's id when it was exported
    serial: str
    device: str
    data: dict[str, Any]  #: what is sent
    changes: dict[str, list[Any]]  #: field -> [now, then]
    reason: str = ""  #: why it is refused, or a note
    stands_as: int | None = None  #: the id under which a deleted row is there again


def decide(line: Line, present: Raw | None, like: Iterable[Raw]) -> Action:
    """The action for a line.

    present: the row of that id as it is now; None if it does not exist.
    like: rows of the same serial that are not in the export: one of them may be this row, created again.
    """
    then = content_of(line["row"])
    if line["does"] == "delete":
        return _bring_back(line, then, present, like)
    if present is None:
        return _action(
            "refuse", line, reason="it was deleted later; if hygiene did that, restore the file of that run first"
        )
    return _change_back(line, then, content_of(present))


def _bring_back(line: Line, then: Content, present: Raw | None, like: Iterable[Raw]) -> Action:
    if present is not None:
        return _action("none", line)
    for other in like:
        if _is_same(then, content_of(other)):
            return replace(_action("none", line), stands_as=other["id"])
    return _action("create", line, payload_of(then))


def _is_same(then: Content, now: Content) -> bool:
    """Times are compared as moments: the nightly job moves `time` on."""
    return all(then.get(key) == now.get(key) for key in _SAME) and parse_time(now["time"]) >= parse_time(then["time"])


def _change_back(line: Line, then: Content, now: Content) -> Action:
    then = {**then, **_with_reading_of(now, then)}
    written = _after(then, content_of(line["sent"]))
    written |= _with_reading_of(now, written)
    undone = {key: then[key] for key in line["sent"] if key in then and now.get(key) != then[key]}
    if not undone:
        return _action("none", line)
    seen_since = parse_time(now["time"]) > parse_time(written["time"])
    touched = [key for key in then if key in now and now[key] not in (written[key], then[key])]
    if seen_since:
        undone.pop("time", None)
        touched = [key for key in touched if key != "time"]
    if touched:
        return _action("refuse", line, reason=f"its {', '.join(touched)} changed later; correct it by hand")
    changes = {key: [now.get(key), value] for key, value in undone.items()}
    reason = "its time is kept, because it was seen again" if seen_since and "time" in line["sent"] else ""
    return _action("change" if undone else "none", line, payload_of(undone), changes, reason)


def _with_reading_of(now: Content, other: Content) -> Content:
    """discovered_data of the other content, with the complete collection that the row contains now: the nightly job
    writes it in the row of a chassis."""
    data = now.get("discovered_data"), other.get("discovered_data")
    ours, theirs = (one.get(MARK) if isinstance(one, dict) else None for one in data)
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return {}
    return {"discovered_data": with_reading(other["discovered_data"], ours)}


def _after(then: Content, sent: Content) -> Content:
    """The content that the row had when hygiene had written it. Custom fields are sent whole."""
    return {**then, **sent}


def _action(
    what: str,
    line: Line,
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, list[Any]] | None = None,
    reason: str = "",
) -> Action:
    row = line["row"]
    serial, device = str(row["serial"]), str(row["device_descriptor"] or "")
    return Action(what, row["id"], serial, device, dict(data or {}), dict(changes or {}), reason)


def serials_of_deleted(lines: Sequence[Line], present: Mapping[int, Raw]) -> list[str]:
    """The serials to look for: of rows that were deleted and do not exist under their own ids."""
    not_there = {
        str(line["row"]["serial"]) for line in lines if line["does"] == "delete" and line["row"]["id"] not in present
    }
    return sorted(not_there)

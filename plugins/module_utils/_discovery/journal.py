# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of our objects in NetBox: why each was written, and which values we wrote.

An object is ours by its tag. Whether a value of it is ours is decided by its journal: the last entry with our tag has
the values that we wrote, and a value that is another one was written by a person. The journal needs no custom field,
has the author and the time, and is deleted with its object. An object of ours without an entry was written by a run
that was stopped before it was through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._netbox.answers import ApiObject
from .._outgoing.text import brief
from .._scan.finding import Evidence

JOURNAL = "extras/journal-entries/"
FIELDS = "id,assigned_object_type,assigned_object_id,comments"
ADDRESS_TYPE, DEVICE_TYPE = "ipam.ipaddress", "dcim.device"
_VALUES = re.compile(r"^    Written: (\{.*\})$", re.MULTILINE)
#: Lines of evidence in an entry.
_MOST = 12

#: (type, id) of an object -> field -> the value that we wrote
Written = Mapping[tuple[str, int], Mapping[str, str]]


@dataclass(frozen=True)
class Entry:
    """An entry that is to be written."""

    type: str
    id: int
    comments: str


def comments_of(sentence: str, evidence: Iterable[Evidence], written: Mapping[str, Any]) -> str:
    """The text of an entry: what happened, what the sources reported, and which values were written.

    The sources' words come from others. They are a block of code, in which Markdown means nothing.
    """
    lines = [_line(one) for one in list(evidence)[:_MOST]]
    values = json.dumps(dict(sorted(written.items())), ensure_ascii=True)
    return "\n".join([brief(sentence, 500), "", *(f"    {line}" for line in lines), f"    Written: {values}"])


def _line(evidence: Evidence) -> str:
    words = [f"{evidence.time} {evidence.source}: {evidence.result}"]
    words += [f"at {evidence.address}"] if evidence.address else []
    words += [f"by {evidence.by}"] if evidence.by else []
    return brief(", ".join([*words, evidence.detail] if evidence.detail else words), 200)


def last_written(rows: Sequence[ApiObject]) -> dict[tuple[str, int], dict[str, str]]:
    """What the last entry of each object says that we wrote."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        values = _values(row["comments"])
        if values is not None:
            found.setdefault((row["assigned_object_type"], row["assigned_object_id"]), {}).update(values)
    return found


def _values(comments: str) -> dict[str, str] | None:
    match = _VALUES.search(comments.replace("\r\n", "\n"))
    if match is None:
        return None
    try:
        values = json.loads(match[1])
    except ValueError:
        return None
    return {str(key): value for key, value in values.items() if isinstance(value, str)}

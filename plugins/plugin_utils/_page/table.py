# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory as the page's script takes it: columns of numbers and texts, each repeated text once.

A row of NetBox is some 600 octets of JSON. Here a part is about 100, so that a page with 60,000 parts opens at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from ...module_utils._history.from_rows import Span
from ...module_utils._history.parts import NOT_SEEN, PartState
from ...module_utils._history.record import moment
from ...module_utils._outgoing.text import printable

#: Texts that many parts share: kept once, in a list; the column has positions in it.
_SHARED = ("site", "device", "part", "category", "manufacturer", "name")
#: Days since then are what a column of dates has.
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def encoded(parts: Sequence[PartState], lives: Mapping[str, Sequence[Span]]) -> dict[str, Any]:
    """Plain data: `lists` (shared texts), `rows` (columns), `ids` (NetBox device id of each device), `lives`."""
    lists: dict[str, list[str]] = {}
    columns: dict[str, list[Any]] = {}
    for field in _SHARED:
        columns[field], lists[field] = positions([printable(getattr(one, field) or "") for one in parts])
    ids = {printable(one.device): one.device_id for one in parts}
    columns["serial"] = [printable(one.serial) for one in parts]
    columns["slot"] = [printable(one.slot) for one in parts]
    columns["first"] = [days_of(one.first_seen) for one in parts]
    columns["last"] = [days_of(one.last_seen) for one in parts]
    columns["missing"] = [position for position, one in enumerate(parts) if one.state == NOT_SEEN]
    return {
        "lists": lists,
        "rows": columns,
        "ids": [ids[name] for name in lists["device"]],
        "lives": {printable(serial): [_span(one) for one in spans] for serial, spans in lives.items()},
    }


def as_script_data(data: Any) -> Markup:
    """JSON that may stand in a script element: nothing in it ends that element, or begins another."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def positions(texts: Iterable[str]) -> tuple[list[int], list[str]]:
    """Of each text its position in the list of all, each of which is in it once."""
    known: dict[str, int] = {}
    found = [known.setdefault(text, len(known)) for text in texts]
    return found, list(known)


def _span(span: Span) -> list[Any]:
    """[device, slot, first day, last day, 1 if it was gone then]"""
    gone = [1] if span.gone else []
    return [printable(span.device), printable(span.slot), (span.began - EPOCH).days, (span.ended - EPOCH).days, *gone]


def days_of(time: str | None) -> int | None:
    """Days from EPOCH; None of a moment that is not known."""
    return (moment(time) - EPOCH).days if time else None

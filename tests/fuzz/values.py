# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that strangers send, for hypothesis."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

#: Of a terminal, of templates, of file names, of what reads like a value of another type.
HOSTILE = [
    *("\x1b[2J", "\x9b5n", "\u202e\u2066", "\x00", "\r\nok: [r1]", "{{ 7*7 }}{% raw %}", "../../etc/passwd", "%s%n"),
    *("", " ", "null", "true", "-1", "1e999", "0x10", "\u00b2", "\u0661", "NaN", "None", "__ansible_type", "9" * 400),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-20", "2026-11-20T03:00:00", "now", "x" * 300),
]

texts = st.sampled_from(HOSTILE) | st.text(max_size=12)
numbers = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**30]) | st.integers(-5, 5)
scalars = st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts

keys = texts | st.sampled_from(["id", "slug", "n", "time"])

#: Any JSON.
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(["id", "slug", "n"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def mutations(good: Any) -> st.SearchStrategy[Any]:
    """The good value with one to three places of it replaced by any JSON, or taken away."""
    return st.lists(st.tuples(st.integers(0, 10**6), json_values, st.booleans()), min_size=1, max_size=3).map(
        lambda changes: _mutated(good, changes)
    )


def _mutated(good: Any, changes: list[tuple[int, Any, bool]]) -> Any:
    holder = [copy.deepcopy(good)]
    for number, value, removed in changes:
        places = list(_places(holder))
        where, key = places[number % len(places)]
        if removed and isinstance(where, dict):
            del where[key]
        else:
            where[key] = value
    return holder[0]


def _places(value: Any) -> Any:
    """Each container with each of its keys, from the outside in."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def as_reply(value: Any) -> bytes:
    """As NetBox sends it."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

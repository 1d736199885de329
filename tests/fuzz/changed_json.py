# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Good files, and what others might make of them: a value in them replaced, a key more or less, octets changed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

#: Texts that steer a terminal, leave a folder, are templates or Ansible's own keys, or read like another type.
HOSTILE = [
    *("\x1b[2J", "\x9b5n", "\u202e\u2066", "\x00", "\r\nok: [r1]", "{{ 7*7 }}{% raw %}", "../../etc/passwd", "%s%n"),
    *("", " ", "null", "true", "-1", "1e999", "0x10", "\u00b2", "\u0661", "NaN", "9" * 400, "x" * 300),
    *("__ansible_type", "2026-11-20T03:00:00Z", "2026-11-20", "now"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
]
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
#: Values of which some reader may expect another type.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value in a JSON value, itself included."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths_in(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += paths_in(inner, (*path, number))
    return found


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    """The value at the end of this way."""
    for key in path:
        value = value[key]
    return value


@st.composite
def changed_values(draw: st.DrawFn, value: Any) -> Any:
    """The JSON value with one to three changes: a value replaced, taken out, or put in."""
    found = json.loads(json.dumps(value))
    for _time in range(draw(st.integers(1, 3))):
        paths = paths_in(found)
        path = draw(st.sampled_from(paths))
        if not path:
            if draw(st.integers(0, 20)) == 0:
                return draw(VALUES)
            continue
        holder = value_at(found, path[:-1])
        kind = draw(st.sampled_from(["replace", "replace", "remove", "add", "graft"]))
        if kind == "graft":
            # What stands somewhere else in the file, under the key that it has there.
            other = draw(st.sampled_from([one for one in paths if one]))
            grafted = json.loads(json.dumps(value_at(found, other)))
            if isinstance(holder, dict):
                holder[str(other[-1])] = grafted
            else:
                holder.append(grafted)
        elif kind == "replace":
            holder[path[-1]] = draw(VALUES)
        elif kind == "remove":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            holder[draw(st.text(max_size=10) | st.sampled_from(["__ansible_type", "host", "items", "id"]))] = draw(
                VALUES
            )
        else:
            holder.append(draw(VALUES))
    return found


@st.composite
def changed_octets(draw: st.DrawFn, content: bytes) -> bytes:
    """The octets with one to five changes, or cut."""
    found = bytearray(content)
    for _time in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(found)))
        kind = draw(st.sampled_from(["cut", "insert", "replace", "double"]))
        if kind == "cut":
            del found[place : place + draw(st.integers(1, 200))]
        elif kind == "insert":
            found[place:place] = draw(
                st.binary(min_size=1, max_size=8) | st.sampled_from([b"\n", b'"', b"[", b"}", b"\0"])
            )
        elif kind == "double":
            found[place:place] = found[place : place + draw(st.integers(1, 50))]
        elif place < len(found):
            found[place] = draw(st.integers(0, 255))
    return bytes(found)

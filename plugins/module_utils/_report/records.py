# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every text about a run takes from its records: which changes have a row of their own, and where a part is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._outgoing.text import printable

#: Fates of parts that are named one by one.
NAMED_FATES = ("new", "replaced", "changed", "moved", "swapped", "returned", "not_seen", "gone", "deleted")


def is_named(change: Mapping[str, Any]) -> bool:
    """True of a part that has a row of its own: not what is only counted, nor what was said when it was replaced."""
    if change["fate"] not in NAMED_FATES:
        return False
    return not (change["fate"] == "gone" and "replaced_by" in (change.get("evidence") or {}))


def named_changes(run: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int]:
    """The changes of a run that have a row of their own, and how many there are with those that its record lacks."""
    named = [change for change in run.get("changes") or () if is_named(change)]
    return named, len(named) + int(run.get("changes_left_out") or 0)


def with_what_was_inside(
    found: Sequence[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Each change or item, with those of the parts that were in it; these have no row of their own."""

    def key(one: Mapping[str, Any], serial: str) -> tuple[Any, ...]:
        return (one["device"], one.get("fate") or one["kind"], serial)

    known = {key(one, one["serial"]) for one in found}
    inside: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    alone = []
    for one in found:
        holder = (one.get("evidence") or {}).get("within")
        if holder and key(one, holder) in known:
            inside.setdefault(key(one, holder), []).append(one)
        else:
            alone.append(one)
    return [(one, inside.get(key(one, one["serial"]), [])) for one in alone]


def where(one: Mapping[str, Any]) -> str:
    """Site and device of a change or an item."""
    return printable(" / ".join(str(one[key]) for key in ("site", "device") if one.get(key)))


def slot(one: Mapping[str, Any]) -> str:
    """The interface, by which an optic is known, else the slot."""
    return printable(one.get("interface") or one.get("slot") or "")


def in_words(word: str) -> str:
    """A fate or a kind as it is written in a text: "not seen"."""
    return printable(word.replace("_", " "))

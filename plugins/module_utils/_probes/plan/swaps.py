# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two parts that exchanged their places in one run, within a device or between two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._netbox.rows import BEGAN, MARK

#: A NetBox device and a slot on it.
_Place = tuple[int, str]


def name_swaps(steps: Iterable[dict[str, Any]]) -> None:
    """Make two steps "swapped", `with` each other's serial, where each part stands now where the other one was.

    Steps as plan.py describes them. A slot that several parts of this run left or took says nothing.
    """
    moves: dict[tuple[_Place, _Place], list[dict[str, Any]]] = {}
    for step in steps:
        places = _places(step)
        if places:
            moves.setdefault(places, []).append(step)
    for (before, after), found in moves.items():
        others = moves.get((after, before), [])
        if len(found) == len(others) == 1:
            _name(found[0], others[0])


def _places(step: dict[str, Any]) -> tuple[_Place, _Place] | None:
    """Where the part was and where it is; None if it has not moved, or nobody knows from where."""
    if step["action"] != "create":
        return None
    after = (step["device_id"], step["slot"])
    if "from" in step:
        origin = step["from"]
        before = (origin["device_id"], origin["slot"])
    elif "was" in step:
        before = (step["device_id"], step["was"])
    else:
        return None
    return (before, after) if before != after and before[0] is not None and before[1] and after[1] else None


def _name(step: dict[str, Any], other: dict[str, Any]) -> None:
    found = {"fate": "swapped", "with": other["serial"]}
    step.update(found)
    step["data"]["discovered_data"][MARK][BEGAN].update(found)

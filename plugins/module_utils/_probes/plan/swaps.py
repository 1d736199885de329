# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two parts that exchanged their slots in one run, within a device or between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..._netbox.rows import BEGAN, MARK
from .step import Create, NewRow, Step

#: A NetBox device and a slot on it.
_SlotOf = tuple[int, str]


def swaps(steps: Iterable[Step]) -> dict[tuple[int, str], Create]:
    """Key of a step -> the step "swapped", of each part that is now where another one was and the other way round.

    A slot that several parts of this run left or took is no evidence.
    """
    moves: dict[tuple[_SlotOf, _SlotOf], list[Create]] = {}
    for step in steps:
        if isinstance(step, Create) and (move := _move(step)):
            moves.setdefault(move, []).append(step)
    found = {}
    for (before, after), there in moves.items():
        back = moves.get((after, before), [])
        if len(there) == len(back) == 1:
            found[there[0].key] = _swapped(there[0], back[0].serial)
    return found


def _move(step: Create) -> tuple[_SlotOf, _SlotOf] | None:
    """Where the part was and where it is; None if it has not moved, or if it is unknown from where."""
    device_id, slot = (
        (step.moved_from.device_id, step.moved_from.slot) if step.moved_from else (step.device_id, step.was)
    )
    if device_id is None or not slot or not step.slot or (device_id, slot) == (step.device_id, step.slot):
        return None
    return (device_id, slot), (step.device_id, step.slot)


def _swapped(step: Create, other: str) -> Create:
    """The step of a part that was swapped with another one, by its serial."""
    discovered = step.data["discovered_data"]
    mark: dict[str, Any] = discovered[MARK]
    began = {**mark[BEGAN], "fate": "swapped", "with": other}
    data: NewRow = {**step.data, "discovered_data": {**discovered, MARK: {**mark, BEGAN: began}}}
    return replace(step, fate="swapped", swapped_with=other, data=data)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several missing parts was in which: a card that is pulled takes with it what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..plan.device_plan import AbsentPart

#: These hold no other part.
_HOLD_NOTHING = ("powerSupply", "fan", "sensor", "battery", "transceiver")
#: "2/1" at the end of a card's name: its ports are 2/1/1 and so on.
_NUMBERS = re.compile(r"(?:^|[^0-9/])(\d+(?:/\d+)+)$")


def holders(parts: Iterable[AbsentPart]) -> dict[tuple[int, str], str]:
    """Key of each part that was in another one -> the serial of the outermost of these."""
    of_device: dict[int, list[AbsentPart]] = {}
    for part in parts:
        of_device.setdefault(part.device_id, []).append(part)
    found = {}
    for together in of_device.values():
        for part in together:
            outer = [other for other in together if _holds(other, part)]
            if outer:
                found[part.key] = min(outer, key=lambda other: (len(other.path), other.serial)).serial
    return found


def _holds(outer: AbsentPart, inner: AbsentPart) -> bool:
    """True if one part held the other: by its path, or by the numbers of its port."""
    if outer.serial == inner.serial or outer.category in _HOLD_NOTHING:
        return False
    if inner.path.startswith(f"{outer.path} / "):
        return True
    numbers = _NUMBERS.search(outer.path)
    return bool(numbers and re.search(rf"(?:^|[^0-9/]){numbers[1]}/\d", inner.slot))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of the members of a stack. ENTITY-MIB has no column for them; agents show them in different places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: "2", "Switch 2 Chassis", "Unit-2", "Rack 0"; not a digit that belongs to a model ("DPX8000-A5", "C9404R").
_TRAILING = re.compile(
    r"(?:^|[ #:]|(?:switch|unit|member|frame|chassis|rack|node)[-_ ]?)(\d{1,2})(?!\d|[A-Za-z])\D*$", re.I
)
#: Before a model, or behind it: "Chassis 1 WS-C6509-E", "Switch 2 - C9300-48P", "C9300 (Unit 2)", "stack 1 X460-G2"
_SAID = re.compile(
    r"\b(?:switch|unit|member|frame|chassis|rack|node|stack|slot|fpc|shelf)(?: ?(?:no\.?|number|id))?[-_ #:=]{0,2}"
    r"(\d{1,2})(?![\w.])",
    re.I,
)
#: "GigabitEthernet3/0/52"
_LEADING = re.compile(r"^[A-Za-z-]+(\d{1,2})/")


@dataclass(frozen=True)
class Candidate:
    """A chassis row, and what its number may be taken from."""

    key: int
    position: int | None  #: entPhysicalParentRelPos
    name: str | None  #: entPhysicalName: "Switch 1 Chassis", "2"
    description: str | None = None  #: entPhysicalDescr: "Chassis 1 Catalyst 6500 9-slot Chassis System"
    ports: Sequence[str] = ()  #: names of the ports inside: "GigabitEthernet3/0/52"


def member_numbers(candidates: Sequence[Candidate], by_order: bool = True) -> dict[int, int] | None:
    """The number of each chassis by its key, or None where the device contradicts itself.

    by_order: they are known to be a stack, so with nothing to go by the order of the rows counts.

    One scheme serves the whole set: mixing them per member gives two members one number (Catalyst 9300: positions
    from 0, names from 1). In this order: positions, if all are above 0 and differ; the number that the names have
    behind a word such as switch; the last number in the names; the former of the descriptions; the first number of the
    ports' names.
    """
    schemes = (
        [chassis.position if (chassis.position or 0) > 0 else None for chassis in candidates],
        [_number(_SAID, chassis.name) for chassis in candidates],
        [_number(_TRAILING, chassis.name) for chassis in candidates],
        [_number(_SAID, chassis.description) for chassis in candidates],
        [_port_number(chassis.ports) for chassis in candidates],
    )
    for numbers in schemes:
        usable = [number for number in numbers if number is not None]
        if len(usable) == len(set(usable)) == len(candidates):
            return {chassis.key: number for chassis, number in zip(candidates, usable, strict=True)}
    if not by_order or any(number is not None for numbers in schemes[1:] for number in numbers):
        return None
    ordered = sorted(chassis.key for chassis in candidates)
    return {key: order for order, key in enumerate(ordered, start=1)}


def said_member(name: str | None) -> int | None:
    """The number of a member that a row's name begins with: "Switch 2 Power Supply 1"."""
    found = _SAID.match(name or "")
    return int(found[1]) if found else None


def _number(pattern: re.Pattern[str], text: str | None) -> int | None:
    found = pattern.search(text or "")
    return int(found[1]) if found else None


def _port_number(names: Sequence[str]) -> int | None:
    """The number that all ports of a member begin with; None if they differ."""
    numbers = {number for name in names if (number := _number(_LEADING, name)) is not None}
    return numbers.pop() if len(numbers) == 1 else None

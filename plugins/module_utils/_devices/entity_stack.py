# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a stack in entPhysicalTable: which rows they are, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from .._parts.inventory import Member
from .categories import category_in_words
from .collection import Collection
from .entity_table import Entity, MemberTable
from .interfaces import interface_in_text
from .members import Candidate, member_numbers
from .values import number, text

#: Numbers of the members of a stack, by the vendor's table, with their roles; it is asked where there may be one.
Roles: TypeAlias = Callable[[], Mapping[int, str | None]]

#: The rule that decides the category of a board that is a whole box.
MEMBER_RULE = "stack member"
_MODULAR = frozenset({"module", "other", "unknown"})
#: "MPU Board 0" and "MPU Board 1" are of one kind.
_DIGITS = re.compile(r"\d+")


class Stack(NamedTuple):
    """The rows that may be the chassis of a stack's members, and whether they certainly are."""

    chassis: Sequence[int] = ()
    certain: bool = False


def find_stack(entity: Entity, roles: Roles | None = None) -> Stack:
    """The stack that a device is, without chassis if it is none. Boards that are a box each become chassis.

    roles: the roles by the members' numbers.
    """
    found, certain = _stacked(entity, roles)
    return Stack(found, certain) if len(found) >= (1 if certain else 2) else Stack()


def number_members(
    entity: Entity, collection: Collection, stack: Stack, member_table: MemberTable | None, roles: Roles | None = None
) -> None:
    """Number the chassis of a stack.

    member_table: numbers and roles by entPhysicalIndex. roles: the roles by the members' numbers.
    """
    found, certain = stack
    if not found:
        return
    known = member_table.numbers(found) if member_table else {}
    own = {key: member for key, (member, _role) in known.items() if member}
    complete = len(own) == len(set(own.values())) == len(found)
    candidates = [_candidate(entity, key) for key in found]
    numbers = own if complete else member_numbers(candidates, by_order=certain)
    if numbers is None and not certain:
        return
    if numbers is None:
        collection.warnings.append(
            "the device reports contradicting numbers of its stack members: the parts are listed without them"
        )
        return
    entity.members = numbers
    by_number = roles() if roles else {}
    for key, member in sorted(numbers.items(), key=lambda pair: pair[1]):
        _number, role = known.get(key, (None, None))
        role = role or by_number.get(member)
        collection.members.append(Member(member, entity.serials[key], entity.model(key), role))


def _stacked(entity: Entity, roles: Roles | None) -> tuple[list[int], bool]:
    """The rows that may be the members' chassis, and whether they certainly are a stack."""
    chassis = [key for key in entity.serials if entity.categories[key] == "chassis"]
    stacked = [key for key in chassis if entity.physical_class(entity.tree.parent(key) or -1) == "stack"]
    if stacked:
        return stacked, True
    boards = _boards(entity, roles)
    for key in boards:
        entity.categories[key], entity.rules[key] = "chassis", MEMBER_RULE
    # Without a stack row, chassis side by side; one that points at a missing row is a satellite.
    return boards or [key for key in chassis if not number(entity.rows[key], "contained_in")], bool(boards)


def _boards(entity: Entity, roles: Roles | None) -> list[int]:
    """The boards that are a box each, in a stack that has one chassis row; none in a chassis that takes boards.

    They are of one kind, all that holds ports; and one of them shows the serial of the chassis, or each has power
    supplies or fans of its own, or the device lists several members.
    """
    chassis = [key for key in entity.rows if entity.physical_class(key) == "chassis"]
    if len(chassis) != 1:
        return []
    boards = [key for key in entity.serials if _is_board(entity, key, chassis[0])]
    kinds = {_DIGITS.sub("", entity.name(key) or "") for key in boards}
    if len(boards) < 2 or len(kinds) > 1:
        return []
    repeats = entity.serials.get(chassis[0]) in {entity.serials[key] for key in boards}
    whole = repeats or sum(_has_power(entity, key) for key in boards) > 1
    return boards if whole or (roles is not None and len(roles()) > 1) else []


def _is_board(entity: Entity, key: int, chassis: int) -> bool:
    """A module in a slot of the chassis that holds ports."""
    if entity.categories[key] not in _MODULAR:
        return False
    above = entity.tree.ancestors(key)
    outside = next((place for place in above if entity.physical_class(place) != "container"), None)
    inside = entity.tree.descendants(key) if outside == chassis else []
    return any(entity.physical_class(below) == "port" for below in inside)


def _has_power(entity: Entity, key: int) -> bool:
    power = ("powerSupply", "fan")
    inside = entity.tree.descendants(key)
    return any(entity.physical_class(below) in power or _words(entity, below) in power for below in inside)


def _words(entity: Entity, key: int) -> str | None:
    return category_in_words(entity.texts(key)) if key in entity.serials else None


def _candidate(entity: Entity, key: int) -> Candidate:
    row = entity.rows[key]
    inside = [below for below in entity.tree.descendants(key) if below in entity.serials]
    ports = [name for below in inside if (name := interface_in_text(text(entity.rows[below], "name")))]
    return Candidate(key, number(row, "position"), text(row, "name"), text(row, "descr"), ports)

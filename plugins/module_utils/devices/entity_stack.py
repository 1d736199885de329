# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a stack in entPhysicalTable: which rows they are, and their numbers."""

from __future__ import annotations

from .collection import Collection, Member
from .entity_table import Entity, Told
from .interfaces import interface_in_text
from .members import Candidate, member_numbers
from .values import number, text


def number_members(entity: Entity, collection: Collection, told: Told | None) -> None:
    """Find the chassis of a stack, and number them."""
    chassis = [key for key in entity.serials if entity.categories[key] == "chassis"]
    stacked = [key for key in chassis if entity.physical_class(entity.tree.parent(key) or -1) == "stack"]
    # Without a stack row, chassis side by side; one that points at a missing row is a satellite.
    found = stacked or [key for key in chassis if not number(entity.rows[key], "contained_in")]
    if not stacked and len(found) < 2:
        return
    known = told(found) if told else {}
    own = {key: member for key, (member, _role) in known.items() if member}
    complete = len(own) == len(set(own.values())) == len(found)
    candidates = [_candidate(entity, key) for key in found]
    numbers = own if complete else member_numbers(candidates, by_order=bool(stacked))
    if numbers is None and not stacked:
        return
    if numbers is None:
        collection.warnings.append(
            "the device contradicts itself about its stack members' numbers: the parts are listed without them"
        )
        return
    entity.members = numbers
    for key, member in sorted(numbers.items(), key=lambda pair: pair[1]):
        _number, role = known.get(key, (None, None))
        collection.members.append(Member(member, entity.serials[key], entity.model(key), role))


def _candidate(entity: Entity, key: int) -> Candidate:
    row = entity.rows[key]
    inside = [below for below in entity.tree.descendants(key) if below in entity.serials]
    ports = [name for below in inside if (name := interface_in_text(text(entity.rows[below], "name")))]
    return Candidate(key, number(row, "position"), text(row, "name"), ports)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chassis, which several tables may report: which one counts, how they complete each other, where they disagree."""

from __future__ import annotations

import re

from .._parts.inventory import ChassisSerial
from .._parts.item import Item
from .._snmp.agent import Agent
from .collection import Collection
from .entity_table import ENTITY, OVERVIEW
from .values import number, part_number, revision, text, word

#: RFC 4122: what hypervisors give their guests; F5 leaves out a dash.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){2,3}-[0-9a-f]{12}|VMware[- ]([0-9a-f]{2}[- ]?){16}", re.I)

_CHASSIS_CLASS = 3
_DESCRIBED = ("name", "descr", "model", "mfg_name", "hardware_rev", "firmware_rev", "software_rev")


def settle_chassis(agent: Agent, collection: Collection) -> None:
    """Complete the chassis, list all candidates for its serial in `chassis`, and report where they contradict.

    The order in which they count: the vendor's scalar; the chassis row of ENTITY-MIB without a parent; a stack row
    with a model; the first row.
    """
    _complete(agent, collection)
    _repeated(collection)
    ranks = [(rank, item) for item in collection.items if (rank := _rank(item)) is not None]
    ranked = [item for _rank_of_it, item in sorted(ranks, key=lambda pair: pair[0])]
    collection.chassis = [ChassisSerial(item.serial, item.source, item.index) for item in ranked]
    _contradiction(ranked, collection)
    _silent(agent, collection)
    for item in collection.items:
        if item.category == "chassis" and _UUID.fullmatch(item.serial):
            collection.cover(f"virtual machine: its serial {item.serial} is a UUID, not on a hardware label")


def _repeated(collection: Collection) -> None:
    """Drop a scalar that repeats a serial of ENTITY-MIB: the row has the model and the class."""
    rows = [item for item in collection.items if item.source == ENTITY.name]
    for item in tuple(collection.items):
        if item.source not in collection.scalars or item.category != "chassis":
            continue
        same = sorted((row for row in rows if row.serial == item.serial), key=lambda row: row.category != "chassis")
        part = (same[0].part if same else None) or item.part
        beside = any(row.category == "chassis" and row.serial != item.serial for row in rows)
        if same and beside and all(row.category not in ("chassis", "stack") for row in same):
            collection.change(item, part=part, category=same[0].category, category_rule=same[0].category_rule)
        elif part != item.part:
            collection.change(item, part=part)


def _rank(item: Item) -> int | None:
    """How much an item's word counts as to the chassis; None for other parts."""
    if item.category == "chassis" and item.source != ENTITY.name:
        return 0
    if item.source == ENTITY.name and item.category == "stack":
        return 2 if item.part else None
    if item.category == "chassis":
        return 1
    return 3 if item.source == ENTITY.name and item.index == "1" and item.parent is None else None


def _contradiction(ranked: list[Item], collection: Collection) -> None:
    """Of one chassis there is one serial. A stack has several, and so have a box and its extenders."""
    vendors = {item.serial: item for item in ranked if item.source != ENTITY.name}
    inside = {item.index for item in ranked if item.source == ENTITY.name}
    roots = [item for item in ranked if item.source == ENTITY.name and not inside.intersection(item.ancestors)]
    others = {item.serial: item for item in roots if item.category == "chassis"} or {i.serial: i for i in roots}
    if len(vendors) != 1 or not others or collection.members or vendors.keys() & others.keys():
        return
    (reporter,) = vendors.values()
    said = ", ".join(f"row {item.index} of {item.source} {item.serial}" for item in others.values())
    collection.cover(
        f"contradicting chassis serials: {reporter.source} reports {reporter.serial}, {said}; all are listed"
    )


def _silent(agent: Agent, collection: Collection) -> None:
    """Report that a device has a chassis row without a serial, and no other source of it."""
    known = not collection.items or any(item.category in ("chassis", "stack") for item in collection.items)
    if known or ENTITY.name not in agent.tables or agent.broke_off(ENTITY) or agent.fell_silent():
        return
    rows = agent.columns(ENTITY, OVERVIEW)
    chassis = [index for index, row in rows.items() if number(row, "class") == _CHASSIS_CLASS]
    if chassis:
        name = text(agent.rows(ENTITY, ("name",), chassis[:1]).get(chassis[0], {}), "name")
        which = f"the chassis{f' ({name})' if name else ''}"
        collection.cover(f"chassis serial: not reported for {which}, neither in ENTITY-MIB nor elsewhere")


def _complete(agent: Agent, collection: Collection) -> None:
    """The chassis of a scalar is the chassis row of ENTITY-MIB that has no serial: that row has the model."""
    bare = [item for item in collection.items if item.source in collection.scalars and item.category == "chassis"]
    if len(bare) != 1 or ENTITY.name not in agent.tables or agent.broke_off(ENTITY):
        return
    item = bare[0]
    known = {other.index for other in collection.items if other.source == ENTITY.name}
    if any(other.serial == item.serial and other is not item for other in collection.items):
        return
    rows = agent.columns(ENTITY, OVERVIEW)
    chassis = [index for index, row in rows.items() if number(row, "class") == _CHASSIS_CLASS]
    roots = [index for index in chassis if not number(rows[index], "contained_in")] or chassis
    if len(roots) != 1 or str(roots[0][0]) in known:
        return
    row = agent.rows(ENTITY, _DESCRIBED, roots).get(roots[0], {})
    revisions = ("hardware_rev", "firmware_rev", "software_rev")
    collection.change(
        item,
        part=item.part or part_number(row, "model"),
        description=item.description or text(row, "descr"),
        manufacturer=item.manufacturer or word(row, "mfg_name"),
        **{name: getattr(item, name) or revision(row, name) for name in revisions},
    )

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ENTITY-MIB (RFC 6933): the parts of nearly every device.

Read in two steps, because a chassis has hundreds of rows and few of them matter: the serial column with the small
integers of the rows (of all of them the class; of a long table only of those for which it matters what holds them, and
whether they can be replaced); then the texts of the rows with serials, the names of what contains them, and of
field-replaceable units without a serial, which are reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from .._parts.item import PHYSICAL_CLASSES, TRANSCEIVER, Item
from .._snmp.agent import Agent
from .categories import category_of
from .collection import Collection
from .entity_optics import cage_of, cages_of, is_optic, report_shared, without_words
from .entity_rows import read_rows, report_units
from .entity_stack import Roles, Stack, find_stack, number_members
from .entity_table import BETTER, CATEGORY_RULE, ENTITY, CategoryHint, Entity, MemberTable, VendorTables
from .interfaces import ALIAS_MAPPING, Aliases, interface_names
from .members import said_member
from .values import date_and_time, joined, number, position, revision, text, truth, word


def read_entity(
    agent: Agent,
    collection: Collection,
    stacks: bool = True,
    category_hint: CategoryHint | None = None,
    member_table: MemberTable | None = None,
    vendor_tables: VendorTables | None = None,
    models: Mapping[tuple[int, ...], str] | None = None,
    roles: Roles | None = None,
) -> Entity:
    """Read entPhysicalTable and add its items, rejected rows, members and gaps to the collection.

    stacks: False where several chassis are no stack (fabric extenders of NX-OS).
    category_hint: what the platform knows of rows without a class.
    member_table: asked for the member numbers and roles where there is a stack.
    vendor_tables: the vendor's tables that complete it.
    models: entPhysicalVendorType -> model, for agents that leave entPhysicalModelName empty.
    roles: the members of a stack by number, where the vendor has a table of them.
    """
    entity = read_rows(agent, collection, vendor_tables, models or {})
    for key in entity.serials:
        entity.categories[key], entity.rules[key] = _category(entity, key, category_hint)
    stack = find_stack(entity, roles) if stacks else Stack()
    members = [member_table.cells(stack.chassis)] if member_table and stack.chassis else []
    unnamed = cages_of(entity, without_words(entity))
    aliases = Aliases(agent, entity.tree)
    places = [*map(aliases.around, _served(entity)), *unnamed.values()]
    aliases.ask(chain.from_iterable(places), *members)
    number_members(entity, collection, stack, member_table, roles)
    interfaces = _interfaces(agent, entity, collection, aliases, unnamed)
    report_shared(entity, interfaces, collection)
    collection.items.extend(_item(entity, key, interfaces.get(key)) for key in entity.serials)
    report_units(entity, collection)
    return entity


def _served(entity: Entity) -> list[int]:
    return [key for key, category in entity.categories.items() if category in ("port", TRANSCEIVER)]


def _interfaces(
    agent: Agent, entity: Entity, collection: Collection, aliases: Aliases, unnamed: Mapping[int, list[int]]
) -> dict[int, str]:
    """The interfaces of ports and pluggables; a row with an interface is a pluggable even if no text of it says so.

    unnamed: the rows that may be one, each with where its interface may be found.
    """
    interfaces = interface_names(agent, aliases, {key: entity.texts(key) for key in _served(entity)})
    found = [key for key, places in unnamed.items() if aliases.first(places) is not None]
    for key in found:
        entity.categories[key], entity.rules[key] = TRANSCEIVER, ALIAS_MAPPING.name
    if unnamed and agent.broke_off(ALIAS_MAPPING):
        # The next time one of them may be recognised.
        collection.tie(ENTITY.name, ALIAS_MAPPING.name)
    return interfaces | interface_names(agent, aliases, {key: entity.texts(key) for key in found})


def _category(entity: Entity, key: int, hint: CategoryHint | None) -> tuple[str, str]:
    """The category of a row with a serial, and the name of the rule or object that decided it."""
    row = entity.rows[key]
    more = entity.more.get(key, {})
    physical_class = number(row, "class") or 0
    has_class = PHYSICAL_CLASSES.get(physical_class, "unknown") != "unknown"
    if more.get("category") and (not has_class or "category" in more.get(BETTER, ())):
        return more["category"], more[CATEGORY_RULE]
    if not has_class and is_optic(entity, key, "unknown"):
        return TRANSCEIVER, "pluggable"
    name, descr = entity.texts(key)
    category = category_of(physical_class, (descr, name, entity.model(key)))
    rule = "entPhysicalClass" if PHYSICAL_CLASSES.get(physical_class) == category else "words"
    hinted = hint(name, descr) if hint and not physical_class else None
    if hinted:
        category, rule = hinted
    elif not physical_class and category == "unknown" and len(entity.serials) == 1 and entity.tree.parent(key) is None:
        # One serial, no classes: the device itself (FTD).
        return "chassis", "only serial"
    return (TRANSCEIVER, "pluggable") if is_optic(entity, key, category) else (category, rule)


def _item(entity: Entity, key: int, interface: str | None) -> Item:
    row = entity.rows[key]
    above = entity.tree.ancestors(key)
    parent = entity.tree.parent(key)
    named = _named_after(entity, key)
    item = Item(
        serial=entity.serials[key],
        index=str(key),
        source=ENTITY.name,
        part=entity.model(key),
        name=entity.name(named),
        description=entity.texts(named)[1],
        category=entity.categories[key],
        category_rule=entity.rules[key],
        manufacturer=word(row, "mfg_name"),
        hardware_rev=revision(row, "hardware_rev"),
        firmware_rev=revision(row, "firmware_rev"),
        software_rev=revision(row, "software_rev"),
        is_fru=truth(row, "is_fru"),
        alias=text(row, "alias"),
        asset_id=text(row, "asset_id"),
        manufactured=date_and_time(row, "mfg_date"),
        parent=None if parent is None else str(parent),
        ancestors=tuple(str(ancestor) for ancestor in above),
        position=position(row, "position"),
        path=_path(entity, named, entity.tree.ancestors(named)),
        interface=interface,
        member=_member(entity, key, above),
    )
    return _completed(item, entity.more.get(key, {}))


def _named_after(entity: Entity, key: int) -> int:
    """The row that a part is named after: an optic after its port, not after one of the sensors with its serial."""
    is_sensor = entity.physical_class(key) == "sensor" and entity.categories[key] == TRANSCEIVER
    return (cage_of(entity, key) or key) if is_sensor else key


def _member(entity: Entity, key: int, above: list[int]) -> int | None:
    """The member that holds a row; where none does, the one that its name begins with: "Switch 2 Power Supply 1"."""
    found = next((entity.members[place] for place in [key, *above] if place in entity.members), None)
    if found is None and entity.members and not above:
        said = said_member(entity.name(key))
        found = said if said in entity.members.values() else None
    return found


def _completed(item: Item, more: Mapping[str, Any]) -> Item:
    """The item with its empty fields filled, and those replaced for which the vendor's table is preferred."""
    values = {}
    for name, value in more.items():
        known = name not in (BETTER, CATEGORY_RULE, "part", "category") and value is not None
        if known and (name in more.get(BETTER, ()) or getattr(item, name) is None):
            values[name] = value
    return replace(item, **values) if values else item


def _path(entity: Entity, key: int, above: list[int]) -> str | None:
    """Names from the chassis down; from the root where there is no chassis above.

    A row without a name is left out: its index may be another after the next reboot.
    """
    places = [key, *above]
    chassis = next((depth for depth, place in enumerate(places) if entity.physical_class(place) == "chassis"), None)
    inside = places if chassis is None else places[: chassis + 1]
    return joined(name for place in reversed(inside) if (name := entity.name(place))) or None

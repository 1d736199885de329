# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cisco: ENTITY-MIB; where that tells no serial, the tables that came before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..item import TRANSCEIVER, Item
from ..serials import clean, judge_number
from ..snmp.agent import Agent, Index, Table
from ..snmp.transport import Oid
from .collection import Collection
from .entity import read_entity
from .values import Row, dotted, number, position, text, word

#: CISCO-STACKWISE-MIB, indexed by entPhysicalIndex.
SWITCH_INFO = Table(
    "cswSwitchInfoTable", (1, 3, 6, 1, 4, 1, 9, 9, 500, 1, 2, 1, 1), {"number": 1, "role": 3}, required=False
)
#: cswSwitchRole
ROLES = {1: "master", 2: "member", 3: "notMember", 4: "standby"}

#: OLD-CISCO-CHASSIS-MIB
OLD_SOURCE = "OLD-CISCO-CHASSIS-MIB"
OLD_CHASSIS: Mapping[str, Oid] = {
    "version": (1, 3, 6, 1, 4, 1, 9, 3, 6, 2, 0),
    "serial": (1, 3, 6, 1, 4, 1, 9, 3, 6, 3, 0),
}
CARDS = Table(
    "cardTable",
    (1, 3, 6, 1, 4, 1, 9, 3, 6, 11, 1),
    {"descr": 3, "serial": 4, "hardware_rev": 5, "software_rev": 6, "slot": 7, "contained_in": 8},
)

#: CISCO-STACK-MIB
STACK_SOURCE = "CISCO-STACK-MIB"
STACK_CHASSIS: Mapping[str, Oid] = {
    "model": (1, 3, 6, 1, 4, 1, 9, 5, 1, 2, 16, 0),
    "number": (1, 3, 6, 1, 4, 1, 9, 5, 1, 2, 17, 0),
    "serial": (1, 3, 6, 1, 4, 1, 9, 5, 1, 2, 19, 0),
}
MODULES = Table(
    "moduleTable",
    (1, 3, 6, 1, 4, 1, 9, 5, 1, 3, 1, 1),
    {
        **{"number": 3, "name": 13, "model": 17, "hardware_rev": 18, "firmware_rev": 19, "software_rev": 20},
        "serial": 26,
    },
)

#: CISCOSB-rndMng's inventory of small-business switches, indexed by 0 (unit) or 1 (interface) and its number
SMALL_BUSINESS = Table(
    "rlInventoryEntTable",
    (1, 3, 6, 1, 4, 1, 9, 6, 1, 101, 217, 1),
    {"hardware_rev": 3, "part": 4, "name": 5, "descr": 6, "serial": 7},
)
_UNIT, _INTERFACE = 0, 1

NUMBERS_ONLY = "serials of cards are numbers in OLD-CISCO-CHASSIS-MIB: their letters and leading zeros may be lost"
CHASSIS_ID = "the chassis serial is chassisId, which says whatever 'snmp-server chassis-id' was given"


def read_ios(agent: Agent, collection: Collection) -> None:
    """IOS, IOS-XE, IOS-XR and ASA."""

    def told(chassis: Sequence[int]) -> dict[int, tuple[int | None, str | None]]:
        rows = agent.rows(SWITCH_INFO, ("number", "role"), [(key,) for key in chassis])
        return {index[0]: (number(row, "number"), ROLES.get(number(row, "role") or 0)) for index, row in rows.items()}

    read_entity(agent, collection, told=told)
    _fall_back(agent, collection)


def read_nxos(agent: Agent, collection: Collection) -> None:
    """NX-OS: further chassis are fabric extenders, no stack."""
    read_entity(agent, collection, stacks=False)
    _fall_back(agent, collection)


def read_other(agent: Agent, collection: Collection) -> None:
    """What else Cisco sells: small-business switches list their optics in a table of their own."""
    read_entity(agent, collection)
    for index, row in sorted(agent.columns(SMALL_BUSINESS, tuple(SMALL_BUSINESS.columns)).items()):
        name = text(row, "name")
        serial = collection.serial(row.get("serial"), dotted(index), name, SMALL_BUSINESS.name)
        if serial and len(index) == 2 and index[0] in (_UNIT, _INTERFACE):
            collection.items.append(_inventory_item(index, serial, row))
    _fall_back(agent, collection)


def _inventory_item(index: Index, serial: str, row: Row) -> Item:
    name = text(row, "name")
    optic = index[0] == _INTERFACE
    return Item(
        serial=serial,
        index=dotted(index),
        source=SMALL_BUSINESS.name,
        part=word(row, "part"),
        name=name if optic else f"Unit {name or index[1]}",
        description=text(row, "descr"),
        category=TRANSCEIVER if optic else "chassis",
        hardware_rev=word(row, "hardware_rev"),
        path=name if optic else f"Unit {name or index[1]}",
        interface=name if optic else None,
    )


def _fall_back(agent: Agent, collection: Collection) -> None:
    if collection.items:
        return
    for old in (_read_old_chassis, _read_stack_mib):
        old(agent, collection)


def _read_old_chassis(agent: Agent, collection: Collection) -> None:
    scalars = agent.scalars(OLD_CHASSIS)
    cards = agent.columns(CARDS, tuple(CARDS.columns))
    serial = collection.serial(scalars.get("serial"), "0", "Chassis", OLD_SOURCE)
    if serial:
        revision = word(scalars, "version")
        item = Item(serial, "0", OLD_SOURCE, name="Chassis", category="chassis", hardware_rev=revision, path="Chassis")
        collection.items.append(item)
        collection.cover(CHASSIS_ID)
    for index, row in sorted(cards.items()):
        card = _card(dotted(index), row, collection)
        if card:
            collection.items.append(card)
            collection.cover(NUMBERS_ONLY)


def _card(index: str, row: Row, collection: Collection) -> Item | None:
    name = text(row, "descr")
    found = judge_number(row.get("serial"))
    if found.reason:
        collection.reject(found.serial, found.reason, index, name, CARDS.name)
    if found.reason or not found.serial:
        return None
    parent = number(row, "contained_in") or 0
    return Item(
        serial=found.serial,
        index=index,
        source=CARDS.name,
        name=name,
        description=name,
        category="module",
        hardware_rev=word(row, "hardware_rev"),
        software_rev=word(row, "software_rev"),
        parent=str(parent) if parent > 0 else None,
        position=position(row, "slot"),
        path=f"Chassis / {name or index}",
    )


def _read_stack_mib(agent: Agent, collection: Collection) -> None:
    scalars = agent.scalars(STACK_CHASSIS)
    modules = agent.columns(MODULES, tuple(MODULES.columns))
    serial = _text_or_number(scalars, "0", "Chassis", STACK_SOURCE, collection)
    if serial:
        model = word(scalars, "model")
        collection.items.append(
            Item(serial, "0", STACK_SOURCE, part=model, name="Chassis", category="chassis", path="Chassis")
        )
    for index, row in sorted(modules.items()):
        slot = dotted(index)
        name = text(row, "name") or f"Module {slot}"
        serial = _text_or_number(row, slot, name, MODULES.name, collection)
        if serial:
            collection.items.append(_module(serial, slot, name, row))


def _text_or_number(row: Row, index: str, name: str, source: str, collection: Collection) -> str | None:
    """The serial as text; from the deprecated INTEGER where the text is empty."""
    if clean(row.get("serial")):
        return collection.serial(row["serial"], index, name, source)
    found = judge_number(row.get("number"))
    return found.serial if found.serial and not found.reason else None


def _module(serial: str, index: str, name: str, row: Row) -> Item:
    return Item(
        serial=serial,
        index=index,
        source=MODULES.name,
        part=word(row, "model"),
        name=name,
        category="module",
        hardware_rev=word(row, "hardware_rev"),
        firmware_rev=word(row, "firmware_rev"),
        software_rev=word(row, "software_rev"),
        path=f"Chassis / {name}",
    )

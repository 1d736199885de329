# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Junos: JUNIPER-MIB's contents and FRU tables have chassis, cards, power and fans, but no optics; ENTITY-MIB, where
there is one, has the optics. Both are read; the merge joins them on the serial."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .._parts.inventory import Member
from .._parts.item import TRANSCEIVER, Item
from .._parts.labels import device_text
from .._snmp.agent import SCALARS, Agent, Index, Rows, Table, TableStatus
from .._snmp.transport import Oid, dotted
from .categories import category_in_words
from .collection import MOST_UNITS, Collection
from .description import model_of
from .entity import read_entity
from .entity_table import ENTITY, OVERVIEW, CategoryHint
from .profile import Layout
from .profile_reader import read_sources
from .profile_reading import first_columns
from .tree import DEEPEST
from .values import TableRow, joined, number, part_number, revision, text

#: JUNIPER-MIB
BOX_SOURCE = "jnxBoxSerialNo"
BOX: Mapping[str, Oid] = {"descr": (1, 3, 6, 1, 4, 1, 2636, 3, 1, 2, 0), "serial": (1, 3, 6, 1, 4, 1, 2636, 3, 1, 3, 0)}
#: indexed by container type, and up to three levels counted from 1 (0: not used)
CONTENTS = Table(
    "jnxContentsTable",
    (1, 3, 6, 1, 4, 1, 2636, 3, 1, 8, 1),
    {"descr": 6, "serial": 7, "revision": 8, "part": 10, "chassis_id": 11, "model": 14},
)
CONTAINERS = Table("jnxContainersTable", (1, 3, 6, 1, 4, 1, 2636, 3, 1, 6, 1), {"within": 4, "descr": 6})
FRUS = Table("jnxFruTable", (1, 3, 6, 1, 4, 1, 2636, 3, 1, 15, 1), {"name": 5, "type": 6})
#: JUNIPER-VIRTUALCHASSIS-MIB, indexed by member id
VC_MEMBERS = Table(
    "jnxVirtualChassisMemberTable",
    (1, 3, 6, 1, 4, 1, 2636, 3, 40, 1, 4, 1, 1, 1),
    {"serial": 2, "role": 3, "model": 8},
)

#: jnxVirtualChassisMemberRole
ROLES = {1: "master", 2: "backup", 3: "linecard"}
#: jnxFruType: power entry module, power distribution unit, power supply module; fan; line card chassis. The type
#: other(1) decides nothing, all others are modules.
FRU_CATEGORIES = {7: "powerSupply", 17: "powerSupply", 18: "powerSupply", 13: "fan", 14: "chassis"}
#: container types that do not change between platforms
_CHASSIS, _FPC = 1, 7

#: "node1 midplane": the rows of both nodes of a cluster (SRX) are in one table.
_NODE = re.compile(r"node(\d)\b", re.I)
#: JnxChassisId: node0 is 12.
_NODE_IDS = {12: 0, 13: 1}
#: "FPC: EX4300-48MP @ 1/*/*": FPC, PIC and port; on a virtual chassis the FPC is the member.
_AT = re.compile(r"@ (\d+)/")

NO_ENTITY = "optics: this Junos release has no ENTITY-MIB, so their serials cannot be read over SNMP"
NO_OPTICS = "optics: ENTITY-MIB lists none; if there are any, this Junos release does not report their serials"


@dataclass
class _Box:
    """The tables of JUNIPER-MIB of a device."""

    contents: dict[Index, dict[str, bytes | int | Oid]] = field(default_factory=dict)
    containers: Rows = field(default_factory=dict)
    serials: dict[Index, str] = field(default_factory=dict)
    fru_types: dict[Index, int] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    nodes: dict[Index, int] = field(default_factory=dict)  #: of a cluster, by row
    frames: set[Index] = field(default_factory=set)  #: rows that are the chassis of a cluster's nodes


def read_junos(agent: Agent, collection: Collection, layout: Layout) -> None:
    """Junos and Junos Evolved; the layout may add tables of one's own."""
    box = _read_box(agent, collection, layout)
    scalars = agent.scalars(BOX)
    _read_nodes(agent, box, collection.judge(scalars.get("serial")).serial)
    collection.members = [member for _number, member in sorted(box.members.items())]
    read_entity(agent, collection, stacks=False, category_hint=_category_hint(agent, box))
    collection.items.extend(_item(box, index) for index in sorted(box.serials))
    _add_members(box, collection)
    _add_chassis(scalars, collection)
    collection.items = [replace(item, member=_member(item, box)) for item in collection.items]
    _report_units(agent, collection, box)
    _report_optics(agent, collection)
    collection.tables[BOX_SOURCE] = TableStatus(rows=1 if "serial" in scalars else 0)
    tables = (CONTENTS, CONTAINERS, FRUS, VC_MEMBERS, ENTITY)
    collection.tie(*(table.name for table in tables), BOX_SOURCE, SCALARS)
    read_sources(agent, collection, layout)


def _read_box(agent: Agent, collection: Collection, layout: Layout) -> _Box:
    agent.read(
        (CONTENTS, ("serial", "descr")),
        (ENTITY, OVERVIEW),
        (VC_MEMBERS, tuple(VC_MEMBERS.columns)),
        (CONTAINERS, tuple(CONTAINERS.columns)),
        *first_columns(layout),
        scalars=BOX,
    )
    rows = agent.columns(CONTENTS, ("serial", "descr"))
    box = _Box(contents={index: dict(row) for index, row in rows.items() if len(index) == 4})
    box.containers = agent.columns(CONTAINERS, tuple(CONTAINERS.columns))
    for index, row in box.contents.items():
        serial = collection.serial(row.get("serial"), dotted(index), text(row, "descr"), CONTENTS.name)
        if serial:
            box.serials[index] = serial
    parts = dict.fromkeys(sorted(box.serials), ("revision", "part", "model"))
    agent.ask(
        (CONTENTS, {**dict.fromkeys(_bare(box)[:MOST_UNITS], ("part",)), **parts}),
        (FRUS, dict.fromkeys(parts, ("type",))),
    )
    for index, details in agent.cells(CONTENTS, parts).items():
        box.contents[index].update(details)
    types = agent.rows(FRUS, ("type",), sorted(box.serials))
    box.fru_types = {index: number(row, "type") or 0 for index, row in types.items()}
    box.members = _read_members(agent, collection)
    return box


def _bare(box: _Box) -> list[Index]:
    """The rows without a text for a serial."""
    return [index for index, row in sorted(box.contents.items()) if not device_text(row.get("serial"))]


def _read_members(agent: Agent, collection: Collection) -> dict[int, Member]:
    members = {}
    for index, row in agent.columns(VC_MEMBERS, tuple(VC_MEMBERS.columns)).items():
        serial = collection.serial(row.get("serial"), dotted(index), f"Member {dotted(index)}", VC_MEMBERS.name)
        if serial and len(index) == 1:
            role = ROLES.get(number(row, "role") or 0)
            members[index[0]] = Member(index[0], serial, part_number(row, "model"), role)
    return members


def _read_nodes(agent: Agent, box: _Box, serial: str) -> None:
    """Find the nodes of a cluster, of which each is a chassis; one of them is the box that answers.

    serial: jnxBoxSerialNo. What shows it is a chassis frame, or on small boxes the Routing Engine; then the rows beside
    it that only differ in the node are the other chassis. On an MX nothing shows it: its frame is the midplane.
    """
    own = [index for index in sorted(box.serials) if box.serials[index] == serial]
    if box.members or not own:
        return
    beside = [index for index in sorted(box.serials) if (index[0], index[2:]) == (own[0][0], own[0][2:])]
    if own[0][0] != _CHASSIS:
        texts = {index: text(box.contents[index], "descr") or "" for index in beside}
        kind = _NODE.sub("", texts[own[0]])
        beside = [index for index in beside if _NODE.match(texts[index]) and _NODE.sub("", texts[index]) == kind]
    frames = {box.serials[index]: index for index in beside}
    if len(frames) < 2:
        return
    ids = agent.rows(CONTENTS, ("chassis_id",), sorted(box.serials))
    for index, row in box.contents.items():
        said = _NODE.match(text(row, "descr") or "")
        node = int(said[1]) if said else _NODE_IDS.get(number(ids.get(index, {}), "chassis_id") or 0)
        box.nodes.update({} if node is None else {index: node})
    for order, index in enumerate(sorted(frames.values())):
        node = box.nodes.setdefault(index, order)
        row = box.contents[index]
        model = part_number(row, "part") or part_number(row, "model")
        box.frames.add(index)
        box.members[node] = Member(node, box.serials[index], model)


def _category_hint(agent: Agent, box: _Box) -> CategoryHint:
    """The category of ENTITY-MIB rows of Junos Evolved, whose class is 0: by the FRU of the same name."""
    types: dict[str | None, int] = {}

    def hint(name: str | None, descr: str | None) -> tuple[str, str] | None:
        if not types:
            rows = agent.columns(FRUS, ("name", "type"))
            types.update({text(row, "name"): number(row, "type") or 0 for row in rows.values()})
        fru = types.get(descr) or types.get(name)
        category = _fru_category(fru)
        return (category, "jnxFruType") if category else None

    return hint


def _fru_category(fru_type: int | None) -> str | None:
    """The category of a jnxFruType; None where it decides nothing."""
    return FRU_CATEGORIES.get(fru_type, "module") if fru_type and fru_type > 1 else None


def _category(box: _Box, index: Index) -> tuple[str, str]:
    """jnxFruType first; then the container's name, such as "PEM slot". With the name of what decided it."""
    row = box.contents[index]
    if index in box.frames:
        return "chassis", CONTENTS.name
    if index[0] == _FPC and box.serials[index] in {member.serial for member in box.members.values()}:
        return "chassis", VC_MEMBERS.name  # the FPC is the whole switch
    fru = _fru_category(box.fru_types.get(index))
    if fru:
        return fru, "jnxFruType"
    descr = text(row, "descr")
    if index[0] == _CHASSIS:
        return ("backplane" if category_in_words([descr]) == "backplane" else "chassis"), CONTAINERS.name
    category = category_in_words([descr, text(box.containers.get(index[:1], {}), "descr")])
    return category or "module", "words" if category else CONTENTS.name


def _item(box: _Box, index: Index) -> Item:
    row = box.contents[index]
    above = _ancestors(box, index)
    part = part_number(row, "part")
    category, rule = _category(box, index)
    return Item(
        serial=box.serials[index],
        index=dotted(index),
        source=CONTENTS.name,
        part=part or part_number(row, "model"),
        name=_name(box, index),
        description=text(row, "descr"),
        category=category,
        category_rule=rule,
        hardware_rev=revision(row, "revision"),
        # What is built in has no part number of its own.
        is_fru=part is not None,
        parent=dotted(above[0]) if above else None,
        ancestors=tuple(dotted(place) for place in above),
        position=_last_level(index),
        path=joined(_step(box, place) for place in [*reversed(above), index]),
    )


def _name(box: _Box, index: Index) -> str:
    if index in box.frames:
        return f"node{box.nodes[index]}"
    return text(box.contents[index], "descr") or ("Chassis" if index[0] == _CHASSIS else dotted(index))


def _step(box: _Box, index: Index) -> str:
    """The name in a path: what JUNIPER-MIB lists as the chassis of an MX is its midplane."""
    return "Chassis" if index[0] == _CHASSIS and index not in box.frames else _name(box, index)


def _last_level(index: Index) -> int | None:
    """The slot, counted from 0 as the command line does."""
    used = [level for level in index[1:] if level]
    return used[-1] - 1 if used else None


def _ancestors(box: _Box, index: Index) -> list[Index]:
    """The rows that contain this one, the nearest first."""
    found: list[Index] = []
    parent = _parent(box, index)
    while parent is not None and parent != index and parent not in found and len(found) < DEEPEST:
        found.append(parent)
        parent = _parent(box, parent)
    return found


def _parent(box: _Box, index: Index) -> Index | None:
    """A fan's tray (same container, one level up); jnxContainersWithin; a virtual chassis' member; the chassis."""
    container, levels = index[0], list(index[1:])
    used = [depth for depth, level in enumerate(levels) if level]
    if used:
        levels[used[-1]] = 0
    places = [(container, *levels)]
    within = number(box.containers.get((container,), {}), "within") or 0
    if within > _CHASSIS:
        places.append((within, *levels))
    at = _AT.search(text(box.contents.get(index, {}), "descr") or "")
    if box.members and at and container != _FPC and not box.nodes:
        places.append((_FPC, int(at[1]) + 1, 0, 0))
    if index in box.nodes and index not in box.frames:
        places += [frame for frame in sorted(box.frames) if box.nodes[frame] == box.nodes[index]]
    if not box.members and index not in box.frames:
        places.append((_CHASSIS, 1, 0, 0))
    return next((place for place in places if place in box.contents and place != index), None)


def _add_members(box: _Box, collection: Collection) -> None:
    """Members whose serial is in no other table."""
    known = {item.serial for item in collection.items}
    for member in collection.members:
        if member.serial not in known:
            name = f"Member {member.number}"
            index = str(member.number)
            row = (member.serial, index, VC_MEMBERS.name, member.model, name)
            collection.items.append(Item(*row, category="chassis", category_rule=VC_MEMBERS.name, path=name))


def _add_chassis(scalars: TableRow, collection: Collection) -> None:
    """The chassis; on a virtual chassis the member that is master now."""
    serial = collection.serial(scalars.get("serial"), "0", "Chassis", BOX_SOURCE)
    if not serial:
        return
    descr = text(scalars, "descr")
    same = [item for item in collection.items if item.serial == serial]
    # jnxBoxDescr is "the name, model, or detailed description of the box": a word of it is the model.
    model = model_of(descr or "") or None
    part = None if any(item.part for item in same) else model
    name = next((item.name for item in same if item.category == "chassis" and item.name), "Chassis")
    collection.items.append(Item(serial, "0", BOX_SOURCE, part, name, descr, "chassis", BOX_SOURCE, path=name))
    collection.scalars.add(BOX_SOURCE)


def _member(item: Item, box: _Box) -> int | None:
    for member in box.members.values():
        if member.serial == item.serial:
            return member.number
    if box.nodes:
        said = _NODE.match(item.description or item.name or "")
        index = tuple(int(number) for number in item.index.split(".")) if item.source == CONTENTS.name else ()
        return int(said[1]) if said else box.nodes.get(index)
    at = _AT.search(item.description or item.name or "")
    return int(at[1]) if at and int(at[1]) in box.members else None


def _report_units(agent: Agent, collection: Collection, box: _Box) -> None:
    """Report the parts that have a part number of their own and no serial. What is built in has neither."""
    for index, row in agent.rows(CONTENTS, ("part",), _bare(box)[:MOST_UNITS]).items():
        part = part_number(row, "part")
        if part:
            collection.cover_unit(_name(box, index), part)


def _report_optics(agent: Agent, collection: Collection) -> None:
    status = agent.tables[ENTITY.name]
    if not status.complete:
        return
    if not status.rows:
        collection.cover(NO_ENTITY)
    elif not any(item.category == TRANSCEIVER for item in collection.items):
        collection.cover(NO_OPTICS)

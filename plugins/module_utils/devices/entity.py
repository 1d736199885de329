# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ENTITY-MIB (RFC 6933): the parts of nearly every device.

Read in two steps, because a chassis has hundreds of rows and few of them matter: the serial column with the small
integers of all rows (class, parent, FRU); then the texts of the rows with serials, the names of what contains them,
and of field-replaceable units without a serial, which are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..item import PHYSICAL_CLASSES, TRANSCEIVER, Item
from ..serials import Raw, clean
from ..snmp.agent import Agent, Index, Rows, Table, Value
from .categories import category_of
from .collection import Collection, Member
from .interfaces import interface_in_text, interface_names
from .members import Candidate, member_numbers
from .transceivers import is_cage, is_transceiver
from .tree import Tree
from .values import date_and_time, number, position, text, truth, word

ENTITY = Table(
    "entPhysicalTable",
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1),
    {
        **{"descr": 2, "vendor_type": 3, "contained_in": 4, "class": 5, "position": 6, "name": 7, "hardware_rev": 8},
        **{"firmware_rev": 9, "software_rev": 10, "serial": 11, "mfg_name": 12, "model": 13, "alias": 14},
        **{"asset_id": 15, "is_fru": 16, "mfg_date": 17},
    },
)

#: Read of every row, to find those that matter.
OVERVIEW = ("serial", "class", "contained_in", "is_fru")
_NAMES = ("name", "descr", "model")
_DETAILS = (
    *(*_NAMES, "position", "mfg_name", "hardware_rev", "firmware_rev", "software_rev"),
    *("alias", "asset_id", "mfg_date"),
)
#: Units of these classes come without a serial as a rule, also where the agent calls them replaceable.
_NO_LABEL = frozenset({"port", "sensor", "stack", "cpu", TRANSCEIVER})
#: Rows with a text that is no serial are named up to so many: some agents write N/A on each port.
MOST_NAMED = 100
#: Where a pluggable sits.
_CAGES = frozenset({"container", "port"})

#: The two ends of a cable between two ports of one box show one serial.
_CABLE_ENDS = 2
#: An optic has a port row for each lane at most.
_MOST_LANES = 8

#: Old IOS leaves the column empty and says in entPhysicalDescr: "... Hw Serial#: FCX1234, Hw Revision: 1.0".
_SERIAL_IN_TEXT = re.compile(rb"serial ?(?:#|no\.?|number)? ?[:#] ?([A-Za-z0-9-]+)", re.I)


class Hint(Protocol):
    """What a platform knows of a row whose class is missing or 0."""

    def __call__(self, name: str | None, descr: str | None) -> tuple[str, str] | None:
        """From a row's name and description to its category and the object that told it, None for no idea."""


class Told(Protocol):
    """What a platform's own table says of the members of a stack."""

    def __call__(self, chassis: Sequence[int]) -> Mapping[int, tuple[int | None, str | None]]:
        """From the entPhysicalIndex of chassis to their (number, role)."""


class Beside(Protocol):
    """A vendor's tables that say more of the rows of entPhysicalTable, by entPhysicalIndex."""

    def serials(self) -> Mapping[int, tuple[Raw, bool]]:
        """Serials, and whether they count before those of the rows; else only where these have no good one."""

    def fields(self, keys: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """What these rows are besides, by fields of an Item: it fills what is empty. See BETTER and CATEGORY_RULE."""


#: Key of Beside.fields(): fields that it knows better than ENTITY-MIB.
BETTER = "better"
#: Key of Beside.fields(): the table that told the category.
CATEGORY_RULE = "category_rule"


@dataclass
class Entity:
    """The rows of entPhysicalTable by entPhysicalIndex, as far as they were read."""

    rows: dict[int, dict[str, Value]] = field(default_factory=dict)
    serials: dict[int, str] = field(default_factory=dict)  #: of the rows that have a good one
    categories: dict[int, str] = field(default_factory=dict)  #: of the same rows
    rules: dict[int, str] = field(default_factory=dict)  #: what told the category
    more: dict[int, Mapping[str, Any]] = field(default_factory=dict)  #: of Beside.fields()
    models: Mapping[tuple[int, ...], str] = field(default_factory=dict)  #: by entPhysicalVendorType
    tree: Tree = field(default_factory=lambda: Tree({}))
    holders: set[int] = field(default_factory=set)  #: rows that contain a part with another serial
    members: dict[int, int] = field(default_factory=dict)  #: row of a member's chassis -> its number

    def take(self, rows: Rows) -> None:
        """Add cells that were read; an index of another shape is no row of this table."""
        for index, row in rows.items():
            if len(index) == 1:
                self.rows.setdefault(index[0], {}).update(row)

    def physical_class(self, key: int) -> str:
        """The row's class in a word, by its number alone."""
        return category_of(number(self.rows.get(key, {}), "class"), ())

    def texts(self, key: int) -> tuple[str | None, str | None]:
        """Its name and description."""
        row = self.rows.get(key, {})
        return text(row, "name"), text(row, "descr")

    def name(self, key: int) -> str | None:
        name, descr = self.texts(key)
        return name or descr

    def model(self, key: int) -> str | None:
        """entPhysicalModelName, or what the vendor's other columns say."""
        row = self.rows.get(key, {})
        told = self.more.get(key, {})
        own = word(row, "model") or self.models.get(_oid(row.get("vendor_type")))
        return (told.get("part") or own) if "part" in told.get(BETTER, ()) else (own or told.get("part"))


def _oid(value: Value | None) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else ()


def read_entity(
    agent: Agent,
    collection: Collection,
    stacks: bool = True,
    hint: Hint | None = None,
    told: Told | None = None,
    beside: Beside | None = None,
    models: Mapping[tuple[int, ...], str] | None = None,
) -> Entity:
    """Read entPhysicalTable and add its items, rejected rows, members and gaps to the collection.

    stacks: False where several chassis are no stack (fabric extenders of NX-OS).
    told: asked for the member numbers and roles where there is a stack.
    beside: the vendor's tables that complete it.
    models: entPhysicalVendorType -> model, for agents that leave entPhysicalModelName empty.
    """
    entity = _read_rows(agent, collection, beside, models or {})
    for key in entity.serials:
        entity.categories[key], entity.rules[key] = _category(entity, key, hint)
    if stacks:
        _number_members(entity, collection, told)
    served = [key for key, category in entity.categories.items() if category in ("port", TRANSCEIVER)]
    interfaces = interface_names(agent, entity.tree, {key: entity.texts(key) for key in served})
    collection.items.extend(_item(entity, key, interfaces.get(key)) for key in entity.serials)
    _report_units(entity, collection)
    return entity


def _read_rows(
    agent: Agent, collection: Collection, beside: Beside | None, models: Mapping[tuple[int, ...], str]
) -> Entity:
    """Read what matters, and judge the serials."""
    entity = Entity(models=models)
    entity.take(agent.columns(ENTITY, OVERVIEW))
    for row in entity.rows.values():
        row.setdefault("serial", b"")
    if entity.rows and not any(clean(row["serial"]) for row in entity.rows.values()):
        _serials_in_texts(agent, entity)
    for key, (raw, better) in beside.serials().items() if beside else ():
        known = key in entity.rows and _is_good(collection, entity.rows[key]["serial"])
        if key in entity.rows and _is_good(collection, raw) and (better or not known):
            entity.rows[key]["serial"] = raw if isinstance(raw, (bytes, int, tuple)) else str(raw).encode()
    verdicts = {key: collection.judge(entity.rows[key]["serial"]) for key in sorted(entity.rows)}
    entity.serials = {key: found.serial for key, found in verdicts.items() if found.serial and not found.reason}
    rejected = {key: found for key, found in verdicts.items() if found.reason}
    if not entity.serials and not rejected:
        return entity
    entity.tree = Tree({key: number(row, "contained_in") or None for key, row in entity.rows.items()})
    _hand_up(entity)
    above = {(ancestor, serial) for key, serial in entity.serials.items() for ancestor in entity.tree.ancestors(key)}
    entity.holders = {ancestor for ancestor, serial in above if entity.serials.get(ancestor) != serial}
    around = {ancestor for ancestor, _serial in above}
    entity.take(agent.cells(ENTITY, _texts_wanted(entity, around, rejected)))
    nameless = [key for key in (*around, *sorted(rejected)[:MOST_NAMED], *_units(entity)) if not _has_name(entity, key)]
    entity.take(agent.rows(ENTITY, ("descr",), _indexes(nameless)))
    if beside:
        entity.more.update(beside.fields(sorted(entity.serials)))
    for key, found in rejected.items():
        collection.reject(found.serial, found.reason or "", str(key), entity.name(key), ENTITY.name)
    return entity


def _hand_up(entity: Entity) -> None:
    """A serial that many ports side by side show is that of the chassis which holds them and says none itself."""
    alike: dict[tuple[str, int | None], list[int]] = {}
    for key, serial in entity.serials.items():
        if entity.physical_class(key) == "port":
            alike.setdefault((serial, entity.tree.parent(key)), []).append(key)
    for (serial, _parent), keys in alike.items():
        above = entity.tree.ancestors(keys[0])
        chassis = next((ancestor for ancestor in above if entity.physical_class(ancestor) == "chassis"), None)
        if len(keys) > _CABLE_ENDS and chassis is not None and chassis not in entity.serials:
            for key in keys:
                del entity.serials[key]
            entity.serials[chassis] = serial


def _has_name(entity: Entity, key: int) -> bool:
    return text(entity.rows[key], "name") is not None


def _is_good(collection: Collection, raw: Raw) -> bool:
    found = collection.judge(raw)
    return bool(found.serial) and found.reason is None


def _first_rows(entity: Entity) -> set[int]:
    """Of rows that repeat a serial, inside another row of it or side by side, only the first: it tells the part.

    Names and models are read of all, since one of the others may have the model. A chassis tells itself also where the
    row of its stack, which shows the serial of the member that leads, is around it.
    """
    first: dict[tuple[str, int | None], int] = {}
    for key, serial in sorted(entity.serials.items()):
        if all(entity.serials.get(above) != serial for above in entity.tree.ancestors(key)):
            first.setdefault((serial, entity.tree.parent(key)), key)
    chassis = {key for key in entity.serials if entity.physical_class(key) == "chassis"}
    return chassis.union(first.values()) or set(entity.serials)


def _texts_wanted(entity: Entity, around: Iterable[int], rejected: Iterable[int]) -> dict[Index, Sequence[str]]:
    """Which texts are read: all of a part's first row, names and models of its others, of what holds it the name."""
    named = {*around, *sorted(rejected)[:MOST_NAMED]}
    wanted: dict[Index, Sequence[str]] = {(key,): ("name",) for key in sorted(named)}
    cages = [key for key in around if entity.physical_class(key) in _CAGES]
    wanted.update({(key,): ("name", "descr") for key in cages})
    wanted.update({(key,): ("name", "model") for key in _units(entity)})
    types = ("vendor_type",) if entity.models else ()
    wanted.update({(key,): (*_NAMES, *types) for key in entity.serials})
    wanted.update({(key,): (*_DETAILS, *types) for key in _first_rows(entity)})
    return wanted


def _serials_in_texts(agent: Agent, entity: Entity) -> None:
    """Take the serials from the descriptions."""
    entity.take(agent.columns(ENTITY, ("descr",)))
    for row in entity.rows.values():
        descr = row.get("descr")
        found = _SERIAL_IN_TEXT.search(descr) if isinstance(descr, bytes) else None
        row["serial"] = found[1] if found else b""


def _indexes(keys: Iterable[int]) -> list[tuple[int, ...]]:
    return [(key,) for key in sorted(keys)]


def _units(entity: Entity) -> list[int]:
    """Field-replaceable units without a good serial."""
    units = [key for key, row in entity.rows.items() if truth(row, "is_fru") and key not in entity.serials]
    return [key for key in units if entity.physical_class(key) not in _NO_LABEL]


def _report_units(entity: Entity, collection: Collection) -> None:
    """Say which replaceable units have a model and no serial; without a model it is an empty slot."""
    for key in sorted(_units(entity)):
        model = word(entity.rows[key], "model")
        if model:
            collection.cover_unit(entity.name(key) or str(key), model)


def _category(entity: Entity, key: int, hint: Hint | None) -> tuple[str, str]:
    """The category of a row with a serial, and the word of what told it."""
    row = entity.rows[key]
    more = entity.more.get(key, {})
    physical_class = number(row, "class") or 0
    told = PHYSICAL_CLASSES.get(physical_class, "unknown") != "unknown"
    if more.get("category") and (not told or "category" in more.get(BETTER, ())):
        return more["category"], more[CATEGORY_RULE]
    name, descr = entity.texts(key)
    category = category_of(physical_class, (descr, name, entity.model(key)))
    rule = "entPhysicalClass" if PHYSICAL_CLASSES.get(physical_class) == category else "words"
    hinted = hint(name, descr) if hint and not physical_class else None
    if hinted:
        category, rule = hinted
    elif not physical_class and category == "unknown" and len(entity.serials) == 1 and entity.tree.parent(key) is None:
        # One serial, no classes: the device itself (FTD).
        return "chassis", "only serial"
    return (TRANSCEIVER, "pluggable") if _is_optic(entity, key, category) else (category, rule)


def _is_optic(entity: Entity, key: int, category: str) -> bool:
    above = entity.tree.ancestors(key)
    same = [ancestor for ancestor in above if entity.serials.get(ancestor) == entity.serials[key]]
    if any(entity.physical_class(ancestor) != "container" or entity.name(ancestor) is None for ancestor in same):
        return False  # it repeats the serial of what it belongs to; a slot that does so is only where it sits
    if category == "sensor":
        # A sensor has no label. In a port or cage it tells that of the optic which it measures.
        cage = _cage(entity, key)
        return cage is not None and (entity.physical_class(cage) == "port" or is_cage(_words(entity, cage)))
    if key in entity.holders or _holds_ports(entity, key):
        return False
    parent = entity.tree.parent(key)
    in_cage = parent is not None and entity.physical_class(parent) in _CAGES
    cage_words = _words(entity, parent) if in_cage else None
    return is_transceiver(category, entity.texts(key), entity.model(key), cage_words)


def _holds_ports(entity: Entity, key: int) -> bool:
    """A row that contains places for parts, or more ports than an optic has lanes, is what optics are plugged into."""
    inside = [entity.physical_class(below) for below in entity.tree.children(key)]
    return "container" in inside or inside.count("port") > _MOST_LANES


def _cage(entity: Entity, key: int) -> int | None:
    """What a sensor sits in, other sensors apart."""
    above = entity.tree.ancestors(key)
    return next((ancestor for ancestor in above if entity.physical_class(ancestor) != "sensor"), None)


def _words(entity: Entity, key: int | None) -> str:
    return " ".join(said for said in entity.texts(-1 if key is None else key) if said)


def _number_members(entity: Entity, collection: Collection, told: Told | None) -> None:
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


def _item(entity: Entity, key: int, interface: str | None) -> Item:
    row = entity.rows[key]
    above = entity.tree.ancestors(key)
    parent = entity.tree.parent(key)
    named = key
    if entity.physical_class(key) == "sensor" and entity.categories[key] == TRANSCEIVER:
        # The optic is called after its port, and not after one of the sensors that tell its serial.
        named = _cage(entity, key) or key
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
        hardware_rev=word(row, "hardware_rev"),
        firmware_rev=word(row, "firmware_rev"),
        software_rev=word(row, "software_rev"),
        is_fru=truth(row, "is_fru"),
        alias=text(row, "alias"),
        asset_id=text(row, "asset_id"),
        manufactured=date_and_time(row, "mfg_date"),
        parent=None if parent is None else str(parent),
        ancestors=[str(ancestor) for ancestor in above],
        position=position(row, "position"),
        path=_path(entity, named, entity.tree.ancestors(named)),
        interface=interface,
        member=next((entity.members[place] for place in [key, *above] if place in entity.members), None),
    )
    _complete(item, entity.more.get(key, {}))
    return item


def _complete(item: Item, more: Mapping[str, Any]) -> None:
    """Fill the item's empty fields, and replace those that the vendor's table knows better."""
    for name, value in more.items():
        known = name not in (BETTER, CATEGORY_RULE, "part", "category") and value is not None
        if known and (name in more.get(BETTER, ()) or getattr(item, name) is None):
            setattr(item, name, value)


def _path(entity: Entity, key: int, above: list[int]) -> str | None:
    """Names from the chassis down; from the root where there is no chassis above.

    A row without a name is left out: its index may be another after the next reboot.
    """
    places = [key, *above]
    chassis = next((depth for depth, place in enumerate(places) if entity.physical_class(place) == "chassis"), None)
    inside = places if chassis is None else places[: chassis + 1]
    return " / ".join(name for place in reversed(inside) if (name := entity.name(place))) or None

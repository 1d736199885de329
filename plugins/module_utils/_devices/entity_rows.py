# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of entPhysicalTable matter, and what of them is read: those with serials first, then their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .._parts.item import TRANSCEIVER
from .._parts.labels import device_text, labelled_serial
from .._parts.serials import Verdict
from .._snmp.agent import Agent, Index
from .collection import Collection
from .entity_table import ENTITY, OVERVIEW, Entity, VendorTables
from .transceivers import names_pluggable
from .tree import DEEPEST, Tree
from .values import number, part_number, text, truth

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
CAGES = frozenset({"container", "port"})

#: The two ends of a cable between two ports of one box show one serial.
_CABLE_ENDS = 2
#: An optic has a port row for each lane at most.
MOST_LANES = 8
#: Rows without a serial whose descriptions are looked at for one: as many as one request asks for, of these classes.
_MOST_LABELS = 24
_LABELLED = frozenset({"chassis", "module", "powerSupply"})


def read_rows(
    agent: Agent, collection: Collection, vendor_tables: VendorTables | None, models: Mapping[tuple[int, ...], str]
) -> Entity:
    """Read what matters, and judge the serials."""
    entity = Entity(models=models)
    entity.take(agent.columns(ENTITY, OVERVIEW))
    for row in entity.rows.values():
        row.setdefault("serial", b"")
    if vendor_tables:
        _take_serials(entity, collection, vendor_tables)
    _read_places(agent, entity, collection)
    bare = [key for key, row in sorted(entity.rows.items()) if not device_text(row["serial"])]
    labels = _labels(entity, bare) if len(bare) < len(entity.rows) else []
    if bare and len(bare) == len(entity.rows):
        _serials_in_texts(agent, entity)
    rejected, around = _read_texts(agent, entity, collection, labels)
    if any(_serial_in_text(entity, key) for key in labels):
        _serials_in_texts(agent, entity)
        rejected, around = _read_texts(agent, entity, collection)
    if not entity.serials and not rejected:
        return entity
    nameless = [key for key in (*around, *sorted(rejected)[:MOST_NAMED], *_units(entity)) if not _has_name(entity, key)]
    entity.take(agent.rows(ENTITY, ("descr",), _indexes(nameless)))
    if vendor_tables:
        entity.more.update(vendor_tables.fields(sorted(entity.serials)))
    for key, found in rejected.items():
        collection.reject(found.serial, found.reason or "", str(key), entity.name(key), ENTITY.name)
    return entity


def _read_places(agent: Agent, entity: Entity, collection: Collection) -> None:
    """Of a long table, read where rows are and whether they can be replaced: only of those for which it matters.

    Most rows are sensors, which have no serial and hold nothing, and ports, which are no units. The texts of those with
    a serial come with them: all texts of a part, the names of what may be one of its other rows.
    """
    if not agent.is_long(ENTITY):
        return
    wanted: dict[int, Sequence[str]] = {key: _places_wanted(entity, key) for key in sorted(entity.rows)}
    verdicts = {key: collection.judge(row["serial"]) for key, row in entity.rows.items()}
    good = {key: found.serial for key, found in verdicts.items() if found.good}
    times = Counter(good.values())
    for key, serial in good.items():
        wanted[key] = (*wanted[key], *(_DETAILS if times[serial] == 1 else _NAMES))
    asked: set[int] = set()
    for _level in range(DEEPEST):
        entity.take(agent.cells(ENTITY, {(key,): names for key, names in wanted.items()}))
        asked.update(key for key, names in wanted.items() if "contained_in" in names)
        # The rows that hold others have a place in any case.
        parents = {number(row, "contained_in") or 0 for row in entity.rows.values()}
        further = (entity.rows.keys() & parents) - asked
        wanted = {key: ("contained_in",) for key in sorted(further) if "contained_in" not in entity.rows[key]}
        if not wanted:
            return


def _places_wanted(entity: Entity, key: int) -> tuple[str, ...]:
    row, physical_class = entity.rows[key], entity.physical_class(key)
    if device_text(row["serial"]) or physical_class not in _NO_LABEL:
        names: tuple[str, ...] = ("contained_in", "is_fru")
    else:
        names = () if physical_class == "sensor" else ("contained_in",)
    return tuple(name for name in names if name not in row)


def _take_serials(entity: Entity, collection: Collection, vendor_tables: VendorTables) -> None:
    """Put the serials of the vendor's tables into rows that have no good one, or where they are preferred."""
    for key, (raw, better) in vendor_tables.serials().items():
        known = key in entity.rows and collection.judge(entity.rows[key]["serial"]).good
        if key in entity.rows and collection.judge(raw).good and (better or not known):
            entity.rows[key]["serial"] = raw if isinstance(raw, (bytes, int, tuple)) else str(raw).encode()


def _read_texts(
    agent: Agent, entity: Entity, collection: Collection, labels: Iterable[int] = ()
) -> tuple[dict[int, Verdict], set[int]]:
    """Judge the serials, and read the texts of the rows that matter; and the descriptions of `labels` with them.

    Returns the rows whose text is no serial, and those that contain a part.
    """
    verdicts = {key: collection.judge(entity.rows[key]["serial"]) for key in sorted(entity.rows)}
    entity.serials = {key: found.serial for key, found in verdicts.items() if found.good}
    rejected = {key: found for key, found in verdicts.items() if found.reason}
    wanted: dict[Index, Sequence[str]] = {}
    around: set[int] = set()
    if entity.serials or rejected:
        entity.tree = Tree({key: number(row, "contained_in") or None for key, row in entity.rows.items()})
        _hand_up(agent, entity)
        inside = {key: entity.tree.ancestors(key) for key in entity.serials}
        above = {(ancestor, entity.serials[key]) for key, ancestors in inside.items() for ancestor in ancestors}
        entity.holders = {ancestor for ancestor, serial in above if entity.serials.get(ancestor) != serial}
        around = {ancestor for ancestor, _serial in above}
        wanted.update(_texts_wanted(entity, around, rejected))
    for key in labels:
        wanted[(key,)] = tuple(dict.fromkeys((*wanted.get((key,), ()), "descr")))
    entity.take(agent.cells(ENTITY, wanted))
    return rejected, around


def _hand_up(agent: Agent, entity: Entity) -> None:
    """A serial that many sibling ports have is that of the chassis which holds them and has none itself.

    Of ports that are the lanes of one pluggable it is that of the pluggable.
    """
    alike: dict[tuple[str, int | None], list[int]] = {}
    for key, serial in entity.serials.items():
        if entity.physical_class(key) == "port":
            alike.setdefault((serial, entity.tree.parent(key)), []).append(key)
    for (serial, _parent), keys in alike.items():
        above = entity.tree.ancestors(keys[0])
        chassis = next((ancestor for ancestor in above if entity.physical_class(ancestor) == "chassis"), None)
        if len(keys) <= _CABLE_ENDS or chassis is None or chassis in entity.serials:
            continue
        if len(keys) > MOST_LANES or not _are_lanes(agent, entity, keys, chassis):
            for key in keys:
                del entity.serials[key]
            entity.serials[chassis] = serial


def _are_lanes(agent: Agent, entity: Entity, keys: list[int], chassis: int) -> bool:
    """Ports of one serial are the lanes of a pluggable if their texts name one, or a sibling does not share it."""
    if any(truth(entity.rows[key], "is_fru") for key in keys):
        return True
    entity.take(agent.rows(ENTITY, _NAMES, _indexes([*keys, chassis])))
    models = {part_number(entity.rows[key], "model") for key in keys} - {
        None,
        part_number(entity.rows[chassis], "model"),
    }
    if models or any(names_pluggable(said) for key in keys for said in entity.texts(key)):
        return True
    siblings = entity.tree.children(entity.tree.parent(keys[0]) or 0)
    return any(entity.physical_class(key) == "port" and key not in keys for key in siblings)


def _has_name(entity: Entity, key: int) -> bool:
    return text(entity.rows[key], "name") is not None


def _first_rows(entity: Entity) -> set[int]:
    """Of rows that repeat a serial, inside another row of it or as siblings, only the first: it is the part.

    Names and models are read of all, since one of the others may have the model. A chassis is recognised also where the
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
    cages = [key for key in around if entity.physical_class(key) in CAGES]
    wanted.update({(key,): ("name", "descr") for key in cages})
    wanted.update({(key,): ("name", "model") for key in _units(entity)})
    types = ("vendor_type",) if entity.models else ()
    wanted.update({(key,): (*_NAMES, *types) for key in entity.serials})
    wanted.update({(key,): (*_DETAILS, *types) for key in _first_rows(entity)})
    return wanted


def _labels(entity: Entity, bare: Iterable[int]) -> list[int]:
    """Rows without a serial whose descriptions are looked at for one: the chassis, and others that may have it."""
    units = sorted((key for key in bare if _may_have_label(entity, key)), key=lambda key: _unlikely(entity, key))
    return units[:_MOST_LABELS]


def _serials_in_texts(agent: Agent, entity: Entity) -> None:
    """Take serials from descriptions: old IOS leaves the column empty, of all rows or of some.

    "3640 chassis, Hw Serial#: 31899974, Hw Revision: 0x00". All descriptions are read where no row has a serial in the
    column, or where a chassis or another unit that may have one says it so.
    """
    entity.take(agent.columns(ENTITY, ("descr",)))
    for key, row in entity.rows.items():
        if not device_text(row.get("serial")):
            row["serial"] = b"" if entity.physical_class(key) in _NO_LABEL else _serial_in_text(entity, key)


def _may_have_label(entity: Entity, key: int) -> bool:
    fru = truth(entity.rows[key], "is_fru") and entity.physical_class(key) not in _NO_LABEL
    return bool(fru) or entity.physical_class(key) in _LABELLED


def _unlikely(entity: Entity, key: int) -> tuple[bool, bool, int]:
    """The chassis first, then what can be replaced, in the order of the rows."""
    return (entity.physical_class(key) != "chassis", not truth(entity.rows[key], "is_fru"), key)


def _serial_in_text(entity: Entity, key: int) -> bytes:
    return (labelled_serial(device_text(entity.rows[key].get("descr"))) or "").encode()


def _indexes(keys: Iterable[int]) -> list[tuple[int, ...]]:
    return [(key,) for key in sorted(keys)]


def _units(entity: Entity) -> list[int]:
    """Field-replaceable units without a good serial."""
    units = [key for key, row in entity.rows.items() if truth(row, "is_fru") and key not in entity.serials]
    return [key for key in units if entity.physical_class(key) not in _NO_LABEL]


def report_units(entity: Entity, collection: Collection) -> None:
    """Report the replaceable units that have a model and no serial; without a model it is an empty slot."""
    for key in sorted(_units(entity)):
        model = part_number(entity.rows[key], "model")
        if model:
            collection.cover_unit(entity.name(key) or str(key), model)

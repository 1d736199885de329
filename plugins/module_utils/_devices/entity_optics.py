# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of entPhysicalTable are pluggable optics and cable ends: by their texts, and by what contains them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._parts.item import TRANSCEIVER
from .collection import Collection
from .entity_rows import CAGES, MOST_LANES
from .entity_table import Entity
from .optics import say_shared
from .transceivers import has_one_lane, is_cage, is_transceiver, may_be_transceiver

#: Classes that a pluggable may have as well.
_UNTOLD = frozenset({"module", "other", "unknown", "container"})


def is_optic(entity: Entity, key: int, category: str) -> bool:
    if category == "sensor":
        # A sensor has no label. In a port or cage it repeats that of the optic which it measures.
        place = cage_of(entity, key)
        return (
            place is not None
            and (entity.physical_class(place) == "port" or is_cage(_words(entity, place)))
            and not _repeats(entity, key)
        )
    if not _stands_alone(entity, key):
        return False
    cage = _cage_around(entity, key)
    if cage is not None and entity.physical_class(cage) == "port" and may_be_transceiver(category, entity.texts(key)):
        return True
    return is_transceiver(category, entity.texts(key), entity.model(key), _words(entity, cage) if cage else None)


def without_words(entity: Entity) -> list[int]:
    """Rows that may be pluggables though nothing calls them so: they are if an interface is theirs, or their cage's."""
    return [
        key
        for key, category in entity.categories.items()
        if category in _UNTOLD
        and may_be_transceiver(category, entity.texts(key))
        and _stands_alone(entity, key)
        and not any(below in entity.serials for below in entity.tree.children(key))
    ]


def cages_of(entity: Entity, keys: Iterable[int]) -> dict[int, list[int]]:
    """Each of these rows, with itself and the cage that it sits in, if it sits in one."""
    return {key: [key, *(() if (cage := _cage_around(entity, key)) is None else (cage,))] for key in keys}


def report_shared(entity: Entity, interfaces: Mapping[int, str], collection: Collection) -> None:
    """Report which optics in several cages have one serial. The lanes of one, and its sensors, share its place.

    Rows of two classes side by side, a port and a module, may both be the same optic.
    """
    rows: dict[tuple[str, str], list[int]] = {}
    for key, category in entity.categories.items():
        if category == TRANSCEIVER:
            rows.setdefault((entity.serials[key], entity.physical_class(key)), []).append(key)
    for (serial, _class), keys in rows.items():
        places = {_place(entity, key, interfaces): key for key in reversed(keys)} if len(keys) > 1 else {}
        if len(places) > 1:
            named = [interfaces.get(key) or entity.name(key) or str(key) for key in reversed(places.values())]
            texts = [said for key in keys for said in (*entity.texts(key), entity.model(key))]
            say_shared(collection, serial, named, texts)


def _place(entity: Entity, key: int, interfaces: Mapping[int, str]) -> int:
    """The cage that an optic sits in; without one, what holds it, or itself where it has one lane and an interface."""
    cage = cage_of(entity, key)
    if cage is None or entity.physical_class(cage) in CAGES:
        return key if cage is None else cage
    return key if key in interfaces and has_one_lane((*entity.texts(key), entity.model(key))) else cage


def _stands_alone(entity: Entity, key: int) -> bool:
    """A part of its own that holds no others."""
    return key not in entity.holders and not _holds_ports(entity, key) and not _repeats(entity, key)


def _repeats(entity: Entity, key: int) -> bool:
    """The row repeats the serial of what it belongs to; a slot that does so is only its place."""
    above = entity.tree.ancestors(key)
    same = [ancestor for ancestor in above if entity.serials.get(ancestor) == entity.serials[key]]
    return any(entity.physical_class(ancestor) != "container" or entity.name(ancestor) is None for ancestor in same)


def _cage_around(entity: Entity, key: int) -> int | None:
    parent = entity.tree.parent(key)
    return parent if parent is not None and entity.physical_class(parent) in CAGES else None


def _holds_ports(entity: Entity, key: int) -> bool:
    """A row that contains places for parts, or more ports than an optic has lanes, is what optics are plugged into."""
    inside = [entity.physical_class(below) for below in entity.tree.children(key)]
    return "container" in inside or inside.count("port") > MOST_LANES


def cage_of(entity: Entity, key: int) -> int | None:
    """What a sensor sits in, other sensors apart."""
    above = entity.tree.ancestors(key)
    return next((ancestor for ancestor in above if entity.physical_class(ancestor) != "sensor"), None)


def _words(entity: Entity, key: int | None) -> str:
    return " ".join(said for said in entity.texts(-1 if key is None else key) if said)

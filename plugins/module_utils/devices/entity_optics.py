# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of entPhysicalTable are pluggable optics and cable ends: by what they say, and by what they stand in."""

from __future__ import annotations

from .entity_rows import CAGES
from .entity_table import Entity
from .transceivers import is_cage, is_transceiver

#: An optic has a port row for each lane at most.
_MOST_LANES = 8


def is_optic(entity: Entity, key: int, category: str) -> bool:
    above = entity.tree.ancestors(key)
    same = [ancestor for ancestor in above if entity.serials.get(ancestor) == entity.serials[key]]
    if any(entity.physical_class(ancestor) != "container" or entity.name(ancestor) is None for ancestor in same):
        return False  # it repeats the serial of what it belongs to; a slot that does so is only where it sits
    if category == "sensor":
        # A sensor has no label. In a port or cage it tells that of the optic which it measures.
        place = cage_of(entity, key)
        return place is not None and (entity.physical_class(place) == "port" or is_cage(_words(entity, place)))
    if key in entity.holders or _holds_ports(entity, key):
        return False
    parent = entity.tree.parent(key)
    in_cage = parent is not None and entity.physical_class(parent) in CAGES
    cage_words = _words(entity, parent) if in_cage else None
    return is_transceiver(category, entity.texts(key), entity.model(key), cage_words)


def _holds_ports(entity: Entity, key: int) -> bool:
    """A row that contains places for parts, or more ports than an optic has lanes, is what optics are plugged into."""
    inside = [entity.physical_class(below) for below in entity.tree.children(key)]
    return "container" in inside or inside.count("port") > _MOST_LANES


def cage_of(entity: Entity, key: int) -> int | None:
    """What a sensor sits in, other sensors apart."""
    above = entity.tree.ancestors(key)
    return next((ancestor for ancestor in above if entity.physical_class(ancestor) != "sensor"), None)


def _words(entity: Entity, key: int | None) -> str:
    return " ".join(said for said in entity.texts(-1 if key is None else key) if said)

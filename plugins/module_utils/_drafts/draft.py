# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft profile of a device: its vendor's tables and scalars that have serial numbers, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .._snmp.transport import Oid
from .columns import CERTAIN, POSSIBLE, REMOTE, Column, guesses
from .device import NO_VENDORS, Device
from .mib_names import MibNames
from .shapes import ScalarGroup, Shapes, TableShape, shapes_of
from .sources import Choice, Source, sources_of

#: Commented-out tables and groups of scalars, the most likely ones.
_MOST_DOUBTS = 20
#: Numbers of sysObjectID in the name of a profile.
_MOST_NUMBERS = 6


@dataclass(frozen=True)
class Draft:
    """What was found, in the order in which it is written."""

    name: str  #: of the platform
    object_id: Oid  #: sysObjectID; empty where it is no vendor's
    sources: Sequence[Source]  #: those that are read, then those that are commented out
    left_out: int  #: doubtful ones that are too many
    looked_at: tuple[int, int]  #: tables and scalars of the vendor

    @property
    def active(self) -> Sequence[Source]:
        return [source for source in self.sources if source.active]

    @property
    def serials(self) -> frozenset[str]:
        """All serial numbers that it reads."""
        return frozenset().union(*(source.serials for source in self.active))


def draft_of(device: Device, names: MibNames | None = None) -> Draft:
    """The draft of a profile for this device. names: of the vendor's MIBs."""
    names = names or MibNames()
    shapes = shapes_of(device.vendor, names.object_of if names else None)
    found = _sources(shapes, device, names, POSSIBLE)
    if not any(source.active for source in found) and not device.entity_serials:
        found = _sources(shapes, device, names, REMOTE)
    read = [source for source in found if source.active]
    doubted = sorted((source for source in found if not source.active), key=lambda source: -source.weight)
    own = device.object_id if device.object_id[6:7] and device.object_id[6] not in NO_VENDORS else ()
    scalars = sum(len(group.values) for group in shapes.scalars)
    return Draft(
        name="enterprise_" + "_".join(map(str, (own or _first_oid(found))[6 : 6 + _MOST_NUMBERS])),
        object_id=own,
        sources=(*_with_model(read, shapes.scalars, device, names), *doubted[:_MOST_DOUBTS]),
        left_out=len(doubted[_MOST_DOUBTS:]),
        looked_at=(len(shapes.tables), scalars),
    )


def _sources(shapes: Shapes, device: Device, names: MibNames, least: float) -> list[Source]:
    tables = [source for table in shapes.tables for source in _table(table, device, names, least)]
    groups = [source for group in shapes.scalars for source in _group(group, device, names, least)]
    return _without_repeated([*groups, *tables], device)


def _first_oid(found: Sequence[Source]) -> Oid:
    return found[0].choices[0].column.oid if found else ()


def _table(table: TableShape, device: Device, names: MibNames, least: float) -> list[Source]:
    columns = [
        Column((*table.entry, number), cells, names.name((*table.entry, number)), names.labels((*table.entry, number)))
        for number, cells in table.columns.items()
    ]
    name = names.name(table.entry[:-1]) or "table_" + "_".join(map(str, table.entry[7:]))
    found = sources_of(name, columns, device, table.entry, table.indexes, least)
    return [replace(source, index_names=names.index_names(table.entry)) for source in found]


def _group(group: ScalarGroup, device: Device, names: MibNames, least: float) -> list[Source]:
    columns = [Column(oid, {(0,): value}, names.name(oid[:-1])) for oid, value in group.values.items()]
    return [
        replace(source, name=_scalar_name(source.choices[0].column))
        for source in sources_of("", columns, device, least=least)
    ]


def _scalar_name(serial: Column) -> str:
    return serial.name or "scalar_" + "_".join(map(str, serial.oid[7:]))


def _without_repeated(found: Sequence[Source], device: Device) -> list[Source]:
    """Comment out what only repeats the serials of ENTITY-MIB, or of a source that has more."""
    result: list[Source] = []
    order = sorted(found, key=lambda source: (not source.active, -len(source.serials), -len(source.choices)))
    for source in order:
        if source.active and source.serials <= device.entity_serials:
            source = source.doubted("ENTITY-MIB has all of its serial numbers")
        same = next((other for other in result if other.active and source.serials <= other.serials), None)
        if source.active and same and not (same.entry and not source.entry):
            source = source.doubted(f"{same.name} has all of its serial numbers")
        result.append(source)
    return sorted(result, key=lambda source: (bool(source.entry), source.entry, source.choices[0].column.oid))


def _with_model(read: Sequence[Source], groups: Sequence[ScalarGroup], device: Device, names: MibNames) -> list[Source]:
    """The first group of scalars is the chassis: its model may be a scalar elsewhere, which sysDescr has too."""
    first = next((source for source in read if not source.entry), None)
    if first is None or first.choice("model"):
        return list(read)
    for group in groups:
        for oid, value in group.values.items():
            column = Column(oid, {(0,): value}, names.name(oid[:-1]))
            model = _model_in_description(column, device)
            if model:
                with_model = replace(first, choices=(*first.choices[:1], model, *first.choices[1:]))
                return [with_model if source is first else source for source in read]
    return list(read)


def _model_in_description(column: Column, device: Device) -> Choice | None:
    """A scalar as the model, if it is a word of sysDescr."""
    best = next(iter(guesses(column, device)), None)
    if best is None or best.role != "model" or best.weight < CERTAIN:
        return None
    return Choice("model", column, best, True)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which OIDs the profiles, and the readers in Python, take for serial numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ansible_collections.invmon.network.plugins.module_utils._devices import entity_table, ios, junos, sros
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import Layout, Source
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profiles
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import parse_layout
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid


def serial_oids(profiles: Profiles) -> Mapping[Oid, list[str]]:
    """OID of a column or scalar (without its instance) -> the names of those that read it as a serial."""
    found: dict[Oid, list[str]] = {}
    for name, oid in (*_of_readers(), *_of_profiles(profiles)):
        readers = found.setdefault(oid, [])
        if name not in readers:
            readers.append(name)
    return found


def _of_profiles(profiles: Profiles) -> Iterator[tuple[str, Oid]]:
    for profile in profiles:
        layout = parse_layout(profile.content())
        for source in (*layout.scalars, *layout.tables):
            for owner, column in _serial_columns(layout, source):
                for oid in object_oids(owner, column):
                    yield profile.name, oid


def _serial_columns(layout: Layout, source: Source) -> Iterator[tuple[Source, str]]:
    """The columns that a part's serial is made of, with their table: it may be another one (`from`)."""
    names = list(source.names("serial"))
    for column in source.read(names):
        yield source, column
    while names:
        column_of = source.columns.get(names.pop())
        if column_of is None:
            continue
        names += [column_of.of] if column_of.of else []
        other = layout.table(column_of.elsewhere.table) if column_of.elsewhere else None
        if other and column_of.elsewhere:
            yield from ((other, column) for column in other.read([column_of.elsewhere.column]))


def object_oids(source: Source, column: str) -> Iterator[Oid]:
    """The OIDs at which a MIB may have the object: a scalar has one sub-identifier of instance, a cell more."""
    oid = source.columns[column].oid
    if source.entry:
        yield (*source.entry, *oid)
    else:
        yield from (oid[:-length] for length in range(1, 5) if len(oid) - length > 7)
        yield oid


def _of_readers() -> Iterator[tuple[str, Oid]]:
    for module in (entity_table, ios, junos, sros):
        for value in vars(module).values():
            if isinstance(value, Table):
                for column in value.columns:
                    if "serial" in column:
                        yield module.__name__.rpartition(".")[2], value.column(column)
            elif isinstance(value, dict) and isinstance(value.get("serial"), tuple):
                yield module.__name__.rpartition(".")[2], value["serial"][:-1]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a profile contradicts the MIBs, or is in none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.invmon.network.plugins.module_utils._devices.profile import ANY, TEXTS, Source
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profiles
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import parse_layout
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_tree import MibObject, MibTree
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid
from ansible_collections.invmon.network.tests.mibs.profile_oids import object_oids
from ansible_collections.invmon.network.tests.mibs.serial_objects import is_serial

#: Fields in which a number without a map is no text.
_WORDED = frozenset(TEXTS) - {"hardware_rev", "firmware_rev", "software_rev", "alias", "asset_id"}
#: A column of another kind is a slip of a digit. What a name or DESCRIPTION must contain for these fields.
_SAYS = {
    field: re.compile(
        r"rev|ver|release|firmware|software|hardware|\bf/?w|\bs/?w|\bh/?w|image|build|boot|issue|stepping", re.I
    )
    for field in ("hardware_rev", "firmware_rev", "software_rev")
}


@dataclass(frozen=True)
class Fault:
    """One place of a profile."""

    profile: str
    source: str
    value: str  #: the column or scalar; empty: the table
    problem: str
    certain: bool  #: the MIBs contradict it; else it is in none of them, or unusual


def profile_faults(profiles: Profiles, tree: MibTree) -> Iterator[Fault]:
    """All faults of all profiles, as far as the tree has their enterprises."""
    for profile in profiles:
        layout = parse_layout(profile.content())
        for source in (*layout.scalars, *layout.tables):
            for value, problem, certain in _of_source(source, tree):
                yield Fault(profile.name, source.name, value, problem, certain)


def _of_source(source: Source, tree: MibTree) -> Iterator[tuple[str, str, bool]]:
    if source.entry:
        yield from _of_entry(source, tree)
    for name, column in source.columns.items():
        if not column.oid:
            continue
        found = _found(source, name, tree)
        if not found:
            yield name, f"{_written((*source.entry, *column.oid))} is in no MIB", False
            continue
        yield from ((name, problem, certain) for problem, certain in _of_object(source, name, found, tree))


def _of_entry(source: Source, tree: MibTree) -> Iterator[tuple[str, str, bool]]:
    found = tree.at(source.entry)
    # Two revisions of a module may have a table and a row in one place: that contradicts nothing.
    if any(one.definition.syntax == "SEQUENCE OF" for one in found) and not any(
        one.definition.indexes for one in found
    ):
        yield "", "the entry is a table: append .1", True
    lengths = {tree.index_length(one) for one in found if one.definition.indexes}
    if lengths and None not in lengths and len(source.index) > max(length or 0 for length in lengths):
        yield "", f"index has {len(source.index)} names, and by INDEX {max(length or 0 for length in lengths)}", True


def _found(source: Source, name: str, tree: MibTree) -> list[MibObject]:
    """The objects that a column or scalar may be; of several lengths of instance the longest OID that is a leaf."""
    for oid in object_oids(source, name):
        found = [one for one in tree.at(oid) if one.definition.syntax]
        if found and (source.entry or not all(one.definition.is_row for one in found)):
            return found
    return []


def _of_object(source: Source, name: str, found: list[MibObject], tree: MibTree) -> Iterator[tuple[str, bool]]:
    column = source.columns[name]
    label = found[0].name
    if all(one.definition.is_row for one in found):
        yield f"{label} is a table or a row", True
    fields = {field for field in source.fields if name in source.names(field)}
    labels = [tree.labels(one) for one in found]
    if all(labels) and fields & _WORDED and not column.words:
        yield f"{label} is an enumeration and needs a map", True
    numbers = {str(number) for known in labels for number in known}
    if all(labels) and column.words:
        odd = sorted(key for key in column.words if key not in numbers and key.lstrip("-").isdigit())
        if odd:
            yield f"{label} has no {', '.join(odd)}, which map lists", False
    if "serial" in fields and not any(is_serial(one, tree) for one in found):
        yield f"{label} is not called a serial number", False
    for field in fields & _SAYS.keys():
        if not any(_SAYS[field].search(one.definition.name + " " + one.definition.description) for one in found):
            yield f"{label} is not called a version, but is read as {field}", False


def _written(oid: Oid) -> str:
    return ".".join("*" if number == ANY else str(number) for number in oid)

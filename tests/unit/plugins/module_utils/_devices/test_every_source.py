# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each table and scalar of our profiles, filled from the profile itself: what is in its serial column becomes a part.

Recordings show what boxes are like; this finds what no recording has: a column that is not read, a condition that holds
for every row, a part without its model, a table that another one hides. What is right by the MIB it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import ANY, Column, Layout, Source
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profile, shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

Cells = dict[Oid, Any]

#: The number that a device has where a profile leaves it open: the first, as other branches may be in the profile too.
BRANCH = 1
IF_NAME = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
#: Readers in Python choose rows in their own way: their recordings test that.
PROFILES = [profile for profile in shipped() if profile.head.reader == "profile"]


@dataclass
class Filled:
    """A source, with what its device answers."""

    source: Source
    serial: str
    part: str | None
    cells: Cells


def oid_of(source: Source, column: Column, index: Oid) -> Oid:
    oid = (*source.entry, *column.oid, *index) if source.entry else column.oid
    return tuple(BRANCH if number == ANY else number for number in oid)


def plain(source: Source, field: str) -> str | None:
    """The column that alone fills a field's first template, as it is sent; None: it is made of something else."""
    templates = source.fields.get(field, ())
    name = templates[0].alone if templates else None
    column = source.columns.get(name or "")
    return name if column and column.oid and not column.match and column.words is None else None


def filled(source: Source, number: int) -> Filled | None:
    """A row (or group) of the source with a serial and, if it has such a column, a part; None where that needs more."""
    name = plain(source, "serial")
    # Of what describes rows of ENTITY-MIB, is read after all others, or has a shape, the recordings are the test.
    if name is None or source.describes_entity or source.fallback or source.shape:
        return None
    index = (1,) * max(len(source.index), 1)
    if any(set(words).isdisjoint({"1"}) for key, words in source.when.items() if key in source.index):
        return None
    serial, part = f"QZ{number:04}X7K4", plain(source, "part")
    cells: Cells = {oid_of(source, source.columns[name], index): serial}
    if part and part != name:
        cells[oid_of(source, source.columns[part], index)] = f"MODEL-{number}"
    return Filled(source, serial, f"MODEL-{number}" if part and part != name else None, cells)


def sources(layout: Layout) -> Iterator[Filled]:
    """All that can be filled at once: a cell belongs to the first that has it."""
    taken: set[Oid] = set()
    for number, source in enumerate((*layout.tables, *layout.scalars), start=1):
        found = filled(source, number)
        asked = {oid_of(source, column, (1,) * max(len(source.index), 1)) for column in source.columns.values()}
        if found and not asked & taken:
            taken.update(found.cells)
            yield found


def read(found: list[Filled], profile: Profile, box: Callable[..., ReplayTransport]) -> Mapping[str, Any]:
    cells: Cells = {(*IF_NAME, 1): "ge-0/0/1"}
    for one in found:
        cells.update(one.cells)
    object_id = next((match.object_id for match in profile.head.matches if match.object_id), (1, 3, 6, 1, 4, 1, 99999))
    agent = Agent(box(scalars=cells, object_id=(*object_id, 9)))
    return {item.serial: item for item in read_device(agent, profile.name, certain=True).items}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_what_is_in_a_serial_column_becomes_a_part(profile: Profile, box: Callable[..., ReplayTransport]) -> None:
    found = list(sources(shipped().layout(profile.name)))
    items = read(found, profile, box)
    for one in found:
        assert one.serial in items, f"{profile.name}: {one.source.name} has a serial that is not read"
        item = items[one.serial]
        assert one.part is None or item.part == one.part, f"{profile.name}: {one.source.name} loses its part"
        assert item.name, f"{profile.name}: {one.source.name} has no name"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each profile reads a device that is made of its own columns: every table and group of scalars makes its part.

It finds a field that names no column, a row that is always void, a category that is none, and a table that another
one hides. What it cannot find is a wrong OID: the recordings and the MIBs themselves are for that. Sources whose serial
is part of a longer text, or has a shape of its own, are left to the recordings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import Column, Source
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped

Read = Callable[..., dict[str, Any]]
#: The index of the one row of a table whose profile names no sub-identifiers.
INDEX = (1, 1, 1)
NAMES = sorted(shipped().by_name)


def _plain(source: Source) -> bool:
    columns = [source.columns[name] for name in source.names("serial") if name in source.columns]
    return bool(columns) and not source.shape and not source.describes_entity and all(c.oid for c in columns)


def _value(name: str, column: Column, source: Source, serial: str) -> Any:
    """What the device reports: the serial, or whatever makes the row a part; None where only no value does."""
    if name in source.names("serial"):
        return serial
    wanted, void = source.when.get(name), source.unless.get(name, frozenset())
    if column.words is None:
        return _number(min(wanted)) if wanted else 77 if void else f"a {name}"
    words = {**column.words, **({"77": column.otherwise} if column.otherwise else {})}
    fitting = [
        key for key, word in words.items() if word.lower() not in void and (not wanted or word.lower() in wanted)
    ]
    return _number(fitting[0]) if fitting else None


def _number(text: str) -> Any:
    return int(text) if text.isdigit() else text


def _cells(source: Source, serial: str) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The OID and value of each cell of one row; that of the serial comes first."""
    index = (1,) * len(source.index) if source.index else INDEX
    for name in sorted(source.columns, key=lambda name: name not in source.names("serial")):
        column = source.columns[name]
        value = _value(name, column, source, serial)
        if column.oid and value is not None:
            yield (*source.entry, *column.oid, *index) if source.entry else column.oid, value


def _device(sources: list[Source]) -> tuple[dict[tuple[int, ...], Any], dict[str, str]]:
    """Values of an agent with one part for each source, and the serial of each. A column that two share counts once."""
    values: dict[tuple[int, ...], Any] = {}
    serials: dict[str, str] = {}
    for number, source in enumerate(sources):
        cells = list(_cells(source, f"FX{number:03}KT7{len(source.name):02}"))
        for oid, value in cells:
            values.setdefault(oid, value)
        serials[source.name] = values[cells[0][0]]
    return values, serials


@pytest.mark.parametrize("name", NAMES)
def test_each_table_and_group_of_scalars_makes_its_part(name: str, read: Read) -> None:
    layout = shipped().layout(name)
    plain = [source for source in (*layout.scalars, *layout.tables) if _plain(source)]
    missing = _missing(name, [source for source in plain if not source.fallback], read)
    # What is left shares its columns with another source, or is read only where nothing else has a part.
    alone = [source for source in plain if source.fallback or source in missing]
    missing = [source for source in alone if _missing(name, [source], read)]
    assert not missing, f"{name}: no part of {[source.name for source in missing]}"


def _missing(name: str, sources: list[Source], read: Read) -> list[Source]:
    """Those of the sources that make no part of a device that has a row of each of them."""
    values, serials = _device(sources)
    found = {item["serial"] for item in read(scalars=values, platform=name, certain=True)["items"]}
    return [source for source in sources if serials[source.name] not in found]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random text is no serial number: agents with words, dates, versions, addresses, prices in all columns but serials'.

What a reader takes out of such an agent is not in any device.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import IF_X_TABLE
from ansible_collections.invmon.network.plugins.module_utils._devices.junos import CONTENTS, FRUS
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import ANY, Layout, Source
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.sros import CHASSIS, HARDWARE, PORTS
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

Read = Callable[..., dict[str, Any]]
Make = Callable[[random.Random], str]

WORDS = [
    "uplink",
    "spare",
    "rack",
    "row",
    "office",
    "north",
    "Building",
    "core",
    "ready",
    "OK",
    "enabled",
    "port",
    "front",
    "rear",
    "Cisco",
    "auto",
    "main",
]
ROWS = 4
#: Tables that readers in Python ask for.
BUILT_IN: list[tuple[Table, int]] = [(ENTITY, 1), (IF_X_TABLE, 1), (CONTENTS, 4), (FRUS, 4), (HARDWARE, 2), (PORTS, 2)]
BUILT_IN += [(CHASSIS, 1)]


def hexes(rnd: random.Random, count: int) -> str:
    return "".join(rnd.choice("0123456789ABCDEF") for _digit in range(count))


def label(rnd: random.Random) -> str:
    """What a serial number looks like."""
    return "".join(rnd.choice(string.ascii_uppercase + string.digits) for _character in range(rnd.randint(6, 14)))


#: Of each kind of text one.
KINDS: dict[str, Make] = {
    "words": lambda rnd: " ".join(rnd.sample(WORDS, rnd.randint(1, 4))),
    "date": lambda rnd: f"20{rnd.randint(10, 26)}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}",
    "time": lambda rnd: f"{rnd.randint(1, 400)} days, {rnd.randint(0, 23)}:{rnd.randint(0, 59):02}",
    "version": lambda rnd: f"V{rnd.randint(1, 20)}.{rnd.randint(0, 9)}.{rnd.randint(0, 99)}",
    "release": lambda rnd: f"{rnd.randint(1, 20)}.{rnd.randint(0, 9)}R{rnd.randint(1, 9)} build 20{hexes(rnd, 6)}",
    "hex": lambda rnd: hexes(rnd, rnd.choice((8, 12, 16, 32))),
    "MAC": lambda rnd: ":".join(hexes(rnd, 2) for _octet in range(6)),
    "IP": lambda rnd: ".".join(str(rnd.randint(1, 254)) for _octet in range(4)),
    "enumeration": lambda rnd: rnd.choice(("up(1)", "notPresent", "1", "active", "0", "enabled(2)")),
    "price": lambda rnd: f"{rnd.choice(('EUR', 'USD', '$'))} {rnd.randint(1, 9999)}.{rnd.randint(0, 99):02}",
    "part number": lambda rnd: f"{rnd.choice(string.ascii_uppercase)}{rnd.randint(1, 99)}-{hexes(rnd, 6)}",
    "like a serial": label,
}


def text(rnd: random.Random) -> str:
    return KINDS[rnd.choice(list(KINDS))](rnd)


def described(rnd: random.Random) -> str:
    """A sysDescr: some of these texts, without a label that would make the next word a serial."""
    return ", ".join(text(rnd) for _part in range(rnd.randint(1, 5)))


def cells(layout: Layout, rnd: random.Random) -> Iterator[tuple[Oid, Any]]:
    """A few rows of every table and all scalars, without what a serial is made of."""
    every = (*layout.scalars, *layout.tables)
    serials = {oid_of(source, name) for source in every for name in of_serials(source)}
    for source in every:
        indexes = [(row,) * max(len(source.index), 1) for row in range(1, ROWS)] if source.entry else [()]
        for name, column in source.columns.items():
            # A scalar may be a cell of a serial column.
            if column.oid and not any(oid_of(source, name)[: len(serial)] == serial for serial in serials):
                for index in indexes:
                    yield (*oid_of(source, name), *index), value(source, name, rnd)


def oid_of(source: Source, name: str) -> Oid:
    """The OID of a column or scalar, of some model."""
    return tuple(77 if number == ANY else number for number in (*source.entry, *source.columns[name].oid))


def of_serials(source: Source) -> tuple[str, ...]:
    return source.read(source.names("serial"))


def value(source: Source, name: str, rnd: random.Random) -> Any:
    """A text; or what makes the row count, where the profile has a condition."""
    wanted = sorted(source.when.get(name, ()))
    words = source.columns[name].words or {}
    fitting = [key for key, word in words.items() if word.casefold() in wanted] or ([] if words else wanted)
    if fitting:
        return int(fitting[0]) if fitting[0].isdigit() else fitting[0]
    return rnd.randint(0, 9) if words else text(rnd)


def built_in(rnd: random.Random) -> Iterator[tuple[Oid, Any]]:
    """The same of the tables of all devices, and of those that have a reader in Python."""
    for table, length in BUILT_IN:
        for row in range(1, ROWS):
            for name in table.columns:
                if "serial" not in name:
                    number = rnd.randint(1, 10) if name in ("class", "type", "contained_in", "position") else None
                    yield (*table.column(name), *(row,) * length), number or text(rnd)


#: Each test is a process of its own under ansible-test.
CHUNKS = [sorted(shipped().by_name)[start::10] for start in range(10)]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("platforms", CHUNKS, ids=[chunk[0] for chunk in CHUNKS])
def test_no_text_outside_serial_columns_is_taken_for_a_serial(read: Read, platforms: list[str], seed: int) -> None:
    taken = {}
    for platform in platforms:
        rnd = random.Random(f"{platform} {seed}")
        scalars = {**dict(built_in(rnd)), **dict(cells(shipped().layout(platform), rnd))}
        found = read(scalars=scalars, platform=platform, certain=True, description=described(rnd))
        if found["items"] or found["rejected"]:
            taken[platform] = [(item["source"], item["serial"]) for item in found["items"]] or found["rejected"]
    assert not taken


def test_such_an_agent_has_a_part_once_its_serial_column_is_filled(read: Read) -> None:
    rnd = random.Random(1)
    (table,) = (source for source in shipped().layout("mikrotik").tables if source.name == "mtxrOpticalTable")
    scalars = {**dict(built_in(rnd)), **dict(cells(shipped().layout("mikrotik"), rnd))}
    scalars[(*table.table.column("serial"), 2)] = label(rnd)
    found = read(scalars=scalars, platform="mikrotik", certain=True)
    assert [item["serial"] for item in found["items"]] == [scalars[(*table.table.column("serial"), 2)]]

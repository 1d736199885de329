# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tables, columns and indexes are, by the shape of OIDs; and what a column is, by its values."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._drafts.columns import LIKELY, SURE, Column, guesses
from ansible_collections.invmon.network.plugins.module_utils._drafts.device import Device
from ansible_collections.invmon.network.plugins.module_utils._drafts.shapes import TableShape, shapes_of
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

VENDOR: Oid = (1, 3, 6, 1, 4, 1, 64999)


def table(entry: Oid, rows: Mapping[Oid, Mapping[int, Any]]) -> dict[Oid, Any]:
    return {(*entry, column, *index): value for index, row in rows.items() for column, value in row.items()}


def shape(found: TableShape) -> tuple[Oid, list[int], list[Oid]]:
    return found.entry[7:], sorted(found.columns), found.indexes


ROW = {2: b"PSU", 3: 7, 4: b"A1"}
OTHER = {2: b"Card", 5: 1}


def test_tables_are_found_next_to_scalars_whatever_their_index_has() -> None:
    variables = {
        (*VENDOR, 1, 1, 0): b"ROCKET-4",
        (*VENDOR, 1, 2, 0): 5,
        **table((*VENDOR, 2, 1, 1), {(1,): ROW, (2,): ROW}),
        **table((*VENDOR, 2, 2, 1), {(1, 1): OTHER, (1, 2): OTHER, (2, 1): OTHER}),
        **table((*VENDOR, 2, 3, 1), {(3, 97, 98, 99): ROW, (2, 97, 98): ROW}),
    }
    found = shapes_of(dict(sorted(variables.items())))
    assert [shape(one) for one in found.tables] == [
        ((2, 1, 1), [2, 3, 4], [(1,), (2,)]),
        ((2, 2, 1), [2, 5], [(1, 1), (1, 2), (2, 1)]),
        ((2, 3, 1), [2, 3, 4], [(2, 97, 98), (3, 97, 98, 99)]),
    ]
    assert [group.parent[7:] for group in found.scalars] == [(1,)]


def test_tables_side_by_side_are_no_table_of_tables() -> None:
    """Below a node with the number 1 are two tables of texts with the same columns and rows."""
    texts = {2: b"x", 3: b"y"}
    variables = {**table((*VENDOR, 1, 1, 1), {(1,): texts}), **table((*VENDOR, 1, 2, 1), {(1,): texts})}
    assert [one.entry[7:] for one in shapes_of(variables).tables] == [(1, 1, 1), (1, 2, 1)]


def test_a_single_column_is_found_and_its_border_is_not_certain() -> None:
    (found,) = shapes_of(table((*VENDOR, 4, 1), {(1,): {9: b"x"}, (2,): {9: b"y"}})).tables
    assert shape(found) == ((4, 1), [9], [(1,), (2,)])
    assert not found.sure


def test_a_mib_knows_better_and_what_it_has_not_is_found_by_shape() -> None:
    entry = (*VENDOR, 3, 7)
    cells: dict[Oid, Any] = {(1, 1): {2: b"x", 9: b"v"}, (2, 1): {2: b"y", 9: b"w"}}
    variables = {**table(entry, cells), **table((*VENDOR, 5, 1), {(1,): ROW})}
    known = {(*entry, 2): True}

    def object_of(oid: Oid) -> tuple[Oid, bool] | None:
        return next(((one, column) for one, column in known.items() if oid[: len(one)] == one), None)

    assert [shape(one) for one in shapes_of(variables, object_of).tables] == [
        ((3, 7), [2, 9], [(1, 1), (2, 1)]),
        ((5, 1), [2, 3, 4], [(1,)]),
    ]


def column(*texts: Any) -> Column:
    cells: dict[Oid, Any] = {
        (row,): text.encode() if isinstance(text, str) else text for row, text in enumerate(texts, 1)
    }
    return Column((*VENDOR, 1, 1, 3), cells)


def best(found: Column, device: Device | None = None) -> str | None:
    made = guesses(found, device or Device())
    return next((one.role for one in made if one.weight >= (LIKELY if one.role == "serial" else SURE)), None)


@pytest.mark.parametrize(
    ("texts", "role"),
    [
        (["FOC1846N0AB", "FOC1846N0CD", "FOC1901X11F"], "serial"),
        (["S/N ACAD8300", "S/N ACAD8300", "S/N ACAD8301", "9009104172", "BUILTIN"], "serial"),
        (["WS-C3750-48P", "WS-C3750-48P", "WS-C3750-24P"], "model"),
        (["Power supply with fan", "Line card of 8 ports"], "descr"),
        (["FINISAR CORP.", "Finisar Corp.", "OEM"], "manufacturer"),
        (["Slot 1", "Slot 2", "Slot 3"], "name"),
        (["00:11:22:33:44:55", "00:11:22:33:44:56"], None),
        ([10, 11, 12], None),
    ],
)
def test_what_a_column_is_by_its_values(texts: list[Any], role: str | None) -> None:
    assert best(column(*texts)) == role


def test_what_the_device_reports_elsewhere_decides() -> None:
    variables: dict[Oid, Any] = {(1, 3, 6, 1, 2, 1, 1, 1, 0): b"Rocket RX9000A12B, version 2.1"}
    variables |= {(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, n): f"te-{n}".encode() for n in (501, 502, 503)}
    variables |= {(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1): b"PECULIAR-77-A"}
    device = Device(variables)
    assert best(column("RX9000A12B"), device) == "model"
    assert best(column("te-501", "te-503"), device) == "interface"
    assert best(column(501, 503), device) == "if_index"
    assert best(column("PECULIAR-77-A"), device) == "serial"


WORDS = ("alarm", "active", "standby", "LINK", "Up", "down", "Fan", "tray", "none", "primary", "backup")


def _words(rng: random.Random) -> str:
    return f"{rng.choice(WORDS)} {rng.choice(WORDS)}"


def _hex(rng: random.Random, octets: int, between: str) -> str:
    return between.join(f"{rng.randrange(256):02x}" for _octet in range(octets))


NO_SERIALS: dict[str, Callable[[random.Random], str]] = {
    "words": _words,
    "dates": lambda rng: f"20{rng.randrange(10, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
    "days": lambda rng: f"20{rng.randrange(10, 27)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}",
    "versions": lambda rng: f"{rng.randrange(1, 20)}.{rng.randrange(20)}.{rng.randrange(9)}R{rng.randrange(9)}",
    "releases": lambda rng: f"V{rng.randrange(100, 999)}R{rng.randrange(100, 999)}C{rng.randrange(10, 99)}",
    "macs": lambda rng: _hex(rng, 6, ":"),
    "digests": lambda rng: _hex(rng, 16, ""),
    "words in hex": lambda rng: f"0x{rng.randrange(2**32):08x}",
    "addresses": lambda rng: ".".join(str(rng.randrange(1, 255)) for _octet in range(4)),
    "names of hosts": lambda rng: f"srv{rng.randrange(999)}.example{rng.randrange(99)}.net",
    "files": lambda rng: f"/flash/image-{rng.randrange(10**6)}.bin",
    "prices": lambda rng: f"{rng.randrange(1, 999)}.{rng.randrange(100):02}",
    "measures": lambda rng: f"{rng.randrange(-40, 400)} mA",
    "states": lambda rng: rng.choice(["enabled(1)", "disabled(2)", "up", "down", "testing"]),
    "interfaces": lambda rng: f"ge-{rng.randrange(12)}/{rng.randrange(4)}/{rng.randrange(48)}",
    "times": lambda rng: f"{rng.randrange(99)} days, {rng.randrange(24):02}:{rng.randrange(60):02}:00",
    "counts": lambda rng: str(rng.randrange(1000)),
}


@pytest.mark.parametrize("kind", NO_SERIALS)
def test_a_column_of_something_else_is_never_read_as_serial_numbers(kind: str) -> None:
    rng = random.Random(kind)
    for rows in (1, 2, 3, 5, 8, 13) * 12:
        found = column(*(NO_SERIALS[kind](rng) for _row in range(rows)))
        assert best(found) != "serial", found.texts

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that are to hang the run, or to flood it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import MOST_NUMBERS, MOST_OCTETS
from ansible_collections.invmon.network.tests.attacks.hostile_device import read
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Oid, Raw
from ansible_collections.invmon.network.tests.sandbox.hostile_agent import (
    ENTITY,
    Endless,
    HostileAgent,
    entity_cell,
    system,
)

ALL_COLUMNS = range(2, 18)
TP_LINK: Oid = (1, 3, 6, 1, 4, 1, 11863)
TEXTS = [b"T2600G" + b" aaaa" * 36 + b" .", b" A1.1" * 800, b"Serial Number: " * 270, b"S/N :" * 800]


def _serial(row: int) -> bytes:
    return b"SX%dQ7" % row


def endless(rows: int | None = None, serial: Callable[[int], bytes] = _serial, **how: Any) -> dict[Oid, Endless]:
    """entPhysicalTable with a serial in each row."""
    return {ENTITY: Endless(ALL_COLUMNS, entity_cell(serial, **how), rows)}


#: limit -> (its value, the table, what the sentence says)
LIMITS = {
    "max_rows": (500, endless(), "it has more rows than the limit of 500 (max_rows)"),
    "max_values": (3000, endless(), "more than the limit of 3000 values (max_values)"),
    "max_octets": (
        100_000,
        endless(200, text=b"y" * 3000),
        "more than the limit of 100000 octets of text (max_octets)",
    ),
    "max_parts": (300, endless(400), "parts (it has more than the limit of 300 rows with a serial (max_parts))"),
    "max_rejected": (300, endless(400, lambda row: b"N/A"), "limit of 300 texts that are no serials (max_rejected)"),
}


@pytest.mark.attack(
    "A table without end",
    tried="an agent with rows without end, texts of 3 kB in each cell, N/A in each serial",
    came="reading ends at the limit, which the task names; the collection is incomplete and proves nothing missing",
)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_device_that_reports_too_much_is_cut_off_with_a_sentence(limit: str) -> None:
    most, tables, sentence = LIMITS[limit]
    with HostileAgent(system(), tables) as agent:
        found = read(agent, {"max_rows": 2000, limit: most})
    assert found.result["failed"]
    assert not found.inventory["complete"]
    assert sentence in found.result["msg"]
    assert len(found.inventory["items"]) <= 2000
    assert len(found.inventory["rejected"]) <= (most if limit == "max_rejected" else 0)
    assert found.megabytes < 100


@pytest.mark.attack(
    "Texts and numbers larger than any",
    tried="texts of 60,000 octets, a number of 3,000 bits, OIDs of 400 numbers",
    came="texts are cut before anything looks at them, the others break off their table",
)
def test_values_that_no_type_can_hold_do_no_harm() -> None:
    long_text = {ENTITY: Endless(ALL_COLUMNS, entity_cell(_serial, b"\xc3\xa9" * 30_000), 3)}
    with HostileAgent(system("d" * 60_000), long_text) as agent:
        found = read(agent).inventory
    assert found["complete"]
    assert {item["description"] for item in found["items"]} == {"\xe9" * 400}
    assert len(found["system"]["description"]) <= MOST_OCTETS

    number = ("int", Raw(0x02, b"\x7f" * 375))
    pointer = ("oid", (1, 3, *range(400)))
    for column, value in ((6, number), (3, pointer)):
        table = {ENTITY: Endless(ALL_COLUMNS, partial(_with_one, column, value), 3)}
        with HostileAgent(system(), table) as agent:
            result = read(agent, timeout=0.15, retries=1).result
        assert "bug" not in str(result.get("msg"))
    assert MOST_NUMBERS < 400


_cell = entity_cell(_serial)


def _with_one(at: int, value: Any, column: int, row: int) -> Any:
    """Each cell as it should be, but those of one column."""
    return value if column == at else _cell(column, row)


@pytest.mark.attack(
    "A text that a regular expression never gets through",
    tried="the 187 octets of hwVersion that took the profile tplink for ever, and 4 kB of blanks, digits and label "
    "marks in every text that a device sends",
    came="no expression of the collection takes more than the square of a text's length, and texts are cut",
)
@pytest.mark.parametrize("text", TEXTS)
def test_no_text_keeps_the_reader_busy(text: bytes) -> None:
    described = [((*TP_LINK, 6, 1, 1, 5, 0), "octets", text), ((*TP_LINK, 6, 1, 1, 8, 0), "octets", b"2191234567890")]
    tables = endless(60, lambda row: text, text=text)
    with HostileAgent([*system(text, TP_LINK), *described], tables) as agent:
        found = read(agent, {"max_cpu_seconds": 10}).result
    assert "processor time" not in str(found.get("msg"))


@pytest.mark.attack(
    "Work without end out of little data",
    tried="texts of 2 kB for an expression of the user's that takes their square, in 300 rows",
    came="the task of this device ends at the limit of processor time, with a message",
)
def test_a_device_that_keeps_the_reader_busy_is_ended_by_its_processor_time(tmp_path: Path) -> None:
    # Within the rules, but a user's profile of five such columns on some rows takes minutes.
    columns = ", ".join(f"m{n}: {{of: text, match: '([a-z]+)[0-9] {n}'}}" for n in range(5))
    (tmp_path / "acme.yml").write_text(
        "match: [{object_id: 1.3.6.1.4.1.99999}]\nentity: false\ntables:\n  acmeTable:\n"
        f"    entry: 1.3.6.1.4.1.99999.1.1\n    columns: {{serial: 11, text: 7, {columns}}}\n"
        "    part: ['{m0}', '{m1}', '{m2}', '{m3}', '{m4}']\n",
        encoding="utf-8",
    )
    table: dict[Oid, Endless] = {
        (1, 3, 6, 1, 4, 1, 99999, 1, 1): Endless((7, 11), entity_cell(_serial, b"y" * 4000), 300)
    }
    with HostileAgent(system(), table) as agent:
        found = read(agent, {"max_cpu_seconds": 1}, profiles=str(tmp_path)).result
    assert found["failed"]
    assert "takes more than 2 s of CPU time (max_cpu_seconds of the option tables)" in found["msg"]


@pytest.mark.attack(
    "Rows that each contain the next",
    tried="500 rows, each in the one before, with names of 400 characters",
    came="a part's path and its ancestors are bounded, so the result grows with the rows and not with their square",
)
def test_rows_that_each_contain_the_next_make_no_large_result() -> None:
    with HostileAgent(system(), endless(500, text=b"n" * 400, parent=lambda row: row - 1)) as agent:
        found = read(agent, timeout=5)
    assert len(found.inventory["items"]) == 500
    assert max(len(item["path"]) for item in found.inventory["items"]) <= 1000
    assert found.megabytes < 100


def test_a_healthy_agent_is_read_by_the_same_fixture() -> None:
    with FaultAgent(system("healthy")) as agent:
        assert read(agent).inventory["complete"]

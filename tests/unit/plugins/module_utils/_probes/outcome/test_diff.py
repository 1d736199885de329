# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.natural import natural_key
from ansible_collections.invmon.network.plugins.module_utils._outgoing.text import printable
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)


def text(plan: Any) -> str:
    return "\n".join(block["prepared"] for block in diff_blocks(plan))


@pytest.fixture
def table() -> Table:
    filled = Table()
    filled.run([device(1, [record("CARD"), record("OPTIC", "Slot 10"), record("PSU", "Slot 2")])], night(0))
    return filled


def test_a_replaced_optic_and_a_pulled_card_are_all_that_is_shown_in_the_order_of_the_slots(table: Table) -> None:
    plan = table.plan([device(1, [record("NEW", "Slot 10"), record("PSU", "Slot 2", part="PART-2")])], night(1))
    assert text(plan).splitlines() == [
        "r1 (Brno): 1 new, 1 changed, 2 no longer seen",
        "! Slot 1   CARD   PART-1  no longer seen, last seen 2026-11-20T03:00:00Z",
        "~ Slot 2   PSU    part: PART-1 → PART-2",
        "! Slot 10  OPTIC  PART-1  no longer seen, last seen 2026-11-20T03:00:00Z",
        "+ Slot 10  NEW    PART-1  module",
        "",
    ]


def test_a_quiet_device_has_no_block_and_a_missing_part_is_shown_once_and_once_more_when_it_is_gone(
    table: Table,
) -> None:
    rest = [record("OPTIC", "Slot 10"), record("PSU", "Slot 2")]
    assert "! Slot 1  CARD" in text(table.run([device(1, rest)], night(1)))
    assert text(table.run([device(1, rest)], night(2))).splitlines() == [
        "r1 (Brno): 1 gone",
        "! Slot 1  CARD  PART-1  gone: not seen 2 times since 2026-11-21T03:00:00Z, last seen 2026-11-20T03:00:00Z",
        "",
    ]
    assert text(table.run([device(1, rest)], night(3))) == ""


def test_a_part_that_returned_is_shown_with_how_long_it_was_gone(table: Table) -> None:
    rest = [record("OPTIC", "Slot 10"), record("PSU", "Slot 2")]
    for number in (1, 2):
        table.run([device(1, rest)], night(number))
    shown = text(table.run([device(1, [*rest, record("CARD")])], night(3)))
    assert "r1 (Brno): 1 returned" in shown
    assert "returned after it was gone: not seen 2 times since 2026-11-21T03:00:00Z, last seen" in shown


def test_parts_that_were_swapped_name_each_other(table: Table) -> None:
    swapped = [record("CARD", "Slot 2"), record("PSU", "Slot 1"), record("OPTIC", "Slot 10")]
    shown = text(table.run([device(1, swapped)], night(1)))
    assert "r1 (Brno): 2 swapped" in shown
    assert "    swapped with PSU" in shown


def test_a_moved_part_is_shown_with_both_ends(table: Table) -> None:
    lines = text(table.plan([device(1, [record("CARD")]), device(2, [record("PSU", "Slot 5")])], night(1)))
    assert "! Slot 2   PSU    PART-1  no longer seen, now on r2" in lines
    assert "    moved from r1, Slot 2, seen there 2026-11-20T03:00:00Z" in lines


def test_a_renamed_device_takes_one_line_however_many_parts_it_has(table: Table) -> None:
    parts = [record("CARD"), record("OPTIC", "Slot 10"), record("PSU", "Slot 2")]
    plan = table.plan([device(1, parts, device_name="core1")], night(1))
    assert text(plan).splitlines() == [
        "core1 [r1] (Brno): 3 renamed",
        "~ device_descriptor: r1 → core1 (3 rows, in place)",
        "",
    ]


def test_a_device_at_another_site_is_shown_with_the_names_of_the_sites(table: Table) -> None:
    plan = table.plan([device(1, [record("CARD")], site_id=2, site_name="Praha")], night(1))
    assert "~ Slot 1   CARD   site: Brno → Praha" in text(plan)


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "a\nb", "\u202e", "\x9b", "\u2028", "\ud800", "\x00"])
def test_no_text_of_a_device_reaches_the_terminal_raw(evil: str) -> None:
    hostile = record(f"S{evil}N", f"slot{evil}", part=f"p{evil}", description=f"d{evil}", category=f"c{evil}")
    table = Table()
    shown = text(table.run([device(1, [hostile, record("OK", f"x{evil}")], device_name=f"r{evil}")], night(0)))
    shown += text(table.run([device(1, [record("OK", f"y{evil}", part=f"q{evil}")], site_name=evil)], night(1)))
    assert shown.replace("\n", "").isprintable()


def test_a_long_path_is_complete_if_there_is_room_and_else_keeps_its_end_which_names_the_port() -> None:
    path = f"Chassis / {'a very long uplink module / ' * 3}TenGigabitEthernet1/1/3"
    plan = Table().plan([device(1, [record(path=path)])], night(0))
    assert f"+ {path.removeprefix('Chassis / ')}  SN1" in text(plan)
    narrow = "\n".join(block["prepared"] for block in diff_blocks(plan, 80))
    assert "…" in narrow
    assert "/ TenGigabitEthernet1/1/3  SN1" in narrow
    assert max(len(line) for line in narrow.splitlines()) <= 80


def test_text_in_any_language_stays_readable() -> None:
    assert printable("Skříň č. 1 / 機架") == "Skříň č. 1 / 機架"


def test_slots_are_sorted_as_people_count() -> None:
    mixed = ["²", "Slot 10", "Slot 2", "Ethernet1/10", "1", "Ethernet1/9", "", "Slot 2/1"]
    ordered = ["", "1", "Ethernet1/9", "Ethernet1/10", "Slot 2", "Slot 2/1", "Slot 10", "²"]
    assert sorted(mixed, key=natural_key) == ordered

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the inventory out of Probe rows: as it is, as it was, and where each part has been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._history.from_rows import Names, inventory_at, lives
from ansible_collections.invmon.network.plugins.module_utils._history.parts import NOT_SEEN, SEEN
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

NO_NAMES = Names({}, {}, {})
GONE_AFTER = {"gone_after": 2, "gone_after_hours": 12}

Where = dict[str, tuple[int, str, str]]


def nights(*networks: dict[int, dict[str, str]], **policy: Any) -> Table:
    """A table after these nights: device -> slot -> serial; a device that is left out was not asked."""
    table = Table()
    for number, network in enumerate(networks):
        devices = [
            device(key, [record(serial, slot) for slot, serial in parts.items()]) for key, parts in network.items()
        ]
        table.run(devices, night(number), **GONE_AFTER, **policy)
    return table


def there(table: Table, number: float) -> Where:
    """serial -> (device, slot, state) at a moment, in nights."""
    found = inventory_at(table.rows(), night(0) + timedelta(days=number), NO_NAMES)
    return {one.serial: (one.device_id, one.slot, one.state) for one in found}


def test_the_inventory_as_of_a_date_is_what_that_night_reported() -> None:
    table = nights({1: {"Slot 1": "A"}}, {1: {"Slot 1": "A", "Slot 2": "B"}}, {1: {"Slot 1": "A", "Slot 2": "B"}})
    assert there(table, -1) == {}
    assert there(table, 0) == {"A": (1, "Slot 1", SEEN)}
    assert there(table, 1) == there(table, 2) == {"A": (1, "Slot 1", SEEN), "B": (1, "Slot 2", SEEN)}


def test_a_part_that_moved_was_on_its_old_device_before_and_is_on_the_new_one_since() -> None:
    table = nights({1: {"Slot 1": "A"}, 2: {"Slot 9": "X"}}, {1: {"Slot 2": "Y"}, 2: {"Slot 1": "A", "Slot 9": "X"}})
    assert there(table, 0)["A"] == (1, "Slot 1", SEEN)
    assert there(table, 1)["A"] == (2, "Slot 1", SEEN)
    (spans,) = lives(table.rows()).values()
    assert [(one.device, one.slot) for one in spans] == [("r1", "Slot 1"), ("r2", "Slot 1")]


def test_a_part_that_was_pulled_is_not_seen_then_gone_and_its_past_stays() -> None:
    other = {"Slot 9": "X"}
    table = nights({1: {"Slot 1": "A", **other}}, {1: other}, {1: other}, {1: other})
    assert there(table, 0)["A"] == (1, "Slot 1", SEEN)
    assert there(table, 1)["A"] == (1, "Slot 1", NOT_SEEN)
    assert "A" not in there(table, 2)
    assert "A" not in there(table, 3)


def test_a_device_that_was_not_asked_keeps_its_parts() -> None:
    table = nights({1: {"Slot 1": "A"}, 2: {"Slot 1": "B"}}, {2: {"Slot 1": "B"}}, {2: {"Slot 1": "B"}})
    assert there(table, 2)["A"] == (1, "Slot 1", SEEN)


def test_a_replaced_part_is_not_there_any_more_though_it_is_not_gone_yet() -> None:
    table = nights({1: {"Slot 1": "OLD", "Slot 9": "X"}}, {1: {"Slot 1": "NEW", "Slot 9": "X"}})
    assert there(table, 1) == {"NEW": (1, "Slot 1", SEEN), "X": (1, "Slot 9", SEEN)}


def test_a_part_that_returned_was_away_in_between() -> None:
    other = {"Slot 9": "X"}
    table = nights({1: {"Slot 1": "A", **other}}, {1: other}, {1: other}, {1: {"Slot 1": "A", **other}})
    assert [("A" in there(table, number)) for number in range(4)] == [True, True, False, True]
    (spans,) = lives(table.rows()).values()
    assert [one.gone is not None for one in spans] == [True, False]


def test_a_cable_with_two_ends_is_on_both_devices() -> None:
    both = {1: {"Slot 1": "CABLE"}, 2: {"Slot 1": "CABLE"}}
    found = inventory_at(nights(both, both).rows(), night(1), NO_NAMES)
    assert [(one.serial, one.device_id) for one in found] == [("CABLE", 1), ("CABLE", 2)]


def test_a_part_that_one_of_two_devices_reports_no_more_is_only_on_the_other() -> None:
    both = {1: {"Slot 1": "CABLE", "Slot 9": "X"}, 2: {"Slot 1": "CABLE"}}
    table = nights(both, both, {1: {"Slot 9": "X"}, 2: {"Slot 1": "CABLE"}})
    found = inventory_at(table.rows(), night(2), NO_NAMES)
    assert [(one.serial, one.device_id) for one in found] == [("X", 1), ("CABLE", 2)]


def test_names_are_those_of_today_where_netbox_gives_them() -> None:
    rows = nights({1: {"Slot 1": "A"}}).rows()
    (found,) = inventory_at(rows, night(0), Names({1: "new-name"}, {1: "Praha"}, {}))
    assert (found.device, found.site) == ("new-name", "Praha")
    (found,) = inventory_at(rows, night(0), NO_NAMES)
    assert (found.device, found.site) == ("r1", "Brno")


def test_a_part_that_came_back_to_its_slot_has_taken_the_place_of_the_one_between() -> None:
    other = {"Slot 9": "X"}
    spare = {1: {"Slot 1": "SPARE", **other}}
    table = nights({1: {"Slot 1": "A", **other}}, spare, spare, {1: {"Slot 1": "A", **other}})
    assert there(table, 3) == {"A": (1, "Slot 1", SEEN), "X": (1, "Slot 9", SEEN)}


def test_a_part_that_was_missed_before_it_turned_up_elsewhere_was_not_seen_in_between() -> None:
    other = {"Slot 9": "X"}
    first, away = {1: {"Slot 1": "A", **other}, 2: {"Slot 9": "Y"}}, {1: other, 2: {"Slot 9": "Y"}}
    table = nights(first, away, {1: other, 2: {"Slot 9": "Y", "Slot 1": "A"}})
    assert [there(table, number)["A"] for number in range(3)] == [
        (1, "Slot 1", SEEN), (1, "Slot 1", NOT_SEEN), (2, "Slot 1", SEEN)
    ]  # fmt: skip


def row(serial: str, device_id: int | None, began: float, ended: float, **other: Any) -> dict[str, Any]:
    """A row that another writer has left: no mark."""
    moments = {
        key: (night(0) + timedelta(days=days)).isoformat() for key, days in (("creation_time", began), ("time", ended))
    }
    return {
        "serial": serial,
        "device": device_id,
        "device_descriptor": f"r{device_id}",
        "name": "Slot 1",
        **moments,
        **other,
    }


def table_of(*rows: dict[str, Any]) -> Table:
    table = Table()
    for one in rows:
        table.add(**one)
    return table


def test_one_end_of_a_cable_stays_though_its_device_is_not_read_any_more() -> None:
    table = table_of(row("CABLE", 1, 0, 3), row("CABLE", 2, 0, 4), row("CABLE", 2, 5, 9, name="Slot 2"))
    found = inventory_at(table.rows(), night(9), NO_NAMES)
    assert [(one.device_id, one.slot) for one in found] == [(1, "Slot 1"), (2, "Slot 2")]


def test_of_two_rows_of_the_older_scripts_the_one_counts_that_was_seen_later() -> None:
    table = table_of(row("A", 1, 0, 10, name="Slot 1"), row("A", 1, 2, 5, name="Slot 2"))
    (found,) = inventory_at(table.rows(), night(12), NO_NAMES)
    assert (found.slot, found.last_seen) == ("Slot 1", "2026-11-30T03:00:00Z")
    assert found.first_seen == "2026-11-20T03:00:00Z"


def test_parts_of_a_device_that_was_deleted_count_until_they_were_last_seen() -> None:
    table = table_of(
        row("A", None, 0, 5, device_descriptor="old-switch"), row("B", None, 0, 5, device_descriptor="old-switch"),
        row("B", 2, 6, 9),
    )  # fmt: skip
    then = inventory_at(table.rows(), night(3), NO_NAMES)
    assert [(one.serial, one.device, one.device_id) for one in then] == [("A", "old-switch", 0), ("B", "old-switch", 0)]
    now = inventory_at(table.rows(), night(9), NO_NAMES)
    assert [(one.serial, one.device_id) for one in now] == [("B", 2)]


def test_the_rows_of_both_ends_of_a_cable_are_two_spans_and_a_visit_elsewhere_is_one_of_three() -> None:
    table = table_of(
        row("CABLE", 1, 0, 3), row("CABLE", 2, 0, 3), row("CABLE", 1, 4, 9, part="x"), row("CABLE", 2, 4, 9, part="x"),
        row("A", 1, 0, 1), row("A", 2, 2, 3), row("A", 1, 4, 5),
    )  # fmt: skip
    found = lives(table.rows())
    assert [(one.device_id, one.began.day, one.ended.day) for one in found["CABLE"]] == [(1, 20, 29), (2, 20, 29)]
    assert [one.device_id for one in found["A"]] == [1, 2, 1]


SLOTS = st.dictionaries(
    st.sampled_from(["Slot 1", "Slot 2", "Slot 3"]), st.sampled_from("ABCDE"), min_size=1, max_size=3
)


def without_repeats(network: dict[int, dict[str, str]]) -> dict[int, dict[str, str]]:
    """Each serial once: one that several devices report proves nothing about moves, and is another matter."""
    taken: set[str] = set()
    found: dict[int, dict[str, str]] = {}
    for key, parts in network.items():
        found[key] = {}
        for slot, serial in parts.items():
            if serial not in taken:
                taken.add(serial)
                found[key][slot] = serial
    return {key: parts or {"Slot 9": f"X{key}"} for key, parts in found.items()}


@settings(max_examples=80, deadline=None)
@example(
    [
        {1: {"Slot 1": "E", "Slot 2": "A"}, 2: {"Slot 9": "X2"}},
        {1: {"Slot 1": "B", "Slot 2": "C", "Slot 3": "D"}, 2: {"Slot 9": "X2"}},
        {1: {"Slot 1": "A", "Slot 2": "E"}, 2: {"Slot 9": "X2"}},
    ]
)
@given(st.lists(st.fixed_dictionaries({1: SLOTS, 2: SLOTS}).map(without_repeats), min_size=1, max_size=5))
def test_what_each_night_reported_is_in_the_inventory_of_that_night_when_asked_for_later(
    networks: list[dict[int, dict[str, str]]],
) -> None:
    # Of a device that the brake holds nothing is written.
    table = nights(*networks, release=["all"])
    for number, network in enumerate(networks):
        reported: dict[str, Any] = {
            serial: (key, slot) for key, parts in network.items() for slot, serial in parts.items()
        }
        found = there(table, number)
        assert {serial: found.get(serial, ())[:2] for serial in reported} == reported

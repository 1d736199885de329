# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the delta of two inventories: what changed is named as what it is, and gives the newer one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._history.delta import applied, differences
from ansible_collections.invmon.network.plugins.module_utils._history.parts import NOT_SEEN, PartState
from hypothesis import given, settings
from hypothesis import strategies as st


def part(serial: str = "A", device_id: int = 1, slot: str = "Slot 1", **other: Any) -> PartState:
    return PartState(serial=serial, device_id=device_id, device=f"r{device_id}", slot=slot, part="P", **other)


PARTS = st.lists(
    st.builds(
        part,
        serial=st.sampled_from("ABCD"),
        device_id=st.integers(1, 3),
        slot=st.sampled_from(["", "Slot 1", "Slot 2", "Slot 10"]),
        name=st.none() | st.sampled_from(["x", "y"]),
        last_seen=st.sampled_from(["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"]),
        state=st.sampled_from(["seen", NOT_SEEN]),
        missing_since=st.none() | st.just("2026-11-01T00:00:00Z"),
        netbox=st.none() | st.just("https://other.example"),
    ),
    unique_by=lambda one: one.key,
    max_size=6,
)


def fates(older: list[PartState], newer: list[PartState]) -> list[tuple[str, str]]:
    return [(one.fate, one.serial) for one in differences(older, newer)]


@settings(max_examples=300, deadline=None)
@given(PARTS, PARTS)
def test_the_delta_applied_to_the_older_inventory_gives_the_newer(
    older: list[PartState], newer: list[PartState]
) -> None:
    found = [one.to_dict() for one in differences(older, newer)]
    assert {one.key: one for one in applied(older, found)} == {one.key: one for one in newer}


@given(PARTS)
def test_an_inventory_differs_in_nothing_from_itself(parts: list[PartState]) -> None:
    assert differences(parts, list(reversed(parts))) == []


def test_an_optic_that_takes_the_place_of_another_is_one_event_with_both_serials() -> None:
    (found,) = differences([part("OLD")], [part("NEW")])
    assert (found.fate, found.before["serial"], found.after["serial"]) == ("replaced", "OLD", "NEW")


def test_parts_that_go_and_come_in_different_slots_are_not_taken_for_a_replacement() -> None:
    assert sorted(fates([part("OLD")], [part("NEW", slot="Slot 2")])) == [("gone", "OLD"), ("new", "NEW")]


def test_two_parts_that_come_to_one_slot_replace_nothing() -> None:
    assert sorted(fates([part("OLD")], [part("N1"), part("N2")])) == [("gone", "OLD"), ("new", "N1"), ("new", "N2")]


def test_a_part_without_a_slot_is_replaced_by_none() -> None:
    assert sorted(fates([part("OLD", slot="")], [part("NEW", slot="")])) == [("gone", "OLD"), ("new", "NEW")]


def test_a_part_on_another_device_has_moved_and_its_old_device_lost_nothing_else() -> None:
    (found,) = differences([part("A", 1)], [part("A", 2, "Slot 9")])
    assert (found.fate, found.before["device"], found.after["device"]) == ("moved", "r1", "r2")


def test_two_parts_that_changed_places_are_swapped_and_a_third_has_moved() -> None:
    older = [part("A", slot="1"), part("B", slot="2"), part("C", slot="3")]
    newer = [part("A", slot="2"), part("B", slot="1"), part("C", slot="4")]
    assert fates(older, newer) == [("swapped", "B"), ("swapped", "A"), ("moved", "C")]


def test_a_part_that_is_missed_and_one_that_is_back_are_said_so() -> None:
    missed = replace(part(), state=NOT_SEEN, missing_since="2026-11-02T00:00:00Z")
    assert fates([part()], [missed]) == [("not_seen", "A")]
    assert fates([missed], [part()]) == [("returned", "A")]


def test_another_name_is_a_change_and_another_time_alone_is_none() -> None:
    assert fates([part(name="x")], [part(name="y")]) == [("changed", "A")]
    older, newer = (part(last_seen=f"2026-11-0{day}T00:00:00Z") for day in (1, 2))
    assert fates([older], [newer]) == [("seen", "A")]


def test_when_a_part_was_first_seen_is_no_change_of_it() -> None:
    older, newer = (part(first_seen=f"2026-11-0{day}T00:00:00Z") for day in (1, 2))
    assert fates([older], [newer]) == [("seen", "A")]


def test_devices_of_two_netboxes_with_one_id_are_two_devices() -> None:
    assert fates([part(netbox="https://a")], [part(netbox="https://a"), part(netbox="https://b")]) == [("new", "A")]


def test_the_order_is_by_site_device_and_natural_order_of_slots() -> None:
    newer = [part("A", 2, "Slot 10"), part("B", 2, "Slot 9"), part("C", 1, "Slot 1")]
    assert [serial for _fate, serial in fates([], newer)] == ["C", "B", "A"]

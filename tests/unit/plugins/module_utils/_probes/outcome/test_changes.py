# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run made of each part, and what is open, as data."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.counts import OUTCOMES
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.device_plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.known import NetBoxRows
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.plan import make_plan
from ansible_collections.invmon.network.plugins.module_utils._probes.reading import READINGS
from ansible_collections.invmon.network.plugins.module_utils._report.night import summary
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
    reports,
)
from hypothesis import given
from hypothesis import strategies as st

BROKEN = {"entPhysicalTable": {"rows": 3, "complete": False, "error": "timeout", "required": True}}
#: So many that two of them hold no device.
REST = [record(f"REST{number}", f"Slot {number}") for number in range(11, 24)]


def optic(serial: str, name: str, path: str | None = None) -> dict[str, Any]:
    return record(serial, name, category="transceiver", part="SFP-10G-LR", path=path or f"Chassis / {name}")


def came_to(plan: Plan, applied: Applied | None = None) -> dict[str, Any]:
    return make_outcome(plan, applied or Applied(), 1)


def changes(plan: Plan, applied: Applied | None = None) -> dict[str, dict[str, Any]]:
    """The changes of a run by serial: each part is listed once."""
    found = came_to(plan, applied)["changes"]
    assert len({change["serial"] for change in found}) == len(found)
    return {change["serial"]: change for change in found}


def standing(plan: Plan, kind: str) -> list[dict[str, Any]]:
    return [item for item in came_to(plan)["standing"] if item["kind"] == kind]


@pytest.fixture
def table() -> Table:
    """NetBox after the first night of two devices."""
    filled = Table()
    card = record("CARD", "MDA 2/1", path="Chassis / Slot 2 / MDA 2/1")
    inside = [
        optic("O1", "2/1/1"),
        optic("O2", "2/1/2"),
        optic("O3", "MDA-port", "Chassis / Slot 2 / MDA 2/1 / Port 9"),
    ]
    filled.run(
        [device(1, [card, *inside, optic("ELSE", "12/1/1"), *REST]), device(2, [optic("OLD", "Te1/1/1")])], night(0)
    )
    return filled


def test_the_first_reading_of_a_device_is_one_piece_of_news_and_no_change_of_any_part() -> None:
    found = came_to(Table().plan([device(1, [record("A"), record("B", "Slot 2")]), device(2)], night(0)))
    assert found["changes"] == []
    assert found["first_read"] == {"devices": 1, "parts": 2, "named": [{"device": "r1", "parts": 2}]}


def test_a_part_that_took_the_place_of_another_one_is_one_event(table: Table) -> None:
    found = changes(table.plan([device(2, [optic("NEW", "Te1/1/1")])], night(1)))
    assert list(found) == ["NEW"]
    assert found["NEW"]["fate"] == "replaced"
    assert found["NEW"]["before"] == {"serial": "OLD", "part": "SFP-10G-LR", "time": "2026-11-20T03:00:00Z"}
    assert found["NEW"]["after"] == {"serial": "NEW", "part": "SFP-10G-LR"}
    table.run([device(2, [optic("NEW", "Te1/1/1")])], night(1))
    second = table.run([device(2, [optic("NEW", "Te1/1/1")])], night(2))
    assert changes(second)["OLD"]["evidence"]["replaced_by"] == "NEW"
    # It was reported when it happened, and nothing is open.
    assert not [line.text for line in summary(came_to(second), 100) if "OLD" in line.text]
    assert standing(table.run([device(2, [optic("NEW", "Te1/1/1")])], night(3)), "gone") == []


def test_two_parts_of_one_name_replace_nothing() -> None:
    table = Table()
    twins = [record("P1", "PSU"), record("P2", "PSU")]
    table.run([device(1, twins)], night(0))
    (change,) = changes(table.plan([device(1, twins[:1])], night(1))).values()
    assert (change["fate"], change["evidence"].get("replaced_by")) == ("not_seen", None)


def test_a_card_that_is_pulled_takes_what_is_in_it_along_and_nothing_else(table: Table) -> None:
    found = changes(table.plan([device(1, REST)], night(1)))
    assert {serial: change["evidence"].get("within") for serial, change in found.items()} == {
        "CARD": None, "O1": "CARD", "O2": "CARD", "O3": "CARD", "ELSE": None,
    }  # fmt: skip
    text = " ".join(line.text for line in summary(came_to(table.plan([device(1, REST)], night(1))), 300))
    assert "Changed 5 parts on 1 device" in text
    assert "CARD, last seen 20 Nov, with 3 optics in it: O1, O2, O3" in text


def test_a_part_that_moved_is_listed_once_under_the_device_where_it_is(table: Table) -> None:
    both = [device(1, [record("CARD", "MDA 2/1"), *REST]), device(2, [optic("OLD", "Te1/1/1"), optic("O1", "Te1/1/2")])]
    moved = changes(table.plan(both, night(1)))["O1"]
    assert (moved["fate"], moved["device"], moved["before"]["device"]) == ("moved", "r2", "r1")
    assert moved["after"] == {"device": "r2", "slot": "Te1/1/2"}


def test_a_change_that_is_not_written_has_the_fate_that_it_would_have_had(table: Table) -> None:
    plan = table.plan([device(2, [optic("OLD", "Te1/1/1"), optic("X", "Te1/1/2")])], night(1))
    failed = [(step, "NetBox refuses the row") for step in plan.steps() if step.serial == "X"]
    found = changes(plan, Applied(failed))["X"]
    assert found["fate"] == "not_written"
    assert found["evidence"] == {"would": "new", "reason": "NetBox refuses the row"}


def test_changes_are_in_the_same_order_whoever_answered_first(table: Table) -> None:
    devices = [
        device(1, [optic("Z", "Slot 10"), optic("Y", "Slot 9"), *REST], site_name="Praha"),
        device(2, [optic("B", "Te1/1/1")], site_name="Brno"),
    ]
    found = [came_to(table.plan(order, night(1)))["changes"] for order in (devices, devices[::-1])]
    assert found[0] == found[1]
    assert [change["serial"] for change in found[0] if change["fate"] in ("new", "replaced")] == ["B", "Y", "Z"]
    json.dumps(found)


def test_a_gone_part_is_open_each_night_until_it_is_back(table: Table) -> None:
    rest = [device(2)]
    table.run([device(2, [optic("OLD", "Te1/1/1"), record("A")])], night(1))
    rest = [device(2, [record("A")])]
    first = table.run(rest, night(2))
    assert (changes(first)["OLD"]["fate"], standing(first, "gone"), standing(first, "not_seen")) == ("not_seen", [], [])
    gone = table.run(rest, night(3))
    assert (changes(gone)["OLD"]["fate"], standing(gone, "gone")) == ("gone", [])
    for number in (4, 5):
        plan = table.run(rest, night(number))
        (item,) = standing(plan, "gone")
        assert (item["serial"], item["since"]) == ("OLD", "2026-11-23T03:00:00Z")
        assert changes(plan) == {}
        assert "Still open" in came_to(plan)["summary"]
    back = table.run([device(2, [optic("OLD", "Te1/1/1"), record("A")])], night(6))
    assert (changes(back)["OLD"]["fate"], standing(back, "gone")) == ("returned", [])


def test_a_gone_part_that_another_device_reports_is_not_open_any_more(table: Table) -> None:
    for number in (1, 2, 3):
        table.run([device(2, [record("A")])], night(number))
    plan = table.plan([device(2, [record("A")]), device(3, [optic("OLD", "Te9")])], night(4))
    assert standing(plan, "gone") == []


def test_while_it_is_counted_a_missing_part_is_open_as_not_seen(table: Table) -> None:
    for number in (1, 2):
        plan = table.run([device(2, [record("A")])], night(number), gone_after=5)
    (item,) = standing(plan, "not_seen")
    assert (item["serial"], item["since"], item["evidence"]["n"]) == ("OLD", "2026-11-21T03:00:00Z", 2)


def test_a_device_that_is_held_or_unreachable_is_listed_with_when_it_was_last_written(table: Table) -> None:
    others = [device(number, [record(f"N{number}")]) for number in (3, 4)]
    for number in (1, 2):
        plan = table.run([device(1, REST[:3]), *others], night(number))
    (held,) = standing(plan, "held")
    assert (held["since"], held["earlier"], held["answer"]) == ("2026-11-20T03:00:00Z", True, "-e upload_release=r1")
    lines = came_to(plan)["summary"]
    assert lines.index("Still open") < next(n for n, line in enumerate(lines) if "upload_release=r1" in line)
    dead = device(1, complete=False, error="no answer", reason="timeout")
    (item,) = standing(table.plan([dead, *others], night(3)), "unreachable")
    assert item["since"] == "2026-11-20T03:00:00Z"


@pytest.mark.parametrize("saved", ["r1.json", None])
def test_a_kept_collection_is_mentioned_only_if_there_is_one(saved: str | None) -> None:
    read = [device(number, [record(f"S{number}")], saved_to=saved) for number in (1, 2, 3)]
    unreadable = dict.fromkeys(("r1", "r2", "r3"), "NetBox answers 502")
    plan = make_plan(reports(read), NetBoxRows(unreadable=unreadable), night(0))
    text = " ".join(" ".join(came_to(plan)["summary"]).split())
    kept = "The collection is kept; write it with --tags upload. " if saved else ""
    assert f"3 devices not written NetBox answers 502. {kept}Devices: r1, r2, r3" in text


@pytest.mark.parametrize("object_id", ["1.3.6.1.4.1.36673.7", "", None, "1.3.6.1.4.1.x", "1.3.6.1.4.1." + "9" * 4000])
def test_a_device_of_which_nothing_is_known_has_a_state_of_its_own(object_id: str | None) -> None:
    said = "all parts: ENTITY-MIB is not present, and no profile knows this device"
    plan = Table().plan([device(1, system={"object_id": object_id}, coverage=[said], rows=0)], night(0))
    found = came_to(plan)
    assert (found["devices"]["r1"]["outcome"], found["failed_hosts"]) == ("nothing known", {})
    assert found["outcomes"] == {**dict.fromkeys(found["outcomes"], 0), "nothing_known": 1}
    text = " ".join(found["summary"])
    assert "1 with nothing known." in text
    assert "Add a profile" in text
    assert ("enterprise 36673: ENTITY-MIB is not present" in text) is (object_id == "1.3.6.1.4.1.36673.7")


def test_parts_that_the_user_excludes_are_known() -> None:
    assert came_to(Table().plan([device(1, rows=3)], night(0)))["devices"]["r1"]["outcome"] == "written"


def test_what_a_device_cannot_report_is_listed_when_it_is_new_and_with_v_each_night() -> None:
    table = Table()
    parts = [record("C", "Chassis", category="chassis"), record("A")]

    def said(number: int, *coverage: str, verbose: bool = False, **other: Any) -> bool:
        plan = table.run([device(1, parts, coverage=list(coverage), **other)], night(number))
        return any("optics" in line.text for line in summary(came_to(plan), 100, verbose=verbose))

    assert said(0, "optics: not told") is True
    assert said(1, "optics: not told") is False
    assert said(2, "optics: not told", verbose=True) is True
    assert said(3, complete=False, tables=BROKEN) is False
    assert said(4, "optics: not told") is False, "a night in which it was read in part forgets nothing"
    assert said(5) is False
    assert said(6, "optics: not told") is True, "it is new again"
    assert [row.our_data.get("unreported") for row in table.rows() if row.serial == "C"][-1] == "optics"


KINDS = st.sampled_from(
    ["whole", "incomplete", "empty", "nothing", "timeout", "authentication", "option", "not collected"]
)


def asked(number: int, kind: str) -> dict[str, Any]:
    parts = [record(f"S{number}-{slot}", f"Slot {slot}") for slot in range(3)]
    match kind:
        case "whole":
            return device(number, parts)
        case "incomplete":
            return device(number, parts[:1], complete=False, tables=BROKEN)
        case "empty":
            return device(number, complete=False, tables=BROKEN)
        case "nothing":
            return device(number)
    return device(number, complete=False, tables=None, error=f"{kind} happened", reason=kind)


@given(st.lists(st.lists(KINDS, min_size=1, max_size=5), min_size=1, max_size=3), st.sets(st.integers(0, 4)))
def test_counts_add_up_to_the_devices_and_each_that_is_not_well_is_listed(
    nights: list[list[str]], unreadable: set[int]
) -> None:
    table = Table()
    for number, kinds in enumerate(nights):
        devices = [asked(one, kind) for one, kind in enumerate(kinds)]
        plan = table.plan(devices, night(number))
        without_netbox = [
            replace(device_plan, error="NetBox is down", reason="netbox", steps=())
            if int(device_plan.name[1:]) in unreadable and not device_plan.error
            else device_plan
            for device_plan in plan.devices
        ]
        plan = replace(plan, devices=tuple(without_netbox))
        table.apply(plan)
        found = came_to(plan)
        assert sum(found["readings"].values()) == sum(found["outcomes"].values()) == len(devices)
        assert set(found["readings"]) == {reading.replace(" ", "_") for reading in READINGS}
        assert set(found["outcomes"]) == {outcome.replace(" ", "_") for outcome in OUTCOMES}
        said = Counter(item["device"] for item in found["standing"] if item["kind"] not in ("gone", "not_seen"))
        well = {name for name, one in found["devices"].items() if one["outcome"] == "written"}
        assert set(said) == set(found["devices"]) - well
        assert set(found["failed_hosts"]) <= set(said)
        # A device that was not read is not listed as unwritten as well: one state, listed once.
        for name, one in found["devices"].items():
            assert said[name] <= 1 + (one["reading"] in ("incomplete", "nothing known") and one["outcome"] == "failed")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The brake, and the guard against another box than NetBox knows."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.applied import Applied
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.brake import RELEASE, to_type
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import read_policy
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    fates,
    night,
    record,
)


def parts(count: int, prefix: str = "S", **other: Any) -> list[dict[str, Any]]:
    return [record(f"{prefix}{number:02}", f"Slot {number}", **other) for number in range(count)]


def result(plan: Any) -> dict[str, Any]:
    return make_outcome(plan, Applied(), 0)


def held(plan: Any) -> set[str]:
    return {name for name, found in result(plan)["devices"].items() if found["outcome"] == "held"}


@pytest.fixture
def table() -> Table:
    """NetBox after the first night of r1 with ten parts, and r2 with as many."""
    filled = Table()
    filled.run([device(1, parts(10)), device(2, parts(10, "T"))], night(0))
    return filled


def test_a_first_run_is_no_mass_change() -> None:
    assert held(Table().plan([device(number, parts(90, f"{number}-")) for number in (1, 2, 3)], night(0))) == set()


def test_a_device_that_lost_too_many_parts_is_held_and_nothing_of_it_is_written_not_even_the_time(table: Table) -> None:
    plan = table.run([device(1, parts(5)), device(2, parts(10, "T"))], night(1))
    assert set(fates(plan).values()) == {"refreshed"}
    assert {host for host, _serial in fates(plan)} == {"r2"}
    assert {row.time for row in table.rows() if row.device_id == 1} == {night(0)}
    found = result(plan)
    assert found["devices"]["r1"]["would"] == {"not_seen": [f"S0{number}" for number in range(5, 10)]}
    assert "not_seen" not in found["devices"]["r1"]
    why = "5 of 10 known parts are different (5 not seen or on another device), more than 30 %"
    release = "-e upload_release=r1"
    assert found["failed_hosts"]["r1"] == f"held: {why}. Nothing of it is written. If this is correct: {release}"
    assert [change["serial"] for change in found["changes"]] == ["S05", "S06", "S07", "S08", "S09"]
    assert {(change["fate"], change["evidence"]["would"]) for change in found["changes"]} == {("held", "not_seen")}
    assert found["summary"][0] == "Inventory: 2 devices, 2 complete. 1 held."
    (item,) = [item for item in found["standing"] if item["kind"] == "held"]
    assert (item["text"], item["answer"], item["since"]) == (why, release, "2026-11-20T03:00:00Z")
    assert "devices" not in item, "it concerns one"
    assert release in "\n".join(found["summary"])


def test_a_device_stays_held_until_it_is_released_once(table: Table) -> None:
    rest = [device(1, parts(5)), device(2, parts(10, "T"))]
    for number in (1, 2):
        assert held(table.run(rest, night(number))) == {"r1"}
    plan = table.run(rest, night(3), release=["r1"])
    assert fates(plan)[("r1", "S09")] == "not_seen"
    plan = table.run(rest, night(4))
    assert (held(plan), fates(plan)[("r1", "S09")]) == (set(), "gone")


@pytest.mark.parametrize(
    ("policy", "stopped"),
    [
        ({}, True),
        ({"release": ["all"]}, False),
        ({"release": ["r2"]}, True),
        ({"release": ["core-1"]}, False),
        ({"accept": ["r1"]}, False),
        ({"brake_share": 50}, False),
        ({"brake_share": 49}, True),
        ({"brake_parts": 6}, False),
        ({"brake_share": 100}, False),
    ],
)
def test_what_lets_a_device_pass(table: Table, policy: dict[str, Any], stopped: bool) -> None:
    plan = table.plan([device(1, parts(5), device_name="core-1")], night(1), **policy)
    assert bool(held(plan)) is stopped


def test_a_device_that_answers_and_reports_no_part_at_all_is_held_however_few_it_has() -> None:
    """It is booting, or its agent lost a table: a box that answers is still there."""
    table = Table()
    table.run([device(1, parts(3))], night(0))
    for number in (1, 2, 3):
        plan = table.run([device(1)], night(number))
        assert result(plan)["failed_hosts"]["r1"] == (
            "held: it answers, but reports none of its 3 known parts and no other part. Nothing of it is written. "
            "If this is correct: -e upload_release=r1"
        )
    assert fates(table.run([device(1, parts(3))], night(4))) == dict.fromkeys(
        [("r1", "S00"), ("r1", "S01"), ("r1", "S02")], "refreshed"
    )


def test_a_device_of_which_all_parts_are_exchanged_or_elsewhere_reports_something() -> None:
    table = Table()
    table.run([device(1, parts(2)), device(2, parts(1, "T"))], night(0))
    assert held(table.plan([device(1, parts(1, "NEW")), device(2, parts(1, "T"))], night(1))) == set()
    assert held(table.plan([device(1), device(2, [*parts(2), *parts(1, "T")])], night(1))) == set()


@pytest.mark.parametrize("lost", [2, 3])
def test_few_parts_hold_no_device_however_many_it_has(lost: int) -> None:
    table = Table()
    table.run([device(1, parts(4))], night(0))
    assert held(table.plan([device(1, parts(4 - lost))], night(1))) == set()


def test_changed_parts_and_parts_that_are_elsewhere_count_new_ones_do_not(table: Table) -> None:
    changed = [*parts(3, part="NEW"), *parts(10)[3:]]
    assert held(table.plan([device(1, [*changed, *parts(50, "X")])], night(1), brake_parts=3)) == set()
    plan = table.plan([device(1, changed[:-1]), device(2, [*parts(10, "T"), *parts(10)[9:]])], night(1), brake_parts=3)
    assert held(plan) == {"r1"}
    assert "4 of 10 known parts are different (3 changed, 1 not seen or on another device)" in str(result(plan))


def test_a_device_that_netbox_moved_to_another_site_is_not_held(table: Table) -> None:
    plan = table.plan([device(1, parts(10), site_id=2, site_name="Praha")], night(1))
    assert set(fates(plan).values()) == {"changed"}
    assert held(plan) == set()


def test_rows_of_the_older_scripts_never_hold_a_device(table: Table) -> None:
    for raw in table.raw.values():
        raw["discovered_data"] = {}
    assert held(table.plan([device(1, parts(5, part="NEW"))], night(1))) == set()


def test_parts_that_went_one_after_the_other_are_not_added_up(table: Table) -> None:
    for number in range(1, 6):
        assert held(table.run([device(1, parts(10 - 2 * number + 2))], night(number))) == set()


def test_an_incomplete_device_is_not_held_for_what_it_did_not_report(table: Table) -> None:
    plan = table.plan([device(1, parts(2), complete=False)], night(1))
    assert held(plan) == set()
    assert plan.devices[0].unknown == 8


def network(count: int, size: int, **other: Any) -> list[dict[str, Any]]:
    return [device(number, parts(size, f"D{number}-", **other)) for number in range(1, count + 1)]


def test_a_run_with_too_many_changes_is_held_as_a_whole() -> None:
    table = Table()
    table.run(network(10, 10), night(0))
    tonight = [device(number, parts(7, f"D{number}-")) for number in range(1, 9)] + network(10, 10)[8:]
    plan = table.run(tonight, night(1))
    assert list(plan.steps()) == []
    assert held(plan) == {f"r{number}" for number in range(1, 11)}
    text = " ".join(" ".join(result(plan)["summary"]).split())
    assert "10 devices held 24 of 100 known parts are different" in text
    assert "most of them on r1 (3), r2 (3), r3 (3). Release: -e upload_release=all" in text
    assert text.count("24 of 100") == 1
    blocks = "".join(block["prepared"] for block in diff_blocks(plan))
    assert "r1 (Brno): held, nothing was written: 3 no longer seen" in blocks
    assert "r10" not in blocks
    assert held(table.plan(tonight, night(1), release=["all"])) == set()
    assert held(table.plan(tonight, night(1), run_brake_share=24)) == set()
    assert held(table.plan(tonight, night(1), release=["r1", "r2"])) == set()


def test_one_device_is_not_the_whole_run() -> None:
    table = Table()
    table.run(network(1, 100), night(0))
    assert held(table.plan([device(1, parts(75, "D1-"))], night(1))) == set()


def test_the_diff_of_a_held_device_shows_what_would_be_written(table: Table) -> None:
    (block,) = diff_blocks(table.plan([device(1, parts(5))], night(1)))
    lines = block["prepared"].splitlines()
    assert lines[0] == "r1 (Brno): held, nothing was written: 5 no longer seen"
    assert lines[1].startswith("! held: 5 of 10 known parts")
    assert "! Slot 9  S09  PART-1  no longer seen" in lines[-2]


def box(number: int, serial: str, sysname: str | None, others: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A device with a chassis and the name that it gives itself."""
    parts_of_it = [record(serial, "Chassis", category="chassis", path="Chassis"), *others]
    return device(number, parts_of_it, system={"name": sysname}, **{"platform": "ios", **more})


@pytest.fixture
def boxes() -> Table:
    """NetBox after the first night of two boxes."""
    filled = Table()
    filled.run([box(1, "C1", "r1.cz", parts(3)), box(2, "C2", "r2.cz", parts(3, "T"))], night(0))
    return filled


def test_two_boxes_whose_addresses_were_swapped_are_held_and_both_are_named(boxes: Table) -> None:
    plan = boxes.run([box(1, "C2", "r2.cz", parts(3, "T")), box(2, "C1", "r1.cz", parts(3))], night(1))
    assert list(plan.steps()) == []
    assert held(plan) == {"r1", "r2"}
    assert result(plan)["devices"]["r1"]["error"] == (
        "held: another device seems to answer: NetBox has chassis C1, sysName r1.cz, platform ios, but the answer is "
        "from chassis C2, sysName r2.cz, platform ios; in NetBox that is r2. Nothing of it is written. "
        "If this is correct: -e upload_accept=r1"
    )


@pytest.mark.parametrize(
    ("tonight", "stopped"),
    [
        (box(1, "C9", "other.cz", parts(3)), True),
        (box(1, "C9", "r1.cz", parts(3), platform="junos"), True),
        (box(1, "C9", "r1.cz", parts(3, "X")), True),
        (box(1, "C9", None, parts(3, "X")), True),
        (box(1, "C9", "r1.cz", parts(3)), False),  # the chassis was replaced
        (box(1, "C9", "R1.CZ", parts(3)), False),
        (box(1, "C1", "renamed.cz", parts(3, "X")), False),
        (box(1, "C9", "other.cz", parts(3), chassis=[{"serial": "C1", "source": "entPhysicalTable"}]), False),
        (device(1, parts(3, "X"), system={"name": "other.cz"}), False),  # it reports no chassis
    ],
)
def test_another_chassis_with_another_name_platform_or_parts_is_another_box(
    boxes: Table, tonight: dict[str, Any], stopped: bool
) -> None:
    assert bool(held(boxes.plan([tonight], night(1)))) is stopped


def test_parts_that_are_gone_for_long_do_not_make_a_replaced_chassis_another_box() -> None:
    """Three of four parts were taken out nights ago; the chassis is replaced tonight, with what is left in it."""
    table = Table()
    table.run([box(1, "C1", "r1.cz", parts(4))], night(0))
    for number in (1, 2, 3):
        table.run([box(1, "C1", "r1.cz", parts(1))], night(number), brake_share=100)
    assert held(table.plan([box(1, "C9", "r1.cz", parts(1))], night(4), brake_share=100)) == set()
    assert held(table.plan([box(1, "C9", "r1.cz", parts(1, "X"))], night(4), brake_share=100)) == {"r1"}


def test_a_broken_reading_does_not_make_parts_others(boxes: Table) -> None:
    partial = box(1, "C9", "r1.cz", [], complete=False)
    assert held(boxes.plan([partial], night(1))) == set()


def test_an_accepted_box_is_written_and_release_is_not_enough(boxes: Table) -> None:
    other = [box(1, "C9", "other.cz", parts(8, "X"))]
    assert held(boxes.plan(other, night(1), release=["all"])) == {"r1"}
    assert held(boxes.run(other, night(1), accept=["r1"])) == set()
    assert held(boxes.run(other, night(2))) == set()


@pytest.mark.parametrize(("nights", "fate"), [(1, "refreshed"), (3, "returned")])
def test_a_box_that_was_accepted_by_mistake_is_answered_by_accepting_the_right_one(
    boxes: Table, nights: int, fate: str
) -> None:
    other, right = [box(1, "C9", "other.cz", parts(8, "X"))], [box(1, "C1", "r1.cz", parts(3))]
    boxes.run(other, night(1), accept=["r1"])
    for number in range(2, nights + 1):
        boxes.run(other, night(number))
    assert held(boxes.run(right, night(nights + 1))) == {"r1"}
    plan = boxes.run(right, night(nights + 1), accept=["r1"])
    found = fates(plan)
    assert {found["r1", serial] for serial in ("C1", "S00", "S01", "S02")} == {fate}
    assert {found["r1", serial] for serial in ("C9", "X00")} == {"not_seen"}
    assert held(boxes.run(right, night(nights + 2))) == set()


def test_another_name_of_the_same_box_is_remembered_in_place_and_a_collection_without_it_forgets_nothing(
    boxes: Table,
) -> None:
    plan = boxes.run([box(1, "C1", "new.cz", parts(3))], night(1))
    (step,) = [step for step in plan.steps() if step.fate == "updated"]
    assert step.changes == {"sysname": ("r1.cz", "new.cz")}
    plan = boxes.run([device(1, [record("C1", "Chassis", category="chassis", path="Chassis"), *parts(3)])], night(2))
    assert set(fates(plan).values()) == {"refreshed"}


@pytest.mark.parametrize(
    "bad",
    [
        {"brake_share": 101},
        {"run_brake_share": -1},
        {"brake_parts": 0},
        {"gone_after": 0},
        {"gone_after_days": -1},
        {"gone": "tag"},
    ],
)
def test_options_out_of_range_are_refused_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(NetBoxOptionError, match=next(iter(bad))):
        read_policy(bad)


def test_blanks_around_the_names_of_the_command_line_do_not_count() -> None:
    policy = read_policy({"release": ["r1", " r2"], "accept": [" r3 "]})
    assert [policy.lets_pass([name]) for name in ("r1", "r2", "r3", "r4")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("given", "warnings"),
    [
        ({"release": ["r1", "all"], "accept": ["core-2.example.org"]}, []),
        (
            {"release": ["core-1"]},
            ['release: no device of this upload has the name "core-1". Did you mean core-1.example.org?'],
        ),
        (
            {"release": ["core-3.example.org"]},
            [
                'release: no device of this upload has the name "core-3.example.org". '
                "Did you mean core-2.example.org or core-1.example.org?"
            ],
        ),
        ({"accept": ["R1"]}, ['accept: no device of this upload has the name "R1". Did you mean r1?']),
        ({"release": ["Žilina", "Žilina"]}, ['release: no device of this upload has the name "Žilina".']),
        ({"accept": ["all"]}, ['accept: no device of this upload has the name "all".']),
    ],
)
def test_a_name_to_release_or_accept_that_no_device_has_is_a_warning(
    given: dict[str, Any], warnings: list[str]
) -> None:
    names = ["r1", "core-1.example.org", "core-2.example.org"]
    assert read_policy(given).unmatched(names) == warnings


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("fx-plzen", "-e upload_release=fx-plzen"),
        ("sw-aruba-žilina.example.org", "-e upload_release=sw-aruba-žilina.example.org"),
        ("sw, mid [1]", r"""-e '{"upload_release": ["sw, mid \u005b1\u005d"]}'"""),
        ("it's", r"""-e '{"upload_release": ["it\u0027s"]}'"""),
        ("a\x1b[2Jb", r"""-e '{"upload_release": ["a\u001b\u005b2Jb"]}'"""),
    ],
)
def test_the_brake_shows_what_to_type_whatever_the_name(name: str, typed: str) -> None:
    assert to_type(RELEASE, name) == typed
    option, given = shlex.split(typed)
    assert option == "-e"
    assert (json.loads(given)["upload_release"] if given.startswith("{") else [given.partition("=")[2]]) == [name]

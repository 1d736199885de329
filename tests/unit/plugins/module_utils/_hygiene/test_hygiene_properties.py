# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every probe table: hygiene ends, loses no sight of a part, and then has nothing more to say."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._hygiene.plan import (
    Known,
    Merge,
    Wishes,
    plan_serial,
    serial_of,
)
from ansible_collections.invmon.network.plugins.module_utils._hygiene.rows import brief_of, true_serial
from ansible_collections.invmon.network.plugins.module_utils._hygiene.steps import make_step
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import format_time, parse_time
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 1, tzinfo=UTC)
MATCHES = {"r1": 1}
LABELS = [("Fan 1", "fan"), ("Slot 1", "module"), ("Slot 2", "module"), ("Te1", "port")]

Table = dict[int, dict[str, Any]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    found: Table = {}
    for number in range(1, draw(st.integers(1, 9)) + 1):
        begin = draw(st.integers(0, 60))
        name, category = draw(st.sampled_from(LABELS))
        device = draw(st.sampled_from([1, 1, 1, 2, None]))
        mark = {"invmon": {"v": 1, "slot": draw(st.sampled_from(["a", "b"]))}} if draw(st.booleans()) else {}
        found[number] = {
            "id": number,
            "serial": draw(st.sampled_from(["SN1", "SN1", '"SN1"', "SN2"])),
            "name": name,
            "category": category,
            "part": draw(st.sampled_from(["P", "P", "Q"])),
            "description": "",
            "device": {"id": device} if device else None,
            "site": None,
            "location": None,
            "device_descriptor": draw(st.sampled_from(["r1", "r9"])) if device is None else f"r{device}",
            "site_descriptor": None,
            "location_descriptor": None,
            # Half hours, so that gaps are below an hour, one, and above.
            "creation_time": format_time(START + timedelta(minutes=30 * begin)),
            "time": format_time(START + timedelta(minutes=30 * (begin + draw(st.integers(0, 12))))),
            "discovered_data": mark,
            "tags": [{"slug": "t"}] if draw(st.integers(0, 5)) == 0 else [],
            "comments": draw(st.sampled_from(["", "", "", f"word {number}"])),
            "custom_fields": {},
        }
    return found


def plan(table: Table, wishes: Wishes, noted: frozenset[int]) -> list[Merge]:
    serials = defaultdict(list)
    for raw in table.values():
        brief = brief_of(raw)
        serials[serial_of(brief, wishes)].append(brief)
    known = Known(MATCHES, noted)
    return [merge for serial, briefs in serials.items() for merge in plan_serial(serial, briefs, wishes, known)]


def carry_out(table: Table, merges: list[Merge]) -> Table:
    after = {number: dict(raw) for number, raw in table.items()}
    for merge in merges:
        step = make_step(merge, table)
        if step.id is not None:
            after[step.id].update(step.data)
            if "device" in step.data:
                after[step.id]["device"] = {"id": step.data["device"]}
        for number in step.delete:
            del after[number]
    return after


def sights(table: Table) -> dict[Any, tuple[datetime, datetime]]:
    """(serial, device) -> first and last time."""
    found: dict[Any, tuple[datetime, datetime]] = {}
    for raw in table.values():
        brief = brief_of(raw)
        name = raw["device_descriptor"]
        key = (true_serial(brief), brief.device_id or MATCHES.get(name, name))
        begin, end = parse_time(raw["creation_time"]), parse_time(raw["time"])
        before = found.get(key, (begin, end))
        found[key] = (min(begin, before[0]), max(end, before[1]))
    return found


WISHES = st.builds(Wishes, thin_before=st.sampled_from([None, START + timedelta(hours=20)]))


@settings(max_examples=400, deadline=None)
@given(tables(), WISHES, st.frozensets(st.integers(1, 9), max_size=3))
def test_a_second_run_has_nothing_to_do(table: Table, wishes: Wishes, noted: frozenset[int]) -> None:
    after = carry_out(table, plan(table, wishes, noted))
    assert plan(after, wishes, noted) == []


@settings(max_examples=400, deadline=None)
@given(tables(), WISHES, st.frozensets(st.integers(1, 9), max_size=3))
def test_no_sight_of_a_part_is_lost(table: Table, wishes: Wishes, noted: frozenset[int]) -> None:
    assert sights(carry_out(table, plan(table, wishes, noted))) == sights(table)


@settings(max_examples=400, deadline=None)
@given(tables(), WISHES, st.frozensets(st.integers(1, 9), max_size=3))
def test_what_people_added_stays(table: Table, wishes: Wishes, noted: frozenset[int]) -> None:
    after = carry_out(table, plan(table, wishes, noted))
    assert noted & table.keys() <= after.keys()
    words = {raw["comments"] for raw in table.values() if raw["comments"]}
    assert all(any(word in raw["comments"] for raw in after.values()) for word in words)
    tagged = {true_serial(brief_of(raw)) for raw in table.values() if raw["tags"]}
    assert {true_serial(brief_of(raw)) for raw in after.values() if raw["tags"]} == tagged


@settings(max_examples=400, deadline=None)
@given(tables(), WISHES)
def test_a_row_is_in_one_step_only_and_the_lowest_id_stays(table: Table, wishes: Wishes) -> None:
    merges = plan(table, wishes, frozenset())
    touched = [row.id for merge in merges for row in merge.rows]
    assert len(touched) == len(set(touched))
    assert all(
        merge.keep.id < min(row.id for row in merge.superseded) for merge in merges if merge.keep and merge.superseded
    )


def test_which_of_two_joined_rows_stays_does_not_decide_about_the_next_run() -> None:
    """Two rows of a fan are one, beside a row that calls it a port and began in the same moment."""
    same: dict[str, Any] = {
        **{"serial": "SN1", "part": "P", "description": "", "device": {"id": 1}, "device_descriptor": "r1"},
        **dict.fromkeys(("site", "location", "site_descriptor", "location_descriptor")),
        **{"creation_time": "2026-01-01T00:00:00Z", "discovered_data": {}},
        **{"tags": [], "comments": "", "custom_fields": {}},
    }
    table: Table = {
        1: {"id": 1, "name": "Fan 1", "category": "fan", "time": "2026-01-01T00:00:00Z", **same},
        2: {"id": 2, "name": "Te1", "category": "port", "time": "2026-01-01T00:00:00Z", **same},
        3: {"id": 3, "name": "Fan 1", "category": "fan", "time": "2026-01-01T00:30:00Z", **same},
    }
    after = carry_out(table, plan(table, Wishes(), frozenset()))
    assert sorted(after) == [1, 2]
    assert plan(after, Wishes(), frozenset()) == []

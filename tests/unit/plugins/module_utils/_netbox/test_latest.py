# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latest rows of devices: the same ones whether NetBox finds them or all rows are read, and few requests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox import latest
from ansible_collections.invmon.network.plugins.module_utils._netbox.breaker import Breaker
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._netbox.probe_rows import row

DEVICES = 120
NEVER, ALWAYS = 0, 1_000_000  #: latest.SEARCHED_PER_ROW with which NetBox is not, or is, asked to search


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(DEVICES)) as one:
        yield one


def write(standin: StandIn, rows: list[dict[str, Any]]) -> None:
    with NetBox(standin.url, standin.token) as netbox:
        for begin in range(0, len(rows), 1000):
            netbox.post_bulk(latest.PROBES, rows[begin : begin + 1000])
    standin.forget()


def read(standin: StandIn, devices: range = range(1, DEVICES + 1)) -> dict[tuple[int, str], tuple[int, datetime]]:
    """(device, serial) -> id and time of the latest row."""
    with NetBox(standin.url, standin.token, connections=1) as netbox:
        found = latest.read_latest(netbox, devices, Breaker())
    assert found.unreadable == {}
    assert sorted(found.rows) == list(devices)
    rows = [one for some in found.rows.values() for one in some]
    chosen = {(one.device_id or 0, one.serial): (one.id, one.time) for one in rows}
    assert len(chosen) == len(rows), "one row of each serial on a device"
    return chosen


def searches(standin: StandIn) -> list[bool]:
    """For each list of rows of devices that was asked for: whether NetBox had to find the latest ones."""
    asked = [one["query"] for one in standin.requests("GET", "probes") if "device_id" in one["query"]]
    return ["latest_only_per_device" in query for query in asked]


@pytest.mark.parametrize("per_row", [NEVER, 200, ALWAYS])
@pytest.mark.parametrize("page", [3, 40, 1000])
def test_the_latest_row_is_the_same_whoever_looks_for_it(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, page: int, per_row: int
) -> None:
    rng = random.Random(page)
    hours = rng.sample(range(500), 300)
    rows = [row(rng.choice(["SN1", "sn1", "SN2", "SN3", "X" * 200]), rng.randint(1, 5), hour) for hour in hours]
    write(standin, rows)
    standin.limit_lists(page)
    monkeypatch.setattr(latest, "SEARCHED_PER_ROW", per_row)
    newest: dict[tuple[int, str], datetime] = {}
    for one in rows:
        key, time = (one["device"], one["serial"]), datetime.fromisoformat(one["time"])
        newest[key] = max(time, newest.get(key, time))
    assert {key: time for key, (_id, time) in read(standin, range(1, 6)).items()} == newest


def test_of_twins_the_first_one_counts_each_night(standin: StandIn) -> None:
    write(standin, [row("SN1", 1, 5), row("SN1", 1, 7), row("SN1", 1, 7), row("SN1", 2, 7), row("SN1", 1, 6)])
    found = read(standin, range(1, 3))
    assert {key: number for key, (number, _time) in found.items()} == {(1, "SN1"): 2, (2, "SN1"): 4}


@pytest.mark.parametrize("per_row", [NEVER, ALWAYS])
def test_a_row_with_padding_around_the_serial_is_another_one(monkeypatch: pytest.MonkeyPatch, per_row: int) -> None:
    """Scripts have written such rows. They are what hygiene mends, and until then not hidden by the newer row."""
    padded = [row(f"SN1{padding}", 1, hour) for padding, hour in (("", 9), (" ", 5), (" ", 4))]
    monkeypatch.setattr(latest, "SEARCHED_PER_ROW", per_row)
    with start_standin({**one_site(1), "probes": [{**one, "device": "r1"} for one in padded]}) as standin:
        standin.limit_lists(2)
        with NetBox(standin.url, standin.token) as netbox:
            found = latest.read_latest(netbox, [1], Breaker()).rows[1]
    assert sorted(one.id for one in found) == [1, 2]


def test_netbox_does_not_search_the_whole_table_where_rows_have_no_history(standin: StandIn) -> None:
    """Its search takes longer the more rows the table has: with 5,000 devices longer than the reading."""
    parts = [row(f"SN{device}-{part}", device, 2) for device in range(1, DEVICES + 1) for part in range(30)]
    write(standin, parts)
    assert len(read(standin)) == DEVICES * 30
    assert searches(standin) == [False] * 6, "two pages for each of three lists"
    assert len(standin.requests("GET")) == 6

    write(standin, [row(f"SN{device}-{part}", device, 1) for device in range(1, 120, 40) for part in range(2, 9)])
    assert {time.hour for _id, time in read(standin).values()} == {2}
    assert searches(standin) == [False] * 6, "a few earlier rows are read along"
    assert len(standin.requests("GET")) == 7, "the size of the table is asked for once"


def test_a_long_history_is_left_to_netbox_after_one_page(standin: StandIn) -> None:
    """The older tool's rows of some years are hundreds a part, of which one is needed."""
    write(standin, [row(f"SN{device}", device, hour) for device in range(1, DEVICES + 1) for hour in range(40)])
    assert len(read(standin)) == DEVICES
    assert searches(standin) == [False, True, True, True]

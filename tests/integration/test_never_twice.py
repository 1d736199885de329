# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that overlap, and runs that are killed: one row per serial and device, and nothing lost."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._netbox.session import NetBoxSession
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.faults import FAULTS, LASTING, ONCE, bad_night
from ansible_collections.invmon.network.tests.races import NIGHT, at_once, fates, network, rows_of, standing, upload
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import reports

#: Requests for probes, in path?query of the stand-in.
PATH = "/inventory-monitor/probes/"
SECONDS = [NIGHT + timedelta(seconds=number) for number in range(3)]


@pytest.fixture(params=["4.6", "4.4"])
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start_standin(one_site(30), version=request.param) as one:
        yield one


def rows(standin: StandIn) -> list[dict[str, Any]]:
    return rows_of(standin.url, standin.token)


def all_read_before_one_writes(standin: StandIn, writers: int) -> None:
    standin.plan("latency", method="GET", path=PATH, times=writers, seconds=0.3)
    standin.plan("latency", method="POST", path=PATH, times=writers, seconds=0.3)


def test_three_runs_at_the_same_moment_leave_one_row_of_each_part(standin: StandIn) -> None:
    """Each reads the empty table before any of them writes."""
    devices = network(range(1, 31), 8)
    all_read_before_one_writes(standin, 3)
    outcomes = at_once(standin.url, standin.token, devices, SECONDS)
    assert sum(entry["rows"] for entry in standin.requests("POST", PATH)) > 240
    assert set(standing(rows(standin)).values()) == {1}
    assert len(rows(standin)) == 240
    counted = [fates(outcome) for outcome in outcomes]
    assert sum((found for found in counted), Counter())["created"] == 240
    assert sum(found["refreshed"] for found in counted) > 0
    assert [(outcome["failed_hosts"], outcome["warnings"]) for outcome in outcomes] == [({}, [])] * 3


def test_a_change_that_three_runs_see_at_once_is_written_once_and_history_stays(standin: StandIn) -> None:
    upload(standin.url, standin.token, network([1], 10), NIGHT - timedelta(minutes=5))
    standin.forget()
    all_read_before_one_writes(standin, 3)
    changed = network([1], 10)
    for record in changed[0]["records"][:2]:
        record["part"] = "PART-2"
    outcomes = at_once(standin.url, standin.token, changed, SECONDS)
    assert sum(entry["rows"] for entry in standin.requests("POST", PATH)) > 2
    assert sorted(standing(rows(standin)).values()) == [1] * 8 + [2] * 2
    assert sum(len(outcome["devices"]["r1"].get("changed", ())) for outcome in outcomes) == 2
    assert [outcome["failed_hosts"] for outcome in outcomes] == [{}] * 3


def test_a_part_that_changes_to_and_fro_within_an_hour_keeps_each_of_its_rows(standin: StandIn) -> None:
    for number, part in enumerate(("A", "B", "A", "B")):
        devices = network([1], 10)
        devices[0]["records"][0]["part"] = part
        upload(standin.url, standin.token, devices, NIGHT + timedelta(minutes=number))
    parts = [row["part"] for row in rows(standin) if row["serial"] == "R1-0"]
    assert parts == ["A", "B", "A", "B"]


def test_a_row_that_another_run_took_back_while_it_was_refreshed_is_no_error(standin: StandIn) -> None:
    """The second run plans on the row of the first that loses, and the row is gone when it wants to change it."""
    devices = network([1], 5)
    upload(standin.url, standin.token, devices)
    twins = _write_again(standin, time="2026-11-20T03:00:09Z", creation_time="2026-11-20T03:00:09Z")
    # By the time of the PATCH another writer has deleted the twins.
    standin.plan("latency", method="PATCH", path=PATH, seconds=0.5)
    outcomes: list[dict[str, Any]] = []
    context = get_context("fork")
    deleting = context.Process(target=_delete_later, args=(standin.url, standin.token, twins))
    deleting.start()
    outcomes.append(upload(standin.url, standin.token, devices, NIGHT + timedelta(seconds=20), refresh_after=0))
    deleting.join(10)
    assert outcomes[0]["failed_hosts"] == {}
    assert fates(outcomes[0])["refreshed"] == 5
    assert set(standing(rows(standin)).values()) == {1}


def test_what_netbox_writes_after_nobody_waits_any_more_is_found_by_the_next_run_whenever_that_is(
    standin: StandIn,
) -> None:
    """The time-out passes, the rows are not there, they are sent again, the run ends; then the first POST is served."""
    devices = network([1, 2], 5)
    standin.plan("latency", method="POST", path=PATH, seconds=1.5)
    first = upload(standin.url, standin.token, devices, timeout=0.3)
    assert fates(first) == Counter(created=10, refreshed=0, failed=0)
    assert len(rows(standin)) == 10
    for _look in range(100):
        if len(rows(standin)) == 20:
            break
        time.sleep(0.1)
    assert set(standing(rows(standin)).values()) == {2}
    second = upload(standin.url, standin.token, devices, NIGHT + timedelta(days=7))
    assert (fates(second)["refreshed"], second["failed_hosts"], second["warnings"]) == (10, {}, [])
    assert set(standing(rows(standin)).values()) == {1}
    assert {row["time"][:10] for row in rows(standin)} == {"2026-11-27"}
    assert {row["creation_time"][:10] for row in rows(standin)} == {"2026-11-20"}


def test_two_runs_that_find_the_twins_of_an_earlier_night_at_once_leave_one_of_each(standin: StandIn) -> None:
    devices = network([1, 2], 5)
    upload(standin.url, standin.token, devices)
    _write_again(standin)
    standin.plan("latency", method="PATCH", path=PATH, times=2, seconds=0.3)
    outcomes = at_once(standin.url, standin.token, devices, [NIGHT + timedelta(days=1, seconds=n) for n in range(2)])
    assert [(outcome["failed_hosts"], outcome["warnings"]) for outcome in outcomes] == [({}, [])] * 2
    assert set(standing(rows(standin)).values()) == {1}
    assert {row["time"][:10] for row in rows(standin)} == {"2026-11-21"}


def _write_again(standin: StandIn, **other: Any) -> list[int]:
    """Write all rows that stand a second time; returns the ids of the new ones."""
    again = [{key: row[key] for key in row if key not in ("id", "url", "display")} for row in rows(standin)]
    for row in again:
        row |= {key: row[key] and row[key]["id"] for key in ("device", "site", "location")}
        row |= other
    with NetBox(standin.url, standin.token) as netbox:
        return [row["id"] for row in netbox.post_bulk(PROBES, again)]


def _delete_later(url: str, token: str, ids: list[int]) -> None:
    time.sleep(0.25)
    with NetBox(url, token) as netbox:
        netbox.delete_bulk(PROBES, ids)


@pytest.mark.parametrize(("method", "word"), [("GET", "could not be checked"), ("DELETE", "could not be deleted")])
def test_twins_that_cannot_be_taken_back_are_reported_and_fail_no_device(
    standin: StandIn, method: str, word: str
) -> None:
    devices = network([1, 2], 5)
    all_read_before_one_writes(standin, 2)
    standin.plan("403", method=method, path=PATH, times=-1)
    outcomes = at_once(standin.url, standin.token, devices, SECONDS[:2])
    standin.forget()
    texts = [text for outcome in outcomes for text in outcome["warnings"]]
    assert [text for text in texts if word in text and "hygiene" in text] == texts
    assert texts
    assert [outcome["failed_hosts"] for outcome in outcomes] == [{}, {}]


def _killed_run(
    url: str, token: str, devices: list[dict[str, Any]], nights: int, number: int, after: bool, refresh_after: float
) -> None:
    """A run whose process ends at its request of that number: before it is sent, or after it was answered."""
    sent = 0
    original = NetBoxSession._send_once

    def counting(self: NetBoxSession, *args: Any, **kwargs: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == number and not after:
            os._exit(9)
        reply = original(self, *args, **kwargs)
        if sent == number:
            os._exit(9)
        return reply

    NetBoxSession._send_once = counting  # type: ignore[method-assign]
    with NetBox(url, token, connections=1, backoff=0.01) as netbox:
        _run(netbox, devices, nights, refresh_after)
    os._exit(0)


def _run(netbox: NetBox, devices: list[dict[str, Any]], nights: int, refresh_after: float) -> None:
    policy = Policy(gone_action="delete", gone_age=1, refresh_after=refresh_after)
    run(netbox, reports(devices), NIGHT + timedelta(days=nights), 20, pause=0.01, policy=policy)


def second_night() -> list[dict[str, Any]]:
    """Of 40 parts one changed, one is new, one is not there, one went to the other device."""
    first, second = network([1, 2], 20)
    first["records"][3]["part"] = "OTHER"
    second["records"].append({**second["records"][0], "serial": "NEW", "name": "Slot 99"})
    del second["records"][5]
    second["records"].append(first["records"].pop(7))
    return [first, second]


def state(standin: StandIn) -> list[tuple[Any, ...]]:
    """What the rows say, ids apart."""
    keys = ("serial", "name", "part", "time", "creation_time", "discovered_data")
    return sorted((row["device"]["id"], str([row[key] for key in keys])) for row in rows(standin))


# With refresh_after of six days, and without. The state machine and test_disturbed_nights.py mix all of these.
@pytest.mark.parametrize(
    ("after", "refresh_after"), [(False, 144), (True, 0)], ids=["before-it-is-sent", "after-it-is-answered"]
)
@pytest.mark.parametrize("nights", [0, 1, 4], ids=["first-night", "night-of-changes", "night-of-deletions"])
def test_a_run_that_is_killed_at_any_request_is_completed_by_the_next_one(
    nights: int, after: bool, refresh_after: float
) -> None:
    devices = second_night() if nights else network([1, 2], 20)
    number, finished = 0, False
    wanted: list[tuple[Any, ...]] = []
    while not finished:
        with start_standin(one_site(2)) as standin:
            if nights:
                upload(standin.url, standin.token, network([1, 2], 20), refresh_after=refresh_after)
            for earlier in range(1, nights):
                # One part of r2 is missing: twice, and it is gone.
                moment = NIGHT + timedelta(days=earlier)
                upload(standin.url, standin.token, second_night(), moment, refresh_after=refresh_after)
            if number:
                child = get_context("fork").Process(
                    target=_killed_run,
                    args=(standin.url, standin.token, devices, nights, number, after, refresh_after),
                )
                child.start()
                child.join(30)
                assert child.exitcode in (0, 9)
                finished = child.exitcode == 0
            with NetBox(standin.url, standin.token, connections=1) as netbox:
                _run(netbox, devices, nights, refresh_after)
            wanted = wanted or state(standin)
            assert state(standin) == wanted, f"killed at request {number}"
        number += 1
    assert number > 5
    assert ("R2-5" in str(wanted)) == (nights < 4)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("quiet", [False, True], ids=["first-night", "quiet-night"])
def test_a_fault_of_netbox_loses_nothing_doubles_nothing_and_is_reported(fault: str, quiet: bool) -> None:
    """The small version of `make faults`."""
    line = bad_night(fault, quiet, ONCE if FAULTS[fault][1] else LASTING, devices=8)
    assert line.good, line
    assert line.named != "nobody" or line.written == 8 * 5

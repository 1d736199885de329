# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.counts import FATES
from ansible_collections.invmon.network.plugins.plugin_utils._run.run_record import (
    NAMED,
    Times,
    about_awx,
    for_statistic,
    make_record,
    plain,
)

START = 1_800_000_000.0


def written(**more: Any) -> dict[str, Any]:
    return {"outcome": "written", "wrote": True, "seen": 2, "refreshed": 2, "unknown": 0, **more}


def lost(reason: str = "timeout", **more: Any) -> dict[str, Any]:
    told = {"outcome": "not collected", "reason": reason, "error": f"{reason} happened", "wrote": False}
    return {**told, "seen": 0, "refreshed": 0, "unknown": 3, **more}


def result(**devices: dict[str, Any]) -> dict[str, Any]:
    return {"devices": devices, "conflicts": {"S1": ["a", "b"]}, "no_identity": {}, "requests": 4, "seconds": 2.5}


def test_the_record_names_the_plan_and_no_more_of_it() -> None:
    plan = {"file": "plan\x1b.json", "digest": "5d8e", "made": {"by": "netops"}, "left_out": ["r1"] * 5000}
    record = make_record({**result(r1=written()), "plan": plan}, [], Times(START, START + 1))
    statistic = for_statistic(record)["plan"]
    assert {key: statistic[key] for key in ("file", "digest")} == {"file": r"plan\x1b.json", "digest": "5d8e"}
    assert len(json.dumps(statistic)) < 300


def test_the_record_counts_devices_by_outcome_and_parts_by_fate() -> None:
    devices = {
        "r1": written(created=["A", "B"], not_seen=[{"new": True}, {"new": False}], moved=[{"serial": "C"}]),
        "r2": {**written(), "outcome": "partial", "error": "half", "failed": [{"reason": "x", "serials": ["D", "E"]}]},
        "r3": {**written(), "outcome": "held", "seen": 0, "error": "another box"},
        "r4": lost(),
    }
    record = make_record(result(**devices), [], Times(START, START + 10), check_mode=True, version="0.2.0")
    assert record["devices"] == {
        "asked": 4, "written": 1, "partial": 1, "held": 1, "failed": 0, "not_collected": 1, "nothing_known": 0
    }  # fmt: skip
    parts = {fate: count for fate, count in record["parts"].items() if count}
    assert parts == {
        "created": 2, "moved": 1, "not_seen": 2, "not_seen_new": 1, "not_written": 2, "seen": 4, "refreshed": 6,
        "unknown": 3,
    }  # fmt: skip
    assert set(record["parts"]) == set(FATES)
    assert record["not_whole"] == {
        "partial": {"count": 1, "devices": ["r2"], "first": "half"},
        "held": {"count": 1, "devices": ["r3"], "first": "another box"},
        "timeout": {"count": 1, "devices": ["r4"], "first": "timeout happened"},
    }
    assert (record["state"], record["check_mode"], record["collection"]) == ("attention", True, "0.2.0")
    assert record["seconds"] == {"collect": 7.5, "upload": 2.5, "total": 10.0}
    assert (record["started"], record["ended"]) == ("2027-01-15T08:00:00.000Z", "2027-01-15T08:00:10.000Z")
    assert record["plan"] is None
    assert (record["conflicts"], record["no_identity"], record["netbox"]) == (1, 0, {"requests": 4})


def test_the_first_error_of_a_reason_is_reported_although_a_device_before_has_none() -> None:
    """Rows were refused, and the device itself has no error."""
    devices = {"r1": {**written(), "outcome": "partial"}, "r2": {**written(), "outcome": "partial", "error": "half"}}
    found = make_record(result(**devices), [], Times(START, START + 10))["not_whole"]["partial"]
    assert found == {"count": 2, "devices": ["r1", "r2"], "first": "half"}


def test_batches_add_up_to_the_same_as_one_run() -> None:
    first = make_record(result(r1=written(), r2=lost()), [], Times(START, START + 10))
    second = make_record(result(r3=lost(), r4=lost("netbox")), [], Times(START, START + 30), first)
    whole = make_record(
        {**result(r1=written(), r2=lost(), r3=lost(), r4=lost("netbox")), "requests": 8, "seconds": 5},
        [],
        Times(START, START + 30),
    )
    assert second.pop("batches") == 2
    assert second.pop("conflicts") == 2
    assert whole.pop("batches") == whole.pop("conflicts") == 1
    assert second == whole
    # What was there before is left as it was.
    assert first["devices"]["asked"] == 2


def test_a_good_run_is_ok_and_a_lost_one_is_failed_whatever_the_reason() -> None:
    def state(**devices: dict[str, Any]) -> str:
        return str(make_record(result(**devices), [], Times(START, START))["state"])

    assert state(r1=written()) == "ok"
    assert state() == "ok"
    assert state(r1=lost(), r2=lost("authentication")) == "failed"
    assert state(r1={**lost("netbox"), "outcome": "failed"}) == "failed"
    assert state(r1=written(), r2=lost()) == "attention"


def test_an_upload_that_failed_itself_is_reported_with_all_its_devices() -> None:
    failed = {"failed": True, "msg": "url: give the address of NetBox.", "reason": "option"}
    record = make_record(failed, ["r1", "r2"], Times(None, START))
    assert (record["state"], record["error"]) == ("failed", "url: give the address of NetBox.")
    assert record["devices"]["failed"] == record["devices"]["asked"] == 2
    assert record["not_whole"]["option"]["devices"] == ["r1", "r2"]
    # Nothing at all is known, as where the task was left out.
    assert make_record({}, ["r1"], Times(None, START))["not_whole"]["error"]["first"] == "nothing was written"


def test_a_run_that_asked_nobody_took_no_time_to_collect() -> None:
    record = make_record(result(r1=written()), [], Times(None, START + 10))
    assert record["seconds"] == {"collect": 0.0, "upload": 2.5, "total": 2.5}
    assert record["started"] == "2027-01-15T08:00:07.500Z"


def test_a_night_with_5000_devices_stays_small_however_bad() -> None:
    worst = {f"{'x' * 64}{number}": lost(f"reason{number % 9}", error="e" * 5000) for number in range(5000)}
    record = make_record(result(**worst), [], Times(START, START))
    assert record["devices"]["not_collected"] == sum(group["count"] for group in record["not_whole"].values()) == 5000
    assert all(len(group["devices"]) == NAMED for group in record["not_whole"].values())
    assert len(json.dumps(record)) < 100_000


def test_no_text_of_others_is_a_template_or_steers_a_terminal() -> None:
    hostile = "{{ 7*7 }}{%x%}{{{#\x1b[2J\u202e\n"
    record = make_record(result(**{hostile: lost(error=hostile)}), [], Times(START, START))
    group = record["not_whole"]["timeout"]
    for text in (
        *group["devices"],
        group["first"],
        plain(hostile * 50, 90),
        about_awx({"awx_job_id": hostile})["job_id"],
    ):
        assert text.isprintable()
        assert not {"{{", "{%", "{#"} & {text[i : i + 2] for i in range(len(text))}
    assert len(plain(hostile * 50, 90)) == 90


def test_awx_names_its_job_under_either_name() -> None:
    assert about_awx({"tower_job_id": 7, "awx_job_template_name": "Inventory", "awx_user_name": "eve"}) == {
        "job_id": 7,
        "job_template_name": "Inventory",
    }
    assert about_awx({}) == {}

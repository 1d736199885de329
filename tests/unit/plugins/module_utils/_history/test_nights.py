# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the history: every run is kept once, slices are one night, and a damaged file harms nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.dated_files import prune
from ansible_collections.invmon.network.plugins.module_utils._history.nights import keep, read_history

NIGHT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHANGE = {"fate": "new", "device": "sw-1"}


def run(number: float = 0, **other: Any) -> dict[str, Any]:
    began = NIGHT + timedelta(days=number)
    return {
        "schema": 1,
        "state": "ok",
        "started": began.isoformat(),
        "ended": (began + timedelta(minutes=6)).isoformat(),
        "seconds": {"total": 360.0},
        "devices": {"asked": 2},
        "readings": {"complete": 2},
        "parts": {"seen": 10},
        "changes": [],
        "standing": [],
        "awx": {},
        **other,
    }


def test_the_records_of_runs_are_nights_oldest_first(tmp_path: Path) -> None:
    for number in (2, 0, 1):
        keep(tmp_path / "history", run(number), f"id{number}")
    nights = read_history(tmp_path / "history").nights
    assert [night.started for night in nights] == [NIGHT + timedelta(days=number) for number in range(3)]


def test_a_folder_that_does_not_exist_has_no_nights(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none").nights == []


def test_two_runs_that_began_in_the_same_second_are_both_kept(tmp_path: Path) -> None:
    keep(tmp_path, run(), "one")
    keep(tmp_path, run(), "two")
    assert len(read_history(tmp_path).nights) == 2


def test_the_slices_of_one_job_are_one_night_with_their_numbers_added(tmp_path: Path) -> None:
    for number in range(3):
        awx = {"job_id": number, "job_slice_number": number + 1, "job_slice_count": 3, "workflow_job_id": 77}
        bad = {"state": "attention"} if number == 1 else {}
        keep(tmp_path, run(number / 1000, awx=awx, changes=[{**CHANGE, "serial": str(number)}], **bad), f"job{number}")
    (night,) = read_history(tmp_path).nights
    assert night.record["devices"]["asked"] == 6
    assert night.record["state"] == "attention"
    assert [one["serial"] for one in night.record["changes"]] == ["0", "1", "2"]
    assert night.record["seconds"]["total"] == pytest.approx(360 + 2 * 86.4)


def test_the_error_of_one_slice_is_that_of_the_night(tmp_path: Path) -> None:
    for number, error in enumerate((None, "NetBox did not answer.")):
        awx = {"job_slice_count": 2, "workflow_job_id": 77}
        keep(tmp_path, run(number / 1000, awx=awx, error=error), f"job{number}")
    (night,) = read_history(tmp_path).nights
    assert night.record["error"] == "NetBox did not answer."


def test_slices_of_a_dry_run_are_not_mixed_with_those_that_wrote(tmp_path: Path) -> None:
    awx = {"job_slice_count": 2, "workflow_job_id": 77}
    keep(tmp_path, run(awx=awx), "one")
    keep(tmp_path, run(awx=awx, check_mode=True), "two")
    assert len(read_history(tmp_path).nights) == 2


@pytest.mark.parametrize(
    "text", [b"", b'{"schema": 1, "started"', b"[]", b"null", b'{"schema": 1}', b'{"a": 1, "a": 2}', b"\xff\xfe"]
)
def test_a_torn_file_is_set_aside_and_named_once_and_the_others_are_read(tmp_path: Path, text: bytes) -> None:
    keep(tmp_path, run(), "good")
    torn = tmp_path / "20261121T020000Z-torn.json"
    torn.write_bytes(text)
    torn.chmod(0o600)
    found = read_history(tmp_path)
    assert len(found.nights) == 1
    (damaged,) = found.damaged
    assert "20261121T020000Z-torn.json" in damaged
    assert (tmp_path / "20261121T020000Z-torn.json.damaged").exists()
    assert read_history(tmp_path).damaged == []


def test_a_record_of_a_newer_version_stays_where_it_is(tmp_path: Path) -> None:
    keep(tmp_path, run(schema=99), "newer")
    found = read_history(tmp_path)
    assert found.nights == []
    assert "schema 99" in found.damaged[0]
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_files_that_others_may_write_are_not_read(tmp_path: Path) -> None:
    keep(tmp_path, run(), "good").chmod(0o666)
    assert read_history(tmp_path).nights == []


def test_old_records_are_deleted_by_age_and_by_count_and_the_newest_stays(tmp_path: Path) -> None:
    for number in range(6):
        keep(tmp_path, run(number), f"id{number}")
    assert len(prune(tmp_path, most=4, days=400, now=NIGHT + timedelta(days=6))) == 2
    assert len(prune(tmp_path, most=100, days=2, now=NIGHT + timedelta(days=6))) == 1
    assert [night.started.day for night in read_history(tmp_path).nights] == [23, 24, 25]
    prune(tmp_path, most=1, days=1, now=NIGHT + timedelta(days=900))
    assert [night.started.day for night in read_history(tmp_path).nights] == [25]


def test_a_clock_that_jumped_ahead_for_a_day_deletes_no_history(tmp_path: Path) -> None:
    for number in range(3):
        keep(tmp_path, run(number), f"id{number}")
    assert prune(tmp_path, days=30, now=NIGHT + timedelta(days=9000)) == []


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("mine")
    keep(tmp_path, run(), "good")
    assert len(read_history(tmp_path).nights) == 1
    prune(tmp_path, most=1)
    assert (tmp_path / "notes.json").read_text() == "mine"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""inventory_report with scans in its history: which one it is about, and which files have it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import FOLDER, keep
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Scan
from ansible_collections.invmon.network.tests.page.made import record
from ansible_collections.invmon.network.tests.page.made_scans import scan_of, verdicts_of
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._tasks.test_report import run

DAYS = (4.2, 3.2, 2.2, 1.2, 0.2)


def kept(folder: Path, *scans: Scan) -> None:
    for one in scans or map(scan_of, DAYS):
        keep(folder / "history", one, verdicts_of(one))


def made(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report" / "discovery.json").read_text(encoding="utf-8"))
    return found


def test_the_last_scan_is_in_every_file_of_the_report(tmp_path: Path) -> None:
    kept(tmp_path)
    result = run(tmp_path, record=record())
    names = [Path(one).name for one in result["files"]]
    assert {"discovery.csv", "discovery.json"} < set(names)
    assert made(tmp_path)["scan"]["started"] == scan_of(0.2).started
    assert result["report"]["hosts"] == len(made(tmp_path)["hosts"])
    assert "### Discovery" in (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "invmon_discovery_hosts" in (tmp_path / "report" / "invmon.prom").read_text(encoding="utf-8")


def test_without_a_scan_on_record_there_is_no_file_of_one(tmp_path: Path) -> None:
    result = run(tmp_path, record=record())
    assert not [one for one in result["files"] if "discovery" in one]
    assert result["report"]["hosts"] == 0


def test_a_report_about_the_past_is_about_the_scan_of_then(tmp_path: Path) -> None:
    kept(tmp_path)
    run(tmp_path, as_of=(datetime.fromisoformat(scan_of(2.2).started) + timedelta(hours=1)).isoformat())
    assert made(tmp_path)["scan"]["started"] == scan_of(2.2).started


def test_a_scan_that_is_still_running_is_not_reported_yet_and_one_that_was_killed_is(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    running = replace(scan_of(0.2), started=now.isoformat(), seconds=1.0, complete=False, stopped="")
    kept(tmp_path, scan_of(3.2), running)
    run(tmp_path)
    assert made(tmp_path)["scan"]["started"] == scan_of(3.2).started
    killed = replace(running, started=(now - timedelta(hours=1)).isoformat(), id="killed")
    kept(tmp_path, killed)
    (tmp_path / "history" / FOLDER / f"{now:%Y%m%dT%H%M%SZ}-{running.id}.json").unlink()
    run(tmp_path)
    assert made(tmp_path)["scan"]["id"] == "killed"


def test_the_user_decides_when_a_host_is_gone(tmp_path: Path) -> None:
    kept(tmp_path)
    run(tmp_path)
    assert made(tmp_path)["states"]["gone"] == 1
    run(tmp_path, gone_after=4)
    assert made(tmp_path)["states"]["gone"] == 0
    with pytest.raises(OptionsError, match="gone_after"):
        run(tmp_path, gone_after=1)


def test_a_damaged_scan_is_a_warning_and_old_scans_are_deleted(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "history" / FOLDER / "20261120T020000Z-torn.json").write_text("{")
    result = run(tmp_path, history_files=3)
    assert len(list((tmp_path / "history" / FOLDER).glob("*.json"))) == 3
    assert "torn" not in str(result["warnings"])  # it was too old to be read
    (tmp_path / "history" / FOLDER / "20261130T020000Z-torn.json").write_text("{")
    assert "20261130T020000Z-torn.json" in run(tmp_path)["warnings"][0]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of the nightly job: made by its last step, from history and from NetBox alone."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.sandbox.network import Network

LIMIT = ("--limit", "sw-stack-brno,rtr-7750-ostrava,sw-dead")
QUICK = ("-e", "snmp_timeout=1", "-e", "snmp_retries=1")
FILES = ["changes.csv", "index.html", "inventory.csv", "invmon.prom", "report.json", "report.md", "standing.csv"]


def report_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


def validated(report: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)


def nightly(night: Night, folder: Path, *arguments: str) -> Outcome:
    where = ("-e", f"report_directory={folder / 'report'}", "-e", f"report_history={folder / 'history'}")
    return night.run(*LIMIT, *QUICK, *where, *arguments)


@pytest.fixture
def changed(night: Night) -> Iterator[Network]:
    """The network, of which a change is undone."""
    yield night.sandbox.network
    night.sandbox.network.undo_change()


def test_the_page_of_each_night_and_the_same_out_of_netbox_alone(
    night: Night, changed: Network, tmp_path: Path
) -> None:
    outcome = nightly(night, tmp_path, "--check")
    assert not (tmp_path / "report").exists()
    assert not (tmp_path / "history").exists()
    outcome = nightly(night, tmp_path)
    assert f"Report: {tmp_path}/report/index.html" in outcome.text
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == FILES
    first = report_of(tmp_path / "report")
    validated(first)
    assert first["changes"] == []  # read for the first time: news, but no change
    serials = {one["serial"] for one in first["inventory"]}
    assert {"AVD9301L0X1", "NK9380M0A03"} <= serials

    changed.apply_change()
    nightly(night, tmp_path, "-e", "report_title=Our-network", "-e", "report_mode=0644")
    second = report_of(tmp_path / "report")
    validated(second)
    fates = {one["serial"]: one["fate"] for one in second["changes"]}
    assert fates["AVD9311L0X9"] == "replaced"
    assert fates["NK9380M0A03"] == "not_seen"
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "<del>AVD9301L0X1</del>" in page
    assert "1</b> unreachable" in page
    assert "Our-network" in page
    assert (tmp_path / "report" / "index.html").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "report" / "report.json").stat().st_mode & 0o777 == 0o644
    with (tmp_path / "report" / "inventory.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["serial"]: row for row in csv.DictReader(file)}
    assert rows["AVD9311L0X9"]["state"] == "seen"
    assert rows["NK9380M0A03"]["state"] == "not_seen"
    assert "AVD9301L0X1" not in rows
    assert len(list((tmp_path / "history").glob("*.json"))) == 2
    out_of_netbox_alone(night, tmp_path, first, second)


def out_of_netbox_alone(night: Night, folder: Path, first: dict[str, Any], second: dict[str, Any]) -> None:
    """The inventory as it was after the first night, and what changed since: no history, no device is asked."""
    moments = [max(one["last_seen"] for one in report["inventory"]) for report in (first, second)]
    arguments = ("-e", f"report_directory={folder / 'again'}", "-e", f"report_history={folder / 'none'}")
    dates = ("-e", f"report_since={moments[0]}", "-e", f"report_as_of={moments[1]}")
    outcome = run_playbook(ROOT / "playbooks" / "report.yml", "-i", night.inventory, *arguments, *dates)
    assert outcome.status == 0, outcome.text
    again = report_of(folder / "again")
    validated(again)
    assert {(one["serial"], one["fate"]) for one in again["changes"]} == {
        (one["serial"], one["fate"]) for one in second["changes"]
    }
    assert {one["serial"] for one in again["inventory"]} == {one["serial"] for one in second["inventory"]}
    then = ("-e", f"report_as_of={moments[0]}")
    run_playbook(ROOT / "playbooks" / "report.yml", "-i", night.inventory, *arguments, *then)
    assert {one["serial"] for one in report_of(folder / "again")["inventory"]} == {
        one["serial"] for one in first["inventory"]
    }


def test_the_last_of_several_batches_makes_the_report_of_all(night: Night, tmp_path: Path) -> None:
    outcome = nightly(night, tmp_path, "-e", "invmon_batch_size=1")
    assert outcome.text.count("Report: ") == 1
    assert report_of(tmp_path / "report")["run"]["devices"]["asked"] == 3
    assert len(list((tmp_path / "history").glob("*.json"))) == 1


def test_a_report_that_cannot_be_written_does_not_fail_the_run(night: Night, tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file where the folder should be")
    outcome = nightly(night, tmp_path, "--limit", "sw-stack-brno")
    assert outcome.status == 0, outcome.text
    assert "...ignoring" in outcome.text
    assert f"exists: '{tmp_path}/report" in outcome.text
    assert night.probes()


def test_wrong_dates_and_modes_end_the_report_with_what_to_do(night: Night, tmp_path: Path) -> None:
    for given, words in (
        ("report_as_of=yesterday", "as_of: yesterday is not a date such as 2026-11-29"),
        ("report_mode=rw", 'mode: rw is not a file mode such as "0644"'),
        ("report_formats=pdf", "html, json, csv, markdown, prometheus"),
    ):
        where = ("-e", f"report_directory={tmp_path}", "-e", f"report_history={tmp_path / 'history'}")
        outcome = run_playbook(ROOT / "playbooks" / "report.yml", "-i", night.inventory, *where, "-e", given)
        assert outcome.status != 0
        assert words in re.sub(r"\\", "", outcome.text), outcome.text

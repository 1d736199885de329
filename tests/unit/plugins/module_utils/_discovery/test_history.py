# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of scans: each scan is kept once, a resumed one too, and a damaged file harms nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.dated_files import newest, prune
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import FOLDER, keep, read_scans
from ansible_collections.invmon.network.plugins.module_utils._discovery.verdicts import Verdict
from ansible_collections.invmon.network.plugins.module_utils._history.nights import read_history
from ansible_collections.invmon.network.plugins.module_utils._scan.scan_file import path_of, write_scan
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._discovery.scans import at, host, net, scan

WHOLE = scan(0, host("10.0.0.5"), id="first")
BARE: dict[str, Any] = {"schema": 1, "complete": True, "hosts": [], "networks": []}
VERDICT = Verdict(ip="10.0.0.5", verdict="unknown")


def test_scans_are_read_oldest_first_with_what_was_compared(tmp_path: Path) -> None:
    keep(tmp_path, scan(1, id="second"))
    keep(tmp_path, WHOLE, [VERDICT], {"created": 1})
    found = read_scans(tmp_path)
    assert found.scans == [WHOLE, scan(1, id="second")]
    assert [(one.verdicts, one.compared, one.registered) for one in found.records] == [
        ((VERDICT,), True, {"created": 1}),
        ((), False, None),
    ]
    assert read_history(tmp_path).nights == []
    assert read_scans(tmp_path / "none").records == []


def test_a_scan_as_netscan_writes_it_is_read(tmp_path: Path) -> None:
    write_scan(path_of(f"{tmp_path / FOLDER}/", WHOLE.started, WHOLE.id), WHOLE)
    assert [(one.scan, one.compared) for one in read_scans(tmp_path).records] == [(WHOLE, False)]
    keep(tmp_path, WHOLE, [VERDICT])
    assert [one.verdicts for one in read_scans(tmp_path).records] == [(VERDICT,)]


def test_a_scan_that_is_resumed_is_one_with_its_first_part(tmp_path: Path) -> None:
    first = replace(WHOLE, hosts=(), complete=False, stopped="interrupted")
    keep(tmp_path, first)
    keep(tmp_path, WHOLE)
    assert read_scans(tmp_path).scans == [WHOLE]


def test_two_scans_that_began_in_the_same_second_are_both_kept(tmp_path: Path) -> None:
    keep(tmp_path, WHOLE)
    keep(tmp_path, replace(WHOLE, id="other"))
    keep(tmp_path, replace(WHOLE, id=""))
    keep(tmp_path, replace(WHOLE, id="", networks=(net("10.9.0.0/28"),)))
    assert len(read_scans(tmp_path).records) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scan": 5}, "scan is 5"),
        (
            {"scan": {**json.loads('{"schema": 1, "complete": true, "hosts": [], "networks": []}'), "started": "x"}},
            "time",
        ),
        ({"verdicts": {}}, "verdicts is an object"),
    ],
)
def test_a_file_that_is_no_scan_is_set_aside_and_the_others_are_read(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    keep(tmp_path, WHOLE)
    path = keep(tmp_path, scan(1, id="bad"))
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    found = read_scans(tmp_path)
    assert found.scans == [WHOLE]
    assert words in found.damaged[0]
    assert path.with_suffix(".json.damaged").exists()
    assert read_scans(tmp_path).damaged == []


@pytest.mark.parametrize("text", ["10.0.0.x", "10.0.0.0/30", ""])
def test_an_address_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = keep(tmp_path, WHOLE)
    path.write_text(path.read_text().replace("10.0.0.5", text))
    assert "has an address that is none" in read_scans(tmp_path).damaged[0]


def test_a_range_that_is_none_is_refused(tmp_path: Path) -> None:
    path = keep(tmp_path, WHOLE)
    path.write_text(path.read_text().replace('"icmp":["10.0.0.0/28"]', '"icmp":["10.0.0.9-10.0.0.1"]'))
    assert "has a range of addresses that is none" in read_scans(tmp_path).damaged[0]


def test_what_a_newer_version_adds_is_ignored(tmp_path: Path) -> None:
    path = keep(tmp_path, WHOLE)
    path.write_text(path.read_text().replace('"ip":', '"colour":"red","ip":'))
    assert read_scans(tmp_path).scans == [WHOLE]


def test_only_the_newest_scans_are_read_and_old_ones_are_deleted_as_runs_are(tmp_path: Path) -> None:
    for day in range(6):
        keep(tmp_path, scan(day, id=f"id{day}"))
    assert [one.started for one in read_scans(tmp_path, most=2).scans] == [at(4), at(5)]
    prune(tmp_path / FOLDER, most=3)
    assert len(read_scans(tmp_path).records) == 3


def test_of_large_scans_fewer_are_read_but_some_in_any_case(tmp_path: Path) -> None:
    files = [keep(tmp_path, scan(day, id=f"id{day}")) for day in range(9)]
    size = files[0].stat().st_size
    assert newest(files, most=99, octets=4 * size + 9, least=2) == files[-4:]
    assert newest(files, most=99, octets=1, least=2) == files[-2:]
    assert newest(files, most=3, octets=99 * size, least=2) == files[-3:]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan is kept in the history and compared with the scans before; what cannot be kept is a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import read_scans
from ansible_collections.invmon.network.plugins.module_utils._tasks.discovery import counted, keep_scan, registered


def scan(day: int, *addresses: str, identity: str = "") -> dict[str, Any]:
    started = f"2026-11-{day:02}T02:00:00Z"
    found = {"source": "icmp", "result": "answered", "time": started}
    network = {"network": "192.0.2.0/28", "prefix_length": 28, "addresses": 14, "asked": {"icmp": ["192.0.2.0/28"]}}
    return {
        "schema": 1,
        "id": identity or f"scan{day}",
        "started": started,
        "complete": True,
        "hosts": [{"ip": ip, "state": "seen", "network": "192.0.2.0/28", "sources": [found]} for ip in addresses],
        "networks": [network],
        "sources": [{"source": "icmp", "used": True}],
    }


def params(folder: Path | None, **more: Any) -> dict[str, Any]:
    kept = {"history_days": 400, "history_files": 1000}
    return {"history": folder and str(folder), **kept, "gone_after": 3, "gone_after_days": 2.0, **more}


def test_the_first_scan_has_nothing_to_be_compared_with_and_the_next_one_has(tmp_path: Path) -> None:
    first = keep_scan(scan(1, "192.0.2.1"), None, None, params(tmp_path))
    assert first.changes is None
    assert Path(first.file).parent == tmp_path / "discovery"
    second = keep_scan(
        scan(2, "192.0.2.1", "192.0.2.2"), [{"verdict": "unknown", "ip": "192.0.2.2"}], {}, params(tmp_path)
    )
    assert [(change["fate"], change["ip"]) for change in second.changes or ()] == [("new", "192.0.2.2")]
    kept = read_scans(tmp_path).records
    assert [one.compared for one in kept] == [False, True]


def test_a_scan_that_is_resumed_is_not_compared_with_its_own_first_part(tmp_path: Path) -> None:
    keep_scan(scan(1, identity="same"), None, None, params(tmp_path))
    again = keep_scan(scan(1, "192.0.2.1", identity="same"), None, None, params(tmp_path))
    assert again.changes is None
    assert len(read_scans(tmp_path).records) == 1


def test_old_scans_are_deleted(tmp_path: Path) -> None:
    for day in range(1, 6):
        keep_scan(scan(day), None, None, params(tmp_path, history_files=3))
    assert [one.scan.id for one in read_scans(tmp_path).records] == ["scan3", "scan4", "scan5"]


def test_a_history_that_cannot_be_written_is_a_warning_and_the_scan_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = keep_scan(scan(1, "192.0.2.1"), None, None, params(tmp_path / "file"))
    assert found.file == ""
    assert found.warnings[0].startswith("The scan is not kept in the history: ")
    assert keep_scan(scan(1), None, None, params(None)).file == ""


def test_what_is_no_scan_and_a_host_that_is_gone_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="is not a scan"):
        keep_scan({"hosts": 3}, None, None, params(tmp_path))
    with pytest.raises(OptionsError, match="set gone_after to 2 or more"):
        keep_scan(scan(1), None, None, params(tmp_path, gone_after=1))
    for days in (-1, 36501, float("nan"), float("inf")):
        with pytest.raises(OptionsError, match="gone_after_days to 0 to 36500"):
            keep_scan(scan(1), None, None, params(tmp_path, gone_after_days=days))


def test_what_was_registered_is_counted() -> None:
    written = [{"kind": "address", "did": "created"}, {"kind": "address", "did": "created"}]
    result = {"written": written, "not_written": [{"kind": "device", "name": "x"}]}
    assert registered(result) == {"address created": 2, "not written": 1}
    assert registered({}) == {}


def test_what_programs_get_is_counted() -> None:
    found = counted(scan(1, "192.0.2.1"), [{"verdict": "unknown"}], [{"fate": "gone"}])
    assert {key: found[key] for key in ("addresses", "hosts", "unknown", "gone", "known", "incomplete")} == {
        "addresses": 14, "hosts": 1, "unknown": 1, "gone": 1, "known": 0, "incomplete": 0,
    }  # fmt: skip

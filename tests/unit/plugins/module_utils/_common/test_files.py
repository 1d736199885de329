# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common import files


def test_a_report_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "r1.json"
    assert files.write_json(path, [{"serial": "A1"}]) is True
    assert files.write_json(path, [{"serial": "A1"}]) is False
    assert json.loads(path.read_text()) == [{"serial": "A1"}]


def test_check_mode_reports_a_change_and_writes_nothing(tmp_path: Path) -> None:
    assert files.write_json(tmp_path / "r1.json", [], check_mode=True) is True
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_no_text_does_not_stop_the_file(tmp_path: Path) -> None:
    files.write_json(tmp_path / "r1.json", ["\ud800 ž"])
    assert "ž" in (tmp_path / "r1.json").read_text()


def test_a_failed_write_keeps_the_former_file_and_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r1.json"
    files.write_whole(path, b"before")

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match=r"No space left on device.*r1.json"):
        files.write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["r1.json"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../x", "..%2F..%2Fx"),
        ("r1", "r1"),
        ("a/b", "a%2Fb"),
        ("a_b", "a_b"),
        ("a\\b\n", "a%5Cb%0A"),
        ("%2F", "%252F"),
    ],
)
def test_a_device_name_never_leaves_the_folder(name: Any, expected: Any) -> None:
    assert files.file_name(name) == expected

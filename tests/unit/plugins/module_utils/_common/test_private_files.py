# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common import private_files, strict_json
from ansible_collections.invmon.network.plugins.module_utils._common.private_files import MissingFile, PrivateFileError
from ansible_collections.invmon.network.tests.attacks.local_user import TAMPERED, foreign


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "r1.json"
    file.write_text('{"items": [{"serial": "A1", "path": ["a", "b"]}]}')
    file.chmod(0o640)
    return file


def test_a_file_of_ones_own_is_read_also_by_a_link_and_from_the_home_folder(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (path, str(tmp_path / "link"), "~/r1.json"):
        assert private_files.read_json(name)["items"][0]["serial"] == "A1"


@pytest.mark.parametrize("how", [how for how in TAMPERED if how != "another JSON"])
def test_what_is_no_file_of_ones_own_is_refused_at_once_by_name_and_with_the_reason(how: str, path: Path) -> None:
    tamper, words = TAMPERED[how]
    tamper(path)
    with pytest.raises(PrivateFileError) as caught:
        private_files.read_json(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(path, monkeypatch)
    with pytest.raises(PrivateFileError, match=r"it belongs to .*copy it to a file of your own"):
        private_files.read_json(path)


def test_a_file_that_is_not_there_can_be_told_from_one_that_is_refused(path: Path) -> None:
    for name in (path.with_name("r2.json"), path / "r2.json"):
        with pytest.raises(MissingFile, match="There is no file"):
            private_files.read_json(name)
    with pytest.raises(PrivateFileError, match="cannot be read"):
        private_files.read_json("r\x002.json")


def test_a_name_cannot_draw_on_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(MissingFile) as caught:
        private_files.read_json(tmp_path / "\x1b[2J\u202e.json")
    assert r"\x1b[2J\u202e.json" in str(caught.value)


def test_a_file_that_claims_to_be_empty_is_not_read_without_end() -> None:
    if not os.access("/proc/self/environ", os.R_OK):
        pytest.skip("no /proc")
    with pytest.raises(PrivateFileError, match="the limit is 10"):
        private_files.read_bytes("/proc/self/environ", limit=10)


def test_no_file_stays_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(os.listdir("/proc/self/fd"))
    path.chmod(0o666)
    for _time in range(20):
        with pytest.raises(PrivateFileError):
            private_files.read_json(path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_json_is_taken_to_the_depth_that_is_allowed_and_no_deeper() -> None:
    assert strict_json.parse("[[[]]]", depth=3) == [[[]]]
    assert strict_json.parse('"text"', depth=1) == "text"
    with pytest.raises(strict_json.BadJson, match="nested deeper than 2 levels"):
        strict_json.parse("[[[]]]", depth=2)
    with pytest.raises(strict_json.BadJson, match="nested deeper"):
        strict_json.parse('{"a":[{"b":[1]}]}', depth=3)


@pytest.mark.parametrize("text", ["1e999", "-1e999", "NaN", "-Infinity", '{"a": 1, "a": 1}', "[1,]", "", "1" * 5000])
def test_json_that_two_readers_take_for_two_things_is_refused(text: str) -> None:
    with pytest.raises(strict_json.BadJson):
        strict_json.parse(text)

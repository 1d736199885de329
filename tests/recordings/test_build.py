# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from build import Line, SourceError, box_lines, build, expectation, line

SOURCES = sorted((HERE / "sources").glob("*.yml"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_committed_recording_is_what_its_source_makes(source: Path) -> None:
    for path, content in build(source).items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run tests/recordings/build.py"


def test_blanks_line_feeds_and_letters_beyond_ascii_survive() -> None:
    oid = (1, 3)
    assert line(oid, "text", "SN1 ") == Line(oid, "4x", "534e3120")
    assert line(oid, "text", '"SN1\n"') == Line(oid, "4x", "22534e310a22")
    assert line(oid, "text", "ž") == Line(oid, "4x", "c5be")
    assert line(oid, "text", "SN 1") == Line(oid, "4", "SN 1")


def test_repeated_rows_count_up_with_what_they_contain() -> None:
    fan = {
        "index": 10,
        "position": 1,
        "class": "fan",
        "name": "Fan {n}",
        "contains": [{"index": 11, "name": "Speed {m}"}],
    }
    lines = box_lines({"system": {}, "entity": [{"repeat": 2, "step": 5, **fan}]})
    by_oid = {".".join(map(str, each.oid[11:])): each.text for each in lines}
    assert [by_oid[f"7.{index}"] for index in (10, 11, 15, 16)] == ["Fan 1", "Speed 0", "Fan 2", "Speed 1"]
    assert [by_oid[f"4.{index}"] for index in (10, 11, 15, 16)] == ["0", "10", "0", "15"]
    assert [by_oid[f"6.{index}"] for index in (10, 15)] == ["1", "2"]


def test_a_wrong_column_is_named() -> None:
    with pytest.raises(SourceError, match="entPhysicalTable row 1: no column serail"):
        box_lines({"system": {}, "entity": [{"index": 1, "serail": "X"}]})


def test_an_index_that_stands_twice_is_named() -> None:
    with pytest.raises(SourceError, match="index 1 stands twice"):
        box_lines({"system": {}, "entity": [{"index": 1}, {"index": 1}]})


def test_what_is_not_checked_is_left_out_of_the_expectation() -> None:
    expected = expectation({"why": "", "expected": {"records": [["SN1", None, "fan"]], "paths": {"SN1": "a / b"}}})
    assert expected["records"] == [{"serial": "SN1", "category": "fan", "path": "a / b"}]

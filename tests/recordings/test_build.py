# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import bz2
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.recordings import build as building
from ansible_collections.invmon.network.tests.recordings.build import Line, SourceError, box_lines, expectation, line


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sources and recordings of its own."""
    for name in ("sources", "recorded"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(building, "SOURCES", tmp_path / "sources")
    monkeypatch.setattr(building, "RECORDED", tmp_path / "recorded")
    monkeypatch.setattr(building, "BUILT", tmp_path / "built" / "recordings")
    return tmp_path


def built() -> dict[str, str]:
    folder = building.recordings.__wrapped__()
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != building.DIGEST}


SYS_NAME = "1.3.6.1.2.1.1.5.0|4|{}\n"
SOURCE = """
why: A box.
provenance: {kind: from MIB}
system: {name: box}
expected: {records: [[SN1, null, chassis]]}
"""


def test_the_folder_follows_its_sources(own: Path) -> None:
    (own / "sources" / "box.yml").write_text(SOURCE)
    (own / "recorded" / "other.snmprec").write_text("1.3.6|4|x\n")
    before = built()
    assert before["box.snmprec"] == SYS_NAME.format("box")
    assert sorted(before) == ["box.expected.json", "box.snmprec", "other.snmprec"]
    (own / "sources" / "box.yml").write_text(SOURCE.replace("name: box", "name: new"))
    (own / "recorded" / "other.snmprec").unlink()
    assert built() == {"box.expected.json": before["box.expected.json"], "box.snmprec": SYS_NAME.format("new")}


def test_a_file_that_stays_the_same_is_not_written_again(own: Path) -> None:
    (own / "sources" / "box.yml").write_text(SOURCE)
    built()
    path = building.BUILT / "box.expected.json"
    before = path.stat().st_ino
    (own / "sources" / "box.yml").write_text(SOURCE.replace("name: box", "name: new"))
    assert built()["box.snmprec"] == SYS_NAME.format("new")
    assert path.stat().st_ino == before, "somebody may be reading it"


def test_two_files_for_one_recording_are_named(own: Path) -> None:
    (own / "sources" / "box.yml").write_text(SOURCE)
    (own / "recorded" / "box.snmprec").write_text("")
    with pytest.raises(SourceError, match=r"sources/box\.yml makes box\.snmprec, which is in recorded/ too"):
        built()


def test_what_a_source_lacks_is_named_with_the_file(own: Path) -> None:
    (own / "sources" / "box.yml").write_text("why: A box.\nprovenance: {kind: from MIB}\nexpected: {records: []}\n")
    with pytest.raises(SourceError, match=r"box\.yml: KeyError: 'system'"):
        built()


def test_a_recording_of_a_package_is_used_as_it_is(own: Path) -> None:
    source = SOURCE.replace("system: {name: box}", "recording: {package: snmpsim-data, file: data/UPS/FILE}")
    (own / "sources" / "ups.yml").write_text(source.replace("FILE", "eaton-9px-partial.snmprec.bz2"))
    recording = bz2.decompress((building.recordings.__wrapped__() / "ups.snmprec.bz2").read_bytes())
    assert recording.startswith(b"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.705.1\n")
    (own / "sources" / "ups.yml").write_text(source.replace("FILE", "none.snmprec"))
    with pytest.raises(SourceError, match=r"ups\.yml: .*snmpsim-data has no file data/UPS/none\.snmprec"):
        built()


def test_the_command_prints_the_folder() -> None:
    script = Path(building.__file__)
    printed = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True).stdout
    assert Path(printed.strip()) == building.recordings()


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


def test_an_index_that_is_there_twice_is_named() -> None:
    with pytest.raises(SourceError, match="index 1 stands twice"):
        box_lines({"system": {}, "entity": [{"index": 1}, {"index": 1}]})


def test_what_is_not_checked_is_left_out_of_the_expectation() -> None:
    expected = expectation(
        {"why": "", "provenance": {}, "expected": {"records": [["SN1", None, "fan"]], "paths": {"SN1": "a / b"}}}
    )
    assert expected["records"] == [{"serial": "SN1", "category": "fan", "path": "a / b"}]


def test_a_serial_of_digits_without_quotes_is_named() -> None:
    row = {"entry": "1.3.6.1.4.1.99999.1", "columns": {"serial": 5}, "rows": {1: {"serial": 943865001200417}}}
    with pytest.raises(SourceError, match=r"99999\.1\.5\.1: 943865001200417 is no INTEGER .* in quotes"):
        box_lines({"system": {}, "tables": {"acmeTable": row}})

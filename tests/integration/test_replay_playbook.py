# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook replay: recordings in, files out."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

RECORDINGS = recordings()


def replay(folder: Path, output: Path) -> Outcome:
    return run_playbook(ROOT / "playbooks" / "replay.yml", "-e", f"replay_from={folder}", "-e", f"replay_to={output}")


def test_each_recording_becomes_a_list_of_records(tmp_path: Path) -> None:
    outcome = replay(RECORDINGS, tmp_path)
    assert outcome.status == 0, outcome.text
    for expected in RECORDINGS.glob("*.expected.json"):
        name = expected.name.removesuffix(".expected.json")
        records = json.loads((tmp_path / f"{name}.json").read_text())
        wanted = {record["serial"] for record in json.loads(expected.read_text())["records"]}
        assert {record["serial"] for record in records} == wanted, name
        assert all({"serial", "part", "name", "description", "category"} <= record.keys() for record in records), name


def test_a_recording_that_is_none_fails_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(RECORDINGS / "asa.snmprec", folder)
    (folder / "text.snmprec").write_text("Dear reader,\nthis is a letter.\n")
    whole = gzip.compress((RECORDINGS / "nxos.snmprec").read_bytes())
    (folder / "cut.snmprec.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "zipped.snmprec.gz").write_bytes(whole)
    outcome = replay(folder, tmp_path / "out")
    assert outcome.status == 2
    assert outcome.failed == {"text", "cut"}, outcome.text
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"asa.json", "zipped.json"}
    assert "is not a recording" in outcome.text
    assert "is cut or damaged" in outcome.text


def test_a_folder_without_recordings_is_one_sentence(tmp_path: Path) -> None:
    outcome = replay(tmp_path, tmp_path / "out")
    assert outcome.status == 2
    assert "is it the right folder?" in outcome.text

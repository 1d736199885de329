# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook record: a masked recording of each device, and an expectation that the project's own tests read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

RECORDINGS = recordings()
#: of the sandbox: an IOS-XE stack that wants SNMPv3, a device that does not answer, and a router
STACK, DEAD, ROUTER = "sw-stack-brno", "sw-dead", "rtr-isr-brno"


def record(night: Night, folder: Path, *arguments: str) -> Outcome:
    return run_playbook(
        ROOT / "playbooks" / "record.yml", "-i", night.inventory, "-e", f"record_to={folder}", *arguments
    )  # fmt: skip


def in_one_line(outcome: Outcome) -> str:
    """What was shown, without the folding of long lines."""
    return " ".join(outcome.text.split())


def test_a_box_becomes_a_recording_and_an_expectation_and_a_dead_one_fails_alone(night: Night, tmp_path: Path) -> None:
    outcome = record(night, tmp_path, "--limit", f"{STACK},{DEAD}")
    assert outcome.failed == {DEAD}, outcome.text
    said = in_one_line(outcome)
    assert f"{STACK}.snmprec: " in said
    assert f" variables, 11 look-alikes of serials; what was read of it: {STACK}.expected.json" in said
    assert "Look through each file" in said
    assert "could not be read: v3: no answer" in said
    assert {path.name for path in tmp_path.iterdir()} == {f"{STACK}.snmprec", f"{STACK}.expected.json"}

    real = json.loads((RECORDINGS / "iosxe-stack.expected.json").read_text())
    expected = json.loads((tmp_path / f"{STACK}.expected.json").read_text())
    assert expected["why"].startswith("To be filled")
    assert sorted((r["category"], r.get("part", "")) for r in expected["records"]) == sorted(
        (r["category"], r.get("part", "")) for r in real["records"]
    )
    assert len(expected["members"]) == len(real["members"]) > 1
    both = (tmp_path / f"{STACK}.snmprec").read_text() + json.dumps(expected)
    assert [r["serial"] for r in real["records"] if r["serial"] in both] == []
    assert all(r["serial"] in both for r in expected["records"])

    # Both files as they are, before the tests that read such files.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/recordings/test_recordings.py"]
    tests = subprocess.run(
        [*command, "--recordings", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    said = " ".join(tests.stdout.split())
    assert "2 failed, " in said, tests.stdout
    assert f"{STACK}.expected.json is still as it was read: say in `why` what is special about this box" in said
    assert f"{STACK}.expected.json: say in `provenance` > `from` whose device this is" in said

    # Now somebody corrects it; another one cannot be written.
    corrected = tmp_path / f"{STACK}.expected.json"
    corrected.write_text(json.dumps(expected | {"why": "A stack of two."}))
    (tmp_path / f"{ROUTER}.snmprec").mkdir()
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob(f"{STACK}.*")}
    outcome = record(night, tmp_path, "--limit", f"{STACK},{ROUTER}", "-e", "record_masked=false")
    assert outcome.failed == {ROUTER}, outcome.text
    said = in_one_line(outcome)
    assert f"nothing was recorded: {ROUTER} ({tmp_path}/{ROUTER}.snmprec cannot be written: Is a directory.)" in said
    assert f"{STACK}.expected.json was corrected by hand and is kept, and so is its recording" in said
    assert "before you send it" not in said
    assert before == {path.name: path.stat().st_mtime_ns for path in tmp_path.glob(f"{STACK}.*")}


def test_a_dead_device_alone_has_nothing_to_say(night: Night, tmp_path: Path) -> None:
    outcome = record(night, tmp_path, "--limit", DEAD, "-e", "snmp_timeout=0.2", "-e", "snmp_retries=0")
    assert outcome.failed == {DEAD}, outcome.text
    assert "msg: []" not in outcome.text
    assert '"msg": []' not in outcome.text
    assert "nothing was recorded" not in outcome.text, "why it was not read is told already"


def test_a_dry_run_asks_and_writes_nothing_and_says_so(night: Night, tmp_path: Path) -> None:
    outcome = record(night, tmp_path / "folder", "--limit", STACK, "--check")
    assert outcome.status == 0, outcome.text
    assert f"{STACK}.snmprec: not written, this is check mode" in in_one_line(outcome)
    assert not (tmp_path / "folder").exists()

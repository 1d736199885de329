# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/walks.py: recordings that are missing must not look like recordings that are read well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ansible_collections.invmon.network.tests.recordings.build import recordings

TESTS = Path(__file__).resolve().parents[1]


def walks(folder: Path) -> str:
    outcome = subprocess.run(
        [sys.executable, str(TESTS / "run.py"), str(TESTS / "walks.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    return outcome.stdout


def test_a_missing_folder_is_reported_with_what_was_not_checked(tmp_path: Path) -> None:
    said = walks(tmp_path / "none")
    assert f"SKIPPED: 16 recordings of real devices were NOT checked, because they are not in {tmp_path}/none" in said
    assert "arista-eos, cisco-legacy, " in said


def test_a_folder_that_lacks_some_is_checked_and_reported(tmp_path: Path) -> None:
    (tmp_path / "nxos.snmprec").write_bytes((recordings() / "nxos.snmprec").read_bytes())
    said = walks(tmp_path)
    assert "no expectation; found " in said
    assert said.splitlines()[-4].startswith("SKIPPED: 15 recordings of real devices")
    assert "nxos" not in said.splitlines()[-3]

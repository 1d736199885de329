# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units in docs/schedule are what systemd takes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[3] / "docs" / "schedule"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_units_but_that_ansible_is_not_installed_here() -> None:
    units = sorted(str(path) for path in UNITS.iterdir())
    assert len(units) == 4
    result = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    found = [line for line in result.stderr.splitlines() if "invmon" in line]
    assert [line for line in found if "is not executable" not in line] == []

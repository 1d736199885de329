# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of devices that are to leave the folder of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils.files import file_name

NAMES = ["../../etc/passwd", "..", ".", "/etc/passwd", "a\x00b", "a\nb", "~root", "\\\\host\\share", "..%2f..%2fx"]


@pytest.mark.attack(
    "A device's name as a path",
    tried="names with slashes, dots, NUL, line breaks and a tilde, where a file is named after the device",
    came="each file lies in the folder that the user named",
)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_leaves_its_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{file_name(name)}.json"
    path.write_text("x", encoding="utf-8")
    assert path.resolve().parent == tmp_path.resolve()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]

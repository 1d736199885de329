# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of devices that are to leave the folder of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.files import file_name

#: NetBox takes 64 characters, of up to four octets each; a site and an id may be added.
EMOJI = "\N{CLOUD WITH RAIN}" * 64
NAMES = [
    EMOJI,
    f"{EMOJI}@{'s' * 100}#1234567",
    "/" * 64,
    "\ud800",
    "../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "a\x00b",
    "a\nb",
    "~root",
    "\\\\host\\share",
    "..%2f..%2fx",
]


@pytest.mark.attack(
    "A device's name as a path",
    tried="names with slashes, dots, NUL, line breaks and a tilde, and of 64 emoji, where a file is named after the"
    " device",
    came="each file lies in the folder that the user named, and different names have different files",
)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_leaves_its_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{file_name(name)}.json"
    path.write_text("x", encoding="utf-8")
    assert path.resolve().parent == tmp_path.resolve()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_names_that_are_cut_stay_apart_and_have_the_same_file_in_each_run() -> None:
    long = file_name(EMOJI)
    names = [
        EMOJI,
        EMOJI[:-1] + "x",
        f"{EMOJI}@brno",
        long,
        long[:-1],
        "a" * 200,
        "a" * 201,
        "a" * 168,
        "\ud800",
        "%D800",
    ]
    assert len({file_name(name) for name in names}) == len(names)
    assert max(len(file_name(name).encode()) for name in names) <= 201
    assert long == "\N{CLOUD WITH RAIN}" * 42 + "~b1120804c8169dd08f0b5eab85daf032"

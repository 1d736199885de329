# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a stranger wrote: recordings that were sent to us, profiles, expectations, .env files."""

from __future__ import annotations

import bz2
import gzip
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.env_file import EnvFileError, read_env_file
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import ProfileFileError, shipped
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import was_corrected
from ansible_collections.invmon.network.plugins.module_utils._snmp import recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import RecordingError
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording

LINE = b"1.3.6.1.2.1.1.1.0|4|A box\n"
MEGABYTE = 2**20
NUMBER = b"9" * 9000


@pytest.fixture
def allocated() -> Iterator[Callable[[], float]]:
    """The most megabytes that Python had at once since the beginning of the test."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()


def _zeros(file: Any, megabytes: int) -> None:
    with file:
        for _megabyte in range(megabytes):
            file.write(bytes(MEGABYTE))


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**40)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


#: what -> (how it is made, what the message says)
RECORDINGS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a gzip bomb": (lambda path: _zeros(gzip.GzipFile(path, "wb"), 100), "a line of more than 140,000 octets"),
    "a bzip2 bomb": (lambda path: _zeros(bz2.BZ2File(path, "wb"), 50), "a line of more than 140,000 octets"),
    "a bomb of short lines": (
        lambda path: path.write_bytes(gzip.compress(LINE * 50_000)),
        "more than 1,048,576 octets",
    ),
    "too many variables": (
        lambda path: path.write_bytes(b"".join(b"1.3.6.1.2.1.1.%d|2|1\n" % number for number in range(1100))),
        "more than 1,000 variables",
    ),
    "a sparse terabyte": (_sparse, "octets; the limit is"),
    "a FIFO": (_fifo, "it is a FIFO"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "it is a device"),
    "numbers without end": (
        lambda path: path.write_bytes(
            b"1.3.6.%s|2|1\n1.3%s|2|1\n1.3.1|2|%s\n" % (b"9" * 9000, b".1" * 999, b"9" * 9000)
        ),
        "none of its 3 lines",
    ),
}


@pytest.mark.attack(
    "A recording from a stranger",
    tried="gzip and bzip2 bombs, a line or lines without end, a million variables, a FIFO, /dev/zero, numbers of 9,000 "
    "digits, an OID of 1,000 numbers",
    came="it is refused with a sentence that names the file, before it takes memory",
)
@pytest.mark.parametrize("what", RECORDINGS)
def test_a_recording_is_read_within_limits(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allocated: Callable[[], float]
) -> None:
    make, words = RECORDINGS[what]
    if what == "a bomb of short lines":
        monkeypatch.setattr(recording, "MOST_OCTETS", MEGABYTE)
    if what == "too many variables":
        monkeypatch.setattr(recording, "MOST_VARIABLES", 1000)
    path = tmp_path / "box.snmprec"
    make(path)
    before = allocated()
    with pytest.raises(RecordingError, match=words) as told:
        load_recording(path)
    assert str(path) in str(told.value)
    assert allocated() - before < 8


@pytest.mark.attack(
    "A recording whose values no SNMP type holds",
    tried="one good line among lines with huge numbers and OIDs",
    came="such lines count as none, the others are read",
)
def test_lines_that_are_no_variables_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "box.snmprec"
    path.write_bytes(LINE + b"1.3.1|2|%d\n1.3.2|70|%d\n1.3.%d|4|x\n" % (2**64, -(2**70), 2**32))
    found = load_recording(path)
    assert (len(found.varbinds), found.skipped) == (1, 3)


def _laughs(levels: int) -> str:
    """Each level is the one before, nine times."""
    rows = ["l0: &l0 [lol]"]
    rows += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join([*rows, "match:", "  - object_id: 1.3.6.1.4.1.99999"])


PROFILES = {
    "a billion laughs": (_laughs(10), "more than 50,000 values, with aliases expanded"),
    "an alias within itself": ("match: &m [*m]", "more than 50,000 values, with aliases expanded"),
    "a list in a list in a list": ("match: " + "[" * 100_000, "nesting depth"),
    "a mapping in a mapping": ("".join(f"{' ' * n}a:\n" for n in range(1000)), "deeper than 20 levels"),
    "two megabytes": ("# " + "x" * 2 * MEGABYTE, "octets; the limit is"),
}


@pytest.mark.attack(
    "A profile that becomes much more than it looks",
    tried="aliases of aliases of aliases, a list that contains itself, 100,000 lists in each other, 2 MB, a FIFO",
    came="it is refused with file and line, before it is loaded",
)
@pytest.mark.parametrize("what", PROFILES)
def test_a_profile_is_read_within_limits(what: str, tmp_path: Path, allocated: Callable[[], float]) -> None:
    text, words = PROFILES[what]
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    before = allocated()
    with pytest.raises(ProfileFileError, match=words) as told:
        shipped().with_own(path)
    assert str(path) in str(told.value)
    assert allocated() - before < 16
    path.unlink()
    _fifo(path)
    with pytest.raises(ProfileFileError, match="it is a FIFO"):
        shipped().with_own(tmp_path)


@pytest.mark.attack(
    "A file next to a recording, and one with variables",
    tried="FIFOs and deep JSON in the place of an expectation, a FIFO and /dev/zero as .env file",
    came="nothing waits; the expectation counts as a person's and is kept, the .env file is refused by name",
)
def test_expectations_and_env_files_are_read_within_limits(tmp_path: Path) -> None:
    expectation = tmp_path / "box.expected.json"
    expectation.write_text("[" * 200_000, encoding="utf-8")
    assert was_corrected(expectation)
    expectation.unlink()
    _fifo(expectation)
    assert was_corrected(expectation)
    for path, words in ((expectation, "it is a FIFO"), (Path("/dev/zero"), "it is a device")):
        with pytest.raises(EnvFileError, match=words):
            read_env_file(str(path))

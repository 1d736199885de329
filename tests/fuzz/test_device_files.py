# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of strangers that the device side reads, and expressions of users: each ends in a result or in a sentence."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._common.interrupts import limited_cpu
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import ProfileFileError, shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._patterns.cost import MOST_POWER, why_costly
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import RecordingError, SnmpError
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from hypothesis import given
from hypothesis import strategies as st

#: Columns of entPhysicalTable, and what stands around them in a recording.
OIDS = st.builds(
    "1.3.6.1.2.1.{}".format,
    st.sampled_from(["1.1.0", "1.2.0", "1.3.0", "47.1.1.1.1"])
    | st.builds("47.1.1.1.1.{}.{}".format, st.integers(1, 20), st.integers(-1, 5) | st.integers(0, 2**33)),
)
VALUES = st.text(max_size=20) | st.integers(-(2**70), 2**70).map(str) | st.sampled_from(["1.3.6.1.4.1.9", "0x41", "=1"])
LINES = st.builds(
    "{}|{}{}|{}".format, OIDS, st.integers(0, 80), st.sampled_from(["", "x", "e", ":numeric", "xe"]), VALUES
)


@contextmanager
def file_of(content: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


@given(st.lists(LINES | st.text(max_size=60), max_size=30), st.binary(max_size=40), st.booleans())
def test_any_recording_is_read_or_refused(lines: list[str], junk: bytes, compressed: bool) -> None:
    content = "\n".join(lines).encode("utf-8", "surrogatepass") + junk
    with file_of(gzip.compress(content) + junk if compressed else content, "box.snmprec") as path:
        try:
            found = load_recording(path)
        except RecordingError:
            return
    with replay_session(found) as session, suppress(SnmpError):
        read_device(session.agent).to_dict()


#: Words of profiles, and of YAML.
_WORDS = """
match object_id 1.3.6.1.4.1.9 tables t entry columns serial 12 {serial} scalars oids of map else
&a *a << [ ] { } - : ' " | ~ !!python/object
"""
WORDS = st.sampled_from(["\n", "  ", *re.findall(r"\S+", _WORDS)])


@given(st.lists(WORDS | st.text(max_size=5), max_size=40).map(" ".join) | st.text(max_size=80))
def test_any_profile_is_taken_or_refused(text: str) -> None:
    with file_of(text.encode("utf-8", "surrogatepass"), "acme.yml") as path, suppress(ProfileFileError):
        shipped().with_own(path)


ATOMS = st.sampled_from(["a", "b", "[ab]", ".", r"\w", r"\s", r"\d", "(?!b)", "(?=a)", r"\b", "$", "^", "ab", "x"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("(?:{}){}".format, inner, st.sampled_from(["*", "+", "?", "{2,5}", "{3}", "*?", "*+", "{0,20}"]))
        | st.builds("{}{}".format, inner, inner)
        | st.builds("(?:{}|{})".format, inner, inner)
    ),
    max_leaves=8,
)
LENGTH = 300


@given(
    EXPRESSIONS, st.sampled_from(["a", "b", "ab", " ", "1", "aab", "x", "a "]), st.sampled_from(["", "!", "\n", "b"])
)
def test_an_expression_that_is_let_be_takes_no_long_time(expression: str, unit: str, end: str) -> None:
    """The other way round than by counting: it searches in texts, and would be interrupted."""
    assert MOST_POWER == 2
    try:
        pattern = re.compile(expression)
    except re.error:
        return
    if why_costly(pattern) is None:
        with limited_cpu(2):
            pattern.search(unit * (LENGTH // len(unit)) + end)

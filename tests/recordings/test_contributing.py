# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of CONTRIBUTING.md work: its profile reads its recording, and gives what the recording expects."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.recordings.build import build

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


def example(begins: str) -> str:
    """The block of YAML on the page that has a line that begins so."""
    blocks = re.findall(r"^( *)```yaml\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = (text for _indent, text in blocks if re.search(rf"^ *{begins}", text, re.MULTILINE))
    return textwrap.dedent(found)


def test_the_profile_of_the_page_reads_the_recording_of_the_page(tmp_path: Path) -> None:
    profile, source = tmp_path / "acme.yml", tmp_path / "acme-rocket.yml"
    profile.write_text(example("name: acme"))
    source.write_text(example("provenance:"))
    files = {name: tmp_path / name for name, content in build(source).items() if (tmp_path / name).write_bytes(content)}
    with replay_session(load_recording(files["acme-rocket.snmprec"])) as session:
        found = read_device(session.agent, profiles=shipped().with_own(profile)).to_dict()
    assert found["platform"] == "acme"
    expectation = json.loads(files["acme-rocket.expected.json"].read_text(encoding="utf-8"))
    expected = expectation["records"]
    records = {record["serial"]: record for record in merge_by_serial(found["items"])}
    assert set(records) == {one["serial"] for one in expected}
    for one in expected:
        assert {key: records[one["serial"]][key] for key in one} == one
    assert [row["serial"] for row in found["rejected"]] == [row["serial"] for row in expectation["rejected"]] == ["N/A"]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each recording has an expectation: reading and merging must find exactly that.

    python -m pytest tests/recordings/test_recordings.py -k NAME                 # one of ours
    python -m pytest tests/recordings/test_recordings.py --recordings FOLDER     # all of a folder

NAME.expected.json next to NAME.snmprec has `why` (what is special about the box), `provenance` (where the recording
comes from, see build.py), `records` (one for each serial; a field that is left out is not compared), `rejected` (serial
texts that are not serials; a reason of null is any), `members` of a stack, and optionally `coverage`: pieces of the
sentences about what the box does not report. platforms.yml lists the platform as which each of ours must be recognised.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import expectation_path
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.recordings.build import recordings

PLATFORMS = Path(__file__).resolve().with_name("platforms.yml")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "box" in metafunc.fixturenames:
        folder = Path(metafunc.config.getoption("--recordings") or recordings())
        paths = sorted(path for path in folder.glob("*.snmprec*") if path.is_file())
        assert paths, f"there is no recording in {folder}"
        names = [expectation_path(path).name.removesuffix(".expected.json") for path in paths]
        metafunc.parametrize("box", paths, indirect=True, ids=names, scope="module")


@pytest.fixture(scope="module")
def box(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is expected of the box, and what was read of it."""
    path: Path = request.param
    with replay_session(load_recording(path)) as session:
        found = read_device(session.agent).to_dict()
    expected = json.loads(expectation_path(path).read_text(encoding="utf-8"))
    records = {record["serial"]: record for record in merge_by_serial(found["items"])}
    name = expectation_path(path).name.removesuffix(".expected.json")
    return {"name": name, "expected": expected, "found": found, "records": records}


@pytest.fixture(scope="session")
def platforms(request: pytest.FixtureRequest) -> dict[str, str]:
    """The platform of each recording, empty for recordings of another folder."""
    if request.config.getoption("--recordings"):
        return {}
    listed: dict[str, str] = yaml.safe_load(PLATFORMS.read_text(encoding="utf-8"))
    return listed


def test_no_other_profile_takes_the_box(box: dict[str, Any], platforms: dict[str, str]) -> None:
    name, platform = box["name"], box["found"]["platform"]
    wanted = platforms.get(name) if platforms else platform
    assert wanted, (
        f"{PLATFORMS.name} does not list {name}, which is read as {platform}: if that is right, add the line"
        f" `{name}: {platform}`"
    )
    assert platform == wanted, (
        f"{name} is read by the profile {platform}, and should be by {wanted}: compare their `match`"
    )


def test_each_platform_that_is_listed_has_its_recording(platforms: dict[str, str]) -> None:
    there = {expectation_path(path).name.removesuffix(".expected.json") for path in recordings().glob("*.snmprec*")}
    assert sorted(platforms.keys() - there) == []


def test_the_expectation_was_corrected_by_hand(box: dict[str, Any]) -> None:
    file, why = f"{box['name']}.expected.json", box["expected"]["why"].strip()
    assert not re.match(r"To be filled|$", why), (
        f"{file} is still as it was read: say in `why` what is special about this box, once you have compared `records`"
        " with what is really in it"
    )
    explained = (
        box["expected"]["records"] or box["expected"].get("coverage") or re.search(r"\b(no|none|not|nothing)\b", why)
    )
    assert explained, (
        f"{file} expects no part at all: add to `records` what is in the box, or say in `why` (or `coverage`) that it"
        " reports no serial"
    )


def test_it_is_known_where_the_recording_comes_from(box: dict[str, Any]) -> None:
    file, provenance = f"{box['name']}.expected.json", box["expected"].get("provenance", {})
    kinds = ("real", "from MIB", "from a report")
    assert provenance.get("kind") in kinds, f"{file}: `provenance` needs a `kind`: {', '.join(kinds)}"
    assert provenance.keys() <= {"kind", "from", "url"}, f"{file}: `provenance` has `kind`, `from` and `url` alone"
    origin = provenance.get("from", "")
    assert provenance["kind"] == "from MIB" or not re.match(r"To be filled|$", origin.strip()), (
        f"{file}: say in `provenance` > `from` whose device this is, in words that may be public"
    )
    assert re.fullmatch(r"https://\S+", provenance.get("url", "https://x")), (
        f"{file}: `url` does not begin with https://"
    )


def test_what_the_box_does_not_report_is_listed(box: dict[str, Any]) -> None:
    for text in box["expected"].get("coverage", []):
        assert any(text in said for said in box["found"]["coverage"]), box["found"]["coverage"]


def test_each_serial_is_found_once_and_none_is_invented(box: dict[str, Any]) -> None:
    assert sorted(box["records"]) == sorted(record["serial"] for record in box["expected"]["records"])


def test_each_part_has_the_expected_fields(box: dict[str, Any]) -> None:
    for expected in box["expected"]["records"]:
        record = box["records"].get(expected["serial"], {})
        assert {key: record.get(key) for key in expected} == expected


def test_what_is_no_serial_is_rejected_with_a_reason(box: dict[str, Any]) -> None:
    rejected = {row["serial"]: row["reason"] for row in box["found"]["rejected"]}
    for expected in box["expected"]["rejected"]:
        assert rejected.get(expected["serial"]), expected["serial"]
        assert expected["reason"] in (None, rejected[expected["serial"]])


def test_members_of_a_stack_are_numbered(box: dict[str, Any]) -> None:
    members = [{key: member[key] for key in ("number", "serial")} for member in box["found"]["members"]]
    assert members == box["expected"]["members"] or not box["expected"]["members"]


def test_the_reading_is_complete(box: dict[str, Any]) -> None:
    assert box["found"]["complete"], box["found"]["tables"]

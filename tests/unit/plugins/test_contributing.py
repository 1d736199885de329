# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CONTRIBUTING.md names files, targets of make and names in code that exist; versions agree wherever one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.release import galaxy_version, mentions, numbers

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: What begins the path of a file of ours.
_TOP = r"(?:\.github|changelogs|docs|meta|playbooks|plugins|roles|tests)"


def paths() -> set[str]:
    """All paths that the page names; where the reader chooses the file's name, its folder."""
    found = set(re.findall(rf"(?<![\w./]){_TOP}(?:/[\w.-]+)+/?", TEXT))
    found |= set(re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))
    return {re.sub(r"/(?:NAME|SUBJECT|acme-rocket)\.yml$", "", path) for path in found}


def test_every_file_that_the_page_names_exists() -> None:
    assert len(paths()) > 40
    assert sorted(path for path in paths() if not (ROOT / path).exists()) == []


def test_every_target_of_make_that_the_page_names_exists() -> None:
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z][a-z -]*)|`make ([a-z][a-z -]*)|^\$ make ([a-z][a-z -]*)", TEXT, re.MULTILINE))
    targets = {target for groups in named for group in groups for target in group.split()}
    assert len(targets) > 10
    assert targets - rules == set()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("READERS", "plugins/module_utils/_devices/registry.py"),
        ("READERS", "plugins/module_utils/_devices/profile.py"),
        ("KINDS", "tests/sandbox/netbox/faults.py"),
        ("FAULTS", "tests/faults.py"),
        ("FAULTS", "tests/sandbox/snmp_faults.py"),
        ("RELEASES", "tests/sandbox/netbox/releases.py"),
    ],
)
def test_a_list_that_is_to_be_extended_is_where_the_page_sends_its_reader(name: str, path: str) -> None:
    assert f"`{name}`" in TEXT
    assert path in TEXT
    assert re.search(rf"^{name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_file_names_the_version_of_galaxy_yml() -> None:
    found = mentions(ROOT)
    assert "docs/awx.md" in found
    assert {page: versions for page, versions in found.items() if versions != {galaxy_version(ROOT)}} == {}


def test_nothing_is_documented_as_newer_than_the_version_that_comes_next() -> None:
    documented = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").glob("*/meta/argument_specs.yml")]
    added = {
        version: path
        for path in documented
        for version in re.findall(r"^ *version_added: [\"']?([\d.]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {version: path for version, path in added.items() if numbers(version) > numbers(galaxy_version(ROOT))} == {}
    assert galaxy_version(ROOT) in added

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of docs/variables.md: every variable is on it once, and its examples can be used as they are."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_options import wrong_value
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import known_variables
from ansible_collections.invmon.network.plugins.plugin_utils._run.renamed_variables import RENAMED
from ansible_collections.invmon.network.tests import variables_page
from ansible_collections.invmon.network.tests.variables_page import PageError, example, groups, page

VARIABLES = {one.name: one for group in groups() for one in group.variables}
#: Their examples name files.
OF_FILES = {"snmp_profiles", "invmon_env_file"}


def test_every_variable_is_on_the_page_once() -> None:
    assert sorted(VARIABLES) == sorted(known_variables())
    assert len(VARIABLES) == sum(len(group.variables) for group in groups())
    listed = re.findall(r"^\| `(\w+)` \|", page(), re.MULTILINE)
    assert [name for name in known_variables() if listed.count(name) != 1] == []
    assert [name for name in RENAMED if f"| `{name}` | `" not in page()] == []


def test_a_variable_without_a_group_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**known_variables(), "snmp_new": known_variables()["snmp_port"]}
    monkeypatch.setattr(variables_page, "known_variables", lambda: known)
    with pytest.raises(PageError, match=r"snmp_new is in no group of variables_page\.yml"):
        groups.__wrapped__()


def test_the_page_is_what_the_specs_say() -> None:
    assert variables_page.PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_an_example_is_what_it_looks_like_and_is_accepted(name: str) -> None:
    one = VARIABLES[name]
    text = example(one).strip("`")
    if not text.startswith("-e "):
        assert yaml.safe_load(text) == {name: one.example}
    if name not in OF_FILES and "{{" not in str(one.example):
        assert wrong_value(name, one.example, known_variables()[name]) is None
    assert one.example != one.option.get("default"), "it shows nothing"

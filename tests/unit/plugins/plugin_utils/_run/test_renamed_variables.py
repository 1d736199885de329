# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of /plugin_utils/_run/renamed_variables.py: old names are read after the new one, and each is reported once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils._run.given_variables import ALL, EXTRA, SOME, Given
from ansible_collections.invmon.network.plugins.plugin_utils._run.renamed_variables import reading, with_new_names


def read(name: str, parts: tuple[str, ...] = (), **variables: Any) -> tuple[Any, list[tuple[str, str, bool]]]:
    noticed: list[tuple[str, str, bool]] = []
    value = reading(variables.get, parts, lambda *about: noticed.append(about))(name)
    return value, noticed


@pytest.mark.parametrize("value", ["/a", False, 0, ""])
def test_the_old_name_is_read_where_the_new_one_is_not_set(value: Any) -> None:
    assert read("invmon_collected", upload_saved=value) == (value, [("upload_saved", "invmon_collected", False)])


def test_the_new_name_wins_even_where_it_is_empty() -> None:
    found = read("invmon_collected", invmon_collected="", collect_save_to="/a")
    assert found == ("", [("collect_save_to", "invmon_collected", True)])
    assert read("invmon_collected", invmon_collected="/new") == ("/new", [])


def test_the_first_of_two_old_names_wins_and_neither_is_taken_for_the_new_one() -> None:
    value, noticed = read("invmon_collected", upload_saved="/b", collect_save_to="/a")
    assert value == "/a"
    assert noticed == [
        ("collect_save_to", "invmon_collected", False),
        ("upload_saved", "invmon_collected", False),
    ]


def test_a_word_that_may_be_anybodys_is_read_by_one_playbook_only() -> None:
    assert read("replay_to", ("collect", "upload"), output="theirs") == (None, [])
    assert read("replay_to", ("collect", "replay"), output="/a")[0] == "/a"


def test_what_a_person_set_gets_its_present_name_and_is_reported_once() -> None:
    noticed: list[tuple[str, str, bool]] = []
    given = [
        *(Given("invmon_serial", 5, EXTRA), Given("invmon_serial", 9, ALL), Given("output", "theirs", ALL)),
        *(Given("env_file", "", EXTRA), Given("record_to", "/a", ALL), Given("collect_record_to", None, SOME)),
        Given("snmp_port", 1161, EXTRA),
    ]
    found = with_new_names(given, ["collect", "upload"], lambda *about: noticed.append(about))
    assert [(one.name, one.value) for one in found] == [
        *(("invmon_batch_size", 5), ("invmon_batch_size", 9), ("invmon_env_file", "")),
        *(("record_to", "/a"), ("record_to", None), ("snmp_port", 1161)),
    ]
    # An answer that is left open in a survey is not given.
    assert noticed == [("invmon_serial", "invmon_batch_size", False), ("collect_record_to", "record_to", True)]

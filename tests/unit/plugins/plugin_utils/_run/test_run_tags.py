# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of/plugin_utils/_run/run_tags.py: which tags mean something, and what they leave to run."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest
from ansible.playbook.taggable import Taggable
from ansible_collections.invmon.network.plugins.plugin_utils._run.run_tags import Tags, leave, unknown_tags

OURS = Tags(frozenset({"always", "collect", "upload"}))


@pytest.mark.parametrize("asked", ["collect", "upload", "all", "tagged", "untagged", "always", "never"])
def test_what_is_in_the_playbook_or_means_something_to_ansible_is_known(asked: str) -> None:
    assert unknown_tags("--tags", [asked], OURS) == []


def test_another_one_is_named_once_with_those_that_there_are() -> None:
    (sentence,) = unknown_tags("--tags", ["Collect", "Collect"], OURS)
    assert sentence == (
        "--tags Collect: no task has this tag. Did you mean collect? The tags of this playbook are collect, upload."
    )
    assert unknown_tags("--tags", ["x"], Tags(frozenset({"always"}))) == [
        "--tags x: no task has this tag. This playbook has no tags."
    ]


@pytest.mark.parametrize(
    ("only", "skip"),
    list(
        product(
            [["all"], ["collect"], ["upload"], ["collect", "upload"], ["tagged"], ["untagged"], ["always"]],
            [[], ["collect"], ["upload"], ["all"], ["tagged"], ["untagged"]],
        )
    ),
)
def test_what_they_leave_is_what_ansible_runs(only: list[str], skip: list[str]) -> None:
    task = SimpleNamespace(
        tags=["upload"], _loader=None, _get_all_taggable_objects=lambda: [], untagged=Taggable.untagged
    )
    assert leave("upload", only, skip) == Taggable.evaluate_tags(task, only, skip, {})

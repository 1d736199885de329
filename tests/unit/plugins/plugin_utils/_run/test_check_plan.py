# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_plan import check_plan
from ansible_collections.invmon.network.plugins.plugin_utils._run.given_variables import EXTRA, SOME, Given
from ansible_collections.invmon.network.plugins.plugin_utils._run.run import Run
from ansible_collections.invmon.network.plugins.plugin_utils._run.run_tags import Tags


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text("{}")
    path.chmod(0o600)
    return path


def errors(path: Path, scope: str = EXTRA, only_tags: Sequence[str] = (), **variables: Any) -> list[str]:
    """What is wrong with a run of the nightly job with this plan."""
    variables = {f"upload_{name}": value for name, value in {"plan_file": str(path), **variables}.items()}
    given = [Given(name, value, scope) for name, value in variables.items()]
    tags = Tags(frozenset({"collect", "upload"}))
    return list(
        check_plan(
            Run(["collect", "upload"], variable=variables.get, given=given, only_tags=only_tags, tags=lambda: tags)
        ).errors
    )


def test_an_existing_plan_stops_the_run_before_a_device_is_asked(plan: Path) -> None:
    (sentence,) = errors(plan)
    assert "already exists and may be a plan under review" in sentence
    assert "upload_plan_replace=true" in sentence
    assert errors(plan, plan_replace=True) == errors(plan.with_name("other.json")) == []
    assert errors(plan, only_tags=["collect"]) == [], "it plans nothing"


def test_a_folder_that_is_missing_stops_it_too(plan: Path) -> None:
    (sentence,) = errors(plan.parent / "missing" / "plan.json", plan_replace=True)
    assert "cannot be written" in sentence


def test_a_plan_that_is_to_be_carried_out_is_there_and_ones_own(plan: Path) -> None:
    assert errors(plan, apply_plan=True) == errors(plan, apply_plan="yes", plan_digest="0" * 32) == []
    assert "There is no file" in errors(plan.with_name("other.json"), apply_plan=True)[0]
    plan.chmod(0o666)
    assert "other users can write it" in errors(plan, apply_plan=True)[0]


def test_what_asks_for_a_plan_to_be_carried_out_and_does_not_do_it_is_named(plan: Path) -> None:
    assert "the tags of this run leave the upload out" in errors(plan, apply_plan=True, only_tags=["collect"])[0]
    assert "is for a plan that is applied" in errors(plan.with_name("other.json"), plan_digest="0" * 32)[0]


def test_what_comes_too_late_to_keep_the_devices_from_being_asked_is_an_error(plan: Path) -> None:
    assert "set it with -e" in errors(plan, SOME, apply_plan=True)[0]
    assert errors(plan, SOME, apply_plan=True, only_tags=["upload"]) == []

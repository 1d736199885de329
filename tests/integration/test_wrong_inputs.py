# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a run as a whole ends it before the first device is asked, in one list. No device is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Outcome, run_playbook

#: Nothing listens there; a run that asks would take seconds and say so.
HOSTS = {"all": {"hosts": {"box-1": {"ansible_host": "127.0.0.1"}, "box-2": {"ansible_host": "127.0.0.1"}}}}
NOTIFY = {"name": "Tell them", "hosts": "all", "gather_facts": False, "tags": ["notify"]}


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Run a playbook of the collection, or one of somebody's own, on an inventory of two hosts."""

    def run(playbook: str | Path, *arguments: str, **environment: str) -> Outcome:
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(HOSTS))
        path = ROOT / "playbooks" / f"{playbook}.yml" if isinstance(playbook, str) else playbook
        return run_playbook(path, "-i", str(tmp_path / "hosts.yml"), *arguments, **environment)

    return run


def test_a_tag_that_no_task_has_is_no_success_and_leaves_a_record(run: Any, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    outcome = run("inventory", "--tags", "uplaod", "--skip-tags", "slow", "-e", f"invmon_run_record={record}")
    assert outcome.status == 2
    assert "--tags uplaod: no task has this tag. Did you mean upload?" in outcome.text
    assert "--skip-tags slow: no task has this tag. The tags of this playbook are collect, upload." in outcome.text
    assert "Ask the device" not in outcome.text
    told = json.loads(record.read_text())
    assert (told["state"], "--tags uplaod" in told["error"]) == ("failed", True)


def test_the_tags_of_a_playbook_that_has_ours_in_it_are_tags_too(run: Any, tmp_path: Path) -> None:
    playbook = tmp_path / "night.yml"
    ours = {"import_playbook": "invmon.network.inventory"}
    tell = {"name": "Tell them", "ansible.builtin.debug": {"msg": "told"}}
    playbook.write_text(yaml.safe_dump([ours, NOTIFY | {"tasks": [tell]}]))
    assert '"msg": "told"' in run(playbook, "--tags", "notify").text.replace("msg: told", '"msg": "told"')
    assert "tags of this playbook are collect, notify, upload" in run(playbook, "--tags", "notfiy").text
    # What is included while the playbook runs may have any tag.
    playbook.write_text(yaml.safe_dump([ours, NOTIFY | {"tasks": [{"ansible.builtin.include_tasks": "more.yml"}]}]))
    outcome = run(playbook, "--tags", "more")
    assert (outcome.status, "--tags more: no task has this tag" in outcome.text) == (0, True)

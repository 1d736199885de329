# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netbox_probe as a task: real ansible-playbook, real HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ansible_collections
import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import device, record

pytestmark = pytest.mark.slow

COLLECTIONS = Path(next(iter(ansible_collections.__path__))).parent
SEED = one_site(1)
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Upload
      invmon.network.netbox_probe: "{{ lookup('ansible.builtin.file', 'arguments.json') | from_json }}"
      register: upload
    - name: Show
      ansible.builtin.debug:
        var: upload
"""


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(SEED) as one:
        yield one


class Task:
    """Runs a play with one netbox_probe task; returns what it prints."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.folder = folder
        self.environment = {"NETBOX_INSTANCE_URL": standin.url, "NETBOX_API_TOKEN": standin.token}

    def __call__(self, arguments: dict[str, Any], *options: str) -> str:
        (self.folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
        (self.folder / "play.yml").write_text(PLAY, encoding="utf-8")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_"))}
        clean |= {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_NOCOLOR": "1", **self.environment}
        clean |= {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_LOCALHOST_WARNING": "0"}
        tool = str(Path(sys.executable).with_name("ansible-playbook"))
        command = [tool, "-i", "localhost,", "-c", "local", "play.yml", *options]
        done = subprocess.run(
            command, cwd=self.folder, env=clean, capture_output=True, text=True, timeout=120, check=False
        )
        return done.stdout + done.stderr


@pytest.fixture
def task(tmp_path: Path, standin: StandIn) -> Task:
    return Task(tmp_path, standin)


def test_check_mode_shows_the_diff_and_writes_nothing(task: Task, standin: StandIn) -> None:
    shown = task({"devices": [device(1, [record("SN1", "Slot 1")])]}, "--check", "--diff")
    assert "+ Slot 1  SN1  PART-1  module" in shown
    assert "changed=1" in shown
    assert standin.requests("POST", "/probes/") == []


def test_text_of_a_device_is_not_templated_and_the_second_run_is_no_change(task: Task, standin: StandIn) -> None:
    arguments = {"devices": [device(1, [record("SN1", "Slot {{ 7*7 }}")])]}
    task(arguments)
    with NetBox(standin.url, standin.token) as netbox:
        (row,) = netbox.get_all("plugins/inventory-monitor/probes/")
    assert row["name"] == "Slot {{ 7*7 }}"
    assert "changed=0" in task(arguments)


def test_a_plan_is_carried_out_without_a_device_and_its_texts_are_not_templated(task: Task, standin: StandIn) -> None:
    devices = [device(1, [record("SN1", "Slot {{ 7*7 }}")])]
    planned = task({"devices": devices, "plan_file": "plan.json"}, "--check", "--diff")
    assert "+ Slot {{ 7*7 }}  SN1" in planned
    assert standin.requests("POST", "/probes/") == []
    assert "+ Slot {{ 7*7 }}  SN1" in task({"plan_file": "plan.json", "apply": True}, "--diff")
    with NetBox(standin.url, standin.token) as netbox:
        (row,) = netbox.get_all("plugins/inventory-monitor/probes/")
    assert row["name"] == "Slot {{ 7*7 }}"
    assert standin.token not in (task.folder / "plan.json").read_text()


def test_the_token_is_shown_nowhere(task: Task, standin: StandIn) -> None:
    standin.plan("403", times=-1)
    shown = task({"devices": [device(1, [record()])], "token": standin.token}, "-vvvv", "--diff")
    assert standin.token not in shown
    assert "failed_hosts" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "devices, device"),
        ({"device": "r1"}, "records"),
        ({"plan_file": "plan.json"}, "devices, device, apply"),
        ({"apply": False}, "Give devices"),
        ({"apply": True}, "name the plan with plan_file"),
        ({"apply": True, "plan_file": "missing.json"}, "There is no file "),
        ({"devices": [{"records": []}]}, "entry 1 has no name"),
        ({"devices": [{"name": "a"}, {"name": "a"}]}, "is listed twice"),
        ({"devices": [{"name": "a", "tables": 5}]}, "devices[0].tables is 5, not an object or null"),
        ({"devices": "r1, r2"}, "devices: the text is not JSON"),
        ({"devices": '{"name": "r1"}'}, "give a list of devices"),
        ({"devices": [], "chunk_size": 0}, "chunk_size must be from 1 to 1000"),
        ({"devices": [], "run_time": "yesterday"}, "run_time"),
        ({"devices": [], "url": "netbox"}, "http://"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(task: Task, arguments: dict[str, Any], words: str) -> None:
    shown = task(arguments)
    assert "failed=1" in shown
    assert words in shown
    assert "bug" not in shown

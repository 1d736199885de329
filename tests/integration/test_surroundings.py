# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shop has set for its other playbooks does not change what these do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import (
    COLLECT_RESULT,
    UPLOAD_RECORD,
    UPLOAD_RESULT,
)
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import known_variables
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: How a shop reaches the same devices with network_cli, by a vault that this run has no password for.
NETWORK_CLI = {
    "ansible_connection": "ansible.netcommon.network_cli",
    "ansible_network_os": "cisco.ios.ios",
    "ansible_user": "{{ vault_user }}",
    "ansible_password": "{{ vault_password }}",
    "ansible_become": True,
    "ansible_become_method": "ansible.netcommon.enable",
    "ansible_become_password": "{{ vault_enable }}",
    "ansible_python_interpreter": "/nowhere/python",
}
RECORDING = str(recordings() / "eltek-smartpack2.snmprec")
AS_JSON = """
DOCUMENTATION = "name: as_json\\ntype: stdout\\nshort_description: What failed, as JSON"
import json
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "stdout", "as_json"

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps({"failed": sorted(stats.failures)}))
"""
PLAYBOOKS = [
    path
    for path in sorted([*(ROOT / "playbooks").glob("[!.]*.yml"), *(ROOT / "docs" / "awx" / "project").glob("*.yml")])
    if "invmon.network." in path.read_text() and isinstance(yaml.safe_load(path.read_text()), list)
]


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.name)
def test_each_play_pins_how_it_runs_and_the_first_one_checks_what_it_was_given(path: Path) -> None:
    plays = [play for play in yaml.safe_load(path.read_text()) if "import_playbook" not in play]
    for play in plays:
        assert play["strategy"] == "ansible.builtin.linear", play["name"]
        delegated = any("delegate_to" in task for task in play["tasks"])
        assert delegated or play["vars"]["ansible_connection"] == "ansible.builtin.local", play["name"]
    first = [task for play in plays[:1] for task in play["tasks"][:1]]
    checks = [check for task in first for check in task.get("block", [task])[:1]]
    assert ["invmon.network.run_check" in check for check in checks] == [True] * len(first)
    assert [task["tags"] for task in first] == [["always"]] * len(first)


def test_neither_a_strategy_nor_how_others_connect_keeps_a_device_from_being_written(
    night: Night, tmp_path: Path
) -> None:
    (tmp_path / "shop.yml").write_text(yaml.safe_dump({"all": {"vars": NETWORK_CLI}}))
    devices = sorted({agent.name for agent in night.sandbox.network.plan.agents} - night.bad)[:6]
    shop = ("-i", str(tmp_path / "shop.yml"), "--limit", ",".join([*devices, "sw-midtable"]))
    outcome = night.run(*shop, ANSIBLE_STRATEGY="free", ANSIBLE_ANY_ERRORS_FATAL="true")
    assert outcome.failed == {"sw-midtable"}, outcome.text
    assert {probe["device_descriptor"] for probe in night.probes()} == {*devices, "sw-midtable"}
    assert night.run(*shop, "-e", "invmon_batch=true", ANSIBLE_STRATEGY="host_pinned").changed == set()


def test_a_role_in_a_play_of_ones_own_does_not_log_in_to_the_devices(tmp_path: Path) -> None:
    device = {"ansible_connection": "persistent", "snmp_replay_from": RECORDING}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": device}}}))
    play = {"hosts": "all", "gather_facts": False, "roles": ["invmon.network.collect"]}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
    arguments = ("-i", str(tmp_path / "hosts.yml"), "-e", "invmon_collected=", "-vvvv")
    outcome = run_playbook(tmp_path / "play.yml", *arguments)
    assert outcome.status == 0, outcome.text
    assert "attempting to start connection" not in outcome.text


def test_a_survey_of_all_variables_that_is_left_open_changes_nothing(night: Night) -> None:
    # Those that the sandbox sets, and whose lack is no other choice.
    files = [*night.sandbox.folder.glob("group_vars/*"), *night.sandbox.folder.glob("host_vars/*")]
    set_there = {name for file in files for name in yaml.safe_load(file.read_text())}
    names = known_variables().keys() - set_there - {COLLECT_RESULT, UPLOAD_RESULT, UPLOAD_RECORD}
    names -= {name for name in names if name.startswith("netbox_device")}
    open_ones = {name: "" if number % 2 else None for number, name in enumerate(sorted(names))}
    assert len(open_ones) > 40
    outcome = night.run("--limit", "sw-stack-brno", "-e", json.dumps(open_ones))
    assert outcome.status == 0, outcome.text
    assert night.probes() != []


@pytest.mark.parametrize("batch", ["false", "true"], ids=["a task each", "one task"])
def test_with_a_callback_that_prints_json_nothing_of_ours_is_in_it(tmp_path: Path, batch: str) -> None:
    (tmp_path / "as_json.py").write_text(AS_JSON)
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {"snmp_replay_from": RECORDING}}}}))
    arguments = ("-i", str(tmp_path / "hosts.yml"), "--tags", "collect", "-e", f"invmon_batch={batch}")
    outcome = run_playbook(
        *(ROOT / "playbooks" / "inventory.yml", *arguments, "-e", "invmon_collected="),
        ANSIBLE_CALLBACK_PLUGINS=str(tmp_path),
        ANSIBLE_STDOUT_CALLBACK="as_json",
        INVMON_PROGRESS_INTERVAL="0.01",
    )
    assert json.loads(outcome.stdout) == {"failed": []}, outcome.text
    rest = outcome.text.removeprefix(outcome.stdout)
    assert ("COLLECTED" in rest, "\n1 device in" in rest) == (True, True)

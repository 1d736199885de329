# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential sets in a real run: chosen by groups, tried in turn, named everywhere, and shown nowhere."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook

#: Of the sandbox: devices with SNMPv3, SNMPv2c, SNMPv2c and SNMPv3.
ADDRESSES = {"core-1": "127.10.0.1", "old-1": "127.10.0.5", "mixed-1": "127.10.0.8", "wrong-1": "127.10.0.2"}
USER = {"username": "inventory", "auth_protocol": "SHA-256", "privacy_protocol": "AES"}
SETS = {
    "core": {**USER, "auth_passphrase": "sandbox-auth-1", "privacy_passphrase": "sandbox-priv-1"},
    "other": {**USER, "auth_passphrase": "gloucester-42", "privacy_passphrase": "cheddar-gorge"},
    "lab": {"community": "wensleydale-7"},
    "old": {"community": "public", "networks": ["127.0.0.0/8"]},
}
#: (The community of the sandbox is a word of Ansible's own files.)
SECRETS = ("sandbox-auth-1", "sandbox-priv-1", "gloucester-42", "cheddar-gorge", "wensleydale-7")
GROUPS = {
    "cores": (["core-1"], "core"),
    "olds": (["old-1"], ["lab", "old"]),
    "mixed": (["mixed-1"], ["core", "old"]),
    "wrongs": (["wrong-1"], ["other", "lab"]),
}


def inventory(night: Night, folder: Path, **variables: Any) -> str:
    """An inventory whose groups have credentials of their own."""
    common = {"snmp_port": night.sandbox.network.port, "snmp_timeout": 1, "snmp_retries": 1, **variables}
    groups: dict[str, Any] = {
        group: {
            "hosts": {host: {"ansible_host": ADDRESSES[host]} for host in hosts},
            "vars": {"snmp_credentials": names},
        }
        for group, (hosts, names) in GROUPS.items()
    }
    poller = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
    groups["pollers"] = {"hosts": {"poller": poller}}
    whole = {"all": {"vars": {"snmp_credential_sets": SETS, **common}, "children": groups}}
    (folder / "hosts.yml").write_text(yaml.safe_dump(whole))
    return str(folder / "hosts.yml")


def check_no_secret(outcome: Outcome, folder: Path) -> None:
    """Neither in what was printed, nor in what was written."""
    ours = ("hosts.yml", "play.yml")
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ours]
    for text in (outcome.text, *(path.read_text(errors="replace") for path in files)):
        assert [secret for secret in SECRETS if secret in text] == []


def test_each_group_is_tried_with_its_own_sets_and_the_set_that_worked_is_named(night: Night, tmp_path: Path) -> None:
    hosts = inventory(night, tmp_path)
    file = tmp_path / "reach.json"
    more = ("-e", f"reach_file={file}", "-e", f"invmon_collected={tmp_path / 'collected'}", "--limit", "!pollers")
    outcome = run_playbook(ROOT / "playbooks" / "reach.yml", "-i", hosts, *more, "-vvv", COLUMNS="120")
    assert outcome.failed == {"wrong-1"}, outcome.text
    attempts = {one["host"]: one.get("attempt") for one in json.loads(file.read_text())["hosts"]}
    assert attempts == {
        "core-1": {"number": 1, "version": "3", "security_level": "authPriv", "credentials": "core"},
        "old-1": {"number": 2, "version": "2c", "security_level": "noAuthNoPriv", "credentials": "old"},
        "mixed-1": {"number": 2, "version": "2c", "security_level": "noAuthNoPriv", "credentials": "old"},
        "wrong-1": None,
    }
    said = " ".join(outcome.text.split())
    assert "other: the agent refused the SNMPv3 user: authentication failure; lab: no answer." in said
    check_no_secret(outcome, tmp_path)


def test_other_modules_take_the_sets_as_well_and_a_poller_shows_none(night: Night, tmp_path: Path) -> None:
    get: dict[str, Any] = {
        "invmon.network.snmp_get": {"oids": ["1.3.6.1.2.1.1.5.0"]},
        "register": "got",
        "ignore_errors": True,
    }
    read = {
        "invmon.network.snmp_entity_facts": {
            **{"record_to": f"{tmp_path}/", "record_masked": False, "dump": f"{tmp_path}/dump/"},
            **{"tables": {"max_rows": 50}, "fail_when_incomplete": False},
        },
        "ignore_errors": True,
    }
    # The example of docs/snmp.md: one user name with two passphrases.
    both = {"credentials": ["other", "core"], "credential_sets": {name: SETS[name] for name in ("other", "core")}}
    of_task = {"invmon.network.snmp_get": {**get["invmon.network.snmp_get"], **both}, "register": "got"}
    tasks = [
        {**of_task, "when": "'cores' in group_names"},
        {"ansible.builtin.debug": {"msg": "of the task {{ got.attempt | default('none') }}"}},
        get,
        {"ansible.builtin.debug": {"msg": "local {{ got.attempt | default('none') }}"}},
        {**get, "delegate_to": "poller"},
        {"ansible.builtin.debug": {"msg": "delegated {{ got.attempt | default('none') }}"}},
        read,
    ]
    play = {"hosts": "cores:olds:wrongs", "gather_facts": False, "tasks": tasks}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
    outcome = run_playbook(tmp_path / "play.yml", "-i", inventory(night, tmp_path), "-vvv")
    assert "AnsiballZ_snmp_get" in outcome.text
    assert len(re.findall(r"of the task .*'number': 2.*'credentials': 'core'", outcome.text)) == 1, outcome.text
    for where in ("local", "delegated"):
        assert len(re.findall(rf"{where} .*'credentials': '(?:core|old)'", outcome.text)) == 2, outcome.text
        assert f"{where} none" in outcome.text
    assert len(list(tmp_path.glob("*.snmprec"))) == 2
    check_no_secret(outcome, tmp_path)


def test_a_wrong_name_ends_the_run_before_a_device_is_asked(night: Night, tmp_path: Path) -> None:
    hosts = inventory(night, tmp_path)
    outcome = run_playbook(ROOT / "playbooks" / "reach.yml", "-i", hosts, "-e", '{"snmp_credentials": ["cor"]}')
    assert outcome.status != 0
    said = " ".join(outcome.text.split())
    assert "snmp_credentials: cor is not one of snmp_credential_sets. Did you mean core?" in said
    assert "could not be read" not in said
    check_no_secret(outcome, tmp_path)

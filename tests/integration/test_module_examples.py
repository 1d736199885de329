# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of the SNMP modules shows works, with a real ansible-playbook, against snmpd: their EXAMPLES,
and the tasks in docs/snmp.md.

A module joins by being in the action group `snmp`, a task by using such a module.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.tests.integration.module_examples import (
    AGENT,
    AUTH,
    COMMUNITY,
    NOT_RUN,
    PRIVACY,
    TEMPLATE,
    USER,
    WRITE_COMMUNITY,
    plays,
    plays_of_page,
)
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.sandbox.snmp_agents import AgentProcess, net_snmp
from ansible_collections.invmon.network.tests.sandbox.trap_receiver import TrapReceiver

GROUP: list[str] = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["snmp"]
MODULES = [module for module in GROUP if module not in NOT_RUN]
#: A host for the tasks that docs/snmp.md shows.
PAGE = "docs"
#: A host whose tasks are delegated, and compared with those that are not.
DELEGATED = "delegated"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    process = net_snmp(tmp_path_factory.mktemp("snmpd"), AGENT)
    if process is None:
        pytest.skip("snmpd is not installed here")
    with process:
        yield process


def delegated_tasks(port: int) -> list[dict[str, Any]]:
    """A table here and from a poller, which has neither the MIBs nor a folder of them."""
    access = {"host": "127.0.0.1", "port": port, "versions": ["2"], "community": COMMUNITY}
    by_v3 = {"username": USER, "auth_protocol": "SHA-256", "auth_passphrase": AUTH, "privacy_passphrase": PRIVACY}
    table = {"invmon.network.snmp_table": {**access, "table": "vacmAccessTable", "details": True}}
    facts = {"invmon.network.snmp_facts": {**access, "versions": ["3"], "backend": "snmp", **by_v3}}
    there = {"delegate_to": "poller"}
    same = "here.rows == there.rows and here.columns == there.columns and here.rows | length > 1"
    return [
        {**table, "register": "here"},
        {**table, **there, "register": "there"},
        {"ansible.builtin.assert": {"that": same}},
        {**facts, **there, "register": "facts"},
        {"ansible.builtin.assert": {"that": "facts.ansible_facts.ansible_sysname == 'core-1' and facts.complete"}},
        {"ansible.builtin.assert": {"that": f"facts.ansible_facts.ansible_syslocation | length == {len(TEMPLATE)}"}},
        {"ansible.builtin.assert": {"that": f"ansible_facts.syslocation | length == {len(TEMPLATE)}"}},
        {"invmon.network.snmp_get": {**access, "oids": ["sysLocation"]}, "register": "location"},
        {"ansible.builtin.debug": {"msg": "{{ location.found['sysLocation.0'] }}"}, "register": "shown"},
        {"ansible.builtin.assert": {"that": f"shown.msg | length == {len(TEMPLATE)}"}},
        {"invmon.network.snmp_get": {**access, "oids": ["1.3.6.1.4.1.99999"]}, **there, "register": "nothing"},
        {"ansible.builtin.assert": {"that": "nothing.variables[0].type == 'noSuchObject'"}},
    ]


def delegated_changes(port: int, receiver: int) -> list[dict[str, Any]]:
    """Variables that are set from a poller, in check mode and twice, and a notification from there."""
    access = {"host": "127.0.0.1", "port": port, "versions": ["2"], "community": WRITE_COMMUNITY}
    there = {"delegate_to": "poller"}
    put = {"invmon.network.snmp_set": {**access, "variables": [{"oid": "sysContact", "value": "someone"}]}, **there}
    restore = {"invmon.network.snmp_set": {**access, "variables": "{{ first.restore }}"}, **there}
    access = {"versions": ["2"], "community": COMMUNITY, "targets": [{"host": "127.0.0.1", "port": receiver}]}
    inform = {"invmon.network.snmp_notify": {**access, "notification": "warmStart", "inform": True}, **there}
    that = [
        "would.outcome == 'would' and would.changed and first.changed and first.variables[0].after == 'someone'",
        "first.diff.before == 'sysContact.0 = noc@example.com\\n'",
        "not second.changed and back.variables[0].after == 'noc@example.com'",
        "told.changed and told.targets[0].acknowledged and told.notification.name == 'warmStart'",
        "nothing.changed and not nothing.targets[0].sent",
    ]
    return [
        {**put, "check_mode": True, "register": "would"},
        {**put, "diff": True, "register": "first"},
        {**put, "register": "second"},
        {**restore, "register": "back"},
        {**inform, "register": "told"},
        {**inform, "check_mode": True, "register": "nothing"},
        {"ansible.builtin.assert": {"that": that}},
    ]


@pytest.fixture(scope="module")
def receiver() -> Iterator[TrapReceiver]:
    """Where the examples send notifications."""
    users = [User("inventory", level, "SHA-256", "AES-128", AUTH, PRIVACY) for level in ("authPriv", "authNoPriv")]
    with TrapReceiver([Community("1", COMMUNITY), Community("2c", COMMUNITY), *users]) as listening:
        yield listening


@pytest.fixture(scope="module")
def outcome(agent: AgentProcess, receiver: TrapReceiver, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run with a host for each module."""
    folder = tmp_path_factory.mktemp("plays")
    hosts: dict[str, Any] = {module: {"ansible_host": "127.0.0.1"} for module in [*MODULES, PAGE, DELEGATED]}
    hosts["poller"] = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
    playbook = [play for module in MODULES for play in plays(module, module, agent.port, receiver=receiver.port)]
    playbook += plays_of_page(ROOT / "docs" / "snmp.md", PAGE, agent.port, receiver.port)
    delegated = delegated_tasks(agent.port) + delegated_changes(agent.port, receiver.port)
    playbook.append({"hosts": DELEGATED, "gather_facts": False, "tasks": delegated})
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    (folder / "examples.yml").write_text(yaml.safe_dump(playbook, sort_keys=False))
    return run_playbook(folder / "examples.yml", "-i", str(folder / "hosts.yml"))


@pytest.mark.parametrize("module", [*MODULES, PAGE, DELEGATED])
def test_the_examples_work(outcome: Outcome, module: str) -> None:
    assert module in outcome.hosts, outcome.text[-3000:]
    assert module not in outcome.failed, outcome.text[-5000:]


def test_the_notifications_of_the_examples_arrive(outcome: Outcome, receiver: TrapReceiver) -> None:
    arrived = {(one.version, one.notification.confirmed) for one in receiver.taken if one.notification}
    assert arrived == {("1", False), ("2c", False), ("2c", True), ("3", False), ("3", True)}
    assert receiver.refused == []


def test_no_secret_is_shown(outcome: Outcome) -> None:
    assert AUTH not in outcome.text
    assert PRIVACY not in outcome.text


def test_what_is_left_out_is_in_the_group() -> None:
    assert NOT_RUN.keys() <= set(GROUP)

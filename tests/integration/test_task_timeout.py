# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`timeout:` of a task (and ANSIBLE_TASK_TIMEOUT, which is its default) ends a task that waits for a device."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.integration.playbook_runs import run_playbook

PLAYBOOK = """
- hosts: r1
  gather_facts: false
  tasks:
    - invmon.network.snmp_entity_facts: {backend: easysnmp, versions: [3]}
      ignore_errors: true
    - invmon.network.snmp_entity_facts: {versions: [2]}
      ignore_errors: true
    - invmon.network.snmp_entity_batch:
      ignore_errors: true
"""


def test_a_task_ends_at_its_time_out_whatever_asks_the_device(tmp_path: Path) -> None:
    pytest.importorskip("easysnmp")
    access = (
        "snmp_community=public snmp_username=nightly snmp_auth_passphrase=sandbox-auth snmp_security_level=authNoPriv"
        " snmp_timeout=30 snmp_retries=5"
    )
    (tmp_path / "play.yml").write_text(PLAYBOOK, encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        hosts = f"r1 ansible_host=127.0.0.1 snmp_port={nobody.getsockname()[1]} {access}\n"
        (tmp_path / "hosts").write_text(hosts, encoding="utf-8")
        playbook, inventory = tmp_path / "play.yml", str(tmp_path / "hosts")
        outcome = run_playbook(playbook, "-i", inventory, ANSIBLE_TASK_TIMEOUT="1")
    assert outcome.text.count("Timed out after 1 second(s).") >= 3, outcome.text
    assert outcome.text.count("...ignoring") == 3

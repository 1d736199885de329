# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook reach: what a new user runs first."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook

PLAYBOOK = ROOT / "playbooks" / "reach.yml"
FEW = ("--limit", "sw-stack-brno,sw-nexus-brno,sw-dead", "-e", "snmp_timeout=1", "-e", "snmp_retries=1")
NO_CALLBACK = {"ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit", "JUNIT_OUTPUT_DIR": "/nonexistent"}


def table(outcome: Outcome) -> list[str]:
    """The last lines, from the first one of ours."""
    return outcome.stdout[outcome.stdout.rindex("\nReach: ") :].strip().splitlines()


def test_the_table_comes_last_and_the_devices_that_cannot_be_read_fail(night: Night, tmp_path: Path) -> None:
    file = tmp_path / "reach.json"
    few = ",".join([*FEW[1].split(","), *night.bad])
    options = ("--limit", few, "--forks", "25", "-e", f"reach_file={file}")
    outcome = run_playbook(PLAYBOOK, "-i", night.inventory, *options, COLUMNS="80")
    assert outcome.status != 0
    assert outcome.failed == night.bad, outcome.text
    lines = table(outcome)
    assert max(len(line) for line in lines if str(file) not in line) <= 80
    assert outcome.stdout.rindex("PLAY RECAP") < outcome.stdout.rindex("\nReach: "), "the callback prints it last"
    assert "could not be read" not in outcome.text, "the table has it, once"
    text = " ".join(" ".join(lines).split())
    assert "sw-stack-brno v3 authPriv cisco_iosxe" in text
    assert "sw-nexus-brno v2c, attempt 2 cisco_nxos" in text
    assert "fw-wrong-password refused v3: the agent refused the SNMPv3 user" in text
    assert "sw-dead unreachable v3: no answer; v2c: no answer. Check that it is up" in text
    assert "sw-midtable incomplete not read completely: entPhysicalTable" in text
    rows = {row["host"]: row for row in json.loads(file.read_text())["hosts"]}
    assert rows.keys() == set(few.split(","))
    assert rows["sw-nexus-brno"]["attempt"] == {"number": 2, "version": "2c", "security_level": "noAuthNoPriv"}
    plan = night.sandbox.network.plan
    secrets = [plan.community, *(word for one in plan.accounts.values() for key, word in one.items() if "pass" in key)]
    assert [word for word in secrets if f'"{word}"' in file.read_text() or f" {word} " in outcome.text] == []
    assert night.probes() == []


def test_without_the_callback_it_is_printed_before_the_recap_and_nothing_is_kept(night: Night, tmp_path: Path) -> None:
    folder, file = tmp_path / "collected", tmp_path / "reach.json"
    more = ("-e", f"reach_file={file}", "-e", f"invmon_collected={folder}", "-e", f"record_to={folder}", "--check")
    kept = {"COLUMNS": "200", "INVMON_COLLECTED": str(folder), **NO_CALLBACK}
    outcome = run_playbook(PLAYBOOK, "-i", night.inventory, *FEW, *more, **kept)
    assert outcome.failed == {"sw-dead"}, outcome.text
    shown = outcome.stdout[outcome.stdout.index("\nReach: 3 devices") : outcome.stdout.index("PLAY RECAP")]
    assert "\n  sw-stack-brno  v3 authPriv" in shown
    assert not file.exists()
    assert not folder.exists()
    good = run_playbook(PLAYBOOK, "-i", night.inventory, "--limit", "sw-stack-brno", **kept)
    assert good.status == 0
    assert "Next, what would be written to NetBox" in good.stdout[: good.stdout.index("PLAY RECAP")]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run record: the nightly job leaves it for AWX, for the next node of a workflow, and in a file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook
from ansible_collections.invmon.network.tests.integration.runner import surroundings

GOOD = ("rtr-mx-ostrava", "sw-stack-brno", "sw-nexus-brno")
YAML_STATS = {"ANSIBLE_SHOW_CUSTOM_STATS": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
QUICK = ("-e", "snmp_timeout=1", "-e", "snmp_retries=1")
HOSTILE = "sw {{ 7*7 }} {% x"

NEXT_NODE = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "{{ invmon_run.state }}, {{ invmon_run.devices.asked }} asked, {{ invmon_run.not_whole.timeout.devices }}"
    - ansible.builtin.debug:
        msg: "of all slices: {{ records | map(attribute='batches') | list }}"
      vars:
        records: "{{ query('ansible.builtin.vars', *query('ansible.builtin.varnames', '^invmon_run_\\\\d+$')) }}"
"""


@contextmanager
def renamed(night: Night, name: str, other: str) -> Iterator[None]:
    number = night.netbox(f"dcim/devices/?name={name}")["results"][0]["id"]
    night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": other})
    try:
        yield
    finally:
        night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": name})


def job_of_awx(night: Night, folder: Path, cmdline: str) -> tuple[dict[str, Any], str]:
    """Run the nightly job in ansible-runner, as AWX does; returns the job's artifacts and its output."""
    tool = str(Path(sys.executable).with_name("ansible-runner"))
    playbook = str(ROOT / "playbooks" / "inventory.yml")
    command = [
        tool,
        "run",
        str(folder),
        "-p",
        playbook,
        "--inventory",
        night.inventory,
        "-i",
        "1",
        "--cmdline",
        cmdline,
    ]
    environment = surroundings(folder) | {"ANSIBLE_CALLBACKS_ENABLED": "invmon.network.progress", "TERM": "xterm"}
    subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    events = [json.loads(path.read_text()) for path in (folder / "artifacts" / "1" / "job_events").glob("*.json")]
    (stats,) = (event["event_data"] for event in events if event["event"] == "playbook_on_stats")
    return stats["artifact_data"], (folder / "artifacts" / "1" / "stdout").read_text()


def test_the_next_node_of_a_workflow_gets_what_all_batches_did(night: Night, tmp_path: Path) -> None:
    with renamed(night, "sw-dead", HOSTILE):
        limit = ",".join((*GOOD, "~sw .. 7.*"))
        extra = {"invmon_batch_size": 2, "snmp_timeout": 1, "snmp_retries": 1, "awx_job_id": 17}
        artifacts, output = job_of_awx(night, tmp_path, f"--limit '{limit}' -e '{json.dumps(extra)}'")
    # Ansible has a terminal there, at which nobody sits.
    assert "\n4 of 4 devices, 1 failed, " in output.replace("\r", "")
    assert not any(mark in output for mark in ("\u2501", "[====="))
    # The log ends with the summary of the run, once, after the last batch.
    said = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", output.rpartition("PLAY RECAP")[2]).split())
    assert "Inventory: 4 devices in " in said
    assert "3 complete, 1 unreachable. Read for the first time: " in said
    assert f"Needs attention {HOSTILE} unreachable " in said
    assert output.count("Inventory: ") == 1
    record = artifacts["invmon_run"]
    # The slices of one job share the first name.
    assert artifacts == {"invmon_run": record, "invmon_run_17": record}
    assert record["state"] == "attention"
    assert record["check_mode"] is False
    assert record["batches"] == 2
    assert record["devices"] == {
        "asked": 4, "written": 3, "partial": 0, "held": 0, "failed": 0, "not_collected": 1, "nothing_known": 0
    }  # fmt: skip
    assert record["awx"] == {"job_id": 17}
    assert record["seconds"]["collect"] > record["seconds"]["upload"] > 0
    assert record["parts"]["created"] == len(night.probes()) > 20
    # As AWX hands them on.
    (tmp_path / "extra.json").write_text(json.dumps(artifacts))
    (tmp_path / "next.yml").write_text(NEXT_NODE)
    shown = run_playbook(tmp_path / "next.yml", "-e", f"@{tmp_path / 'extra.json'}").text
    assert "attention, 4 asked, ['sw { { 7*7 }} { % x']" in shown, shown
    assert "of all slices: [2]" in shown, shown


def record_in_file(night: Night, path: Path, *arguments: str) -> dict[str, Any]:
    outcome = night.run(*QUICK, "-e", f"invmon_run_record={path}", *arguments, **YAML_STATS)
    assert outcome.status != 0
    assert "invmon_run:" in outcome.text
    return json.loads(path.read_text())


def test_a_failed_night_leaves_a_record_that_says_why(night: Night, tmp_path: Path) -> None:
    dead = record_in_file(night, tmp_path / "new" / "dead.json", "--limit", "sw-dead,fw-wrong-password")
    assert dead["state"] == "failed"
    assert {reason: group["devices"] for reason, group in dead["not_whole"].items()} == {
        "timeout": ["sw-dead"],
        "authentication": ["fw-wrong-password"],
    }
    night.standin("faults", {"kind": "502html", "times": -1, "match": {"path": "/plugins/inventory-monitor/|graphql"}})
    down = record_in_file(night, tmp_path / "down.json", "--limit", GOOD[0])
    assert down["state"] == "failed"
    assert down["devices"]["failed"] == 1
    assert "502" in down["not_whole"]["netbox"]["first"]
    night.standin("reset", {})
    wrong = record_in_file(night, tmp_path / "wrong.json", "--limit", GOOD[0], "-e", "netbox_url=nonsense", "--check")
    assert wrong["state"] == "failed"
    assert "url" in wrong["error"]
    assert wrong["devices"]["failed"] == wrong["devices"]["asked"] == 1


def test_a_dry_run_leaves_one_that_says_so_and_a_file_that_cannot_be_written_fails_nothing(
    night: Night, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    record = ("-e", f"invmon_run_record={tmp_path}/file/record.json")
    outcome = night.run("--limit", GOOD[0], "--check", *record, **YAML_STATS)
    assert outcome.status == 0, outcome.text
    assert "The run record cannot be written" in outcome.text
    stats = outcome.text.partition("CUSTOM STATS")[2]
    assert [word for word in ("check_mode: true", "state: ok", "written: 1") if word not in stats] == []
    assert night.probes() == []

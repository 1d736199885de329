# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`--tags upload` on what is in the folder of collections: good, old, and of another device."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import run_playbook

GOOD, OTHER, OLD, FIFO, BLOCKED = DEVICES = (
    *("rtr-mx-ostrava", "rtr-isr-brno", "sw-nexus-brno", "rtr-ncs-praha", "sw-stack-brno"),
)
LIMIT = ("--limit", ",".join(DEVICES))


def asked_by_hand(night: Night, folder: Path, tmp_path: Path) -> None:
    """The host OTHER, but the address of GOOD."""
    address = next(agent.address for agent in night.sandbox.network.plan.agents if agent.name == GOOD)
    task = {"invmon.network.snmp_entity_facts": {"host": address, "save_to": f"{folder}/"}}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": OTHER, "gather_facts": False, "tasks": [task]}]))
    outcome = run_playbook(tmp_path / "play.yml", "-i", night.inventory)
    assert outcome.status == 0, outcome.text


def aged(path: Path, hours: int) -> None:
    told = json.loads(path.read_text())
    then = datetime.now(UTC) - timedelta(hours=hours)
    path.write_text(json.dumps(told | {"collected_at": then.isoformat()}))


def test_each_bad_collection_fails_its_own_device_and_a_good_one_is_uploaded_once(night: Night, tmp_path: Path) -> None:
    folder = tmp_path / "collected"
    where = {"INVMON_COLLECTED": str(folder)}
    (folder / f"{BLOCKED}.json" / "x").mkdir(parents=True)

    dry = night.run("--limit", BLOCKED, "--check", **where)
    assert dry.status == 0, dry.text
    assert f"{BLOCKED}: What was collected would not be kept for a later upload" in dry.text.replace("\n", " ")
    collected = night.run(*LIMIT, "--tags", "collect", **where)
    assert collected.status == 0, collected.text
    assert f"{BLOCKED}: What was collected is not kept" in collected.text.replace("\n", " ")

    asked_by_hand(night, folder, tmp_path)
    aged(folder / f"{OLD}.json", 30)
    (folder / f"{FIFO}.json").unlink()
    os.mkfifo(folder / f"{FIFO}.json")

    uploaded = night.run(*LIMIT, "--tags", "upload", **where)
    assert uploaded.failed == {OTHER, OLD, FIFO, BLOCKED}, uploaded.text
    for words in ("not this device's: it was collected of address", "was collected 30 hours ago", "it is a FIFO"):
        assert words in uploaded.said
    assert {probe["device_descriptor"] for probe in night.probes()} == {GOOD}
    assert len(night.probes()) > 5

    again = night.run("--limit", f"{GOOD},{OLD}", "--tags", "upload", "-e", "upload_saved_max_age=48", **where)
    assert again.status == 0, again.text
    assert f"Uploaded before, and not read since: {GOOD}." in again.said
    assert {probe["device_descriptor"] for probe in night.probes()} == {GOOD, OLD}

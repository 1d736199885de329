# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook profile, and the command that it ends with."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook

#: of the sandbox: a router without ENTITY-MIB, and a device that does not answer
ROUTER, DEAD = "rtr-7705-ostrava", "sw-dead"


def test_a_device_becomes_a_draft_that_replay_reads_and_a_dead_one_fails_alone(night: Night, tmp_path: Path) -> None:
    outcome = run_playbook(
        *(ROOT / "playbooks" / "profile.yml", "-i", night.inventory, "-e", f"profile_to={tmp_path}"),
        *("--limit", f"{ROUTER},{DEAD}"),
    )
    assert outcome.failed == {DEAD}, outcome.text
    folder = tmp_path / ROUTER
    (draft,) = folder.glob("*.yml")
    assert {path.name for path in folder.iterdir()} == {draft.name, f"{ROUTER}.snmprec", f"{ROUTER}.expected.json"}
    assert re.search(rf"{ROUTER}: \d+ variables; \d+ requests", outcome.text)
    assert "Found: 7 serial numbers in 2 tables" in outcome.text

    command = outcome.text[outcome.text.index("ansible-playbook invmon.network.replay") :]
    words = shlex.split(command[: command.index("/records") + len("/records")].replace("\\\n", ""))
    assert words[1] == "invmon.network.replay"
    outcome = run_playbook(ROOT / "playbooks" / "replay.yml", *words[2:])
    assert outcome.status == 0, outcome.text
    records = json.loads((folder / "records" / f"{ROUTER}.json").read_text())
    assert len(records) == 7
    assert {record["source"] for record in records} <= {"table_3_1_2_2_1_8_1", "table_3_1_2_2_3_7_1"}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task for each device, and one for all: both see the same variables, wherever a user sets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ansible_collections
import pytest
import yaml
from ansible_collections.invmon.network.tests.recordings.build import recordings

pytestmark = pytest.mark.slow

COLLECTIONS = Path(next(iter(ansible_collections.__path__))).parent
RECORDING = str(recordings() / "accedian.snmprec")
#: What the variables name, each set in another place.
PLAY: dict[str, Any] = {
    "hosts": "all",
    "gather_facts": False,
    # Of the play, and by a template of a variable that only one host has.
    "vars": {"collect_dump": "{{ of_host | default('dump') }}"},
    "tasks": [
        {"ansible.builtin.set_fact": {"snmp_reject_serials": ["REJECTED"]}},
        {
            "vars": {"snmp_replay_from": RECORDING},
            "block": [
                {
                    "ansible.builtin.import_role": {
                        "name": "invmon.network.collect",
                        "tasks_from": "{{ 'batch' if all_at_once | bool else 'main' }}",
                    },
                    "vars": {"record_to": "records"},
                }
            ],
        },
    ],
}
INVENTORY: dict[str, Any] = {
    "all": {
        "hosts": {
            "r1": None,
            "r2": {"of_host": "dump2", "invmon_collected": "saved2"},
            # It cannot be kept below a file.
            "r3": {"of_host": "dump2", "invmon_collected": "play.yml"},
        }
    }
}


def written(folder: Path, all_at_once: bool) -> set[str]:
    """The files that a run of the play leaves."""
    folder.mkdir()
    (folder / "play.yml").write_text(yaml.safe_dump([PLAY]))
    (folder / "hosts.yml").write_text(yaml.safe_dump(INVENTORY))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_", "SNMP_", "INVMON_"))}
    clean |= {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "INVMON_COLLECTED": "default"}
    tool = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [tool, "-i", "hosts.yml", "play.yml", "-e", f"all_at_once={all_at_once}"]
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "r3: What was collected" in done.stderr, "the task runs on several hosts"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"play.yml", "hosts.yml"}


def test_the_variables_of_play_role_block_task_facts_and_host_reach_both_ways(tmp_path: Path) -> None:
    each = written(tmp_path / "each", False)
    batch = written(tmp_path / "batch", True)
    assert each == {
        *("default/r1.json", "saved2/r2.json", "dump/r1.json", "dump2/r2.json", "dump2/r3.json"),
        *("records/r1.snmprec", "records/r2.snmprec", "records/r3.snmprec"),
    }
    assert batch == each
    for name in ("default/r1.json", "saved2/r2.json"):
        kept = [json.loads((tmp_path / way / name).read_text()) for way in ("each", "batch")]
        assert kept[0]["items"] == kept[1]["items"] != []

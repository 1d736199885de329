# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: private data -> ansible-runner transmit | worker | process -> artifacts.

The controller sends all that a job needs to an execution node, which works in a folder of its own and sends back what
happened. Nothing else is shared between two jobs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AWX = ROOT / "docs" / "awx"
#: The wrapper of docs/awx.md: AWX offers only the playbooks of a project.
PLAYBOOK = "inventory.yml"
SECONDS = 120


@dataclass
class Job:
    """What AWX would give to the runner."""

    name: str
    inventory: dict[str, Any]  #: what AWX's inventory script prints
    environment: Mapping[str, str]  #: what the credentials inject
    extra_vars: Mapping[str, Any] = field(default_factory=dict)
    arguments: str = ""  #: what AWX makes of limit, tags, forks, job type and "show changes"
    playbook: str = PLAYBOOK


@dataclass
class Outcome:
    """What AWX would show."""

    status: str  #: successful, failed
    code: int
    text: str
    artifacts: dict[str, Any]  #: of set_stats


def run_jobs(folder: Path, *jobs: Job) -> dict[str, Outcome]:
    """Run the jobs at the same moment, each in folders of its own; their outcomes by name."""
    started = [(job, _start(folder / job.name, job)) for job in jobs]
    for job, processes in started:
        for process in processes:
            assert process.wait(SECONDS) is not None, job.name
    return {job.name: _outcome(folder / job.name / "controller" / "artifacts" / "1") for job in jobs}


def _start(folder: Path, job: Job) -> list[subprocess.Popen[bytes]]:
    """The three processes of one job, each reading what the one before it writes."""
    shutil.rmtree(folder, ignore_errors=True)
    controller, node = folder / "controller", folder / "node"
    _write_private_data(controller, job)
    node.mkdir()
    commands = [
        ["transmit", str(controller), "--ident", "1", "--playbook", job.playbook],
        ["worker", "--private-data-dir", str(node)],
        ["process", str(controller), "--ident", "1"],
    ]
    processes: list[subprocess.Popen[bytes]] = []
    for command in commands:
        source = processes[-1].stdout if processes else subprocess.DEVNULL
        with (folder / f"{command[0]}.log").open("wb") as log:
            last = command[0] == "process"
            processes.append(
                subprocess.Popen(
                    [str(Path(sys.executable).with_name("ansible-runner")), *command],
                    cwd=folder,
                    env=surroundings(node),
                    stdin=source,
                    stdout=log if last else subprocess.PIPE,
                    stderr=log,
                )
            )
        if processes[:-1] and processes[-2].stdout:
            processes[-2].stdout.close()
    return processes


def _write_private_data(folder: Path, job: Job) -> None:
    for name in ("project", "inventory", "env"):
        (folder / name).mkdir(parents=True)
    for path in (AWX / "project").iterdir():
        shutil.copy(path, folder / "project")
    script = folder / "inventory" / "hosts"
    script.write_text(f"#! /usr/bin/env python3\nprint({json.dumps(job.inventory)!r})\n")
    script.chmod(0o700)
    files = {"envvars": json.dumps(dict(job.environment)), "extravars": json.dumps(dict(job.extra_vars))}
    for name, content in files.items():
        (folder / "env" / name).write_text(content)
    if job.arguments:
        (folder / "env" / "cmdline").write_text(job.arguments)


def surroundings(home: Path) -> dict[str, str]:
    """The environment of an execution node: this Python's Ansible and the collection, nothing of the tester's."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_", "SNMP_", "INVMON_"))}
    return clean | {
        "PATH": f"{Path(sys.executable).parent}:{clean['PATH']}",
        "HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
    }


def _outcome(artifacts: Path) -> Outcome:
    events = [json.loads(path.read_text()) for path in (artifacts / "job_events").glob("*.json")]
    stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    return Outcome(
        status=(artifacts / "status").read_text(),
        code=int((artifacts / "rc").read_text()),
        text=re.sub(r"\x1b\[[0-9;]*m", "", (artifacts / "stdout").read_text()),
        artifacts=stats[0].get("artifact_data", {}) if stats else {},
    )

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the real ansible-playbook in the checkout; for the integration tests, and for the attacks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)

SAID = re.MULTILINE | re.DOTALL


@dataclass
class Outcome:
    """What a run of ansible-playbook showed."""

    status: int
    text: str  #: stdout, then stderr
    stdout: str = ""
    hosts: set[str] = field(default_factory=set)  #: devices, without localhost
    failed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def line(self, word: str) -> str:
        """The line that begins with `word` and a colon."""
        found = re.search(rf"^{word}: .*$", self.text, re.MULTILINE)
        assert found, f"no line begins with {word!r}:\n{self.text[-3000:]}"
        return found[0]

    @property
    def said(self) -> str:
        """The summary of the nightly job, as one line."""
        found = re.findall(r"^Inventory.*?^(?:.* )?NetBox: \d+ requests?\.(?:\nThis was .*? was\.)?$", self.text, SAID)
        assert found, f"it does not say what it came to:\n{self.text[-3000:]}"
        return " ".join(found[-1].split())


def run_playbook(playbook: str | Path, *arguments: str, **environment: str) -> Outcome:
    """Run ansible-playbook in the checkout, without any variable of the person who runs the tests."""
    result = subprocess.run(
        _command(playbook, *arguments),
        cwd=ROOT,
        env=ansible_environment() | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    outcome = Outcome(result.returncode, result.stdout + result.stderr, result.stdout)
    for host, _ok, changed, unreachable, failed in RECAP.findall(result.stdout):
        outcome.hosts |= {host} - {"localhost"}
        if int(failed) or int(unreachable):
            outcome.failed.add(host)
        if int(changed):
            outcome.changed.add(host)
    return outcome


def start_playbook(playbook: str | Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start it, for what happens to it while it runs; what it shows comes from its communicate()."""
    return subprocess.Popen(
        _command(playbook, *arguments),
        cwd=ROOT,
        env=ansible_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _command(playbook: str | Path, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook), *arguments]


def ansible_environment() -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_", "SNMP_", "INVMON_"))}
    return clean | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests" / "integration" / "connection_plugins"),
        "ANSIBLE_NOCOLOR": "1",
    }

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device reports that a module was replaced, and NetBox has it: by a real ansible-rulebook, with Java.

`make test-eda` builds its environment. Without that, or without Java, the test is skipped.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.module_examples import free_port
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, ansible_environment
from ansible_collections.invmon.network.tests.integration.trap_runs import (
    AUTH,
    COMMUNITY,
    DEVICE,
    NEW_SERIAL,
    PRIVACY,
    USER,
    Device,
    address_of,
    burst,
    serials,
    tools_are_missing,
    until,
)
from ansible_collections.invmon.network.tests.sandbox.sandbox import INVENTORY, Sandbox

TOOLS = ROOT / ".build" / "tools" / "eda" / "bin"


def why_not() -> str:
    if not (TOOLS / "ansible-rulebook").exists():
        return "ansible-rulebook is not installed: run make test-eda"
    if not shutil.which("java"):
        return "Java is not installed (bindep.txt: default-jre-headless)"
    return tools_are_missing()


@pytest.fixture
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield Night(sandbox)


def start(night: Night, folder: Path, port: int, log: Path) -> subprocess.Popen[str]:
    """ansible-rulebook copies the inventory, so that has to be a folder with its group_vars."""
    inventory = folder / "inventory"
    for name in ("group_vars", "host_vars"):
        shutil.copytree(night.sandbox.folder / name, inventory / name)
    shutil.copy(night.inventory, inventory / INVENTORY)
    variables = {
        "trap_inventory": str(inventory / INVENTORY),
        "trap_port": port,
        "trap_communities": [COMMUNITY],
        "trap_users": [USER],
        "trap_quiet_seconds": 2,
        "trap_counters_seconds": 2,
    }
    (folder / "vars.yml").write_text(yaml.safe_dump(variables))
    environment = {
        **ansible_environment(),
        "PATH": os.pathsep.join([str(TOOLS), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONUNBUFFERED": "1",
        "INVMON_COLLECTED": str(folder / "collected"),
    }
    command = ["ansible-rulebook", "--rulebook", "invmon.network.inventory_on_trap"]
    command += ["-i", str(inventory), "--vars", str(folder / "vars.yml"), "-v"]
    with log.open("w") as output:
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=output, stderr=output, text=True)


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_a_burst_of_notifications_is_one_run_for_that_device(night: Night, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    night.sandbox.network.apply_change()
    process = start(night, tmp_path, port, log)
    try:
        until(lambda: "Waiting for events" in log.read_text(), process, log)
        Device("127.0.0.1", port, tmp_path).inform("1.3.6.1.6.3.1.1.5.1", 0)
        burst(Device(address_of(night), port, tmp_path))
        until(lambda: "PLAY RECAP" in log.read_text(), process, log)
        until(lambda: NEW_SERIAL in serials(night), process, log)
        until(lambda: "'kind': 'counters'" in log.read_text(), process, log)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    finally:
        process.kill()
    text = log.read_text()
    assert text.count("PLAY RECAP") == 1
    assert f"Read for the first time: {DEVICE}" in text
    assert text.count("Notifications of 127.0.0.1 start nothing") == 1
    assert "uid=" not in text
    assert not [secret for secret in (COMMUNITY, AUTH, PRIVACY) if secret in text]

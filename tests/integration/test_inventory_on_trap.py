# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device reports that a module was replaced, and NetBox has it: by the service that needs neither EDA nor Java."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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

SERVICE = ROOT / "extensions" / "traps" / "inventory_on_trap.py"
BEGINS, ENDED = f"{DEVICE} has settled after 20 notifications", f"The inventory of {DEVICE} ended with exit status 0."


def start(config: Path, log: Path, collected: Path) -> subprocess.Popen[str]:
    environment = {**ansible_environment(), "INVMON_COLLECTED": str(collected)}
    with log.open("w") as output:
        return subprocess.Popen(
            [sys.executable, str(SERVICE), str(config)], env=environment, stdout=output, stderr=output, text=True
        )


@pytest.mark.skipif(bool(tools_are_missing()), reason=tools_are_missing())
def test_a_burst_of_notifications_is_one_run_for_that_device(night: Night, tmp_path: Path) -> None:
    port, log, config = free_port(), tmp_path / "log", tmp_path / "traps.yml"
    options = {"inventory": night.inventory, "port": port, "communities": [COMMUNITY], "users": [USER]}
    config.write_text(yaml.safe_dump(options | {"quiet_seconds": 1}))
    config.chmod(0o600)
    night.sandbox.network.apply_change()
    process = start(config, log, tmp_path / "collected")
    try:
        until(lambda: "Listening at" in log.read_text(), process, log)
        stranger = Device("127.0.0.1", port, tmp_path)
        for number in range(3):
            stranger.trap("1.3.6.1.6.3.1.1.5.1", number)
        burst(Device(address_of(night), port, tmp_path))
        until(lambda: ENDED in log.read_text(), process, log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        night.sandbox.network.undo_change()
    text = log.read_text()
    assert NEW_SERIAL in serials(night)
    assert text.count(BEGINS) == 1
    assert text.count("Notifications of 127.0.0.1 start nothing") == 1
    assert "Stopped. Since the start: datagrams 2" in text
    assert "uid=" not in text
    assert not [secret for secret in (COMMUNITY, AUTH, PRIVACY) if secret in text]


def test_a_file_of_credentials_that_others_may_read_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "traps.yml"
    config.write_text("communities: [secret-community]\n")
    os.chmod(config, 0o644)
    process = start(config, tmp_path / "log", tmp_path)
    assert process.wait(30) == 1
    assert "holds credentials and other users may read or write it: chmod 600 it." in (tmp_path / "log").read_text()

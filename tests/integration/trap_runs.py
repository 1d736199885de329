# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sends notifications as the devices of the sandbox do, by net-snmp's tools, for the tests of what they start."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night

FRU_INSERTED, FRU_REMOVED = "1.3.6.1.4.1.9.9.117.2.0.3", "1.3.6.1.4.1.9.9.117.2.0.4"
COMMUNITY, AUTH, PRIVACY = "trap-community", "trap-auth-secret", "trap-priv-secret"
USER = {
    "name": "core",
    "username": "traps",
    "auth_protocol": "SHA-256",
    "auth_passphrase": AUTH,
    "privacy_passphrase": PRIVACY,
}
_V3 = ["-v3", "-u", "traps", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIVACY]
#: The device of which apply_change() replaces an optic, and the serial number of the new one.
DEVICE, NEW_SERIAL = "sw-stack-brno", "AVD9311L0X9"
SECONDS = 60


class Device:
    """A device of the sandbox, as its notifications show it."""

    def __init__(self, address: str, port: int, folder: Path) -> None:
        self._head = ["-Ln", f"--clientaddr={address}", "-r", "2", "-t", "1"]
        self._receiver = f"127.0.0.1:{port}"
        self._environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder)}

    def trap(self, oid: str, number: int) -> None:
        self._send("snmptrap", ["-v2c", "-c", COMMUNITY], oid, number)

    def inform(self, oid: str, number: int) -> None:
        """Returns when it was answered; fails if it was not."""
        self._send("snmpinform", _V3, oid, number)

    def _send(self, tool: str, access: list[str], oid: str, number: int) -> None:
        variable = ["1.3.6.1.2.1.47.1.1.1.1.7.1", "s", f"{{{{ lookup('pipe', 'id') }}}} {number}"]
        command = [tool, *access, *self._head, self._receiver, "77", oid, *variable]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, done.stderr


def tools_are_missing() -> str:
    """Why nothing can be sent; empty if it can."""
    missing = [tool for tool in ("snmptrap", "snmpinform") if not shutil.which(tool)]
    return f"net-snmp's {' and '.join(missing)} are not installed here (bindep.txt)" if missing else ""


def address_of(night: Night) -> str:
    return next(agent.address for agent in night.sandbox.network.plan.agents if agent.name == DEVICE)


def until(what: Callable[[], bool], process: subprocess.Popen[str], log: Path) -> None:
    """Wait until something is so, as long as the process runs."""
    deadline = time.monotonic() + SECONDS
    while not what():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def burst(device: Device) -> None:
    """What a device sends of which a module was replaced: twenty notifications, the first one confirmed."""
    device.inform(FRU_REMOVED, 0)
    for number in range(1, 20):
        device.trap(FRU_INSERTED, number)


def serials(night: Night) -> set[str]:
    return {str(probe["serial"]) for probe in night.probes()}

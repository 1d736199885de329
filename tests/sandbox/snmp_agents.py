# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents of others with SNMPv3 users, on loopback, by IPv4 and IPv6: net-snmp's snmpd, and snmpsim (pysnmp)."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpError
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import open_session
from ansible_collections.invmon.network.tests.sandbox.processes import (
    StartError,
    last_lines,
    snmpsim_command,
    start_child,
    stop_child,
)

#: Seconds within which an agent answers, having made the keys of all users.
START_SECONDS = 20


class AgentProcess:
    """An agent in a process of its own, which never outlives ours. It answers to the community public as well."""

    def __init__(self, command: Sequence[str], port: int, environment: Mapping[str, str], folder: Path) -> None:
        self.port = port
        self._command, self._environment, self._folder = command, environment, folder

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        log = self._folder / "output"
        self._process = start_child(self._command, log, self._folder, self._environment)
        # Often asked: it answers as soon as it has made the keys of all users.
        options = read_options({"community": "public", "versions": ["2"], "port": self.port, "timeout": 0.05})
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with suppress(SnmpError):
                open_session("127.0.0.1", options).close()
                return
        self.stop()
        raise StartError(f"{self._command[0]} does not answer. It says:\n{last_lines(log)}")

    def stop(self) -> None:
        stop_child(self._process)

    def restart(self) -> None:
        """As a device that is switched off and on: it counts its boots, and its time begins again."""
        self.stop()
        self.start()


def net_snmp(folder: Path, lines: Iterable[str]) -> AgentProcess | None:
    """net-snmp's agent with these lines of configuration; None where it is not installed."""
    # `make venv` unpacks it into the environment where it is not installed.
    places = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", f"{sys.prefix}/snmpd/usr/sbin"]
    program = shutil.which("snmpd", path=os.pathsep.join(places))
    if not program:
        return None
    port = free_port()
    (folder / "agent.conf").write_text("\n".join([*lines, "rocommunity public", "rocommunity6 public"]) + "\n")
    command = [program, "-f", "-C", "-c", str(folder / "agent.conf"), "-Lf", str(folder / "log")]
    command += ["-p", str(folder / "pid"), f"udp:127.0.0.1:{port},udp6:[::1]:{port}"]
    return AgentProcess(command, port, {"SNMP_PERSISTENT_DIR": str(folder), "MIBS": ""}, folder)


def snmpsim(folder: Path, arguments: Iterable[str], recorded: str) -> AgentProcess:
    """snmpsim's agent with these arguments (--v3-user and the like); its context is "public"."""
    port = free_port()
    (folder / "data").mkdir()
    (folder / "data" / "public.snmprec").write_text(recorded)
    lines = ["--v3-engine-id=auto", *arguments, "--data-dir=data"]
    lines += [f"--agent-udpv4-endpoint=127.0.0.1:{port}", f"--agent-udpv6-endpoint=[::1]:{port}"]
    (folder / "arguments").write_text("\n".join(lines) + "\n")
    command = [*snmpsim_command(), "--log-level=error", "--cache-dir=cache"]
    return AgentProcess([*command, "--args-from-file=arguments"], port, {"SNMPSIM_ALLOW_ROOT": "true"}, folder)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

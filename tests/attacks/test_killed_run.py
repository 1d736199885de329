# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed: nothing of it goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT

#: Seconds in which a process must be gone; with what it waits for it would be there for minutes.
PATIENCE = 15
MARK = "INVMON_TEST_RUN"

COLLECT = """
- hosts: devices
  gather_facts: false
  tasks:
    - invmon.network.{module}:
      {run_once}
"""
UPLOAD = """
- hosts: localhost
  gather_facts: false
  tasks:
    - invmon.network.netbox_probe:
        url: http://127.0.0.1:{port}
        token: abc
        devices: [{{name: r1, device_id: 1, records: [], complete: true, collected_at: "2026-11-20T02:00:12Z"}}]
"""


@pytest.fixture
def silent() -> Iterator[tuple[int, int]]:
    """A device and a NetBox that take what comes and never answer: their ports."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as netbox,
    ):
        for one in (device, netbox):
            one.bind(("127.0.0.1", 0))
        netbox.listen(50)
        yield device.getsockname()[1], netbox.getsockname()[1]


def processes(mark: str) -> set[int]:
    """All processes of this run, by their environment."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
            if not ended and f"{MARK}={mark}".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
    return found


def wait_for(condition: object, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.mark.attack(
    "A run that is killed (kill -9)",
    tried="ansible-playbook killed while devices are asked in forks or in a batch, by easysnmp too, or NetBox is",
    came="its workers, which leave its process group, end with it, and so do the processes that they started",
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("case", ["forks", "batch", "upload"])
def test_nothing_of_a_killed_run_goes_on(case: str, silent: tuple[int, int], tmp_path: Path) -> None:
    device, netbox = silent
    playbooks = {
        "forks": COLLECT.format(module="snmp_entity_facts", run_once=""),
        "batch": COLLECT.format(module="snmp_entity_batch", run_once="run_once: true"),
        "upload": UPLOAD.format(port=netbox),
    }
    (tmp_path / "play.yml").write_text(playbooks[case], encoding="utf-8")
    hosts = [f"r{number} ansible_host=127.0.0.1" for number in range(4)]
    access = [
        *(f"snmp_port={device}", "snmp_timeout=60", "snmp_retries=5", "snmp_versions=[3,2]", "snmp_community=public"),
        *("snmp_username=nightly", "snmp_auth_passphrase=sandbox-auth", "snmp_security_level=authNoPriv"),
    ]
    (tmp_path / "hosts").write_text("\n".join(["[devices]", *hosts, "[devices:vars]", *access]), encoding="utf-8")
    mark = uuid.uuid4().hex
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SNMP_", "NETBOX_"))}
    environment = clean | {MARK: mark, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections")}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts", "play.yml"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as run:
        # The main process and a worker; of the devices' a process that asks as well.
        assert wait_for(lambda: len(processes(mark)) >= (2 if case == "upload" else 3), 60), run.communicate()[0]
        time.sleep(0.5)
        run.send_signal(signal.SIGKILL)
        run.wait()
        gone = wait_for(lambda: not processes(mark), PATIENCE)
        left = processes(mark)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    assert gone, left

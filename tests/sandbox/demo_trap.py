# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trap that starts an inventory, shown on the sandbox: an optic is replaced, its switch reports it, NetBox has it.

    python tests/run.py tests/sandbox/demo_trap.py

Exits with 0 only if one run read that switch and no other device, and NetBox has the new serial number.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import trap_message
from ansible_collections.invmon.network.tests.sandbox.demo import COLLECTIONS, heading
from ansible_collections.invmon.network.tests.sandbox.processes import StartError
from ansible_collections.invmon.network.tests.sandbox.sandbox import COLLECTED, INVENTORY, ROOT, Sandbox

SERVICE = ROOT / "extensions" / "traps" / "inventory_on_trap.py"
DEVICE, NEW_SERIAL = "sw-stack-brno", "AVD9311L0X9"
FRU_INSERTED = (1, 3, 6, 1, 4, 1, 9, 9, 117, 2, 0, 3)
PHYSICAL_NAME = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 7)
BURST, SECONDS = 50, 90


def report_change(sandbox: Sandbox, port: int) -> None:
    """What the switch sends: a burst, from its own address."""
    address = next(agent.address for agent in sandbox.network.plan.agents if agent.name == DEVICE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind((address, 0))
        for number in range(BURST):
            name = VarBind((*PHYSICAL_NAME, number + 1), "octets", b"TenGigabitEthernet1/1/%d" % number)
            found = Notification(oid=FRU_INSERTED, uptime=number, varbinds=(name,))
            message = trap_message(Community("2c", "public"), found, OwnEngine(own_engine_id(DEVICE)))
            sending.sendto(message, ("127.0.0.1", port))


def show(sandbox: Sandbox, folder: Path) -> list[str]:
    """Run the service until its run has ended; its lines, which are shown as they come."""
    config = folder / "traps.yml"
    options = {"inventory": str(sandbox.folder / INVENTORY), "communities": ["public"], "port": 0, "quiet_seconds": 2}
    config.write_text(yaml.safe_dump(options))
    config.chmod(0o600)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NETBOX_", "SNMP_", "INVMON_"))}
    environment = clean | {
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "INVMON_COLLECTED": str(sandbox.folder / COLLECTED),
    }
    print(f"$ python {SERVICE.relative_to(ROOT)} traps.yml\n", flush=True)
    command = [sys.executable, str(SERVICE), str(config)]
    lines: list[str] = []
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as service:
        signal.alarm(SECONDS)
        for line in service.stdout or ():
            print(f"  {line}", end="", flush=True)
            lines.append(line)
            if found := re.match(r"Listening at \S+ port (\d+)", line):
                report_change(sandbox, int(found[1]))
                print(f"  ({DEVICE} sent {BURST} times cefcFRUInserted)", flush=True)
            if "ended with exit status" in line:
                service.send_signal(signal.SIGTERM)
    signal.alarm(0)
    return lines


def main() -> int:
    heading("The sandbox: a simulated network and a NetBox stand-in")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as sandbox:
        done = sandbox.network.apply_change()
        print(f"At {DEVICE}: {done[DEVICE]}.")
        heading("The service that listens for traps")
        lines = show(sandbox, Path(name))
        stored = NEW_SERIAL in probes(sandbox)
    runs = sum(line.startswith(f"{DEVICE} has settled") for line in lines)
    read = {line.split()[0] for line in lines if re.match(r"\S+\s+: ok=", line)}
    right = stored and runs == 1 and read == {DEVICE}
    print(f"\n{BURST} traps, {runs} run, read: {', '.join(sorted(read))}; NetBox has {NEW_SERIAL}: {stored}.")
    print(f"{time.monotonic() - began:.0f} s. {'The demo did what it should.' if right else 'The demo FAILED.'}")
    return 0 if right else 1


def probes(sandbox: Sandbox) -> str:
    """The rows in NetBox, as JSON."""
    url = f"{sandbox.netbox_url}/api/plugins/inventory-monitor/probes/?limit=1000"
    request = urllib.request.Request(url, headers={"Authorization": f"Token {sandbox.admin_token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read(), "utf-8")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"demo: {error}")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox: a simulated network, a NetBox stand-in, and the files with which a playbook finds both.

    python tests/run.py tests/sandbox/sandbox.py run [DIR]      # in the foreground, until Ctrl-C
    python tests/run.py tests/sandbox/sandbox.py start [DIR]    # in the background
    python tests/run.py tests/sandbox/sandbox.py status [DIR]
    python tests/run.py tests/sandbox/sandbox.py change [DIR]   # replace an optic, pull a card
    python tests/run.py tests/sandbox/sandbox.py stop [DIR]

DIR (.sandbox) gets: sandbox.netbox_devices.yml (the inventory), sandbox.env (NetBox and SNMP, as the older tool's
users have them), group_vars and host_vars, state.json (ports and process ids), and the logs. Everything listens on
loopback addresses and on ports that were free, so that two sandboxes can run side by side in two folders.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.tests.sandbox.network import HERE, START_SECONDS, Network, Plan
from ansible_collections.invmon.network.tests.sandbox.processes import (
    StartError,
    last_lines,
    script,
    start_child,
    stop_child,
)
from ansible_collections.invmon.network.tests.sandbox.seed import (
    NEW_DEVICES,
    NIGHTLY,
    TAG,
    TAG_DISCOVER,
    TAG_EXCLUDED,
    make_seed,
)

ROOT = HERE.parents[1]
DEFAULT_FOLDER = ROOT / ".sandbox"
STATE = "state.json"
INVENTORY = "sandbox.netbox_devices.yml"
COLLECTED = "collected"
STOP_SECONDS = 15


@dataclass
class State:
    """What a running sandbox says about itself, in state.json."""

    pid: int  #: of the process that keeps everything up
    netbox_url: str
    snmp_port: int
    children: list[int]


class Sandbox:
    """A sandbox within this process, in `folder`. A context manager."""

    def __init__(self, folder: Path, twins: bool = False) -> None:
        self.folder = folder.resolve()
        self.twins = twins
        self.network = Network(self.folder)
        self.netbox_url = ""
        self.token = secrets.token_hex(20)
        self.admin_token = secrets.token_hex(20)
        self.nightly_token = secrets.token_hex(20)
        self._standin: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up, in an empty folder; StartError says what did not."""
        running = read_state(self.folder)
        if running:
            raise StartError(f"a sandbox is running in {self.folder} already (process {running.pid}); stop it first")
        empty_folder(self.folder)
        try:
            self.network.start()
            self._start_standin()
            self._write_files(self.network.plan)
            children = [*self.network.pids, self._standin.pid] if self._standin else []
            state = State(os.getpid(), self.netbox_url, self.network.port, children)
            write_private(self.folder / STATE, json.dumps(asdict(state), indent=1))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._standin:
            stop_child(self._standin)
            self._standin = None
        self.network.stop()
        (self.folder / STATE).unlink(missing_ok=True)

    def check(self) -> None:
        """StartError if a part has died."""
        for child in [*self.network.children, *([self._standin] if self._standin else [])]:
            if child.poll() is not None:
                raise StartError(f"a part of the sandbox has ended by itself; see the logs in {self.folder}")

    def _start_standin(self) -> None:
        seed, port_file, log = (self.folder / name for name in ("seed.json", "netbox.port", "netbox.log"))
        content = make_seed(self.network.plan, self.token, self.twins)
        # The token of sandbox.env may do no more than the README's playbooks need; tests also have one that may do
        # all, and one that may do what the nightly job needs and no more.
        content["tokens"].append({"token": self.admin_token, "user": "admin", "superuser": True})
        nightly = {"user": "nightly", "write_enabled": True, "permissions": NIGHTLY}
        content["tokens"].append({"token": self.nightly_token, **nightly})
        write_private(seed, json.dumps(content, indent=1, ensure_ascii=False))
        command = [
            *script(HERE / "netbox" / "server.py"),
            *("--port", "0"),
            *("--db", str(self.folder / "netbox.db"), "--seed", str(seed), "--port-file", str(port_file)),
        ]
        self._standin = start_child(command, log, self.folder)
        deadline = time.monotonic() + START_SECONDS
        while not port_file.exists():
            if self._standin.poll() is not None or time.monotonic() > deadline:
                raise StartError(f"the NetBox stand-in did not start. It says:\n{last_lines(log)}")
            time.sleep(0.05)
        self.netbox_url = f"http://127.0.0.1:{int(port_file.read_text())}"

    def _write_files(self, plan: Plan) -> None:
        write_private(self.folder / "sandbox.env", environment_file(plan, self.netbox_url, self.token))
        inventory = {
            "plugin": "invmon.network.netbox_devices",
            "env_file": str(self.folder / "sandbox.env"),
            "keyed_groups": [
                {"key": "netbox_site.slug", "prefix": "site"},
                {"key": "netbox_role.slug", "prefix": "role"},
            ],
        }
        write_yaml(self.folder / INVENTORY, inventory)
        everywhere = {
            "invmon_env_file": str(self.folder / "sandbox.env"),
            "snmp_port": self.network.port,
            # Discovery: on loopback all addresses answer a ping, so that only services and agents show a host.
            "snmp_networks": ["127.10.0.0/23", "::1/128"],
            "discover_netbox_prefixes": {"tag": TAG_DISCOVER},
            "discover_sources": ["tcp", "snmp"],
            "discover_tcp_ports": [self.network.port],
            "discover_device_tags": [TAG],
            "discover_device_status": "active",
            "discover_device_role": "access",
            "discover_device_type": NEW_DEVICES,
        }
        write_yaml(self.folder / "group_vars" / "all.yml", everywhere)
        default = next(iter(plan.accounts))
        for agent in plan.agents:
            if agent.account not in ("", default):
                account = plan.accounts[agent.account]
                write_yaml(
                    self.folder / "host_vars" / f"{agent.name}.yml", {f"snmp_{k}": v for k, v in account.items()}
                )


def environment_file(plan: Plan, url: str, token: str) -> str:
    """A .env file by the names of inventory-monitor-scripts."""
    account = next(iter(plan.accounts.values()))
    values = {
        "NETBOX_INSTANCE_URL": url,
        "NETBOX_API_TOKEN": token,
        "NETBOX_TAGS": TAG,
        "NETBOX_TAGS__N": TAG_EXCLUDED,
        "SNMP_VERSION": "3,2",
        "SNMP_COMMUNITY": plan.community,
        "SNMP_USER": account["username"],
        "SNMP_SECURITY": account["security_level"],
        "SNMP_AUTH_METHOD": account["auth_protocol"],
        "SNMP_AUTH": account["auth_passphrase"],
        "SNMP_PRIVACY_METHOD": account["privacy_protocol"],
        "SNMP_PRIVACY": account["privacy_passphrase"],
        "SNMP_TIMEOUT": "1",
        "SNMP_RETRIES": "1",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def empty_folder(folder: Path) -> None:
    """Remove what a former sandbox left, and nothing else: a folder that was none is refused."""
    known = (
        not folder.exists()
        or not any(folder.iterdir())
        or (folder / "seed.json").exists()
        or (folder / "agents").exists()
    )
    if not known:
        raise StartError(f"{folder} holds other files; choose an empty folder for the sandbox")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def write_private(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def write_yaml(path: Path, content: Any) -> None:
    write_private(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def read_state(folder: Path) -> State | None:
    """The state of the sandbox that runs in `folder`, or None. What a crash left behind counts as none."""
    try:
        state = State(**json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return state if is_sandbox_process(state.pid) else None


def is_sandbox_process(pid: int) -> bool:
    """Does this process run one of our programs? A number alone may belong to somebody else by now."""
    if pid == os.getpid():
        return True
    return any(name in command_of(pid) for name in ("sandbox.py", "demo.py", "pytest"))


def command_of(pid: int) -> str:
    """The command line of a process, or nothing if there is none of that number."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return ""
    listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listing.stdout


def commands(folder: Path) -> str:
    """What to type to play."""
    place = os.path.relpath(folder)
    if place.startswith(".."):
        place = str(folder)
    play = f"ansible-playbook -i {place}/{INVENTORY} playbooks/inventory.yml"
    return f"""
  export ANSIBLE_COLLECTIONS_PATH={ROOT / ".build" / "collections"} PATH={Path(sys.executable).parent}:$PATH
  export INVMON_COLLECTED={folder / COLLECTED}

  ansible-inventory -i {place}/{INVENTORY} --graph
  {play} --check --diff
  {play} --diff
  {play} --diff --limit sw-stack-brno
  python tests/run.py tests/sandbox/sandbox.py change {place}      # replaces an optic, pulls a card
  {play} --diff
  ansible-playbook -i {place}/{INVENTORY} playbooks/reach.yml
  ansible-playbook -i {place}/{INVENTORY} playbooks/discover.yml --check --diff
  ansible-playbook -i {place}/{INVENTORY} playbooks/hygiene.yml --check --diff
"""


def run(folder: Path, quiet: bool, twins: bool) -> int:
    """Keep a sandbox up in the foreground, until Ctrl-C or SIGTERM."""
    # SIGINT too: a shell has those that it starts in the background ignore it.
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), Sandbox(folder, twins) as sandbox:
        network = sandbox.network
        print(f"{len(network.plan.agents)} SNMP agents on UDP port {network.port}, NetBox at {sandbox.netbox_url}")
        if not quiet:
            bad = ", ".join(sorted(agent.name for agent in network.plan.agents if agent.fault))
            print(f"Bad ones, which must fail alone (so that the exit status is 2): {bad}")
            print(
                f"\nTo type in another terminal, in {ROOT}:\n{commands(folder)}\nCtrl-C ends the sandbox.", flush=True
            )
        while True:
            time.sleep(1)
            sandbox.check()
    return 0


def start(folder: Path, twins: bool) -> int:
    """Start `run` in a session of its own, and wait until it is up."""
    running = read_state(folder)
    if running:
        raise StartError(f"a sandbox is running in {folder} already (process {running.pid})")
    command = [*script(Path(__file__)), "run", str(folder), "--quiet", *(["--twins"] if twins else [])]
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        deadline = time.monotonic() + 2 * START_SECONDS
        while not (state := read_state(folder)):
            if child.poll() is not None or time.monotonic() > deadline:
                stop_child(child)
                output.seek(0)
                raise StartError(f"the sandbox did not start:\n{output.read().decode(errors='replace')}")
            time.sleep(0.1)
    print(f"Up: SNMP on UDP port {state.snmp_port}, NetBox at {state.netbox_url}\n{commands(folder)}")
    return 0


def stop(folder: Path) -> int:
    state = read_state(folder)
    if not state:
        print(f"No sandbox runs in {folder}.")
        return 0
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while read_state(folder):
        if time.monotonic() > deadline:
            raise StartError(f"process {state.pid} does not end; its children are {state.children}")
        time.sleep(0.1)
    print("Stopped.")
    return 0


def status(folder: Path) -> int:
    state = read_state(folder)
    if not state:
        print(f"No sandbox runs in {folder}.")
        return 1
    print(f"Process {state.pid}: SNMP on UDP port {state.snmp_port}, NetBox at {state.netbox_url}")
    return 0


def change(folder: Path) -> int:
    """Change the network of a running sandbox, of this process or of another."""
    if not read_state(folder):
        raise StartError(f"no sandbox runs in {folder}; start one first")
    for device, what in Network(folder).apply_change().items():
        print(f"{device}: {what}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="A simulated network and a NetBox stand-in.")
    parser.add_argument("action", choices=["run", "start", "stop", "status", "change"])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--quiet", action="store_true", help="run: print no commands")
    parser.add_argument("--twins", action="store_true", help="run, start: NetBox has two devices with one address")
    options = parser.parse_args()
    folder = options.folder.resolve()
    actions = {
        "run": lambda: run(folder, options.quiet, options.twins),
        "start": lambda: start(folder, options.twins),
        "stop": lambda: stop(folder),
        "status": lambda: status(folder),
        "change": lambda: change(folder),
    }
    return actions[options.action]()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"sandbox: {error}")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox network: the agents of network.yml, served by snmpsim on loopback addresses and one unprivileged port.

Each agent is an SNMP engine of its own with its own data folder: `public.snmprec` answers SNMPv2c with that community,
`self.snmprec` answers SNMPv3 in the default context. Two snmpsim processes share the agents.

snmpsim looks at the time of a data file with each request, so a changed file is a changed device: see apply_change().
"""

from __future__ import annotations

import bz2
import importlib.util
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.misbehaving import BannerService, MidTableAgent, SilentAgent
from ansible_collections.invmon.network.tests.sandbox.processes import (
    StartError,
    last_lines,
    snmpsim_command,
    start_child,
    stop_child,
)

HERE = Path(__file__).resolve().parent
PREFERRED_PORT = 1161
PROCESSES = 2
START_SECONDS = 60

#: What is served of a real recording. The whole walks hold up to 650,000 lines, which snmpsim indexes for minutes.
SERVED = tuple(
    f"1.3.6.1.{subtree}.".encode()
    for subtree in (
        "2.1.1",  # system
        "2.1.2.2.1.1",  # ifIndex, ifDescr, ifName, ifAlias
        "2.1.2.2.1.2",
        "2.1.31.1.1.1.1",
        "2.1.31.1.1.1.18",
        "2.1.47",  # ENTITY-MIB
        "4.1.9.3.6",  # OLD-CISCO-CHASSIS-MIB
        "4.1.9.5.1.2",  # CISCO-STACK-MIB: chassis, modules
        "4.1.9.5.1.3",
        "4.1.9.9.92",  # CISCO-ENTITY-ASSET-MIB
        "4.1.9.9.500",  # CISCO-STACKWISE-MIB
        "4.1.2636.3.1.2",  # JUNIPER-MIB: description and serial of the box, containers, contents, FRUs
        "4.1.2636.3.1.3",
        "4.1.2636.3.1.4",
        "4.1.2636.3.1.6",
        "4.1.2636.3.1.8",
        "4.1.2636.3.1.15",
        "4.1.2636.3.40.1.4",  # JUNIPER-VIRTUALCHASSIS-MIB
        "4.1.2011.5.25.31.1.1.2",  # HUAWEI-ENTITY-EXTENT-MIB: boards, optics
        "4.1.2011.5.25.31.1.1.3",
        "4.1.25506.2.6.1.2",  # HH3C-ENTITY-EXT-MIB: manufacturing data
        "4.1.25506.2.70",  # HH3C-TRANSCEIVER-INFO-MIB
    )
)

#: The row of sysName in a recording.
SYS_NAME = re.compile(rb"^1\.3\.6\.1\.2\.1\.1\.5\.0\|.*$", re.MULTILINE)

#: Where sw-midtable falls silent: entPhysicalSerialNum of a transceiver in the middle of its table.
MIDTABLE_OID = "1.3.6.1.2.1.47.1.1.1.1.11.100323100"

#: An SNMPv3 discovery (RFC 3414, section 4): any agent answers it, whatever users and communities it knows.
DISCOVERY = bytes.fromhex(
    "303c020103"  # SNMPv3
    "3011020418e1d05b020300ffe3040104020103"  # message id, size, reportable, USM
    "0410300e0400020100020100040004000400"  # no engine id, boots, time, user, keys
    "301204000400a00c020218e10201000201003000"  # an empty GET
)


@dataclass
class Agent:
    """One line of network.yml, and the rest of it unchanged."""

    name: str
    address: str = ""
    box: str = ""
    account: str = ""
    fault: str = ""
    banner: str = ""  #: of a TCP service at its address
    netbox: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Where its data lie, below agents/: ASCII, without characters that snmpsim's arguments cannot hold."""
        return re.sub(r"[^a-z0-9-]", "_", self.name.lower())

    @property
    def served_at(self) -> str:
        """The address that snmpsim serves it at: one further if a misbehaving agent stands before it."""
        return self.address.replace("127.10.0.", "127.10.1.") if self.fault == "midtable" else self.address

    @property
    def data_file(self) -> str:
        return f"agents/{self.folder}/{'self' if self.account else 'public'}.snmprec"


@dataclass
class Plan:
    """network.yml, read."""

    community: str
    accounts: dict[str, dict[str, str]]
    sites: list[dict[str, Any]]
    agents: list[Agent]
    others: list[Agent]
    strangers: list[Agent] = field(default_factory=list)
    prefixes: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def banners(self) -> dict[str, str]:
        """The TCP services: address -> banner."""
        found = {agent.address: agent.banner for agent in self.strangers if agent.banner}
        return found | {row["address"].partition("/")[0]: row["banner"] for row in self.addresses if "banner" in row}


def read_plan(path: Path = HERE / "network.yml") -> Plan:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))

    def agent(row: dict[str, Any]) -> Agent:
        own = {key: row.pop(key) for key in ("name", "address", "box", "account", "fault", "banner") if key in row}
        return Agent(**own, netbox=row)

    return Plan(
        community=data["community"],
        accounts=data["accounts"],
        sites=data["sites"],
        agents=[agent(row) for row in data["agents"]],
        others=[agent(row) for row in data["others"]],
        strangers=[agent(row) for row in data["strangers"]],
        prefixes=data["prefixes"],
        addresses=data["addresses"],
    )


def box_data(box: str) -> bytes:
    """The recording of a box, as snmpsim reads it."""
    kind, _slash, name = box.partition("/")
    if kind == "recordings":
        return (recordings() / f"{name}.snmprec").read_bytes()
    package = importlib.util.find_spec("snmpsim_data")
    if package is None or package.origin is None:
        raise StartError("the Python package snmpsim-data is not installed: run `make venv`")
    whole = bz2.decompress((Path(package.origin).parent / "data" / f"{name}.snmprec.bz2").read_bytes())
    return b"".join(line for line in whole.splitlines(keepends=True) if line.startswith(SERVED))


class Network:
    """The running network. start() and stop() it, or use it as a context manager."""

    def __init__(self, folder: Path, plan: Plan | None = None) -> None:
        self.folder = folder.resolve()
        self.plan = plan or read_plan()
        self.port = 0
        self.children: list[subprocess.Popen[bytes]] = []  #: the snmpsim processes
        self._unchanged: list[tuple[Agent, bytes]] = []  #: what agents served before they were changed
        self._misbehaving: list[SilentAgent | MidTableAgent | BannerService] = []

    @property
    def pids(self) -> list[int]:
        return [child.pid for child in self.children]

    @property
    def served(self) -> list[Agent]:
        """The agents that snmpsim serves."""
        return [agent for agent in (*self.plan.agents, *self.plan.others, *self.plan.strangers) if agent.box]

    def start(self) -> None:
        """Bring all agents up; StartError if one does not answer in time."""
        try:
            for agent in self.served:
                path = self.folder / agent.data_file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(named(box_data(agent.box), agent.name))
            (self.folder / "cache").mkdir(exist_ok=True)
            self._claim_port()
            for number in range(PROCESSES):
                self.children.append(self._start_process(number, self.served[number::PROCESSES]))
            self._start_misbehaving()
            self._await_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for child in self.children:
            stop_child(child)
        for agent in self._misbehaving:
            agent.close()
        self.children, self._misbehaving = [], []

    def __enter__(self) -> Network:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _claim_port(self) -> None:
        """Choose a port that is free on all our addresses. The silent agent holds it from now on, for us alone."""
        silent = next(agent for agent in self.plan.agents if agent.fault == "silent")
        for port in candidate_ports():
            try:
                claim = SilentAgent((silent.address, port))
            except OSError:
                continue
            if all(is_free(agent.served_at, port) for agent in self.served) and self._start_services(port):
                self.port = port
                self._misbehaving.append(claim)
                return
            claim.close()
        raise StartError("no UDP port is free on all addresses of the sandbox network (127.10.0.0/23 and ::1)")

    def _start_services(self, port: int) -> bool:
        """The TCP services on this port; False if it is not free for one of them."""
        started: list[BannerService] = []
        try:
            for address, banner in self.plan.banners.items():
                started.append(BannerService((address, port), banner))
        except OSError:
            for service in started:
                service.close()
            return False
        self._misbehaving += started
        return True

    def _start_process(self, number: int, agents: Iterable[Agent]) -> subprocess.Popen[bytes]:
        arguments = self.folder / f"snmpsim-{number}.args"
        arguments.write_text("\n".join(self._arguments(agents)) + "\n", encoding="ascii")
        arguments.chmod(0o600)
        command = [
            *(*snmpsim_command(), "--log-level=error"),
            *("--cache-dir=cache", f"--args-from-file={arguments.name}"),
        ]
        # snmpsim refuses to run as root otherwise; containers and CI often are root.
        return start_child(command, self._log(number), self.folder, {"SNMPSIM_ALLOW_ROOT": "true"})

    def _log(self, number: int) -> Path:
        return self.folder / f"snmpsim-{number}.log"

    def _arguments(self, agents: Iterable[Agent]) -> Iterator[str]:
        """One SNMP engine for each agent."""
        for agent in agents:
            family = "udpv6" if ":" in agent.served_at else "udpv4"
            yield "--v3-engine-id=auto"
            yield from account_arguments(self.plan.accounts.get(agent.account, {}), spoilt=agent.fault == "password")
            yield f"--data-dir=agents/{agent.folder}"
            yield f"--agent-{family}-endpoint={endpoint(agent.served_at, self.port)}"

    def _start_misbehaving(self) -> None:
        for agent in self.plan.agents:
            if agent.fault == "midtable":
                front, behind = (agent.address, self.port), (agent.served_at, self.port)
                self._misbehaving.append(MidTableAgent(front, behind, MIDTABLE_OID))

    def _await_answers(self) -> None:
        waiting = {agent.name: agent for agent in self.served}
        deadline = time.monotonic() + START_SECONDS
        while waiting and time.monotonic() < deadline:
            if any(child.poll() is not None for child in self.children):
                break
            waiting = {name: agent for name, agent in waiting.items() if not answers(agent.address, self.port)}
        if waiting:
            logs = "\n".join(last_lines(self._log(number)) for number in range(PROCESSES))
            raise StartError(f"these agents do not answer: {', '.join(waiting)}. snmpsim says:\n{logs}")

    def apply_change(self) -> dict[str, str]:
        """One optic of the stack is replaced, and one MDA of the 7750 is pulled with the optics in it.

        Returns what was done, in words, by device. The agents serve it with their next answer.
        """
        agents = {agent.name: agent for agent in self.served}
        optic = {b"AVD9301L0X1": b"AVD9311L0X9"}
        self._edit(agents["sw-stack-brno"], lambda data: replace_serials(data, optic))
        self._edit(agents["rtr-7750-ostrava"], lambda data: without_rows(data, PULLED_ROWS))
        return {
            "sw-stack-brno": "the optic AVD9301L0X1 in TenGigabitEthernet1/1/1 was replaced by AVD9311L0X9",
            "rtr-7750-ostrava": "MDA 2/1 was pulled, with the optics in it",
        }

    def undo_change(self) -> None:
        """The optic and the card are as they were."""
        unchanged, self._unchanged = self._unchanged, []
        for agent, data in unchanged:
            self._edit(agent, partial(_instead, data))
        self._unchanged = []

    def _edit(self, agent: Agent, change: Callable[[bytes], bytes]) -> None:
        """Change what an agent serves, in one step, and so that snmpsim cannot miss it.

        It compares whole seconds, with the time of its index, which a busy machine builds late.
        """
        path = self.folder / agent.data_file
        before, data = path.stat().st_mtime, path.read_bytes()
        changed = change(data)
        if changed == data:
            raise StartError(f"nothing is left to change in {agent.name}: it was changed already")
        self._unchanged.append((agent, data))
        new = path.with_suffix(".new")
        new.write_bytes(changed)
        later = max(before, time.time()) + 2
        os.utime(new, (later, later))
        os.replace(new, path)


#: The rows that vanish with MDA 2/1 of the 7750: its hardware row (tmnxHwTable), and its ports (tmnxPortTable).
PULLED_ROWS = re.compile(
    rb"1\.3\.6\.1\.4\.1\.6527\.3\.1\.2\.2\.(1\.8\.1\.\d+\.1\.184549889|4\.2\.1\.\d+\.1\.(69238784|69271552|69304320))\|"
)


def _instead(data: bytes, _changed: bytes) -> bytes:
    return data


def replace_serials(data: bytes, new: dict[bytes, bytes]) -> bytes:
    """The recording with other serials of the same length, whether they stand in it as text or as hexadecimal."""
    for old, serial in new.items():
        data = data.replace(old, serial).replace(old.hex().encode(), serial.hex().encode())
    return data


def without_rows(data: bytes, rows: re.Pattern[bytes]) -> bytes:
    return b"".join(line for line in data.splitlines(keepends=True) if not rows.match(line))


def account_arguments(account: dict[str, str], spoilt: bool) -> Iterator[str]:
    """snmpsim's words for a v3 user; `spoilt` gives the agent another passphrase than the one that we hand out."""
    words = {
        "username": "--v3-user",
        "auth_passphrase": "--v3-auth-key",
        "auth_protocol": "--v3-auth-proto",
        "privacy_passphrase": "--v3-priv-key",
        "privacy_protocol": "--v3-priv-proto",
    }
    for key, option in words.items():
        if key in account:
            value = account[key]
            if key.endswith("protocol"):
                value = value.replace("-", "")
            elif spoilt and key == "auth_passphrase":
                value += "-another"
            yield f"{option}={value}"


def named(data: bytes, name: str) -> bytes:
    """The recording with this sysName, so that an agent and NetBox agree on it."""
    return SYS_NAME.sub(b"1.3.6.1.2.1.1.5.0|4x|" + name.encode().hex().encode(), data)


def endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def udp_socket(address: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)


def candidate_ports() -> Iterator[int]:
    """The preferred port first, then such as the system says are free."""
    yield PREFERRED_PORT
    for _attempt in range(50):
        with udp_socket("127.0.0.1") as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        yield port


def is_free(address: str, port: int) -> bool:
    with udp_socket(address) as attempt:
        try:
            attempt.bind((address, port))
        except OSError:
            return False
    return True


def answers(address: str, port: int, timeout: float = 0.5) -> bool:
    """Does an SNMP agent answer there?"""
    with udp_socket(address) as asker:
        asker.settimeout(timeout)
        try:
            asker.connect((address, port))
            asker.send(DISCOVERY)
            return bool(asker.recv(65535))
        except OSError:
            return False

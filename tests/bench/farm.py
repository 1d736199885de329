# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of a bench, and the farm of agents that plays them on addresses of 127.20.0.0/16."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.tests.bench.measure import cpu_of, tree
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.processes import StartError, last_lines, script, start_child

HERE = Path(__file__).resolve().parent
OWN_FARM = HERE / "agents.py"
RECORDINGS = recordings()
FIRST_ADDRESS = ipaddress.IPv4Address("127.20.0.1")
COMMUNITY = "public"
PORTS = range(1261, 1300)
START_SECONDS = 60

#: Boxes that the older tool reads too (Cisco, Junos, SR OS): name of the recording, platform in NetBox.
WALKS = (
    ("ios-stack", "ios"),
    ("iosxe-svl", "ios-xe"),
    ("iosxr", "ios-xr"),
    ("junos-evo", "junos"),
    ("junos-qfx", "junos"),
    ("nxos", "nx-os"),
    ("sros-7705", "sros"),
    ("sros-7750", "sros"),
)
#: The same of our own recordings, for who has no others.
OWN = (
    ("iosxe-stack", "ios-xe"),
    ("isr4k", "ios-xe"),
    ("iosxr", "ios-xr"),
    ("iosxr-classic", "ios-xr"),
    ("junos-evo", "junos"),
    ("junos-mx", "junos"),
    ("nxos", "nx-os"),
    ("sros-7705", "sros"),
    ("sros-7750", "sros"),
)


@dataclass(frozen=True)
class Device:
    """One device, as NetBox and the farm know it."""

    name: str
    address: str
    box: str  #: the recording that it is played from
    platform: str
    fault: str = ""


def make_devices(size: int, boxes: tuple[tuple[str, str], ...], dead: float = 0.0, fault: str = "dead") -> list[Device]:
    """`size` devices that take the boxes in turn; `dead` is the share of them with the fault, spread evenly."""
    devices = []
    for number in range(size):
        box, platform = boxes[number % len(boxes)]
        bad = int((number + 1) * dead) > int(number * dead)
        address = str(FIRST_ADDRESS + number)
        devices.append(Device(f"bench-{number + 1:05}", address, box, platform, fault if bad else ""))
    return devices


@dataclass(frozen=True)
class Ground:
    """Which program plays the devices, and from which recordings."""

    program: Path
    walks: Path
    boxes: tuple[tuple[str, str], ...]

    @property
    def own(self) -> bool:
        """True for our own farm, which counts what each device is asked."""
        return self.program == OWN_FARM


def choose_ground(farm: str, walks: str) -> Ground:
    """The farm and the recordings that are given, where they are there; else our own."""
    program, folder = Path(farm), Path(walks)
    chosen = program.resolve() if farm and program.is_file() else OWN_FARM
    if walks and all(any(folder.glob(f"{name}.snmprec*")) for name, _platform in WALKS):
        return Ground(chosen, folder.resolve(), WALKS)
    return Ground(chosen, RECORDINGS, OWN)


class Farm:
    """A running farm. Use it as a context manager."""

    def __init__(
        self, folder: Path, ground: Ground, devices: list[Device], latency: float, procs: int = 2, **options: Any
    ) -> None:
        self.folder, self.ground, self.devices = folder, ground, devices
        self.latency, self.procs, self.options = latency, procs, options
        self.port = 0
        self.log = folder / "farm.log"

    def __enter__(self) -> Farm:
        self.port = free_port([device.address for device in self.devices])
        config = self.folder / "farm.json"
        rows = [
            {"ip": device.address, "variant": device.box, **({"fault": device.fault} if device.fault else {})}
            for device in self.devices
        ]
        config.write_text(json.dumps(rows), encoding="utf-8")
        command = [
            *script(self.ground.program),
            *("--config", str(config), "--walks", str(self.ground.walks)),
            *("--port", str(self.port), "--procs", str(self.procs), "--community", COMMUNITY),
            *("--latency", str(self.latency), "--unique"),
        ]
        self.child = start_child(command, self.log, self.folder)
        deadline = time.monotonic() + START_SECONDS
        # Each process of either farm prints a line when it listens.
        while self._lines() < self.procs:
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise StartError(f"the farm of agents did not start. It says:\n{last_lines(self.log)}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        for one in reversed(tree(self.child.pid)):
            try:
                os.kill(one.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.child.wait()

    def _lines(self) -> int:
        return self.log.read_bytes().count(b"\n")

    @property
    def cpu(self) -> float:
        """CPU seconds that the farm has used so far."""
        return cpu_of([self.child.pid])

    def counters(self) -> dict[str, Any]:
        """What was asked so far: {"req", "resp", "vb"} of all, and "devices" where it is our own farm."""
        processes = [one.pid for one in tree(self.child.pid)]
        before = self._lines()
        for pid in processes:
            os.kill(pid, signal.SIGUSR1)
        deadline = time.monotonic() + START_SECONDS
        while self._lines() < before + len(processes) and time.monotonic() < deadline:
            time.sleep(0.05)
        return add_counters(read_objects(self.log.read_text(encoding="utf-8", errors="replace")), len(processes))


def read_objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects in a log that several processes write at once: a line feed may come late."""
    found, place, decoder = [], 0, json.JSONDecoder()
    while (place := text.find("{", place)) >= 0:
        one, place = decoder.raw_decode(text, place)
        found.append(one)
    return found


def add_counters(told: list[dict[str, Any]], processes: int) -> dict[str, Any]:
    """The latest counters of each of so many processes as one."""
    total: dict[str, Any] = {"req": 0, "resp": 0, "vb": 0, "devices": {}}
    for one in told[-processes:]:
        for name in ("req", "resp", "vb"):
            total[name] += one[name]
        total["devices"].update(one.get("devices", {}))
    return total


def free_port(addresses: list[str]) -> int:
    """A UDP port that is free on the first and the last of them, and on a few between."""
    some = {*addresses[:: max(1, len(addresses) // 20)], addresses[-1]}
    for port in PORTS:
        try:
            for address in some:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.bind((address, port))
        except OSError:
            continue
        return port
    raise StartError(f"no UDP port of {PORTS.start} to {PORTS.stop - 1} is free on 127.20.0.0/16")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast is the nightly job, what does it cost, and what does it ask of devices and of NetBox?

    make bench                                  # 60 devices, three runs of each kind, the older tool once
    make bench SIZES="60 300" RUNS=5 BATCH=1 DEAD=10 V3=1
    NETBOX_URL=... NETBOX_TOKEN=... make bench  # a real NetBox; the bench makes a site there and removes it

Runs the real `ansible-playbook` against a farm of agents and a NetBox, and the older tool in the same surroundings.
Prints one table and writes every measurement to .build/bench/WHEN.json, which `make bench-compare` reads.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

from ansible_collections.invmon.network.tests.bench import heads
from ansible_collections.invmon.network.tests.bench.farm import OWN_FARM, Farm, Ground, choose_ground, make_devices
from ansible_collections.invmon.network.tests.bench.figures import busy, rooms
from ansible_collections.invmon.network.tests.bench.floor import replay, spans, written
from ansible_collections.invmon.network.tests.bench.measure import Cost, Running
from ansible_collections.invmon.network.tests.bench.netboxes import NAME, Real, StandIn, age
from ansible_collections.invmon.network.tests.bench.report import show
from ansible_collections.invmon.network.tests.bench.tools import (
    OLDER,
    OLDER_VERSION,
    Collection,
    Older,
    install_older,
    nothing,
)
from ansible_collections.invmon.network.tests.sandbox.processes import StartError

RESULTS = ROOT / ".build" / "bench"
FORMAT = 1
#: The largest size at which the older tool runs: it takes minutes.
OLDER_LARGEST = 300
#: What is run with the collection, in this order, each with what it finds of the one before.
KINDS = ("check", "first", "check quiet", "second", "quiet")
#: Hours for which the row of an unchanged part is left as it is on a quiet night, as docs/speed.md recommends it for
#: large networks. In the second run each row is written.
REFRESH_HOURS = 144


class Bench:
    """One invocation: the runs, as plain data."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.ground = choose_ground(options.farm, options.walks)
        self.folder = RESULTS / "work"
        self.runs: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.netbox_title = "stand-in"
        self.load = os.getloadavg()[0]
        self.older_missing = "" if options.older_runs else "left out on request"

    def all(self) -> None:
        """Everything that was asked for."""
        options = self.options
        if options.older_runs:
            self.older_missing = install_older(RESULTS / "older", RESULTS / "older.log")
            if self.older_missing:
                self.notes.append(self.older_missing)
        self.asked()
        for size in options.sizes:
            self.size(size, "plain", options.forks)
            if options.batch:
                self.size(size, "batch", options.forks, older=False)
            if options.dead:
                forks = options.forks or 50
                self.size(size, "none dead", forks, kinds=("first",), older=False)
                self.size(size, "some dead", forks, kinds=("first",), dead=options.dead / 100, older=False)
            if options.v3:
                self.size(size, "v2c", options.forks, kinds=("first",), older=False, ground=own_ground(self.ground))
                self.size(size, "v3", options.forks, kinds=("first",), older=False, ground=own_ground(self.ground))

    def asked(self) -> None:
        """What one device of each box is asked, counted at the device by our own farm."""
        devices = make_devices(len(self.ground.boxes), self.ground.boxes)
        ground = own_ground(self.ground)
        with StandIn(self._empty_folder(), devices) as netbox, Farm(self.folder, ground, devices, 0.0, 1) as farm:
            for tool in self._tools(netbox, farm, 0, True, "asked"):
                netbox.forget()
                before = farm.counters()["devices"]
                one = self._run(tool, "asked", "asked", len(devices), 1, netbox, farm, quiet=True)
                after = farm.counters()["devices"]
                told = [[new - old for new, old in zip(after[ip], before[ip], strict=True)] for ip in after]
                one["snmp"] = {
                    "requests": statistics.median(row[0] for row in told),
                    "requests_most": max(row[0] for row in told),
                    "octets": statistics.median(row[1] + row[2] for row in told),
                    "octets_most": max(row[1] + row[2] for row in told),
                }

    def size(
        self,
        size: int,
        scenario: str,
        forks: int,
        kinds: tuple[str, ...] = KINDS,
        dead: float = 0.0,
        older: bool = True,
        ground: Ground | None = None,
    ) -> None:
        """All runs over so many devices."""
        options, ground = self.options, ground or self.ground
        devices = make_devices(size, ground.boxes, dead)
        folder = self._empty_folder()
        netbox: Any = (
            Real(options.netbox_url, options.netbox_token, devices) if options.netbox_url else StandIn(folder, devices)
        )
        with netbox, Farm(folder, ground, devices, options.latency / 1000, options.procs) as farm:
            self.netbox_title = netbox.title
            for tool in self._tools(netbox, farm, forks, older and self._older_fits(size), scenario):
                ours = isinstance(tool, Collection)
                for number in range(1, (options.runs if ours else options.older_runs) + 1):
                    netbox.forget()
                    asked = [kind for kind in kinds if kind in options.kinds] if ours else ["first", "second"]
                    found = {kind: self._run(tool, kind, scenario, size, number, netbox, farm) for kind in asked}
                    if ours and scenario in ("plain", "batch") and "first" in found:
                        self._floor_of_first(found["first"], netbox)

    def _older_fits(self, size: int) -> bool:
        if size <= self.options.older_largest or not self.options.older_runs:
            return True
        self.notes.append(f"{OLDER} is left out at {size} devices (OLDER_LARGEST={self.options.older_largest})")
        return False

    def _tools(self, netbox: Any, farm: Farm, forks: int, older: bool, scenario: str) -> Iterator[Any]:
        """The programs to run, prepared."""
        forks = forks or 25
        words = [*self.options.extra, *(("-e", "invmon_batch=true") if scenario == "batch" else ())]
        tools: list[Any] = [Collection(self.folder, forks, words)]
        if older and not self.older_missing:
            tools.append(Older(self.folder, RESULTS / "older", self.options.older_jobs))
        for tool in tools:
            tool.prepare(netbox.url, netbox.token, NAME, farm.port, scenario == "v3")
            yield tool

    def _floor_of_first(self, first: dict[str, Any], netbox: Any) -> None:
        """Send the requests of the first run again, by themselves, to the NetBox as that run found it."""
        netbox.forget()
        first["floor"] = replay(first.pop("asked"), netbox.url, netbox.token)

    def _nothing(self) -> float:
        """Seconds of a playbook without a task."""
        command, environment = nothing(self.folder)
        return Running(command, self.folder / "nothing.log", ROOT, environment).wait().seconds

    def _run(
        self,
        tool: Any,
        kind: str,
        scenario: str,
        size: int,
        number: int,
        netbox: Any,
        farm: Farm,
        quiet: bool = False,
    ) -> dict[str, Any]:
        """One run, measured, noted and printed."""
        if kind == "quiet":
            age(netbox.url, netbox.token, days=7, share=6)
        netbox.begin()
        before = (farm.cpu, netbox.cpu, farm.counters())
        log = self.folder / f"{scenario}-{size}-{tool.name}-{kind}-{number}.log".replace(" ", "-")
        words = ["--check"] if kind.startswith("check") else []
        if isinstance(tool, Collection) and kind not in ("asked", "first", "check"):
            words += ["-e", f"upload_refresh_after={REFRESH_HOURS if kind == 'quiet' else 0}"]
        cost = Running(tool.command(*words), log, ROOT, tool.environment()).wait()
        requests = netbox.requests()
        after = (farm.cpu, netbox.cpu, farm.counters())
        one: dict[str, Any] = {
            **{"size": size, "scenario": scenario, "tool": tool.name, "kind": kind, "run": number},
            **describe(cost),
            "farm_cpu": after[0] - before[0],
            "netbox_cpu": after[1] - before[1],
            "snmp": {"mean": (after[2]["req"] - before[2]["req"]) / size},
            "rows": netbox.rows,
        }
        if requests is not None:
            one["netbox"] = {
                "requests": len(requests),
                "rows": sum(entry["rows"] or 0 for entry in requests),
                "busy": busy(requests),
            }
        if isinstance(tool, Collection):
            self._add_details(one, tool, cost, netbox)
        self.runs.append(one)
        if not quiet:
            say(one)
        expected = 2 if any(device.fault for device in farm.devices) else 0
        one["good"] = cost.status == expected and (kind == "check" or one["rows"] > 0)
        if not one["good"]:
            kept = RESULTS / log.name
            shutil.copyfile(log, kept)
            self.notes.append(
                f"{tool.name}, {size} devices ({scenario}), {kind} run {number} did not do its work (exit status "
                f"{cost.status}, {one['rows']} rows) and is left out of the table:\n      {kept.relative_to(ROOT)}"
            )
        return one

    def _add_details(self, one: dict[str, Any], tool: Collection, cost: Cost, netbox: Any) -> None:
        """What is known of a run of the collection only; its floor, except that of a first run."""
        stamps, asked = tool.stamps(), tool.requests()
        one["rooms"] = rooms(cost.began, cost.seconds, stamps, asked, one["cpu"], cost.timeline)
        one["host_tasks"] = next((stamp for stamp in stamps if stamp["what"] == "stats"), {})
        one.setdefault("netbox", {"requests": len(asked), "busy": busy(asked)})
        read = [stamp["at"] for stamp in stamps if stamp["what"] == "inventory"]
        one["netbox"] |= {**spans(asked, read[-1] if read else 0.0), "written": written(asked)}
        if one["kind"].startswith("check"):
            return
        one["snmp"] |= tool.collected()
        if one["kind"] in ("second", "quiet"):
            one["floor"] = replay(asked, netbox.url, netbox.token)
        elif one["scenario"] in ("plain", "batch"):
            one["asked"] = asked  # until it is sent again
        one["nothing"] = self._nothing()

    def _empty_folder(self) -> Path:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        return self.folder

    def result(self) -> dict[str, Any]:
        """Everything as it is written to the file."""
        options = self.options
        return {
            "format": FORMAT,
            "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "machine": {**machine(), "load": self.load},
            "versions": versions(),
            "netbox": self.netbox_title,
            "farm": self.ground.program.name,
            "boxes": [name for name, _platform in self.ground.boxes],
            "options": {
                **{"sizes": options.sizes, "runs": options.runs, "forks": options.forks or 25, "dead": options.dead},
                **{"latency_ms": options.latency, "extra": options.extra, "older_runs": options.older_runs},
            },
            "profiles": heads.measured(),
            "runs": self.runs,
            "notes": list(dict.fromkeys(self.notes)),
        }


def own_ground(ground: Ground) -> Ground:
    """The same boxes, played by our own farm."""
    return Ground(OWN_FARM, ground.walks, ground.boxes)


def describe(cost: Cost) -> dict[str, Any]:
    """What a run cost, as data."""
    return {
        "seconds": cost.seconds,
        "status": cost.status,
        "cpu": {"all": cost.cpu, "main": cost.cpu_main, "forks": cost.cpu_forks, "others": cost.cpu_others},
        "memory": {"own": cost.own_mb, "all": cost.all_mb, "processes": cost.processes, "samples": cost.samples},
    }


def say(one: dict[str, Any]) -> None:
    """One line for each run, as it ends."""
    text = (
        f"{one['size']:>5} devices  {one['scenario']:<12.12} {one['tool']:<26} {one['kind']:<11} {one['run']}: "
        f"{one['seconds']:7.1f} s  CPU {one['cpu']['all']:6.1f} s  {one['rows']:>6} rows"
    )
    print(text + (f"  status {one['status']}" if one["status"] else ""), flush=True)


def machine() -> dict[str, Any]:
    """What ran it."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = len(os.sched_getaffinity(0))
    return {"cores": cores, "cpu": model, "memory_mb": memory, "system": platform.release()}


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


def versions() -> dict[str, str]:
    """Of what matters."""
    found = {"python": platform.python_version(), OLDER: OLDER_VERSION}
    for name in ("ansible-core", "easysnmp", "snmp", "requests"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def read_arguments() -> argparse.Namespace:
    """The command line; the Makefile fills it from its variables."""
    parser = argparse.ArgumentParser(description="Measure the nightly job, next to the older tool.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[60], help="numbers of devices")
    parser.add_argument("--runs", type=int, default=3, help="of each kind")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="what is run with the collection")
    parser.add_argument("--older-runs", type=int, default=1, help="of the older tool; 0 leaves it out")
    parser.add_argument("--older-largest", type=int, default=OLDER_LARGEST, help="largest size for the older tool")
    parser.add_argument("--older-jobs", type=int, default=0, help="its --parallel-jobs; 0: its default, 50")
    parser.add_argument("--forks", type=int, default=0, help="0: 25, and 50 with dead devices")
    parser.add_argument("--latency", type=float, default=20, help="of the agents, in milliseconds")
    parser.add_argument("--procs", type=int, default=2, help="processes of the farm")
    parser.add_argument("--dead", type=float, default=0, help="also with so many per cent of dead devices")
    parser.add_argument("--v3", action="store_true", help="also with SNMPv3 authPriv")
    parser.add_argument("--batch", action="store_true", help="also with one task for all devices (invmon_batch)")
    parser.add_argument("--farm", default="", help="the program that plays the agents; default: our own")
    parser.add_argument("--walks", default="", help="folder of recordings; default: our own")
    parser.add_argument("--extra", nargs=argparse.REMAINDER, default=[], help="the rest goes to ansible-playbook")
    options = parser.parse_args()
    options.netbox_url = os.environ.get("NETBOX_URL", "")
    options.netbox_token = os.environ.get("NETBOX_TOKEN", "")
    return options


def main() -> int:
    """Measure, print, write."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    bench = Bench(read_arguments())
    RESULTS.mkdir(parents=True, exist_ok=True)
    try:
        bench.all()
    finally:
        if bench.runs:
            result = bench.result()
            path = RESULTS / f"{result['when'].replace(':', '')}.json"
            path.write_text(json.dumps(result, indent=1), encoding="utf-8")
            shutil.copyfile(path, RESULTS / "latest.json")
            show(result)
            print(f"\nAll measurements: {path.relative_to(ROOT)}   (make bench-compare OLD=... NEW={path.name})")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit("\nbench: stopped")

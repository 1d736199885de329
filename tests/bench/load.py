# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and load: what comes out of the nightly job where something is scarce, slow or broken.

    make load                       # small: about two minutes
    make load SCALE=1               # 5,000 devices, 1,000 of them dead, ...
    make load BATCH=1               # with one task for all devices
    make load ONLY="disk memory"    # the scenarios whose names hold one of these words

Each line is one run of the real `ansible-playbook`: did it end, did it name just the bad devices, has every other
device each of its parts in NetBox, once, and is there no traceback and no secret? Nothing is said about how fast.
The exit status is 1 if one of these is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport, load_recording
from ansible_collections.invmon.network.tests.bench.agents import recording_path
from ansible_collections.invmon.network.tests.bench.farm import (
    OWN,
    OWN_FARM,
    RECORDINGS,
    Device,
    Farm,
    Ground,
    make_devices,
)
from ansible_collections.invmon.network.tests.bench.limits import Disk, Files, Memory
from ansible_collections.invmon.network.tests.bench.measure import Cost, Running
from ansible_collections.invmon.network.tests.bench.netboxes import NAME, StandIn
from ansible_collections.invmon.network.tests.bench.tools import V3_AUTH, V3_PRIVACY, Collection
from ansible_collections.invmon.network.tests.sandbox.processes import StartError

FOLDER = ROOT / ".build" / "load"
GROUND = Ground(OWN_FARM, RECORDINGS, OWN)
RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=\d+\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
BROKEN = re.compile(
    r"Traceback \(most recent|Unexpected Exception|MemoryError|Too many open files|worker was found dead"
)


@dataclass
class Scenario:
    """One thing that is scarce, slow or broken."""

    name: str
    small: int  #: devices with SCALE=0
    full: int  #: devices with SCALE=1
    forks: int = 25
    bad: float = 0.0  #: share of the devices that have the fault
    fault: str = "dead"
    netbox: tuple[dict[str, Any], ...] = ()  #: faults of the stand-in
    variables: dict[str, Any] = field(default_factory=dict)
    limit: Callable[[], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext
    slices: int = 1  #: so many runs at a time, each over its own devices
    records: bool = False  #: record each device, into a place that the limit names
    why: str = ""

    def size(self, scale: float) -> int:
        """How many devices at that scale."""
        return self.small + round((self.full - self.small) * scale)


ALWAYS = {"times": -1}
MEMORY_MB = 1536
SCENARIOS = (
    # Ansible keeps four descriptors for each fork, and ends with "process object is closed" where they do not suffice.
    Scenario("500 forks", 150, 600, forks=500, limit=lambda: Files(4096)),
    Scenario(
        "drip: one variable a second",
        24,
        60,
        bad=1 / 24,
        fault="drip",
        variables={"snmp_timeout": 3, "snmp_tables": {"max_seconds": 15}},
        why="one device answers for ever, and never fails to",
    ),
    Scenario("1,000 of 5,000 devices dead", 100, 5000, forks=50, bad=0.2, why="time-out 1 s, 1 retry"),
    Scenario("memory limit of 1.5 GB", 100, 5000, limit=lambda: Memory(MEMORY_MB), why="all processes together"),
    Scenario("NetBox: 100 ms a request", 60, 600, netbox=({"kind": "latency", "seconds": 0.1, **ALWAYS},)),
    Scenario(
        "NetBox: 429 above 4 at a time",
        120,
        600,
        slices=3,
        netbox=(
            {"kind": "429", "match": {"above": 4}, "seconds": 1, **ALWAYS},
            {"kind": "latency", "match": {"path": "probes"}, "seconds": 0.5, **ALWAYS},
        ),
        why="three slices at once",
    ),
    Scenario("disk full while recording", 24, 60, limit=lambda: Disk(FOLDER / "disk"), records=True),
    Scenario("256 file descriptors", 100, 600, forks=50, limit=lambda: Files(256), why="50 forks"),
)


@dataclass
class Outcome:
    """The result of a scenario."""

    scenario: Scenario
    devices: int
    costs: list[Cost]
    named: set[str]
    bad: set[str]
    rows: int
    expected: int
    wrong: list[str]
    limit: str

    @property
    def line(self) -> str:
        """One line of the table."""
        status = " ".join(str(cost.status) for cost in self.costs)
        memory = sum(cost.all_mb for cost in self.costs)
        seconds = max(cost.seconds for cost in self.costs)
        return (
            f"{self.scenario.name:<31}{self.devices:>7,}{status:>7}{f'{len(self.named)} of {len(self.bad)}':>13}"
            f"{f'{self.rows:,} of {self.expected:,}':>18}{seconds:>8.0f} s{memory:>7.0f} MB  "
            f"{'good' if not self.wrong else 'WRONG'}"
        )


def parts_of_boxes() -> dict[str, int]:
    """How many parts each box has, read in this process."""
    parts = {}
    for box, _platform in GROUND.boxes:
        recording = load_recording(recording_path(GROUND.walks, box))
        items = read_device(Agent(ReplayTransport(recording))).to_dict()["items"]
        parts[box] = len(merge_by_serial(items))
    return parts


def play(scenario: Scenario, scale: float, parts: dict[str, int], batch: bool) -> Outcome:
    """One scenario, from an empty NetBox to the verdict."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, mode=0o700)
    devices = make_devices(scenario.size(scale), GROUND.boxes, scenario.bad, scenario.fault)
    with (
        StandIn(FOLDER, devices, scenario.netbox) as netbox,
        Farm(FOLDER, GROUND, devices, 0.02) as farm,
        scenario.limit() as limit,
    ):
        variables = dict(scenario.variables)
        if scenario.records:
            variables["record_to"] = str(limit.folder)
        words = ["-e", "invmon_batch=true", "-e", f"collect_at_a_time={scenario.forks}"] if batch else []
        tool = Collection(FOLDER, scenario.forks, words, variables)
        tool.prepare(netbox.url, netbox.token, NAME, farm.port)
        netbox.begin()
        prepare = getattr(limit, "prepare", None)
        costs = run_slices(tool, scenario, prepare)
        rows = netbox.rows_by_device()
        faults = {entry["fault"] for entry in netbox.requests() or ()} - {None}
        text = "\n".join(path.read_text(errors="replace") for path in sorted(FOLDER.glob("slice-*.log")))
        wrong = list(limit.wrong(costs, text)) if hasattr(limit, "wrong") else []
    outcome = judge(scenario, devices, parts, costs, rows, text)
    outcome.limit = str(limit or "")
    outcome.wrong += wrong
    outcome.wrong += [f"the fault {one['kind']} never happened" for one in scenario.netbox if one["kind"] not in faults]
    return outcome


def run_slices(tool: Collection, scenario: Scenario, prepare: Callable[[], None] | None) -> list[Cost]:
    """One run over all devices, or several at a time, each over its share of them."""
    running: list[Running] = []
    environment = tool.environment()
    try:
        for number in range(scenario.slices):
            digits = "".join(str(digit) for digit in range(number, 10, scenario.slices))
            words = ["--limit", f"~bench-.*[{digits}]$"] if scenario.slices > 1 else []
            log = FOLDER / f"slice-{number}.log"
            running.append(Running(tool.command(*words), log, ROOT, environment, prepare))
        return [one.wait() for one in running]
    except BaseException:
        for one in running:
            one.stop()
        raise


def judge(
    scenario: Scenario,
    devices: list[Device],
    parts: dict[str, int],
    costs: list[Cost],
    rows: Counter[str],
    text: str,
) -> Outcome:
    """Hold what came out against what should."""
    bad = {device.name for device in devices if device.fault}
    failed = {name for name, unreachable, fails in RECAP.findall(text) if int(unreachable) or int(fails)}
    expected = {device.name: parts[device.box] for device in devices if not device.fault}
    wrong = []
    if failed != bad:
        wrong.append(f"failed, and should not: {some(failed - bad)}; should, and did not: {some(bad - failed)}")
    right = 2 if bad else 0
    wrong += [f"exit status {cost.status} instead of {right}" for cost in costs if cost.status != right]
    uneven = {name for name, number in expected.items() if rows[name] != number}
    if uneven:
        wrong.append(f"not all rows, or some twice: {some(uneven)}")
    if found := BROKEN.search(text):
        wrong.append(f"in the output: {found[0]}")
    if any(secret in text for secret in (V3_AUTH, V3_PRIVACY)):
        wrong.append("a secret is in the output")
    good_rows = sum(rows[name] for name in expected)
    return Outcome(scenario, len(devices), costs, failed & bad, bad, good_rows, sum(expected.values()), wrong, "")


def some(names: set[str]) -> str:
    """A few of them, and how many there are."""
    if not names:
        return "none"
    first = ", ".join(sorted(names)[:3])
    return first if len(names) <= 3 else f"{first} and {len(names) - 3} more"


def chosen(words: list[str]) -> Iterator[Scenario]:
    """The scenarios whose names hold one of the words; all of them without words."""
    for scenario in SCENARIOS:
        if not words or any(word.lower() in scenario.name.lower() for word in words):
            yield scenario


def main() -> int:
    """Play them all, and print the table."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(description="Bad input and load.")
    parser.add_argument("--scale", type=float, default=0.0, help="0: small, 1: full")
    parser.add_argument("--only", nargs="*", default=[], help="words of the names")
    parser.add_argument("--batch", action="store_true", help="with one task for all devices (invmon_batch)")
    options = parser.parse_args()
    parts = parts_of_boxes()
    head = f"{'scenario':<31}{'devices':>7}{'status':>7}{'named':>13}{'rows':>18}{'time':>10}{'memory':>10}"
    print(head, flush=True)
    bad = 0
    for scenario in chosen(options.only):
        outcome = play(scenario, options.scale, parts, options.batch)
        print(outcome.line, flush=True)
        for text in (scenario.why, outcome.limit):
            if text:
                print(f"    {text}")
        for text in outcome.wrong:
            print(f"    WRONG: {text}", flush=True)
        if outcome.wrong:
            kept = FOLDER.with_name(f"load-{re.sub(r'[^a-z0-9]+', '-', scenario.name.lower())}")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(FOLDER, kept, ignore=shutil.ignore_patterns("disk"))
            print(f"    What it left: {os.path.relpath(kept)}")
        bad += bool(outcome.wrong)
    print(f"{bad} of them wrong." if bad else "All good.")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (StartError, subprocess.SubprocessError) as error:
        sys.exit(f"load: {error}")
    except KeyboardInterrupt:
        sys.exit("\nload: stopped")

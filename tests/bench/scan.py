# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a scan takes, what it sends, and what memory it needs, in the network of tests/lab:

    make bench-scan

A /24 in which 40 hosts answer, at default settings, and a /20 in which nobody does, each by a process of its own.
Packets are counted on the interface of the scanner. Linux, as root or behind `unshare --user --map-root-user`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from bisect import bisect_left
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan import netscan
from ansible_collections.invmon.network.plugins.module_utils._tasks.netscan_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.lab.lab import CROWD, EMPTY, Lab
from ansible_collections.invmon.network.tests.lab.namespaces import why_not
from ansible_collections.invmon.network.tests.lab.wire import Frame

RUN = Path(__file__).resolve().parents[1] / "run.py"
PROTOCOLS = ("arp", "nd", "icmp", "tcp", "udp")


def measured(lab: Lab, options: dict[str, Any]) -> dict[str, Any]:
    """A scan by a process of its own on the scanner, and what its interface sent."""
    lab.forget_neighbours()
    command = [sys.executable, str(RUN), __file__, "--options", json.dumps(options)]
    with lab.capture() as wire:
        done = lab.inside(subprocess.run, command, stdout=subprocess.PIPE, text=True, check=True)
        time.sleep(3.5)  # what the kernel still asks for
    sent = wire.sent(*PROTOCOLS)
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "sent": len(sent), "most_in_a_second": most_in_a_second(sent), "lost": wire.lost}


def most_in_a_second(frames: list[Frame]) -> int:
    times = sorted(frame.time for frame in frames)
    return max((bisect_left(times, moment + 1.0) - at for at, moment in enumerate(times)), default=0)


def scan(options: dict[str, Any]) -> dict[str, Any]:
    """One scan in this process, and what it cost."""
    begun, used = time.monotonic(), time.process_time()
    result = run_task(lambda: options, ARGUMENT_SPEC, netscan)
    scanned = result.get("scan") or {}
    return {
        "seconds": round(time.monotonic() - begun, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "hosts": len(scanned.get("hosts", ())),
        "reserved": scanned.get("packets"),
        "result_kb": round(len(json.dumps(result)) / 1024, 1),
        "msg": result["msg"],
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure scans in the lab network.")
    arguments.add_argument(
        "--options", help="one scan in this process, with these options as JSON; for the bench itself"
    )
    arguments.add_argument("--json", action="store_true", help="print JSON")
    given = arguments.parse_args()
    if given.options:
        print(json.dumps(scan(json.loads(given.options))))
        return
    if reason := why_not():
        sys.exit(f"The bench needs network namespaces: {reason}")
    results = {}
    with Lab() as lab:
        lab.crowd()
        for name, target in (("/24, 40 hosts answer", CROWD), ("/20, nobody answers", EMPTY)):
            results[name] = measured(lab, {"targets": [target]})
    if given.json:
        print(json.dumps(results, indent=2))
        return
    columns = ("seconds", "cpu_seconds", "peak_mb", "hosts", "reserved", "sent", "most_in_a_second", "result_kb")
    print(f"{'':22}" + "".join(f"{name:>18}" for name in columns))
    for name, found in results.items():
        print(f"{name:22}" + "".join(f"{found[column]:>18,}" for column in columns))
        print(f"{'':22}  {found['msg']}")


if __name__ == "__main__":
    main()

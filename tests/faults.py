# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: each way in which NetBox fails, in a first night and in a quiet one, over 24 devices.

Each line is one night: what the fault does to one request, or to all that follow; how many rows stand when the run is
over; what the run says of itself; how many rows are lost, and how many stand twice, after the next night. Ends with 1
if a row is lost or stands twice, if the run calls a row written that is not, or if it is silent about one that is not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ansible_collections.invmon.network.tests.races import NIGHT, network, rows_of, standing, upload
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

DEVICES = 24
PARTS = 5
#: Rows in one request of the matrix: 120 parts are six requests.
CHUNK = 20
#: Seconds after which the client stops waiting; the slow faults take longer.
TIMEOUT = 0.4

PROBES = "/inventory-monitor/probes/"
#: name -> kind of the stand-in, and seconds. What is not served is not written.
FAULTS: dict[str, tuple[str, float]] = {
    "reset before the write": ("reset", 0),
    "reset after the write": ("reset_after_write", 0),
    "closed without an answer": ("close", 0),
    "time-out before the write": ("latency", 0.8),
    "time-out after the write": ("drop_after_write", 0.8),
    "slow drip": ("drip", 0.8),
    "403 in the middle": ("403", 0),
    "429 with Retry-After": ("429", 1),
    "500": ("500", 0),
    "deadlock": ("deadlock", 0),
    "502 as HTML": ("502html", 0),
    "503 as HTML": ("503html", 0),
    "truncated JSON": ("truncate", 0),
    "web page with 200": ("html", 0),
    "wrong content type": ("plain", 0),
    "refused": ("refused", 0),
}
#: How often a fault happens: once, or from the second write on until the run is over.
ONCE, LASTING = "once", "lasting"


@dataclass
class Line:
    """The result of one night."""

    fault: str
    night: str
    span: str
    written: int  #: rows that say the truth after the bad night
    named: str  #: devices of which the run says that something is not written
    lost: int  #: parts that NetBox lacks, or of which it is out of date, after the next run
    twice: int
    wrong: str  #: what the bad run said that is not so; empty is good

    @property
    def good(self) -> bool:
        """True if nothing was lost, written twice, or reported wrongly."""
        return not (self.lost or self.twice or self.wrong)


def bad_night(fault: str, quiet: bool, span: str, devices: int = DEVICES) -> Line:
    """One run under a fault, and the next one without."""
    parts = network(range(1, devices + 1), PARTS)
    moment = NIGHT + timedelta(days=int(quiet))
    with start_standin(one_site(devices)) as standin:
        if quiet:
            upload(standin.url, standin.token, parts, NIGHT)
        outcome = _run_under(standin, fault, "PATCH" if quiet else "POST", span, parts, moment)
        standin.forget()
        # What nobody waits for is written still.
        time.sleep(1.0 if FAULTS[fault][1] > TIMEOUT else 0)
        rows = _true_rows(standin, moment)
        line = Line(fault, "quiet" if quiet else "first", span, len(rows), _named(outcome), 0, 0, _wrong(outcome, rows))
        after = moment + timedelta(days=1)
        upload(standin.url, standin.token, parts, after)
        line.lost = devices * PARTS - len(_true_rows(standin, after))
        line.twice = sum(number - 1 for number in standing(rows_of(standin.url, standin.token)).values())
        return line


def _run_under(
    standin: StandIn, fault: str, method: str, span: str, parts: list[dict[str, Any]], moment: Any
) -> dict[str, Any]:
    kind, seconds = FAULTS[fault]
    if kind == "refused":
        # Nobody listens: a port that was free a moment ago.
        with start_standin() as other:
            url = other.url
        return upload(url, standin.token, parts, moment, TIMEOUT, CHUNK)
    standin.plan(kind, method, PROBES, 2, 1 if span == ONCE else -1, seconds)
    return upload(standin.url, standin.token, parts, moment, TIMEOUT, CHUNK)


def _true_rows(standin: StandIn, moment: Any) -> set[tuple[str, str]]:
    """(device, serial) of the rows that were seen in the run of that moment."""
    seen = moment.isoformat().replace("+00:00", "Z")
    rows = rows_of(standin.url, standin.token)
    return {(row["device"]["name"], row["serial"]) for row in rows if row["time"] == seen}


def _named(outcome: dict[str, Any]) -> str:
    names = sorted(outcome["failed_hosts"], key=lambda name: int(name[1:]))
    return "nobody" if not names else names[0] if len(names) == 1 else f"{names[0]} .. {names[-1]} ({len(names)})"


def _wrong(outcome: dict[str, Any], rows: set[tuple[str, str]]) -> str:
    """Rows that are not there although their device is not named."""
    silent = []
    for name, device in outcome["devices"].items():
        failed = {serial for group in device.get("failed", ()) for serial in group["serials"]}
        if device["outcome"] == "failed" and not failed:
            continue  # it was not planned at all, and the device is named
        missing = {f"R{name[1:]}-{slot}" for slot in range(PARTS)} - {serial for host, serial in rows if host == name}
        silent += sorted(missing - failed)
    return f"silent about {len(silent)} rows, {silent[0]} first" if silent else ""


def matrix(faults: Iterable[str] = tuple(FAULTS), devices: int = DEVICES) -> Iterator[Line]:
    """All lines, one by one."""
    for fault in faults:
        for quiet in (False, True):
            for span in (ONCE, LASTING) if FAULTS[fault][0] != "refused" else (LASTING,):
                yield bad_night(fault, quiet, span, devices)


def main() -> int:
    """Print the matrix."""
    print(f"{'fault':26}{'night':7}{'span':9}{'written':>8}{'lost':>6}{'twice':>7}  named by the run")
    bad = 0
    for line in matrix():
        bad += not line.good
        text = f"{line.fault:26}{line.night:7}{line.span:9}{line.written:8}{line.lost:6}{line.twice:7}  {line.named}"
        print(text + (f"  WRONG: {line.wrong}" if line.wrong else ""), flush=True)
    print(f"{bad} bad lines" if bad else f"Nothing lost, nothing twice, nothing silent: {DEVICES * PARTS} parts each.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

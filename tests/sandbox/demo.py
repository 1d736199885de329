# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly job, shown on the sandbox: a dry run, the real one, one after the hardware changed, and once more. Then a
discovery: what answers in the network, compared with NetBox.

    python tests/run.py tests/sandbox/demo.py [DIR]

Exits with 0 only if each run did what it should: the three bad devices fail, and no other; the dry run writes
nothing; the third run shows just what was changed; the fourth changes nothing; the discovery finds the one device that
NetBox lacks, and the one that answers with another serial number, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.tests.sandbox.processes import StartError, dying_with_parent, stop_session
from ansible_collections.invmon.network.tests.sandbox.sandbox import COLLECTED, INVENTORY, ROOT, Sandbox

PLAYBOOK = ROOT / "playbooks" / "inventory.yml"
DISCOVER = ROOT / "playbooks" / "discover.yml"
COLLECTIONS = ROOT / ".build" / "collections"
DEFAULT_FOLDER = ROOT / ".build" / "demo"
#: So long ansible-playbook may take to end once it has said its last word, in seconds.
RUN_SECONDS = 30

#: So many lines of the runs are shown at most: what a person reads, whatever the width of the terminal.
MOST_LINES = 180

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
RECAP = re.compile(
    r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)"
    r"\s+unreachable=(?P<unreachable>\d+)\s+failed=(?P<failed>\d+)"
)

NEXT = """
What to try next:
  make demo-trap                           a trap starts the inventory of its device (docs/traps.md)
  make sandbox                             keeps the network and NetBox up, and prints the commands to type
  ... --limit sw-stack-brno --check        one device, dry run
  ... -e upload_plan_file=plan.json        write a plan, review it, apply it (docs/probes.md)
  ... -e invmon_batch=true                 all devices in one task (docs/speed.md)
  ... -e invmon_run_record=run.json        the result as data (docs/progress.md)
  your own devices                         README.md, "Run": start with --check"""

#: What must be seen of the change: the new optic, and the pulled card with both optics.
NEW_SERIALS = ("AVD9311L0X9",)
#: What the discovery must find: an address that NetBox lacks, and a device with another serial number than in NetBox.
UNKNOWN = ("127.10.0.50", "om-brno")
CONTRADICTING = ("127.10.0.43", "rtr-no-tag", "FCZ9301X0Z9", "FCZ9301X0A1")
GONE_SERIALS = ("AVD9301L0X1", "NK9380M0A03", "N938S0F03", "N938S0F04")


@dataclass
class Run:
    """One run of the playbook, and what it did."""

    title: str
    text: str = ""
    said: list[str] = field(default_factory=list)  #: the lines of it that were shown
    seconds: float = 0.0
    status: int = 0
    changed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def writes(self) -> list[dict[str, Any]]:
        """The requests that write. A query of GraphQL is a POST as well, and reads."""
        return [one for one in self.requests if one["method"] != "GET" and one["path"].startswith("/api/")]

    @property
    def probe_requests(self) -> list[dict[str, Any]]:
        """The requests of netbox_probe; the others are the inventory's."""
        return [request for request in self.requests if "/dcim/" not in request["path"]]

    def diff_lines(self, mark: str) -> list[str]:
        """The lines of the diffs that begin with this mark: + new, ~ changed, ! no longer seen."""
        return [line for line in self.text.splitlines() if line.lstrip().startswith(f"{mark} ")]


class Demo:
    """The runs on a running sandbox; `problems` gathers what was not as it should be."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.problems: list[str] = []
        self.page = sandbox.folder / "report" / "index.html"
        self.runs: list[Run] = []
        plan = sandbox.network.plan
        self.bad = {agent.name for agent in plan.agents if agent.fault}
        passphrases = ("auth_passphrase", "privacy_passphrase")
        accounts = plan.accounts.values()
        self.secrets = {sandbox.token} | {account[key] for account in accounts for key in passphrases if key in account}

    def play(self, title: str, *options: str) -> Run:
        """One run of the nightly job."""
        run = self._play(title, PLAYBOOK, *options)
        self._expect(run.failed == self.bad, f"failed: {names(run.failed)}, where {names(self.bad)} should", run)
        self._expect(run.status != 0, "the exit status does not say that a device failed", run)
        return run

    def _play(self, title: str, playbook: Path, *options: str) -> Run:
        """One run of a playbook: its summary is shown, all of it is in a log."""
        heading(f"{len(self.runs) + 1}. {title}")
        self._standin("reset", data=b"")
        command = [
            *(str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.sandbox.folder / INVENTORY)),
            *("--forks", "25", str(playbook.relative_to(ROOT)), *options),
        ]
        print(f"$ ansible-playbook -i {INVENTORY} {' '.join(command[3:])}", flush=True)
        run = Run(title)
        log = self.sandbox.folder / f"run-{len(self.runs) + 1}.log"
        began = time.monotonic()
        run.status, lines = run_command(command, self.sandbox.folder / COLLECTED)
        run.seconds = time.monotonic() - began
        run.text = COLOUR.sub("", "".join(lines))
        log.write_text(run.text, encoding="utf-8")
        print(f"  exit status {run.status} after {run.seconds:.0f} s; all {len(lines)} lines: {log}\n")
        run.said = said_at_the_end(lines)
        print("".join(run.said), flush=True)
        read_recap(run)
        run.requests = json.loads(self._standin("requests"))
        self.runs.append(run)
        self._expect("Ostrava 49" not in run.text, "a name in NetBox was taken for a template", run)
        self._expect(not any(secret in run.text for secret in self.secrets), "a secret was printed", run)
        return run

    def dry_run(self) -> None:
        run = self.play("A dry run: what would be written", "--check", "--diff")
        self._expect(not run.writes, f"check mode sent {len(run.writes)} writes to NetBox", run)
        self._expect(bool(run.diff_lines("+")), "the diff shows no new part", run)

    def first_run(self) -> None:
        run = self.play("For real")
        self._expect(bool(run.writes), "nothing was written", run)

    def changed_run(self) -> None:
        done = self.sandbox.network.apply_change()
        print()
        for device, what in done.items():
            print(f"Meanwhile at {device}: {what}.")
        report = (
            "-e",
            f"report_directory={self.page.parent}",
            "-e",
            f"report_history={self.sandbox.folder / 'history'}",
        )
        run = self.play("After an optic was replaced and a card pulled", "--diff", *report)
        self._expect_page(run)
        said = "".join(run.said)
        for serial in (*NEW_SERIALS, *GONE_SERIALS):
            self._expect(serial in said, f"what the run says at its end does not name {serial}", run)
        new, gone = "\n".join(run.diff_lines("+")), "\n".join(run.diff_lines("!"))
        for serial in NEW_SERIALS:
            self._expect(serial in new, f"the diff does not show {serial} as new", run)
        for serial in GONE_SERIALS:
            self._expect(serial in gone, f"the diff does not say that {serial} is no longer seen", run)
        self._expect(len(run.diff_lines("+")) == len(NEW_SERIALS), "the diff shows more new parts than there are", run)
        self._expect(not run.diff_lines("~"), "the diff shows changed parts where none changed", run)

    def _expect_page(self, run: Run) -> None:
        """The page of the report shows what was done as what it is."""
        page = self.page.read_text(encoding="utf-8") if self.page.exists() else ""
        old, card, *_optics = GONE_SERIALS
        self._expect(f"<del>{old}</del>" in page, f"the page does not show that {old} was replaced", run)
        self._expect(f"<code>{card}</code>" in page, f"the page does not show that {card} was pulled", run)

    def quiet_run(self) -> None:
        run = self.play("Again, without changes", "--diff")
        self._expect(not run.changed, f"changed again: {names(run.changed)}", run)

    def discovery(self) -> None:
        history = f"report_history={self.sandbox.folder / 'history'}"
        run = self._play("Discovery: what answers, compared with NetBox", DISCOVER, "--check", "--diff", "-e", history)
        self._expect(run.status == 0, "the discovery failed", run)
        self._expect(not run.writes, f"check mode sent {len(run.writes)} writes to NetBox", run)
        said = " ".join("".join(run.said).split())
        unknown, contradicting = said.partition("Unknown:")[2], said.partition("Contradicting:")[2]
        for word in UNKNOWN:
            self._expect(word in unknown, f"{word} is not shown as unknown", run)
        for word in CONTRADICTING:
            self._expect(word in contradicting, f"{word} is not shown as contradicting", run)
        shown = sum(len(one.said) for one in self.runs)
        self._expect(shown <= MOST_LINES, f"the runs are shown in {shown} lines", run)

    def summary(self) -> None:
        heading("In short")
        for number, run in enumerate(self.runs, start=1):
            rows = sum(request["rows"] or 0 for request in run.writes)
            what = f"{len(run.hosts)} devices" if run.hosts else "discovery"
            print(
                f"Run {number}: {what} in {run.seconds:.0f} s; {rows} rows written in "
                f"{len(run.writes)} requests; NetBox requests: {len(run.requests)}, by the inventory "
                f"{len(run.requests) - len(run.probe_requests)}"
            )
        self._requests()
        print(f"\nA page about run 3, for a browser: {self.page}")
        print(f"The logs, NetBox's database and the collected parts: {self.sandbox.folder}")
        print(NEXT)
        for problem in self.problems:
            print(f"NOT AS IT SHOULD BE: {problem}")
        print("\nThe demo did what it should." if not self.problems else "\nThe demo FAILED.")

    def _requests(self) -> None:
        """How much was asked, of devices and of NetBox."""
        asked = [
            json.loads(path.read_text(encoding="utf-8").splitlines()[0])["statistics"]["requests"]
            for path in (self.sandbox.folder / COLLECTED).glob("*.json")
        ]
        if asked:
            print(f"SNMP requests per device: {statistics.median(asked):g} in the median, {max(asked)} at most")
        for number in (2, 4):
            run = self.runs[number - 1]
            rows = sum(request["rows"] or 0 for request in run.writes)
            allowed = math.ceil(rows / 100) + math.ceil(len(run.hosts) / 50)
            print(
                f"NetBox requests of netbox_probe in run {number}: {len(run.probe_requests)} "
                f"(1 per 100 rows and 1 per 50 devices: {allowed})"
            )

    def _expect(self, right: bool, problem: str, run: Run) -> None:
        if not right:
            self.problems.append(f"{run.title}: {problem}")

    def _standin(self, what: str, data: bytes | None = None) -> bytes:
        with urllib.request.urlopen(f"{self.sandbox.netbox_url}/_standin/{what}", data=data, timeout=10) as answer:
            return bytes(answer.read())


def run_command(command: Sequence[str], collected: Path) -> tuple[int, list[str]]:
    """Run a command, and return its exit status and the lines that it printed.

    collected: the folder where its collections are kept.
    """
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "PYTHONUNBUFFERED": "1"}
    # What a user has set for his own NetBox must not reach the sandbox, nor the sandbox' data his NetBox.
    for name in [name for name in environment if name.startswith(("NETBOX_", "SNMP_", "INVMON_"))]:
        del environment[name]
    environment["INVMON_COLLECTED"] = str(collected)
    environment["COLUMNS"] = str(shutil.get_terminal_size((100, 24)).columns)
    if sys.stdout.isatty():
        environment["ANSIBLE_FORCE_COLOR"] = "1"
    lines: list[str] = []
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=dying_with_parent(signal.SIGINT),  # so that Ansible ends its forks too
    )
    try:
        lines.extend(child.stdout or ())
        return child.wait(timeout=RUN_SECONDS), lines
    except BaseException:
        stop_session(child)
        raise


def said_at_the_end(lines: Sequence[str]) -> list[str]:
    """The summary of the run: all below the recap that begins with its name. Everything, if it does not come so far."""
    begins = ("Inventory", "Discovery")
    begin = max((number for number, line in enumerate(lines) if line.startswith(begins)), default=0)
    return "".join(lines[begin:]).strip().splitlines(keepends=True)


def read_recap(run: Run) -> None:
    """Who changed and who failed, by the lines of PLAY RECAP."""
    for line in run.text.splitlines():
        found = RECAP.match(line)
        if found:
            if found["host"] == "localhost":
                continue
            run.hosts.add(found["host"])
            if found["changed"] != "0":
                run.changed.add(found["host"])
            if found["failed"] != "0" or found["unreachable"] != "0":
                run.failed.add(found["host"])


def heading(text: str) -> None:
    rule = "=" * (min(100, shutil.get_terminal_size().columns) - len(text) - 1)
    print(f"\n{text} {rule}", flush=True)


def names(hosts: set[str]) -> str:
    return ", ".join(sorted(hosts)) or "none"


def main() -> int:
    parser = argparse.ArgumentParser(description="Show the nightly job on the sandbox.")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    folder = parser.parse_args().folder.resolve()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    heading("The sandbox: a simulated network and a NetBox stand-in")
    with Sandbox(folder) as sandbox:
        network = sandbox.network
        print(f"{len(network.plan.agents)} SNMP agents on UDP port {network.port}, NetBox at {sandbox.netbox_url}")
        demo = Demo(sandbox)
        print(f"Bad ones, which must fail alone: {names(demo.bad)}")
        print("One site is named as an attacker would: no template in a name may be evaluated.")
        demo.dry_run()
        demo.first_run()
        demo.changed_run()
        demo.quiet_run()
        demo.discovery()
        demo.summary()
    return 1 if demo.problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        sys.exit("\ndemo: stopped")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command costs: time, CPU by kind of process, and the memory of all its processes together.

CPU is exact: the kernel's own sums, read when the command has ended and before it is forgotten. Memory is sampled a few
times a second. Linux only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.invmon.network.tests.sandbox.processes import dying_with_parent, stop_session

TICK = os.sysconf("SC_CLK_TCK")
#: Seconds between two samples, at least; and about this share of the time is spent on sampling.
SAMPLE_SECONDS = 0.25
SAMPLE_SHARE = 0.05
#: At most, so that a peak is not missed where a sample of many processes takes long.
LONGEST_WAIT = 1.0


@dataclass
class Stat:
    """One line of /proc/PID/stat, as far as it is wanted."""

    pid: int
    parent: int
    started: int  #: in ticks since the machine began; together with pid a name that is not used twice
    own: float  #: CPU seconds
    children: float  #: CPU seconds of the children that were waited for


@dataclass
class Cost:
    """What a command cost."""

    status: int = 0
    began: float = 0.0  #: seconds since the epoch
    seconds: float = 0.0
    cpu_main: float = 0.0  #: CPU seconds of the process that was started
    cpu_forks: float = 0.0  #: of its copies: Ansible's workers
    cpu_others: float = 0.0  #: of other programs that they started
    own_mb: float = 0.0  #: peak of the sum of what belongs to one process alone (USS)
    all_mb: float = 0.0  #: peak of that and of what they share, counted once (PSS)
    processes: int = 0  #: most at one time
    samples: int = 0
    timeline: list[tuple[float, float]] = field(default_factory=list)  #: of each sample: seconds since the epoch, PSS

    @property
    def cpu(self) -> float:
        """CPU seconds in all."""
        return self.cpu_main + self.cpu_forks + self.cpu_others


def parse_stat(text: str) -> Stat:
    """Read /proc/PID/stat; the name in it may hold blanks and brackets."""
    pid, _space, rest = text.partition(" (")
    words = rest.rpartition(")")[2].split()
    own, children = int(words[11]) + int(words[12]), int(words[13]) + int(words[14])
    return Stat(int(pid), int(words[1]), int(words[19]), own / TICK, children / TICK)


def parse_rollup(text: str) -> tuple[int, int]:
    """Of /proc/PID/smaps_rollup: (private, proportional) memory in kB."""
    private = proportional = 0
    for line in text.splitlines():
        name, _colon, rest = line.partition(":")
        if name in ("Private_Clean", "Private_Dirty"):
            private += int(rest.split()[0])
        elif name == "Pss":
            proportional = int(rest.split()[0])
    return private, proportional


def tree(root: int) -> list[Stat]:
    """The process and all that descends from it."""
    children: dict[int, list[Stat]] = {}
    first = None
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = parse_stat(Path(entry.path, "stat").read_text(errors="replace"))
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(stat.parent, []).append(stat)
            first = stat if stat.pid == root else first
    found = [first] if first else []
    for stat in found:
        found += children.get(stat.pid, [])
    return found


def cpu_of(pids: Sequence[int]) -> float:
    """CPU seconds so far of these processes and of their children, those that have ended too."""
    return sum(stat.own + stat.children for pid in pids for stat in tree(pid))


@dataclass
class _Sampler:
    """Watches the tree of a process until it is stopped."""

    root: int
    cost: Cost
    enough: threading.Event = field(default_factory=threading.Event)
    names: dict[tuple[int, int], str] = field(default_factory=dict)
    others: dict[tuple[int, int], float] = field(default_factory=dict)  #: CPU seconds of programs that are no copies

    def run(self) -> None:
        wait = 0.05
        while not self.enough.wait(wait):
            began = time.perf_counter()
            self._look()
            wait = min(LONGEST_WAIT, max(SAMPLE_SECONDS, (time.perf_counter() - began) / SAMPLE_SHARE))

    def _look(self) -> None:
        found = tree(self.root)
        private = proportional = 0
        for stat in found:
            try:
                one = parse_rollup(Path(f"/proc/{stat.pid}/smaps_rollup").read_text())
                name = Path(f"/proc/{stat.pid}/cmdline").read_text(errors="replace")
            except (OSError, ValueError):
                continue
            private += one[0]
            proportional += one[1]
            # Ansible's workers keep the command line of the process that they were copied from.
            self.names.setdefault((stat.pid, stat.started), name)
            if name and name != self.names.get((self.root, found[0].started), name):
                self.others[(stat.pid, stat.started)] = stat.own
        self.cost.own_mb = max(self.cost.own_mb, private / 1024)
        self.cost.all_mb = max(self.cost.all_mb, proportional / 1024)
        self.cost.processes = max(self.cost.processes, len(found))
        self.cost.samples += 1
        self.cost.timeline.append((time.time(), proportional / 1024))


class Running:
    """A command that runs, its output into a file. wait() for what it cost, or stop() it."""

    def __init__(
        self,
        command: Sequence[str],
        output: Path,
        cwd: Path,
        environment: Mapping[str, str],
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """`prepare` is run in the new process before the command, for limits."""
        die = dying_with_parent(signal.SIGINT)

        def before() -> None:
            die()
            # A bench in the background ignores it, and so would the command: nobody could end it as Ctrl-C does.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if prepare:
                prepare()

        self.cost = Cost(began=time.time())
        self._began = time.perf_counter()
        with output.open("wb") as file:
            self._child = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=before,
            )
        self._sampler = _Sampler(self._child.pid, self.cost)
        self._thread = threading.Thread(target=self._sampler.run, daemon=True)
        self._thread.start()

    def wait(self) -> Cost:
        """Wait for its end; what it cost. It is stopped where that is interrupted."""
        try:
            # It has ended, but can still be read: the sums of its CPU are complete now.
            os.waitid(os.P_PID, self._child.pid, os.WEXITED | os.WNOWAIT)
            self.cost.seconds = time.perf_counter() - self._began
            last = parse_stat(Path(f"/proc/{self._child.pid}/stat").read_text(errors="replace"))
            self.cost.status = self._child.wait()
        except BaseException:
            self.stop()
            raise
        self._end_sampling()
        self.cost.cpu_main = last.own
        self.cost.cpu_others = min(sum(self._sampler.others.values()), last.children)
        self.cost.cpu_forks = last.children - self.cost.cpu_others
        return self.cost

    def stop(self) -> None:
        """End it and all that it started."""
        if self._child.poll() is None:
            stop_session(self._child)
        self._end_sampling()

    def _end_sampling(self) -> None:
        self._sampler.enough.set()
        self._thread.join()

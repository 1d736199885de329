# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is scarce in a run: memory, file descriptors, room on the disk. Each is a context manager with `prepare`, to be
called in the process that is to be limited, and text that says which means was used.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ansible_collections.invmon.network.tests.bench.measure import Cost

CGROUPS = Path("/sys/fs/cgroup")
LEAVE_SECONDS = 10
PEAKS = ("memory.max_usage_in_bytes", "memory.peak")


class Memory:
    """No more memory than this, for all processes of a run together where cgroups allow it, else for each of them."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.group: Path | None = None
        self.peak_seen = 0

    def __enter__(self) -> Memory:
        octets = str(self.megabytes << 20)
        for parent, file in ((CGROUPS / "memory", "memory.limit_in_bytes"), (CGROUPS, "memory.max")):
            group = parent / f"invmon-load-{os.getpid()}"
            try:
                group.mkdir()
            except OSError:
                continue
            try:
                (group / file).write_text(octets)
                self.group = group
                break
            except OSError:
                group.rmdir()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the group, with what a run that was short of memory may have left in it."""
        self.peak_seen = self.peak
        deadline = time.monotonic() + LEAVE_SECONDS
        while self.group and self.group.exists():
            for pid in (self.group / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            try:
                self.group.rmdir()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def prepare(self) -> None:
        """Put this process under the limit."""
        if self.group:
            (self.group / "cgroup.procs").write_text(str(os.getpid()))
        else:
            octets = self.megabytes << 20
            resource.setrlimit(resource.RLIMIT_AS, (octets, octets))

    def wrong(self, costs: Sequence[Cost], _text: str) -> Iterator[str]:
        """Processes that were killed or left behind; too much, where nothing but our own sum can say so."""
        if self.group:
            kept = (self.group / "cgroup.procs").read_text().split()
            told = [
                path.read_text()
                for path in (self.group / "memory.oom_control", self.group / "memory.events")
                if path.exists()
            ]
            killed = sum(int(number) for text in told for number in re.findall(r"^oom_kill (\d+)", text, re.MULTILINE))
            if killed or kept:
                yield f"{killed} processes were killed for want of memory, {len(kept)} were left behind"
        if not self.group and any(cost.all_mb > self.megabytes for cost in costs):
            yield f"all processes together used more than {self.megabytes} MB"

    @property
    def peak(self) -> int:
        """The most that the group had, in MB: with the pages of files that the kernel keeps while there is room."""
        paths = [self.group / name for name in PEAKS] if self.group else []
        return next((int(path.read_text()) >> 20 for path in paths if path.exists()), 0)

    def __str__(self) -> str:
        if not self.group:
            return "limited by ulimit -v, each process"
        return f"limited by a cgroup, all processes together; peak {self.peak_seen:,} MB, cached files included"


class Files:
    """So many file descriptors for each process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to undo: the limit was another process's."""

    def prepare(self) -> None:
        """Put this process under the limit."""
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        number = self.number if hard == resource.RLIM_INFINITY else min(self.number, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))

    def __str__(self) -> str:
        return f"ulimit -n {self.number}, for each process"


class Disk:
    """A folder on a disk that is nearly full: a small tmpfs for root, else no file above that size (ulimit -f)."""

    KILOBYTES = 200
    FILE_KILOBYTES = 8

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mounted = False

    def __enter__(self) -> Disk:
        self.folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.KILOBYTES}k", "tmpfs", str(self.folder)]
        try:
            self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            self.mounted = False
        return self

    def __exit__(self, *_: object) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)
        shutil.rmtree(self.folder)

    def prepare(self) -> None:
        """Put this process under the limit, where there is no disk of that size."""
        if not self.mounted:
            octets = self.FILE_KILOBYTES << 10
            resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))

    def wrong(self, _costs: Sequence[Cost], text: str) -> Iterator[str]:
        """A broken file; a device that has neither a recording nor a warning; no shortage at all."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        for path in files:
            if path.suffix != ".snmprec" or not path.read_bytes().endswith(b"\n"):
                yield f"a broken file is left: {path.name}, {path.stat().st_size} octets"
        told = set(re.findall(r"/(bench-\d+)\.snmprec\s+cannot\s+be\s+written", text))
        if not told:
            yield "the disk was never full"
        asked = set(re.findall(r"^(bench-\d+)\s+: ok=", text, re.MULTILINE))
        silent = asked - told - {path.stem for path in files}
        if silent:
            yield f"neither recorded nor warned of: {', '.join(sorted(silent)[:3])}, {len(silent)} in all"

    def __str__(self) -> str:
        return f"a tmpfs of {self.KILOBYTES} kB" if self.mounted else f"ulimit -f, {self.FILE_KILOBYTES} kB a file"

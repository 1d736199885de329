# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs at a time in one task: a few processes, each of which takes the next job when it is done with one.

Processes and not threads, because net-snmp keeps its SNMPv3 users for a process, and because a crash in a C library
then costs one device. They are forked, so the jobs and all that was imported are there without being sent.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from .lifeline import end_with


class Done(NamedTuple):
    """The result of one job."""

    number: int  #: its place among the jobs
    result: str | None  #: what the work returned; None if its process ended before
    error: str | None  #: then why, in a sentence
    seconds: float  #: from when it was handed out


@dataclass
class _Worker:
    pid: int
    connection: Connection
    number: int = -1  #: of the job that it does
    since: float = 0.0

    def hand(self, number: int) -> None:
        self.number, self.since = number, time.monotonic()
        self.connection.send(number)


def work_through(
    work: Callable[[Any], str], jobs: Sequence[Any], processes: int, seconds: float | None = None
) -> Iterator[Done]:
    """Do work(job) for each of the jobs, that many at a time; yields them as they end.

    :param work: runs in a process of its own, so what it changes in memory is lost; it must not raise.
    :param seconds: a job that takes longer is ended with its process; None: none is.

    Raises OSError if not even one process can be started.
    """
    workers: list[_Worker] = []
    waiting = deque(range(len(jobs)))
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                try:
                    worker = _start(work, jobs, [other.connection for other in workers])
                except OSError:
                    # No more files, memory or processes to be had: fewer do the work.
                    if not workers:
                        raise
                    processes = len(workers)
                    break
                workers.append(worker)
                worker.hand(waiting.popleft())
            for worker in _ready(workers, seconds):
                done = _receive(worker, seconds)
                if done.error is None and waiting:
                    worker.hand(waiting.popleft())
                else:
                    workers.remove(worker)
                    _end(worker)
                yield done
    finally:
        for worker in workers:
            _end(worker)


def _ready(workers: Sequence[_Worker], seconds: float | None) -> list[_Worker]:
    """The workers with a result, or out of time; waits for the first."""
    left = None
    if seconds is not None:
        left = max(0.0, min(worker.since for worker in workers) + seconds - time.monotonic())
    ready = set(wait([worker.connection for worker in workers], left))
    now = time.monotonic()
    return [w for w in workers if w.connection in ready or (seconds is not None and now - w.since >= seconds)]


def _receive(worker: _Worker, seconds: float | None) -> Done:
    took = time.monotonic() - worker.since
    if not worker.connection.poll():
        error = f"it took longer than {seconds:g} s, and the process that read it was ended"
        return Done(worker.number, None, error, took)
    try:
        return Done(worker.number, worker.connection.recv(), None, took)
    except (EOFError, OSError):
        return Done(worker.number, None, f"the process that read it {_why(worker)}", took)


def _why(worker: _Worker) -> str:
    """How a process ended."""
    _pid, status = os.waitpid(worker.pid, 0)
    worker.pid = 0
    if os.WIFSIGNALED(status):
        return f"was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with the status {os.waitstatus_to_exitcode(status)}"


def _end(worker: _Worker) -> None:
    worker.connection.close()
    if worker.pid:
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        os.waitpid(worker.pid, 0)
        worker.pid = 0


def _start(work: Callable[[Any], str], jobs: Sequence[Any], others: Sequence[Connection]) -> _Worker:
    """Fork a process. It lets go of its brothers' pipes, so that each of them sees it when this process has ended."""
    ours, its = Pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        its.close()
        return _Worker(pid, ours)
    try:
        # Those of Ansible's worker would run its clean-up here.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # It notices by its pipe as well, but only after its job.
        end_with(parent)
        for connection in (ours, *others):
            connection.close()
        _serve(work, jobs, its)
    finally:
        # Nothing of what the parent registered for its own end.
        os._exit(1)


def _serve(work: Callable[[Any], str], jobs: Sequence[Any], connection: Connection) -> None:
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send(work(jobs[connection.recv()]))

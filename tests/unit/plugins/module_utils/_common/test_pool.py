# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs in a few processes: each ends once, whatever becomes of its process."""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.pool import Done, work_through


def _results(done: list[Done]) -> dict[int, str | None]:
    assert len({one.number for one in done}) == len(done), "a job ended twice"
    return {one.number: one.result for one in done}


def test_every_job_is_done_once_by_as_many_processes_as_were_asked_for() -> None:
    jobs = [f"job {number}" for number in range(40)]
    done = list(work_through(lambda job: f"{job} {os.getpid()}", jobs, processes=3))
    results = _results(done)
    assert {number: str(result).rsplit(" ", 1)[0] for number, result in results.items()} == dict(enumerate(jobs))
    assert 1 <= len({str(result).rsplit(" ", 1)[1] for result in results.values()}) <= 3
    assert _results(list(work_through(str, [], processes=3))) == {}
    assert _results(list(work_through(str, [7], processes=9))) == {0: "7"}


def test_a_process_that_crashes_costs_its_own_job_and_no_other() -> None:
    def work(job: int) -> str:
        if job in (3, 4):
            os.kill(os.getpid(), signal.SIGKILL)
        if job == 5:
            raise ValueError("a bug")
        return str(job)

    done = list(work_through(work, range(12), processes=2))
    assert {number for number, result in _results(done).items() if result is None} == {3, 4, 5}
    errors = {one.number: one.error for one in done if one.error}
    assert errors[3] == "the process that read it was ended by SIGKILL"
    assert errors[5] == "the process that read it ended with the status 1"


def test_fewer_processes_do_where_no_more_files_can_be_opened() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened + 6, hard))
    try:
        done = list(work_through(str, range(30), processes=20))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert _results(done) == {number: str(number) for number in range(30)}


def test_a_job_without_end_is_ended_and_the_others_go_on() -> None:
    def work(job: int) -> str:
        if job == 1:
            time.sleep(60)
        return str(job)

    done = list(work_through(work, range(5), processes=2, seconds=0.5))
    assert _results(done) == {0: "0", 1: None, 2: "2", 3: "3", 4: "4"}
    assert [one.error for one in done if one.error] == [
        "it took longer than 0.5 s, and the process that read it was ended"
    ]


def test_nothing_is_left_behind_when_the_caller_stops_early() -> None:
    working: Any = work_through(lambda job: str(os.getpid()), range(100), processes=4)
    pids = {int(str(next(working).result)) for _number in range(8)}
    working.close()
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        raise AssertionError(f"process {pid} still runs")

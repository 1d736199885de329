# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes when each play and task began, what CPU was used by then (by the main process, by the forks that have ended),
and how many tasks each host had: a line of JSON each, to BENCH_STAMPS.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: bench_stamps
type: aggregate
short_description: Stamps for the bench
description: Used by tests/bench alone.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bench_stamps"

    def __init__(self) -> None:
        super().__init__()
        self.host_tasks: Counter[str] = Counter()

    def _stamp(self, what: str, **more: Any) -> None:
        path = os.environ.get("BENCH_STAMPS")
        if path:
            used = os.times()
            cpu = {"main": used.user + used.system, "forks": used.children_user + used.children_system}
            with open(path, "a", encoding="utf-8") as file:
                print(json.dumps({"at": time.time(), "what": what, "cpu": cpu, **more}), file=file)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._stamp("playbook")

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._stamp("play", name=play.get_name())

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        role = task._role.get_name(include_role_fqcn=False) if task._role else ""
        self._stamp("task", name=task.get_name(), role=role, action=task.action)

    def _count(self, result: Any) -> None:
        host = getattr(result, "host", None) or result._host
        self.host_tasks[host.get_name()] += 1

    def v2_runner_on_ok(self, result: Any) -> None:
        self._count(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._count(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._count(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._count(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        counts = sorted(self.host_tasks.values())
        self._stamp("stats", hosts=len(counts), median=counts[len(counts) // 2] if counts else 0, total=sum(counts))

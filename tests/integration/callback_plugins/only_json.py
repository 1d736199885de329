# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stdout callback as a program would have it: one JSON object a line, and nothing else."""

from __future__ import annotations

DOCUMENTATION = r"""
name: only_json
type: stdout
short_description: One JSON object a line
description: For tests.
"""

import json
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "only_json"

    def _tell(self, event: str, **more: Any) -> None:
        self._display.display(json.dumps({"event": event, **more}))

    def v2_runner_on_ok(self, result: Any) -> None:
        self._tell("ok", host=result.host.get_name())

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._tell("failed", host=result.host.get_name())

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._tell("stats")

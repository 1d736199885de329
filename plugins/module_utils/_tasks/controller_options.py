# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the tasks that run on the controller only."""

from __future__ import annotations

from typing import Any

Spec = dict[str, dict[str, Any]]

REQUIRE_WHOLE: Spec = {"nothing_known": {"type": "bool", "default": False}, "error": {"type": "str"}}

RUN_CHECK: Spec = {
    "parts": {
        "type": "list",
        "elements": "str",
        "choices": [
            *("collect", "reach", "discover", "record", "replay", "profile"),
            *("upload", "report", "hygiene", "restore"),
        ],
        "default": [],
    }
}

RUN_RECORD: Spec = {
    "file": {"type": "path"},
    "name": {"type": "str", "default": "invmon_run"},
    "error": {"type": "str"},
    "say": {"type": "bool", "default": True},
}

SAY: Spec = {"lines": {"type": "list", "elements": "str", "required": True}}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: what goes wrong between a client and its NetBox, planned by a test, counted down as it happens."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: What each kind does. "Served" means that the request is executed, and its writes are kept.
KINDS = {
    "latency": "wait `seconds`, then serve",
    "500": "JSON 500, not served",
    "deadlock": "JSON 500 `deadlock detected`, not served",
    "502html": "an HTML 502 as a proxy sends it, not served",
    "503html": "an HTML 503 as a proxy sends it, not served",
    "html": "an HTML page with status 200 (a log-in page), not served",
    "429": "429 with Retry-After: `seconds`, not served",
    "403": "JSON 403 without permission, not served",
    "reset": "the connection is reset, not served",
    "close": "the connection is closed without an answer, not served",
    "revive": "204 as if the rows were deleted, not served: a PATCH at that moment brought them all back",
    "truncate": "served, but the answer ends in its middle",
    "drip": "served, but the answer comes in ten pieces, over `seconds`",
    "plain": "served, but the answer calls its JSON text/plain",
    "drop_after_write": "served, but the answer never comes: after `seconds` the connection is closed",
    "reset_after_write": "served, but the connection is reset instead of an answer",
}


@dataclass
class Fault:
    """One planned fault."""

    kind: str  #: one of KINDS
    method: str = ""  #: the request's method; "" is any
    path: str = ""  #: a regular expression, searched in path?query; "" is any
    nth: int = 1  #: it begins with the nth request that matches
    times: int = 1  #: how often it happens; -1 is for ever
    above: int = 0  #: only while more than so many requests are under way, this one among them
    seconds: float = 0.0

    def matches(self, method: str, target: str, under_way: int) -> bool:
        """Is this fault meant for that request?"""
        meant = self.method in ("", method) and re.search(self.path, target) is not None
        return meant and under_way > self.above


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        """Nothing goes wrong."""
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def plan(self, data: Mapping[str, Any]) -> None:
        """Add a fault: {"kind", "match": {"method", "path", "nth", "above"}, "times", "seconds"}. Raises ValueError."""
        fault = Fault(**{**data.get("match", {}), **{name: one for name, one in data.items() if name != "match"}})
        if fault.kind not in KINDS:
            raise ValueError(f"unknown fault {fault.kind!r}; known: {', '.join(KINDS)}")
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._planned.clear()

    def planned(self) -> list[dict[str, Any]]:
        """The faults still to come, as data."""
        with self._lock:
            return [asdict(fault) for fault in self._planned]

    def next(self, method: str, target: str, under_way: int = 1) -> Fault | None:
        """The fault that befalls this request, if any; it is used up by one."""
        with self._lock:
            for fault in self._planned:
                if not fault.matches(method, target, under_way):
                    continue
                if fault.nth > 1:
                    fault.nth -= 1
                    continue
                fault.times -= 1
                if fault.times == 0:
                    self._planned.remove(fault)
                return fault
        return None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of applying a plan, as data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Done:
    """One object that was written."""

    kind: str  #: tag, address, device, interface, journal entry
    did: str  #: created, changed
    name: str
    id: int | None  #: None: it is there, and its id is not known


@dataclass(frozen=True)
class Failed:
    """One object that was not written, and why."""

    kind: str
    name: str
    reason: str


@dataclass
class Applied:
    """What was written, and what was not."""

    done: list[Done] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)

    def wrote(self, kind: str, did: str, name: str, number: int | None) -> None:
        self.done.append(Done(kind, did, name, number))

    def fail(self, kind: str, name: str, reason: str) -> None:
        self.failed.append(Failed(kind, name, reason))

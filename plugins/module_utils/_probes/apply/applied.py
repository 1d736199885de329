# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox made of the steps of a plan, and which steps of each device were taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..plan.device_plan import DevicePlan
from ..plan.step import REFRESHED, Step


@dataclass
class Applied:
    """The outcome of the steps: those that are not named here were written, or in check mode would be."""

    failed: list[tuple[Step, str]] = field(default_factory=list)  #: step, reason in words
    #: Steps whose row another run wrote at the same moment, and whose own was deleted: counted as refreshed.
    overtaken: list[Step] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class TakenStep(NamedTuple):
    """A step that was taken, and the fate of its part."""

    step: Step
    fate: str  #: that of the step; of one that another run took first, refreshed


class Taken:
    """Which steps were taken."""

    def __init__(self, applied: Applied) -> None:
        self._failed = {id(step) for step, _reason in applied.failed}
        self._overtaken = {id(step) for step in applied.overtaken}
        self._failures: dict[str, list[tuple[Step, str]]] = {}
        for step, reason in applied.failed:
            self._failures.setdefault(step.host, []).append((step, reason))

    def failures(self, device: DevicePlan) -> list[tuple[Step, str]]:
        """The steps of a device that were not taken, with the reason; those too that were taken out of its plan."""
        return self._failures.get(device.name, [])

    def reasons(self, device: DevicePlan) -> dict[str, list[str]]:
        """The reasons, each with the serials."""
        found: dict[str, list[str]] = {}
        for step, reason in self.failures(device):
            found.setdefault(reason, []).append(step.serial)
        return {reason: sorted(serials) for reason, serials in sorted(found.items())}

    def steps(self, device: DevicePlan) -> Iterator[TakenStep]:
        """The steps of a device that were taken."""
        for step in device.steps:
            if id(step) not in self._failed:
                yield TakenStep(step, REFRESHED if id(step) in self._overtaken else step.fate)

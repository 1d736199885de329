# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many devices had which outcome, and how many parts which fate, from the devices of a result of netbox_probe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..reading import NOTHING, READINGS

#: The outcome of a device that is in NetBox as it was read, whole.
WRITTEN = "written"
#: The outcomes of a device in the result of netbox_probe.
OUTCOMES = (WRITTEN, "partial", "held", "failed", "not collected", NOTHING)
#: Fates of parts that netbox_probe lists; `seen`, `refreshed`, `not_due`, `unknown` and `gone_before` it counts itself.
LISTED = (
    "created", "changed", "moved", "swapped", "returned", "adopted", "renamed", "updated", "deleted",
    "not_seen", "gone", "skipped",
)  # fmt: skip
COUNTED = ("seen", "refreshed", "not_due", "unknown", "gone_before")
FATES = (*LISTED, *COUNTED, "not_seen_new", "not_written")

Devices = Mapping[str, Mapping[str, Any]]


def reading_counts(devices: Devices) -> dict[str, int]:
    """How many devices were read how: they add up to the number of devices."""
    return _counted((device.get("reading") for device in devices.values()), READINGS)


def outcome_counts(devices: Devices) -> dict[str, int]:
    """How many devices had which outcome: they add up to the number of devices."""
    return _counted((device["outcome"] for device in devices.values()), OUTCOMES)


def part_counts(devices: Devices) -> dict[str, int]:
    """How many parts had which fate."""
    total: Counter[str] = Counter(dict.fromkeys(FATES, 0))
    for device in devices.values():
        for fate in LISTED:
            total[fate] += len(device.get(fate, ()))
        for fate in COUNTED:
            total[fate] += device.get(fate, 0)
        total["not_seen_new"] += sum(1 for part in device.get("not_seen", ()) if part.get("new"))
        total["not_written"] += sum(len(group["serials"]) for group in device.get("failed", ()))
    return dict(total)


def _counted(found: Any, words: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(found)
    return {word.replace(" ", "_"): counts[word] for word in words}

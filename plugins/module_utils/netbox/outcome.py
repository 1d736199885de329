# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each device and part, as data and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .plan import IN_PLACE, REFRESHED, DevicePlan, Plan
from .text import printable

#: A list in the summary ends after so many; a night with 300 dead devices must stay readable.
_SHOWN = 10


@dataclass
class Applied:
    """What became of the steps: those that are not named here were written."""

    failed: list[tuple[dict[str, Any], str]] = field(default_factory=list)  #: step, reason in words
    warnings: list[str] = field(default_factory=list)


def make_outcome(plan: Plan, applied: Applied, requests: int) -> dict[str, Any]:
    """The result of a run: of check mode as well, where `applied` is empty.

    Compact: serials are listed only where something happened to them.
    """
    reasons: dict[str, list[dict[str, str]]] = defaultdict(list)
    failed_steps = set()
    for step, reason in applied.failed:
        failed_steps.add(id(step))
        reasons[step["host"]].append({"serial": step["serial"], "reason": reason})
    devices = {device.name: _device_outcome(device, failed_steps, reasons[device.name]) for device in plan.devices}
    return {
        "changed": any(outcome["wrote"] for outcome in devices.values()),
        "refreshed": sum(outcome["refreshed"] for outcome in devices.values()),
        "devices": devices,
        "failed_hosts": {name: _why(name, found) for name, found in devices.items() if found["outcome"] != "written"},
        "requests": requests,
        "run_time": plan.time,
        "summary": _summary(plan, devices, requests),
        "warnings": applied.warnings,
    }


def _device_outcome(device: DevicePlan, failed_steps: set[int], failures: list[dict[str, str]]) -> dict[str, Any]:
    written = [step for step in device.steps if id(step) not in failed_steps]
    by_fate: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in written:
        by_fate[step["fate"]].append(step)
    refreshed = len(by_fate.pop(REFRESHED, ()))
    outcome: dict[str, Any] = {
        "outcome": _word(device, written, failures),
        "error": device.error or (failures[0]["reason"] if failures else None),
        "wrote": bool(by_fate),
        "seen": device.seen,
        "refreshed": refreshed,
        "unknown": device.unknown,
    }
    for fate in ("created", "changed", *IN_PLACE):
        outcome[fate] = [step["serial"] for step in by_fate[fate]]
    for fate in ("moved", "returned"):
        outcome[fate] = [{"serial": step["serial"], "from": step["from"]} for step in by_fate[fate]]
    outcome["not_seen"] = device.not_seen
    outcome["skipped"] = device.skipped
    outcome["failed"] = failures
    outcome["notes"] = device.notes
    return outcome


def _why(name: str, outcome: dict[str, Any]) -> str:
    """One sentence for the recap of a device that is not written whole."""
    if outcome["failed"]:
        first = outcome["failed"][0]
        return (
            f"{name}: {_count(len(outcome['failed']), 'row')} not written, {first['serial']} first: {first['reason']}"
        )
    return f"{name}: {outcome['error'] or 'read in part: what it told is written, of the rest nothing is concluded'}"


def _word(device: DevicePlan, written: list[dict[str, Any]], failures: list[dict[str, str]]) -> str:
    if device.error:
        return "failed" if device.reason == "netbox" else "not collected"
    if failures:
        return "partial" if written else "failed"
    return "written" if device.complete else "partial"


def _summary(plan: Plan, devices: dict[str, dict[str, Any]], requests: int) -> list[str]:
    lines = [_devices_line(plan)]
    lines += _partial_lines(plan)
    lines += _error_lines(plan)
    lines.append(_parts_line(devices.values()))
    lines += _named("skipped", devices, "skipped")
    lines += _named("not written", devices, "failed")
    lines += [f"note: {printable(d.name)}: {printable(note)}" for d in plan.devices for note in d.notes][:_SHOWN]
    lines.append(f"NetBox: {_count(requests, 'request')}")
    return lines


def _devices_line(plan: Plan) -> str:
    whole = sum(1 for device in plan.devices if device.complete and not device.error)
    failed = sum(1 for device in plan.devices if device.error)
    part = len(plan.devices) - whole - failed
    return f"devices: {len(plan.devices)} asked, {whole} complete, {part} in part, {failed} failed"


def _partial_lines(plan: Plan) -> list[str]:
    partial = [device for device in plan.devices if not device.complete and not device.error]
    texts = [f"{d.name} ({', '.join(d.tables) or 'tables unknown'})" for d in partial]
    return [f"in part: {_listed(texts)}"] if texts else []


def _error_lines(plan: Plan) -> list[str]:
    grouped: dict[str, list[DevicePlan]] = defaultdict(list)
    for device in plan.devices:
        if device.error:
            grouped[device.reason or "error"].append(device)
    lines = []
    for reason, found in sorted(grouped.items()):
        lines.append(f"failed, {reason}: {_listed(device.name for device in found)}")
        lines.append(f"  {printable(found[0].name)}: {printable(found[0].error)}")
    return lines


def _parts_line(outcomes: Iterable[dict[str, Any]]) -> str:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        for fate in ("created", "changed", "moved", "returned", *IN_PLACE):
            total[fate] += len(outcome[fate])
        total["seen"] += outcome["seen"]
        total["not_seen"] += len(outcome["not_seen"])
        total["new_not_seen"] += sum(1 for part in outcome["not_seen"] if part["new"])
        total["unknown"] += outcome["unknown"]
    text = (
        f"parts: {total['created']} new, {total['changed']} changed, {total['moved']} moved, "
        f"{total['returned']} returned, {total['seen']} seen again"
    )
    for fate, words in (
        ("adopted", "taken over from the older scripts"),
        ("renamed", "renamed"),
        ("updated", "updated in place"),
    ):
        text += f", {total[fate]} {words}" if total[fate] else ""
    text += f", {total['not_seen']} not seen"
    text += f" ({total['new_not_seen']} of them since the last run)" if total["not_seen"] else ""
    return text + (f", {total['unknown']} unknown (device or table not read)" if total["unknown"] else "")


def _named(word: str, devices: dict[str, dict[str, Any]], key: str) -> list[str]:
    """One line per reason, with the rows that it concerns."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, outcome in devices.items():
        for row in outcome[key]:
            grouped[row["reason"]].append(f"{name} {row['serial']}")
    return [f"{word}: {_listed(rows)}: {printable(reason)}" for reason, rows in sorted(grouped.items())][:_SHOWN]


def _listed(names: Iterable[str]) -> str:
    texts = [printable(name) for name in names]
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

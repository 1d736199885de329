# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each device and part, as data and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..outgoing.text import printable
from ..saved_collections import ago, in_words
from .fates import DELETED, IN_PLACE, NEW_ROW, QUIET, REFRESHED
from .plan import NETBOX, DevicePlan, Plan
from .rows import parse_time

#: A list in the summary ends after so many; a night with 300 dead devices must stay readable.
_SHOWN = 10
#: The outcome of a device that stands in NetBox as it was read, whole.
WRITTEN = "written"
#: So many devices of each reason are explained; the recap names all.
_EXPLAINED = 3


@dataclass
class Applied:
    """What became of the steps: those that are not named here were written."""

    failed: list[tuple[dict[str, Any], str]] = field(default_factory=list)  #: step, reason in words
    #: Steps whose row another run wrote at the same moment, so that its row stands: counted as refreshed.
    overtaken: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def make_outcome(plan: Plan, applied: Applied, requests: int) -> dict[str, Any]:
    """The result of a run: of check mode as well, where `applied` is empty.

    Compact: serials are listed only where something happened to them, and what is empty is left out of a device.
    """
    failed_steps = {id(step) for step, _reason in applied.failed}
    overtaken = {id(step) for step in applied.overtaken}
    failures: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for step, reason in applied.failed:
        failures[step["host"]][reason].append(step["serial"])
    devices = {
        device.name: _device_outcome(device, failed_steps, overtaken, failures.get(device.name, {}))
        for device in plan.devices
    }
    return {
        "changed": any(outcome["wrote"] for outcome in devices.values()),
        "refreshed": sum(outcome["refreshed"] for outcome in devices.values()),
        "devices": devices,
        "conflicts": plan.conflicts,
        "no_identity": plan.no_identity,
        "failed_hosts": {name: _why(name, found) for name, found in devices.items() if found["outcome"] != WRITTEN},
        "requests": requests,
        "run_time": plan.time,
        "summary": _summary(plan, devices, requests),
        "warnings": applied.warnings,
    }


def _device_outcome(
    device: DevicePlan, failed_steps: set[int], overtaken: set[int], failures: Mapping[str, list[str]]
) -> dict[str, Any]:
    by_fate: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in device.steps:
        if id(step) in overtaken:
            by_fate[REFRESHED].append({**step, "fate": REFRESHED})
        elif id(step) not in failed_steps:
            by_fate[step["fate"]].append(step)
    refreshed = len(by_fate.get(REFRESHED, ()))
    lists: dict[str, Any] = {
        "error": device.error or device.held or next(iter(failures), device.incomplete),
        "reason": device.reason,
        "collected_at": device.seen_at or device.uploaded,
        "uploaded_before": bool(device.uploaded),
        "would": _withheld(device),
        "not_seen": [] if device.held else device.not_seen,
        "gone": [] if device.held else device.gone,
        "gone_before": device.gone_before,
        "skipped": device.skipped,
        "failed": [{"reason": reason, "serials": sorted(serials)} for reason, serials in sorted(failures.items())],
        "notes": device.notes,
        "coverage": device.coverage,
        "rejected": dict(Counter(device.rejected)),
    }
    for fate in ("created", "changed", *IN_PLACE, DELETED):
        lists[fate] = [step["serial"] for step in by_fate.get(fate, ())]
    for fate in ("swapped", "moved", "returned"):
        lists[fate] = [_evidence(step) for step in by_fate.get(fate, ())]
    lists["changes"] = {step["serial"]: step["changes"] for step in by_fate.get("changed", ())}
    return {
        "outcome": _word(device, bool(by_fate), bool(failures)),
        "wrote": any(_is_change(step) for steps in by_fate.values() for step in steps),
        "seen": 0 if device.held else device.seen,
        "refreshed": refreshed,
        "unknown": device.unknown,
        **{key: value for key, value in lists.items() if value},
    }


def _withheld(device: DevicePlan) -> dict[str, list[str]]:
    """What would become of the parts of a device that is held: fate -> serials."""
    found: dict[str, list[str]] = defaultdict(list)
    for step in device.withheld:
        if step["fate"] != REFRESHED:
            found[step["fate"]].append(step["serial"])
    return dict(found)


def _is_change(step: Mapping[str, Any]) -> bool:
    """True if the step writes more than our bookkeeping: a tag or comment for a part that is gone is more."""
    return step["fate"] not in QUIET or bool({"tags", "comments"} & set(step["data"]))


def _evidence(step: Mapping[str, Any]) -> dict[str, Any]:
    """Why a part has this fate: from where it came, with what it was swapped, how long it was not seen."""
    known = ("serial", "slot", "was", "from", "with", "missing")
    return {key: step[key] for key in known if key in step}


def _why(name: str, outcome: Mapping[str, Any]) -> str:
    """One sentence for the recap of a device that is not written whole."""
    failed = outcome.get("failed")
    if not failed:
        return f"{name}: {outcome['error']}"
    number = _count(sum(len(group["serials"]) for group in failed), "row")
    return f"{name}: {number} not written, {failed[0]['serials'][0]} first: {failed[0]['reason']}"


def _word(device: DevicePlan, written: bool, failed: bool) -> str:
    if device.error:
        return "failed" if device.reason == NETBOX else "not collected"
    if device.held:
        return "held"
    if failed:
        return "partial" if written else "failed"
    return WRITTEN if device.complete else "partial"


def _summary(plan: Plan, devices: Mapping[str, Mapping[str, Any]], requests: int) -> list[str]:
    lines = [_devices_line(plan)]
    lines += _partial_lines(plan)
    lines += _error_lines(plan)
    lines += _held_lines(plan)
    lines += _saved_lines(plan)
    lines.append(_parts_line(devices.values()))
    lines += _shared_lines(plan)
    lines += _coverage_lines(plan)
    lines += _named("skipped", ((d.name, bad["serial"], bad["reason"]) for d in plan.devices for bad in d.skipped))
    lines += _named("not written", _unwritten(devices))
    lines += [f"note: {printable(d.name)}: {printable(note)}" for d in plan.devices for note in d.notes][:_SHOWN]
    lines.append(f"NetBox: {_count(requests, 'request')}")
    return lines


def _devices_line(plan: Plan) -> str:
    unwritten = sum(1 for device in plan.devices if device.reason == NETBOX)
    failed = sum(1 for device in plan.devices if device.error and device.reason != NETBOX)
    whole = sum(1 for device in plan.devices if device.complete and (not device.error or device.reason == NETBOX))
    part = len(plan.devices) - whole - failed
    line = f"devices: {len(plan.devices)} asked, {whole} complete, {part} in part, {failed} failed"
    held = sum(1 for device in plan.devices if device.held)
    line += f", {held} held" if held else ""
    return f"{line}, {unwritten} not written" if unwritten else line


def _partial_lines(plan: Plan) -> list[str]:
    partial = [device for device in plan.devices if not device.complete and not device.error]
    texts = [f"{d.name} ({', '.join(d.tables) or 'tables unknown'})" for d in partial]
    return [f"in part: {listed(texts)}"] if texts else []


def _error_lines(plan: Plan) -> list[str]:
    grouped: dict[str, list[DevicePlan]] = defaultdict(list)
    for device in plan.devices:
        if device.error:
            grouped[device.reason or "error"].append(device)
    lines = []
    for reason, found in sorted(grouped.items()):
        lines.append(f"failed, {reason}: {listed(device.name for device in found)}")
        lines += [f"  {printable(device.name)}: {printable(device.error)}" for device in found[:_EXPLAINED]]
        if reason == NETBOX:
            lines.append("  What was collected of them is kept (collect_save_to): write it with --tags upload.")
    return lines


def _held_lines(plan: Plan) -> list[str]:
    """Who is held, and why; what is said of the whole run is said once."""
    held = [device for device in plan.devices if device.held and device.held != plan.held]
    lines = [plan.held] if plan.held else []
    for device in held[:_SHOWN]:
        lines.append(f"{printable(device.name)}: {device.held}")
        lines += [f"  {fate.replace('_', ' ')}: {listed(found)}" for fate, found in sorted(_withheld(device).items())]
    return lines + ([f"held: and {len(held) - _SHOWN} more devices"] if len(held) > _SHOWN else [])


def _saved_lines(plan: Plan) -> list[str]:
    """How old that is which was not read in this run."""
    now = parse_time(plan.time)
    ages = sorted(now - parse_time(device.seen_at) for device in plan.devices if device.seen_at)
    before = [device.name for device in plan.devices if device.uploaded]
    lines = []
    if ages:
        span = ago(ages[-1]) if in_words(ages[0]) == in_words(ages[-1]) else f"{ago(ages[0])} to {ago(ages[-1])}"
        lines.append(f"not read in this run: {_count(len(ages), 'device')}, collected {span}")
    if before:
        lines.append(f"uploaded before: {listed(before)}; nothing was collected of them since")
    return lines


def _parts_line(outcomes: Iterable[Mapping[str, Any]]) -> str:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        for fate in (*NEW_ROW, *IN_PLACE, "gone", DELETED):
            total[fate] += len(outcome.get(fate, ()))
        total["seen"] += outcome["seen"]
        missing = outcome.get("not_seen", ())
        total["not_seen"] += len(missing)
        total["new_not_seen"] += sum(1 for part in missing if part["new"])
        total["unknown"] += outcome["unknown"]
    text = (
        f"parts: {total['created']} new, {total['changed']} changed, {total['moved']} moved, "
        f"{total['returned']} returned, {total['seen']} seen again"
    )
    for fate, words in (
        ("swapped", "swapped"),
        ("adopted", "taken over from the older scripts"),
        ("renamed", "renamed"),
        ("updated", "updated in place"),
    ):
        text += f", {total[fate]} {words}" if total[fate] else ""
    text += f", {total['not_seen']} not seen"
    text += f" ({total['new_not_seen']} of them since the last run)" if total["not_seen"] else ""
    text += f", {total['gone']} gone" if total["gone"] else ""
    text += f", {total[DELETED]} deleted" if total[DELETED] else ""
    return text + (f", {total['unknown']} unknown (device or table not read)" if total["unknown"] else "")


def _shared_lines(plan: Plan) -> list[str]:
    """Serials that several devices show: those of the same devices in one line."""
    lines = []
    for word, found, advice in (
        ("conflict", plan.conflicts, "one of them is not what NetBox says, or the serial is not unique"),
        ("no identity", plan.no_identity, "kept on each of them; they tell nothing about moves"),
    ):
        grouped: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for serial, names in found.items():
            grouped[tuple(names)].append(serial)
        texts = [
            f"{word}: {listed(names)} show {_count(len(serials), 'same serial')}: {listed(serials)}; {advice}"
            for names, serials in sorted(grouped.items())
        ]
        lines += texts[:_SHOWN]
        lines += [f"{word}: and {len(texts) - _SHOWN} more groups of devices"] if len(texts) > _SHOWN else []
    return lines


def _coverage_lines(plan: Plan) -> list[str]:
    """What the devices cannot tell, by its kind (what stands before the colon), and what was taken for no serial."""
    kinds: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    reasons: Counter[str] = Counter()
    for device in plan.devices:
        reasons.update(device.rejected)
        for sentence in device.coverage:
            kinds[sentence.partition(":")[0]][sentence][device.name] += 1
    lines = []
    for kind, sentences in sorted(kinds.items()):
        found = sum(sentences.values(), Counter[str]())
        # One sentence is said whole; of many, which name their parts, only what they are about.
        words = printable(next(iter(sentences)) if len(sentences) == 1 else kind)
        times = f"{found.total()} on " if found.total() > len(found) else ""
        lines.append(f"coverage: {words} ({times}{_count(len(found), 'device')}): {listed(sorted(found))}")
    if reasons:
        words = ", ".join(f"{count} {printable(reason)}" for reason, count in reasons.most_common())
        lines.append(f"rejected: {_count(reasons.total(), 'text')} in serial columns ({words})")
    return lines


def _unwritten(devices: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for name, outcome in devices.items():
        for group in outcome.get("failed", ()):
            for serial in group["serials"]:
                yield name, serial, group["reason"]


def _named(word: str, rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """One line per reason, with the rows (device, serial) that it concerns."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, serial, reason in rows:
        grouped[reason].append(f"{name} {serial}")
    return [f"{word}: {listed(found)}: {printable(reason)}" for reason, found in sorted(grouped.items())][:_SHOWN]


def listed(names: Iterable[str]) -> str:
    """Names for a line of the summary: the first ones, and how many there are beside them."""
    texts = [printable(name) for name in names]
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

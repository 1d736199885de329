# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of each device and part, as data and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ..._common.typed_json import to_json
from ..._netbox.rows import parse_time
from ..._outgoing.words import count
from ..._report.night import summary, texts
from ..apply.applied import Applied, Taken
from ..plan.device_plan import NETBOX, DevicePlan, Plan
from ..plan.step import DELETED, IN_PLACE, QUIET, REFRESHED, Create, Delete, Step
from ..reading import NOTHING
from .changes import Change, changes_of
from .counts import WRITTEN, outcome_counts, part_counts, reading_counts
from .standing import NAMED, Standing, nothing_known, standing_of

#: The summary in a result has a fixed width; that of a run is made for the width of the terminal.
_WIDTH = 120
#: So many changes and items are in a result; its counts are complete.
MOST_CHANGES, MOST_STANDING = 10_000, 5_000
#: So many devices that were read for the first time are named.
FIRST_NAMED = 5


def make_outcome(plan: Plan, applied: Applied, requests: int, check_mode: bool = False) -> dict[str, Any]:
    """The result of a run: of check mode as well, where `applied` is empty.

    Compact: serials are listed only where something happened to them, and what is empty is left out of a device.
    """
    taken = Taken(applied)
    devices = {device.name: _device_outcome(device, taken) for device in plan.devices}
    changes, standing = changes_of(plan, taken), standing_of(plan, taken)
    known = [change for change in changes if not change.evidence.get("first")]
    result = {
        "changed": any(outcome["wrote"] for outcome in devices.values()),
        "check_mode": check_mode,
        "refreshed": sum(outcome["refreshed"] for outcome in devices.values()),
        "devices": devices,
        "readings": reading_counts(devices),
        "outcomes": outcome_counts(devices),
        "parts": part_counts(devices),
        "first_read": _first_read(changes),
        "collected": _collected(plan),
        **_cut("changes", known, MOST_CHANGES),
        **_cut("standing", standing, MOST_STANDING),
        "conflicts": {serial: list(names) for serial, names in plan.conflicts.items()},
        "no_identity": {serial: list(names) for serial, names in plan.no_identity.items()},
        "failed_hosts": {name: _why(found) for name, found in devices.items() if found["outcome"] not in _WHOLE},
        "requests": requests,
        "run_time": plan.time,
        "warnings": applied.warnings,
    }
    return with_summary(result)


def with_summary(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with its summary in words."""
    return {**result, "summary": list(texts(summary(result, _WIDTH)))}


#: Outcomes of devices that need no look by themselves, or that cannot be had otherwise.
_WHOLE = (WRITTEN, NOTHING)


def _first_read(changes: Sequence[Change]) -> dict[str, Any]:
    """The devices that were read for the first time: news, but no change of any part. Empty if there are none."""
    found = Counter(change.device for change in changes if change.evidence.get("first"))
    if not found:
        return {}
    named = [{"device": name, "parts": parts} for name, parts in sorted(found.items())[:FIRST_NAMED]]
    return {"devices": len(found), "parts": found.total(), "named": named}


def _collected(plan: Plan) -> dict[str, Any]:
    """What an earlier run collected: of how many devices and when (from, to), and the first of those of which it is in
    NetBox already. Empty if this run asked all."""
    moments = sorted((device.seen_at for device in plan.devices if device.seen_at), key=parse_time)
    uploaded = [device.name for device in plan.devices if device.uploaded]
    found: dict[str, Any] = {"devices": len(moments), "from": moments[0], "to": moments[-1]} if moments else {}
    return found | ({"uploaded": uploaded[:NAMED]} if uploaded else {})


def _cut(name: str, found: Sequence[Change] | Sequence[Standing], most: int) -> dict[str, Any]:
    left_out = {f"{name}_left_out": len(found) - most} if len(found) > most else {}
    return {name: [one.to_dict() for one in found[:most]], **left_out}


def _device_outcome(device: DevicePlan, taken: Taken) -> dict[str, Any]:
    by_fate: dict[str, list[Step]] = defaultdict(list)
    for step, fate in taken.steps(device):
        by_fate[fate].append(step)
    failures = taken.reasons(device)
    refreshed = len(by_fate.get(REFRESHED, ()))
    lists: dict[str, Any] = {
        "error": device.error or _held(device) or next(iter(failures), device.incomplete) or _nothing(device),
        "reason": device.reason,
        "collected_at": device.seen_at or device.uploaded,
        "uploaded_before": bool(device.uploaded),
        "would": _withheld(device),
        "not_seen": [] if device.held else [to_json(part) for part in device.not_seen],
        "gone": [] if device.held else [to_json(part) for part in device.became_gone],
        "gone_before": device.gone_before,
        "skipped": [to_json(record) for record in device.skipped],
        "failed": [{"reason": reason, "serials": serials} for reason, serials in failures.items()],
        "notes": list(device.notes),
        "coverage": list(device.coverage),
        "rejected": dict(Counter(device.rejected)),
    }
    for fate in ("created", "changed", *IN_PLACE, DELETED):
        lists[fate] = [step.serial for step in by_fate.get(fate, ())]
    for fate in ("swapped", "moved", "returned"):
        lists[fate] = [_evidence(step) for step in by_fate.get(fate, ()) if isinstance(step, Create)]
    lists["changes"] = {step.serial: _changes(step) for step in by_fate.get("changed", ())}
    return {
        "outcome": _word(device, bool(by_fate), bool(failures)),
        "reading": device.reading,
        "wrote": any(_is_change(step, fate) for fate, steps in by_fate.items() for step in steps),
        "seen": 0 if device.held else device.seen,
        "refreshed": refreshed,
        "not_due": 0 if device.held else device.not_due,
        "unknown": device.unknown,
        **{key: value for key, value in lists.items() if value},
    }


def _held(device: DevicePlan) -> str | None:
    return device.held.sentence if device.held else None


def _nothing(device: DevicePlan) -> str | None:
    if device.reading != NOTHING:
        return None
    found = nothing_known(device)
    return f"{found['text']}. {found['answer']}."


def _withheld(device: DevicePlan) -> dict[str, list[str]]:
    """What would become of the parts of a device that is held: fate -> serials."""
    found: dict[str, list[str]] = defaultdict(list)
    for step in device.withheld:
        if step.fate != REFRESHED:
            found[step.fate].append(step.serial)
    return dict(found)


def _is_change(step: Step, fate: str) -> bool:
    """True if the step writes more than our bookkeeping: a tag or comment for a part that is gone is more."""
    return fate not in QUIET or bool({"tags", "comments"} & step.data.keys())


def _changes(step: Step) -> dict[str, list[Any]]:
    """Field -> [old, new]."""
    changes = None if isinstance(step, Delete) else step.changes
    return {key: list(change) for key, change in (changes or {}).items()}


def _evidence(step: Create) -> dict[str, Any]:
    """Why a part has this fate: from where it came, with what it was swapped, how long it was not seen."""
    known = ("serial", "slot", "was", "from", "with", "missing")
    found = to_json(step)
    return {key: found[key] for key in known if key in found}


def _why(outcome: Mapping[str, Any]) -> str:
    """One sentence for the recap of a device that is not completely written."""
    failed = outcome.get("failed")
    if not failed:
        return str(outcome["error"])
    rows = sum(len(group["serials"]) for group in failed)
    return f"{count(rows, 'row')} not written, {failed[0]['serials'][0]} first: {failed[0]['reason']}"


def _word(device: DevicePlan, written: bool, failed: bool) -> str:
    if device.error:
        return "failed" if device.reason == NETBOX else "not collected"
    if device.held:
        return "held"
    if failed:
        return "partial" if written else "failed"
    if device.reading == NOTHING:
        return NOTHING
    return WRITTEN if device.complete else "partial"

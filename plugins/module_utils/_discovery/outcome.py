# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of registering, in words for users, as data, and as a diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .._outgoing.text import printable
from .._outgoing.words import clipped, count, listed
from .apply_data import Applied, Done
from .plan_data import Change, NewAddress, NewDevice, Plan
from .wishes import NOTHING, Wishes

#: Longer values are cut, in words only.
_WIDTH = 80
_PLURALS = {"address": "addresses", "journal entry": "journal entries"}


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as a task returns it."""
    found = {
        "addresses": [_without(asdict(one), "comments") for one in plan.addresses],
        "devices": [_without(asdict(one), "comments") for one in plan.devices],
        "changes": [_without(asdict(one), "comments") for one in plan.changes],
        "skipped": [asdict(one) for one in plan.skipped],
    }
    return {**found, "held": plan.held}


def _without(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key and value not in (None, "")}


def summary(plan: Plan, applied: Applied | None, wishes: Wishes) -> list[str]:
    """Sentences. applied: None in check mode."""
    if wishes.register == NOTHING:
        return []
    if plan.held:
        return [f"Held: {plan.held}.", *_skipped(plan)]
    lines = ["Nothing to register."] if plan.is_empty else _would(plan) if applied is None else _did(applied)
    return [*lines, *_skipped(plan), *(_not_written(applied) if applied else ())]


def _would(plan: Plan) -> list[str]:
    new = [one for one in plan.devices if one.device_id is None]
    parts = [*_counted({"address": len(plan.addresses), "device": len(new)})]
    lines = [f"Would register {' and '.join(parts)}."] if parts else []
    if plan.changes:
        lines.append(f"Would change {_count('address', len(plan.changes))}.")
    if len(new) < len(plan.devices):
        lines.append(f"Would complete {count(len(plan.devices) - len(new), 'device')} of an earlier run.")
    if plan.entries:
        lines.append(f"Would write {_count('journal entry', len(plan.entries))} of an earlier run.")
    return lines


def _did(applied: Applied) -> list[str]:
    created = _numbers(applied.done, "created")
    changed = _numbers([one for one in applied.done if one.kind != "device"], "changed")
    parts = _counted({kind: number for kind, number in created.items() if kind in ("address", "device")})
    lines = [f"Registered {' and '.join(parts)}."] if parts else []
    lines += [f"Changed {', '.join(_counted(changed))}."] if changed else []
    if not lines and applied.done:
        lines = [f"Wrote {', '.join(_counted(_numbers(applied.done)))} of an earlier run."]
    return lines or ["Nothing was registered."]


def _skipped(plan: Plan) -> list[str]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in plan.skipped:
        reasons[one.reason].append(one.ip)
    return [f"Not registered: {listed(ips)}: {clipped(reason, 300)}." for reason, ips in sorted(reasons.items())]


def _not_written(applied: Applied) -> list[str]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in applied.failed:
        reasons[one.reason].append(f"{one.kind} {clipped(one.name, _WIDTH)}")
    return [f"Not written: {listed(names)}: {printable(reason)}" for reason, names in sorted(reasons.items())]


def failure(plan: Plan, applied: Applied | None) -> str:
    """Why the task failed; empty: it did not."""
    if plan.held:
        return f"Held: {plan.held}."
    return "; ".join(_not_written(applied)) if applied and applied.failed else ""


def _numbers(done: Sequence[Done], did: str = "") -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in done:
        if did in ("", one.did):
            found[one.kind] += 1
    return found


def _counted(numbers: Mapping[str, int]) -> list[str]:
    return [_count(kind, number) for kind, number in numbers.items() if number]


def _count(kind: str, number: int) -> str:
    return count(number, kind, _PLURALS.get(kind))


def diff_of(plan: Plan) -> list[dict[str, str]]:
    """Ansible's `diff`: a block of new objects, and one of changes."""
    new = [*_new_addresses(plan.addresses), *_new_devices(plan.devices)]
    changed = [line for change in plan.changes for line in _changed(change)]
    blocks = {"new in NetBox": new, "changed in NetBox": changed}
    return [{"prepared": "\n".join([f"{title}:", *lines, "", ""])} for title, lines in blocks.items() if lines]


def _new_addresses(addresses: Sequence[NewAddress]) -> Iterator[str]:
    for one in addresses:
        more = {"VRF": one.vrf, "tenant": one.tenant, "dns_name": one.dns_name, "status": one.status}
        yield f"+ address {one.ip}/{one.prefix_length}  {_values(more)}"


def _new_devices(devices: Sequence[NewDevice]) -> Iterator[str]:
    for one in devices:
        more = {"site": one.site, "role": one.role, "type": one.type, "serial": one.serial, "status": one.status}
        mark = "+" if one.device_id is None else "~"
        yield f"{mark} device {_clip(one.name)}  {_values(more)}"
        yield f"    {_clip(one.interface)}: {one.ip}, primary address"


def _changed(change: Change) -> Iterator[str]:
    yield f"~ address {change.ip}: {_clip(change.why)}"
    for key, value in change.after.items():
        yield f"    {key}: {_clip(change.before[key]) or '(none)'} → {_clip(value) or '(none)'}"


def _values(values: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {_clip(value)}" for key, value in values.items() if value)


def _clip(value: str) -> str:
    return clipped(value, _WIDTH)

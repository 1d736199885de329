# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a whole run, as compact data for AWX, for the next node of a workflow, or for a file."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ...module_utils._outgoing.text import as_it_was, brief, no_template
from ...module_utils._probes.outcome.counts import WRITTEN, outcome_counts, part_counts, reading_counts
from ...module_utils._probes.outcome.outcome import FIRST_NAMED
from ...module_utils._probes.several import added
from ...module_utils._tasks.probes import SLOWEST

#: Version of the structure. It is raised when a key changes its meaning or is removed, not for a new key.
SCHEMA = 1
#: How many devices are named for each reason; `count` is the number of all.
NAMED = 100
#: How many changes and open items are in the statistic. The file contains all that the result of the upload contains.
MOST_IN_STATISTIC = 100
#: How many devices and serials of one of these.
NAMED_OF_ITEM = 12
#: A name or a sentence is cut after this many characters.
NAME_LENGTH, SENTENCE_LENGTH = 100, 300

#: How a run ended. OK: every device is complete. ATTENTION: some devices need attention. FAILED: all of them do.
OK, ATTENTION, FAILED = "ok", "attention", "failed"

#: What a record lists: see module_utils/_probes/outcome.
LISTS = ("changes", "standing")

#: The variables in which AWX describes a job, as awx_NAME (and as tower_NAME).
AWX = (
    "job_id", "job_launch_type", "job_template_id", "job_template_name", "job_slice_number", "job_slice_count",
    "workflow_job_id", "workflow_job_name", "schedule_id", "schedule_name", "project_revision", "execution_node",
)  # fmt: skip


class Times(NamedTuple):
    """Seconds since the epoch: when the first device was asked (None: no device was) and when all was written."""

    began: float | None
    ended: float


def make_record(
    result: Mapping[str, Any],
    hosts: Iterable[str],
    times: Times,
    before: Mapping[str, Any] | None = None,
    **about: Any,
) -> dict[str, Any]:
    """The record of a run whose last batch has this result of netbox_probe.

    :param hosts: names of the batch's devices, for a result without devices because the task failed.
    :param before: the record after the batch before: all counts and durations go on from there.
    :param about: check_mode, version, awx and scope (`hosts` of the record) of the run.
    """
    devices = result.get("devices")
    if devices is None:
        devices = _unwritten(hosts, result)
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "collection": about.get("version"),
        "check_mode": bool(about.get("check_mode")),
        "state": OK,
        "error": plain(result.get("msg"), SENTENCE_LENGTH) if result.get("failed") else None,
        "batches": 1,
        **_times(result, times, before),
        "devices": {"asked": len(devices), **outcome_counts(devices)},
        "hosts": about.get("scope"),
        "readings": reading_counts(devices),
        "not_whole": _not_whole(devices),
        "parts": part_counts(devices),
        **_as_uploaded(result),
        "awx": about.get("awx") or {},
    }
    if before:
        _go_on(record, before)
    record["state"] = _state(record)
    return record


def _as_uploaded(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a record takes from the result of netbox_probe as it is, or counted."""
    return {
        "first_read": result.get("first_read") or {},
        "collected": result.get("collected") or {},
        "slowest": dict(result.get("slowest") or {}),
        **{name: list(result.get(name) or ()) for name in LISTS},
        **{f"{name}_left_out": result.get(f"{name}_left_out") or 0 for name in LISTS},
        "conflicts": len(result.get("conflicts") or ()),
        "no_identity": len(result.get("no_identity") or ()),
        "netbox": {"requests": result.get("requests") or 0},
        "netboxes": dict(result.get("netboxes") or {}),
        "plan": _plan(result.get("plan")),
        "applied": bool(result.get("applied")),
    }


def about_awx(variables: Mapping[str, Any]) -> dict[str, Any]:
    """How AWX describes this job; empty outside of AWX."""
    found: dict[str, Any] = {}
    for name in AWX:
        value = variables.get(f"awx_{name}", variables.get(f"tower_{name}"))
        if isinstance(value, int):
            found[name] = int(value)
        elif value is not None:
            found[name] = plain(value, NAME_LENGTH)
    return found


def plain(text: Any, length: int) -> str:
    """Foreign text as it may be in a variable of the next job: on one line, cut, and not a template."""
    # A job that loads it as an extra variable could evaluate it.
    return brief(no_template(str(text)), length)


def _unwritten(hosts: Iterable[str], result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The devices where the task itself failed, as with a wrong option or without a token."""
    reason, error = result.get("reason") or "error", result.get("msg") or "nothing was written"
    return {name: {"outcome": "failed", "reason": reason, "error": error} for name in hosts}


def _not_whole(devices: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Devices that are not written completely, by reason: how many, some names, and the error of the first."""
    found: dict[str, dict[str, Any]] = {}
    for name, device in devices.items():
        if device["outcome"] == WRITTEN:
            continue
        reason = plain(device.get("reason") or device["outcome"], NAME_LENGTH).replace(" ", "_")
        group = found.setdefault(reason, {"count": 0, "devices": [], "first": None})
        group["count"] += 1
        if len(group["devices"]) < NAMED:
            group["devices"].append(plain(name, NAME_LENGTH))
        if group["first"] is None and device.get("error"):
            group["first"] = plain(device["error"], SENTENCE_LENGTH)
    return found


def _plan(plan: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Which plan was made or applied."""
    if not plan:
        return None
    names = {key: list(plan[key]) for key in ("left_out", "not_planned") if plan.get(key)}
    return {**{key: plan[key] for key in ("file", "digest", "made") if key in plan}, **names}


def _times(result: Mapping[str, Any], times: Times, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """When the run began and ended, and how long each part took. A batch begins when the one before it ended."""
    upload = result.get("seconds") or 0.0
    began = _seconds(before["ended"]) if before else times.began
    if began is None:
        began = times.ended - upload
    collect = max(times.ended - upload - began, 0.0) if times.began is not None else 0.0
    seconds = {"collect": collect, "upload": upload, "total": times.ended - began}
    return {
        "started": before["started"] if before else _moment(began),
        "ended": _moment(times.ended),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }


def _go_on(record: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Add the batches before."""
    for key in ("devices", "readings", "parts", "netbox", "seconds"):
        for name, value in before[key].items():
            record[key][name] = round(record[key].get(name, 0) + value, 2)
    for key in ("batches", "conflicts", "no_identity", *LISTS, *(f"{name}_left_out" for name in LISTS)):
        record[key] = before[key] + record[key]
    record["netboxes"] = added(before["netboxes"], record["netboxes"])
    record["first_read"] = _first_read(before["first_read"], record["first_read"])
    slowest = {**before.get("slowest", {}), **record["slowest"]}
    record["slowest"] = dict(heapq.nlargest(SLOWEST, slowest.items(), key=lambda one: one[1]))
    record["collected"] = _collected(before["collected"], record["collected"])
    record["error"] = record["error"] or before["error"]
    groups = {reason: dict(group) for reason, group in before["not_whole"].items()}
    for reason, group in record["not_whole"].items():
        former = groups.get(reason, {"count": 0, "devices": [], "first": None})
        groups[reason] = {
            "count": former["count"] + group["count"],
            "devices": [*former["devices"], *group["devices"]][:NAMED],
            "first": former["first"] or group["first"],
        }
    record["not_whole"] = groups


def _first_read(before: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    if not before or not found:
        return dict(before or found)
    whole = {key: before[key] + found[key] for key in ("devices", "parts", "named")}
    return {**whole, "named": whole["named"][:FIRST_NAMED]}


def _collected(before: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    if not before or not found:
        return dict(before or found)
    both = [one for one in (before, found) if "from" in one]
    whole: dict[str, Any] = {}
    if both:
        whole["devices"] = sum(one["devices"] for one in both)
        whole |= {"from": min(one["from"] for one in both), "to": max(one["to"] for one in both)}
    uploaded = [*before.get("uploaded", ()), *found.get("uploaded", ())]
    return whole | ({"uploaded": uploaded[:NAMED]} if uploaded else {})


def night_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as the summary takes it, see module_utils/_report/night.py."""
    return {
        **record,
        "outcomes": record["devices"],
        "requests": record["netbox"]["requests"],
        "seconds": record["seconds"]["total"],
    }


def for_statistic(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as a variable of the next job: without templates, and with the number of what is left out."""
    cut = {key: _as_statistic(record[key]) for key in ("first_read", "collected", "slowest", "netboxes", "plan")}
    for name in LISTS:
        cut[name] = [_as_statistic(one) for one in record[name][:MOST_IN_STATISTIC]]
        cut[f"{name}_left_out"] = record[f"{name}_left_out"] + len(record[name]) - len(cut[name])
    return {**record, **cut}


def _as_statistic(value: Any) -> Any:
    """Plain data with its texts as plain() makes them, and the first ones of long lists."""
    if isinstance(value, Mapping):
        return {key: _as_statistic(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_statistic(inner) for inner in value[:NAMED_OF_ITEM]]
    return plain(value, SENTENCE_LENGTH) if isinstance(value, str) else value


def records_in(statistics: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records among the custom statistics of a run, each once, with braces as they were: nothing is evaluated."""
    found: list[Mapping[str, Any]] = []
    for value in statistics.values():
        if isinstance(value, Mapping) and value.get("schema") == SCHEMA and "not_whole" in value and value not in found:
            found.append(value)
    return [_with_braces(record) for record in found]


def _with_braces(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_braces(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_braces(inner) for inner in value]
    return as_it_was(value) if isinstance(value, str) else value


def _state(record: Mapping[str, Any]) -> str:
    devices = record["devices"]
    lost = devices["failed"] + devices["not_collected"]
    if record["error"] or (lost and lost == devices["asked"]):
        return FAILED
    return ATTENTION if record["not_whole"] else OK


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()

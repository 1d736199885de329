# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a whole run, as compact data for AWX, for the next node of a workflow, or for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..module_utils.outgoing.text import brief, no_template

#: Version of the structure: raised when a key changes its meaning or goes; new keys may come at any time.
SCHEMA = 1
#: Of each reason, so many devices are named; the count tells how many there are.
NAMED = 100
#: A name or a sentence is cut after so many characters.
NAME_LENGTH, SENTENCE_LENGTH = 100, 300

#: How a run ended. OK: every device is written whole. ATTENTION: somebody should look at some. FAILED: at all.
OK, ATTENTION, FAILED = "ok", "attention", "failed"

#: What netbox_probe says of a device.
OUTCOMES = ("written", "partial", "held", "failed", "not collected")
#: Fates of parts that netbox_probe lists; `seen`, `refreshed`, `unknown` and `gone_before` it counts itself.
LISTED = (
    "created", "changed", "moved", "swapped", "returned", "adopted", "renamed", "updated", "deleted",
    "not_seen", "gone", "skipped",
)  # fmt: skip
COUNTED = ("seen", "refreshed", "unknown", "gone_before")
FATES = (*LISTED, *COUNTED, "not_seen_new", "not_written")

#: What AWX tells a job about itself, as awx_NAME (and as tower_NAME).
AWX = (
    "job_id", "job_launch_type", "job_template_id", "job_template_name", "job_slice_number", "job_slice_count",
    "workflow_job_id", "workflow_job_name", "schedule_id", "schedule_name", "project_revision", "execution_node",
)  # fmt: skip


class Times(NamedTuple):
    """Seconds since the epoch: when the first device was asked (None: nobody was) and when all was written."""

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

    :param hosts: names of the batch's devices, for a result that tells of none since the task failed.
    :param before: the record after the batch before: all counts and durations go on from there.
    :param about: what else there is to say of the run: check_mode, version, awx.
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
        "devices": {"asked": len(devices), **_outcomes(devices)},
        "not_whole": _not_whole(devices),
        "parts": _parts(devices),
        "conflicts": len(result.get("conflicts") or ()),
        "no_identity": len(result.get("no_identity") or ()),
        "netbox": {"requests": result.get("requests") or 0},
        "plan": _plan(result.get("plan")),
        "awx": about.get("awx") or {},
    }
    if before:
        _go_on(record, before)
    record["state"] = _state(record)
    return record


def about_awx(variables: Mapping[str, Any]) -> dict[str, Any]:
    """What AWX told this job about itself; nothing outside of it."""
    found: dict[str, Any] = {}
    for name in AWX:
        value = variables.get(f"awx_{name}", variables.get(f"tower_{name}"))
        if isinstance(value, int):
            found[name] = int(value)
        elif value is not None:
            found[name] = plain(value, NAME_LENGTH)
    return found


def plain(text: Any, length: int) -> str:
    """Text of others as it may stand in a variable of the next job: on one line, cut, and no template."""
    # Who loads it as an extra variable might have it evaluated.
    return brief(no_template(str(text)), length)


def _unwritten(hosts: Iterable[str], result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The devices where the task itself failed, as with a wrong option or without a token."""
    reason, error = result.get("reason") or "error", result.get("msg") or "nothing was written"
    return {name: {"outcome": "failed", "reason": reason, "error": error} for name in hosts}


def _outcomes(devices: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(device["outcome"] for device in devices.values())
    return {outcome.replace(" ", "_"): counts[outcome] for outcome in OUTCOMES}


def _not_whole(devices: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Devices that are not written whole, by reason: how many, some names, and what was said of the first."""
    found: dict[str, dict[str, Any]] = {}
    for name, device in devices.items():
        if device["outcome"] == "written":
            continue
        reason = plain(device.get("reason") or device["outcome"], NAME_LENGTH).replace(" ", "_")
        group = found.setdefault(reason, {"count": 0, "devices": [], "first": None})
        group["count"] += 1
        if len(group["devices"]) < NAMED:
            group["devices"].append(plain(name, NAME_LENGTH))
        if group["first"] is None and device.get("error"):
            group["first"] = plain(device["error"], SENTENCE_LENGTH)
    return found


def _parts(devices: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
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


def _plan(plan: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Which plan was made or carried out."""
    return {key: plain(plan[key], SENTENCE_LENGTH) for key in ("file", "digest")} if plan else None


def _times(result: Mapping[str, Any], times: Times, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """When the run began and ended, and how long what took. A batch begins where the one before ended."""
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
    for key in ("devices", "parts", "netbox", "seconds"):
        for name, value in before[key].items():
            record[key][name] = round(record[key].get(name, 0) + value, 2)
    for key in ("batches", "conflicts", "no_identity"):
        record[key] += before[key]
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

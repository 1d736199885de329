# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is written to a file, and applied as it is there: no device is asked, and nothing is planned again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._netbox.breaker import Breaker
from .._netbox.client import NetBox
from .._netbox.errors import NetBoxError, NetBoxOptionError
from .._netbox.latest import read_latest
from .._netbox.options import open_netbox, within
from .._outgoing.text import printable
from .._probes.apply.applied import Applied
from .._probes.apply.apply import apply_plan
from .._probes.outcome.diff import LOG_WIDTH, diff_blocks
from .._probes.outcome.outcome import make_outcome, with_summary
from .._probes.plan.device_plan import DevicePlan, Plan
from .._probes.plan_file.check import withdraw_moved_on
from .._probes.plan_file.file import PlanFile, PlanFileError, read_plan, write_plan
from .._probes.plan_file.targets import bind, moved_targets, only_for
from .._probes.reading import COMPLETE

Hosts = Iterable[Mapping[str, Any]]


def file_plan(netbox: NetBox, plan: Plan, warnings: list[str], path: str, replace: bool) -> PlanFile:
    """Write the plan to the file, with the names that NetBox has for its devices. Raises PlanFileError."""
    try:
        plan = bind(netbox, plan)
    except NetBoxError as error:
        raise PlanFileError(f"No plan was written to {printable(path)}, and nothing to NetBox. {error}") from None
    return write_plan(path, netbox.url, plan, warnings, replace)


def with_plan(result: Mapping[str, Any], filed: PlanFile, **about: Any) -> dict[str, Any]:
    """The result of a run, with what is known about its plan."""
    return with_summary({**result, "plan": {**filed.to_dict(), **about}})


def apply_file(params: Mapping[str, Any], check_mode: bool, diff: bool, width: int = LOG_WIDTH) -> dict[str, Any]:
    """The result for `apply`: the steps of the plan in the file, no device and no record.

    Raises NetBoxOptionError and PlanFileError.
    """
    if not params.get("plan_file"):
        raise NetBoxOptionError("apply: name the plan with plan_file.")
    if params.get("devices") is not None or params.get("device") is not None:
        raise NetBoxOptionError("apply: the plan is all that is written, leave out devices and device.")
    chunk_size = within("chunk_size", params["chunk_size"], 1, 1000)
    with open_netbox(params, within("connections", params["connections"], 1, 16)) as netbox:
        plan, result = run_plan(
            netbox,
            params["plan_file"],
            chunk_size,
            check_mode,
            digest=params.get("plan_digest"),
            hosts=_hosts(params.get("apply_to")),
        )
        return {**result, "diff": diff_blocks(plan, width)} if diff else result


def _hosts(given: Any) -> list[dict[str, Any]] | None:
    """The hosts of `apply_to`, which may be given as JSON text; None for all."""
    try:
        hosts = json.loads(given) if isinstance(given, str) else given
    except ValueError as error:
        raise NetBoxOptionError(f"apply_to: the text is not JSON: {error}.") from None
    if hosts is None:
        return None
    if not isinstance(hosts, list) or not all(isinstance(host, Mapping) for host in hosts):
        raise NetBoxOptionError("apply_to: give a list of hosts, or its JSON text.")
    return [dict(host) for host in hosts]


def run_plan(
    netbox: NetBox,
    path: str,
    chunk_size: int = 100,
    check_mode: bool = False,
    pause: float = 1.0,
    digest: str | None = None,
    hosts: Hosts | None = None,
) -> tuple[Plan, dict[str, Any]]:
    """Carry out the plan in the file (check mode: see only what would be refused); returns as probes.run() does.

    :param digest: of the plan that is meant; None for any plan.
    :param hosts: those that this run is for, as only_for() takes them; None for all of the plan.

    Raises PlanFileError. The plan that is returned has lost what is not for this run, and the steps that were refused.
    """
    filed = read_plan(path, netbox.url, digest)
    warnings = [*filed.warnings, *_changed(filed)]
    meant, left_out, barred = only_for(filed.plan, hosts)
    planned, idle = _without_idle(meant)
    barred = {**moved_targets(netbox, planned), **barred}
    latest = read_latest(netbox, {step.device_id for step in planned.steps()} - barred.keys(), Breaker())
    plan, refused = withdraw_moved_on(planned, latest.rows, latest.unreadable, barred)
    applied = Applied() if check_mode else apply_plan(netbox, plan, chunk_size, pause)
    applied.failed += refused
    applied.warnings = warnings + applied.warnings
    result = {**make_outcome(plan, applied, netbox.requests, check_mode), "applied": True}
    return plan, with_plan(result, filed, left_out=left_out, not_planned=idle)


def _without_idle(plan: Plan) -> tuple[Plan, list[str]]:
    """The plan without the devices for which nothing was planned, and their names: their trouble was that of the run
    that made the plan, which reported it."""
    idle = [device.name for device in plan.devices if device.error or device.held]
    kept = tuple(_as_complete(device) for device in plan.devices if not (device.error or device.held))
    return replace(plan, devices=kept, held=None), idle


def _as_complete(device: DevicePlan) -> DevicePlan:
    """What had been read of a device that was incomplete is written as planned, so that nothing is missing now."""
    if device.complete:
        return device
    note = f"it was incomplete when the plan was made: {device.incomplete}"
    return replace(device, notes=(*device.notes, note), complete=True, incomplete=None, reading=COMPLETE)


def _changed(filed: PlanFile) -> list[str]:
    if not filed.changed:
        return []
    return [
        f"{printable(filed.path)} was changed after it was made. Its digest is now {filed.digest}. To refuse changed"
        " plans, set plan_digest to the digest that the planning run reported."
    ]

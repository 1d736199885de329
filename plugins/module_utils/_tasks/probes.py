# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of netbox_probe: read what NetBox holds, plan, and (unless in check mode) apply."""

from __future__ import annotations

import heapq
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common.typed_json import WrongShape
from .._netbox import rows
from .._netbox.breaker import Breaker
from .._netbox.client import NetBox
from .._netbox.clock import check_clock
from .._netbox.errors import NetBoxError, NetBoxOptionError, NetBoxRejected
from .._netbox.latest import PROBES, Latest, read_last_seen, read_latest
from .._netbox.lookup import with_ids
from .._netbox.options import connect, sources_of, within
from .._netbox.sightings import brought_up_to_date, read_elsewhere
from .._netbox.source import NetBoxSource, Sources
from .._outgoing.text import printable
from .._parts.device_report import DeviceReport, read_report
from .._probes.apply.applied import Applied
from .._probes.apply.apply import apply_plan
from .._probes.outcome.counts import WRITTEN
from .._probes.outcome.diff import LOG_WIDTH, diff_blocks
from .._probes.outcome.outcome import make_outcome
from .._probes.plan.device_plan import Plan
from .._probes.plan.known import ONE_RUN, NetBoxRows
from .._probes.plan.plan import by_name, make_plan, serials_to_look_up
from .._probes.plan.targets import Target, assign
from .._probes.plan_file.check import remember_found
from .._probes.plan_file.file import check_writable
from .._probes.policy import Policy, read_policy
from .._probes.reading import was_uploaded
from .._probes.several import joined, policy_for
from . import saved_collections
from .planned import apply_file, file_plan, with_plan

#: So many devices are named that took longest to read.
SLOWEST = 30


def upload(
    params: Mapping[str, Any],
    check_mode: bool = False,
    diff: bool = False,
    sources: Sources | None = None,
    width: int = LOG_WIDTH,
) -> dict[str, Any]:
    """The result of netbox_probe for its validated params. Raises NetBoxOptionError, or NetBoxLibraryMissing, only.

    :param sources: where the NetBoxes of the devices are, if more is known about them than params contain.
    :param width: characters of a line of the diff.

    Trouble with NetBox is data of the devices that it touches (`devices`, `failed_hosts`): a task that fails for one
    device would fail for all.
    """
    begun = time.monotonic()
    if params.get("apply"):
        result = apply_file(params, check_mode, diff, width)
    else:
        result = _upload_devices(params, sources or sources_of(params), check_mode, diff, width)
    return {**result, "seconds": round(time.monotonic() - begun, 2)}


def slowest(devices: Iterable[DeviceReport]) -> dict[str, float]:
    """The devices that took longest to read in this run, and the seconds, the slowest first."""
    taken = {one.name: one.statistics.seconds for one in devices if one.statistics and one.statistics.seconds}
    return dict(heapq.nlargest(SLOWEST, taken.items(), key=lambda one: one[1]))


def netboxes(params: Mapping[str, Any]) -> list[str | None]:
    """The addresses of the NetBoxes that the devices of params name, each once; None where one names none."""
    return list(dict.fromkeys(device.netbox_url for device in _devices(params))) or [None]


def _upload_devices(
    params: Mapping[str, Any], sources: Sources, check_mode: bool, diff: bool, width: int
) -> dict[str, Any]:
    """The result for devices, or for the one that is given by hand: each in the NetBox that it names."""
    devices = _devices(params)
    if params.get("plan_digest") or params.get("apply_to") is not None:
        raise NetBoxOptionError("plan_digest and apply_to are only for a plan that is applied: set apply as well.")
    if params.get("plan_file"):
        check_writable(params["plan_file"], params["plan_replace"])
    upload = _Upload(
        moment=_parsed_time("run_time", params.get("run_time")) or datetime.now(UTC).replace(microsecond=0),
        own_clock=not params.get("run_time"),
        chunk_size=within("chunk_size", params["chunk_size"], 1, 1000),
        connections=within("connections", params["connections"], 1, 16),
        policy=read_policy(params),
        plan_file=params.get("plan_file"),
        plan_replace=params["plan_replace"],
        check_mode=check_mode,
        diff=diff,
        width=width,
    )
    groups = _by_netbox(devices, sources)
    if len(groups) == 1:
        source, some = groups[0]
        return upload(source, some)
    if upload.plan_file:
        names = " and ".join(source.url for source, _some in groups)
        raise NetBoxOptionError(
            f"A plan is for one NetBox, but these devices belong to {names}: limit the run to devices of one of "
            "them (--limit), and use a plan_file for each."
        )
    return joined([(source.url, upload.one_of_several(source, some, devices)) for source, some in groups])


@dataclass(frozen=True)
class _Upload:
    """What is the same for each NetBox of a task."""

    moment: datetime
    own_clock: bool
    chunk_size: int
    connections: int
    policy: Policy
    plan_file: str | None
    plan_replace: bool
    check_mode: bool
    diff: bool
    width: int

    def __call__(self, source: NetBoxSource, devices: list[DeviceReport]) -> dict[str, Any]:
        """The result for the devices of one NetBox. Raises NetBoxOptionError."""
        with connect(source, self.connections) as netbox:
            plan, result = run(
                netbox,
                devices,
                self.moment,
                self.chunk_size,
                self.check_mode,
                policy=self.policy,
                plan_file=self.plan_file,
                plan_replace=self.plan_replace,
                own_clock=self.own_clock,
            )
        if not self.check_mode:
            result["warnings"] += mark_uploaded(devices, result)
        result["slowest"] = slowest(devices)
        return {**result, "diff": diff_blocks(plan, self.width)} if self.diff else result

    def one_of_several(
        self, source: NetBoxSource, some: list[DeviceReport], devices: list[DeviceReport]
    ) -> dict[str, Any]:
        """The same, where others of the devices belong to other NetBoxes; what is refused here does not hide theirs."""
        try:
            return replace(self, policy=policy_for(self.policy, some, devices))(source, some)
        except NetBoxOptionError as error:
            unreadable = {device.name: str(error) for device in some}
            plan = make_plan(some, NetBoxRows(unreadable=unreadable), self.moment)
            result = make_outcome(plan, Applied(), 0)
            return {**result, "diff": diff_blocks(plan, self.width)} if self.diff else result


def _by_netbox(devices: list[DeviceReport], sources: Sources) -> list[tuple[NetBoxSource, list[DeviceReport]]]:
    """The devices of each NetBox. Raises NetBoxOptionError, before anything is written, if no token of one is known."""
    groups: dict[str, tuple[NetBoxSource, list[DeviceReport]]] = {}
    found: dict[str | None, NetBoxSource] = {}
    for device in devices:
        url = device.netbox_url
        source = found[url] if url in found else found.setdefault(url, sources.find(url))
        groups.setdefault(source.url, (source, []))[1].append(device)
    return list(groups.values()) or [(sources.find(), [])]


def run(
    netbox: NetBox,
    devices: list[DeviceReport],
    moment: datetime,
    chunk_size: int = 100,
    check_mode: bool = False,
    pause: float = 1.0,
    policy: Policy | None = None,
    plan_file: str | None = None,
    plan_replace: bool = False,
    own_clock: bool = False,
) -> tuple[Plan, dict[str, Any]]:
    """Plan and apply (check mode: plan only); returns the plan and the outcome as data.

    :param devices: what was collected of each.
    :param moment: the time stamp of the run.
    :param chunk_size: rows in one request.
    :param pause: see apply_plan.
    :param policy: what the user decided; the defaults where it is left out.
    :param plan_file: where the plan is written to before anything else is. Raises PlanFileError if it cannot be.
    :param plan_replace: whether a file of that name is replaced.
    :param own_clock: `moment` is by this controller's clock. Raises NetBoxOptionError if that of NetBox differs.
    """
    plan, warnings = prepare(netbox, devices, moment, policy or Policy())
    if own_clock:
        check_clock(netbox.ahead)
    filed = file_plan(netbox, plan, warnings, plan_file, plan_replace) if plan_file else None
    applied = Applied() if check_mode else apply_plan(netbox, plan, chunk_size, pause)
    applied.warnings = warnings + applied.warnings
    result = make_outcome(plan, applied, netbox.requests, check_mode)
    return plan, with_plan(result, filed) if filed else result


def prepare(
    netbox: NetBox, devices: list[DeviceReport], moment: datetime, policy: Policy | None = None
) -> tuple[Plan, list[str]]:
    """The plan for these devices, and warnings. Reads only. Raises NetBoxOptionError for a tag that NetBox lacks."""
    policy = policy or Policy()
    if policy.gone_action == "tag" and policy.gone_tag:
        _check_tag(netbox, policy.gone_tag)
    to_write, unreadable = with_ids(netbox, [device for device in devices if not was_uploaded(device)])
    devices = [*to_write, *(device for device in devices if was_uploaded(device))]
    assignment = assign(device for device in by_name(to_write) if device.name not in unreadable)
    # Nothing is compared for a device that reported nothing.
    wanted = [key for key, target in assignment.targets.items() if target.wanted or target.covered]
    breaker = Breaker()
    latest = read_latest(netbox, wanted, breaker)
    lost = _unreadable_hosts(latest, assignment.targets)
    serials = serials_to_look_up(assignment, latest.rows)
    elsewhere, warning = read_elsewhere(netbox, serials) if serials and not breaker.open else ({}, None)
    elsewhere = brought_up_to_date(netbox, elsewhere, assignment.targets, moment - ONE_RUN, breaker)
    still = None if lost else assignment
    seen = read_last_seen(netbox, assignment.targets.keys() - set(wanted), breaker)
    found = NetBoxRows(latest.rows, elsewhere, seen, unreadable | lost)
    plan = remember_found(make_plan(devices, found, moment, policy, still), latest.rows)
    unmatched = policy.unmatched(name for device in plan.devices for name in device.names)
    return plan, unmatched + ([warning] if warning else [])


def mark_uploaded(devices: Iterable[DeviceReport], result: Mapping[str, Any]) -> list[str]:
    """Mark the files of collections that are completely written; a warning if some cannot be."""
    failed = []
    for device in devices:
        if device.saved_to and result["devices"][device.name]["outcome"] == WRITTEN:
            try:
                saved_collections.mark_uploaded(Path(device.saved_to), str(device.collected_at), result["run_time"])
            except FileNotFoundError:
                # It is on the host that asked the device, or was taken away: nothing is uploaded a second time.
                pass
            except OSError as error:
                failed.append(str(error))
    if not failed:
        return []
    return [
        f"{len(failed)} of the saved collections could not be marked as uploaded, the first: {printable(failed[0])}."
        " The tag upload would write them again, which changes nothing."
    ]


def _check_tag(netbox: NetBox, slug: str) -> None:
    """Refuse a tag that NetBox lacks, once and clearly: it would refuse each row. Other errors are reported later."""
    try:
        netbox.get(PROBES, {"tag": slug, "limit": 1, "fields": "id"})
    except NetBoxRejected:
        raise NetBoxOptionError(f'gone_tag: NetBox has no tag with the slug "{slug}"; create it there first.') from None
    except NetBoxError:
        pass


def _unreadable_hosts(latest: Latest, targets: Mapping[int, Target]) -> dict[str, str]:
    return {targets[device_id].host: text for device_id, text in latest.unreadable.items()}


def _devices(params: Mapping[str, Any]) -> list[DeviceReport]:
    """The devices of the batch, or the one that was given by hand."""
    if params.get("device") is not None:
        return [_single(params)]
    if params.get("devices") is None:
        raise NetBoxOptionError("Give devices, or device with records; or plan_file with apply: true.")
    devices, names = [], set()
    for number, given in enumerate(_listed(params["devices"]), 1):
        if not given.get("name"):
            raise NetBoxOptionError(f"devices: entry {number} has no name.")
        device = _report(given, f"devices[{number - 1}]")
        if device.name in names:
            raise NetBoxOptionError(f'devices: "{device.name}" is listed twice.')
        names.add(device.name)
        _parsed_time(f'devices: seen_at of "{device.name}"', device.seen_at)
        devices.append(device)
    return devices


def _listed(given: Any) -> list[Mapping[str, Any]]:
    """The list of devices, which may be given as JSON text."""
    try:
        devices = json.loads(given) if isinstance(given, str) else given
    except ValueError as error:
        raise NetBoxOptionError(f"devices: the text is not JSON: {error}.") from None
    if not isinstance(devices, list) or not all(isinstance(device, Mapping) for device in devices):
        raise NetBoxOptionError("devices: give a list of devices, or its JSON text.")
    return devices


def _report(given: Mapping[str, Any], where: str) -> DeviceReport:
    try:
        return read_report(given, where)
    except WrongShape as error:
        raise NetBoxOptionError(f"{error}: see the option devices of netbox_probe.") from None


def _single(params: Mapping[str, Any]) -> DeviceReport:
    text = str(params["device"]).strip()
    if not text:
        raise NetBoxOptionError("device: give the device's id or its name in NetBox.")
    key: dict[str, Any] = {"device_id": int(text)} if text.isascii() and text.isdecimal() else {"device_name": text}
    return _report({"name": text, "complete": params["complete"], "records": params["records"], **key}, "device")


def _parsed_time(what: str, text: str | None) -> datetime | None:
    try:
        return rows.parse_time(text) if text else None
    except ValueError:
        raise NetBoxOptionError(f'{what}: "{text}" is not an ISO 8601 time, such as 2026-11-20T03:00:00Z.') from None

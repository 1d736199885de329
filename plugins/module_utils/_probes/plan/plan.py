# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to write for the devices of a run. Pure: from what was collected and what NetBox holds to a plan.

One stage after the other, each with a result of its own: how each device was read (as_read.py), which record belongs to
which NetBox device (targets.py), what NetBox holds (known.py) and where each serial is and was (whereabouts.py), what
becomes of each part (fates.py), who is held (holds.py), and from all that the plan of each device (here).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from ..._netbox import rows
from ..._netbox.rows import Row
from ..._parts.device_report import DeviceReport
from ..missing import read_missing
from ..policy import Policy
from ..reading import was_uploaded
from .as_read import read_device
from .brake import Altered, Holds
from .device_plan import DevicePlan, Plan, TargetName
from .fates import Fates, Situation, fates_of
from .guard import Host, downgrade
from .holds import find_holds
from .known import Known, NetBoxRows, newest_of
from .step import Create, Step
from .swaps import swaps
from .targets import Assignment, Target, assign
from .whereabouts import Whereabouts

T = TypeVar("T")


def make_plan(
    devices: Iterable[DeviceReport],
    netbox: NetBoxRows,
    now: datetime,
    policy: Policy | None = None,
    assignment: Assignment | None = None,
) -> Plan:
    """The steps that make NetBox hold what the devices reported.

    :param devices: what was collected of each, with its device_id and site_id where NetBox has them.
    :param netbox: what was read of NetBox.
    :param now: the time stamp of the whole run.
    :param policy: what the user decided; the defaults where it is left out.
    :param assignment: assign() of those that are planned for, by_name(), where the caller has it already.
    """
    devices, policy = by_name(devices), policy or Policy()
    as_read = {device.name: read_device(device, netbox.unreadable.get(device.name)) for device in devices}
    planned_for = [one for one in devices if one.name not in netbox.unreadable and not was_uploaded(one)]
    assignment = assignment or assign(planned_for)
    whereabouts = Whereabouts.of(assignment.targets, Known.of(netbox))
    situation = Situation(whereabouts, now, policy)
    fates = {device_id: fates_of(situation, device_id) for device_id in sorted(assignment.targets)}
    hosts = _hosts(planned_for, whereabouts)
    holds = find_holds(hosts.values(), as_read, fates, whereabouts, policy)
    found = _Found(assignment, netbox, hosts, holds, _without_held(fates, situation, holds))
    return Plan(
        time=rows.format_time(now),
        devices=_with_swaps([found.plan_of(device) for device in as_read.values()]),
        held=holds.run,
        conflicts=whereabouts.shared.conflicts,
        no_identity=whereabouts.shared.no_identity,
    )


def by_name(devices: Iterable[DeviceReport]) -> list[DeviceReport]:
    """The order in which devices are planned: it does not depend on which answered first."""
    return sorted(devices, key=lambda device: device.name)


def _hosts(devices: Iterable[DeviceReport], whereabouts: Whereabouts) -> dict[str, Host]:
    """What was reported by each host, with what NetBox has of it."""
    targets: dict[str, dict[int, Target]] = {device.name: {} for device in devices}
    for device_id, target in whereabouts.targets.items():
        targets[target.host][device_id] = target
    known = whereabouts.known
    return {
        (name := device.name): Host(
            device, targets[name], tuple(row for key in targets[name] for row in known.on(key).values())
        )
        for device in devices
    }


def _without_held(fates: Mapping[int, Fates], situation: Situation, holds: Holds) -> Mapping[int, Fates]:
    """The fates, now that it is known who is held: what a held device reported proves nothing about parts of others."""
    targets = situation.whereabouts.targets
    held = {device_id for device_id, target in targets.items() if target.host in holds.hosts}
    return {
        device_id: fates_of(situation, device_id, held)
        if held and device_id not in held and found.went_elsewhere
        else found
        for device_id, found in fates.items()
    }


@dataclass(frozen=True)
class _Found:
    """What the stages before found, of which the plan of each device is made."""

    assignment: Assignment
    netbox: NetBoxRows
    hosts: Mapping[str, Host]
    holds: Holds
    fates: Mapping[int, Fates]

    def plan_of(self, device: DevicePlan) -> DevicePlan:
        """The plan of a device. device: how it was read."""
        host, hold = self.hosts.get(device.name), self.holds.hosts.get(device.name)
        targets = sorted(host.targets) if host else []
        fates = [self.fates[device_id] for device_id in targets]
        parts = [part for one in fates for part in one.parts]
        steps = tuple(step for one in fates for step in one.steps)
        notes = [*self.assignment.notes.get(device.name, ()), downgrade(host) if host else None]
        return replace(
            device,
            targets=_named(device, host) if host else (),
            steps=() if hold else steps,
            seen=sum(part.seen for part in parts),
            not_due=sum(part.not_due for part in parts),
            not_seen=_present(part.not_seen for part in parts),
            became_gone=_present(part.became_gone for part in parts),
            gone_before=sum(part.gone_before for part in parts),
            still_gone=_present(part.still_gone for part in parts),
            known=sum(one.known for one in fates),
            last_written=self._last_written(targets),
            unknown=sum(part.unknown for part in parts),
            skipped=self.assignment.skipped.get(device.name, ()),
            notes=_present([*notes, *(one.kept for one in fates)]),
            altered=sum((one.altered for one in fates), Altered()),
            held=hold,
            withheld=steps if hold else (),
        )

    def _last_written(self, targets: Iterable[int]) -> str | None:
        """When any row of these devices was seen last."""
        moments = [row.last_seen for device_id in targets for row in self.netbox.latest.get(device_id, ())]
        moments += [self.netbox.last_seen[key] for key in targets if key in self.netbox.last_seen]
        return rows.format_time(max(moments)) if moments else None


def _present(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(one for one in found if one is not None)


def _named(device: DevicePlan, host: Host) -> tuple[TargetName, ...]:
    """The NetBox devices that a host reports for: the one that was asked first."""
    own = host.report.device_id
    others = [
        TargetName(device_id, target.place.device_name or "")
        for device_id, target in sorted(host.targets.items())
        if device_id != own
    ]
    if own is None or own not in host.targets:
        return tuple(others)
    return (TargetName(own, host.targets[own].place.device_name or device.title), *others)


def _with_swaps(plans: Sequence[DevicePlan]) -> tuple[DevicePlan, ...]:
    """The plans, in which parts that exchanged their slots are swapped; those of a held device only with each other."""
    swapped = swaps(step for device in plans for step in device.steps)
    return tuple(
        replace(
            device,
            steps=_replaced(device.steps, swapped),
            withheld=_replaced(device.withheld, swaps(device.withheld)),
        )
        for device in plans
    )


def _replaced(steps: Sequence[Step], found: Mapping[tuple[int, str], Create]) -> tuple[Step, ...]:
    return tuple(found.get(step.key, step) for step in steps) if found else tuple(steps)


def serials_to_look_up(assignment: Assignment, latest: Mapping[int, Sequence[Row]]) -> list[str]:
    """The serials of which the rows elsewhere matter: new on their device, back after a run without them, or missing
    there now."""
    newest = newest_of(latest)
    wanted = set()
    for device_id, target in assignment.targets.items():
        known = {row.serial: row for row in latest.get(device_id, ())}
        for serial in target.wanted:
            row = known.get(serial)
            if row is None or (newest is not None and row.last_seen < newest):
                wanted.add(serial)
        if target.covered:
            wanted |= {serial for serial, row in known.items() if serial not in target.wanted and _is_open(row)}
    return sorted(wanted)


def _is_open(row: Row) -> bool:
    """True while it is not settled where a part went that is missing."""
    missing = read_missing(row)
    return missing is None or not missing.settled

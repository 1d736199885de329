# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which devices a plan in a file writes to: it is applied to no others than it shows.

Each device of a plan has its targets: the devices of NetBox that the host reports for, by id and by NetBox's name. The
first is the one that was asked, whose name the plan shows; others are members of its virtual chassis. NetBox is asked
for their names when the plan is made, and again when it is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..._common.typed_json import WrongShape
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxError
from ..._netbox.lookup import read_names
from ..._outgoing.text import printable
from ..plan.device_plan import DevicePlan, Plan, TargetName

_AGAIN = "make a new plan"


def bind(netbox: NetBox, plan: Plan) -> Plan:
    """The plan with the names that NetBox has for its devices and targets. Raises NetBoxError."""
    names = read_names(netbox, {target.device_id for device in plan.devices for target in device.targets})

    def bound(device: DevicePlan) -> DevicePlan:
        targets = tuple(
            replace(target, device=names[target.device_id]["name"]) if target.device_id in names else target
            for target in device.targets
        )
        return replace(device, targets=targets, title=targets[0].device if targets else device.title)

    return replace(plan, devices=tuple(bound(device) for device in plan.devices))


def check_targets(plan: Plan, where: str) -> None:
    """Raise WrongShape unless each step is for a target of its own device, and each target of one device only."""
    owners: dict[int, str] = {}
    for number, device in enumerate(plan.devices):
        at = f"{where}.devices[{number}]"
        for target in device.targets:
            if owners.setdefault(target.device_id, device.name) != device.name:
                raise WrongShape(f"{at}: NetBox's device {target.device_id} is the place of two hosts")
        if device.targets and device.title != device.targets[0].device:
            raise WrongShape(f"{at}: title is not the name of its first place")
        ids = {target.device_id for target in device.targets}
        for part in (*device.steps, *device.withheld, *device.not_seen, *device.became_gone):
            if part.device_id not in ids:
                raise WrongShape(f"{at}: a step for NetBox's device {part.device_id}, which is no place of its host")


def only_for(plan: Plan, hosts: Iterable[Mapping[str, Any]] | None) -> tuple[Plan, list[str], dict[int, str]]:
    """The plan without the devices that this run is not for.

    :param hosts: those that it is for: name, device_id or device_name, virtual_chassis, as of the devices of
        netbox_probe; None for all.

    Returns also the names of those that were taken out, and the targets of others that are not for this run: device
    id -> why nothing is written there.
    """
    if hosts is None:
        return plan, [], {}
    hosts = list(hosts)
    ids, names = _wanted(hosts)
    called = {str(host.get("name")) for host in hosts}

    def is_meant(target: TargetName) -> bool:
        return target.device_id in ids or target.device in names

    def is_wanted(device: DevicePlan) -> bool:
        # Without targets, NetBox's rows of it could not be read, so that it has no step.
        return is_meant(device.targets[0]) if device.targets else device.name in called

    kept = tuple(device for device in plan.devices if is_wanted(device))
    left_out = [device.name for device in plan.devices if not is_wanted(device)]
    barred = {
        target.device_id: f"{printable(target.device)} is not among the hosts of this run"
        for device in kept
        for target in device.targets[1:]
        if not is_meant(target)
    }
    return replace(plan, devices=kept), left_out, barred


def _wanted(hosts: Iterable[Mapping[str, Any]]) -> tuple[set[int], set[str]]:
    """Ids of devices in NetBox, and names of those that are known by their name only."""
    ids: set[int] = set()
    names: set[str] = set()
    for host in hosts:
        if isinstance(host.get("device_id"), int):
            ids.add(host["device_id"])
        else:
            names.add(str(host.get("device_name") or host.get("name")))
        members = (host.get("virtual_chassis") or {}).get("members") or ()
        ids |= {member["id"] for member in members if isinstance(member.get("id"), int)}
    return ids, names


def moved_targets(netbox: NetBox, plan: Plan) -> dict[int, str]:
    """The targets that are not what they were when the plan was made: device id -> why nothing is written there."""
    with_steps = [device for device in plan.devices if device.steps]
    ids = {target.device_id for device in with_steps for target in device.targets}
    try:
        known = read_names(netbox, ids)
    except NetBoxError as error:
        return dict.fromkeys(sorted(ids), f"the names of these devices cannot be read from NetBox: {error}")
    moved = {}
    for device in with_steps:
        for target in device.targets:
            why_not = _why_moved(target, known, device.targets[0].device_id)
            if why_not:
                moved[target.device_id] = why_not
    return moved


def _why_moved(target: TargetName, known: Mapping[int, Mapping[str, Any]], own_id: int) -> str | None:
    """Why nothing is written to a target; None if it is as planned. own_id: of the device that was asked."""
    device_id, planned = target.device_id, printable(target.device)
    found = known.get(device_id)
    if found is None:
        return f"NetBox no longer has device {device_id}, which was {planned}; {_AGAIN}"
    if found["name"] != target.device:
        return f"device {device_id} in NetBox is {printable(found['name'])}, but the plan is for {planned}; {_AGAIN}"
    chassis, own = found["virtual_chassis"], known.get(own_id, {}).get("virtual_chassis")
    if device_id != own_id and (chassis is None or chassis != own):
        return f"{planned} is not in the same virtual chassis in NetBox as the device that was read; {_AGAIN}"
    return None

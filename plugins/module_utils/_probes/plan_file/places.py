# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a plan in a file writes to: nothing is carried out elsewhere than where it was shown.

Each device of a plan has its places: the devices of NetBox that the host speaks for, by id and by NetBox's name. The
first is the one that was asked, whose name the plan shows; others are members of its virtual chassis. NetBox is asked
for them when the plan is made, and again when it is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._common.typed_json import WrongShape
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxError
from ..._netbox.lookup import read_names
from ..._outgoing.text import printable
from ..plan.plan import DevicePlan, Plan

_AGAIN = "make a new plan"


def bind(netbox: NetBox, plan: Plan) -> None:
    """Give each place, and each device that the plan shows, the name that NetBox has. Raises NetBoxError."""
    names = read_names(netbox, {place["device_id"] for device in plan.devices for place in device.places})
    for device in plan.devices:
        for place in device.places:
            known = names.get(place["device_id"])
            place["device"] = known["name"] if known else place["device"]
        if device.places:
            device.title = device.places[0]["device"]


def check_places(plan: Plan) -> None:
    """Raise WrongShape unless each step is filed under a place of its own device, and each place under one device."""
    owners: dict[int, str] = {}
    for number, device in enumerate(plan.devices):
        where = f"plan.devices[{number}]"
        for place in device.places:
            if owners.setdefault(place["device_id"], device.name) != device.name:
                raise WrongShape(f"{where}: NetBox's device {place['device_id']} is the place of two hosts")
        if device.places and device.title != device.places[0]["device"]:
            raise WrongShape(f"{where}: title is not the name of its first place")
        ids = {place["device_id"] for place in device.places}
        for part in (*device.steps, *device.withheld, *device.not_seen, *device.gone):
            if part["device_id"] not in ids:
                text = f"a step for NetBox's device {part['device_id']}, which is no place of its host"
                raise WrongShape(f"{where}: {text}")


def only_for(plan: Plan, hosts: Iterable[Mapping[str, Any]] | None) -> tuple[list[str], dict[int, str]]:
    """Take the devices out of the plan that this run is not for.

    :param hosts: those that it is for: name, device_id or device_name, virtual_chassis, as of the devices of
        netbox_probe; None for all.

    Returns the names of those that were taken out, and the places of others that are not for this run: device id ->
    why nothing is written there.
    """
    if hosts is None:
        return [], {}
    hosts = list(hosts)
    ids, names = _wanted(hosts)
    called = {str(host.get("name")) for host in hosts}

    def is_wanted(device: DevicePlan) -> bool:
        if not device.places:
            # NetBox's rows of it could not be read, so that it has no step.
            return device.name in called
        return device.places[0]["device_id"] in ids or device.places[0]["device"] in names

    left_out = [device.name for device in plan.devices if not is_wanted(device)]
    plan.devices = [device for device in plan.devices if is_wanted(device)]
    barred = {}
    for device in plan.devices:
        for place in device.places[1:]:
            if place["device_id"] not in ids and place["device"] not in names:
                barred[place["device_id"]] = f"{printable(place['device'])} is not among the hosts of this run"
    return left_out, barred


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


def moved_places(netbox: NetBox, plan: Plan) -> dict[int, str]:
    """The places that are not what they were when the plan was made: device id -> why nothing is written there."""
    with_steps = [device for device in plan.devices if device.steps]
    try:
        known = read_names(netbox, {place["device_id"] for device in with_steps for place in device.places})
    except NetBoxError as error:
        why = f"NetBox does not say which devices these are: {error}"
        return {place["device_id"]: why for device in with_steps for place in device.places}
    moved = {}
    for device in with_steps:
        for place in device.places:
            why_not = _moved(place, known, device.places[0]["device_id"])
            if why_not:
                moved[place["device_id"]] = why_not
    return moved


def _moved(place: Mapping[str, Any], known: Mapping[int, Mapping[str, Any]], own_id: int) -> str | None:
    device_id, planned = place["device_id"], printable(place["device"])
    found = known.get(device_id)
    if found is None:
        return f"NetBox has no device {device_id} any more, which was {planned}; {_AGAIN}"
    if found["name"] != place["device"]:
        return f"NetBox's device {device_id} is {printable(found['name'])}, and the plan is for {planned}; {_AGAIN}"
    chassis, own = found["virtual_chassis"], known.get(own_id, {}).get("virtual_chassis")
    if device_id != own_id and (chassis is None or chassis != own):
        return f"{planned} is not in the same virtual chassis of NetBox as the device that was asked; {_AGAIN}"
    return None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of hosts to the list of devices that netbox_probe and inventory_report take."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ...module_utils._common.errors import InvmonError
from ...module_utils._common.files import file_name
from ...module_utils._common.private_files import MissingFile
from ...module_utils._netbox.errors import NetBoxOptionError
from ...module_utils._probes.reading import NOTHING
from ...module_utils._snmp.errors import COULD_NOT_BE_READ
from ...module_utils._tasks import saved_collections
from ...module_utils._tasks.saved_collections import Whose
from .._inventory.netbox_sources import DEVICE_URL, URL, netbox_of
from .host_variables import variables_as_they_are

#: Of hosts that share an address, so many are named.
_NAMED = 10
#: Where the roles of this collection keep their results.
COLLECT_RESULT = "collect_result"
UPLOAD_RESULT = "upload_result"
UPLOAD_RECORD = "upload_record"

#: Variables that say who a host is and where: of the inventory plugin netbox_devices, and of Ansible.
WHO = (
    *("netbox_device_id", "netbox_device_name", "netbox_site", "netbox_location", "netbox_virtual_chassis"),
    *(URL, DEVICE_URL, "netbox_shares_address_with", "ansible_host", "snmp_host", "snmp_port"),
    *("snmp_context_name", "snmp_replay_from"),
)


#: Hours for which a collection that an earlier run left behind is good enough to be uploaded.
SAVED_MAX_AGE = 24

#: Stands in a folder's name for what the environment variable of this name says, or for this folder.
COLLECTED = ("INVMON_COLLECTED", "~/.ansible/invmon/collected")


def folder_of(text: str) -> str:
    """The folder that a variable of a role names.

    Filled in here, because a template with a lookup costs Ansible milliseconds for each host.
    """
    name, default = COLLECTED
    return text.replace(f"${name}", os.environ.get(name) or default)


def collected_devices(
    hosts: Iterable[str],
    hostvars: Mapping[str, Mapping[str, Any]],
    batch: Iterable[str] | None = None,
    saved: str | None = None,
    saved_max_age: float = SAVED_MAX_AGE,
) -> list[dict[str, Any]]:
    """What was collected of each host, beside what NetBox calls the device.

    hosts: inventory names, of the whole play. hostvars: Ansible's variable of that name.
    batch: those of them whose turn it is (Ansible leaves out of its list of these who has failed); default: all.
    saved: a folder of collections that an earlier run left behind, for hosts that this run did not ask.
    saved_max_age: hours; an older one of these is refused.
    A host whose rows were written by an earlier batch of this run is left out.
    A host of which nothing is known is listed with an error, so that nobody takes its silence for an empty device.
    So are hosts that share an address: nobody can tell whose the parts behind it are.
    """
    devices = []
    twins: dict[str, list[str]] = {}
    asked_at: dict[tuple[Any, ...], list[str]] = {}
    hosts = list(hosts)
    in_turn = frozenset(hosts if batch is None else batch)
    for host in hosts:
        raw = variables_as_they_are(host, hostvars)
        results = _results(host, raw)
        if UPLOAD_RESULT in results or not (host in in_turn or COLLECT_RESULT in results):
            continue
        result = results.get(COLLECT_RESULT)
        variables = _filled_in(host, raw, hostvars)
        if result and not result.get("skipped"):
            outcome = _from_result(result)
        else:
            outcome = _from_saved(saved, _whose(host, variables), timedelta(hours=saved_max_age))
        device = _identity(host, variables) | _in_its_netbox(host, variables, outcome)
        if address := _address(variables):
            # Each NetBox may know the device by itself.
            asked_at.setdefault((device["netbox_url"], *address), []).append(host)
        if others := _same_in_netbox(variables):
            twins[host] = sorted([host, *others])
        devices.append(device)
    twins |= {host: sharing for sharing in asked_at.values() if len(sharing) > 1 for host in sharing}
    return [device | _shared(twins[device["name"]]) if device["name"] in twins else device for device in devices]


def _in_its_netbox(host: str, variables: Mapping[str, Any], outcome: dict[str, Any]) -> dict[str, Any]:
    """What was collected, and in which NetBox it belongs; an error in its place if it would be written elsewhere."""
    try:
        return {"netbox_url": netbox_of(variables), **outcome}
    except NetBoxOptionError as error:
        return {"netbox_url": None, **_nothing("option", f"{host}: {error}")}


def _address(variables: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Where the agent of a host is; None for a host without an address, such as a recording."""
    host = variables.get("snmp_host") or variables.get("ansible_host")
    return (host, variables.get("snmp_port"), variables.get("snmp_context_name")) if host else None


def _same_in_netbox(variables: Mapping[str, Any]) -> list[str]:
    """The devices, of this run or not, to which NetBox gives the address where this one was asked."""
    elsewhere = any(variables.get(name) for name in ("snmp_host", "snmp_port", "snmp_context_name"))
    return [] if elsewhere else list(variables.get("netbox_shares_address_with") or ())


def _shared(hosts: list[str]) -> dict[str, Any]:
    names = ", ".join(hosts[:_NAMED]) + (f" and {len(hosts) - _NAMED} more" if len(hosts) > _NAMED else "")
    return _nothing(
        "address", f"{names} have one address: correct it in NetBox. Until then nothing is written for them."
    )


def not_whole(
    hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]], nothing_known: bool = False
) -> dict[str, str]:
    """The hosts that were not read or not written whole: name -> why, in a sentence.

    nothing_known: those too that answered, and of which nothing is known.
    Hosts of which hostvars tells nothing, because they were not asked, are left out.
    """
    found: dict[str, str] = {}
    for host in hosts:
        results = _results(host, variables_as_they_are(host, hostvars))
        result = results.get(COLLECT_RESULT, {})
        if result.get("incomplete"):
            found[host] = result["incomplete"]
        elif result.get("failed"):
            found[host] = result.get("msg", "it was not read, see the task above")
        elif why := _why_unwritten(host, results, nothing_known):
            found[host] = why
    return found


def _why_unwritten(host: str, results: Mapping[str, Mapping[str, Any]], nothing_known: bool) -> str | None:
    """Why a host that was read is not written; None if it is, or if this run uploads nothing.

    What the upload did not see is not written, however that came about.
    """
    upload = results.get(UPLOAD_RESULT)
    if upload is None:
        return None
    if upload.get("failed") or upload.get("skipped"):
        return f"not written: {upload.get('msg', 'the upload was left out')}"
    unwritten = upload.get("failed_hosts") or {}
    if host in unwritten:
        return str(unwritten[host])
    # A plan names the devices that it is about; nothing was collected for it.
    asked = COLLECT_RESULT in results or not upload.get("applied")
    device = (upload.get("devices") or {}).get(host)
    if nothing_known and device and device["outcome"] == NOTHING:
        return f"nothing is known of it: {device['error']}"
    if asked and device is None:
        return "not written: the upload of this run did not get what was collected from it"
    return None


def _filled_in(host: str, raw: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The variables that say who a host is, with templates filled in."""
    found = {name: raw[name] for name in WHO if name in raw}
    shown = str(found)
    return hostvars[host] if "{{" in shown or "{%" in shown else found


def _results(host: str, raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the tasks of the roles came to for a host, by the name of the variable; without those that did not run.

    A batch holds the results of many hosts.
    """
    results = {name: raw[name] for name in (COLLECT_RESULT, UPLOAD_RESULT) if name in raw}
    batch = results.get(COLLECT_RESULT, {}).get("devices")
    if batch is not None:
        results[COLLECT_RESULT] = batch.get(host)
    return {name: result for name, result in results.items() if isinstance(result, Mapping)}


def _from_result(result: Mapping[str, Any]) -> dict[str, Any]:
    inventory = (result.get("ansible_facts") or {}).get("entity_inventory")
    if isinstance(inventory, str):
        inventory = json.loads(inventory)
    if inventory is None:
        return _nothing(result.get("reason", "error"), _without_address(result.get("msg", "the device was not read")))
    kept = {"saved_to": result.get("saved_to"), "collected_at": inventory.get("collected_at")}
    return _of_inventory(inventory) | (kept if kept["saved_to"] else {})


def with_collection(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a device that another host has asked; a failure in its place if what it holds is no collection."""
    if "ansible_facts" not in result:
        return result
    facts = result["ansible_facts"]
    inventory = facts.get("entity_inventory") if isinstance(facts, Mapping) else facts
    try:
        saved_collections.check_inventory(json.loads(inventory) if isinstance(inventory, str) else inventory)
    except (ValueError, RecursionError) as error:
        return {"failed": True, "reason": "error", "msg": f"what was returned of it is no collection: {error}"}
    return result


def with_collections(result: dict[str, Any]) -> dict[str, Any]:
    """The same of a batch: each of its devices fails by itself."""
    devices = result.get("devices") or {}
    if not isinstance(devices, Mapping) or not all(isinstance(one, Mapping) for one in devices.values()):
        return {"failed": True, "reason": "error", "msg": "what was returned of the devices is no result of each."}
    return {**result, "devices": {host: with_collection(dict(one)) for host, one in devices.items()}}


def _from_saved(folder: str | None, whose: Whose, max_age: timedelta) -> dict[str, Any]:
    if not folder:
        return _nothing("not collected", "this run did not collect (the tag collect was left out)")
    path = Path(folder_of(folder)).expanduser() / f"{file_name(str(whose.host))}.json"
    try:
        saved = saved_collections.read(path, whose, max_age)
    except MissingFile:
        return _nothing("not collected", f"this run did not collect, and there is no {path} of an earlier one")
    except InvmonError as error:
        return _nothing("not collected", str(error))
    collected_at = saved.inventory["collected_at"]
    if saved.uploaded:
        return {**_nothing(None, None), "complete": True, "uploaded": collected_at}
    kept = {"seen_at": collected_at, "collected_at": collected_at, "saved_to": str(path)}
    return _of_inventory(saved.inventory) | kept


def _whose(host: str, variables: Mapping[str, Any]) -> Whose:
    """The device that a task of this host would ask."""
    known = {key: variables.get(f"netbox_{key}") for key in ("device_id", "device_url")}
    reached = {key: variables.get(f"snmp_{key}") for key in ("host", "port", "context_name", "replay_from")}
    return Whose.of(
        {"host": host, **known}, {**reached, "host": reached["host"] or variables.get("ansible_host") or host}
    )


def _without_address(error: str) -> str:
    """Why a device was not read, without the address at which it was asked: it stands beside the device's name."""
    return error.partition(COULD_NOT_BE_READ)[2] or error


def _nothing(reason: str | None, error: str | None) -> dict[str, Any]:
    return {"complete": False, "error": error, "reason": reason, "tables": None, "members": [], "items": []}


def _of_inventory(inventory: Mapping[str, Any]) -> dict[str, Any]:
    told = ("items", "complete", "tables", "members", "platform", "system", "chassis", "attempt")
    wanted = (*told, "coverage", "rejected", "statistics")
    return {"error": None, "reason": None} | {key: inventory[key] for key in wanted if key in inventory}


def identities_of(hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who the hosts are in NetBox, as in collected_devices()."""
    return [_identity(host, _filled_in(host, variables_as_they_are(host, hostvars), hostvars)) for host in hosts]


def _identity(host: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """What the inventory plugin netbox_devices says of the device; None where another inventory does not."""
    site = variables.get("netbox_site") or {}
    location = variables.get("netbox_location") or {}
    return {
        "name": host,
        "device_id": variables.get("netbox_device_id"),
        "device_name": variables.get("netbox_device_name") or host,
        "site_id": site.get("id"),
        "site_name": site.get("name"),
        "location_id": location.get("id"),
        "location_name": location.get("name"),
        "virtual_chassis": _plain(variables.get("netbox_virtual_chassis")),
    }


def _plain(value: Any) -> Any:
    """A value of Ansible's own containers, which fill in templates when they are looked at, as plain data."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of hosts to the list of devices that netbox_probe and inventory_report take."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from ...module_utils._common.errors import InvmonError
from ...module_utils._common.files import file_name
from ...module_utils._common.private_files import MissingFile
from ...module_utils._common.typed_json import WrongShape, from_json, to_json
from ...module_utils._netbox.errors import NetBoxOptionError
from ...module_utils._outgoing.words import listed
from ...module_utils._parts.device_report import DeviceReport, with_inventory
from ...module_utils._parts.inventory import EntityInventory
from ...module_utils._probes.reading import NOTHING
from ...module_utils._snmp.errors import COULD_NOT_BE_READ
from ...module_utils._tasks import saved_collections
from ...module_utils._tasks.saved_collections import AskedDevice
from .._inventory.netbox_sources import DEVICE_URL, URL, netbox_of
from .host_variables import variables_as_they_are

#: Where the roles of this collection keep their results.
COLLECT_RESULT = "collect_result"
REACH_RESULT = "reach_result"
UPLOAD_RESULT = "upload_result"
UPLOAD_RECORD = "upload_record"
SCAN_RESULT = "discover_scan"
REGISTER_RESULT = "discover_result"

#: Variables that identify a host, and where it is: of the inventory plugin netbox_devices, and of Ansible.
WHO = (
    *("netbox_device_id", "netbox_device_name", "netbox_site", "netbox_location", "netbox_virtual_chassis"),
    *(URL, DEVICE_URL, "netbox_shares_address_with", "ansible_host", "snmp_host", "snmp_port"),
    *("snmp_context_name", "snmp_replay_from"),
)


#: Hours for which a collection that an earlier run left behind is good enough to be uploaded.
SAVED_MAX_AGE = 24

#: In the name of a folder: replaced by the environment variable of this name, or by this folder.
COLLECTED = ("INVMON_COLLECTED", "~/.ansible/invmon/collected")


def folder_of(text: str) -> str:
    """The folder that a variable of a role names.

    Filled in here, because a template with a lookup costs Ansible milliseconds for each host.
    """
    name, default = COLLECTED
    return text.replace(f"${name}", os.environ.get(name) or default)


def collected_devices(*arguments: Any, **options: Any) -> list[dict[str, Any]]:
    """reports() as plain data."""
    return [to_json(report) for report in reports(*arguments, **options)]


def reports(
    hosts: Iterable[str],
    hostvars: Mapping[str, Mapping[str, Any]],
    batch: Iterable[str] | None = None,
    saved: str | None = None,
    saved_max_age: float = SAVED_MAX_AGE,
) -> list[DeviceReport]:
    """What was collected of each host, with what NetBox calls the device.

    hosts: inventory names, of the whole play. hostvars: Ansible's variable of that name.
    batch: those that this batch (serial) is for, without those that failed, as Ansible lists them; default: all.
    saved: a folder of collections that an earlier run left behind, for hosts that this run did not ask.
    saved_max_age: hours; an older one of these is refused.
    A host whose rows were written by an earlier batch of this run is left out.
    A host without a collection is listed with an error, so that it is not taken for an empty device.
    So are hosts that share an address: it is not known to which of them the parts belong.
    """
    found = []
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
        report = _report(host, variables, result, saved, timedelta(hours=saved_max_age))
        if address := _address(variables):
            # Each NetBox may know the device by itself.
            asked_at.setdefault((report.netbox_url, *address), []).append(host)
        if others := _same_in_netbox(variables):
            twins[host] = sorted([host, *others])
        found.append(report)
    twins |= {host: sharing for sharing in asked_at.values() if len(sharing) > 1 for host in sharing}
    return [_sharing(report, twins[report.name]) if report.name in twins else report for report in found]


def _report(
    host: str,
    variables: Mapping[str, Any],
    result: Mapping[str, Any] | None,
    saved: str | None,
    saved_max_age: timedelta,
) -> DeviceReport:
    """What this run collected of a host, else what an earlier run saved of it."""
    report = _identity(host, variables)
    if not report.error:
        report = _in_its_netbox(report, variables)
    if report.error:
        return report
    if result and not result.get("skipped"):
        return _from_result(report, result)
    return _from_saved(report, saved, _asked(host, variables), saved_max_age)


def _in_its_netbox(report: DeviceReport, variables: Mapping[str, Any]) -> DeviceReport:
    """The report with the NetBox that the device belongs to; an error if it would be written elsewhere."""
    try:
        return replace(report, netbox_url=netbox_of(variables))
    except NetBoxOptionError as error:
        return replace(report, reason="option", error=f"{report.name}: {error}")


def _address(variables: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Where the agent of a host is; None for a host without an address, such as a recording."""
    host = variables.get("snmp_host") or variables.get("ansible_host")
    return (host, variables.get("snmp_port"), variables.get("snmp_context_name")) if host else None


def _same_in_netbox(variables: Mapping[str, Any]) -> list[str]:
    """The devices, of this run or not, to which NetBox gives the address where this one was asked."""
    elsewhere = any(variables.get(name) for name in ("snmp_host", "snmp_port", "snmp_context_name"))
    return [] if elsewhere else list(variables.get("netbox_shares_address_with") or ())


def _sharing(report: DeviceReport, hosts: list[str]) -> DeviceReport:
    """The report of one of several hosts with one address: of what was collected there, nothing is used."""
    error = f"{listed(hosts)} have the same address, so nothing is written for them: correct it in NetBox."
    return replace(report, items=(), members=(), tables=None, complete=False, reason="address", error=error)


def not_whole(
    hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]], nothing_known: bool = False
) -> dict[str, str]:
    """The hosts that were not read or not written completely: name -> why, in a sentence.

    nothing_known: also those that answered, but whose parts are not known.
    Hosts that were not asked have no result in hostvars, and are left out.
    """
    found: dict[str, str] = {}
    for host in hosts:
        results = _results(host, variables_as_they_are(host, hostvars))
        result = results.get(COLLECT_RESULT, {})
        if REACH_RESULT in results:
            # Its table has the sentence.
            if word := (results[REACH_RESULT].get("failed_hosts") or {}).get(host):
                found[host] = str(word)
        elif result.get("incomplete"):
            found[host] = result["incomplete"]
        elif result.get("failed"):
            found[host] = result.get("msg", "it was not read; see the task above")
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
        return f"nothing known: {device['error']}"
    if asked and device is None:
        return "not written: the upload of this run did not get its collection"
    return None


def _filled_in(host: str, raw: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The variables that identify a host, with templates filled in."""
    found = {name: raw[name] for name in WHO if name in raw}
    shown = str(found)
    return hostvars[host] if "{{" in shown or "{%" in shown else found


def _results(host: str, raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The results of the roles' tasks for a host, by the name of the variable; without those that did not run.

    That of snmp_entity_batch holds the results of many hosts.
    """
    results = {name: raw[name] for name in (COLLECT_RESULT, REACH_RESULT, UPLOAD_RESULT) if name in raw}
    devices = results.get(COLLECT_RESULT, {}).get("devices")
    if devices is not None:
        results[COLLECT_RESULT] = devices.get(host)
    return {name: result for name, result in results.items() if isinstance(result, Mapping)}


def _from_result(report: DeviceReport, result: Mapping[str, Any]) -> DeviceReport:
    """The report of a host that this run has asked. A poller may return anything else with a collection."""
    found = (result.get("ansible_facts") or {}).get("entity_inventory")
    if found is None:
        error = _without_address(str(result.get("msg", "the device was not read")))
        return replace(report, reason=str(result.get("reason", "error")), error=error)
    try:
        inventory = _inventory(found)
    except (ValueError, RecursionError) as error:
        return replace(report, reason="error", error=f"what was collected of it is not a collection: {error}")
    saved_to = str(result.get("saved_to") or "") or None
    collected_at = inventory.collected_at if saved_to else None
    return replace(with_inventory(report, inventory), saved_to=saved_to, collected_at=collected_at)


def _inventory(found: Any) -> EntityInventory:
    """The fact entity_inventory; from snmp_entity_batch it is JSON text. Raises ValueError, RecursionError."""
    return from_json(EntityInventory, json.loads(found) if isinstance(found, str) else found, "entity_inventory")


def with_collection(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a device that another host has asked; a failure in its place if that is not a collection."""
    if "ansible_facts" not in result:
        return result
    facts = result["ansible_facts"]
    try:
        _inventory(facts.get("entity_inventory") if isinstance(facts, Mapping) else facts)
    except (ValueError, RecursionError) as error:
        return {"failed": True, "reason": "error", "msg": f"what the poller returned is not a collection: {error}"}
    return result


def with_collections(result: dict[str, Any]) -> dict[str, Any]:
    """The same for snmp_entity_batch: each of its devices fails alone."""
    devices = result.get("devices") or {}
    if not isinstance(devices, Mapping) or not all(isinstance(one, Mapping) for one in devices.values()):
        return {"failed": True, "reason": "error", "msg": "what the poller returned is not a result of each device."}
    return {**result, "devices": {host: with_collection(dict(one)) for host, one in devices.items()}}


def _from_saved(report: DeviceReport, folder: str | None, asked: AskedDevice, max_age: timedelta) -> DeviceReport:
    """The report of a host that this run did not ask."""
    unknown = partial(replace, report, reason="not collected")
    if not folder:
        return unknown(error="this run did not collect (the tag collect was left out)")
    path = Path(folder_of(folder)).expanduser() / f"{file_name(str(asked.host))}.json"
    try:
        saved = saved_collections.read(path, asked, max_age)
    except MissingFile:
        return unknown(error=f"this run did not collect, and an earlier one left no {path}")
    except InvmonError as error:
        return unknown(error=str(error))
    when = saved.collected_at
    if saved.uploaded:
        return replace(report, complete=True, uploaded=when)
    return replace(with_inventory(report, saved.inventory), seen_at=when, collected_at=when, saved_to=str(path))


def _asked(host: str, variables: Mapping[str, Any]) -> AskedDevice:
    """The device that a task of this host would ask."""
    known = {key: variables.get(f"netbox_{key}") for key in ("device_id", "device_url")}
    reached = {key: variables.get(f"snmp_{key}") for key in ("host", "port", "context_name", "replay_from")}
    return AskedDevice.of(
        {"host": host, **known}, {**reached, "host": reached["host"] or variables.get("ansible_host") or host}
    )


def _without_address(error: str) -> str:
    """Why a device was not read, without the address at which it was asked: its name is shown with it."""
    return error.partition(COULD_NOT_BE_READ)[2] or error


def identities_of(hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who the hosts are in NetBox, as in reports()."""
    found = (_identity(host, _filled_in(host, variables_as_they_are(host, hostvars), hostvars)) for host in hosts)
    return [{key: value for key, value in to_json(report).items() if key in _IDENTITY} for report in found]


#: The fields that identify a host in NetBox.
_IDENTITY = (
    *("name", "device_id", "device_name", "site_id", "site_name", "location_id", "location_name"),
    "virtual_chassis",
)


def _identity(host: str, variables: Mapping[str, Any]) -> DeviceReport:
    """What the inventory plugin netbox_devices knows of the device; None where another inventory does not."""
    site = variables.get("netbox_site") or {}
    location = variables.get("netbox_location") or {}
    known = {
        "name": host,
        "device_id": variables.get("netbox_device_id"),
        "device_name": variables.get("netbox_device_name") or host,
        "site_id": site.get("id"),
        "site_name": site.get("name"),
        "location_id": location.get("id"),
        "location_name": location.get("name"),
        "virtual_chassis": variables.get("netbox_virtual_chassis"),
    }
    try:
        return from_json(DeviceReport, known, "")
    except WrongShape as error:
        return DeviceReport(host, reason="option", error=f"{host}: its variable netbox_{error}")

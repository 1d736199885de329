# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_entity_batch does: many devices in one task, each as snmp_entity_facts reads one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .._common.pool import work_through
from .._common.task import run_task
from .._outgoing.once import take_warnings
from .._outgoing.words import count
from .entity_facts import ARGUMENT_SPEC as OF_ONE_DEVICE
from .entity_facts import entity_facts
from .snmp_options import check_positive

ARGUMENT_SPEC: dict[str, Any] = {
    "hosts": {"type": "list", "elements": "str"},
    "at_a_time": {"type": "int", "default": 50},
    "kill_after": {"type": "int", "default": 1800},
    "quiet": {"type": "bool", "default": False},
    # Both may hold credentials, which are secret options of snmp_entity_facts.
    "options": {"type": "dict", "default": {}, "no_log": True},
    # Filled by the action.
    "devices": {"type": "list", "elements": "dict", "no_log": True},
    "profile_data": {"type": "dict", "default": {}},
}

#: Errors whose text is enough for a person.


def read_batch(
    params: Mapping[str, Any],
    check_mode: bool = False,
    on_done: Callable[[str, float, Mapping[str, Any]], None] | None = None,
    begin: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Read the devices, so many at a time; returns the module's result.

    :param params: devices: of each its name, and its options as snmp_entity_facts takes them, or an error in their
        place. at_a_time, kill_after, profile_data: see the module.
    :param on_done: called with the name, the seconds and the result of each device that is done.
    :param begin: called with the name of each device that is about to be asked, in the process that asks it.

    The result fails for no device: devices holds the result of each, by its name, as snmp_entity_facts returns it, but
    that entity_inventory is JSON text. Many devices' parts as Ansible's variables would cost more than reading them.
    Raises OptionError, or OSError if not even one process can be started.
    """
    check_positive(params, ("at_a_time", "kill_after"))
    devices = params["devices"] or []
    read = partial(_read, check_mode=check_mode, profile_data=params["profile_data"], begin=begin)
    found: dict[str, dict[str, Any]] = {}
    for done in work_through(read, devices, params["at_a_time"], params["kill_after"]):
        name = devices[done.number]["name"]
        lost = {"failed": True, "msg": f"{name}: {done.error}.", "reason": "process"}
        found[name] = json.loads(done.result) if done.result is not None else lost
        if on_done:
            on_done(name, done.seconds, found[name])
    # In the order of the inventory, not of the answers.
    results = {device["name"]: found[device["name"]] for device in devices}
    warnings = dict.fromkeys(warning for result in results.values() for warning in result.pop("warnings", []))
    return {"changed": False, "devices": results, "warnings": list(warnings), "msg": _in_words(results)}


def _read(
    device: Mapping[str, Any],
    check_mode: bool,
    profile_data: Mapping[str, Any],
    begin: Callable[[str], None] | None,
) -> str:
    """One device, in a process of the pool: its result as JSON text."""
    if begin:
        begin(device["name"])
    result = _result(device, check_mode, profile_data)
    of_device = [f"{device['name']}: {warning}" for warning in result.get("warnings", [])]
    result["warnings"] = [*of_device, *take_warnings()]
    if "ansible_facts" in result:
        result["ansible_facts"] = {"entity_inventory": json.dumps(result["ansible_facts"]["entity_inventory"])}
    return json.dumps(result)


def _result(device: Mapping[str, Any], check_mode: bool, profile_data: Mapping[str, Any]) -> dict[str, Any]:
    """What snmp_entity_facts returns for this device."""
    if device.get("error"):
        return {"failed": True, "msg": device["error"], "reason": "option"}

    def options() -> dict[str, Any]:
        given = dict(device["options"])
        if profile_data:
            given["profile_data"] = profile_data[given.pop("profiles", None) or ""]
        return given

    return run_task(options, OF_ONE_DEVICE, lambda params: entity_facts(params, check_mode), warn=False)


def _in_words(results: Mapping[str, Mapping[str, Any]]) -> str:
    words = Counter(_word(result) for result in results.values())
    found = ", ".join(f"{words[word]} {word}" for word in ("complete", "incomplete", "failed") if words[word])
    return f"{count(len(results), 'device')}: {found or 'none was asked'}"


def _word(result: Mapping[str, Any]) -> str:
    return "incomplete" if result.get("incomplete") else "failed" if result.get("failed") else "complete"

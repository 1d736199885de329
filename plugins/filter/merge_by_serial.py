# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter invmon.network.merge_by_serial."""

from __future__ import annotations

DOCUMENTATION = r"""
name: merge_by_serial
short_description: One record per serial number, out of the items of one or many devices
version_added: 0.1.0
author:
  - invmon.network contributors (@invmon)
description:
  - A device lists many parts more than once. An EEPROM row under each part, the fans of a tray, a supervisor that is
    the chassis all repeat a serial number. This filter folds the rows of one serial into one record.
  - Devices are never merged with each other. The same serial on two devices gives two records.
  - The result does not depend on the order of the items.
positional: strategy
options:
  _input:
    description:
      - The items of one device, or its collection, as
        M(invmon.network.snmp_entity_facts) returns it in C(ansible_facts.entity_inventory).
      - Or many devices, a list of collections or lists of items, or a mapping from names to them.
      - Or one of these as JSON text, as P(invmon.network.collected#filter) gives it with
        O(invmon.network.collected#filter:as_json).
    type: raw
    required: true
  strategy:
    description: Which row of a serial names the part.
    type: str
    default: containment
    choices:
      containment: >-
        The chassis. Else a field-replaceable unit. Else a row that is not a slot, a sensor or IDPROM memory. Else the
        row that contains the others. Else one of class power supply, fan, battery or storage drive. Else by class,
        module, port and transceiver before the rest. Else a row with a model. Else the vendor's own table. Else the
        first name, numbers in it by value, so that an agent that renumbers its rows moves no part.
      class_priority: The class alone, then the lowest index.
  exclude_models:
    description:
      - Items with exactly one of these parts are left out.
      - A list, or one text with commas between the models.
    type: raw
    default: []
seealso:
  - module: invmon.network.snmp_entity_facts
"""

EXAMPLES = r"""
- name: One record per serial of this device
  ansible.builtin.set_fact:
    records: "{{ ansible_facts.entity_inventory | invmon.network.merge_by_serial }}"

- name: Without stacking cables
  ansible.builtin.debug:
    msg: "{{ ansible_facts.entity_inventory | invmon.network.merge_by_serial(exclude_models=['STACK-T1-50CM']) }}"

- name: Records of all devices of this play, for the upload
  ansible.builtin.debug:
    msg: "{{ devices | invmon.network.merge_by_serial(strategy='class_priority') }}"
  vars:
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) }}"
"""

RETURN = r"""
_value:
  description:
    - The records of one device. For many devices the same shape as the input, a collection keeps all its other keys
      and has C(records) in place of C(items). JSON text where the input is JSON text.
    - A record has the keys of the row that won, empty ones filled from the other rows of its serial, and two more.
    - V(merged_from) lists the rows it was made of, with their V(source), V(index), V(name) and V(category).
    - V(rule) is the word of the rule that decided. It is V(single) where there was nothing to decide.
  type: raw
  sample:
    - serial: DCH2530S7XR
      part: NC55-A2-FAN-FW
      name: 0/FT0
      category: fan
      source: entPhysicalTable
      index: "20481"
      merged_from:
        - {source: entPhysicalTable, index: "20481", name: 0/FT0, category: fan}
        - {source: entPhysicalTable, index: "20487", name: 0/FT0-IDPROM, category: module}
      rule: field-replaceable
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._common.typed_json import WrongShape, from_json, to_json
from ..module_utils._parts.item import Item
from ..module_utils._parts.merge import STRATEGIES, merge_items, model_names


def merge_by_serial(value: Any, strategy: str = "containment", exclude_models: Any = ()) -> Any:
    """Merge the items of one device, or of each of many; see DOCUMENTATION."""
    if isinstance(value, str):
        return json.dumps(merge_by_serial(_parsed(value), strategy, exclude_models))
    # Empty text is what a survey sends that is left open.
    strategy = strategy or "containment"
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise AnsibleFilterError(f"merge_by_serial: unknown strategy {strategy!r}, choose one of {known}")
    if exclude_models is not None and not isinstance(exclude_models, (str, list, tuple, set, frozenset)):
        raise AnsibleFilterError("merge_by_serial: exclude_models must be a list of models, or a text with commas")
    excluded = model_names(exclude_models or ())

    def merged(device: Any, where: str) -> Any:
        if isinstance(device, Mapping):
            items = device.get("items") or []
            records = _records(items, strategy, excluded, where)
            rest = {key: field for key, field in device.items() if key != "items"}
            return {**rest, "records": records, "rows": len(items)}
        return _records(device, strategy, excluded, where)

    if _is_device(value):
        return _records(value["items"], strategy, excluded, "the input")
    if isinstance(value, Mapping):
        return {name: merged(device, f"device {name}") for name, device in value.items()}
    if isinstance(value, (list, tuple)) and value and all(_is_device(entry) or _is_list(entry) for entry in value):
        return [merged(device, f"device {number}") for number, device in enumerate(value, start=1)]
    return _records(value, strategy, excluded, "the input")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise AnsibleFilterError(f"merge_by_serial: the input is a text, and no JSON: {error}") from None


def _records(items: Any, strategy: str, excluded: frozenset[str], where: str) -> list[dict[str, Any]]:
    if not _is_list(items):
        raise AnsibleFilterError(f"merge_by_serial: {where} must hold items or collections, not {type(items).__name__}")
    try:
        typed = from_json(list[Item], items, f"{where}: items")
    except WrongShape as error:
        for number, item in enumerate(items, start=1):
            if not isinstance(item, Mapping) or not item.get("serial"):
                raise AnsibleFilterError(f"merge_by_serial: item {number} of {where} has no serial") from None
        raise AnsibleFilterError(f"merge_by_serial: {error}") from None
    return [to_json(record) for record in merge_items(typed, strategy, excluded)]


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_device(value: Any) -> bool:
    """A collection; one that failed may have an error in place of its items."""
    return isinstance(value, Mapping) and "serial" not in value and ("items" in value or "error" in value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"merge_by_serial": merge_by_serial}

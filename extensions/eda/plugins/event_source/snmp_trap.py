# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source invmon.network.snmp_trap of ansible-rulebook. The work is done in plugins/module_utils/_tasks."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Receive SNMP traps and informs.
description:
  - An ansible-rulebook event source that listens for notifications of SNMPv1, SNMPv2c and SNMPv3 over UDP, by IPv4 and
    IPv6. It needs neither net-snmp nor an SNMP library; for SNMPv3 with encryption the Python library cryptography.
  - Communities are compared in constant time. Messages of SNMPv3 are authenticated, decrypted, and refused if they are
    older than 150 seconds. Informs are answered when they were taken, also the discovery of the engine id before them.
  - The source address is looked up in an inventory of Ansible, and C(meta.hosts) has the host with this address. An
    address that is not in it starts nothing, and is reported once.
  - A device that sent one of O(starts) is reported as settled when it is quiet, so that a burst is one run.
options:
  host:
    description: IPv4 or IPv6 address to listen at. V(0.0.0.0) is all of IPv4, V(::) all of IPv6 and IPv4.
    type: str
    default: 127.0.0.1
  port:
    description: UDP port to listen at. For 162, which only root may use, see docs/traps.md in the collection.
    type: int
    default: 1162
  communities:
    description: Communities of SNMPv1 and SNMPv2c.
    type: list
    elements: str
    default: []
  users:
    description:
      - SNMPv3 users, or communities with more than their name, each a credential set with the keys of the option
        credential_sets of the module snmp_get, and C(name), by which events call it.
      - For the traps of a user that has other passphrases on each device, add C(engine_id) of the device.
    type: list
    elements: dict
    default: []
  mib_dirs:
    description: Folders with MIBs of your own. OIDs in numbers and the names that the collection knows need none.
    type: list
    elements: str
    default: []
  inventory:
    description:
      - Inventory in which the address of a sender is looked up, as C(ansible-inventory -i) takes it, such as
        V(my.netbox_devices.yml). The address of a host is its C(snmp_host), else its C(ansible_host), else its name.
      - It is read again after O(refresh_seconds), and for an unknown address, at most once a minute.
      - Without it, and without O(devices), all addresses are unknown.
    type: str
  devices:
    description: Further addresses of hosts, as a dictionary of addresses and names. They win over O(inventory).
    type: dict
    default: {}
  starts:
    description:
      - Names or OIDs of the notifications after which a device is to be read. V(.*) at the end means all below.
      - The two numbers are SFP inserted and removed, of Nokia's TIMETRA-PORT-MIB.
    type: list
    elements: str
    default:
      - SNMPv2-MIB::coldStart
      - ENTITY-MIB::entConfigChange
      - CISCO-ENTITY-FRU-CONTROL-MIB::cefcFRUInserted
      - CISCO-ENTITY-FRU-CONTROL-MIB::cefcFRURemoved
      - CISCO-ENTITY-FRU-CONTROL-MIB::cefcModuleStatusChange
      - JUNIPER-MIB::jnxFruInsertion
      - JUNIPER-MIB::jnxFruRemoval
      - JUNIPER-MIB::jnxFruOnline
      - TIMETRA-CHASSIS-MIB::tmnxEqCardInserted
      - TIMETRA-CHASSIS-MIB::tmnxEqCardRemoved
      - TIMETRA-CHASSIS-MIB::tmnxEqPowerSupplyInserted
      - TIMETRA-CHASSIS-MIB::tmnxEqPowerSupplyRemoved
      - 1.3.6.1.4.1.6527.3.1.3.2.2.0.8
      - 1.3.6.1.4.1.6527.3.1.3.2.2.0.9
  more_starts:
    description: Added to O(starts).
    type: list
    elements: str
    default: []
  quiet_seconds:
    description: Seconds without one of O(starts) after which a device has settled.
    type: float
    default: 30
  longest_seconds:
    description: Seconds after which it counts as settled although such notifications go on to arrive.
    type: float
    default: 300
  dedupe_seconds:
    description: Seconds in which the same notification of the same source counts once. 0 means that all count.
    type: float
    default: 10
  rate_per_source:
    description: Notifications per second that are taken from one address. 0 means no limit.
    type: float
    default: 100
  queue_size:
    description: Notifications that wait at most to be looked at, and then to be taken by the rulebook.
    type: int
    default: 1000
  refresh_seconds:
    description: Seconds after which O(inventory) is read again.
    type: float
    default: 900
  counters_seconds:
    description: Seconds between two events with the counters.
    type: float
    default: 300
  events:
    description: Which kinds of events are made.
    type: list
    elements: str
    choices: [notification, settled, unknown, counters, problem]
    default: [notification, settled, unknown, counters, problem]
notes:
  - Each event has C(kind) and C(device), the name of the host, which is empty if there is none.
  - C(notification) events have C(notification), as an entry of RV(notifications) of the module snmp_trap_listen, and
    C(starts). C(settled) events have C(count), C(notifications) (how many of each name) and C(seconds). C(unknown)
    events have C(address) and C(message), C(problem) events C(message), such as an inventory that cannot be read.
  - C(counters) events count from the start of the source the C(datagrams), what was C(taken), C(refused) and C(dropped)
    by reasons, C(not_put) (notifications that the rulebook did not take in time), and C(not_taken) by sources.
  - No community, user's key or passphrase is in an event. Everything else in it is text of strangers.
"""

EXAMPLES = r"""
- name: Read a device again when its hardware changed
  hosts: all
  sources:
    - invmon.network.snmp_trap:
        host: "::"
        users:
          - name: core
            username: inventory
            auth_protocol: SHA-256
            auth_passphrase: "{{ SNMP_AUTH }}"
            privacy_passphrase: "{{ SNMP_PRIVACY }}"
        inventory: /etc/invmon/my.netbox_devices.yml
        events: [settled, unknown, counters, problem]
  rules:
    - name: A device has settled
      condition: event.kind == "settled"
      action:
        run_playbook:
          name: invmon.network.inventory
"""

import asyncio
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

#: The collection that this file is part of, installed or as a checkout, and the name that it gets here. By this name
#: the file finds the code that came with it, whatever other copy of the collection Python would find.
_COLLECTION = Path(__file__).absolute().parents[4]
_NAME = "_invmon_network_of_snmp_trap"


def _module(name: str) -> Any:
    """A module of the collection. ansible-rulebook runs this file by its path, and knows no collections in Python."""
    if _NAME not in sys.modules:
        package = ModuleType(_NAME)
        package.__path__ = [str(_COLLECTION)]
        sys.modules[_NAME] = package
    return importlib.import_module(f"{_NAME}.plugins.module_utils.{name}")


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put events into the queue until the task is cancelled."""
    options = _module("_tasks.trap_options").read_trap_options(args)
    await _module("_tasks.trap_source").TrapSource(options).run(queue.put)

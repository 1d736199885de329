#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netbox_register
short_description: Hold a scan against NetBox, and register what is new
version_added: 0.2.0
description:
  - Reads what NetBox has of the networks of a scan, compares, and returns a verdict for each host that answered and for
    each address of NetBox where none did, as P(invmon.network.compare_with_netbox#filter) does.
  - With O(register) it also writes. New IP addresses get the mask, VRF and tenant of the narrowest prefix, the name
    that the DNS confirms, the status in O(status), the tag in O(tag), and a journal entry with the evidence. New
    devices get site, role, device type, serial number, and an interface with their primary address.
  - An object is ours if it has the tag. A value of it is ours if it is the one that its journal has as written. Only
    empty values and values that are ours are changed. What a person wrote is not, and nothing is ever deleted.
  - Only hosts that are certain are registered. Those that contradict NetBox or themselves, that are in networks of
    DHCP, in no prefix, or in a range that is marked as populated, are listed in RV(plan) with the reason.
  - Check mode makes the same plan and writes nothing. Before a plan is applied, NetBox is read again, and what another
    client changed in the meantime is left for the next run.
  - A run that ends in the middle, because a permission is missing for example, reports what was written and what was
    not. The next run continues. Nothing is written twice.
  - Without O(register) the token's user needs only the permissions to view prefixes, IP ranges, IP addresses and
    devices. What registering needs is listed in the documentation of the collection, on the page about least privilege.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
attributes:
  diff_mode:
    description: Returns details of what has changed, or would be changed in check mode.
    support: full
  idempotent:
    description: A second run with the same scan changes nothing.
    support: full
options:
  scan:
    description: RV(invmon.network.netscan#module:scan), or a list of its hosts. A list of hosts proves no silence.
    type: raw
    required: true
  register:
    description:
      - V(none) only compares.
      - V(ip_addresses) registers the addresses of hosts that NetBox does not have.
      - V(devices) also registers a device for each host that answers SNMP, is proven, has no doubtful addresses, and
        has no device or virtual machine in NetBox. An address that NetBox has without a device becomes that of the
        device.
    type: str
    choices: [none, ip_addresses, devices]
    default: none
  tag:
    description: Slug of the tag of what is ours. It is created if NetBox does not have it.
    type: str
    default: invmon-discovered
  status:
    description: Status of new IP addresses.
    type: str
    default: active
  dns_names:
    description:
      - Which values of C(dns_name) are written. The name must be confirmed, that is, the DNS has the address for it.
      - V(ours), those of our IP addresses, as long as no person changed them.
      - V(empty), also empty ones of other IP addresses.
      - V(none), only those of new IP addresses.
    type: str
    choices: [ours, empty, none]
    default: ours
  certainty:
    description:
      - What a host must be to be registered. V(proven) hosts answered themselves, by ICMP, SNMP or an open port.
      - V(likely) ones are also in tables of others, or reset connections. A device is made of proven hosts only.
    type: str
    choices: [proven, likely]
    default: proven
  history:
    description: Folder with the records of earlier runs, in which M(invmon.network.netscan)'s scans are kept.
    type: path
  gone_status:
    description:
      - Status that our IP addresses get when their host is gone, V(deprecated) for example. By default it is not
        changed.
      - A host is gone only after O(gone_after) scans and O(gone_after_days) days in which every source that ever saw it
        was asked to the end and got no answer. When it answers again, the address gets O(status) again.
      - A status that a person set is not changed. It needs O(history).
    type: str
  gone_after:
    description: Number of scans that must prove a host silent before it is gone, 2 or more.
    type: int
    default: 3
  gone_after_days:
    description: Days from the first to the last of these scans.
    type: float
    default: 2
  device_role:
    description: Slug of the role of new devices. Required with O(register=devices).
    type: str
  device_site:
    description: Slug of the site of new devices whose prefix has no site.
    type: str
  device_type:
    description:
      - Slug of the device type of new devices that neither O(device_types) nor NetBox's own device types, by their
        model or part number, have an entry for. Without it no device is made of these.
    type: str
  device_types:
    description:
      - Device types (slugs) by what hosts report, C(manufacturer/model), C(model) or C(manufacturer), without case.
    type: dict
    default: {}
  device_status:
    description: Status of new devices.
    type: str
    default: planned
  device_interface:
    description: Name of the interface that gets the address of a new device.
    type: str
    default: discovered
  device_tags:
    description: Slugs of more tags of new devices, such as the one that the inventory is limited to.
    type: list
    elements: str
    default: []
  brake_objects:
    description:
      - Nothing is written, and the task fails, if there are more new objects than this, and more than O(brake_share)
        per cent of the addresses that NetBox has in these networks. A firewall that answers for all of its addresses
        would otherwise fill NetBox.
    type: int
    default: 50
  brake_share:
    description: See O(brake_objects). From 0 to 100.
    type: int
    default: 20
  release:
    description: Write although O(brake_objects) is exceeded. Meant for one run.
    type: bool
    default: false
  chunk_size:
    description: Objects that are written in one request, 1 to 1000.
    type: int
    default: 100
author:
  - invmon.network contributors (@invmon)
seealso:
  - module: invmon.network.netscan
  - plugin: invmon.network.compare_with_netbox
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Scan the networks that have a tag in NetBox
  invmon.network.netscan:
    netbox_prefixes:
      tag: discover
  register: found

- name: What does NetBox not have?
  invmon.network.netbox_register:
    scan: "{{ found.scan }}"
  register: compared

- name: Show what would be registered
  invmon.network.netbox_register:
    scan: "{{ found.scan }}"
    register: devices
    device_role: discovered
    device_type: unknown
    device_types:
      Cisco/C9300-48P: c9300-48p
  check_mode: true
  diff: true
"""

RETURN = r"""
verdicts:
  description:
    - The verdicts, ordered by VRF and address, as P(invmon.network.compare_with_netbox#filter) returns them. They are
      about NetBox as it was before anything was written.
  returned: always
  type: list
  elements: dict
  sample:
    - {verdict: unknown, ip: 192.0.2.30, hostname: sw-30.example.org, network: 192.0.2.0/24, certainty: proven}
counts:
  description: How many hosts and addresses have which verdict.
  returned: always
  type: dict
  sample: {contradicting: 1, unknown: 1, unassigned: 0, silent: 3, known: 41, not_asked: 0}
plan:
  description:
    - What is to be written. C(addresses) and C(devices) that are new, C(changes) with the values C(before) and
      C(after), C(skipped) hosts with the C(reason), and C(held), why nothing is written.
  returned: always
  type: dict
  sample:
    addresses: [{ip: 192.0.2.30, prefix_length: 24, prefix: 192.0.2.0/24, status: active}]
    devices: []
    changes: []
    skipped: [{ip: 192.0.2.205, reason: "addresses change hands in its network (DHCP)"}]
    held: ""
written:
  description: Objects that were written, with C(kind), C(did) (created or changed), C(name) and C(id).
  returned: always
  type: list
  elements: dict
  sample:
    - {kind: address, did: created, name: 192.0.2.30, id: 1204}
not_written:
  description: Objects that could not be written, with C(kind), C(name) and C(reason). If there are any, the task fails.
  returned: always
  type: list
  elements: dict
summary:
  description: What was registered, or would be in check mode, in words. Empty without O(register).
  returned: always
  type: list
  elements: str
  sample: ["Registered 1 address and 1 device."]
reason:
  description: V(held) or V(not_written).
  returned: if the task fails after NetBox was read
  type: str
requests:
  description: Requests that were sent to NetBox.
  returned: always
  type: int
  sample: 9
"""

from ..module_utils._tasks.register import register
from ..module_utils._tasks.register_options import ARGUMENT_SPEC
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, register)


if __name__ == "__main__":
    main()

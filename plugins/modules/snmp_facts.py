#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_facts
short_description: Read system, interfaces and addresses of a device over SNMP, as facts
version_added: 0.2.0
description:
  - Returns the facts of M(community.general.snmp_facts) by the same names, and takes its options by their names.
    C(docs/snmp.md) in the collection has a table of what differs.
  - In addition it has what all SNMP modules of this collection have, such as SHA-2 and AES-256, IPv6, a port, a
    context, and credentials from host variables; and it returns IPv6 addresses and 64-bit counters.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices) the device is asked from there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file).
requirements:
  - for SNMPv3 what O(backend) needs, where the task runs
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.snmp.reading
  - invmon.network.attributes
  - invmon.network.attributes.facts
  - invmon.network.attributes.reads
options:
  versions:
    aliases: [version]
  security_level:
    aliases: [level]
  auth_protocol:
    aliases: [integrity]
  auth_passphrase:
    aliases: [authkey]
  privacy_protocol:
    aliases: [privacy]
  privacy_passphrase:
    aliases: [privkey]
seealso:
  - module: invmon.network.snmp_entity_facts
  - module: invmon.network.snmp_table
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Facts, by SNMPv2c
  invmon.network.snmp_facts:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"

- name: Interfaces that are up
  ansible.builtin.debug:
    msg: "{{ ansible_facts.interfaces.values() | selectattr('operstatus', 'equalto', 'up') | map(attribute='name') }}"

- name: Facts, with the options of community.general.snmp_facts
  invmon.network.snmp_facts:
    host: 192.0.2.1
    version: v3
    level: authPriv
    username: inventory
    integrity: SHA-256
    authkey: "{{ vault_snmp_auth }}"
    privacy: aes
    privkey: "{{ vault_snmp_privacy }}"
    retries: 0
"""

RETURN = r"""
ansible_facts:
  description: The facts.
  returned: when the device answered
  type: dict
  contains:
    ansible_sysdescr:
      description: sysDescr, what the device is, in the words of its vendor. Empty if it has none, as with the others.
      type: str
      sample: Cisco IOS Software, C2960 Software
    ansible_sysobjectid:
      description: sysObjectID, the OID that the vendor gave the model.
      type: str
      sample: 1.3.6.1.4.1.9.1.716
    ansible_sysuptime:
      description: sysUpTime, hundredths of a second since the SNMP agent started.
      type: int
      sample: 42388
    ansible_syscontact:
      description: sysContact, who to ask about it.
      type: str
      sample: noc@example.com
    ansible_sysname:
      description: sysName, its name.
      type: str
      sample: core-1
    ansible_syslocation:
      description: sysLocation, where it is.
      type: str
      sample: Brno, rack 4
    ansible_all_ipv4_addresses:
      description: Its IPv4 addresses, in order.
      type: list
      elements: str
      sample: [127.0.0.1, 192.0.2.1]
    ansible_all_ipv6_addresses:
      description: Its IPv6 addresses, in order.
      type: list
      elements: str
      sample: ["2001:db8::1"]
    ansible_interfaces:
      description:
        - Its interfaces, by their ifIndex as text. A field that the device does not have is left out.
        - Text are C(ifindex), C(name) (ifDescr), C(mtu), C(speed) (ifSpeed), C(mac) (in hexadecimal, without
          separators), C(adminstatus), C(operstatus), C(description) (ifAlias) and C(ifname) (ifName).
        - Numbers are C(highspeed) (ifHighSpeed, in Mbit/s), C(in_octets) and C(out_octets) (64-bit counters).
        - C(ipv4) is a list with C(address) and C(netmask), C(ipv6) one with C(address) and C(prefix).
      type: dict
      sample:
        "1":
          ifindex: "1"
          name: lo
          mtu: "65536"
          speed: "10000000"
          mac: ""
          adminstatus: up
          operstatus: up
          description: ""
          ifname: lo
          highspeed: 10
          in_octets: 4711
          out_octets: 4711
          ipv4:
            - address: 127.0.0.1
              netmask: 255.0.0.0
complete:
  description: Whether everything was read.
  returned: when the device answered
  type: bool
  sample: true
incomplete:
  description: What was not read, and why.
  returned: when something was not read
  type: str
  sample: "not read completely: no answer"
backend:
  description: What asked the device, V(builtin), V(snmp) or V(easysnmp) (see O(backend)).
  returned: when the device answered
  type: str
  sample: builtin
attempt:
  description:
    - The attempt that was answered, with C(number), C(version), C(security_level), and C(credentials), the name of its
      credential set, if it is of one.
  returned: when the device answered
  type: dict
  sample: {"number": 1, "version": "2c", "security_level": noAuthNoPriv}
statistics:
  description: Requests, variables received, and seconds.
  returned: when the device answered
  type: dict
  sample: {"requests": 2, "in_flight": 1, "varbinds": 7, "seconds": 0.012}
reason:
  description: One word for why the device could not be read, for grouping.
  returned: when it could not be read
  type: str
  sample: timeout
"""

from ..module_utils._tasks.run_module import run_module
from ..module_utils._tasks.snmp_facts import ARGUMENT_SPEC
from ..module_utils._tasks.snmp_reading import answer_there


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: answer_there(params))


if __name__ == "__main__":
    main()

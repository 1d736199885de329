#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_get
short_description: Read variables of a device over SNMP
version_added: 0.2.0
description:
  - Reads variables by their OIDs or names, by GET or GETNEXT, and returns each with its type, its name, and its value
    as data and as text.
  - Many OIDs are asked for in several requests, of a size that the agent bears.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices) the device is asked from there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file).
requirements:
  - for SNMPv3 what O(backend) needs, where the task runs
  - for O(mib_dirs) pysmi on the controller
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.snmp.reading
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  oids:
    description:
      - What to read, such as V(1.3.6.1.2.1.1.5.0), V(sysName.0), V(IF-MIB::ifDescr.3) or V(vacmGroupName.3."wes"). In
        an index, a text in double quotes stands for its length and its octets, one in single quotes for its octets.
      - With O(operation=get), the name of a scalar may lack its V(.0).
    type: list
    elements: str
    required: true
    aliases: [oid]
  operation:
    description: V(get) reads these variables, V(getnext) the one that follows each of them on the agent.
    type: str
    choices: [get, getnext]
    default: get
seealso:
  - module: invmon.network.snmp_walk
  - module: invmon.network.snmp_table
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Name, contact and uptime of a device
  invmon.network.snmp_get:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    oids: [sysName, sysContact.0, 1.3.6.1.2.1.1.3.0]
  register: system

- name: Show them
  ansible.builtin.debug:
    msg: "{{ system.found['sysName.0'] }} is up for {{ system.variables[2].text }}"

- name: Whether an interface is up, by SNMPv3
  invmon.network.snmp_get:
    versions: [3]
    username: inventory
    auth_protocol: SHA-256
    auth_passphrase: "{{ vault_snmp_auth }}"
    privacy_protocol: AES
    privacy_passphrase: "{{ vault_snmp_privacy }}"
    oids: [IF-MIB::ifOperStatus.1]
  register: port
  failed_when: port.variables[0].enum | default('') != 'up'

- name: What follows sysName.0 on the agent
  invmon.network.snmp_get:
    host: 192.0.2.1
    versions: [1]
    community: "{{ vault_snmp_community }}"
    operation: getnext
    oids: [sysName.0]
"""

RETURN = r"""
variables:
  description: The variables, in the order of O(oids).
  returned: when the device answered
  type: list
  elements: dict
  contains:
    asked:
      description: The entry of O(oids).
      type: str
      sample: sysName
    oid:
      description: The OID of the variable.
      type: str
      sample: 1.3.6.1.2.1.1.5.0
    module:
      description: The MIB that defines it; empty if it is in no known one.
      type: str
      sample: SNMPv2-MIB
    name:
      description: Its name there, or the nearest name above it; empty if there is none.
      type: str
      sample: sysName
    index:
      description: What follows the name in the OID.
      type: str
      sample: "0"
    type:
      description:
        - C(INTEGER), C(OCTET STRING), C(OBJECT IDENTIFIER), C(IpAddress), C(Counter32), C(Gauge32), C(TimeTicks),
          C(Opaque), C(Counter64) or C(NULL).
        - C(noSuchObject), C(noSuchInstance), C(endOfMibView) or, from SNMPv1, C(noSuchName) if there is no value.
      type: str
      sample: OCTET STRING
    value:
      description:
        - A number of an C(INTEGER), counter, C(TimeTicks) (hundredths of a second) or a floating-point number in an
          C(Opaque); the words of the bits that are set, of C(BITS); else a text.
        - Octets are text as the display hint of their type writes them (a MAC address is V(00:1b:21:0a:0b:0c)), or if
          they are printable text in UTF-8, in which tabs and line breaks are escaped (C(\n)). A C(DateAndTime) is
          written in ISO 8601. Other octets are in hexadecimal, such as V(0x00ff).
        - Null if there is no value.
      type: raw
      sample: core-1
    text:
      description: The value as users write it, such as V(up(1)), V(1 day, 2:03:04.05) or V(IF-MIB::ifIndex).
      type: str
      sample: core-1
    enum:
      description: The word of a number that its MIB names.
      returned: when there is one
      type: str
      sample: up
    base64:
      description: The octets, where RV(variables[].value) is not exactly their text.
      returned: for such octets
      type: str
      sample: ABshCgsM
    absent:
      description: Why there is no value, in words.
      returned: when there is none
      type: str
      sample: the agent has this object, but not this instance
    error:
      description: Why it could not be read. All keys but C(asked), C(value) and C(text) are missing then.
      returned: when it could not be read
      type: str
      sample: no answer
found:
  description: The values of the variables that exist, by their names with the index, or by their OIDs.
  returned: when the device answered
  type: dict
  sample: {"sysName.0": "core-1"}
complete:
  description: Whether everything was read.
  returned: when the device answered
  type: bool
  sample: true
incomplete:
  description: What was not read, and why.
  returned: when something was not read
  type: str
  sample: "not read: ifDescr.3 (no answer)"
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
from ..module_utils._tasks.snmp_get import ARGUMENT_SPEC
from ..module_utils._tasks.snmp_reading import answer_there


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: answer_there(params))


if __name__ == "__main__":
    main()

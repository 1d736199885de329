#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_walk
short_description: Read all variables below an OID over SNMP
version_added: 0.2.0
description:
  - Reads subtrees by GETBULK, with SNMPv1 by GETNEXT, and returns each variable with its type, its name, and its value
    as data and as text.
  - What was read is returned when the agent stops to answer, breaks the protocol (OIDs that do not increase), or when a
    limit is reached, and is reported as incomplete.
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
      - The subtrees, such as V(system), V(1.3.6.1.2.1.1) or V(IF-MIB::ifName). What is asked for may also be one
        variable.
    type: list
    elements: str
    required: true
    aliases: [oid]
  max_repetitions:
    description:
      - How often a GETBULK of one subtree is repeated at most (RFC 3416, 4.2.3), 1 to 320. With several subtrees or
        columns in one request, so many for each.
      - With V(0) it begins with 80 variables for each request, and grows while the agent's replies are complete.
      - Whatever it is, the agent is asked for fewer after it returned C(tooBig), returned another error, or did not
        answer. SNMPv1 has no GETBULK.
    type: int
    default: 0
  output:
    description: V(list) returns RV(variables), V(dict) only RV(found), which is a tenth of it.
    type: str
    choices: [list, dict]
    default: list
seealso:
  - module: invmon.network.snmp_get
  - module: invmon.network.snmp_table
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: The system group
  invmon.network.snmp_walk:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    oids: [system]
  register: walk

- name: One line for each variable, as snmpwalk prints it
  ansible.builtin.debug:
    msg: "{{ item.module }}::{{ item.name }}.{{ item.index }} = {{ item.type }}: {{ item.text }}"
  loop: "{{ walk.variables }}"
  loop_control:
    label: "{{ item.oid }}"

- name: Names of interfaces, by SNMPv1, as a dictionary
  invmon.network.snmp_walk:
    host: 192.0.2.1
    versions: [1]
    community: "{{ vault_snmp_community }}"
    oids: [IF-MIB::ifDescr, 1.3.6.1.2.1.31.1.1.1.1]
    output: dict
  register: interfaces

- name: At most 20 variables of everything, by SNMPv3
  invmon.network.snmp_walk:
    versions: [3]
    username: inventory
    auth_protocol: SHA-256
    auth_passphrase: "{{ vault_snmp_auth }}"
    privacy_passphrase: "{{ vault_snmp_privacy }}"
    oids: [1.3.6.1]
    max_repetitions: 10
    max_rows: 20
    fail_when_incomplete: false
  register: beginning
  failed_when: beginning.complete or beginning.variables | length != 20
"""

RETURN = r"""
variables:
  description: The variables, in the order of O(oids) and below each in the order of their OIDs.
  returned: when the device answered, with O(output=list)
  type: list
  elements: dict
  contains:
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
found:
  description: The values of the variables, by their names with the index, or by their OIDs.
  returned: when the device answered, with O(output=dict)
  type: dict
  sample: {"sysName.0": "core-1", "ifDescr.1": "lo"}
complete:
  description: Whether everything was read.
  returned: when the device answered
  type: bool
  sample: true
incomplete:
  description: What was not read, and why.
  returned: when something was not read
  type: str
  sample: "not read completely: system (after 12 variables: no answer)"
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
from ..module_utils._tasks.snmp_reading import answer_there
from ..module_utils._tasks.snmp_walk import ARGUMENT_SPEC


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: answer_there(params))


if __name__ == "__main__":
    main()

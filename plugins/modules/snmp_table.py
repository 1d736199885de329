#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_table
short_description: Read a table of a device over SNMP, as rows
version_added: 0.2.0
description:
  - Reads a table, or some of its columns and rows, and returns a dictionary for each row, with the values of its index.
  - The index of a row (RFC 2578, 7.7) is decoded as the MIB defines it, with numbers, texts with and without their
    length (IMPLIED), IP addresses, C(InetAddress) by its C(InetAddressType), and OIDs. A table that augments another
    one has the index of that.
  - Only what was asked for is read. Columns are walked together, and single rows are read by GET.
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
  table:
    description:
      - The table or its entry, such as V(ifTable), V(IF-MIB::ifEntry) or V(1.3.6.1.2.1.2.2.1).
      - Of a table that no known MIB defines, the OID of its entry. Its columns have their numbers as names then, and
        rows have only their C(index).
    type: str
    required: true
  columns:
    description:
      - The columns to read, by name or number. By default all that can be read.
      - A column of another table with the same index is read with it, such as V(ifAlias) with O(table=ifTable).
    type: list
    elements: str
    default: []
  join:
    description:
      - Other tables with the same index, of which all columns are read into the same rows, such as V(ifXTable) with
        O(table=ifTable). Rows that only one of the tables has are returned as well.
    type: list
    elements: str
    default: []
  rows:
    description:
      - The rows to read. By default all.
      - Each is an index, or the beginning of one. It is given as its numbers (V(3), V(1.4.192.0.2.1)), as a list of its
        values (V([ipv4, 192.0.2.1])), or as a dictionary of its values by their names.
    type: list
    elements: raw
    default: []
  details:
    description:
      - Return a dictionary for each cell instead of its value, with C(value), C(text), and C(enum) or C(base64) where
        they apply, as in the result of M(invmon.network.snmp_get).
    type: bool
    default: false
  max_repetitions:
    description:
      - How often a GETBULK of one subtree is repeated at most (RFC 3416, 4.2.3), 1 to 320. With several subtrees or
        columns in one request, so many for each.
      - With V(0) it begins with 80 variables for each request, and grows while the agent's replies are complete.
      - Whatever it is, the agent is asked for fewer after it returned C(tooBig), returned another error, or did not
        answer. SNMPv1 has no GETBULK.
    type: int
    default: 0
seealso:
  - module: invmon.network.snmp_get
  - module: invmon.network.snmp_walk
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Interfaces, with the columns of ifXTable
  invmon.network.snmp_table:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    table: ifTable
    join: [ifXTable]
  register: interfaces

- name: Names of those that are down
  ansible.builtin.debug:
    msg: "{{ interfaces.rows | selectattr('ifOperStatus', 'equalto', 'down') | map(attribute='ifName') }}"

- name: Some columns of the first interface, with all that is known about each value
  invmon.network.snmp_table:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    table: ifTable
    columns: [ifDescr, ifOperStatus, ifAlias]
    rows: [1]
    details: true
  register: first

- name: IPv4 addresses, by SNMPv3
  invmon.network.snmp_table:
    versions: [3]
    username: inventory
    auth_protocol: SHA-256
    auth_passphrase: "{{ vault_snmp_auth }}"
    privacy_passphrase: "{{ vault_snmp_privacy }}"
    table: IP-MIB::ipAddressTable
    columns: [ipAddressIfIndex, ipAddressPrefix]
    rows: [[ipv4]]
  register: addresses

- name: A table without a MIB
  invmon.network.snmp_table:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"
    table: 1.3.6.1.2.1.2.2.1
    columns: [2, 8]
"""

RETURN = r"""
rows:
  description:
    - A dictionary for each row, in the order of the index. C(index) is the index as it is in the OIDs. The values of
      the index and the columns have their names.
    - A value is what RV(ignore:variables[].value) is in the result of M(invmon.network.snmp_get), or the word of a
      number that its MIB names, such as V(up); a C(TruthValue) is true or false. It is null in a row that lacks this
      column.
  returned: when the device answered
  type: list
  elements: dict
  sample: [{"index": "1", "ifIndex": 1, "ifDescr": "lo", "ifOperStatus": "up", "ifAlias": null}]
columns:
  description: The columns that at least one row has, in the order in which they are in the MIB, or in O(columns).
  returned: when the device answered
  type: list
  elements: str
  sample: [ifIndex, ifDescr, ifOperStatus]
index_names:
  description: The names of the values of the index; empty for a table that no known MIB defines.
  returned: when the device answered
  type: list
  elements: str
  sample: [ifIndex]
complete:
  description: Whether everything was read.
  returned: when the device answered
  type: bool
  sample: true
incomplete:
  description: What was not read, and why.
  returned: when something was not read
  type: str
  sample: "not read completely: ifDescr (after 12 rows: no answer)"
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
from ..module_utils._tasks.snmp_table import ARGUMENT_SPEC


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: answer_there(params))


if __name__ == "__main__":
    main()

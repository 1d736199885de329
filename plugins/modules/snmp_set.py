#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_set
short_description: Set variables of a device over SNMP
version_added: 0.2.0
description:
  - Sets variables, or creates and removes a row of a table that has a RowStatus.
  - The variables are read first. What differs by type and value is sent in one request, which the agent carries out as
    a whole or not at all. Then they are read again, and the task fails if the agent does not have the wanted values.
  - Values are checked by the MIB before anything is sent. Where there is no MIB, their type is given.
  - If the request is not answered, the variables are read again to find out whether they were set, and the result or
    the message says so.
  - The credentials must be allowed to write. The first of several credentials that the device answers is used also
    where it may only read, so give a task those that may write.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices) everything is done from there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file).
requirements:
  - for SNMPv3 O(backend=builtin), where the task runs
  - for O(mib_dirs) pysmi on the controller
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.attributes
attributes:
  check_mode:
    details: The device is read, and nothing is sent that could change it. Whether it would refuse is not known then.
  diff_mode:
    description: Returns details of what has changed, or would be changed in check mode.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
    details: Values that the agent does not return as they were set (such as passphrases) fail.
options:
  variables:
    description:
      - What to set, at most 500 variables. Either this or O(row) is required.
      - A SET is not split, so that all of it is done or nothing. It has to fit into one message of the agent, often of
        1,500 octets.
    type: list
    elements: dict
    suboptions:
      oid:
        description:
          - The variable, as in O(invmon.network.snmp_get#module:oids), with its index. The name of a scalar may lack
            its V(.0).
        type: str
        required: true
      value:
        description:
          - The value, as M(invmon.network.snmp_get) returns it in C(value) or C(text).
          - A number may be the word that the MIB has for it, such as V(up) or V(up(1\)); a TruthValue is true or
            false. TimeTicks are hundredths of a second or such as V(1 day, 2:03:04.05).
          - Octets are written as the display hint of their type has them, such as V(00:1b:21:0a:0b:0c); a DateAndTime
            in ISO 8601; others as text, or in hexadecimal after V(0x). BITS are a list of their words.
          - An OID is in numbers, or a name.
          - At most 2,048 octets.
        type: raw
        required: true
      type:
        description:
          - The type, where no MIB defines it, or where octets are not written as their MIB has them.
          - V(unsigned) and V(gauge) are the same (Unsigned32, Gauge32), V(counter) is Counter32. V(text), V(hex),
            V(base64) and V(bits) (a list of numbers from 0) are OCTET STRING. The octets of V(opaque) are in
            hexadecimal.
          - It has to be that of the MIB, unless O(force=true).
        type: str
        choices:
          - integer
          - unsigned
          - gauge
          - counter
          - counter64
          - timeticks
          - text
          - hex
          - base64
          - bits
          - oid
          - ipaddress
          - opaque
      force:
        description: As O(force), for this variable.
        type: bool
        default: false
  row:
    description:
      - A row of a table with a RowStatus (RFC 2579), that is to exist or not. Either this or O(variables) is required.
      - In a row that exists, columns with other values are set, and it is made active. If the agent does not allow
        that while the row is active, remove it first.
    type: dict
    suboptions:
      table:
        description: Name of the table, of a known MIB.
        type: str
        required: true
      index:
        description:
          - The index of the row, as in O(invmon.network.snmp_table#module:rows). It is a list of the values of its
            parts, a dictionary of them by name, or the numbers, such as V(4.110.111.99.49).
        type: raw
        required: true
      columns:
        description:
          - Names of columns with their values, as in O(variables[].value). A dictionary C({type, value}) is as in
            O(variables).
          - For a new row those that the agent requires.
        type: dict
        default: {}
      state:
        description: Whether the row is to exist.
        type: str
        choices: [present, absent]
        default: present
      how:
        description:
          - How a row is created. V(createAndGo) takes one request. V(createAndWait) takes three, for the row, its
            columns, and to make it active; where that fails, the row is removed again.
          - V(auto) takes V(createAndWait) where the agent refuses V(createAndGo) as such.
        type: str
        choices: [auto, createAndGo, createAndWait]
        default: auto
  force:
    description:
      - Send also what the MIB does not allow, which are variables that are read-only or not accessible, and values of
        another type, range or size. Then the agent decides.
    type: bool
    default: false
  mib_dirs:
    description:
      - Folders with MIBs of your own, for names that the collection does not know (see M(invmon.network.snmp_get)).
        OIDs in numbers need none.
    type: list
    elements: path
    default: []
  max_seconds:
    description: Seconds for the whole task. A request that was sent is waited for.
    type: int
    default: 120
  question:
    description:
      - What to set, in numbers. Filled by the action when the task is delegated, because names are looked up on the
        controller.
    type: dict
seealso:
  - module: invmon.network.snmp_get
  - module: invmon.network.snmp_notify
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Contact and location of a device
  invmon.network.snmp_set:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_write_community }}"
    variables:
      - {oid: sysContact, value: noc@example.com}
      - {oid: SNMPv2-MIB::sysLocation.0, value: "Rack 4"}
  register: set

- name: The same values as before
  invmon.network.snmp_set:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_write_community }}"
    variables: "{{ set.restore }}"
  when: set.restore | length > 0

- name: A variable whose MIB is not known, by SNMPv3
  invmon.network.snmp_set:
    versions: [3]
    username: inventory
    auth_protocol: SHA-256
    auth_passphrase: "{{ vault_snmp_auth }}"
    privacy_protocol: AES
    privacy_passphrase: "{{ vault_snmp_privacy }}"
    variables:
      - {oid: 1.3.6.1.2.1.1.5.0, type: text, value: core-1}

- name: Traps go to 192.0.2.9
  invmon.network.snmp_set:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_write_community }}"
    row:
      table: snmpTargetAddrTable
      index: [noc]
      columns:
        snmpTargetAddrTDomain: snmpUDPDomain
        snmpTargetAddrTAddress: "0xc000020900a2"
        snmpTargetAddrTagList: traps
        snmpTargetAddrParams: traps

- name: And no longer
  invmon.network.snmp_set:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_write_community }}"
    row: {table: snmpTargetAddrTable, index: [noc], state: absent}
"""

RETURN = r"""
outcome:
  description:
    - V(same) if nothing differed, V(would) in check mode, or V(done).
    - Of a task that failed V(refused) by the agent, V(silent) if the request was not answered and its values are not
      there or not known, V(different) if the agent accepted the request and has other values, or V(unread) if nothing
      was sent because the variables could not be read before.
  returned: when the device answered
  type: str
  sample: done
variables:
  description: The variables, in the order of O(variables); of O(row) its columns, and its RowStatus.
  returned: when the device answered
  type: list
  elements: dict
  contains:
    oid:
      description: The OID of the variable.
      type: str
      sample: 1.3.6.1.2.1.1.4.0
    module:
      description: The MIB that defines it; empty if it is in no known one.
      type: str
      sample: SNMPv2-MIB
    name:
      description: Its name there, or the nearest name above it.
      type: str
      sample: sysContact
    index:
      description: What follows the name in the OID.
      type: str
      sample: "0"
    type:
      description: Its type, as M(invmon.network.snmp_get) returns it.
      type: str
      sample: OCTET STRING
    before:
      description: Its value before, as text. Null if it did not exist.
      type: str
      sample: root
    wanted:
      description: The value that it is to have, as text.
      type: str
      sample: noc@example.com
    after:
      description: Its value as it was read again, as text. In check mode what it would be. Null if it does not exist.
      type: str
      sample: noc@example.com
    value:
      description: The same as data, as M(invmon.network.snmp_get) returns it.
      type: raw
      sample: noc@example.com
    changed:
      description: Whether it was, or would be, changed.
      type: bool
      sample: true
restore:
  description:
    - The values before of what differed, as O(variables) of a later task. For a row that was created it removes the
      row, and for one that was removed it creates the row with the columns that could be read.
  returned: when the device answered
  type: list
  elements: dict
  sample: [{"oid": "1.3.6.1.2.1.1.4.0", "type": "text", "value": "root"}]
created:
  description: Names of variables that did not exist before, and that O(variables) cannot take away again.
  returned: when the device answered
  type: list
  elements: str
  sample: []
withheld:
  description:
    - Names of variables that RV(restore) lacks, because their value has credentials of the task in it, which no result
      shows, or has more than 2,043 octets.
  returned: when the device answered
  type: list
  elements: str
  sample: []
created_by:
  description: How the row was created (O(row.how)).
  returned: when a row was created
  type: str
  sample: createAndGo
unanswered:
  description: That the request was not answered, and that the values are there nevertheless.
  returned: when that is so
  type: str
  sample: The SET was not answered (no answer); reading again shows that it was done.
backend:
  description: What asked the device (see O(backend)).
  returned: when the device answered
  type: str
  sample: builtin
attempt:
  description: The attempt that was answered, as M(invmon.network.snmp_get) returns it.
  returned: when the device answered
  type: dict
  sample: {"number": 1, "version": "2c", "security_level": noAuthNoPriv}
statistics:
  description: Requests, variables received, and seconds.
  returned: when the device answered
  type: dict
  sample: {"requests": 4, "in_flight": 1, "varbinds": 10, "seconds": 0.012}
reason:
  description: One word for why it failed, for grouping. V(not_set) for what the agent refused or did not take.
  returned: when it failed
  type: str
  sample: not_set
"""

from ..module_utils._tasks.run_module import run_module
from ..module_utils._tasks.snmp_set import done_there
from ..module_utils._tasks.snmp_set_options import ARGUMENT_SPEC


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: done_there(params))


if __name__ == "__main__":
    main()

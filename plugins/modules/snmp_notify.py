#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_notify
short_description: Send traps and informs over SNMP
version_added: 0.2.0
description:
  - Sends a notification to one or several receivers, as a trap of SNMPv1, SNMPv2c or SNMPv3, or as an inform, whose
    answer is awaited.
  - The variables of the notification are checked by its MIB. Where there is no MIB, their types are given.
  - A receiver that cannot be reached, or does not answer an inform, fails the task and is named. The others are sent
    the notification all the same.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices) it is sent from there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file). O(host), O(port),
    O(max_in_flight), O(any_source), O(downgrade) and O(backend) are accepted for the sake of C(module_defaults), and
    not used.
requirements:
  - for SNMPv3 with encryption the Python library cryptography, which ansible-core needs itself
  - for O(mib_dirs) pysmi on the controller
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.attributes
attributes:
  check_mode:
    details: Nothing is sent, and the result has what would be sent.
  diff_mode:
    description: Returns details of what has changed, or would be changed in check mode.
    support: none
    details: Nothing is changed here.
  idempotent:
    description: A second run changes nothing.
    support: none
    details: Each run sends the notification.
options:
  versions:
    description:
      - The first version that has credentials is used, for targets without O(targets[].credentials). Each is V(3), V(2)
        (that is 2c) or V(1).
      - The environment variable E(SNMP_VERSION) (such as V(3,2)) serves when the option is not set.
    type: list
    elements: str
    default: ['3', '2']
  targets:
    description: The receivers, at most 100.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description: Address or name of the receiver.
        type: str
        required: true
      port:
        description: UDP port of the receiver.
        type: int
        default: 162
      credentials:
        description:
          - The name of one of O(credential_sets). By default the first of O(credentials), or what O(versions) and the
            options for a single community or user give.
        type: str
  notification:
    description:
      - Name or OID of the notification, such as V(linkDown), V(ENTITY-MIB::entConfigChange) or V(1.3.6.1.6.3.1.1.5.3).
      - Either this or O(generic) is required.
    type: str
  inform:
    description:
      - Send an inform, and wait for its answer. It is sent again up to O(retries) times, after O(timeout) seconds each.
        SNMPv1 has none.
    type: bool
    default: false
  objects:
    description:
      - Values of the variables that the MIB lists for the notification, by their names. Values are as in
        O(invmon.network.snmp_set#module:variables[].value).
      - All of them are required, unless O(force=true). Others may be given, too.
    type: dict
    default: {}
  index:
    description:
      - The index of the row that the O(objects) of tables are of, such as V(3) for C(ifIndex.3), as in
        O(invmon.network.snmp_table#module:rows). Where they are of several rows, use O(variables).
    type: raw
  variables:
    description: Variables with their whole OIDs, in place of O(objects) or in addition to them.
    type: list
    elements: dict
    default: []
    suboptions:
      oid:
        description: The variable, as in O(invmon.network.snmp_get#module:oids), with its index.
        type: str
        required: true
      value:
        description: The value, as in O(invmon.network.snmp_set#module:variables[].value).
        type: raw
        required: true
      type:
        description: The type, as in O(invmon.network.snmp_set#module:variables[].type).
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
  uptime:
    description: sysUpTime in hundredths of a second. By default that of the controller.
    type: int
  enterprise:
    description:
      - Of SNMPv1, the enterprise, as an OID or name. By default that of O(notification) (RFC 3584, 3.2).
    type: str
  agent_address:
    description: Of SNMPv1, the IPv4 address of the agent. By default V(0.0.0.0).
    type: str
  generic:
    description:
      - Of SNMPv1, the generic-trap, from V(0) (coldStart) to V(6) (enterpriseSpecific). By default that of
        O(notification). Without O(notification), other versions are sent what RFC 3584 makes of these fields.
    type: int
  specific:
    description: Of SNMPv1, the specific-trap. With O(generic=6) it is required, and so is O(enterprise).
    type: int
  own_engine_id:
    description:
      - The engine id under which traps of SNMPv3 are sent, 5 to 32 octets in hexadecimal. Their receiver has to know
        the user with this engine id. By default it is made of the name of the host that sends, and is the same each
        time (RV(own_engine_id)).
      - Informs are sent under the engine id of the receiver, which is asked for it (O(engine_id)).
    type: str
  force:
    description: Send also what the MIB does not allow, and without variables that it lists.
    type: bool
    default: false
  mib_dirs:
    description:
      - Folders with MIBs of your own, for names that the collection does not know (see M(invmon.network.snmp_get)).
        OIDs in numbers need none.
    type: list
    elements: path
    default: []
  question:
    description:
      - What to send, in numbers. Filled by the action when the task is delegated, because names are looked up on the
        controller.
    type: dict
seealso:
  - module: invmon.network.snmp_trap_listen
  - module: invmon.network.snmp_set
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: A trap of SNMPv2c, by the names of its MIB
  invmon.network.snmp_notify:
    targets: [{host: 192.0.2.9}]
    versions: [2]
    community: "{{ vault_snmp_community }}"
    notification: linkDown
    index: 3
    objects: {ifIndex: 3, ifAdminStatus: up, ifOperStatus: down}

- name: An inform of SNMPv3, which is acknowledged
  invmon.network.snmp_notify:
    targets: [{host: 192.0.2.9}]
    versions: [3]
    username: inventory
    auth_protocol: SHA-256
    auth_passphrase: "{{ vault_snmp_auth }}"
    privacy_passphrase: "{{ vault_snmp_privacy }}"
    notification: entConfigChange
    inform: true

- name: A trap of SNMPv1 of an enterprise of one's own
  invmon.network.snmp_notify:
    targets: [{host: 192.0.2.9}]
    versions: [1]
    community: "{{ vault_snmp_community }}"
    enterprise: 1.3.6.1.4.1.8072.9999
    generic: 6
    specific: 7
    agent_address: 192.0.2.1
    variables:
      - {oid: 1.3.6.1.4.1.8072.9999.1.0, type: text, value: the fan of core-1 has stopped}

- name: Several receivers, each with its own credentials
  invmon.network.snmp_notify:
    credential_sets:
      noc: {username: inventory, auth_protocol: SHA-256, auth_passphrase: "{{ vault_snmp_auth }}"}
      old: {community: "{{ vault_snmp_community }}"}
    targets:
      - {host: 192.0.2.9, credentials: noc}
      - {host: 192.0.2.9, credentials: old}
    notification: coldStart
"""

RETURN = r"""
targets:
  description: What came of it, in the order of O(targets).
  returned: when the options are right
  type: list
  elements: dict
  contains:
    host:
      description: The entry of O(targets).
      type: str
      sample: noc.example.com
    address:
      description: The address that was sent to.
      type: str
      sample: 192.0.2.9
    port:
      description: The port that was sent to.
      type: int
      sample: 162
    version:
      description: The SNMP version.
      type: str
      sample: 2c
    credentials:
      description: The name of the credential set.
      returned: when it is one
      type: str
      sample: noc
    sent:
      description:
        - Whether it was handed to the network. Whether a trap arrives is never known.
        - True also for an inform that was not answered, which may have arrived.
      type: bool
      sample: true
    acknowledged:
      description: Whether the inform was answered.
      returned: for an inform
      type: bool
      sample: true
    seconds:
      description: Seconds until it was sent, or acknowledged.
      type: float
      sample: 0.003
    error:
      description: Why it could not be sent, or was not acknowledged.
      returned: when that is so
      type: str
      sample: no answer
    reason:
      description: One word for that, for grouping.
      returned: when that is so
      type: str
      sample: timeout
notification:
  description:
    - What was sent, with C(oid), C(module), C(name), C(text), C(inform), C(uptime), C(uptime_text) and C(variables),
      each as M(invmon.network.snmp_get) returns it.
  returned: when the options are right
  type: dict
  sample: {"oid": "1.3.6.1.6.3.1.1.5.1", "name": coldStart, "uptime": 4711, "variables": []}
own_engine_id:
  description: The engine id under which traps of SNMPv3 are sent.
  returned: when a target has an SNMPv3 user and it is a trap
  type: str
  sample: 800000000500112233445566778899aabb
reason:
  description: One word for why it failed, for grouping.
  returned: when it failed
  type: str
  sample: not_notified
"""

from ..module_utils._tasks.run_module import run_module
from ..module_utils._tasks.snmp_notify import sent_there
from ..module_utils._tasks.snmp_notify_options import ARGUMENT_SPEC


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: sent_there(params))


if __name__ == "__main__":
    main()

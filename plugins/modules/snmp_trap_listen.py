#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_trap_listen
short_description: Wait for traps and informs over SNMP
version_added: 0.2.0
description:
  - Listens for notifications of SNMPv1, SNMPv2c and SNMPv3, and ends as soon as O(count) of them matched. The task
    fails when O(max_seconds) are over before. The result then has what arrived instead, and what was refused and why.
  - A notification counts only with the credentials of the task. The community of SNMPv1 and SNMPv2c is compared. A
    message of SNMPv3 is authenticated, decrypted, and refused if it is older than 150 seconds (RFC 3414).
  - Informs are answered, also those that do not match. The discovery of our engine id is answered as well.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host (a poller
    near the devices), it listens there, and names of variables are only known by their OIDs.
  - One task at a time can listen at a port. Use C(run_once) in a play with several hosts.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_username), then from the environment; O(env_file) from C(invmon_env_file). O(credentials) may name several
    users and communities. O(host), O(port), O(timeout), O(retries), O(max_in_flight), O(any_source), O(networks),
    O(credential_networks) and O(backend) are accepted for the sake of C(module_defaults), and not used.
requirements:
  - for SNMPv3 with encryption the Python library cryptography, which ansible-core needs itself
  - for O(mib_dirs) pysmi on the controller
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.attributes
attributes:
  check_mode:
    support: partial
    details: Does not listen in check mode, because what triggers the notification is not done either. It is skipped.
  diff_mode:
    description: Returns details of what has changed.
    support: none
    details: Nothing is changed.
  idempotent:
    description: A second run changes nothing.
    support: full
  async:
    description: Supports being run with the C(async) keyword.
    support: full
    details: The task then needs C(delegate_to=localhost), or a local connection.
options:
  versions:
    description:
      - SNMP versions of which notifications are taken. Each is V(3), V(2) (that is 2c) or V(1). A version without
        credentials is passed over.
      - The environment variable E(SNMP_VERSION) (such as V(3,2)) serves when the option is not set.
    type: list
    elements: str
    default: ['3', '2', '1']
  mib_dirs:
    description:
      - Folders with MIBs of your own, for names that the collection does not know (see M(invmon.network.snmp_get)).
        OIDs in numbers need none.
    type: list
    elements: path
    default: []
  listen_address:
    description:
      - IPv4 or IPv6 address to listen at. V(0.0.0.0) is all of IPv4, V(::) all of IPv6 and IPv4.
      - By default only this machine can send, so name the address at which the devices reach it.
    type: str
    default: 127.0.0.1
  listen_port:
    description:
      - UDP port to listen at. Devices send to 162 by default, which only root may listen at. C(docs/traps.md) in the
        collection has what to do about it.
    type: int
    default: 1162
  sources:
    description: Addresses and networks of senders. An empty list means any.
    type: list
    elements: str
    default: []
  notifications:
    description:
      - What is waited for, by names or OIDs, such as V(linkDown), V(ENTITY-MIB::entConfigChange) or
        V(1.3.6.1.6.3.1.1.5.3). With V(.*) at the end, everything below, such as V(1.3.6.1.4.1.9.*). An empty list means
        any.
      - A notification of SNMPv1 has the OID that RFC 3584 gives it.
    type: list
    elements: str
    default: []
  variables:
    description: What the notification has to have among its variables. All of these tests have to hold.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name or OID of the variable, with an index (V(ifIndex.3)) or without one (V(ifIndex)).
        type: str
        required: true
      equals:
        description: Its value, its text or its word has to be this, such as V(2), V(down(2\)) or V(down).
        type: raw
      regex:
        description:
          - This expression has to be found in its value, its text or its word, in the first 2,048 characters.
          - One that can take too long on a text made for that is refused.
        type: str
      exists:
        description: With V(false) the notification must not have the variable.
        type: bool
  count:
    description: Number of notifications that have to match, 1 to 1,000.
    type: int
    default: 1
  max_seconds:
    description: Seconds after which the task fails.
    type: int
    default: 60
  per_source:
    description: Notifications per second that are taken from one source. 0 means no limit.
    type: int
    default: 100
  dedupe_seconds:
    description:
      - Seconds in which the same notification (OID and variables) of the same source counts once. 0 means that all
        count, also an inform that its sender repeats.
    type: int
    default: 0
  mib_folders:
    description: Filled by the action. Folders with facts of MIBs.
    type: list
    elements: str
seealso:
  - module: invmon.network.snmp_get
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Listen in the background
  invmon.network.snmp_trap_listen:
    versions: [2]
    community: "{{ vault_snmp_community }}"
    notifications: [linkDown, linkUp]
    variables:
      - name: ifIndex
        equals: 3
    listen_port: 1162
    max_seconds: 60
  async: 70
  poll: 0
  delegate_to: localhost
  run_once: true
  register: listening

# A device that sends a trap needs a pause of some seconds before, in which the listener starts.
- name: Do what makes the device send it; an inform is repeated until it is answered
  invmon.network.snmp_notify:
    targets: [{host: 127.0.0.1, port: 1162}]
    versions: [2]
    community: "{{ vault_snmp_community }}"
    notification: linkDown
    index: 3
    objects: {ifIndex: 3, ifAdminStatus: up, ifOperStatus: down}
    inform: true
    timeout: 1
    retries: 10
  run_once: true

- name: Wait for it
  ansible.builtin.async_status:
    jid: "{{ listening.ansible_job_id }}"
  delegate_to: localhost
  run_once: true
  register: down
  until: down is finished
  retries: 35
  delay: 1

- name: Show it
  ansible.builtin.debug:
    msg: "{{ down.notification.name }} of interface {{ down.notification.found['ifIndex.3'] }}"

# Wait for whatever triggers it from outside, from devices with SNMPv3 users of several sets.
# - invmon.network.snmp_trap_listen:
#     credentials: [core, branch]
#     listen_address: "::"
#     sources: [192.0.2.0/24]
#     notifications: [entConfigChange]
#     max_seconds: 600
"""

RETURN = r"""
notifications:
  description: The notifications that matched, in the order in which they arrived.
  returned: when it listened
  type: list
  elements: dict
  contains:
    source:
      description: Address of the sender.
      type: str
      sample: 192.0.2.1
    port:
      description: Port of the sender.
      type: int
      sample: 49152
    received:
      description: When it arrived, in UTC.
      type: str
      sample: "2026-11-30T03:12:00.123+00:00"
    version:
      description: V(1), V(2c) or V(3).
      type: str
      sample: "3"
    credentials:
      description: Name of the credential set that it fits. Empty if the credentials are not of a set.
      type: str
      sample: core
    username:
      description: User of SNMPv3. Empty for other versions.
      type: str
      sample: inventory
    engine_id:
      description: Engine id of the sender (SNMPv3), in hexadecimal.
      type: str
      sample: 80001f8804726f75746572
    context_name:
      description: Context (SNMPv3).
      type: str
      sample: ''
    inform:
      description: Whether its sender awaited an answer, which was sent.
      type: bool
      sample: false
    oid:
      description: What it notifies of (snmpTrapOID); of SNMPv1 as RFC 3584 makes it.
      type: str
      sample: 1.3.6.1.6.3.1.1.5.3
    module:
      description: The MIB that defines it. Empty if no known one does.
      type: str
      sample: IF-MIB
    name:
      description: Its name there. Empty if no known MIB defines it.
      type: str
      sample: linkDown
    text:
      description: Its name with the MIB, or the nearest name with what follows.
      type: str
      sample: IF-MIB::linkDown
    uptime:
      description: sysUpTime of the sender in hundredths of a second. Null if it was not sent.
      type: int
      sample: 4711
    uptime_text:
      description: The same for people.
      type: str
      sample: "0:00:47.11"
    enterprise:
      description: The enterprise of SNMPv1, or snmpTrapEnterprise. Empty if it was not sent.
      type: str
      sample: ''
    agent_address:
      description:
        - The address that the sender claims for the agent, in a notification of SNMPv1 or that a proxy made of one. It
          is not proved by anything.
      type: str
      sample: ''
    v1:
      description:
        - The fields of SNMPv1, C(enterprise), C(generic), C(specific) and C(agent_address). Null for other versions.
      type: dict
      sample: null
    variables:
      description: The variables, each as RV(invmon.network.snmp_get#module:variables) has it, without C(asked).
      type: list
      elements: dict
      sample: []
    found:
      description: The values of the variables by their names.
      type: dict
      sample: {"ifIndex.3": 3}
    omitted:
      description: Number of variables that are left out because there are more than 200.
      type: int
      sample: 0
notification:
  description: The first of RV(notifications). Null if none matched.
  returned: when it listened
  type: dict
  sample: {}
others:
  description: Notifications that were taken and did not match, with C(source), C(notification) and C(count).
  returned: when it listened
  type: list
  elements: dict
  sample: [{"source": 192.0.2.9, "notification": "SNMPv2-MIB::coldStart", "count": 1}]
not_taken:
  description:
    - From which sources datagrams were refused or dropped, with C(source), C(reason) and C(count), at most 20.
    - A reason is C(garbage), C(community), C(version) (no credentials of this version), C(user), C(level), C(digest)
      (the wrong authentication passphrase), C(decryption), C(time_window) (an old message), C(engine) (a sender asked
      for our engine id, which is normal before an inform), C(rate), C(duplicate) or C(queue_full).
  returned: when it listened
  type: list
  elements: dict
  sample: [{"source": 192.0.2.9, "reason": community, "count": 3}]
statistics:
  description:
    - How many datagrams arrived (C(datagrams)), were taken (C(taken)) and matched (C(matched)), and by reasons how many
      were C(refused) and C(dropped). The reason C(socket_full) counts those that the kernel dropped.
  returned: when it listened
  type: dict
  sample: {"datagrams": 5, "taken": 2, "matched": 1, "refused": {"community": 3}, "dropped": {}}
reason:
  description: One word for why it failed, such as V(timeout) or V(listen).
  returned: when it failed
  type: str
  sample: timeout
"""

from ..module_utils._tasks.run_module import run_module
from ..module_utils._tasks.snmp_trap_listen import ARGUMENT_SPEC, listen


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: listen(params))


if __name__ == "__main__":
    main()

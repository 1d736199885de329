# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a device is reached over SNMP: the options that all SNMP modules share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  host:
    description:
      - Address or name of the device. IPv4, IPv6 (with or without brackets) or a name that resolves.
      - By default the host variable C(snmp_host), else C(ansible_host), else the inventory's name of the host.
      - A name is looked up once, and its first address is the one that everything is sent to.
    type: str
  port:
    description: UDP port of the agent, 1 to 65535.
    type: int
    default: 161
  versions:
    description:
      - SNMP versions to try, in this order. Each is V(3), V(2) (that is 2c) or V(1).
      - A version without credentials is passed over. The first that is answered is used for everything.
      - To go on from V(3) to a lower version is a downgrade. An attacker on the path to the device can cause it by
        dropping or refusing SNMPv3, and then reads the community. See O(downgrade).
      - The environment variable E(SNMP_VERSION) (such as V(3,2)) serves when the option is not set.
    type: list
    elements: str
    default: ['3', '2']
  community:
    description:
      - Community of SNMPv2c and SNMPv1.
      - The environment variable E(SNMP_COMMUNITY) serves when the option is not set.
    type: str
  username:
    description:
      - User of SNMPv3 (RFC 3414).
      - The environment variable E(SNMP_USER) serves when the option is not set.
    type: str
  security_level:
    description:
      - V(noAuthNoPriv), V(authNoPriv) or V(authPriv).
      - By default the highest level that the given passphrases allow.
      - The environment variable E(SNMP_SECURITY) serves when the option is not set.
    type: str
  auth_protocol:
    description:
      - V(MD5), V(SHA), V(SHA-224), V(SHA-256), V(SHA-384) or V(SHA-512).
      - The environment variable E(SNMP_AUTH_METHOD) serves when the option is not set; else it is V(SHA).
    type: str
  auth_passphrase:
    description:
      - Authentication passphrase, at least 8 characters.
      - The environment variable E(SNMP_AUTH) serves when the option is not set.
    type: str
  privacy_protocol:
    description:
      - V(DES), V(3DES), V(AES) (that is AES-128), V(AES-192), V(AES-256), or V(AES-192-C) and V(AES-256-C) for the way
        in which Cisco and others extend the key (the Reeder draft; without C(-C) it is Blumenthal's).
      - V(3DES) needs the library V(snmp) (see O(backend)).
      - The environment variable E(SNMP_PRIVACY_METHOD) serves when the option is not set; else it is V(AES).
    type: str
  privacy_passphrase:
    description:
      - Privacy passphrase, at least 8 characters.
      - The environment variable E(SNMP_PRIVACY) serves when the option is not set.
    type: str
  context_name:
    description: SNMPv3 context (RFC 3411, 3.3.1); empty for the default one.
    type: str
    default: ''
  auth_key:
    description:
      - Instead of O(auth_passphrase), the localised key (RFC 3414, 2.6) in hexadecimal, as an agent stores it. It is
        right for one engine, so it is an option of one device.
      - It needs the library V(snmp) (see O(backend)).
    type: str
    version_added: 0.2.0
  privacy_key:
    description: Instead of O(privacy_passphrase), the localised key, as with O(auth_key).
    type: str
    version_added: 0.2.0
  engine_id:
    description:
      - The engine id of the device (RFC 3411, SnmpEngineID), 5 to 32 octets in hexadecimal such as
        V(80001f8804726f75746572). By default the device is asked for it.
      - With it, a device whose engine id is another one is refused, and one that does not answer to the discovery of
        its engine id can be read.
    type: str
    version_added: 0.2.0
  context_engine_id:
    description:
      - The engine id of the context (RFC 3411, 3.3.1), where the agent is a proxy for another engine. By default that
        of the device.
      - It needs the library V(easysnmp) (see O(backend)).
    type: str
    version_added: 0.2.0
  credentials:
    description:
      - Names of O(credential_sets), to be tried in this order. The first one that the device answers is used for
        everything, and the result names it. At most 16.
      - Then O(versions) and the options for a single community or user (O(community), O(username), O(auth_passphrase)
        and the like) are not used, nor are the environment variables and lines of O(env_file) that fill them.
      - With O(downgrade=false), no community is sent to a device that has an SNMPv3 user among its O(credentials).
    type: list
    elements: str
    version_added: 0.2.0
  credential_sets:
    description:
      - Communities and SNMPv3 users by names of your own. A set that O(credentials) does not name is not used.
      - The name of a set has 1 to 64 letters, digits, C(_), C(.) and C(-). It appears in results and messages.
      - A set is one community, with the keys C(community) and C(version) (V(2), the default, or V(1)); or one user,
        with the keys C(username), C(security_level), C(auth_protocol), C(auth_passphrase) or C(auth_key),
        C(privacy_protocol), C(privacy_passphrase) or C(privacy_key), C(context_name), C(engine_id) and
        C(context_engine_id). They are what the options of these names are.
      - With the key C(networks), a list such as O(networks), a set is only used for addresses in them. For the others
        it is passed over.
    type: dict
    version_added: 0.2.0
  timeout:
    description:
      - Seconds to wait for each reply.
      - The environment variable E(SNMP_TIMEOUT) serves when the option is not set.
    type: float
    default: 2
  retries:
    description:
      - How many times a request is sent before it counts as unanswered, 1 to 10. The first time counts too, as for
        C(inventory-monitor-scripts), and other than for C(snmpget -r) of net-snmp. V(1) repeats nothing.
      - An unreachable device takes at most the number of O(versions) times O(retries) times O(timeout), and one
        O(timeout) more where there is no community. With O(credentials) it takes less than for as many O(versions), as
        C(docs/snmp.md) in the collection explains.
      - The environment variable E(SNMP_RETRIES) serves when the option is not set.
    type: int
    default: 2
  max_in_flight:
    description:
      - How many requests to one device may be under way at the same moment, 1 to 4.
      - V(1) asks one thing after the other, which is gentle, and enough where devices are near.
      - More helps where a device is far away and has large tables. With V(4) and 200 ms for each reply a large device
        takes about half of the time, for a few requests more. A run over many devices gains nothing.
      - The agent is asked one thing after the other from its first error or silence on. With SNMPv1, and with SNMPv3 by
        the library V(easysnmp), it is from the beginning.
    type: int
    default: 1
    version_added: 0.2.0
  any_source:
    description:
      - Accept a reply from any address and port. By default only one from the address and port that were asked counts.
      - For devices with several addresses that answer from another one than they were asked at. The error of such a
        device names the address that answered (SNMPv1 and SNMPv2c).
      - SNMPv1 and SNMPv2c do not authenticate. With this option anyone who knows the community and sees the request can
        answer it, without having to spoof an address.
    type: bool
    default: false
    version_added: 0.2.0
  downgrade:
    description:
      - Whether SNMPv2c and SNMPv1 are tried where SNMPv3 is not answered or refused (see O(versions)).
      - With V(false) no community is ever sent to a device that has an SNMPv3 user (O(username)) and V(3) among its
        O(versions).
      - With V(true), a device that answered by SNMPv3 before, and now by a lower version, is named when its parts are
        written.
    type: bool
    default: true
    version_added: 0.2.0
  networks:
    description:
      - Networks to which SNMP credentials may be sent, such as V(192.0.2.0/24) or V(2001:db8::/32). A device with an
        address outside of them is not asked. An empty list means no limit.
      - The environment variable E(SNMP_NETWORKS), or that line of the O(env_file), limits it as well
        (O(credential_networks)).
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  credential_networks:
    description:
      - Networks to which the credentials that come from the environment or from the O(env_file) may be sent, whatever
        O(networks) is. So someone who may set variables, including O(host) and O(networks), but does not know the
        credentials, cannot have them sent elsewhere.
      - No host variable fills it. The environment variable E(SNMP_NETWORKS) does, with commas between the networks, or
        that line of the O(env_file) that has the credentials.
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  backend:
    description:
      - What speaks SNMPv3, V(builtin) (our own code, with the ciphers of the Python library cryptography, which Ansible
        needs itself), V(snmp) (a pure Python library) or V(easysnmp) (net-snmp, compiled). SNMPv1 and SNMPv2c are
        always spoken by our own code.
      - V(auto) takes V(builtin), or V(snmp) where cryptography is missing or the system does not allow an old protocol.
      - V(easysnmp) does not serve users without authentication (V(noAuthNoPriv)), since its request ids can be guessed.
        It reads replies whose digest is wrong as well (net-snmp 5.9.3), so those ids are all that protects its users.
        V(easysnmp) and V(snmp) serve neither 3DES nor localised keys, and V(snmp) no O(context_engine_id).
    type: str
    choices: [auto, builtin, easysnmp, snmp]
    default: auto
  env_file:
    description:
      - A file with lines such as V(SNMP_COMMUNITY=secret), as the older C(inventory-monitor-scripts) read it.
      - The environment wins over the file, and an option wins over both. It is read on the controller.
    type: path
"""

    # Modules that read variables (snmp_get, snmp_walk, snmp_table, snmp_facts).
    READING = r"""
options:
  mib_dirs:
    description:
      - Folders with MIBs of your own, for names that the collection does not know. It knows the standard MIBs, those of
        net-snmp, and some of vendors (C(docs/snmp.md)). Nothing is ever downloaded.
      - They are compiled once by the Python library V(pysmi) on the controller, and again when their content changed.
        What was compiled is kept in C(~/.ansible/invmon/mibs), or in the folder that the environment variable
        E(INVMON_MIBS) names.
      - Put the MIBs that yours import into the folders as well, except those that the collection knows. A MIB that
        cannot be compiled is a warning that names what is missing.
      - OIDs in numbers need neither MIBs nor that library.
    type: list
    elements: path
    default: []
    version_added: 0.2.0
  max_rows:
    description: Values of one subtree or column, after which it is cut and reported as incomplete.
    type: int
    default: 10000
    version_added: 0.2.0
  max_values:
    description: Values of the task, after which the rest is not asked for and reported as incomplete.
    type: int
    default: 100000
    version_added: 0.2.0
  max_octets:
    description:
      - Octets of all texts together, after which the rest is not asked for and reported as incomplete.
      - Whatever it is, 2,048 octets are kept of one value.
    type: int
    default: 8388608
    version_added: 0.2.0
  max_seconds:
    description: Seconds for the whole task, after which the rest is not asked for and reported as incomplete.
    type: int
    default: 120
    version_added: 0.2.0
  fail_when_incomplete:
    description: Fail the task when its result is incomplete. What was read is returned all the same.
    type: bool
    default: true
    version_added: 0.2.0
  question:
    description:
      - The OIDs to ask for. Filled by the action when the task is delegated, because names are looked up on the
        controller, and so are the names and types of what was answered.
    type: dict
    version_added: 0.2.0
"""

#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snmp_entity_facts
short_description: Read what hardware is in a device, over SNMP
version_added: 0.1.0
description:
  - Asks one device over SNMP for every part that has a serial number, from ENTITY-MIB (RFC 6933) and from the vendor's
    own tables, and returns the parts as facts.
  - The serial column is read first, then the small columns that say where each part sits, then only the rows that
    matter.
  - Runs in Ansible's own worker, without a connection to the host. When the task is delegated to another host
    (a poller near the devices) it runs there and needs its Python libraries there.
  - Options that the task leaves open are taken from host variables with C(snmp_) before their name, such as
    C(snmp_versions), C(snmp_username) or C(snmp_profiles), and O(env_file) from C(invmon_env_file); then from the
    environment; then from the file O(env_file).
  - O(record_to), O(record_masked) and O(record_expected) are taken from the host variables of their names, O(dump) and
    O(fail_when_incomplete) from C(collect_dump) and C(collect_fail_when_incomplete), and O(save_to) from
    C(invmon_collected). Of those that name a file here, the variable names the folder. See docs/variables.md.
  - A device that easysnmp asks (SNMPv3) is read in a process of its own. A library that hangs or crashes costs that
    device and not the run.
  - Changes nothing on the device, and does the same in check mode.
requirements:
  - Python 3.11 or newer, on the host where the task runs
  - for SNMPv3 easysnmp (with net-snmp) or snmp (pure Python) there
extends_documentation_fragment:
  - invmon.network.snmp
  - invmon.network.attributes
  - invmon.network.attributes.facts
  - invmon.network.attributes.reads
options:
  platform:
    description:
      - The platform, if you know better than the device. An unknown word is an error that lists the known ones.
      - By default the platform is found from sysObjectID and sysDescr.
    type: str
  platform_hint:
    description:
      - What NetBox calls the platform (its slug). It decides where the device itself is ambiguous;
        a device that contradicts it is believed, with a warning, and an unknown word is ignored.
      - By default the slug of the host variable C(netbox_platform), which the inventory plugin sets.
    type: str
  profiles:
    description:
      - A file or folder with profiles of your own, in YAML. A profile describes how a kind of device is recognised and
        which tables have its serials; C(docs/profiles.md) in the collection describes the format.
      - One with the name of a profile of the collection replaces it. A mistake is an error that names file, line and
        key.
    type: path
    version_added: 0.2.0
  profile_data:
    description:
      - All profiles as data. Filled by the action when the task is delegated, for the other host has no such files.
    type: dict
    version_added: 0.2.0
  accept_serials:
    description:
      - Serials that count although they do not look like serials. Each is a complete serial (case does not matter), or
        a regular expression between slashes, which may match anywhere in the serial, such as V(/^0000ABC/).
      - What was rejected, and why, is in RV(ignore:ansible_facts.entity_inventory.rejected).
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  reject_serials:
    description:
      - Serials that never count, written like those of O(accept_serials), which wins where both match. They are in
        the result's C(rejected) with the reason V(rule).
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  tables:
    description:
      - Limits on what is read of a device, so that none keeps the run busy or fills its memory. A chassis of 5,000 rows
        with a serial in each meets none of them.
      - What was read when a limit is met is returned, reported as incomplete, with a sentence that names the limit.
        Nothing that is missing from it counts as gone.
      - Whatever they are, 2,048 octets are kept of one value.
    type: dict
    suboptions:
      max_rows:
        description: Rows of one table, after which it is cut and reported as incomplete.
        type: int
        default: 20000
      max_values:
        description: Values of all tables together.
        type: int
        default: 500000
      max_octets:
        description: Octets of all texts together.
        type: int
        default: 8388608
      max_parts:
        description: Rows with a serial, of all tables together.
        type: int
        default: 10000
      max_rejected:
        description: Texts in columns of serials that are no serials, of all tables together.
        type: int
        default: 10000
      max_seconds:
        description: Seconds for the whole device, after which what was read is returned, reported as incomplete.
        type: int
        default: 120
      max_cpu_seconds:
        description:
          - Seconds of processor time for asking the whole device, after which what was read is returned, reported as
            incomplete.
          - When asking it and reading its answers take twice as much, the task fails.
        type: int
        default: 60
      skip:
        description:
          - Names of tables that are not asked for, such as V(entAliasMappingTable) on an agent that chokes on it.
          - A collection without a table that its platform needs is incomplete.
        type: list
        elements: str
        default: []
  fail_when_incomplete:
    description:
      - Fail the task when the device is incomplete. The facts that were read are returned all the same.
    type: bool
    default: true
  dump:
    description:
      - A file for the raw rows as they came, as JSON. The folder is made if it is missing.
      - With a slash at its end it is a folder, where the host's name names the file. So with O(record_to) and
        O(save_to).
      - A file that cannot be written is a warning.
    type: path
  record_to:
    description:
      - A file for a recording of the device (C(.snmprec), which snmpsim and O(replay_from) read), compressed when the
        name ends with C(.gz). It holds the system group, the names of interfaces, ENTITY-MIB, the tables that were
        asked for, and the vendor's own subtree, which takes minutes on a large router.
      - Tables that are full of people and addresses, and hold no hardware, are not recorded at all (neighbours, users,
        VLANs, routes, logs, wireless clients, as far as they are known by the name of their MIB).
      - Replay it at home, or send it to us when a part is read wrongly.
      - A file that cannot be written is a warning. Nothing is written in check mode.
      - If the expectation next to it was corrected by hand (see O(record_expected)), both are kept as they
        are, with a warning.
    type: path
  record_masked:
    description:
      - In the recording, replace serial numbers by look-alikes of the same shape (the same everywhere in the file),
        addresses by those of documentation, and all other words by words of the same shape, unless they are
        vocabulary or are in a column that describes hardware. The names of system, contact and location go.
      - Columns such as C(descr) or C(model), and the vendor's texts in ENTITY-MIB, are kept. Look into the file before
        you send it.
      - Serials that count only because of O(accept_serials) are replaced too; one that looks like another word, such as
        V(A1) in a text, is listed in the message as not replaced.
      - The credentials of this task are never written, with or without this.
    type: bool
    default: true
  record_expected:
    description:
      - Next to the recording NAME.snmprec, write NAME.expected.json with what must be read from the recording, with
        this task's platform, profiles and serial rules. Rules that are a complete serial do not fit the look-alikes of
        a masked recording and are left out, with a warning.
      - Corrected by hand, the two are a test of the collection. An expectation counts as corrected if its C(why) was
        changed; it is never overwritten.
    type: bool
    default: false
    version_added: 0.2.0
  replay_from:
    description:
      - A recording (C(.snmprec), also C(.gz) or C(.bz2)) to read instead of the device.
      - Nothing is sent to the network.
      - It may come from anyone. One of more than 256 MiB, decompressed, or of more than 1,000,000 variables
        is refused.
    type: path
  save_to:
    description:
      - A file for the collection itself, as JSON, so that it can be uploaded later without asking the device again.
      - With V($INVMON_COLLECTED/), as the role P(invmon.network.collect#role) gives it, the folder is that of the host
        variable C(invmon_collected), then that of the environment variable E(INVMON_COLLECTED), by default
        C(~/.ansible/invmon/collected).
      - It also contains the device that it was collected from (O(save_for), and the address), so that
        P(invmon.network.collected#filter) refuses it for another device, and the time, so that an old one is refused.
      - A file that cannot be written is a warning, in check mode as well. Nothing is written in check mode.
    type: path
  save_for:
    description:
      - The host that the collection is of. Filled by the action from the host's name and variables.
    type: dict
    version_added: 0.2.0
    suboptions:
      host:
        description: Its name in the inventory.
        type: str
      device_id:
        description: The id of the device in NetBox.
        type: int
      device_url:
        description: The page of the device in NetBox.
        type: str
seealso:
  - plugin: invmon.network.merge_by_serial
    plugin_type: filter
  - module: invmon.network.netbox_probe
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: What is in this device?
  invmon.network.snmp_entity_facts:
    host: 192.0.2.1
    versions: [2]
    community: "{{ vault_snmp_community }}"

- name: SNMPv3, given once for all tasks of the play
  hosts: all
  gather_facts: false
  module_defaults:
    group/invmon.network.snmp:
      versions: [3]
      username: inventory
      auth_protocol: SHA-256
      auth_passphrase: "{{ vault_snmp_auth }}"
      privacy_protocol: AES
      privacy_passphrase: "{{ vault_snmp_privacy }}"
  tasks:
    - name: Read the hardware
      invmon.network.snmp_entity_facts:

    - name: One line for each part
      ansible.builtin.debug:
        msg: "{{ ansible_facts.entity_inventory | invmon.network.merge_by_serial | map(attribute='serial') }}"

- name: A box that was recorded elsewhere
  invmon.network.snmp_entity_facts:
    replay_from: recordings/router.snmprec.gz
"""

RETURN = r"""
ansible_facts:
  description: The facts of this device.
  returned: when the device answered, completely or not
  type: dict
  contains:
    entity_inventory:
      description:
        - The hardware that the device reported.
        - C(items) is a list with a dictionary for each row of a table that has a usable serial. The same serial can
          be in several rows; the filter P(invmon.network.merge_by_serial#filter) makes one record of them. In a
          template it is C(entity_inventory['items']), for C(entity_inventory.items) is a method. A field that the
          device does not report is left out. These are the fields of an item.
        - C(serial) (str), serial number, clean (entPhysicalSerialNum, jnxContentsSerialNo, tmnxHwSerialNumber, ...).
        - C(part) (str), orderable part number (entPhysicalModelName or the like).
        - C(name) (str), name of the part or its slot (entPhysicalName or the like).
        - C(description) (str), the vendor's text (entPhysicalDescr or the like).
        - C(category) (str), word of entPhysicalClass (chassis, module, port, powerSupply, fan, stack, container,
          backplane, sensor, cpu, battery, storageDrive, energyObject, other, unknown), or V(transceiver) for a
          pluggable optic or cable end whatever class its row has.
        - C(category_rule) (str), what determined the category, such as C(entPhysicalClass), C(words) of its name or
          description, C(pluggable) (what it is and where it sits), C(jnxFruType), or the name of the vendor's table.
        - C(manufacturer) (str), maker of the part (entPhysicalMfgName). Never invented.
        - C(hardware_rev) (str), hardware revision.
        - C(firmware_rev) (str), firmware revision.
        - C(software_rev) (str), software revision.
        - C(is_fru) (bool), whether the part can be replaced in the field (entPhysicalIsFRU).
        - C(alias) (str), alias written by an operator (entPhysicalAlias).
        - C(asset_id) (str), asset tag written by an operator (entPhysicalAssetID).
        - C(manufactured) (str), date of manufacture, YYYY-MM-DD.
        - C(index) (str), index of the row in its table.
        - C(parent) (str), index of the row that contains this one (entPhysicalContainedIn).
        - C(ancestors) (list), indexes of all rows that contain this one, the nearest first.
        - C(position) (int), position within the parent (entPhysicalParentRelPos).
        - C(path) (str), names from the chassis down to the part.
        - C(interface) (str), interface that a port or transceiver serves (ifName).
        - C(member) (int), number of the member of a stack or virtual chassis that holds the part.
        - C(source) (str), table that the row came from.
      type: dict
      sample:
        items:
          - serial: FNS23411ABC
            part: SFP-10G-LR
            name: TenGigabitEthernet1/1/1
            category: transceiver
            index: "1151"
            parent: "1150"
            ancestors: ["1150", "1100", "1000", "1"]
            path: Switch 1 / Switch 1 Slot 1 8x10G Uplink Module / TenGigabitEthernet1/1/1
            interface: Te1/1/1
            member: 1
            source: entPhysicalTable
        complete: true
      contains:
        schema:
          description: Version of this structure.
          type: int
          sample: 1
        rejected:
          description:
            - Texts in serial columns that are no serial numbers, each with the reason, C(placeholder), C(redacted),
              C(one character), C(MAC address), C(USB id), C(address), C(date), C(time), C(counter),
              C(hex word), C(object identifier), C(factory constant), C(board revision), C(too short),
              C(not printable), C(text), C(other shape) where a vendor's serials have one, or C(rule) for a
              match of O(reject_serials).
          type: list
          elements: dict
          sample:
            - {"serial": "N/A", "reason": "placeholder", "index": "24", "name": "PSU 2", "source": "entPhysicalTable"}
        coverage:
          description: What this device cannot report over SNMP, in words.
          type: list
          elements: str
          sample: ["optics: this device has no ENTITY-MIB, and Junos reports the serials of optics nowhere else"]
        complete:
          description: True only if every table that the platform needs was read to its end.
          type: bool
          sample: true
        tables:
          description: For each table the rows read, whether that is all, whether it is needed, and the error.
          type: dict
          sample: {"entPhysicalTable": {"rows": 57, "complete": true, "required": true, "error": null}}
        chassis:
          description: >-
            All rows that may have the serial of the chassis. What counts most comes first, that is a scalar of the
            vendor's, then the chassis row of ENTITY-MIB. A contradiction is in C(coverage).
          type: list
          elements: dict
          version_added: 0.2.0
          sample: [{"serial": "FOC2211X0AB", "source": "entPhysicalTable", "index": "1001"}]
        members:
          description: Members of a stack or virtual chassis with number, serial, model and role.
          type: list
          elements: dict
          sample: [{"number": 1, "serial": "FOC2211X0AB", "model": "C9300-48P", "role": "active"}]
        system:
          description: sysName, sysDescr, sysObjectID and sysUpTime (in seconds).
          type: dict
          sample: {"name": "r1", "description": "Cisco IOS ...", "object_id": "1.3.6.1.4.1.9.1.2494", "uptime": 864000}
        platform:
          description: The platform that decided how the device was read.
          type: str
          sample: cisco_ios
        warnings:
          description: What the reader noticed, in words.
          type: list
          elements: str
          sample: []
        collected_at:
          description: When the collection ended, ISO 8601, UTC.
          type: str
          sample: "2026-11-20T02:00:12Z"
        backend:
          description: The library that spoke SNMPv3, V(builtin) (SNMPv1 and SNMPv2c, without one) or V(replay).
          type: str
          sample: easysnmp
        attempt:
          description:
            - The attempt that was answered, with C(number), C(version), C(security_level), and C(credentials), the name
              of its credential set, if it is of one.
          type: dict
          sample: {"number": 1, "version": "3", "security_level": "authPriv", "credentials": "core"}
        statistics:
          description:
            - Requests sent (retransmissions not counted), the most of them that were under way at the same moment
              (see O(max_in_flight)), varbinds received, seconds taken.
          type: dict
          sample: {"requests": 9, "in_flight": 1, "varbinds": 412, "seconds": 0.61}
saved_to:
  description: The file that holds the collection for a later upload.
  returned: with O(save_to), where it was written
  type: str
  version_added: 0.2.0
  sample: /home/netops/.ansible/invmon/collected/core-1.json
recorded:
  description: The recording that was made.
  returned: with O(record_to)
  type: dict
  contains:
    path:
      description: The file.
      type: str
      sample: recordings/core-1.snmprec
    varbinds:
      description: Variables in it, if it was written now.
      type: int
      sample: 4711
    serials:
      description: Different serial numbers in it, or look-alikes, if it was written now.
      type: int
      sample: 27
    expected:
      description: The file with what is read out of it, with O(record_expected).
      type: str
      sample: recordings/core-1.expected.json
    message:
      description: All this in a line, with what is missing from the recording, and with what is left in it.
      type: str
      sample: "recordings/core-1.snmprec: 4711 variables, 27 look-alikes of serials"
    error:
      description: Why there is no recording, instead of all this.
      type: str
      sample: "recordings/core-1.snmprec cannot be written: Permission denied."
incomplete:
  description: Which tables were not read to their end, and why, in a sentence.
  returned: when the device is incomplete
  type: str
  sample: "192.0.2.1 is incomplete: 12 rows with a serial were read. Not read completely: entPhysicalTable (...)"
reason:
  description: One word for why a device could not be read, for grouping.
  returned: when the device could not be read
  type: str
  sample: timeout
"""

from ..module_utils._tasks.entity_apart import entity_facts_apart
from ..module_utils._tasks.entity_facts import ARGUMENT_SPEC
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, check_mode, _diff: entity_facts_apart(params, check_mode))


if __name__ == "__main__":
    main()

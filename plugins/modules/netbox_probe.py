#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netbox_probe
short_description: Write what was found in devices to NetBox's inventory_monitor plugin
version_added: 0.1.0
description:
  - Compares the records of many devices with the probes that NetBox holds, and writes the difference.
  - One probe is one serial number on one device in one state, from its first sight (C(creation_time)) to its last
    (C(time)). An unchanged part has only its C(time) moved, once its row is old enough (O(refresh_after)). A part with
    another name, part number, description, category, site, location or slot gets a new row. A device, site or location
    that was renamed, and details such as a software version, are updated in place. Rows of the older
    C(inventory-monitor-scripts) are taken over in place.
  - What has no column of its own (slot, interface, position, revisions, how the part was found) is kept in
    C(discovered_data) under the key C(invmon), with C(v) for its version. All other keys there are left as they are.
  - A part in a table that was not read completely counts as seen, and nothing else is concluded. If it is new, its row
    is completed in place by the next complete collection.
  - Of a part that a complete collection did not show, C(time) is when it was last seen, and C(discovered_data) counts
    the collections (C(missing), with C(n), C(since) and C(at)), until the part is seen again, or is gone
    (O(gone_after)), or is found on another device.
  - Nothing is deleted but for V(delete) of O(gone), and but for rows that another run wrote at the same moment. NetBox
    has no unique key that would keep two runs from writing the same row; of such rows the one with the lowest id stays.
  - Runs once for all devices of a play, in Ansible's own worker. Trouble with one device or row is data of the
    result (RV(devices), RV(failed_hosts)) and does not fail the task, which would fail all devices.
  - The token's user needs the permissions to view, add and change probes, and to view devices. Without the one to
    delete probes a warning lists the duplicate rows.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
  - invmon.network.attributes.writes
options:
  devices:
    description:
      - Devices with their records, as P(invmon.network.collected#filter) and then
        P(invmon.network.merge_by_serial#filter) return them. Other keys than these are ignored.
      - C(name), what the result calls the device, usually the name of the host; unique in the list.
      - C(netbox_url), the address of the NetBox that the device belongs to; each is written to its own. Without it
        that of O(url), or the only NetBox that is known.
      - C(device_id), C(device_name), C(site_id), C(site_name), C(location_id), C(location_name), the device in NetBox.
        Without C(device_id) or C(site_id) they are looked up, by C(device_id), or by C(device_name) or C(name).
      - C(records), the parts, one for each serial number.
      - C(complete), whether every table was read to its end; else no part is called missing. C(tables), what became
        of each table, by name.
      - C(error) and C(reason), why the device could not be read, in a sentence and in a word. Such a device belongs
        into the list as well, so that it is reported.
      - C(seen_at), when the device was read (ISO 8601), where that was not in this run.
      - C(saved_to) and C(collected_at), the file in which the collection is kept and when it was made. Once all of it
        is in NetBox the file is marked, so that it is not uploaded again; not where the task is delegated.
      - C(uploaded), when this collection was made, if an earlier upload has written all of it. Nothing is done for such
        a device.
      - C(virtual_chassis), as the inventory plugin P(invmon.network.netbox_devices#inventory) gives it, and
        C(members), with C(number) and C(serial), as the stack itself reports. The parts of a member are filed under
        NetBox's device for it, found by the member's serial number, else by its position, else under the device that
        was asked.
      - C(system) with C(name), C(platform) and C(chassis), a list with C(serial), as the device reports. With them
        another device is distinguished from a repaired one (O(accept)).
      - C(attempt), with C(version) and C(number), as M(invmon.network.snmp_entity_facts) returns it. With it a device
        that answered by SNMPv3 before is named when it answers by a lower version only.
      - A list, or the JSON text of one, which spares Ansible looking for templates in each word of a large network.
    type: raw
  sources:
    description:
      - The NetBoxes of O(devices), where O(url) and O(token) do not say it.
      - Those of the inventory files of this run, of the variables C(netbox_tokens) and C(netbox_token), of the
        environment and of O(env_file) are known without it.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      url:
        description: As O(url).
        type: str
        required: true
      token:
        description: As O(token).
        type: str
      validate_certs:
        description: As O(validate_certs).
        aliases: [verify_ssl]
        type: bool
      ca_path:
        description: As O(ca_path).
        type: path
      timeout:
        description: As O(timeout).
        type: float
  device:
    description:
      - A single device by hand, instead of O(devices), by its id or its name in NetBox. Digits are an id.
      - Needs O(records).
    type: str
  records:
    description: The parts of O(device).
    type: list
    elements: dict
  complete:
    description: Whether O(records) are all parts of O(device), so that others are reported as not seen.
    type: bool
    default: false
  run_time:
    description:
      - The time stamp of the whole run (ISO 8601), for all rows. The default is now, in UTC.
    type: str
  chunk_size:
    description:
      - Rows in one request at most, 1 to 1000. More than 100 gains nothing and keeps NetBox's workers busy for long.
      - Requests are smaller where that keeps all O(connections) at work.
    type: int
    default: 100
  connections:
    description: Connections to NetBox that are kept alive and used at the same time, 1 to 16. More than 4 gain nothing.
    type: int
    default: 4
  gone:
    description:
      - What is done with the row of a part that becomes gone, once.
      - V(report), it is reported in the result and marked in C(discovered_data).
      - V(tag), it also gets the tag O(gone_tag), in addition to its other tags.
      - V(comment), a line is added to its comments as well.
      - V(delete), all rows of the part on that device are deleted when it was last seen more than O(gone_age) days ago,
        at the end of a later run in which the device is read completely, still without the part. If nothing else of a
        device is known, its rows stay until it is released (O(release)). Needs the permission to delete probes.
    type: str
    choices: [report, tag, comment, delete]
    default: report
    version_added: 0.2.0
  gone_after:
    description:
      - After how many complete collections in a row that did not show a part it is gone, if O(gone_after_hours) lie
        between the first and the last of them.
    type: int
    default: 2
    version_added: 0.2.0
  gone_after_hours:
    description:
      - So many hours lie between the first and the last of these collections at least. Two runs by hand within a minute
        prove nothing.
      - With V(0) only their number counts.
    type: int
    default: 12
    version_added: 0.2.0
  gone_after_days:
    description: A part is gone as well so many days after the first complete collection that did not show it.
    type: int
    version_added: 0.2.0
  gone_tag:
    description: The slug of a tag of NetBox, for V(tag) of O(gone).
    type: str
    version_added: 0.2.0
  gone_age:
    description: So many days ago the part was last seen, for V(delete) of O(gone).
    type: int
    version_added: 0.2.0
  brake_share:
    description:
      - Per cent of a device's known parts that may be changed, missing or elsewhere after one night. With more, the
        device is held. Nothing of it is written until it is released (O(release)).
      - V(100) means no brake. New parts, rows of the older scripts, and another site or location do not count.
    type: int
    default: 30
    version_added: 0.2.0
  brake_parts:
    description: Fewer such parts hold no device, whatever their share.
    type: int
    default: 5
    version_added: 0.2.0
  run_brake_share:
    description:
      - Per cent of all known parts of the run that may be changed, missing or elsewhere. With more, and at least 20 on
        at least two devices, the whole run is held. V(100) means no brake.
    type: int
    default: 20
    version_added: 0.2.0
  release:
    description: Devices that the brake lets pass in this run, by C(name) or C(device_name), or V(all).
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  accept:
    description:
      - Devices that may be another box than NetBox knows, by C(name) or C(device_name). Others are held where the
        serial of the chassis is another one, and the name that the device gives itself (C(sysName)), its platform, or
        most of its other parts are others as well. Accepting releases the brake, too.
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  refresh_after:
    description:
      - Hours after which the row of an unchanged part is written again, 0 to 8760. A part that is seen again in the
        same state, and of which the row is younger, is not written.
      - Of each device that is read completely one row is always written, that of its chassis, else of its first part.
        Its C(discovered_data) contains when the device was read completely (C(read)). A part is last seen at the later
        of its own C(time) and that, unless its row counts it as missing. All plugins of this collection read it so.
      - The moments at which rows are due are distributed by serial number, so that no night writes all of them. No row
        becomes older than this and the time to the next run.
      - With V(20) a nightly run writes all rows, and a second run on the same day one for each device. For large
        networks set V(144), six days, and keep it below C(probe_recent_days) of the plugin in NetBox, which is 7 by
        default. With V(0) each run writes all rows.
      - The rows of a device that is read incompletely are all written.
    type: float
    default: 20.0
    version_added: 0.2.0
  plan_file:
    description:
      - A file that the plan of this run is written to, before anything else is written, in check mode as well. JSON,
        readable by its owner only, without secrets. An existing file is kept, and nothing is done, unless
        O(plan_replace) says otherwise.
      - It names the devices as NetBox does, who made it, where and when, and its own digest (RV(plan)).
      - With O(apply), the file that is applied. It must be a regular file of this user or of root that others may
        not write.
      - When the task is delegated, the file is on the host that runs it.
    type: path
    version_added: 0.2.0
  plan_replace:
    description: Replace a O(plan_file) that already exists.
    type: bool
    default: false
    version_added: 0.2.0
  plan_digest:
    description:
      - With O(apply), the digest of the plan that is meant, as the run said that made it (RV(plan.digest)). A file with
        another one is refused, whatever was changed in it.
    type: str
    version_added: 0.2.0
  apply_to:
    description:
      - With O(apply), the hosts that this run is for, with C(name), C(device_id), C(device_name) and C(virtual_chassis)
        as in O(devices); a list, or its JSON text. What the plan holds of other hosts is left out and named
        (RV(plan.left_out)). By default the whole plan is applied.
    type: raw
    version_added: 0.2.0
  apply:
    description:
      - Carry out the plan of O(plan_file), and nothing else. O(devices) and O(device) are left out; what the user
        decided (O(gone), O(release) and the like) is what it was when the plan was made.
      - Each step is taken only if NetBox's row of that part is still the one that the plan was made on, with the same
        time and content, or is still missing, and if its device has the name that the plan shows, and is the one that
        was asked or a member of its virtual chassis. The others are refused one by one, and named in
        RV(devices.failed).
      - The file is not written to, and devices that the plan could not read do not fail.
      - In check mode it is only said what would be refused.
    type: bool
    version_added: 0.2.0
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Write what all devices of this play reported, in one task
  invmon.network.netbox_probe:
    url: https://netbox.example.org
    token: "{{ lookup('ansible.builtin.env', 'NETBOX_API_TOKEN') }}"
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
  register: upload
  run_once: true

- name: Show the summary
  ansible.builtin.debug:
    msg: "{{ upload.summary }}"
  run_once: true

- name: Let one device pass the brake after its cards were moved, and mark what is gone
  invmon.network.netbox_probe:
    url: https://netbox.example.org
    token: "{{ lookup('ansible.builtin.env', 'NETBOX_API_TOKEN') }}"
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
    release: [r1.example.org]
    gone: tag
    gone_tag: gone
  run_once: true

- name: Plan, and write nothing
  invmon.network.netbox_probe:
    url: https://netbox.example.org
    token: "{{ lookup('ansible.builtin.env', 'NETBOX_API_TOKEN') }}"
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
    plan_file: plan.json
  run_once: true
  check_mode: true

- name: Write what was planned, no more and no less
  invmon.network.netbox_probe:
    url: https://netbox.example.org
    token: "{{ lookup('ansible.builtin.env', 'NETBOX_API_TOKEN') }}"
    plan_file: plan.json
    apply: true
  run_once: true

- name: Show what would be written for one part, by hand
  invmon.network.netbox_probe:
    device: r1.example.org
    records:
      - serial: FNS12345678
        name: TenGigabitEthernet1/1/1
        part: SFP-10G-LR
        category: transceiver
  run_once: true
  check_mode: true
  diff: true
"""

RETURN = r"""
summary:
  description: The run in words, line by line, for a person.
  returned: always
  type: list
  elements: str
  sample:
    - "Inventory: 300 devices, 296 complete, 2 incomplete, 2 unreachable."
    - ""
    - "Changed 1 part on 1 device"
    - "  Brno / sw-stack-brno  Te1/1/1  replaced  SFP-10G-LR  AVD9301L0X1 -> AVD9311L0X9"
    - ""
    - "4,095 parts seen again. NetBox: 58 requests."
changes:
  description:
    - Each part that changed, with what happened to it, ordered by site, device and slot. A part is listed once, one
      that moved by the device where it is, one that was replaced together with the part in its place.
    - Parts of devices that were read for the first time are counted in RV(first_read) instead. Of more than 10,000
      changes C(changes_left_out) says how many are left out.
  returned: always
  type: list
  elements: dict
  version_added: 0.2.0
  contains:
    fate:
      description:
        - V(new), V(replaced), V(changed), V(moved), V(swapped), V(returned), V(not_seen), V(gone), V(deleted), and, in
          place, V(adopted), V(renamed), V(updated).
        - V(held) and V(not_written) of what did not come to be; C(evidence.would) is the fate then.
      type: str
    time:
      description: When the device was read, ISO 8601, UTC.
      type: str
    site:
      description: Name of the site.
      type: str
    device:
      description: Name of the device in the inventory; C(device_id) is that of its device in NetBox.
      type: str
    slot:
      description: Where the part is, or was, in words; C(interface) where it has one.
      type: str
    serial:
      description: The serial number; with C(part), the part number, and C(category), the class of the part.
      type: str
    before:
      description:
        - What was, C(device), C(slot) and C(time) (last seen) of a part that moved or is missing, C(serial) and C(part)
          of one that was replaced, or the fields that changed.
      type: dict
    after:
      description: The same, as it is now.
      type: dict
    evidence:
      description:
        - Why, as far as it applies. C(n) and C(since), how often and since when it was not seen; C(within), the serial
          of the card that it was pulled with; C(replaced_by); C(with); C(also_on); C(missing); C(would) and C(reason).
      type: dict
standing:
  description:
    - What is open, listed by every run until it is settled, ordered by C(kind), site and device.
    - Parts that are V(gone) or V(not_seen) since an earlier run, unless another part is in their place. Devices that
      are V(held) or V(not_written), or that were not read completely, with their RV(devices.reading). What several
      devices have in common, V(conflict), V(no_identity), V(coverage) and V(rejected). Also V(skipped) and V(note).
    - C(since) is a moment in NetBox's rows. Of a device, when it was last written. C(text) is what is wrong, C(answer)
      what to do or to type.
  returned: always
  type: list
  elements: dict
  version_added: 0.2.0
  sample:
    - kind: held
      site: Plzen
      device: fx-plzen
      since: "2026-11-27T02:00:04Z"
      earlier: true
      text: 9 of 15 known parts are not as they were (9 not seen or on another device), more than 30 %
      answer: -e upload_release=fx-plzen
readings:
  description: How many devices were read how, see RV(devices.reading). They add up to the number of devices.
  returned: always
  type: dict
  version_added: 0.2.0
  sample: {"complete": 296, "incomplete": 2, "unreachable": 2}
outcomes:
  description: How many devices had which RV(devices.outcome). They add up to the number of devices.
  returned: always
  type: dict
  version_added: 0.2.0
  sample: {"written": 296, "partial": 2, "not_collected": 2}
parts:
  description: How many parts had which fate.
  returned: always
  type: dict
  version_added: 0.2.0
  sample: {"created": 1, "seen": 4095, "not_seen": 3}
first_read:
  description: The devices that were read for the first time, how many (C(devices)), their C(parts), some C(named).
  returned: always
  type: dict
  version_added: 0.2.0
collected:
  description:
    - What an earlier run collected, of how many C(devices), C(from) when to when (C(to)), and C(uploaded), the names of
      those of which it is in NetBox already.
  returned: always
  type: dict
  version_added: 0.2.0
slowest:
  description: The 30 devices that took longest to read in this run, with the seconds, the slowest first.
  returned: always, but for a plan that is applied
  type: dict
  version_added: 0.2.0
  sample: {"sw-stack-brno": 2.31}
netboxes:
  description: The counts for each NetBox, by its address.
  returned: where the devices belong to several NetBoxes
  type: dict
  version_added: 0.2.0
check_mode:
  description: Whether nothing was written.
  returned: always
  type: bool
  version_added: 0.2.0
devices:
  description:
    - The outcome of each device, by its name.
    - Lists that are empty, and an RV(devices.error) that did not happen, are left out.
  returned: always
  type: dict
  contains:
    outcome:
      description:
        - V(written), V(partial) (it is incomplete, or some rows could not be written), V(held) (by the brake, or since
          another box seems to answer), V(failed) (NetBox took nothing), V(not collected) or V(nothing known).
      type: str
      sample: written
    reading:
      description:
        - How it was read, V(complete), V(incomplete), V(nothing known) (it answers, but reports no part),
          V(unreachable), V(refused) (the credentials), V(not read) (for another reason), V(not asked) or
          V(uploaded before).
      type: str
      version_added: 0.2.0
      sample: complete
    error:
      description: Why it is not completely written.
      type: str
    collected_at:
      description: When the device was read, where that was not in this run.
      type: str
      version_added: 0.2.0
      sample: "2026-11-20T02:00:00Z"
    uploaded_before:
      description: Whether an earlier upload wrote all that was collected, so that nothing was left to be done.
      type: bool
      version_added: 0.2.0
    reason:
      description: One word for why nothing of it is written, such as V(timeout), or V(netbox) if NetBox took nothing.
      type: str
      version_added: 0.2.0
      sample: timeout
    would:
      description: What would become of the parts of a device that is held, as serials by fate.
      type: dict
      version_added: 0.2.0
      sample: {"not_seen": ["FNS12345678"]}
    wrote:
      description: Whether a row was created, or the content of one changed.
      type: bool
    created:
      description: Serials that NetBox did not know on any device.
      type: list
      elements: str
    changed:
      description: Serials in another state, which got a new row.
      type: list
      elements: str
    moved:
      description: Serials that were on another device, with C(from) (device, device_id, slot, time).
      type: list
      elements: dict
    changes:
      description: What is another in each of RV(devices.changed), as field, old value and new value.
      type: dict
      version_added: 0.2.0
      sample: {"FNS12345678": {"part": ["SFP-10G-LR", "SFP-10G-ER"]}}
    swapped:
      description:
        - Serials that changed places with another one, with C(with), the other one, C(slot), and C(was), the slot
          before, or C(from), the device before.
      type: list
      elements: dict
      version_added: 0.2.0
    returned:
      description:
        - Serials that are back, with C(from), the device on which they were meanwhile, or C(missing), how often and
          since when they were not seen.
      type: list
      elements: dict
    adopted:
      description: Serials whose row of the older scripts was taken over in place.
      type: list
      elements: str
    renamed:
      description: Serials whose row got another name of the device, site or location, in place.
      type: list
      elements: str
    updated:
      description: Serials whose details, such as a software version, changed in place.
      type: list
      elements: str
    deleted:
      description: Serials of parts that are gone for long, of which all rows on the device were deleted.
      type: list
      elements: str
      version_added: 0.2.0
    seen:
      description: Number of parts that NetBox knew and that were found again in the same state.
      type: int
    refreshed:
      description: Number of rows of which only the time moved.
      type: int
    not_due:
      description: Number of parts that were seen again, and of which the row was not written (O(refresh_after)).
      type: int
      version_added: 0.2.0
    not_seen:
      description:
        - Parts that a complete device did not report. C(new) marks those that were
          not seen for the first time, C(since) when they were last seen, C(n) how many complete collections in a row
          did not show them, C(first) the time of the first of these, C(now_on) the device that shows them now.
      type: list
      elements: dict
    gone:
      description: Parts that became gone in this run, with the keys of RV(devices.not_seen).
      type: list
      elements: dict
      version_added: 0.2.0
    gone_before:
      description: Number of parts in NetBox that are gone since an earlier run.
      type: int
      version_added: 0.2.0
    unknown:
      description: Number of parts in NetBox about which nothing is concluded, because the device is incomplete.
      type: int
    skipped:
      description: Records that cannot be written, with C(serial) and C(reason).
      type: list
      elements: dict
    failed:
      description:
        - Rows that NetBox did not take, as C(serials) grouped by C(reason); with O(apply) also those that were refused,
          with the C(reason).
      type: list
      elements: dict
    notes:
      description: What was cut, or filed elsewhere, in words.
      type: list
      elements: str
    coverage:
      description: What the device cannot report over SNMP, in words, such as optics, or power supplies without serial.
      type: list
      elements: str
      version_added: 0.2.0
    rejected:
      description: How many texts in serial columns were no serials, by reason.
      type: dict
      version_added: 0.2.0
      sample: {"placeholder": 4}
conflicts:
  description:
    - Serials that two devices of this run show, with the names of both, where one of them did not show it before and
      it is no end of a cable. Both keep a row, and nothing is called moved.
  returned: always
  type: dict
  version_added: 0.2.0
  sample: {"JN1234567890": ["r1", "r2"]}
no_identity:
  description:
    - Serials that three devices or more show, with their names, such as a constant of the factory. Each keeps its row;
      nothing is called moved.
  returned: always
  type: dict
  version_added: 0.2.0
  sample: {"0123456789": ["r1", "r2", "r3"]}
applied:
  description: True if the plan of O(plan_file) was applied. No device was asked.
  returned: with O(apply)
  type: bool
  version_added: 0.2.0
failed_hosts:
  description: Devices that are not completely written, each with the reason in a sentence; not V(nothing known).
  returned: always
  type: dict
  sample: {"r9": "no answer within 4 s"}
refreshed:
  description: Number of rows of which only the time moved. That alone is no change.
  returned: always
  type: int
  sample: 702
requests:
  description: Requests that were sent to NetBox.
  returned: always
  type: int
  sample: 9
seconds:
  description: How long it took.
  returned: always
  type: float
  version_added: 0.2.0
  sample: 3.21
plan:
  description: The plan in O(plan_file).
  returned: with O(plan_file)
  type: dict
  version_added: 0.2.0
  contains:
    file:
      description: The file.
      type: str
      sample: plan.json
    digest:
      description: Of its complete content.
      type: str
      sample: 5d8e0b6b1c1e7c4a9f0e2f3d4c5b6a79
    made:
      description: Who made it (C(by)), on which machine (C(on)), when (C(at)), and in which job of AWX (C(job)).
      type: dict
      sample: {"at": "2026-11-20T03:00:00Z", "by": "netops", "on": "ansible-1"}
    changed:
      description: Whether it was changed by hand since it was made.
      type: bool
    left_out:
      description: With O(apply), devices of the plan that are not among O(apply_to).
      type: list
      elements: str
    not_planned:
      description: With O(apply), devices for which nothing was planned, because they were not read or are held.
      type: list
      elements: str
run_time:
  description: The time stamp of the run.
  returned: always
  type: str
  sample: "2026-11-20T03:00:00Z"
"""

from ..module_utils._tasks.probe_options import ARGUMENT_SPEC, RULES
from ..module_utils._tasks.probes import upload
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, upload, RULES)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_report
short_description: Write what changed, what is open and the inventory as a page and files, and notify people
version_added: 0.1.0
description:
  - Writes C(index.html), a page that needs nothing but a browser, C(changes.csv), C(standing.csv), C(inventory.csv),
    C(report.json), C(report.md) and C(invmon.prom), the metrics for Prometheus, into one folder.
  - What changed and what is open comes from the record of a run (see M(invmon.network.run_record)), the plots over time
    from the records of earlier runs in O(history), the inventory from the Probe rows of NetBox.
  - If O(history) has scans of networks (M(invmon.network.netscan)), the last one is a section of the page and of
    C(report.md), metrics, and the files C(discovery.json) and C(discovery.csv), with what NetBox has of each host, as
    far as it was compared.
  - With O(since), what changed between two dates comes from the Probe rows alone, without any record.
  - A NetBox that does not answer and a damaged file of the history are warnings. The report is made without them.
  - Runs once for all devices, on the controller, in Ansible's own worker.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
  - invmon.network.attributes.files
options:
  directory:
    description: Folder for the files. It is made if it is missing. Without it, only O(channels) are served.
    type: path
  formats:
    description:
      - Which files are written.
      - V(html), V(json), V(csv), V(markdown) and V(prometheus) are the forms of the report.
      - V(records) is one JSON file for each device of O(devices) that was read, with the list of its records. Each
        record has C(serial), C(part), C(name), C(description) and C(category), null where the device does not report
        it, and further fields where it does (see M(invmon.network.snmp_entity_facts)).
      - The default is V(records) alone if O(devices) is given, else all the others.
    type: list
    elements: str
    choices: [html, json, csv, markdown, prometheus, records]
  devices:
    description: Devices with their records, as P(invmon.network.merge_by_serial#filter) returns them, for V(records).
    type: list
    elements: dict
  record:
    description:
      - The record of the run that the report is about.
      - The default is the one of this run in the variable C(upload_record), else the newest one in O(history).
    type: dict
  history:
    description:
      - Folder with the records of earlier runs, one file each. O(record) is added to it, except in check mode.
      - The slices of one sliced job of AWX are one night.
      - Its folder C(discovery) has the scans of networks.
    type: path
  history_days:
    description: Records of runs and scans that are older than this number of days are deleted. The newest always stay.
    type: int
    default: 400
  history_files:
    description: So many records of runs, and so many scans, are kept at most, the newest ones.
    type: int
    default: 1000
  gone_after:
    description:
      - After so many scans of networks, 2 or more, a host is gone that was silent in each of them. Scans count in which
        each source that ever saw the host was asked to the end for its address.
    type: int
    default: 3
    version_added: 0.2.0
  gone_after_days:
    description: So many days must be between the first and the last of these scans.
    type: float
    default: 2
    version_added: 0.2.0
  inventory:
    description: Whether the inventory is read from NetBox, one request for a thousand rows.
    type: bool
    default: true
  since:
    description:
      - A date or an ISO 8601 time. What changed since then, by the Probe rows, takes the place of what the last run
        changed.
      - A date means the end of that day in the time zone of the controller.
      - No metrics are written, and no messages sent.
    type: str
  as_of:
    description:
      - A date or an ISO 8601 time. The inventory is as it was then, and later runs are left out.
      - No metrics are written, and no messages sent.
    type: str
  prometheus_file:
    description:
      - Path of the file with the metrics, if it is not to be C(invmon.prom) in O(directory). The folder of
        node_exporter's textfile collector, for example. All users may read the file.
    type: path
  csv_bom:
    description: Whether CSV files begin with a byte order mark, by which Excel recognises UTF-8.
    type: bool
    default: false
  mode:
    description:
      - Permissions of the files, three or four octal digits. A web server that runs as another user needs V(0644).
      - The file with the metrics can be read by all users.
    type: str
    default: "0600"
  title:
    description: Name of the network, at the top of the page.
    type: str
    default: Inventory
  channels:
    description:
      - Who is notified about the night, by mail, by a webhook, or in a chat. A message is sent only when something
        happened that a rule names, or an open item is new, has changed, or was sent O(repeat_days) ago.
      - What was not proven, such as a device that was read incompletely, is a section of a message and never a reason
        for one. A serial number that three devices or more share makes no event.
      - A message that is not taken is a warning, and is tried again in the next run as far as it is still open. In
        check mode each message is returned and none is sent.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the channel, for O(rules) and messages.
        type: str
        required: true
      mail:
        description: A mail with text, HTML, and the events as CSV files.
        type: dict
        suboptions:
          to:
            description: Addresses of the recipients.
            type: list
            elements: str
            required: true
          sender:
            description: Address of the sender.
            type: str
            required: true
          host:
            description: The mail server.
            type: str
            default: localhost
          port:
            description: Its port. The default is 587 for V(starttls), 465 for V(tls), 25 for V(none).
            type: int
          security:
            description: How the connection is encrypted. Without encryption no password is sent.
            type: str
            choices: [none, starttls, tls]
            default: starttls
          username:
            description: User at the mail server, if it wants one.
            type: str
          password:
            description: Password of the user.
            type: str
          validate_certs:
            description: Whether the certificate of the mail server is checked.
            type: bool
            default: true
          ca_path:
            description: File with the CA certificates that it is checked against. The default is those of the system.
            type: path
          timeout:
            description: Seconds to wait for each answer of the server.
            type: int
            default: 30
      webhook:
        description: The message as JSON (docs/notify.md), by POST.
        type: dict
        suboptions:
          url:
            description: The address. It is treated as a secret, because it often contains a token.
            type: str
            required: true
          secret:
            description: Key of the signature (HMAC-SHA256 of the body) in the header C(X-Invmon-Signature).
            type: str
          timeout:
            description: Seconds to wait for the answer.
            type: int
            default: 10
          validate_certs:
            description: Whether the certificate of the server is checked.
            type: bool
            default: true
      url:
        description:
          - An address of the Python library Apprise, such as V(slack://...), V(mmost://...), V(matrix://...), or
            V(workflows://...) for Teams. It is treated as a secret.
        type: str
      attach:
        description: Whether the events are attached to a mail as CSV files.
        type: bool
        default: true
      most:
        description: So many events are named in a message, the worst first. The others are counted.
        type: int
        default: 50
  rules:
    description:
      - Which events are sent to which channel. An event matches a rule if it meets all conditions of the rule.
      - By default, all events are sent to every channel.
    type: list
    elements: dict
    suboptions:
      channels:
        description: Names of channels.
        type: list
        elements: str
        required: true
      sites:
        description: Names of sites in NetBox.
        type: list
        elements: str
      tags:
        description: Slugs of tags of devices in NetBox, one of which the device must have.
        type: list
        elements: str
      roles:
        description: Slugs of device roles in NetBox.
        type: list
        elements: str
      events:
        description:
          - Fates of parts (C(new), C(replaced), C(changed), C(moved), C(swapped), C(returned), C(not_seen), C(gone),
            C(deleted)) and kinds of open items (C(held), C(not_written), C(refused), C(unreachable), C(not read),
            C(conflict), C(skipped), C(nothing known), C(note), C(gone)).
          - Of scans of networks C(unknown_host), C(contradicting_host), C(gone_host), C(failed_scan) and
            C(incomplete_scan).
        type: list
        elements: str
      categories:
        description: Categories of parts, such as V(transceiver).
        type: list
        elements: str
      severity:
        description: The least severity.
        type: str
        choices: [notice, warning, alert]
        default: notice
      heartbeat:
        description: Send a message although nothing happened.
        type: bool
        default: false
  repeat_days:
    description: An open item is sent again after this number of days. V(0) means never, as long as it does not change.
    type: int
    default: 7
  link:
    description: Address of the page, for messages.
    type: str
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: The report of this run
  invmon.network.inventory_report:
    directory: /var/www/inventory
    history: /var/lib/invmon/history
    record: "{{ upload_record.record }}"
  run_once: true

- name: What changed in November, and the inventory at its end
  invmon.network.inventory_report:
    directory: /tmp/november
    formats: [html, csv]
    since: "2026-10-31"
    as_of: "2026-11-30"

- name: Notify those concerned
  invmon.network.inventory_report:
    history: /var/lib/invmon/history
    record: "{{ upload_record.record }}"
    link: https://reports.example.com/inventory/
    channels:
      - name: noc
        mail: {to: [noc@example.com], sender: invmon@example.com, host: mail.example.com}
      - name: brno
        url: "{{ vault_mattermost_of_brno }}"
    rules:
      - channels: [noc]
        severity: warning
      - channels: [brno]
        sites: [Brno]
  run_once: true

- name: Records of all devices of this play as files
  invmon.network.inventory_report:
    directory: /var/lib/inventory
    devices: "{{ ansible_play_hosts_all | invmon.network.collected(hostvars) | invmon.network.merge_by_serial }}"
  run_once: true
"""

RETURN = r"""
files:
  description: Paths of the files, sorted.
  returned: always
  type: list
  elements: str
  sample: ["/var/lib/inventory/r1.json"]
page:
  description: Path of the page.
  returned: when V(html) is one of O(formats)
  type: str
  sample: /var/www/inventory/index.html
messages:
  description:
    - The messages to O(channels), each with C(channel), C(subject) and whether it was C(sent); C(text), or C(error) if
      it was not taken.
  returned: when O(channels) is given
  type: list
  elements: dict
  sample:
    - channel: noc
      subject: "Inventory: 1 held, 2 gone"
      sent: true
      text: ["Night of 29 Nov 2026, 02:00 to 02:06. 1 device is held."]
report:
  description: How many nights, parts, changes, open items (C(standing)) and hosts of scans the report has.
  returned: when a form of the report was made
  type: dict
  sample: {"nights": 30, "parts": 283, "changes": 4, "standing": 10, "hosts": 0}
missing:
  description: Devices that have no file because they were not read, each with the reason.
  returned: when V(records) is one of O(formats)
  type: dict
  sample: {"r2": "r2 did not answer within 4 s"}
summary:
  description:
    - A line for each device that was read, with its platform and how many parts of which category it has; below it what
      it could not report, and how many texts in columns of serial numbers are none, by reason.
  returned: when V(records) is one of O(formats)
  type: list
  elements: str
  sample: ["r1: platform cisco_nxos, 10 parts (1 chassis, 9 transceiver)"]
"""

from ..module_utils._tasks.report import ARGUMENT_SPEC, report
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, check_mode, _diff: report(params, check_mode))


if __name__ == "__main__":
    main()

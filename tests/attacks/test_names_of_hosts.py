# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of NetBox with the names of other hosts, of groups, and of Ansible's own: what others own stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.attacks.ansible_commands import ansible
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

#: What an editor of NetBox may call a device.
NAMES = [
    "localhost",
    "127.0.0.1",
    "all",
    "ungrouped",
    "poller",
    "dmz",
    "site_brq",
    "core-1",
    " all ",
    "x:y[0:3]",
    "~.*",
]
SEED: dict[str, Any] = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "sites": [{"name": "Brno", "slug": "brq"}, {"name": "All", "slug": "all"}, {"name": "DMZ", "slug": "dmz"}],
    "devices": [
        {"name": name, "device_type": "box", "role": "router", "site": "brq", "primary_ip4": f"127.66.6.{number}/8"}
        for number, name in enumerate(NAMES, 1)
    ],
}
SEED["devices"] += [
    {"name": f"in-{site}", "device_type": "box", "role": "router", "site": site, "primary_ip4": f"127.66.7.{number}/8"}
    for number, site in enumerate(("all", "dmz"), 1)
]
#: Hosts of another source, with a poller among them, and a group with a secret.
OTHERS = """
[pollers]
poller ansible_host=127.0.0.9 snmp_community=of-the-poller
core-1 ansible_host=127.0.0.8

[dmz]
server

[dmz:vars]
snmp_community=of-the-dmz
"""


@pytest.mark.attack(
    "A device that takes over a host or a group",
    tried="devices called localhost, all, ungrouped, like a poller, a group and a host of another source; sites called"
    " like groups, with keyed_groups that make a group of each",
    came="each gets a unique name and a warning; hosts, groups and variables of others are what they were",
)
def test_names_of_others_are_distinguished(tmp_path: Path) -> None:
    (tmp_path / "others.ini").write_text(OTHERS)
    with start_standin(SEED) as standin:
        options = {
            "plugin": "invmon.network.netbox_devices",
            "url": standin.url,
            "token": standin.token,
            "keyed_groups": [
                {"key": "netbox_site.slug", "prefix": "site"},
                {"key": "netbox_site.slug", "separator": ""},
            ],
        }
        (tmp_path / "my.netbox_devices.yml").write_text(yaml.safe_dump(options))
        sources = ("-i", "others.ini", "-i", "my.netbox_devices.yml")
        run = ansible(tmp_path, "ansible-inventory", *sources, "--list", "--export")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    found = json.loads(run.stdout)
    hosts = found["_meta"]["hostvars"]
    assert hosts["poller"] == {"ansible_host": "127.0.0.9", "snmp_community": "of-the-poller"}
    assert hosts["core-1"] == {"ansible_host": "127.0.0.8"}
    ours = {name: variables for name, variables in hosts.items() if "netbox_device_id" in variables}
    assert len(ours) == len(SEED["devices"])
    assert set(ours) & {"localhost", "127.0.0.1", "all", "ungrouped", "poller", "dmz", "core-1"} == set()
    assert {"poller@brq", "core-1@brq", "localhost@brq", "dmz@brq"} <= set(ours)
    # No variable reached a group, no group of others a host of ours.
    assert {name: group["vars"] for name, group in found.items() if "vars" in group} == {
        "dmz": {"snmp_community": "of-the-dmz"}
    }
    assert found["dmz"]["hosts"] == ["server"]
    assert found["netbox_dmz"]["hosts"] == ["in-dmz"]
    assert found["netbox_all"]["hosts"] == ["in-all"]
    # The group of a site, whose name a device has.
    assert set(found["netbox_site_brq"]["hosts"]) >= {"poller@brq", "site_brq"}
    said = " ".join(run.stderr.split())
    assert "poller is poller@brq" in said
    assert "dmz is netbox_dmz" in said


@pytest.mark.attack(
    "A device that a task is delegated to",
    tried="a device called like a poller whose own source stands after NetBox's, so that both are one host to Ansible",
    came="the task fails by name; nothing is sent to the device",
)
def test_credentials_are_not_sent_to_a_device_in_place_of_a_poller(tmp_path: Path) -> None:
    (tmp_path / "later.ini").write_text("poller ansible_connection=ssh\ncore-1 poller=poller\n")
    task = {
        "invmon.network.snmp_entity_facts": {"community": "of-the-network"},
        "delegate_to": "{{ poller }}",
    }
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "core-1", "gather_facts": False, "tasks": [task]}]))
    with start_standin(SEED) as standin:
        options = {"plugin": "invmon.network.netbox_devices", "url": standin.url, "token": standin.token}
        (tmp_path / "my.netbox_devices.yml").write_text(yaml.safe_dump(options))
        run = ansible(tmp_path, "ansible-playbook", "-i", "my.netbox_devices.yml", "-i", "later.ini", "play.yml")
    assert run.returncode == 2, run.stdout + run.stderr
    assert "poller is a device of NetBox, whose editors set its address" in run.stdout + run.stderr
    assert "UNREACHABLE" not in run.stdout

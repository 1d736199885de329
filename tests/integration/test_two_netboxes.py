# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One inventory of two NetBoxes, in which the same ids and names are other devices: each gets what is its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.tests.integration.awx import agent
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

#: Site of a NetBox -> its token, the recording of its device, and how that is called as a host.
TOKENS = {"brno": "b" * 40, "praha": "c" * 40}
BOXES = {"brno": "isr4k", "praha": "asa"}
HOSTS = {"brno": "core-1", "praha": "core-1@praha"}


def seed(site: str) -> dict[str, Any]:
    """A NetBox with one device, number 1, core-1."""
    box = {"device_type": "box", "role": "router", "site": site, "tags": ["inventory"]}
    return {
        "tokens": [{"token": TOKENS[site], "superuser": True}],
        "manufacturers": [{"name": "Acme", "slug": "acme"}],
        "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
        "roles": [{"name": "Router", "slug": "router"}],
        "sites": [{"name": site.title(), "slug": site}],
        "tags": [{"name": "Inventory", "slug": "inventory"}],
        "devices": [{"name": "core-1", "primary_ip4": "127.0.0.1/8", **box}],
    }


class Two:
    """Two NetBoxes with a device each, and the files of somebody who asks both in one run."""

    def __init__(self, folder: Path, standins: dict[str, StandIn], ports: dict[str, int]) -> None:
        self.folder = folder
        self.standins = standins
        for site, standin in standins.items():
            options = {"plugin": "invmon.network.netbox_devices", "url": f"{standin.url}/", "tags": ["inventory"]}
            self._write(f"{site}.netbox_devices.yml", {**options, "token": TOKENS[site], "timeout": 20})
            self._write(f"host_vars/{HOSTS[site]}.yml", {"snmp_port": ports[site]})
        self._write("group_vars/all.yml", {"snmp_community": "public", "snmp_timeout": 1, "snmp_retries": 1})

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(yaml.safe_dump(content))

    def run(self, *arguments: str, playbook: str = "inventory", **environment: str) -> Outcome:
        sources = [word for site in self.standins for word in ("-i", str(self.folder / f"{site}.netbox_devices.yml"))]
        environment = {"INVMON_COLLECTED": str(self.folder / "collected"), **environment}
        return run_playbook(ROOT / "playbooks" / f"{playbook}.yml", *sources, *arguments, **environment)

    def rows(self, site: str) -> list[dict[str, Any]]:
        with NetBox(self.standins[site].url, TOKENS[site]) as netbox:
            return netbox.get_all(PROBES)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with ExitStack() as stack:
        standins = {site: stack.enter_context(start_standin(seed(site))) for site in TOKENS}
        ports = {site: stack.enter_context(agent(box, {})).port for site, box in BOXES.items()}
        yield Two(tmp_path_factory.mktemp("two"), standins, ports)


def parts(box: str) -> set[str]:
    """The serials of a recording."""
    expected = json.loads((recordings() / f"{box}.expected.json").read_text())
    return {record["serial"] for record in expected["records"]}


def test_each_device_is_written_to_the_netbox_that_it_came_from(two: Two) -> None:
    outcome = two.run("-vvv")
    assert outcome.status == 0, outcome.text[-4000:]
    assert outcome.hosts == set(HOSTS.values())
    for site, box in BOXES.items():
        rows = two.rows(site)
        assert {row["serial"] for row in rows} == parts(box)
        assert {row["device"]["id"] for row in rows} == {1}
        # A summary for each.
        assert f"NetBox at {two.standins[site].url}:" in outcome.text
    # What the inventory says of a device is no mistake of anybody.
    assert "set it for all hosts" not in outcome.text
    # What the inventory file says reached the tasks, and nobody else.
    assert [token for token in TOKENS.values() if token in outcome.text] == []


def test_an_address_without_a_token_of_its_own_ends_the_run_before_a_device_is_asked(two: Two) -> None:
    with start_standin(seed("brno")) as evil:
        elsewhere = two.run("--limit", "core-1", "-e", f"netbox_url={evil.url}")
        assert elsewhere.status == 2
        assert "the host came from NetBox at" in " ".join(elsewhere.text.split())
        assert evil.requests() == []
    hygiene = two.run(playbook="hygiene")
    assert "belong to several NetBoxes" in " ".join(hygiene.text.split())
    for outcome in (elsewhere, hygiene):
        assert "Read the hardware" not in outcome.text
        assert "Traceback" not in outcome.text
    # One of them by itself needs no more than its inventory file.
    one = two.run("--check", "--limit", "core-1@praha", playbook="hygiene")
    assert one.status == 0, one.text[-3000:]
    assert "NetBox: " in one.text


def test_a_delegated_task_gets_the_tokens_that_it_needs_and_shows_none(two: Two, tmp_path: Path) -> None:
    spare = {"serial": "SPARE-1", "name": "Spare", "category": "module"}
    ids = {"device_id": 1, "complete": False, "records": [spare]}
    devices = [{"name": site, "netbox_url": standin.url, **ids} for site, standin in two.standins.items()]
    tasks: list[dict[str, Any]] = [
        {"invmon.network.netbox_probe": {"devices": devices}, "register": "upload"},
        {"ansible.builtin.debug": {"msg": "{{ upload.summary }}"}},
        {"invmon.network.netbox_hygiene": {"sites": ["praha"], "url": two.standins["praha"].url}},
    ]
    for task in tasks[::2]:
        task["delegate_to"] = "poller"
    hosts = {"poller": {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}}
    (tmp_path / "pollers.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "poller", "gather_facts": False, "tasks": tasks}]))
    sources = [word for site in two.standins for word in ("-i", str(two.folder / f"{site}.netbox_devices.yml"))]
    # Where the task runs there is another NetBox.
    there = {"NETBOX_INSTANCE_URL": "https://netbox.example.org", "NETBOX_API_TOKEN": "d" * 40}
    outcome = run_playbook(tmp_path / "play.yml", "-i", str(tmp_path / "pollers.yml"), *sources, "-vvv", **there)
    assert outcome.status == 0, outcome.text[-4000:]
    assert "AnsiballZ_netbox_probe" in outcome.text
    assert "AnsiballZ_netbox_hygiene" in outcome.text
    assert [token for token in (*TOKENS.values(), "d" * 40) if token in outcome.text] == []
    for site in TOKENS:
        assert "SPARE-1" in {row["serial"] for row in two.rows(site)}

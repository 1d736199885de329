# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook discover on the sandbox: real UDP and TCP on loopback, and the NetBox stand-in.

Of 127.0.0.0/8 every address answers a ping and refuses a connection, so only open ports and agents show a host here.
Ping, ARP, ND and firewalls are tested in the network that tests/lab makes.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook

DISCOVER, INVENTORY = ROOT / "playbooks" / "discover.yml", ROOT / "playbooks" / "inventory.yml"


def discover(night: Night, folder: Path, *arguments: str, **environment: str) -> Outcome:
    history = ("-e", f"report_history={folder / 'history'}")
    return run_playbook(DISCOVER, "-i", night.inventory, *history, *arguments, HOME=str(folder), **environment)


#: Most of the agents are left out: two are enough to be what NetBox has, and one to be dead.
FEW = ("-e", "discover_exclude=127.10.0.3-127.10.0.30,127.10.0.32-127.10.0.33")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A cache of the inventory, which the first run fills: what it has must not hide a new device."""
    folder = tmp_path_factory.mktemp("cache")
    return {
        "ANSIBLE_INVENTORY_CACHE": "1",
        "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(folder),
    }


def summary(outcome: Outcome) -> list[str]:
    """The last lines, from the first one of ours."""
    return outcome.stdout[outcome.stdout.rindex("\nDiscovery") :].strip().splitlines()


def writes(night: Night) -> list[str]:
    requests = night.standin("requests")
    return [one["path"] for one in requests if one["method"] != "GET" and one["path"].startswith("/api/")]


def test_each_of_the_five_verdicts_is_found_and_a_dry_run_writes_nothing(
    night: Night, tmp_path: Path, cache: dict[str, str]
) -> None:
    night.standin("reset", {})
    outcome = discover(
        night, tmp_path, *FEW, "--check", "--diff", "-e", "discover_fail_on=contradicting,gone", COLUMNS="80", **cache
    )
    assert list(Path(cache["ANSIBLE_INVENTORY_CACHE_CONNECTION"]).iterdir()) != []
    assert outcome.status != 0, "discover_fail_on names one of the findings"
    assert "1 contradicting (discover_fail_on)" in outcome.text
    assert outcome.stdout.index("(discover_fail_on)") < outcome.stdout.index("Write the report and send messages")
    lines = summary(outcome)
    assert max(len(line) for line in lines if " " in line.strip()) <= 80, "all but the path of a file"
    assert outcome.stdout.rindex("PLAY RECAP") < outcome.stdout.rindex("\nDiscovery"), "the callback prints it last"
    said = " ".join(" ".join(lines).split())
    assert said.startswith("Discovery, dry run: 32 addresses in 1 network")
    contradicting, rest = said.split(" Unknown: ")
    unknown, rest = rest.split(" Without a device: ")
    unassigned, silent = rest.split(" Silent: ")
    assert "127.10.0.43 rtr-no-tag serial number: NetBox has FCZ9301X0Z9" in contradicting
    assert "FCZ9301X0A1" in contradicting
    assert "127.10.0.50 om-brno" in unknown
    assert "22119390000123" in unknown
    assert "127.10.0.60 badge-reader.example.com" in unassigned
    assert "127.10.0.31 sw-dead" in silent
    assert "rtr-isr-brno" not in said, "what is as it should be is only counted"
    assert said.endswith("This was a dry run: nothing was written to NetBox.")
    assert writes(night) == []

    # The same as data. A dry run keeps its scan too: it asked the same.
    (file,) = (tmp_path / "history" / "discovery").glob("*.json")
    verdicts = Counter(one["verdict"] for one in json.loads(file.read_text())["verdicts"])
    assert {word: verdicts[word] for word in ("known", "unknown", "contradicting", "unassigned")} == {
        "known": 2, "unknown": 1, "contradicting": 1, "unassigned": 1,
    }  # fmt: skip
    assert verdicts["silent"] >= 2


def test_new_devices_go_straight_into_the_inventory_of_the_same_command(
    night: Night, tmp_path: Path, cache: dict[str, str]
) -> None:
    history = ("-e", f"report_history={tmp_path / 'history'}", "-e", f"report_directory={tmp_path / 'page'}")
    wishes = (*FEW, "-e", "discover_register=devices", "-e", "invmon_hosts=om-brno")
    both = run_playbook(
        DISCOVER, str(INVENTORY), "-i", night.inventory, *history, *wishes,
        HOME=str(tmp_path), INVMON_COLLECTED=str(tmp_path / "collected"), COLUMNS="200", **cache,
    )  # fmt: skip
    try:
        assert both.status == 0, both.text
        assert both.hosts == {"om-brno"}
        assert "Registered 1 address and 1 device." in both.stdout
        (device,) = night.netbox("dcim/devices/?name=om-brno")["results"]
        assert device["serial"] == "22119390000123"
        assert device["primary_ip4"]["address"].startswith("127.10.0.50/")
        assert {probe["serial"] for probe in night.probes()} == {"22119390000123"}
        assert both.stdout.index("\nDiscovery: ") < both.stdout.index("\nInventory: 1 device")
        assert both.stdout.count("\nDiscovery: ") == both.stdout.count("\nInventory: ") == 1
        page = (tmp_path / "page" / "index.html").read_text()
        assert "22119390000123" in page, "one report has both"
        found = json.loads((tmp_path / "page" / "discovery.json").read_text())
        unknown = [host["ip"] for host in found["hosts"] if (host.get("verdict") or {}).get("verdict") == "unknown"]
        assert unknown == ["127.10.0.50"]
        assert found["registered"]["device created"] == 1
    finally:
        for device in night.netbox("dcim/devices/?name=om-brno")["results"]:
            night.netbox("dcim/devices/", "DELETE", [{"id": device["id"]}])
        for address in night.netbox("ipam/ip-addresses/?tag=invmon-discovered")["results"]:
            night.netbox("ipam/ip-addresses/", "DELETE", [{"id": address["id"]}])


#: What a new user does first -> what the run says.
FIRST_ERRORS = {
    "a public network": (
        ("-e", "discover_targets=9.9.9.0/29", "-e", '{"discover_netbox_prefixes": ""}'),
        "set the variable discover_authorized to true if the network is yours",
    ),
    "a prefix that NetBox lacks": (
        ("-e", '{"discover_netbox_prefixes": {"tag": "nope"}}'),
        "NetBox has no prefix with",
    ),
}


@pytest.mark.parametrize("what", FIRST_ERRORS)
def test_a_first_error_is_one_sentence_with_what_to_do_and_nothing_is_sent(
    night: Night, tmp_path: Path, what: str
) -> None:
    arguments, sentence = FIRST_ERRORS[what]
    outcome = discover(night, tmp_path, *arguments)
    assert outcome.status != 0
    assert sentence in " ".join(outcome.text.split())
    assert not (tmp_path / "history").exists()
    assert "\nDiscovery" not in outcome.stdout

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly job: bad input and bad nights. Each gives one clear error, loses nothing, and shows no secret."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook
from ansible_collections.invmon.network.tests.sandbox.sandbox import COLLECTED

#: The bulk POST of new rows; faults are searched in path?query.
CREATE = r"/probes/\?$"
#: The devices with the most rows, more than one bulk of them, and one that is refused.
REFUSED = "fw-wrong-password"
LARGEST = ("sw-comware-a", "sw-s12704-a", "rtr-mx960-a", "rtr-mx960-b", "rtr-7750-ostrava", "rtr-mx-ostrava", REFUSED)
OF_LARGEST = ("--limit", ",".join(LARGEST))
#: One device for each account, and the devices that fail in a way of their own.
OF_EACH_ACCOUNT = ("rtr-isr-brno", "rtr-asr9k-praha", "fw-asa-brno", "sw-nexus-brno", REFUSED, "sw-midtable")
SECRETS = ("sandbox-auth-1", "sandbox-priv-1", "sandbox-auth-2", "sandbox-priv-2", "sandbox-auth-3")


def test_bad_devices_fail_alone_and_the_summary_says_why(night: Night) -> None:
    outcome = night.run()
    assert outcome.status == 2
    assert outcome.failed == night.bad, outcome.text
    read = f"{len(outcome.hosts) - 3} complete, 1 incomplete, 1 unreachable, 1 refused the credentials."
    assert read in outcome.said
    assert "sw-midtable incomplete not read completely: entPhysicalTable" in outcome.said
    assert "sw-dead unreachable v3: no answer; v2c: no answer." in outcome.said
    # Each fails once, where it happens, and nothing of ours is quoted beside it.
    fatal = [line.partition(" => ")[0] for line in outcome.text.splitlines() if line.startswith("fatal: ")]
    assert sorted(fatal) == sorted(f"fatal: [{name}]: FAILED!" for name in night.bad)
    assert not [word for word in ("[ERROR]", "Origin", "...ignoring") if word in outcome.text]
    assert {probe["device_descriptor"] for probe in night.probes()} >= outcome.hosts - outcome.failed


def test_the_upload_runs_when_every_device_failed(night: Night) -> None:
    dead = sorted(agent.name for agent in night.sandbox.network.plan.agents if agent.fault in ("silent", "password"))
    outcome = night.run("--limit", ",".join(dead))
    assert outcome.status == 2
    assert outcome.failed == set(dead)
    assert re.match(rf"Inventory: {len(dead)} devices in \d+(\.\d)? s, 1 unreachable, 1 refused the", outcome.said)
    assert " complete," not in outcome.said


def test_a_batch_that_failed_whole_does_not_keep_the_next_ones_from_being_read(night: Night) -> None:
    """The batches are in the order of the names: the first one fails."""
    outcome = night.run("-e", "invmon_batch_size=1", "--limit", f"{REFUSED},rtr-isr-brno,sw-dead,sw-nexus-brno")
    assert outcome.failed == {REFUSED, "sw-dead"}, outcome.text
    assert len(outcome.hosts) == 4
    assert {probe["device_descriptor"] for probe in night.probes()} >= outcome.hosts - outcome.failed


@pytest.mark.parametrize("name", ["sw-stack-brno:2", "sw, mid [table]"])
def test_a_device_that_is_incomplete_fails_whatever_its_name(night: Night, name: str) -> None:
    partial = next(agent.name for agent in night.sandbox.network.plan.agents if agent.fault == "midtable")
    number = night.netbox(f"dcim/devices/?name={partial}")["results"][0]["id"]
    night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": name})
    try:
        outcome = night.run("--limit", "site_brno")
    finally:
        night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": partial})
    assert outcome.status == 2
    assert f"fatal: [{name}]: FAILED!" in outcome.text
    assert "fatal: [sw-stack-brno]" not in outcome.text


def test_a_device_that_stops_in_mid_table_proves_nothing_gone(night: Night) -> None:
    partial = next(agent.name for agent in night.sandbox.network.plan.agents if agent.fault == "midtable")
    outcome = night.run("--limit", partial, "--diff")
    assert outcome.failed == {partial}
    assert "is incomplete: " in outcome.text
    assert not [line for line in outcome.text.splitlines() if line.startswith("! ")]


@pytest.mark.parametrize("verbosity", ["-v", "-vvv"])
def test_no_secret_is_shown(night: Night, verbosity: str) -> None:
    text = night.run(verbosity, "--diff", "--limit", ",".join(OF_EACH_ACCOUNT)).text
    shown = [secret for secret in (*SECRETS, night.sandbox.token) if secret in text]
    assert shown == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "502html", "times": -1}, "502"),
        ({"kind": "html", "times": -1}, "web page"),
        ({"kind": "403", "times": -1}, "permission"),
        ({"kind": "500", "times": -1}, "500"),
    ],
)
def test_netbox_in_trouble_is_named_and_what_was_collected_is_written_later(
    night: Night, fault: dict, words: str
) -> None:
    limit = ("--limit", "rtr-mx-ostrava,sw-stack-brno")
    night.standin("faults", {**fault, "match": {"path": "/plugins/inventory-monitor/|graphql"}})
    outcome = night.run(*limit, "-e", "netbox_timeout=5")
    assert outcome.status != 0
    assert words in outcome.text
    assert "Traceback" not in outcome.text
    night.standin("reset", {})
    later = night.run(*limit, "--tags", "upload")
    assert later.status == 0, later.text
    assert night.probes() != []


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write"])
def test_a_reply_that_is_lost_after_the_write_writes_nothing_twice(night: Night, kind: str) -> None:
    night.standin("faults", {"kind": kind, "match": {"method": "POST", "path": CREATE}, "seconds": 1})
    outcome = night.run(*OF_LARGEST)
    assert kind in night.faults()
    assert outcome.failed == {REFUSED}
    rows = [(probe["device_descriptor"], probe["serial"]) for probe in night.probes()]
    assert len(rows) == len(set(rows)) > 100
    assert night.run(*OF_LARGEST).changed == set()


@pytest.mark.parametrize("kind", ["403", "500", "502html"])
def test_what_netbox_did_not_take_in_the_middle_of_writing_is_named_and_written_later(night: Night, kind: str) -> None:
    night.standin("faults", {"kind": kind, "match": {"method": "POST", "path": CREATE, "nth": 2}, "times": -1})
    outcome = night.run(*OF_LARGEST)
    assert kind in night.faults()
    assert outcome.status == 2
    written = {probe["device_descriptor"] for probe in night.probes()}
    assert written
    assert outcome.failed > {REFUSED}
    assert outcome.failed | written >= outcome.hosts
    night.standin("reset", {})
    later = night.run("--tags", "upload", *OF_LARGEST)
    assert later.failed == {REFUSED}
    rows = [(probe["device_descriptor"], probe["serial"]) for probe in night.probes()]
    assert len(rows) == len(set(rows)) > 100
    assert night.run(*OF_LARGEST).changed == set()


def test_throttling_is_waited_for(night: Night) -> None:
    night.standin("faults", {"kind": "429", "match": {"path": "/plugins/inventory-monitor/"}, "times": 2, "seconds": 1})
    outcome = night.run("--limit", "rtr-mx-ostrava")
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"snmp_auth_passphrase": "short"}, "auth_passphrase is shorter than 8"),
        ({"snmp_versions": ["4"]}, "versions: '4' is not one of"),
        ({"snmp_port": 70000}, "port: 70000 is not between 1 and 65535"),
        ({"snmp_backend": "netsnmp"}, "backend"),
        ({"snmp_auth_protocol": "ROT13"}, "auth_protocol: 'ROT13' is not one of"),
        ({"snmp_host": "no-such-host.invalid"}, "no-such-host.invalid does not resolve"),
        ({"snmp_platform": "toaster"}, "toaster"),
        ({"invmon_env_file": "/no/such/file"}, "/no/such/file"),
    ],
)
def test_a_wrong_option_is_one_sentence(night: Night, variables: dict, words: str) -> None:
    outcome = night.run("--limit", "rtr-mx-ostrava", "--tags", "collect", "-e", json.dumps(variables))
    assert outcome.status == 2
    assert words in outcome.text
    assert "Traceback" not in outcome.text


def test_no_credentials_is_one_sentence(night: Night, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts"
    inventory.write_text("r1 ansible_host=127.10.0.1\n")
    outcome = run_playbook(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory), "--tags", "collect")
    assert "There are no SNMP credentials" in outcome.text


def test_an_inventory_without_devices_says_so(night: Night, tmp_path: Path) -> None:
    inventory = tmp_path / "empty.netbox_devices.yml"
    env_file = night.sandbox.folder / "sandbox.env"
    inventory.write_text(f"plugin: invmon.network.netbox_devices\nenv_file: {env_file}\nnames: [nobody]\n")
    outcome = run_playbook(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory))
    assert outcome.status != 0
    assert "There is no device in the inventory" in outcome.text
    assert "Traceback" not in outcome.text


def test_an_interrupted_run_is_uploaded_later(night: Night) -> None:
    command = [
        *(str(Path(sys.executable).with_name("ansible-playbook")), "-i", night.inventory),
        *(str(ROOT / "playbooks" / "inventory.yml"), "--forks", "2"),
    ]
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "INVMON_COLLECTED": str(night.sandbox.folder / COLLECTED),
    }
    collected = night.sandbox.folder / COLLECTED
    for file in collected.glob("*.json"):
        file.unlink()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:
        deadline = time.monotonic() + 60
        while len(list(collected.glob("*.json"))) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        try:
            child.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            # ansible-core ends its workers, and waits for ever where one of them was just writing to its queue.
            child.kill()
    names = [file.stem for file in collected.glob("*.json")]
    assert names
    assert night.probes() == []
    assert night.run("--tags", "upload", "--limit", ",".join(names)).status == 0
    assert {probe["device_descriptor"] for probe in night.probes()} >= set(names)


def test_netbox_that_cannot_be_asked_for_devices_is_an_error_also_with_a_limit(night: Night, tmp_path: Path) -> None:
    """With Ansible's own configuration, to which such an inventory is a warning and no host a success."""
    inventory = tmp_path / "down.netbox_devices.yml"
    inventory.write_text("plugin: invmon.network.netbox_devices\nurl: http://127.0.0.1:9\ntoken: abc\n")
    (tmp_path / "ansible.cfg").write_text("[defaults]\n")
    outcome = run_playbook(
        *(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory), "--limit", "r1"),
        ANSIBLE_CONFIG=str(tmp_path / "ansible.cfg"),
    )
    assert outcome.status != 0
    assert "cannot be reached" in outcome.text


def test_a_vault_variable_that_is_missing_is_named_and_no_weaker_way_is_tried(night: Night) -> None:
    variables = {"snmp_auth_passphrase": "{{ vault_snmp_auth }}", "snmp_privacy_passphrase": "{{ vault_snmp_priv }}"}
    outcome = night.run("--limit", "rtr-mx-ostrava", "--tags", "collect", "-e", json.dumps(variables))
    assert outcome.status == 2
    assert "'vault_snmp_auth' is undefined" in outcome.text
    assert "a bug" not in outcome.text


def test_a_missing_env_file_is_one_sentence_and_nothing_is_written(night: Night) -> None:
    outcome = night.run("--limit", "rtr-mx-ostrava", "-e", "invmon_env_file=/no/such/file")
    assert outcome.status == 2
    assert "There is no file /no/such/file (option env_file)." in outcome.text
    assert "Finalization" not in outcome.text
    assert night.probes() == []

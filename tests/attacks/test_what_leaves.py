# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way out: what the real playbooks print, log and keep, with canaries as secrets and hostile text everywhere."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import HostileNetBox, echo, hostile_netbox
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

#: Clears the screen, asks the terminal for its state, turns the writing, hides, begins a line, is a template.
HOSTILE = "\x1b[2J\x9b5n\u202e\u2066\u200b\r\nr9 : ok=1 {{ 7*7 }}{% raw %}"
TOKEN = "0f3bc2a497d8e6150f3bc2a497d8e615aa55bb66"
COMMUNITY, AUTH, PRIVACY = "canary-community-1", "canary-auth-phrase-2", "canary-privacy-phrase-3"
CREDENTIALS = {
    "versions": ["3", "2"],
    "community": COMMUNITY,
    "username": "inventory",
    "auth_protocol": "SHA",
    "auth_passphrase": AUTH,
    "privacy_protocol": "AES",
    "privacy_passphrase": PRIVACY,
    "timeout": 0.1,
    "retries": 1,
    "backend": "snmp",
}
RECORDING = recordings() / "asa.snmprec"


def seed() -> dict[str, Any]:
    """Two devices with hostile names at a hostile site; a part that was on the second one, and one that is gone."""
    found = one_site(2)
    found["tokens"] = [{"token": TOKEN, "superuser": True}]
    found["sites"][0]["name"] = f"site {HOSTILE}"
    for number, device in enumerate(found["devices"], 1):
        device |= {"name": f"r{number} {HOSTILE}", "primary_ip4": f"127.0.0.{number}/8"}
    probe: dict[str, Any] = {"name": f"slot {HOSTILE}", "part": HOSTILE, "site": "brno", "time": "2026-11-20T02:00:00Z"}
    probe |= {"discovered_data": {"invmon": {"v": 1, "slot": HOSTILE, "interface": HOSTILE}}}
    found["probes"] = [
        {**probe, "serial": "JMX9350A0S1", "device": found["devices"][1]["name"]},
        {**probe, "serial": f"GONE {HOSTILE}", "device": found["devices"][0]["name"]},
    ]
    return found


@pytest.fixture
def hostile() -> Iterator[HostileNetBox]:
    with start_standin(seed()) as standin, hostile_netbox(standin.url) as netbox:
        netbox.token = TOKEN
        yield netbox


def nightly_job(hostile: HostileNetBox, folder: Path, *arguments: str) -> Outcome:
    """The playbook as README shows it: an inventory out of NetBox, a .env file, credentials as variables."""
    (folder / ".env").write_text(f"NETBOX_INSTANCE_URL={hostile.url}\nNETBOX_API_TOKEN={hostile.token}\n")
    (folder / ".env").chmod(0o600)
    source = {
        "plugin": "invmon.network.netbox_devices",
        "env_file": str(folder / ".env"),
        "compose": {"snmp_replay_from": f"'{RECORDING}' if netbox_device_id == 1 else ''"},
    }
    inventory = folder / "my.netbox_devices.yml"
    inventory.write_text(yaml.safe_dump(source))
    variables = {f"snmp_{name}": value for name, value in CREDENTIALS.items()}
    variables |= {
        "invmon_env_file": str(folder / ".env"),
        "invmon_run_record": str(folder / "record.json"),
        "snmp_port": 9,
    }
    return run_playbook(
        *(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory), "-e", json.dumps(variables), "-vvv", "--diff"),
        *arguments,
        ANSIBLE_LOG_PATH=str(folder / "log"),
        INVMON_COLLECTED=str(folder / "collected"),
    )


def check(outcome: Outcome, *files: Path) -> None:
    """Nothing that left shows a secret or a part of one; what is for people steers no terminal and is no template."""
    texts = {"output": outcome.text} | {path.name: path.read_text("utf-8") for path in files}
    encoded = [base64.b64encode(b"\0" * before + TOKEN.encode()).decode()[4:-4] for before in range(3)]
    for name, text in texts.items():
        for secret in (TOKEN, COMMUNITY, AUTH, PRIVACY, *encoded):
            pieces = (secret[at : at + 12] for at in range(len(secret) - 11))
            assert [piece for piece in pieces if piece in text] == [], f"{secret} in {name}"
        unprintable = {char for char in text if not char.isprintable()} - {"\n", "\t"}
        assert unprintable == set(), f"in {name}: {unprintable}"
        assert "\nr9 : ok=1" not in text, name
        assert "49{%" not in text, name
    assert "Traceback" not in outcome.text


@pytest.mark.attack(
    "Text that steers a terminal, and secrets in what is printed",
    tried="names of devices, sites, slots and serials in NetBox that clear the screen, turn the writing, begin a line"
    " of the recap or are templates; a NetBox that answers each new row with the token in base64; canaries as all SNMP"
    " credentials; -vvv, --diff, a log file, a run record, a plan, saved collections",
    came="what people and machines read shows none of it raw, and no secret in any form",
)
def test_what_a_night_prints_and_keeps_is_harmless(hostile: HostileNetBox, tmp_path: Path) -> None:
    planned = nightly_job(hostile, tmp_path, "--check", "-e", f"upload_plan_file={tmp_path}/plan.json")
    assert "\\x1b[2J" in planned.text  # it was there to be shown
    check(planned, tmp_path / "log", tmp_path / "record.json", tmp_path / "plan.json")
    hostile.answer(echo(lambda said: base64.b64encode(f"{HOSTILE} {said}".encode()).decode()), "POST", "/probes/")
    written = nightly_job(hostile, tmp_path)
    assert written.status != 0
    assert "bad request: G1sy" in written.text
    check(written, tmp_path / "log", tmp_path / "record.json", *(tmp_path / "collected").glob("*.json"))
    assert json.loads((tmp_path / "record.json").read_text())["state"] != "ok"


@pytest.mark.attack(
    "A tampered export",
    tried="a file for restore whose header names a NetBox that is an escape sequence of a megabyte",
    came="it is refused; its first characters are shown, escaped",
)
def test_the_header_of_a_tampered_export_is_harmless(tmp_path: Path) -> None:
    export = tmp_path / "hygiene-1.jsonl"
    export.write_text(json.dumps({"invmon_export": 1, "netbox": HOSTILE * 20_000, "time": "now"}) + "\n")
    export.chmod(0o600)
    with start_standin(one_site(1)) as standin:
        outcome = run_playbook(
            *(ROOT / "playbooks" / "restore.yml", "-i", "localhost,", "-vvv"),
            *("-e", json.dumps({"restore_from": str(export), "netbox_url": standin.url, "netbox_token": TOKEN})),
        )
    assert "was exported from NetBox at" in outcome.text
    assert len(outcome.text) < 50_000
    check(outcome)


@pytest.mark.attack(
    "Secrets of a task on another host",
    tried="snmp_entity_batch on a poller, with all credentials in `options`, and netbox_probe with its token, at -vvv",
    came="neither the results nor what Ansible prints show them",
)
def test_a_delegated_task_shows_no_secret(hostile: HostileNetBox, tmp_path: Path) -> None:
    hosts = {
        "box": {"ansible_host": "127.0.0.1", "snmp_port": 9},
        "poller": {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable},
    }
    task = {"invmon.network.snmp_entity_batch": {"hosts": ["box"], "options": CREDENTIALS}, "delegate_to": "poller"}
    show = {"ansible.builtin.debug": {"var": "found"}}
    probe = {"devices": [{"name": "r1", "device_id": 1, "records": []}], "url": hostile.url, "token": TOKEN}
    upload = {"invmon.network.netbox_probe": probe, "delegate_to": "poller", "check_mode": True}
    play = {"hosts": "box", "gather_facts": False, "tasks": [{**task, "register": "found"}, show, upload]}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
    outcome = run_playbook(tmp_path / "play.yml", "-i", str(tmp_path / "hosts.yml"), "-vvv")
    assert "could not be read" in outcome.text
    assert "AnsiballZ_snmp_entity_batch" in outcome.text
    assert "AnsiballZ_netbox_probe" in outcome.text
    assert len(hostile.asked) > 1
    check(outcome)

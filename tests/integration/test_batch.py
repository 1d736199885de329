# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All devices in one task find, write and say what a task for each device does."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import run_playbook

BATCH = ("-e", "invmon_batch=true")
#: Differs between any two runs.
MOMENT = ("id", "url", "display_url", "time", "creation_time", "created", "last_updated", "discovered_data")


def _rows(night: Night) -> dict[tuple[Any, str], dict[str, Any]]:
    rows = night.probes()
    return {(row["device"] and row["device"]["id"], row["serial"]): _still(row) for row in rows}


def _still(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in MOMENT}


def _saved(folder: Path) -> dict[str, dict[str, Any]]:
    """Collections by host, without what differs between any two."""
    others = ("collected_at", "statistics", "system")
    # The lines below say that it was uploaded.
    told = {path.name: json.loads(path.read_text().splitlines()[0]) for path in folder.iterdir()}
    return {name: {key: value for key, value in found.items() if key not in others} for name, found in told.items()}


def _because(text: str) -> list[str]:
    """The lines of the last play about devices that need attention."""
    return sorted(set(re.findall(r"\S+ could not be read: .*?\.|\S+ is incomplete: \d+ rows", text)))


def test_a_batch_writes_the_same_rows_and_fails_the_same_devices(night: Night, tmp_path: Path) -> None:
    each = night.run(INVMON_COLLECTED=str(tmp_path / "each"))
    rows = _rows(night)
    assert len(rows) > 200
    quiet = night.run(*BATCH, "--diff", INVMON_COLLECTED=str(tmp_path / "batch"))
    assert quiet.changed == set(), "a batch finds something else"
    assert (quiet.status, quiet.failed) == (each.status, each.failed) == (2, night.bad)
    assert _rows(night) == rows
    assert _saved(tmp_path / "batch") == _saved(tmp_path / "each")
    assert _because(quiet.text) == _because(each.text) != []
    for part in (r"\d+ complete.*?\.", r"Needs attention .*?not counted"):
        assert re.findall(part, quiet.said)[:1] == re.findall(part, each.said)[:1]
    night.forget()
    # All hosts of the run count, not those of one batch.
    first = night.run("-e", "invmon_batch=12", "-e", "invmon_batch_size=10")
    assert "collect : Read the hardware of the devices]" in first.text
    assert first.failed == night.bad
    assert _rows(night) == rows


@pytest.mark.parametrize(
    ("batch", "limit", "task"),
    [
        ("auto", "all", "devices"),
        ("auto", "!sw-7", "device"),
        ("2", "sw-1,sw-2", "devices"),
        ("2", "sw-1", "device"),
    ],
)
def test_the_hosts_of_the_run_decide_where_the_user_leaves_it_to_them(batch: str, limit: str, task: str) -> None:
    hosts = "".join(f"sw-{number}," for number in range(200))
    listed = run_playbook(
        *("invmon.network.inventory", "--list-tasks", "-i", hosts, "-e", f"invmon_batch={batch}", "--limit", limit)
    )
    assert re.findall(r"Read the hardware of the (\w+)", listed.text) == [task], listed.text


def test_a_host_whose_variables_are_wrong_fails_alone(night: Night, tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(Path(night.inventory).parent, folder, ignore=shutil.ignore_patterns("*.log", "agents"))
    (folder / "host_vars").mkdir(exist_ok=True)
    (folder / "host_vars" / "rtr-isr-brno.yml").write_text('snmp_community: "{{ not_there }}"\n')
    (folder / "host_vars" / "rtr-mx-ostrava.yml").write_text("snmp_port: many\n")
    outcome = run_playbook(
        *("invmon.network.inventory", "-i", str(folder / Path(night.inventory).name), *BATCH),
        *("--limit", "rtr-isr-brno,rtr-mx-ostrava,sw-stack-brno"),
        INVMON_COLLECTED=str(tmp_path / "collected"),
    )
    assert outcome.failed == {"rtr-isr-brno", "rtr-mx-ostrava"}, outcome.text
    assert "'not_there' is undefined" in outcome.text
    assert "argument 'port' is of type" in outcome.text
    # The second member of the stack has a device of its own.
    assert {probe["device_descriptor"] for probe in night.probes()} == {"sw-stack-brno", "sw-stack-brno-2"}


def test_a_poller_reads_a_batch_and_shows_no_secret(night: Night, tmp_path: Path) -> None:
    """Delegated: the module is shipped, with the options of all devices."""
    devices = {"v3-box": "127.10.0.1", "v2-box": "127.10.0.5", "dead-box": "127.10.9.9"}
    secrets = {"snmp_community": "public", "snmp_auth_passphrase": "sandbox-auth-1"}
    poller = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
    common = {
        **{"snmp_port": night.sandbox.network.port, "snmp_versions": ["3", "2"], "snmp_timeout": 0.5},
        **{"snmp_username": "inventory", "snmp_auth_protocol": "SHA-256", "snmp_privacy_protocol": "AES"},
        **secrets,
        "snmp_privacy_passphrase": "sandbox-priv-1",
    }
    groups = {
        "boxes": {"hosts": {name: {"ansible_host": address} for name, address in devices.items()}, "vars": common},
        "others": {"hosts": {"poller": poller}},
    }
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": groups}}))
    told = "{{ (item.value.ansible_facts.entity_inventory | from_json)['items'] | length }}"
    play: dict[str, Any] = {
        **{"hosts": "boxes", "gather_facts": False},
        "tasks": [
            {
                "invmon.network.snmp_entity_batch": {"at_a_time": 2},
                **{"register": "collect_result", "delegate_to": "poller"},
            },
            {
                "ansible.builtin.debug": {"msg": f"{{{{ item.key }}}} {told}"},
                **{"loop": "{{ collect_result.devices | dict2items }}", "run_once": True},
                **{"loop_control": {"label": "{{ item.key }}"}, "when": "'ansible_facts' in item.value"},
            },
        ],
    }
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
    outcome = run_playbook(tmp_path / "play.yml", "-i", str(tmp_path / "hosts.yml"), "-vvv")
    assert outcome.status == 0, outcome.text
    assert "AnsiballZ_snmp_entity_batch" in outcome.text
    parts = {name: int(count) for name, count in re.findall(r"(v\d-box) (\d+)", outcome.text)}
    assert set(parts) == {"v3-box", "v2-box"}
    assert all(parts.values())
    assert "3 devices: 2 complete, 1 failed" in outcome.text
    assert [secret for secret in (*secrets.values(), "sandbox-priv-1") if secret in outcome.text] == []

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netscan in a playbook: with networks out of NetBox, on a poller, and interrupted. The hosts are on the loopback."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.playbook_runs import run_playbook, start_playbook
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

SEED: dict[str, Any] = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "tags": [{"name": "Scan", "slug": "scan"}],
    "sites": [{"name": "Brno", "slug": "brno"}],
    "tenants": [{"name": "City", "slug": "city"}],
    "prefixes": [
        {"prefix": "127.9.0.0/29", "site": "brno", "tenant": "city", "tags": ["scan"]},
        {"prefix": "127.9.1.0/24"},
    ],
    "devices": [{"name": "r1", "device_type": "box", "role": "router", "site": "brno", "primary_ip4": "127.9.0.1/29"}],
}
PYTHON = {"ansible_python_interpreter": sys.executable}


@pytest.fixture(scope="module")
def netbox() -> Iterator[StandIn]:
    with start_standin(SEED) as found:
        yield found


def written(tmp_path: Path, tasks: list[dict[str, Any]]) -> list[str]:
    """The arguments of ansible-playbook for a play of these tasks on localhost."""
    hosts = {
        "localhost": {**PYTHON, "ansible_connection": "local"},
        "poller": {**PYTHON, "ansible_connection": "poller"},
    }
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    return [str(tmp_path / "play.yml"), "-i", str(tmp_path / "hosts.yml")]


def netscan(**options: Any) -> dict[str, Any]:
    return {"invmon.network.netscan": {"sources": ["icmp", "tcp"], "tcp_ports": [9], **options}}


def test_networks_come_from_netbox_and_a_poller_scans_them_without_a_token(netbox: StandIn, tmp_path: Path) -> None:
    (tmp_path / "env").write_text(f"NETBOX_INSTANCE_URL={netbox.url}\nNETBOX_API_TOKEN={netbox.token}\nCONCURRENCY=3\n")
    (tmp_path / "env").chmod(0o600)
    (tmp_path / "more.txt").write_text("127.9.2.7   # one more\n", encoding="utf-8")
    scan = netscan(
        netbox_prefixes={"tag": "scan"}, targets=[str(tmp_path / "more.txt")], env_file=str(tmp_path / "env")
    )
    keep = {"ansible.builtin.copy": {"content": "{{ [here, there] | to_json }}", "dest": str(tmp_path / "found.json")}}
    tasks = [
        {**scan, "register": "here"},
        {**scan, "register": "there", "delegate_to": "poller"},
        {**keep, "check_mode": False},
    ]
    outcome = run_playbook(*written(tmp_path, tasks), "-vvv", "--check")
    assert outcome.status == 0, outcome.text
    assert "AnsiballZ_netscan" in outcome.text
    assert netbox.token not in outcome.text
    for result in json.loads((tmp_path / "found.json").read_text(encoding="utf-8")):
        assert result["msg"].startswith("7 addresses asked in ")
        assert [host["ip"] for host in result["scan"]["hosts"]] == [*(f"127.9.0.{n}" for n in range(1, 7)), "127.9.2.7"]
        assert [network["network"] for network in result["scan"]["networks"]] == ["127.9.0.0/29", "127.9.2.7/32"]
        assert result["scan"]["networks"][0] | {"tenant": "City", "kind": "prefix"} == result["scan"]["networks"][0]
        assert [device["name"] for device in result["netbox"]["devices"]] == ["r1"]
        assert result["changed"] is False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_a_file_that_the_next_run_resumes(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "scan.json"
    targets = ["127.9.3.1-127.9.3.40"]
    slow = netscan(targets=targets, resume=str(file), packets_per_second=40)
    process = start_playbook(*written(tmp_path, [slow]))
    try:
        wait_for(file.exists)
        time.sleep(1.5)
        process.send_signal(number)
        said, _nothing = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode != 0
    wait_for(lambda: json.loads(file.read_text(encoding="utf-8"))["stopped"])
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert (kept["stopped"], kept["complete"]) == ("interrupted", False)
    assert kept["hosts"]
    assert kept["networks"][0]["not_asked"]
    assert "Interrupted: " in said
    assert f"What is left is asked by a scan with resume: {file}" in said
    if number == signal.SIGTERM:
        return  # one of them is enough
    outcome = run_playbook(*written(tmp_path, [netscan(targets=targets, resume=str(file))]))
    assert outcome.status == 0, outcome.text
    after = json.loads(file.read_text(encoding="utf-8"))
    assert (after["id"], after["complete"], len(after["hosts"])) == (kept["id"], True, 40)


def wait_for(what: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)

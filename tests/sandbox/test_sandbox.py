# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpError
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, open_session
from ansible_collections.invmon.network.tests.sandbox.misbehaving import encoded_oid
from ansible_collections.invmon.network.tests.sandbox.network import Agent
from ansible_collections.invmon.network.tests.sandbox.processes import script
from ansible_collections.invmon.network.tests.sandbox.sandbox import Sandbox, read_state

SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)
SERIALS = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11)  # entPhysicalSerialNum
OPTIC = (*SERIALS, 1151)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def ask(sandbox: Sandbox, agent: Agent) -> Session:
    """Ask an agent as the playbook does: with its own account, or else the community."""
    plan = sandbox.network.plan
    given = plan.accounts[agent.account] if agent.account else {"community": plan.community}
    options = {**given, "versions": [3 if agent.account else 2], "port": sandbox.network.port}
    return open_session(agent.address, read_options({**options, "timeout": 2.0, "retries": 1}))


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_every_good_agent_answers_with_its_account(sandbox: Sandbox) -> None:
    good = [agent for agent in sandbox.network.plan.agents if agent.fault in ("", "midtable")]
    assert len(good) >= 24
    for agent in good:
        with ask(sandbox, agent) as session:
            assert session.transport.get([SYS_DESCR])[0].value, agent.name


@pytest.mark.parametrize("fault", ["silent", "password"])
def test_a_bad_agent_gives_nothing(sandbox: Sandbox, fault: str) -> None:
    agent = next(agent for agent in sandbox.network.plan.agents if agent.fault == fault)
    with pytest.raises(SnmpError):
        ask(sandbox, agent)


def test_the_agent_that_stops_in_mid_table_answers_before_and_not_after(sandbox: Sandbox) -> None:
    agent = next(agent for agent in sandbox.network.plan.agents if agent.fault == "midtable")
    with ask(sandbox, agent) as session:
        assert session.transport.get_next([SERIALS])[0].value == b"JPE15151458"
        with pytest.raises(SnmpError):
            session.transport.get([(*SERIALS, 100323100)])


def test_netbox_knows_each_device_and_counts_what_is_asked(sandbox: Sandbox) -> None:
    request = urllib.request.Request(
        f"{sandbox.netbox_url}/api/dcim/devices/?limit=1000", headers={"Authorization": f"Token {sandbox.token}"}
    )
    with urllib.request.urlopen(request) as answer:
        devices = {device["name"]: device for device in json.load(answer)["results"]}
    for agent in sandbox.network.plan.agents:
        assert devices[agent.name]["primary_ip"]["address"].split("/")[0] == agent.address
    assert devices["sw-stack-brno-2"]["primary_ip"] is None
    with urllib.request.urlopen(f"{sandbox.netbox_url}/_standin/requests") as answer:
        assert json.load(answer)[-1]["path"] == "/api/dcim/devices/"


def test_a_change_is_served_at_once(sandbox: Sandbox) -> None:
    stack = next(agent for agent in sandbox.network.plan.agents if agent.name == "sw-stack-brno")
    with ask(sandbox, stack) as session:
        assert session.transport.get([OPTIC])[0].value == b"AVD9301L0X1     "
        sandbox.network.apply_change()
        assert session.transport.get([OPTIC])[0].value == b"AVD9311L0X9     "


def test_a_second_sandbox_takes_other_ports_and_leaves_no_process(sandbox: Sandbox, tmp_path: Path) -> None:
    with Sandbox(tmp_path / "second") as second:
        assert second.network.port != sandbox.network.port
        state = read_state(second.folder)
        assert state
        pids = state.children
        assert all(alive(pid) for pid in pids)
    assert not any(alive(pid) for pid in pids)
    assert read_state(second.folder) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_sandbox_that_is_killed_leaves_no_process(tmp_path: Path, end: signal.Signals) -> None:
    folder = tmp_path / "killed"
    parent = subprocess.Popen([*script(HERE / "sandbox.py"), "run", str(folder), "--quiet"])
    try:
        assert wait_for(lambda: read_state(folder) is not None)
        state = read_state(folder)
        assert state
        pids = state.children
        assert all(alive(pid) for pid in pids)
        os.kill(parent.pid, end)
        parent.wait(timeout=20)
        assert wait_for(lambda: not any(alive(pid) for pid in pids))
    finally:
        parent.kill()
        parent.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_an_agent_of_others_ends_with_a_test_that_is_killed(tmp_path: Path) -> None:
    """As in ansible-test, which runs each test in a fork and ends it without the end of its fixtures."""
    code = (
        "import os, pathlib, sys\n"
        "from ansible_collections.invmon.network.tests.sandbox.snmp_agents import snmpsim\n"
        "agent = snmpsim(pathlib.Path(sys.argv[1]), [], '1.3.6.1.2.1.1.1.0|4|A box\\n')\n"
        "agent.start()\n"
        "print(agent.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], check=True, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert wait_for(lambda: not alive(int(done.stdout)))


def test_a_folder_with_other_files_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    result = subprocess.run(
        [*script(HERE / "sandbox.py"), "run", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "holds other files" in result.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_oids_are_encoded_as_in_a_datagram() -> None:
    assert encoded_oid("1.3.6.1.4.1.2636") == bytes.fromhex("2b06010401944c")
    assert encoded_oid("1.2.840.113549") == bytes.fromhex("2a864886f70d")

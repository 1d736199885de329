# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_set against net-snmp's agent, and snmp_notify to net-snmp's snmptrapd, by SNMPv1, v2c and v3."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._mib.library import standard
from ansible_collections.invmon.network.plugins.module_utils._tasks import snmp_notify, snmp_set
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_notify_options import (
    ARGUMENT_SPEC as NOTIFY_SPEC,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_set_options import ARGUMENT_SPEC as SET_SPEC
from ansible_collections.invmon.network.tests.integration.module_examples import (
    AGENT,
    AUTH,
    COMMUNITY,
    PRIVACY,
    USER,
    WRITE_COMMUNITY,
)
from ansible_collections.invmon.network.tests.sandbox.snmp_agents import AgentProcess, free_port, net_snmp

BY_V3 = {"username": USER, "auth_protocol": "SHA-256", "auth_passphrase": AUTH, "privacy_passphrase": PRIVACY}
#: net-snmp refuses an empty tag list, which is what it has itself by default.
COLUMNS = {"snmpTargetAddrTDomain": "snmpUDPDomain", "snmpTargetAddrTAddress": "0x7f00000100a2"}
COLUMNS |= {"snmpTargetAddrTagList": "traps", "snmpTargetAddrParams": "traps"}
ROW: dict[str, Any] = {"table": "snmpTargetAddrTable", "index": ["noc"], "columns": COLUMNS}
#: Seconds within which a message is in the log of snmptrapd.
LOG_SECONDS = 10
ENGINE = "80001f8804696e766d6f6e2d31"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    process = net_snmp(tmp_path_factory.mktemp("snmpd"), AGENT)
    if process is None:
        pytest.skip("snmpd is not installed here")
    with process:
        yield process


@pytest.fixture(params=["1", "2", "3"])
def put(request: pytest.FixtureRequest, agent: AgentProcess) -> Callable[..., dict[str, Any]]:
    def put(*variables: dict[str, Any], **options: Any) -> dict[str, Any]:
        def work(params: dict[str, Any]) -> dict[str, Any]:
            task = snmp_set.SetTask(params, standard())
            return snmp_set.result_of(task, snmp_set.done_apart(params, task.order), params, diff=True)

        access = {"host": "127.0.0.1", "port": agent.port, "versions": [request.param], "community": WRITE_COMMUNITY}
        what = {"variables": list(variables)} if variables else {}
        return run_task(lambda: {**access, **BY_V3, **what, **options}, SET_SPEC, work)

    return put


def test_values_are_set_once_and_restored(put: Callable[..., dict[str, Any]]) -> None:
    wanted = [{"oid": "sysContact", "value": "someone else"}, {"oid": "snmpEnableAuthenTraps", "value": "enabled"}]
    first = put(*wanted)
    assert [(one["before"], one["after"]) for one in first["variables"]] == [
        ("noc@example.com", "someone else"),
        ("disabled(2)", "enabled(1)"),
    ]
    assert (first["changed"], put(*wanted)["changed"]) == (True, False)
    assert put(*first["restore"])["variables"][0]["after"] == "noc@example.com"


def test_a_refusal_is_all_or_nothing(put: Callable[..., dict[str, Any]]) -> None:
    contact = {"oid": "sysContact", "value": "half"}
    result = put(contact, {"oid": "sysDescr", "value": "x", "force": True})
    assert result["failed"]
    assert "refused to set sysDescr.0: " in result["msg"]
    assert "Nothing was set." in result["msg"]
    assert result["variables"][0]["after"] == "noc@example.com"


@pytest.mark.parametrize("put", ["1", "2"], indirect=True)
def test_a_community_that_may_only_read_is_refused(put: Callable[..., dict[str, Any]]) -> None:
    result = put({"oid": "sysContact", "value": "x"}, community=COMMUNITY)
    assert "may write" in result["msg"] or "may not write it" in result["msg"]


@pytest.mark.parametrize("how", ["auto", "createAndWait"])
def test_a_row_comes_and_goes(put: Callable[..., dict[str, Any]], how: str) -> None:
    made = put(row={**ROW, "how": how})
    assert (made["outcome"], made["variables"][-1]["after"]) == ("done", "active(1)"), made
    assert put(row=ROW)["outcome"] == "same"
    gone = put(row={**ROW, "state": "absent"})
    assert (gone["changed"], put(row={**ROW, "state": "absent"})["changed"]) == (True, False)
    assert put(*gone["restore"])["outcome"] == "done"
    assert put(row=ROW)["outcome"] == "same"
    assert put(*made["restore"])["variables"][0]["after"] is None


@pytest.fixture(scope="module")
def snmptrapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """net-snmp's receiver: its port, and its log."""
    program = shutil.which("snmptrapd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("snmptrapd is not installed here")
    folder, port = tmp_path_factory.mktemp("snmptrapd"), free_port()
    keys = f"SHA-256 {AUTH} AES {PRIVACY}"
    lines = [f"authCommunity log {COMMUNITY}", f"createUser -e 0x{ENGINE} {USER} {keys}", f"createUser {USER} {keys}"]
    (folder / "conf").write_text("\n".join([*lines, f"authUser log {USER} priv", ""]))
    command = [program, "-f", "-n", "-C", "-c", str(folder / "conf"), "-Lf", str(folder / "log"), "-On"]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder), "MIBS": ""}
    with subprocess.Popen([*command, f"udp:127.0.0.1:{port}"], env=environment, cwd=folder) as process:
        _wait(folder / "log", "NET-SNMP version")
        yield port, folder / "log"
        process.terminate()


def _wait(log: Path, text: str) -> str:
    end = time.monotonic() + LOG_SECONDS
    found = ""
    while text not in found and time.monotonic() < end:
        time.sleep(0.02)
        found = log.read_text() if log.exists() else ""
    assert text in found, found
    return found


@pytest.mark.parametrize(
    ("version", "inform"), [("1", False), ("2", False), ("2", True), ("3", False), ("3", True)], ids=str
)
def test_snmptrapd_takes_what_is_sent(snmptrapd: tuple[int, Path], version: str, inform: bool) -> None:
    port, log = snmptrapd
    text = f"from v{version} inform {inform}"

    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = snmp_notify.NotifyTask(params, standard())
        return snmp_notify.result_of(task, snmp_notify.send_notice(params, task.notice), params)

    options = {
        **{"targets": [{"host": "127.0.0.1", "port": port}], "versions": [version], "community": COMMUNITY, **BY_V3},
        **{"notification": "coldStart", "variables": [{"oid": "sysName", "value": text}], "inform": inform},
        "own_engine_id": ENGINE,
    }
    result = run_task(lambda: options, NOTIFY_SPEC, work)
    assert (result["changed"], result["targets"][0].get("acknowledged", False)) == (True, inform), result
    assert f'.1.3.6.1.2.1.1.5.0 = STRING: "{text}"' in _wait(log, text)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each reading module against agents of others (net-snmp and snmpsim), by SNMPv1, v2c and v3, over IPv4 and IPv6."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._tasks import snmp_facts, snmp_get, snmp_table, snmp_walk
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import (
    Reading,
    answer_apart,
    mib_of,
    result_of,
)
from ansible_collections.invmon.network.tests.integration.module_examples import AGENT, AUTH, COMMUNITY, PRIVACY, USER
from ansible_collections.invmon.network.tests.sandbox.snmp_agents import AgentProcess, net_snmp, snmpsim

RECORDED = """1.3.6.1.2.1.1.1.0|4|A simulated box
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.10
1.3.6.1.2.1.1.3.0|67|4711
1.3.6.1.2.1.1.5.0|4|core-1
1.3.6.1.2.1.2.2.1.1.1|2|1
1.3.6.1.2.1.2.2.1.2.1|4|lo
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.4.34.1.3.1.4.127.0.0.1|2|1
1.3.6.1.2.1.31.1.1.1.1.1|4|lo
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
"""
Maker = Callable[[Mapping[str, Any], Mib], Reading]
READERS: dict[str, tuple[Mapping[str, Any], Maker]] = {
    "get": (snmp_get.ARGUMENT_SPEC, snmp_get.GetReading),
    "walk": (snmp_walk.ARGUMENT_SPEC, snmp_walk.WalkReading),
    "table": (snmp_table.ARGUMENT_SPEC, snmp_table.TableReading),
    "facts": (snmp_facts.ARGUMENT_SPEC, snmp_facts.facts_reading),
}
BY_V3 = {"username": USER, "auth_protocol": "SHA-256", "auth_passphrase": AUTH, "privacy_passphrase": PRIVACY}


class Agent(NamedTuple):
    """A running agent, and the SNMPv3 context in which it has its variables."""

    process: AgentProcess
    context: str


@pytest.fixture(scope="module", params=["snmpd", "snmpsim"])
def agent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    folder = tmp_path_factory.mktemp(request.param)
    process = net_snmp(folder, AGENT)
    if request.param == "snmpsim":
        keys = [f"--v3-user={USER}", f"--v3-auth-key={AUTH}", "--v3-auth-proto=SHA256"]
        process = snmpsim(folder, [*keys, f"--v3-priv-key={PRIVACY}", "--v3-priv-proto=AES128"], RECORDED)
    if process is None:
        pytest.skip("snmpd is not installed here")
    with process:
        yield Agent(process, "public" if request.param == "snmpsim" else "")


@pytest.fixture(params=["127.0.0.1", "::1"])
def ask(request: pytest.FixtureRequest, agent: Agent) -> Callable[..., dict[str, Any]]:
    def asked(module: str, version: str, **options: Any) -> dict[str, Any]:
        spec, maker = READERS[module]
        access = {"host": request.param, "port": agent.process.port, "versions": [version], "community": COMMUNITY}

        def work(params: dict[str, Any]) -> dict[str, Any]:
            task = maker(params, mib_of(params))
            return result_of(task, answer_apart(params, task.question), params)

        result = run_task(lambda: {**access, **BY_V3, "context_name": agent.context, **options}, spec, work)
        assert not result.get("failed"), result
        assert result["attempt"]["version"] == {"2": "2c"}.get(version, version)
        return result

    return asked


@pytest.mark.parametrize("backend", ["easysnmp", "snmp"])
def test_the_other_backends_read_the_same(ask: Callable[..., dict[str, Any]], backend: str) -> None:
    pytest.importorskip(backend)
    ours, theirs = (ask("walk", "3", oids=["sysName", "ifDescr"], backend=name) for name in ("builtin", backend))
    assert theirs["variables"] == ours["variables"]
    assert theirs["backend"] == backend


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_each_module_reads_them(ask: Callable[..., dict[str, Any]], version: str) -> None:
    found = ask("get", version, oids=["sysName", "ifOperStatus.1", "ifDescr.999"])
    assert [one["text"] for one in found["variables"]] == ["core-1", "up(1)", ""]
    absent = "noSuchName" if version == "1" else "noSuchInstance"
    assert found["variables"][2]["type"] == absent
    following = ask("get", version, oids=["sysDescr.0"], operation="getnext")
    assert following["variables"][0]["name"] == "sysObjectID"
    walk = ask("walk", version, oids=["sysName", "ifDescr"], output="dict")
    assert walk["found"].items() >= {"sysName.0": "core-1", "ifDescr.1": "lo"}.items()
    table = ask("table", version, table="ifTable", columns=["ifDescr", "ifOperStatus", "ifName"], rows=[1])
    assert table["rows"] == [{"index": "1", "ifIndex": 1, "ifDescr": "lo", "ifOperStatus": "up", "ifName": "lo"}]
    addresses = ask(
        "table", version, table="ipAddressTable", columns=["ipAddressIfIndex"], rows=[["ipv4", "127.0.0.1"]]
    )
    assert [row["ipAddressAddr"] for row in addresses["rows"]] == ["127.0.0.1"]
    facts = ask("facts", version)["ansible_facts"]
    assert facts["ansible_sysname"] == "core-1"
    assert facts["ansible_interfaces"]["1"]["operstatus"] == "up"
    # SNMPv1 has no Counter64 (RFC 2576, 3.2).
    assert ("in_octets" in facts["ansible_interfaces"]["1"]) == (version != "1")

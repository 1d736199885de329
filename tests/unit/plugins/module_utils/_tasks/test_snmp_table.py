# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_table and snmp_walk: a small device over real UDP, as rows and variables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.names import oid_of
from ansible_collections.invmon.network.plugins.module_utils._tasks import snmp_table, snmp_walk
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import answer_apart, result_of
from ansible_collections.invmon.network.tests.sandbox.fault_agent import GET, FaultAgent, Request

MIB = Mib()
#: For agents that are silent. The others get the time that a busy machine needs.
HASTY: dict[str, Any] = {"timeout": 0.3}


def variable(name: str, kind: str, value: Any) -> tuple[tuple[int, ...], str, Any]:
    return (oid_of(name, MIB), kind, value)


#: Two interfaces, of which the second lacks columns, and what else has rows.
DEVICE = [
    variable("sysName.0", "octets", b"box"),
    variable("ifIndex.1", "int", 1),
    variable("ifIndex.2", "int", 2),
    variable("ifDescr.1", "octets", b"lo"),
    variable("ifDescr.2", "octets", b"eth0"),
    variable("ifPhysAddress.2", "octets", bytes.fromhex("001b210a0b0c")),
    variable("ifOperStatus.1", "int", 1),
    variable("ifOperStatus.2", "int", 2),
    variable("ifName.2", "octets", b"e0"),
    variable("ifPromiscuousMode.2", "int", 2),
    variable("ifAlias.3", "octets", b"only here"),
    variable("ipNetToPhysicalPhysAddress.2.1.4.192.0.2.9", "octets", bytes(6)),
    variable("1.3.6.1.4.1.99999.1.1.2.5.6", "int", 1),
    variable("1.3.6.1.4.1.99999.1.1.2.5.7", "int", 2),
    variable("1.3.6.1.4.1.99999.1.1.10.5.6", "octets", b"ten"),
]


def run(module: Any, reading: Any, agent: FaultAgent, **options: Any) -> dict[str, Any]:
    """The result of the task, as its action makes it."""
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}

    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = reading(params, MIB)
        return result_of(task, answer_apart(params, task.question), params)

    return run_task(lambda: {**access, "timeout": 10, "retries": 1, **options}, module.ARGUMENT_SPEC, work)


def table(agent: FaultAgent, name: str, **options: Any) -> dict[str, Any]:
    return run(snmp_table, snmp_table.TableReading, agent, table=name, **options)


def walk(agent: FaultAgent, *oids: str, **options: Any) -> dict[str, Any]:
    return run(snmp_walk, snmp_walk.WalkReading, agent, oids=list(oids), **options)


def test_rows_have_words_addresses_and_null_where_the_device_has_nothing() -> None:
    with FaultAgent(DEVICE) as agent:
        result = table(agent, "ifTable")
    assert result["rows"] == [
        {"index": "1", "ifIndex": 1, "ifDescr": "lo", "ifPhysAddress": None, "ifOperStatus": "up"},
        {
            **{"index": "2", "ifIndex": 2, "ifDescr": "eth0"},
            **{"ifPhysAddress": "00:1b:21:0a:0b:0c", "ifOperStatus": "down"},
        },
    ]
    assert result["columns"] == ["ifIndex", "ifDescr", "ifPhysAddress", "ifOperStatus"]
    assert (result["index_names"], result["complete"], result["changed"]) == (["ifIndex"], True, False)


def test_tables_with_the_same_index_are_read_into_the_same_rows() -> None:
    with FaultAgent(DEVICE) as agent:
        result = table(agent, "ifTable", columns=["ifDescr"], join=["ifXTable"])
        assert [row["ifName"] for row in result["rows"]] == [None, "e0", None]
        assert [row["ifAlias"] for row in result["rows"]] == [None, None, "only here"]
        # A TruthValue can be a condition.
        assert [row["ifPromiscuousMode"] for row in result["rows"]] == [None, False, None]
        assert "ifPhysAddress" not in result["columns"]
        assert table(agent, "ifTable", columns=["ifDescr", "ifName"])["columns"] == ["ifDescr", "ifName"]
        refused = table(agent, "ifTable", join=["ipNetToPhysicalTable"])
    assert refused["failed"]
    assert "ipNetToPhysicalTable has other rows than the table" in refused["msg"]


def test_only_what_is_wanted_is_asked_for() -> None:
    ask_first = 1
    with FaultAgent(DEVICE) as agent:
        result = table(agent, "ifTable", columns=["ifDescr", "ifOperStatus"], rows=[2])
        assert result["rows"] == [{"index": "2", "ifIndex": 2, "ifDescr": "eth0", "ifOperStatus": "down"}]
        (get,) = agent.requests[ask_first:]
    assert (get.pdu, len(get.oids)) == (GET, 2)


def test_the_beginning_of_an_index_chooses_rows() -> None:
    with FaultAgent(DEVICE) as agent:
        result = table(agent, "ipNetToPhysicalTable", rows=[{"ipNetToPhysicalIfIndex": 2}])
        assert [row["ipNetToPhysicalNetAddress"] for row in result["rows"]] == ["192.0.2.9"]
        assert table(agent, "ipNetToPhysicalTable", rows=[{"ipNetToPhysicalIfIndex": 3}])["rows"] == []


def test_a_table_without_a_mib_has_numbers_for_names() -> None:
    whole = [{"index": "5.6", "2": 1, "10": "ten"}, {"index": "5.7", "2": 2, "10": None}]
    with FaultAgent(DEVICE) as agent:
        assert table(agent, "1.3.6.1.4.1.99999.1.1")["rows"] == whole
        assert table(agent, "1.3.6.1.4.1.99999.1.1", rows=["5.6"])["rows"] == whole[:1]
        assert table(agent, "1.3.6.1.4.1.99999.1.1", columns=["10"], rows=["5.6"])["rows"] == [
            {"index": "5.6", "10": "ten"}
        ]


def test_details_are_all_that_is_known_of_a_cell() -> None:
    with FaultAgent(DEVICE) as agent:
        (row,) = table(agent, "ifTable", columns=["ifOperStatus"], rows=[1], details=True)["rows"]
    assert row["ifOperStatus"] == {"value": 1, "text": "up(1)", "enum": "up"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "ifTabel"}, "Did you mean ifTable"),
        ({"name": "sysName"}, "is no table"),
        ({"name": "ifTable", "columns": ["ifTable"]}, "is no column"),
        ({"name": "ifTable", "columns": ["ipNetToPhysicalPhysAddress"]}, "has other rows than the table"),
        ({"name": "ifTable", "rows": ["eth0"]}, "is no value of ifIndex"),
        ({"name": "ifTable", "max_repetitions": 1000}, "max_repetitions is 1000"),
        ({"name": "ifTable", "max_rows": 0}, "max_rows is 0"),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence(options: dict[str, Any], says: str) -> None:
    with FaultAgent(DEVICE) as agent:
        result = table(agent, **options)
    assert result["failed"]
    assert says in result["msg"]


def silent_for(*names: str) -> Any:
    """Faults of an agent that does not answer below these."""
    below = [oid_of(name, MIB) for name in names]

    def fault(request: Request, reply: bytes) -> list[bytes]:
        return [] if any(oid[: len(one)] == one for oid in request.oids for one in below) else [reply]

    return fault


def test_a_column_that_the_agent_does_not_answer_makes_the_rest_incomplete() -> None:
    with FaultAgent(DEVICE, silent_for("ifOperStatus")) as agent:
        result = table(agent, "ifTable", columns=["ifDescr", "ifOperStatus"], **HASTY)
        kept = table(agent, "ifTable", columns=["ifDescr", "ifOperStatus"], **HASTY, fail_when_incomplete=False)
    assert result["failed"]
    assert "is incomplete: not read completely: ifOperStatus (after 0 rows: " in result["msg"]
    assert not kept["failed"]
    assert not kept["complete"]
    assert [row["ifDescr"] for row in kept["rows"]] == ["lo", "eth0"]


def test_a_walk_returns_variables_in_the_order_of_what_was_asked_for() -> None:
    with FaultAgent(DEVICE) as agent:
        result = walk(agent, "ifOperStatus", "ifDescr", "sysName.0")
        found = walk(agent, "ifOperStatus", "ifDescr", output="dict")
    assert [(one["name"], one["index"], one["text"]) for one in result["variables"]] == [
        ("ifOperStatus", "1", "up(1)"),
        ("ifOperStatus", "2", "down(2)"),
        ("ifDescr", "1", "lo"),
        ("ifDescr", "2", "eth0"),
        ("sysName", "0", "box"),
    ]
    assert found["found"] == {"ifOperStatus.1": 1, "ifOperStatus.2": 2, "ifDescr.1": "lo", "ifDescr.2": "eth0"}
    assert "variables" not in found


def test_a_walk_that_a_limit_cuts_says_where() -> None:
    with FaultAgent(DEVICE) as agent:
        result = walk(agent, "1.3.6.1", max_rows=3)
    assert result["failed"]
    assert len(result["variables"]) == 3
    assert result["incomplete"] == (
        "not read completely: 1.3.6.1 (after 3 variables: it has more rows than the limit of 3 (max_rows))"
    )


def test_nothing_below_an_oid_is_a_complete_answer() -> None:
    with FaultAgent(DEVICE) as agent:
        result = walk(agent, "1.3.6.1.4.1.88888")
    assert (result["variables"], result["complete"]) == ([], True)


def test_the_text_of_a_device_is_printable_and_its_octets_are_kept() -> None:
    with FaultAgent([variable("sysName.0", "octets", b"\x1b[31m{{ lookup('pipe', 'id') }}\r\n")]) as agent:
        (one,) = walk(agent, "sysName")["variables"]
    assert one["value"].isprintable()
    assert "base64" in one
    with FaultAgent([variable("sysName.0", "octets", b"two\nlines")]) as agent:
        (one,) = walk(agent, "sysName")["variables"]
    assert (one["value"], one["base64"]) == ("two\\nlines", "dHdvCmxpbmVz")

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_get, and what a poller returns for any of the reading modules."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked, run_task
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_get import ARGUMENT_SPEC, GetReading
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import (
    AnswerError,
    answer_apart,
    answer_there,
    mib_of,
    result_of,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Request
from hypothesis import given
from hypothesis import strategies as st

MIB = Mib()
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
DEVICE: list[tuple[tuple[int, ...], str, Any]] = [
    ((*SYSTEM, 3, 0), "ticks", 4711),
    ((*SYSTEM, 4, 0), "octets", b"noc"),
    ((*SYSTEM, 5, 0), "octets", b"core-1"),
]


def get(agent: FaultAgent, *oids: str, **options: Any) -> dict[str, Any]:
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}

    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = GetReading(params, MIB)
        return result_of(task, answer_apart(params, task.question), params)

    given = {**access, "timeout": 10, "retries": 1, "oids": list(oids), **options}
    return run_task(lambda: given, ARGUMENT_SPEC, work)


def test_found_has_what_exists_and_variables_what_was_asked_for() -> None:
    with FaultAgent(DEVICE) as agent:
        result = get(agent, "sysName", "sysLocation.0", "1.3.6.1.2.1.1.3.0")
    assert result["found"] == {"sysName.0": "core-1", "sysUpTime.0": 4711}
    assert [one["asked"] for one in result["variables"]] == ["sysName", "sysLocation.0", "1.3.6.1.2.1.1.3.0"]
    assert [one["type"] for one in result["variables"]] == ["OCTET STRING", "noSuchObject", "TimeTicks"]
    assert (result["complete"], result["changed"], result["backend"]) == (True, False, "builtin")


def test_what_cannot_be_read_is_named_and_the_rest_is_returned() -> None:
    def broken(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("genErr", 1)] if request.oids[0] == (*SYSTEM, 4, 0) else [reply]

    with FaultAgent(DEVICE, broken) as agent:
        result = get(agent, "sysContact", "sysName", fail_when_incomplete=False)
        failed = get(agent, "sysContact", "sysName")
    assert result["found"] == {"sysName.0": "core-1"}
    assert "genErr" in result["variables"][0]["error"]
    assert not result["complete"]
    assert failed["failed"]
    assert "is incomplete: not read: sysContact (" in failed["msg"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"oids": []}, "oids has 0 entries"),
        ({"oids": ["sysNmae"]}, "Did you mean sysName"),
        ({"oids": ["sysName"], "mib_dirs": ["/nowhere"]}, "/nowhere of mib_dirs is not a folder"),
        ({"oids": ["sysName"], "operation": "set"}, "value of operation must be one of"),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence(options: dict[str, Any], says: str) -> None:
    def work(params: dict[str, Any]) -> dict[str, Any]:
        return {"question": GetReading(params, mib_of(params)).question}

    result = run_task(lambda: {"host": "192.0.2.1", **options}, ARGUMENT_SPEC, work)
    assert result["failed"]
    assert says in result["msg"]


def test_the_module_on_a_poller_asks_what_the_controller_wants() -> None:
    with FaultAgent(DEVICE) as agent:
        access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}
        params, _secrets, errors = checked({**access, "oids": ["sysName"]}, ARGUMENT_SPEC)
        assert errors == []
        task = GetReading(params, MIB)
        there = answer_there({**params, "question": to_json(task.question)})
    result = result_of(task, {**there, "ansible_facts": {"discovered_interpreter_python": "/p", "x": 1}}, params)
    assert result["found"] == {"sysName.0": "core-1"}
    assert result["ansible_facts"] == {"discovered_interpreter_python": "/p"}
    refused = run_task(lambda: {"oids": ["x"]}, ARGUMENT_SPEC, answer_there)
    assert "run it as a task of a playbook" in refused["msg"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["get", "walk", "cell", "error"]), inner)
    ),
    max_leaves=12,
)


@given(JSON | st.builds(lambda cell: {"get": [{"cell": cell}]}, JSON))
def test_a_poller_may_return_anything(answer: Any) -> None:
    params, _secrets, _errors = checked({"host": "h", "oids": ["sysName"]}, ARGUMENT_SPEC)
    with suppress(AnswerError):
        result = result_of(GetReading(params, MIB), {"answer": answer}, params)
        assert len(result["variables"]) == 1

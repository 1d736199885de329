# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A question to a device, and its answer, over real UDP to an agent that may misbehave."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import from_json, to_json
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.questions import (
    Answer,
    Question,
    ask,
    cell_of,
    varbind_of,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.tests.sandbox.fault_agent import GET_BULK, FaultAgent, Request

SYSTEM, TABLE = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 4, 1, 99999, 1)
SCALARS: list[tuple[tuple[int, ...], str, Any]] = [
    ((*SYSTEM, 1, 0), "octets", b"A box"),
    ((*SYSTEM, 3, 0), "ticks", 500),
]
ROWS: list[tuple[tuple[int, ...], str, Any]] = [
    ((*TABLE, column, row), "int", row) for column in (1, 2) for row in range(1, 101)
]


def asked(agent: FaultAgent, question: Question, limits: Limits | None = None, **options: Any) -> Answer:
    values = {"community": "public", "versions": ["2"], "port": agent.port, "timeout": 0.5, "retries": 1, **options}
    answer = ask(agent.address, read_options(values), question, limits or Limits())
    # As it comes from another host.
    back = from_json(Answer, json.loads(json.dumps(to_json(answer))), "the answer")
    assert back == answer
    return answer


def kinds(replies: list[Any]) -> list[str | None]:
    return [varbind_of(reply.cell).kind if reply.cell else None for reply in replies]


def test_variables_come_in_the_order_of_the_question_also_those_that_are_absent() -> None:
    question = Question(get=[[*SYSTEM, 3, 0], [*SYSTEM, 99, 0], [*SYSTEM, 1, 0], [*SYSTEM, 3, 0]])
    with FaultAgent(SCALARS) as agent:
        assert kinds(asked(agent, question).get) == ["ticks", "noSuchObject", "octets", "ticks"]
        # SNMPv1 has an error for it, and the others are read all the same.
        assert kinds(asked(agent, question, versions=["1"]).get) == ["ticks", "noSuchName", "octets", "ticks"]


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_follows_is_found_by_getnext(version: str) -> None:
    question = Question(following=[[*SYSTEM], [*TABLE, 2, 100]])
    with FaultAgent(SCALARS + ROWS) as agent:
        answer = asked(agent, question, versions=[version])
    assert kinds(answer.following) == ["octets", "endOfMib"]
    assert answer.following[0].cell
    assert tuple(answer.following[0].cell[0]) == (*SYSTEM, 1, 0)


def test_many_variables_are_asked_for_in_requests_that_the_agent_bears() -> None:
    def too_big(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("tooBig")] if len(request.oids) > 5 else [reply]

    with FaultAgent(SCALARS + ROWS, too_big) as agent:
        answer = asked(agent, Question(get=[list(oid) for oid, _kind, _value in ROWS]))
    assert kinds(answer.get) == ["int"] * 200
    assert [varbind_of(reply.cell).value for reply in answer.get if reply.cell] == [value for _o, _k, value in ROWS]


def test_a_walk_takes_fewer_repetitions_after_too_big_and_returns_all() -> None:
    def too_big(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("tooBig")] if request.size > 7 else [reply]

    with FaultAgent(SCALARS + ROWS, too_big) as agent:
        (walked,) = asked(agent, Question(walk=[list(TABLE)])).walk
    assert walked.error is None
    assert [tuple(cell[0]) for cell in walked.cells] == [oid for oid, _kind, _value in ROWS]


def test_repetitions_are_no_more_than_wanted() -> None:
    with FaultAgent(SCALARS + ROWS) as agent:
        (walked,) = asked(agent, Question(walk=[list(TABLE)], max_repetitions=7)).walk
        assert len(walked.cells) == 200
        assert max(request.repetitions for request in agent.requests if request.pdu == GET_BULK) == 7


def test_a_limit_cuts_a_walk_and_says_so() -> None:
    with FaultAgent(SCALARS + ROWS) as agent:
        (walked,) = asked(agent, Question(walk=[list(TABLE)]), Limits(rows=50)).walk
    assert len(walked.cells) == 50
    assert "max_rows" in str(walked.error)


def test_a_walk_of_a_variable_returns_the_variable() -> None:
    with FaultAgent(SCALARS) as agent:
        (walked,) = asked(agent, Question(walk=[[*SYSTEM, 1, 0]])).walk
    assert [cell[0] for cell in walked.cells] == [[*SYSTEM, 1, 0]]


@pytest.mark.parametrize(
    "cell",
    [
        [],
        [[1, 3], "octets"],
        [[1, 3], "octets", 5],
        [[1, 3], "octets", "not base64!"],
        [[1, "3"], "int", 5],
        [[1] * 200, "int", 5],
        [[1, 3], "int", 2**80],
        [[1, 3], "oid", ["x"]],
        ["1.3", "int", 5],
        [[1, 3], "int", {"a": 1}],
        [[1, 3], "int", True],
        [[1, 3], "counter64", None],
        [[1, 3], "anything", None],
        [[1, 3], "noSuchObject", 5],
    ],
)
def test_a_variable_of_another_host_that_is_none_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError, match="damaged"):
        varbind_of(cell)


@pytest.mark.parametrize(
    "varbind",
    [
        VarBind((1, 3), "octets", b"\x00\xff"),
        VarBind((1, 3), "counter64", 2**64 - 1),
        VarBind((1, 3), "int", -5),
        VarBind((1, 3), "oid", (1, 3, 6)),
        VarBind((1, 3), "noSuchObject", None),
    ],
)
def test_a_variable_travels_as_it_is(varbind: VarBind) -> None:
    assert varbind_of(json.loads(json.dumps(cell_of(varbind)))) == varbind

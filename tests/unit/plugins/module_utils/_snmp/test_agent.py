# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Agent: each value is asked for once, in few requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Budget, Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    SnmpAuthError,
    SnmpPduError,
    SnmpTimeout,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind, octets_of
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import (
    NEIGHBOUR,
    PARTS,
    device,
)


def replay(rows: int = 60) -> ReplayTransport:
    recording = Recording("test", {oid: VarBind(oid, kind, value) for oid, kind, value in device(rows)})
    recording.oids = sorted(recording.varbinds)
    return ReplayTransport(recording)


def test_what_was_read_is_not_asked_again() -> None:
    transport = replay()
    agent = Agent(transport)
    agent.columns(PARTS, ["serial", "class"])
    before = transport.requests
    agent.columns(PARTS, ["class"])
    agent.rows(PARTS, ["serial"], [(1,), (999,)])
    assert transport.requests == before
    agent.rows(PARTS, ["description"], [(1,), (2,)])
    agent.rows(PARTS, ["description"], [(2,), (1,)])
    assert transport.requests == before + 1
    for _turn in range(2):
        agent.rows(PARTS, ["description"], [(777,)])
    assert transport.requests == before + 2, "what is absent is known to be"


def test_few_rows_are_read_by_get_and_many_by_a_walk() -> None:
    transport = replay(400)
    agent = Agent(transport)
    agent.columns(PARTS, ["serial"])
    before = transport.requests
    assert agent.rows(PARTS, ["description", "parent"], [(7,), (300,)]) == {
        (7,): {"description": b"Part 7", "parent": 0},
        (300,): {"description": b"Part 300", "parent": 30},
    }
    assert transport.requests == before + 1
    everything = agent.rows(PARTS, ["description", "parent"], [(row,) for row in range(1, 401)])
    assert len(everything) == 400
    assert transport.requests - before < 400 * 2 / 24


@pytest.mark.parametrize(("octets", "sizes"), [(900, [24, 24]), (1400, [36, 12])])
def test_a_get_is_larger_only_where_the_agent_has_shown_large_replies(octets: int, sizes: list[int]) -> None:
    class Counting(ReplayTransport):
        def get(self, oids: Sequence[Oid]) -> list[VarBind]:
            asked.append(len(oids))
            return super().get(oids)

    asked: list[int] = []
    agent = Agent(Counting(replay(400)._recording, octets))
    agent.columns(PARTS, ["serial", "class"])
    agent.rows(PARTS, ["description", "parent"], [(row,) for row in range(1, 25)])
    assert asked == sizes


def test_missing_rows_and_cells_are_absent() -> None:
    agent = Agent(replay())
    assert agent.rows(PARTS, ["serial"], [(1,), (12345,)]) == {(1,): {"serial": b"SN000001"}}
    assert agent.scalars({"name": (1, 3, 6, 1, 2, 1, 1, 5, 0), "no": (1, 3, 6, 1, 5, 5, 0)}) == {"name": b"box"}
    assert agent.tables["entPhysicalTable"].complete
    assert "scalars" not in agent.tables


def test_a_table_that_the_user_does_not_want_is_not_asked() -> None:
    transport = replay()
    agent = Agent(transport, Budget(Limits(skip=frozenset({"neighbourTable"}))))
    assert agent.columns(NEIGHBOUR, ["text"]) == {}
    assert agent.rows(NEIGHBOUR, ["text"], [(1,)]) == {}
    assert transport.requests == 0
    assert not agent.tables["neighbourTable"].complete
    assert agent.tables["neighbourTable"].error == "not read, because the options exclude it"


def test_the_dump_is_plain_data_and_shows_octets_that_are_no_text_in_hex() -> None:
    agent = Agent(replay(2), known=[VarBind((1, 3, 6, 1, 2, 1, 1, 1, 0), "octets", b"\x00\xff")])
    agent.read((PARTS, ["serial", "class"]))
    dump = json.loads(json.dumps(agent.dump()))
    assert dump["entPhysicalTable"]["2"] == {"serial": "SN000002", "class": 9}
    assert dump["scalars"]["1.3.6.1.2.1.1.1.0"] == {"value": "0x00ff"}


def test_what_was_asked_for_is_known_with_the_words_of_the_readers() -> None:
    name, descr = (1, 3, 6, 1, 2, 1, 1, 5, 0), (1, 3, 6, 1, 2, 1, 1, 1, 0)
    agent = Agent(replay(2), known=[VarBind(descr, "octets", b"A box")])
    agent.scalars({"name": name})
    agent.columns(PARTS, ["serial"])
    agent.rows(PARTS, ["class"], [(1,)])
    asked = {name: "name", descr: "", PARTS.column("serial"): "serial", PARTS.column("class"): "class"}
    assert agent.asked() == asked


NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
ABSENT: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)
SCALARS = {"name": NAME, "location": ABSENT}


def test_scalars_come_with_the_first_request_of_a_walk() -> None:
    transport = replay(4)
    agent = Agent(transport)
    agent.read((PARTS, ["serial"]), (NEIGHBOUR, ["text"]), scalars=SCALARS)
    assert agent.scalars(SCALARS) == {"name": b"box"}
    assert len(agent.columns(PARTS, ["serial"])) == len(agent.columns(NEIGHBOUR, ["text"])) == 4
    assert transport.requests == 1


class Repeating(ReplayTransport):
    """Repeats also what must not be repeated."""

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return super().get_bulk(oids, max_repetitions)


class Refusing(ReplayTransport):
    """Knows no non-repeaters."""

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        if non_repeaters:
            self.requests += 1
            raise SnmpPduError("genErr", "genErr", 1)
        return super().get_bulk(oids, max_repetitions)


class Forgetting(ReplayTransport):
    """Returns the non-repeaters alone."""

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return super().get_bulk(oids, 0 if non_repeaters else max_repetitions, non_repeaters)


class Confusing(ReplayTransport):
    """Returns what is before the non-repeaters in their place."""

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        reply = super().get_bulk(oids, max_repetitions, non_repeaters)
        first = self._recording.varbinds[self._recording.oids[0]]
        return [first] * non_repeaters + reply[non_repeaters:]


@pytest.mark.parametrize("kind", [Repeating, Refusing, Forgetting, Confusing])
@pytest.mark.parametrize("rows", [1, 2, 60])
def test_an_agent_that_errs_with_non_repeaters_loses_nothing(kind: type[ReplayTransport], rows: int) -> None:
    transport = kind(replay(rows)._recording)
    agent = Agent(transport)
    agent.read((PARTS, list(PARTS.columns)), (NEIGHBOUR, ["text"]), scalars=SCALARS)
    assert agent.scalars(SCALARS) == {"name": b"box"}
    found = agent.columns(PARTS, list(PARTS.columns))
    assert len(found) == rows
    assert all(len(row) == len(PARTS.columns) for row in found.values())
    assert len(agent.columns(NEIGHBOUR, ["text"])) == rows
    assert all(status.complete for status in agent.tables.values())


def test_rows_of_several_tables_share_requests() -> None:
    transport = replay(9)
    agent = Agent(transport)
    wanted: dict[Oid, Sequence[str]] = {(row,): ("description", "class") for row in range(1, 7)}
    agent.ask((PARTS, wanted), (NEIGHBOUR, {(1,): ("text",), (99,): ("text",)}))
    assert len(agent.cells(PARTS, wanted)) == 6
    assert agent.rows(NEIGHBOUR, ["text"], [(1,), (99,)]) == {(1,): {"text": b"neighbour"}}
    assert transport.requests == 1


def test_the_end_of_a_table_is_not_asked_for_with_many_repetitions() -> None:
    class Counting(ReplayTransport):
        def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
            asked.append((len(oids), max_repetitions))
            return super().get_bulk(oids, max_repetitions, non_repeaters)

    asked: list[tuple[int, int]] = []
    # Such a reply holds the end of one column, and all rows of the others.
    agent = Agent(Counting(replay(20)._recording, 1320))
    assert len(agent.columns(PARTS, ["serial", "class", "parent"])) == 20
    assert asked == [(3, 26), (2, 1)]


LONG = replace(PARTS, brief=frozenset({"parent"}))


@pytest.mark.parametrize(
    ("rows", "octets", "long"), [(20, 1400, False), (400, 1400, True), (1000, 1400, True), (400, 9000, False)]
)
def test_of_a_long_table_only_the_first_rows_of_brief_columns_are_walked(rows: int, octets: int, long: bool) -> None:
    transport = ReplayTransport(replay(rows)._recording, octets)
    agent = Agent(transport)
    found = agent.columns(LONG, ["serial", "parent"])
    assert len(found) == rows
    assert agent.is_long(LONG) == long
    assert ("parent" in found[(rows,)]) != long
    assert agent.rows(LONG, ["parent"], [(rows,)]) == {(rows,): {"parent": rows // 10}}
    assert agent.tables["entPhysicalTable"].complete
    before = transport.requests
    everything = agent.rows(LONG, ["parent"], [(row,) for row in range(1, rows + 1)])
    assert [row["parent"] for row in everything.values()] == [row // 10 for row in range(1, rows + 1)]
    assert (transport.requests > before) == long


class Measuring(ReplayTransport):
    """Takes down how many variables each GET asked for, and returns no more than its replies hold."""

    def __init__(self, octets: int, most: int = 1400) -> None:
        """octets: of the descriptions of its parts"""
        recording = replay(150)._recording
        for row in range(1, 151):
            oid = (*PARTS.column("description"), row)
            recording.varbinds[oid] = VarBind(oid, "octets", b"x" * octets)
        super().__init__(recording, most)
        self.asked: list[int] = []
        self.refused = 0

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        self.asked.append(len(oids))
        reply = super().get(oids)
        if sum(map(octets_of, reply)) > self.max_message:
            self.refused += 1
            raise SnmpPduError("tooBig", "tooBig")
        return reply


def ask_cells(agent: Agent, column: str, first: int, last: int) -> None:
    rows = range(first, last + 1)
    assert len(agent.scalars({f"{row}": (*PARTS.column(column), row) for row in rows})) == len(rows)


def test_a_get_asks_for_as_much_as_a_reply_holds() -> None:
    transport = Measuring(40)
    agent = Agent(transport)
    for column, first, last in (("class", 1, 100), ("description", 1, 20), ("description", 21, 100)):
        ask_cells(agent, column, first, last)
    assert transport.asked == [24, 64, 12, 20, 22, 22, 22, 14]
    ask_cells(agent, "description", 101, 123)
    assert transport.asked[8:] == [23], "one more than it holds as a rule, where that is all"


def test_after_a_get_that_was_too_big_the_next_ones_are_smaller() -> None:
    transport = Measuring(20, most=1000)
    agent = Agent(transport)
    ask_cells(agent, "class", 1, 24)
    ask_cells(agent, "description", 1, 150)
    assert transport.refused == 1
    assert max(transport.asked[2:]) > 24


class Rebooted(ReplayTransport):
    """The third request comes after a restart: its v3 message is refused once."""

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        if self.requests == 2:
            self.requests += 1
            raise SnmpAuthError("not in time window", "timewindow")
        return super().get_bulk(oids, max_repetitions, non_repeaters)


def test_a_restart_in_mid_walk_costs_one_request_not_the_table() -> None:
    replayed = replay(400)
    agent = Agent(Rebooted(replayed._recording))
    assert len(agent.columns(PARTS, ["serial", "description"])) == 400
    assert agent.tables["entPhysicalTable"].complete


class Dead(ReplayTransport):
    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        raise SnmpTimeout("no answer")


def test_a_device_that_never_answered_raises() -> None:
    with pytest.raises(SnmpTimeout):
        Agent(Dead(replay()._recording)).scalars({"name": (1, 3, 6, 1, 2, 1, 1, 5, 0)})

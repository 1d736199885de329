# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a walk makes of agents that misbehave, over real UDP and with both libraries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    GET,
    GET_BULK,
    GET_NEXT,
    FaultAgent,
    Raw,
    Request,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import (
    NEIGHBOUR,
    PARTS,
    ROWS,
    device,
)

Ask = Callable[..., Session]
SERIAL = (*PARTS.entry, 11)
ALL = list(PARTS.columns)


def expect_all(agent: Agent) -> None:
    rows = agent.columns(PARTS, ALL)
    assert [row["serial"] for row in rows.values()] == [b"SN%06d" % row for row in range(1, ROWS + 1)]
    assert all(set(row) == set(ALL) for row in rows.values())
    assert agent.tables["entPhysicalTable"].complete
    assert agent.tables["entPhysicalTable"].error is None
    assert agent.tables["entPhysicalTable"].rows == ROWS


def expect_part(agent: Agent, *words: str) -> int:
    """Some rows, and the table is reported as incomplete, in these words. Returns how many rows came."""
    rows = agent.columns(PARTS, ["serial"])
    assert [row["serial"] for row in rows.values()] == [b"SN%06d" % row for row in range(1, len(rows) + 1)]
    status = agent.tables["entPhysicalTable"]
    assert not status.complete
    assert status.error
    assert all(word in status.error for word in words), status.error
    assert 0 < len(rows) < ROWS
    return len(rows)


def test_all_columns_are_read_together(ask: Ask) -> None:
    with FaultAgent(device()) as agent:
        session = ask(agent)
        expect_all(session.agent)
        assert session.statistics["requests"] <= 8


def test_a_table_ends_where_the_next_begins_though_its_oid_starts_with_the_same_digits(ask: Ask) -> None:
    with FaultAgent(device()) as agent:
        session = ask(agent)
        expect_all(session.agent)
        assert len(session.agent.columns(NEIGHBOUR, ["text"])) == ROWS


def test_two_tables_share_requests(ask: Ask) -> None:
    with FaultAgent(device(4)) as agent:
        session = ask(agent)
        session.agent.read((PARTS, ALL), (NEIGHBOUR, ["text"]))
        before = len(agent.requests)
        assert len(session.agent.columns(PARTS, ALL)) == len(session.agent.columns(NEIGHBOUR, ["text"])) == 4
        assert len(agent.requests) == before == 2


def test_the_end_of_the_mib_ends_the_table_complete(ask: Ask) -> None:
    varbinds = [varbind for varbind in device() if varbind[0] < NEIGHBOUR.entry]
    with FaultAgent(varbinds) as agent:
        expect_all(ask(agent).agent)


def test_a_column_that_ends_early_leaves_the_others_complete(ask: Ask) -> None:
    cut = [varbind for varbind in device() if not (varbind[0][:-1] == SERIAL and varbind[0][-1] > 7)]
    with FaultAgent(cut) as agent:
        reader = ask(agent).agent
        rows = reader.columns(PARTS, ALL)
        assert sum("serial" in row for row in rows.values()) == 7
        assert sum("class" in row for row in rows.values()) == ROWS
        assert reader.tables["entPhysicalTable"].complete


@pytest.mark.parametrize("octets", [200, 300, 484, 1400, 8000])
def test_replies_cut_in_mid_row_lose_no_cell(ask: Ask, octets: int) -> None:
    with FaultAgent(device(), reply_octets=octets) as agent:
        expect_all(ask(agent).agent)


def test_a_device_that_dies_in_mid_table_keeps_its_rows_and_says_so(ask: Ask) -> None:
    def dying(request: Request, reply: bytes) -> list[bytes]:
        return [reply] if request.number <= 2 else []

    with FaultAgent(device(), dying) as agent:
        reader = ask(agent).agent
        expect_part(reader, "serial", "stopped answering")
        asked = len(agent.requests)
        assert reader.columns(PARTS, ["class"]) == {}
        assert reader.columns(NEIGHBOUR, ["text"]) == {}
        assert reader.tables["neighbourTable"].error
        assert len(agent.requests) == asked, "a dead device is not asked again"


def test_silence_from_one_row_on_costs_only_that_table(ask: Ask) -> None:
    def hanging(request: Request, reply: bytes) -> list[bytes]:
        return (
            [] if any((*oid, 0) > SERIAL and oid[-1] >= 40 and oid[:-1] == SERIAL for oid in request.oids) else [reply]
        )

    with FaultAgent(device(), hanging) as agent:
        reader = ask(agent).agent
        expect_part(reader, "serial")
        asked = len(agent.requests)
        assert len(reader.columns(NEIGHBOUR, ["text"])) == ROWS
        assert reader.tables["neighbourTable"].complete
        assert len(agent.requests) - asked <= 4, "the size was not to blame"


class Looping(FaultAgent):
    """After row 20 comes row 5 again."""

    def after(self, oid: tuple[int, ...]) -> tuple[int, ...] | None:
        return (*SERIAL, 5) if oid == (*SERIAL, 20) else super().after(oid)


class Stuck(FaultAgent):
    """After row 20 comes row 20."""

    def after(self, oid: tuple[int, ...]) -> tuple[int, ...] | None:
        return oid if oid == (*SERIAL, 20) else super().after(oid)


class Wrapping(FaultAgent):
    """After row 20 comes the beginning of the MIB."""

    def after(self, oid: tuple[int, ...]) -> tuple[int, ...] | None:
        return self.oids[0] if oid == (*SERIAL, 20) else super().after(oid)


@pytest.mark.parametrize("kind", [Looping, Stuck, Wrapping])
def test_oids_that_come_again_end_the_walk(ask: Ask, kind: type[FaultAgent]) -> None:
    with kind(device()) as agent:
        assert expect_part(ask(agent).agent, "do not increase") == 20


class Unsorted(FaultAgent):
    """Returns its odd rows first."""

    def after(self, oid: tuple[int, ...]) -> tuple[int, ...] | None:
        if oid[:-1] != SERIAL:
            return super().after((*oid, 0) if oid == SERIAL else oid)
        if oid[-1] + 2 <= ROWS:
            return (*SERIAL, oid[-1] + 2)
        return (*SERIAL, 2) if oid[-1] % 2 else super().after((*SERIAL, ROWS))


def test_rows_out_of_order_are_all_read(ask: Ask) -> None:
    with Unsorted(device()) as agent:
        reader = ask(agent).agent
        assert len(reader.columns(PARTS, ["serial"])) == ROWS
        assert reader.tables["entPhysicalTable"].complete


def test_too_big_is_answered_by_smaller_requests(ask: Ask) -> None:
    def small_only(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("tooBig") if request.size > 9 else reply]

    with FaultAgent(device(), small_only) as agent:
        reader = ask(agent).agent
        expect_all(reader)
        indexes = [(row,) for row in range(1, 30)]
        assert len(reader.rows(NEIGHBOUR, ["text"], indexes)) == 29
        assert reader.tables["neighbourTable"].complete


def test_silence_about_large_replies_is_answered_by_smaller_requests(ask: Ask) -> None:
    def small_only(request: Request, reply: bytes) -> list[bytes]:
        return [] if request.size > 9 else [reply]

    with FaultAgent(device(), small_only) as agent:
        reader = ask(agent).agent
        expect_all(reader)
        indexes = [(row,) for row in range(1, 30)]
        assert len(reader.rows(NEIGHBOUR, ["text"], indexes)) == 29


def test_an_error_in_one_table_leaves_the_others_complete(ask: Ask) -> None:
    def broken_table(request: Request, reply: bytes) -> list[bytes]:
        concerned = any(oid[:11] == NEIGHBOUR.entry for oid in request.oids)
        return [request.error("genErr") if concerned else reply]

    with FaultAgent(device(), broken_table) as agent:
        reader = ask(agent).agent
        reader.read((PARTS, ALL), (NEIGHBOUR, ["text"]))
        expect_all(reader)
        status = reader.tables["neighbourTable"]
        assert (status.complete, status.required) == (False, False)
        assert "genErr" in (status.error or "")


def test_an_agent_without_getbulk_is_read_by_getnext(ask: Ask) -> None:
    def no_bulk(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("genErr") if request.pdu == GET_BULK else reply]

    with FaultAgent(device(), no_bulk) as agent:
        expect_all(ask(agent).agent)
        assert sum(request.pdu == GET_BULK for request in agent.requests) < 6
        assert sum(request.pdu == GET_NEXT for request in agent.requests) <= ROWS + 3


def test_v1_is_read_by_getnext_to_the_end_of_the_mib(ask: Ask) -> None:
    varbinds = [varbind for varbind in device() if varbind[0] < NEIGHBOUR.entry]
    with FaultAgent(varbinds, versions=(0,)) as agent:
        reader = ask(agent, versions="1").agent
        expect_all(reader)
        assert reader.rows(NEIGHBOUR, ["text"], [(1,), (2,)]) == {}
        assert reader.tables["neighbourTable"].complete
        assert reader.scalars({"there": (1, 3, 6, 1, 2, 1, 2, 1, 0), "not": (1, 3, 6, 1, 2, 1, 2, 9, 0)}) == {
            "there": 1
        }


def test_junk_around_the_reply_does_no_harm(ask: Ask) -> None:
    def noisy(request: Request, reply: bytes) -> list[bytes]:
        stranger = request.reply([], id_offset=1)
        return [b"\xff" * 40, reply[: len(reply) // 2], stranger, reply, reply]

    with FaultAgent(device(), noisy) as agent:
        expect_all(ask(agent).agent)


def test_late_replies_are_not_taken_for_the_next_one(ask: Ask) -> None:
    last: list[bytes] = []

    def late(request: Request, reply: bytes) -> list[bytes]:
        datagrams = [*last, reply]
        last[:] = [reply]
        return datagrams

    with FaultAgent(device(), late) as agent:
        expect_all(ask(agent).agent)


ODD_VALUES = {
    "integer without content": Raw(0x02, b""),
    "integer of nine octets": Raw(0x02, b"\x01" * 9),
    "address without content": Raw(0x40, b""),
    "address of sixteen octets": Raw(0x40, b"x" * 16),
    "unsigned of SNMPv2p": Raw(0x47, b"\x05"),
    "float in an opaque": Raw(0x44, b"\x9f\x78\x04\x41\x00\x00\x00"),
    "empty oid": Raw(0x06, b""),
    "oid 2.999": Raw(0x06, b"\x88\x37\x03"),
    "oid with a number of 48 bits": Raw(0x06, b"\x2b" + b"\x8f" * 6 + b"\x01"),
    "counter of five octets": Raw(0x41, b"\x01\xff\xff\xff\xff"),
    "null with content": Raw(0x05, b"x"),
    "unknown tag": Raw(0x99, b"ab"),
}


@pytest.mark.parametrize("odd", ODD_VALUES.values(), ids=ODD_VALUES.keys())
def test_a_value_that_nobody_can_read_does_not_take_the_rows_before_it_along(ask: Ask, odd: Raw) -> None:
    varbinds = [(oid, kind, odd if oid == (*SERIAL, 6) else value) for oid, kind, value in device(40)]
    with FaultAgent(varbinds) as agent:
        reader = ask(agent, timeout=0.05).agent
        rows = reader.columns(PARTS, ["serial"])
        assert [rows[(row,)]["serial"] for row in range(1, 6)] == [b"SN%06d" % row for row in range(1, 6)]
        status = reader.tables["entPhysicalTable"]
        assert status.complete == ((40,) in rows), "what came is all, or it is said that it is not"
        asked = len(agent.requests)
        assert len(reader.columns(NEIGHBOUR, ["text"])) == 40
        assert len(agent.requests) - asked <= 4, "the size was not to blame"


@pytest.mark.parametrize("reply", [b"", b"\xff" * 40, b"0\x82"])
def test_nothing_but_junk_is_a_time_out(ask: Ask, reply: bytes) -> None:
    def junk(request: Request, right: bytes) -> list[bytes]:
        return [right if request.number <= 2 else reply]

    with FaultAgent(device(), junk) as agent:
        expect_part(ask(agent).agent, "stopped answering")


def test_five_percent_of_loss_loses_no_row(ask: Ask) -> None:
    dice = random.Random(5)

    def lossy(request: Request, reply: bytes) -> list[bytes]:
        return [] if dice.random() < 0.05 else [reply]

    with FaultAgent(device(), lossy, reply_octets=300) as agent:
        expect_all(ask(agent, retries=4).agent)


def test_the_limit_of_rows_cuts_the_table_and_says_so(ask: Ask) -> None:
    with FaultAgent(device()) as agent:
        assert expect_part(ask(agent, Limits(rows=25)).agent, "limit of 25") == 25


def test_the_limit_of_time_ends_the_reading_and_keeps_the_rows(ask: Ask) -> None:
    def slow(request: Request, reply: bytes) -> list[bytes]:
        time.sleep(0.02)
        return [reply]

    with FaultAgent(device(), slow, reply_octets=150) as agent:
        expect_part(ask(agent, Limits(seconds=0.15)).agent, "limit of 0.15 s")


def test_replies_of_64_kb_are_taken(ask: Ask) -> None:
    long = [((*SERIAL, row), "octets", b"x" * 1000) for row in range(1, 201)]
    with FaultAgent(long, reply_octets=60000) as agent:
        reader = ask(agent).agent
        assert [row["serial"] for row in reader.columns(PARTS, ["serial"]).values()] == [b"x" * 1000] * 200
        assert sum(request.pdu == GET_BULK for request in agent.requests) <= 6


def test_a_get_that_one_variable_breaks_still_brings_the_others(ask: Ask) -> None:
    def one_bad_cell(request: Request, reply: bytes) -> list[bytes]:
        concerned = request.pdu == GET and (*SERIAL, 13) in request.oids
        return [request.error("genErr") if concerned else reply]

    with FaultAgent(device(), one_bad_cell) as agent:
        reader = ask(agent).agent
        rows = reader.rows(PARTS, ["serial"], [(row,) for row in range(10, 20)])
        assert sorted(index[0] for index in rows) == [10, 11, 12, 14, 15, 16, 17, 18, 19]
        assert not reader.tables["entPhysicalTable"].complete
        assert "row 13" in (reader.tables["entPhysicalTable"].error or "")


def test_a_scalar_that_the_agent_cannot_return_is_absent_and_noted(ask: Ask) -> None:
    bad = (1, 3, 6, 1, 2, 1, 2, 1, 0)

    def broken_scalar(request: Request, reply: bytes) -> list[bytes]:
        return [request.error("genErr", request.oids.index(bad) + 1) if bad in request.oids else reply]

    with FaultAgent(device(), broken_scalar) as agent:
        reader = ask(agent).agent
        assert reader.scalars({"bad": bad, "name": (1, 3, 6, 1, 2, 1, 1, 5, 0)}) == {"name": b"box"}
        assert "bad" in (reader.tables["scalars"].error or "")
        assert not reader.tables["scalars"].required

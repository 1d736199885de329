# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several requests to one device at once: the same is read, a device in trouble is asked as gently as without."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, replay_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Transport, VarBind
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    GET,
    GET_BULK,
    Fault,
    FaultAgent,
    Request,
    encode_oid,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import (
    NEIGHBOUR,
    PARTS,
    device,
)

pytestmark = pytest.mark.slow

Ask = Callable[..., Session]
ALL = list(PARTS.columns)
ROWS = 300
#: Rows for six GETs: four at once, then two.
SOME = [(row,) for row in range(1, 1 + 6 * 24)]
RECORDINGS = sorted(recordings().glob("*.snmprec"))
CHUNKS = 2


class Meeting(FaultAgent):
    """Answers requests of one kind only when four of them wait, the first time: one at a time, they wait in vain."""

    def __init__(self, kind: Callable[[Request], bool]) -> None:
        super().__init__(device(ROWS))
        self.met: bool | None = None
        self._kind = kind

    def _serve(self) -> None:
        waiting: list[tuple[bytes, Any]] = []
        while True:
            data, peer = self._socket.recvfrom(65535)
            if not data:
                return
            waiting.append((data, peer))
            if self.met is None and self._kind(Request.parse(data, 0)):
                if len(waiting) < 4:
                    continue
                self.met = True
            elif self.met is None and len(waiting) > 1:
                self.met = False  # they gave up
            for one, its_peer in waiting:
                for datagram in self._handle(one):
                    self._socket.sendto(datagram, its_peer)
            waiting.clear()


def read(reader: Agent) -> dict[str, Any]:
    """Some cells of a table by GET, the walk of another; how it ended stands beside them."""
    some = reader.rows(NEIGHBOUR, ["text"], SOME)
    return {"some": some, "rows": reader.columns(PARTS, ALL), "tables": reader.tables}


@contextmanager
def nothing_left_open() -> Iterator[None]:
    files, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    yield
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == (files, threads)


@pytest.mark.parametrize(
    "kind",
    [
        lambda request: request.pdu == GET and len(request.oids) > 20,
        lambda request: request.pdu == GET_BULK and len(request.oids) == 1,
    ],
    ids=["GET", "GETBULK"],
)
def test_four_requests_are_under_way_at_once_and_all_is_closed_afterwards(
    ask: Ask, kind: Callable[[Request], bool]
) -> None:
    with Meeting(kind) as agent, nothing_left_open():
        with ask(agent, max_in_flight=4, timeout=5) as session:
            assert len(read(session.agent)["rows"]) == ROWS
            assert session.statistics["in_flight"] == 4
            assert session.statistics["requests"] == len(agent.requests)
        assert agent.met
        asked = [(request.pdu, *request.oids) for request in agent.requests]
        assert len(set(asked)) == len(asked), "none had to be asked again"


def test_a_small_device_is_asked_as_ever(ask: Ask) -> None:
    asked = []
    for most in (1, 4):
        with FaultAgent(device(20)) as agent, ask(agent, max_in_flight=most, timeout=5) as session:
            session.agent.read((PARTS, ALL), (NEIGHBOUR, ["text"]))
            asked.append([request.oids for request in agent.requests])
            assert session.statistics["in_flight"] == 1
    assert asked[0] == asked[1]


def test_version_3_has_several_only_where_the_library_can(ask: Ask, backend: str) -> None:
    with UserAgent(device(ROWS)) as agent:
        keys = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "versions": ["3"], "timeout": 5}
        with ask(agent, max_in_flight=4, backend=backend, **keys) as session:
            assert len(read(session.agent)["rows"]) == ROWS
            assert session.statistics["in_flight"] == (1 if backend == "easysnmp" else 4)


def test_version_1_is_asked_one_thing_after_the_other(ask: Ask) -> None:
    with (
        FaultAgent(device(40), versions=(0,)) as agent,
        ask(agent, max_in_flight=4, versions=["1"], timeout=5) as session,
    ):
        assert len(session.agent.columns(PARTS, ALL)) == 40
        assert session.statistics["in_flight"] == 1


def _small_only(request: Request, reply: bytes) -> list[bytes]:
    return [request.error("tooBig") if request.size > 9 else reply]


def _small_or_silent(request: Request, reply: bytes) -> list[bytes]:
    return [] if request.size > 20 else [reply]


def _no_bulk(request: Request, reply: bytes) -> list[bytes]:
    return [request.error("genErr") if request.pdu == GET_BULK else reply]


def _broken_at_a_row(request: Request, reply: bytes) -> list[bytes]:
    return [request.error("genErr") if encode_oid((*PARTS.column("parent"), 250)) in reply else reply]


def _loses_one(number: int, request: Request, reply: bytes) -> list[bytes]:
    return [] if request.number == number else [reply]


def _noisy(request: Request, reply: bytes) -> list[bytes]:
    return [b"junk", request.reply([], id_offset=1), reply, reply]


@pytest.mark.parametrize(
    ("faults", "timeout"),
    [
        ([_small_only, _no_bulk, _broken_at_a_row, _noisy], 5),
        # Silence on one of the first four GETs, of the other two, in the walk while it is short, and when it is long.
        ([_small_or_silent, *(partial(_loses_one, number) for number in (3, 7, 9, 11, 16))], 0.15),
    ],
    ids=["errors", "silence"],
)
def test_of_a_device_in_trouble_the_same_is_read(ask: Ask, faults: list[Fault], timeout: float) -> None:
    for fault in faults:
        results = []
        for most in (1, 4):
            with FaultAgent(device(ROWS), fault) as agent, ask(agent, max_in_flight=most, timeout=timeout) as session:
                results.append((read(session.agent), len(agent.requests)))
        (one, asked), (four, asked_of_four) = results
        assert four == one, fault
        assert asked_of_four <= asked * 1.1 + 4, fault


@pytest.mark.parametrize("answered", [3, 8, 14])
def test_a_dead_device_is_asked_no_more_than_what_was_under_way(ask: Ask, answered: int) -> None:
    def dying(request: Request, reply: bytes) -> list[bytes]:
        return [reply] if request.number <= answered else []

    with FaultAgent(device(ROWS), dying) as agent, ask(agent, max_in_flight=4) as session:
        tables = read(session.agent)["tables"]
        assert not tables["entPhysicalTable"].complete
        assert "stopped answering" in tables["entPhysicalTable"].error
        # One series to see that it is silent, one to see that it is so altogether.
        assert len(agent.requests) - answered <= 4 + 2


def test_the_limit_of_time_holds(ask: Ask) -> None:
    wait = threading.Event()

    def slow(_request: Request, reply: bytes) -> list[bytes]:
        wait.wait(0.05)
        return [reply]

    with (
        FaultAgent(device(2000), slow, reply_octets=484) as agent,
        ask(agent, limits=Limits(seconds=1), max_in_flight=4, timeout=5) as session,
    ):
        rows = session.agent.columns(PARTS, ALL)
        assert 0 < len(rows) < 2000
        assert "limit of 1 s" in (session.agent.tables["entPhysicalTable"].error or "")
        assert session.statistics["in_flight"] == 4


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_same_is_read_of_every_recording(chunk: int) -> None:
    requests = {1: 0, 4: 0}
    for path in RECORDINGS[chunk::CHUNKS]:
        recording, told = load_recording(path), []
        for most in requests:
            with replay_session(recording, max_in_flight=most) as session:
                told.append((read_device(session.agent).to_dict(), session.agent.dump(), session.agent.asked()))
                requests[most] += session.statistics["requests"]
        assert told[0] == told[1], path.name
    assert requests[1] < requests[4] <= requests[1] * 1.1


def test_two_threads_do_not_spoil_each_others_oids(ask: Ask) -> None:
    def many(transport: Transport) -> list[VarBind]:
        return [varbind for _turn in range(100) for varbind in transport.get_bulk([PARTS.column("serial")], 40)]

    interval = sys.getswitchinterval()
    with FaultAgent(device(ROWS)) as agent, ask(agent, max_in_flight=4, timeout=20) as session:
        assert session.transport.threads
        sys.setswitchinterval(1e-6)
        try:
            replies = session.lanes.ask([many] * 4)
        finally:
            sys.setswitchinterval(interval)
    assert {len(set(reply or ())) for reply in replies} == {40}
    assert all(reply == replies[0] for reply in replies)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several attempts send to a device, above all to one that is silent, and how silence is explained."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.discovery import Discovery, question
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    BackendMissing,
    SnmpAuthError,
    SnmpTimeout,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import resolve
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import device
from hypothesis import given
from hypothesis import strategies as st

Ask = Callable[..., Session]

COMMUNITIES = {name: {"community": f"of-{name}"} for name in ("a", "b", "c")}
USERS = {name: {"username": name, "auth_passphrase": f"secret-of-{name}"} for name in ("x", "y", "z")}


class Deaf(UserAgent):
    """Counts what it gets, and answers nothing, or the discovery alone."""

    def __init__(self, discovered: bool = False) -> None:
        super().__init__(device())
        self.datagrams: list[bytes] = []
        self._discovered = discovered

    def _handle(self, data: bytes) -> list[bytes]:
        self.datagrams.append(data)
        return super()._handle(data) if self._discovered and self._engine not in data else []

    def of_users(self) -> set[str]:
        """The users by whom it was asked."""
        return {name for name in USERS for data in self.datagrams if b"\x04\x01" + name.encode() in data}


class WithoutDiscovery(UserAgent):
    """Answers whoever knows its engine id."""

    def _handle(self, data: bytes) -> list[bytes]:
        return super()._handle(data) if self._engine in data else []


def communities(agent: FaultAgent) -> list[str]:
    return [request.community.decode().removeprefix("of-") for request in agent.requests]


def test_a_silent_device_is_sent_each_community_in_turn_and_the_repetitions_together(ask: Ask) -> None:
    with FaultAgent([], lambda request, reply: []) as agent:
        with pytest.raises(SnmpTimeout, match=r"read: a: no answer; b: no answer; c: no answer. Check that it is up"):
            ask(agent, credentials=list(COMMUNITIES), credential_sets=COMMUNITIES, retries=3)
        assert communities(agent) == list("abcabcabc")


def test_the_community_that_works_ends_the_attempts(ask: Ask) -> None:
    with FaultAgent(device(), community="of-b") as agent:
        session = ask(agent, credentials=list(COMMUNITIES), credential_sets=COMMUNITIES)
        assert communities(agent) == list("ab"), "c is not shown to a device that answers to b"
        assert session.statistics["requests"] == 2


def test_a_lost_request_costs_no_community_its_turn(ask: Ask) -> None:
    with FaultAgent(device(), lambda request, reply: [reply] if request.number > 3 else [], community="of-b") as agent:
        session = ask(agent, credentials=list(COMMUNITIES), credential_sets=COMMUNITIES, retries=2)
        assert (session.attempt or {})["credentials"] == "b"
        assert session.agent.scalars({"name": (1, 3, 6, 1, 2, 1, 1, 5, 0)}) == {"name": b"box"}
        assert communities(agent) == list("abcabc")


def test_a_device_that_does_not_speak_snmpv3_is_asked_by_one_user(ask: Ask, backend: str) -> None:
    with Deaf() as agent:
        with pytest.raises(SnmpTimeout, match=r"x: no answer; y: not asked.*; z: not asked.*Check that it is up"):
            ask(agent, credentials=list(USERS), credential_sets=USERS, backend=backend, retries=2)
        # The discovery of the library, twice, and ours before the other users are given up.
        assert len(agent.datagrams) == 3
        assert agent.of_users() == set()


def test_a_user_with_an_engine_id_needs_no_discovery(ask: Ask, backend: str) -> None:
    with WithoutDiscovery(device()) as agent:
        known = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "engine_id": agent._engine.hex()}
        sets = {**USERS, "known": known}
        session = ask(agent, credentials=["x", "y", "known"], credential_sets=sets, backend=backend, timeout=0.3)
        assert (session.attempt or {})["credentials"] == "known"


def test_silence_of_a_device_that_speaks_snmpv3_is_told_apart(ask: Ask, backend: str) -> None:
    private = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "privacy_passphrase": "wrong-secret"}
    with Deaf(discovered=True) as agent:
        with pytest.raises(
            SnmpAuthError, match=r"the agent is up, but .* \(the privacy passphrase or .*Check the priv"
        ) as one:
            ask(agent, **private, community=None, backend=backend)
        assert (one.value.reason, one.value.detail) == ("authentication", "silent")
        with pytest.raises(SnmpAuthError, match=r"this SNMPv3 user \(the context is wrong, or it is overloaded\)"):
            ask(
                agent, **{**private, "privacy_passphrase": None}, context_name="vlan-1", community=None, backend=backend
            )


def test_a_given_engine_id_is_that_of_the_device_or_it_is_refused(ask: Ask, backend: str) -> None:
    user = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "community": None, "backend": backend, "timeout": 0.3}
    with UserAgent(device()) as agent:
        right = agent._engine.hex()
        with ask(agent, **user, engine_id=right) as session:
            assert session.agent.scalars({"name": (1, 3, 6, 1, 2, 1, 1, 5, 0)}) == {"name": b"box"}
        with pytest.raises(
            SnmpAuthError, match=f"its engine id is {right}, and not the one .*Correct the engine id"
        ) as one:
            ask(agent, **user, engine_id="80001f88046f74686572")
        assert one.value.detail == "engine"


class Listening(UserAgent):
    """Keeps what it gets."""

    datagrams: tuple[bytes, ...] = ()

    def _handle(self, data: bytes) -> list[bytes]:
        self.datagrams += (data,)
        return super()._handle(data)


def test_a_context_of_another_engine_is_asked_for_or_the_backend_that_can_is_named(ask: Ask, backend: str) -> None:
    card = "80001f8804636172642d31"
    user = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "community": None, "backend": backend, "timeout": 0.5}
    with Listening(device()) as agent:
        if backend == "snmp":
            with pytest.raises(BackendMissing, match="set backend: auto"):
                ask(agent, **user, context_engine_id=card)
            return
        # easysnmp does not take the answer of this agent, which is no proxy.
        with suppress(SnmpAuthError):
            ask(agent, **user, context_engine_id=card, context_name="vlan-1")
        assert any(bytes.fromhex(card) + b"\x04\x06vlan-1" in one for one in agent.datagrams)


def test_the_discovery_believes_the_device_alone() -> None:
    with UserAgent(device()) as agent, UserAgent(device()) as other:
        for any_source, believed in ((False, None), (True, other._engine)):
            # A port at which nobody is, so that only the other one answers.
            discovery = Discovery(resolve("127.0.0.1", 9), any_source)
            discovery.send(0.2)
            (report,) = other._handle(question(discovery._id))
            other._socket.sendto(report, ("127.0.0.1", discovery._exchange._socket.getsockname()[1]))
            assert discovery.engine_id() == believed
            discovery.close()
        right = Discovery(resolve("127.0.0.1", agent.port))
        right.send(2)
        assert right.engine_id() == agent._engine
        right.close()


@given(st.binary(max_size=120))
def test_any_octets_are_an_answer_or_none(data: bytes) -> None:
    discovery = Discovery(resolve("127.0.0.1", 9))
    assert discovery._engine_of(data) is None or len(data) > 10
    discovery.close()

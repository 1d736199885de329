# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of SNMP that the device did not send."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._common.pool import work_through
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import Applied, make_outcome
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import OptionError, SnmpError, SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, open_session
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC, entity_facts
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices
from ansible_collections.invmon.network.plugins.plugin_utils._actions.entity_arguments import completed
from ansible_collections.invmon.network.tests.attacks.snmp_attacker import (
    Attacked,
    AttackedUser,
    Forge,
    From,
    LyingUser,
    MultiHomed,
    lies,
    lies_with,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Request
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import Table, night
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import PARTS, ROWS, device

TRUE = [b"SN%06d" % row for row in range(1, ROWS + 1)]
V3: dict[str, Any] = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "versions": ["3", "2"]}
Ask = Callable[..., Session]


@pytest.fixture
def ask() -> Iterator[Ask]:
    with ExitStack() as stack:

        def opened(agent: FaultAgent, **options: Any) -> Session:
            values = {"port": agent.port, "community": "public", "timeout": 0.3, "retries": 1, **options}
            return stack.enter_context(open_session(agent.address, read_options(values)))

        yield opened


def serials(session: Session) -> list[Any]:
    return [row["serial"] for row in session.agent.columns(PARTS, ["serial"]).values()]


def _as_request(reply: bytes) -> bytes:
    return reply.replace(b"\xa2", b"\xa0", 1)


BACKENDS = ("builtin", "easysnmp", "snmp")

FOREIGN: dict[str, tuple[From, Forge]] = {
    "another port": (From.OTHER_PORT, lies),
    "another address": (From.OTHER_ADDRESS, lies),
    "spoofed address, wrong community": (From.ITSELF, lies_with(community=b"private")),
    "spoofed address, no community": (From.ITSELF, lies_with(community=b"")),
    "spoofed address, wrong request id": (From.ITSELF, lies_with(request_id=lambda request: request.request_id + 1)),
    "spoofed address, request id 0": (From.ITSELF, lies_with(request_id=0)),
    "spoofed address, another version": (From.ITSELF, lies_with(version=lambda request: 1 - request.version)),
    "spoofed address, a request": (
        From.ITSELF,
        lambda request, reply: [lies(request, reply)[0].replace(b"\xa2", b"\xa0", 1)],
    ),
}


@pytest.mark.attack(
    "Replies that the device did not send",
    tried="before each true reply a forged one: from another port, from another address, and from the device's own"
    " address (spoofed) with another community, request id, version or kind of message; SNMPv1 and v2c, IPv4 and IPv6",
    came="only what comes from where it was asked, and is the reply to that very request, is read",
)
@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("version", ["1", "2"])
def test_only_the_devices_own_reply_is_read(ask: Ask, what: str, version: str) -> None:
    source, forge = FOREIGN[what]
    families = [False] if source is From.OTHER_ADDRESS else [False, True]  # IPv6 has one address on loopback
    for ipv6 in families:
        with Attacked(device(), source, forge, ipv6=ipv6) as agent:
            assert serials(ask(agent, versions=[version])) == TRUE


@pytest.mark.attack(
    "Replies in place of a dead device",
    tried="a device that does not answer, and another port or address that does, with the right community"
    " and request id",
    came="it counts as silent, and the message names who answered",
)
@pytest.mark.parametrize("source", [From.OTHER_PORT, From.OTHER_ADDRESS])
def test_nobody_answers_for_a_dead_device(ask: Ask, source: From) -> None:
    words = r"no answer from there, but one from 127\.0\.0\.\d port \d+"
    with Attacked(device(), source, lies, silent=True) as agent, pytest.raises(SnmpTimeout, match=words):
        ask(agent)


def test_an_agent_that_answers_from_another_address_is_read_where_the_user_allows_it(ask: Ask) -> None:
    users: list[dict[str, Any]] = [{**V3, "backend": backend} for backend in BACKENDS]
    for credentials in ({"versions": ["1"]}, {"versions": ["2"]}, *users):
        with MultiHomed(device()) as agent:
            with ask(agent, any_source=True, **credentials) as session:
                assert serials(session) == TRUE
                assert (session.attempt or {})["number"] == 1
            with pytest.raises(SnmpTimeout):
                ask(agent, **credentials)


@pytest.mark.attack(
    "Request ids that can be guessed",
    tried="a device notes the request ids that it is asked with, by several forks and one after the other, and answers"
    " the next request to another device, whose address it spoofs, with the ids that would follow",
    came="no id follows from another, in a fork, between two devices, or between forks",
)
def test_request_ids_of_one_device_say_nothing_of_those_of_another() -> None:
    with FaultAgent(device()) as spy:

        def asked(_job: int) -> str:
            values = {"port": spy.port, "community": "public", "timeout": 5}
            for _device in range(2):
                with open_session(spy.address, read_options(values)) as session:
                    serials(session)
            return json.dumps(os.getpid())

        # As a batch does it, and as Ansible's forks are made.
        done = list(work_through(asked, range(3), 3))
        assert len({one.result for one in done}) == 3
        ids = [request.request_id for request in spy.requests]
    assert len(set(ids)) == len(ids)
    steps = {later - earlier for earlier, later in pairwise(ids)}
    assert len(steps) > len(ids) // 2, "no constant step between them"
    guesses = {number + step for number in ids for step in range(1, 100)}
    assert not guesses & set(ids)
    assert all(0 < number < 2**31 for number in ids), "some agents take a negative one for another number"


@pytest.mark.attack(
    "A refusal that the device did not send",
    tried="for each SNMPv3 request a report from another port or address that says there is no such user, so that"
    " the community is sent next",
    came="the report is not read, and no community is sent",
)
@pytest.mark.parametrize("source", [From.OTHER_PORT, From.OTHER_ADDRESS])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_forged_refusal_does_not_lead_to_a_weaker_version(ask: Ask, source: From, backend: str) -> None:
    if backend != "builtin":
        pytest.importorskip(backend)
    with AttackedUser(device(), source) as agent:
        session = ask(agent, backend=backend, retries=3, **V3)
        assert session.attempt == {"number": 1, "version": "3", "security_level": "authNoPriv"}
        assert serials(session) == TRUE


@pytest.mark.attack(
    "Making a device fall back to SNMPv2c",
    tried="an attacker who can spoof the device's address refuses the SNMPv3 user, or drops all SNMPv3",
    came="with snmp_downgrade: false the community is not sent, and the device counts as unreachable",
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_where_the_user_forbids_it_no_refusal_and_no_silence_leads_to_a_weaker_version(ask: Ask, backend: str) -> None:
    if backend != "builtin":
        pytest.importorskip(backend)
    for source in (From.ITSELF, None):
        with AttackedUser(device(), source, silent=True) as agent:
            assert (ask(agent, backend=backend, **V3).attempt or {})["version"] == "2c"
            before = len(agent.requests)
            with pytest.raises(SnmpError, match=r"could not be read: v3: [^;]*$"):
                ask(agent, backend=backend, downgrade=False, **V3)
            assert len(agent.requests) == before, "nothing of SNMPv2c was sent"


@pytest.mark.attack(
    "A device that was made to fall back to SNMPv2c",
    tried="a device that answered by SNMPv3 in one night, and of which an attacker drops SNMPv3 in the next ones",
    came="the summary of each of these nights names it",
)
def test_a_device_that_was_made_to_fall_back_is_named() -> None:
    parts = [((*PARTS.entry, 5, 1), "int", 3), ((*PARTS.entry, 7, 1), "octets", b"Chassis")]
    parts += [((*PARTS.entry, 11, 1), "octets", b"FOC1234W5X6"), *device(0)]
    table = Table()

    def summary(attacked: bool, moment: datetime) -> str:
        with AttackedUser(parts, From.ITSELF if attacked else None, silent=attacked) as agent:
            values = {"host": agent.address, "port": agent.port, "community": "public", "timeout": 0.3, "retries": 1}
            result = entity_facts(checked({**values, **V3}, ARGUMENT_SPEC).params)
        devices = merge_by_serial(collected_devices(["r1"], {"r1": {"collect_result": result, "netbox_device_id": 1}}))
        return str(make_outcome(table.run(devices, moment), Applied(), 0)["summary"])

    assert "SNMPv3" not in summary(False, night(0))
    for number in (1, 2):
        assert "r1  note  it answered by SNMPv3 before, but now only by" in summary(True, night(number))
    assert "SNMPv3" not in summary(False, night(3))


@pytest.mark.attack(
    "Replies of SNMPv3 that the device did not send",
    tried="before each true reply one with the numbers of the request, from the device's own address: without a digest,"
    " with another one, or signed at an earlier time",
    came="only what is signed, in time, is read; not so by easysnmp, see docs/snmp.md",
)
# net-snmp 5.9.3 reports that the authentication failed, and returns the values all the same, snmpget as well.
@pytest.mark.parametrize("backend", ["builtin", "snmp"])
@pytest.mark.parametrize("forgery", LyingUser.FORGERIES)
def test_a_reply_that_is_not_signed_in_time_is_not_read(ask: Ask, forgery: str, backend: str) -> None:
    if backend != "builtin":
        pytest.importorskip(backend)
    with LyingUser(device(), forgery) as agent:
        session = ask(agent, backend=backend, **{**V3, "versions": ["3"], "retries": 3})
        assert serials(session) == TRUE
        assert session.agent.fell_silent() is False


def _flood(request: Request, reply: bytes) -> list[bytes]:
    return [b"\x30\x82", request.reply([], id_offset=1), b"x" * 1400] * 100


@pytest.mark.attack(
    "A flood of datagrams",
    tried="hundreds of datagrams that are no reply for each request, and no reply",
    came="the device counts as silent when its time is over",
)
def test_a_flood_does_not_keep_a_request_open(ask: Ask) -> None:
    with FaultAgent(device(), _flood) as agent, pytest.raises(SnmpError):
        ask(agent)


@pytest.mark.attack(
    "Credentials for another address",
    tried="the address of a device outside the networks that credentials may be sent to, as IPv4, as IPv6, as an IPv4"
    " address in IPv6, or by a name",
    came="nothing is sent there",
)
@pytest.mark.parametrize("host", ["127.0.0.1", "::ffff:127.0.0.1", "localhost", "::1"])
def test_credentials_are_sent_to_no_address_outside_the_networks(host: str) -> None:
    with FaultAgent(device(), ipv6=host == "::1") as agent:
        values = {"networks": ["127.0.0.2/31", "2001:db8::/32"], "port": agent.port, "community": "public"}
        with pytest.raises(OptionError, match="is outside the networks"):
            open_session(host, read_options(values))
        assert not agent.requests


@pytest.mark.attack(
    "Credentials of the environment, address of a variable",
    tried="a user who may set variables, but does not know the credentials (an AWX user who launches a job), names"
    " another address, and all networks as allowed, in each variable that there is",
    came="the networks that are given next to the credentials hold, and nothing is sent",
)
@pytest.mark.parametrize("where", ["environment", "env_file"])
def test_no_variable_widens_the_networks_that_are_given_next_to_the_credentials(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {"SNMP_COMMUNITY": "public", "SNMP_NETWORKS": "192.0.2.0/24, 2001:db8::/32"}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    if where == "environment":
        for name, value in lines.items():
            monkeypatch.setenv(name, value)
    everywhere = ["0.0.0.0/0", "::/0"]
    with FaultAgent(device()) as agent:
        variables = {"snmp_host": agent.address, "snmp_port": agent.port, "snmp_networks": everywhere}
        variables |= {f"snmp_{name}": everywhere for name in ("credential_networks", "networks")}
        variables |= {"invmon_env_file": str(tmp_path / ".env")} if where == "env_file" else {}
        options = checked(completed("core-1", {}, variables.get), ARGUMENT_SPEC)
        assert not options.errors
        with pytest.raises(OptionError, match=r"SNMP_NETWORKS: 192\.0\.2\.0/24"):
            entity_facts(options.params)
        assert not agent.requests

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a session: which attempt serves, and the error if none does. The v3 peer is net-snmp's own agent."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp import backend_easysnmp, backend_snmp, backend_user
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    BackendMissing,
    OptionError,
    SnmpAuthError,
    SnmpError,
    SnmpTimeout,
    SnmpUnreachable,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, open_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.walks import walk_subtree
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.sandbox.snmp_agents import AgentProcess, net_snmp
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import device

SYS_NAME = {"name": (1, 3, 6, 1, 2, 1, 1, 5, 0)}
AUTH, PRIVACY = "auth-secret-1", "priv-secret-1"
#: user -> protocols, as net-snmp's agent and as our options write them
USERS = {
    "md5des": ("MD5", "DES", "MD5", "DES"),
    "shaaes": ("SHA", "AES", "SHA", "AES"),
    "sha224": ("SHA-224", "AES", "SHA-224", "AES-128"),
    "sha256": ("SHA-256", "AES", "SHA256", "AES"),
    "sha384": ("SHA-384", "AES", "SHA-384", "AES"),
    "sha512": ("SHA-512", "AES-256", "SHA-512", "AES-256"),
    "short192": ("SHA", "AES-192", "SHA", "AES-192"),
    "short256": ("SHA", "AES-256", "SHA", "AES-256"),
    "cisco192": ("SHA", "AES-192-C", "SHA", "AES-192-C"),
    "cisco256": ("SHA", "AES-256-C", "SHA", "AES256C"),
}


def snmpd_in(folder: Path) -> AgentProcess:
    """net-snmp's agent with the users above, one without privacy, and one without anything."""
    lines = [f"createUser {u} {a} {AUTH} {p} {PRIVACY}\nrouser {u} priv" for u, (a, p, _a, _p) in USERS.items()]
    lines += [f"createUser authonly SHA {AUTH}", "rouser authonly auth", "createUser nothing", "rouser nothing noauth"]
    agent = net_snmp(folder, [*lines, "sysName box", "exactEngineID 0x80001f8804696e766d6f6e"])
    if agent is None:
        pytest.skip("snmpd is not installed here")
    agent.start()
    return agent


@pytest.fixture
def snmpd(tmp_path: Path) -> Iterator[AgentProcess]:
    """One for each test: a test may run in a process of its own, which ends without a module's tear-down."""
    agent = snmpd_in(tmp_path)
    yield agent
    agent.stop()


@pytest.fixture
def login(snmpd: AgentProcess, backend: str) -> Callable[..., Session]:
    def opened(**options: Any) -> Session:
        values = {"port": snmpd.port, "timeout": 0.3, "retries": 1, "backend": backend}
        return open_session("127.0.0.1", read_options(values | options))

    return opened


def keys(user: str = "sha256", **changed: str) -> dict[str, str]:
    _a, _p, auth, privacy = USERS[user]
    return {
        "username": user,
        "auth_protocol": auth,
        "auth_passphrase": AUTH,
        "privacy_protocol": privacy,
        "privacy_passphrase": PRIVACY,
        **changed,
    }


def test_every_pair_of_protocols_is_understood(login: Callable[..., Session]) -> None:
    for user in USERS:
        with login(**keys(user)) as session:
            assert session.agent.scalars(SYS_NAME) == {"name": b"box"}, user
            assert session.attempt == {"number": 1, "version": "3", "security_level": "authPriv"}


def test_lower_levels_are_understood(login: Callable[..., Session]) -> None:
    with login(username="authonly", auth_passphrase=AUTH) as session:
        assert session.attempt == {"number": 1, "version": "3", "security_level": "authNoPriv"}
    # Without authentication only where request ids cannot be guessed.
    with login(username="nothing", backend="auto") as session:
        assert session.attempt == {"number": 1, "version": "3", "security_level": "noAuthNoPriv"}
        assert session.backend == "builtin"


def test_without_authentication_easysnmp_is_refused_and_another_backend_offered() -> None:
    pytest.importorskip("easysnmp")
    with pytest.raises(BackendMissing, match="set backend: auto"):
        open_session("127.0.0.1", read_options({"username": "nothing", "backend": "easysnmp"}))


WRONG = [
    (keys(username="nobody"), "user"),
    (keys(auth_passphrase="wrong-secret"), "digest"),
    (keys(auth_protocol="SHA-512"), "digest"),
    (keys(security_level="noAuthNoPriv", backend="snmp"), "level"),
    ({"username": "nothing", "auth_passphrase": "wrong-secret"}, "level"),
]


def test_a_refused_user_gets_a_reason_without_secrets(login: Callable[..., Session]) -> None:
    for wrong, detail in WRONG:
        with pytest.raises(SnmpAuthError) as caught:
            login(**wrong)
        assert caught.value.detail == detail
        text = "".join(traceback.format_exception(caught.value))
        assert str(caught.value).startswith("127.0.0.1 (port ")
        for secret in (AUTH, PRIVACY, "wrong-secret"):
            assert secret not in text


def test_a_wrong_privacy_passphrase_does_not_pass(login: Callable[..., Session]) -> None:
    # net-snmp's agent drops what it cannot decrypt.
    with pytest.raises(SnmpAuthError, match="the privacy passphrase") as caught:
        login(**keys(privacy_passphrase="wrong-secret"))
    assert caught.value.detail in ("privacy", "silent")


def test_a_wrong_privacy_passphrase_is_told_from_silence(snmpd: AgentProcess) -> None:
    """net-snmp does not answer what it cannot decrypt; that it reads the signature is found out by another question."""
    values = {"port": snmpd.port, "timeout": 0.3, "retries": 1}
    for user in USERS:
        with pytest.raises(SnmpAuthError, match="decryption error") as caught:
            open_session("127.0.0.1", read_options(values | keys(user, privacy_passphrase="wrong-secret")))
        assert caught.value.detail == "privacy"


def test_a_wrong_passphrase_is_refused_though_the_right_one_was_used_before(login: Callable[..., Session]) -> None:
    for _turn in range(2):
        with login(**keys()) as session:
            assert session.agent.scalars(SYS_NAME)
        with pytest.raises(SnmpAuthError):
            login(**keys(auth_passphrase="wrong-secret"))


def test_while_one_conversation_is_open_another_set_of_keys_is_not_mixed_with_it(login: Callable[..., Session]) -> None:
    with login(**keys()) as session:
        with pytest.raises((SnmpAuthError, BackendMissing)):
            login(**keys(auth_passphrase="wrong-secret"))
        assert walk_subtree(session.transport, (1, 3, 6, 1, 2, 1, 1), session.agent._pace).complete


def test_v2c_serves_where_the_v3_user_is_refused(login: Callable[..., Session]) -> None:
    for _turn in range(3):
        with login(**keys(username="nobody"), community="public") as session:
            assert session.attempt == {"number": 2, "version": "2c", "security_level": "noAuthNoPriv"}
            assert session.agent.scalars(SYS_NAME) == {"name": b"box"}
            assert session.statistics["requests"] == 2


def test_sessions_of_both_versions_can_be_closed_in_any_order(login: Callable[..., Session]) -> None:
    v2c, v3 = login(community="public"), login(**keys())
    v2c.close()
    assert walk_subtree(v3.transport, (1, 3, 6, 1, 2, 1, 1), v3.agent._pace).complete
    v3.close()
    v3.close()
    with login(community="public", versions="2") as session:
        assert session.agent.scalars(SYS_NAME) == {"name": b"box"}


def test_closing_a_v2c_session_is_safe_while_v3_users_are_known(login: Callable[..., Session]) -> None:
    first, second, v2c = login(**keys()), login(**keys("shaaes")), login(community="public")
    for session in (first, v2c, second):
        session.close()
    with login(**keys()) as session:
        assert session.agent.scalars(SYS_NAME) == {"name": b"box"}


def test_a_restart_of_the_agent_in_mid_conversation_is_survived(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    agent = snmpd_in(tmp_path)
    request.addfinalizer(agent.stop)
    values = {"port": agent.port, "timeout": 0.5, "retries": 3, "backend": backend, **keys()}
    with open_session("127.0.0.1", read_options(values)) as session:
        agent.stop()
        agent.start()
        cursor = walk_subtree(session.transport, (1, 3, 6, 1, 2, 1, 1), session.agent._pace)
        assert cursor.error is None
        assert cursor.cells[(5, 0)].value == b"box"


def test_the_first_question_is_not_asked_again(ask: Callable[..., Session]) -> None:
    with FaultAgent(device()) as agent:
        session = ask(agent)
        assert session.agent.scalars(SYS_NAME) == {"name": b"box"}
        assert len(agent.requests) == session.statistics["requests"] == 1
        assert session.statistics["varbinds"] == 4


def test_the_order_of_versions_decides(ask: Callable[..., Session]) -> None:
    with FaultAgent(device()) as agent:
        session = ask(agent, versions="1,2")
        assert session.attempt == {"number": 1, "version": "1", "security_level": "noAuthNoPriv"}


def test_a_dead_device_is_asked_once_per_attempt_and_retry_and_every_reason_is_reported(
    ask: Callable[..., Session],
) -> None:
    with FaultAgent([], lambda request, reply: []) as agent:
        with pytest.raises(SnmpTimeout, match=r"v2c: no answer; v1: no answer.*Check that it is up"):
            ask(agent, versions="2,1", retries=2, timeout=0.1)
        assert [request.version for request in agent.requests] == [1, 1, 0, 0]


def test_a_wrong_community_is_a_timeout_that_speaks_of_credentials(ask: Callable[..., Session]) -> None:
    wrong = "-".join(["very", "secret"])
    with FaultAgent(device()) as agent, pytest.raises(SnmpTimeout, match="credentials") as caught:
        ask(agent, community=wrong)
    assert wrong not in "".join(traceback.format_exception(caught.value))


def test_a_name_that_does_not_resolve_is_named() -> None:
    with pytest.raises(SnmpUnreachable, match=r"the name box\.invalid does not resolve"):
        open_session("box.invalid", read_options({"community": "c"}))
    with pytest.raises(OptionError, match="host is empty"):
        open_session(" ", read_options({"community": "c"}))


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6_is_written_with_or_without_brackets(backend: str, host: str) -> None:
    for agent in (FaultAgent(device(), ipv6=True), UserAgent(device(), ipv6=True)):
        keys = {"username": USERNAME, "auth_passphrase": PASSPHRASE} if isinstance(agent, UserAgent) else {}
        with agent:
            options = read_options({"community": "public", "port": agent.port, "backend": backend, **keys})
            with open_session(host, options) as session:
                assert (session.attempt or {})["number"] == 1
                assert session.agent.scalars(SYS_NAME) == {"name": b"box"}


@pytest.mark.parametrize("version", ["2c", "3"])
def test_a_name_is_looked_up_once_and_only_its_address_is_asked(
    version: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, system = [], socket.getaddrinfo

    def looked_up(host: str, port: Any, *arguments: Any, **named: Any) -> Any:
        if host != "router.example":
            return system(host, port, *arguments, **named)
        # Somebody who has the name points it elsewhere as soon as it was looked at.
        names.append(host)
        return system("127.0.0.1" if len(names) == 1 else "127.0.0.66", port, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with UserAgent(device()) if version == "3" else FaultAgent(device()) as agent:
        keys = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "community": "public", "versions": version}
        options = read_options({"port": agent.port, "backend": backend, "networks": ["127.0.0.0/26"], **keys})
        with open_session("router.example", options) as session:
            assert session.agent.scalars(SYS_NAME) == {"name": b"box"}
    assert names == ["router.example"]


def no_ciphers(*_names: str) -> None:
    """As on a host without the Python library cryptography."""
    raise BackendMissing("install cryptography")


def test_a_library_that_is_missing_is_named_and_auto_takes_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("snmp")
    monkeypatch.setattr(backend_easysnmp, "library", lambda: None)
    monkeypatch.setattr(backend_user, "check_supported", no_ciphers)
    with UserAgent(device()) as agent:
        values = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "port": agent.port}
        with open_session("127.0.0.1", read_options(values)) as session:
            assert session.backend == "snmp"
        with pytest.raises(BackendMissing, match="easysnmp is not installed"):
            open_session("127.0.0.1", read_options({**values, "backend": "easysnmp"}))
        monkeypatch.setattr(backend_snmp, "AVAILABLE", False)
        with pytest.raises(BackendMissing, match="install cryptography"):
            open_session("127.0.0.1", read_options(values))


def test_version_2c_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_easysnmp, "library", lambda: None)
    monkeypatch.setattr(backend_snmp, "AVAILABLE", False)
    monkeypatch.setattr(backend_user, "check_supported", no_ciphers)
    with FaultAgent(device()) as agent:
        session = open_session("127.0.0.1", read_options({"community": "public", "port": agent.port}))
        assert session.backend == "builtin"
        session.close()


def test_a_missing_library_does_not_lead_to_a_weaker_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_easysnmp, "library", lambda: None)
    monkeypatch.setattr(backend_snmp, "AVAILABLE", False)
    monkeypatch.setattr(backend_user, "check_supported", no_ciphers)
    with FaultAgent(device()) as agent:
        values = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "community": "public", "port": agent.port}
        with pytest.raises(BackendMissing):
            open_session("127.0.0.1", read_options(values))
        assert not agent.requests


def test_the_users_net_snmp_settings_have_no_say(tmp_path: Path) -> None:
    pytest.importorskip("easysnmp")
    (tmp_path / "snmp.conf").write_text("noSuchDirective 1\ndefCommunity other\ntimeout 60\n")
    package = read_options.__module__.rpartition(".")[0]
    code = f"from {package}.credentials import *\nfrom {package}.session import *\n"
    code += "import os, sys\nbefore = dict(os.environ)\n"
    code += f"values = {{'username': '{USERNAME}', 'auth_passphrase': '{PASSPHRASE}', 'port': sys.argv[1]}}\n"
    code += "values['backend'] = 'easysnmp'\n"
    code += "open_session('127.0.0.1', read_options(values)).close()\nassert dict(os.environ) == before\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path)}
    environment |= {"SNMPCONFPATH": str(tmp_path), "SNMP_PERSISTENT_DIR": str(tmp_path)}
    with UserAgent(device()) as agent:
        command = [sys.executable, "-c", code, str(agent.port)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["snmp.conf"], "nothing is written there either"


def test_every_failure_is_an_snmp_error() -> None:
    for kind in (SnmpTimeout, SnmpUnreachable, SnmpAuthError, BackendMissing, OptionError):
        assert issubclass(kind, SnmpError)

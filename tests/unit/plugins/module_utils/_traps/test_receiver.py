# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may notify: what our sender and net-snmp's tools send is received, and nothing else, whatever the octets are."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    OptionError,
    SnmpAuthError,
    SnmpTimeout,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import Target
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.user_message import REPORTABLE, decode_message
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, Credentials, User
from ansible_collections.invmon.network.plugins.module_utils._traps import engine as engines
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification, as_v1_trap, of_pdu
from ansible_collections.invmon.network.plugins.module_utils._traps.receiver import REASONS, Received, Receiver
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import send, trap_message
from hypothesis import given
from hypothesis import strategies as st

COLD_START = (1, 3, 6, 1, 6, 3, 1, 1, 5, 1)
FRU_INSERTED = (1, 3, 6, 1, 4, 1, 9, 9, 117, 2, 0, 3)
FRU = Notification(oid=FRU_INSERTED, uptime=77, varbinds=(VarBind((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"box"),))
AUTH, PRIVACY = "authpassword1", "privpassword1"


def user(name: str, level: str = "authPriv", auth: str = "SHA-256", privacy: str = "AES-128", word: str = AUTH) -> User:
    return User(name, level, auth, privacy, word, PRIVACY if level == "authPriv" else None, name=f"set-{name}")


KNOWN: tuple[Credentials, ...] = (
    Community("1", "public"),
    Community("2c", "public", name="old"),
    user("new"),
    user("des", auth="SHA", privacy="DES"),
    user("signed", "authNoPriv", auth="MD5"),
    User("open", "noAuthNoPriv"),
)
SENDER = OwnEngine(own_engine_id("sender"))


def receiver() -> Receiver:
    return Receiver(KNOWN, OwnEngine(own_engine_id("receiver")))


class Listening:
    """A receiver at a socket."""

    def __init__(self, knows: Receiver) -> None:
        self.receiver, self.got = knows, list[Received]()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.target = Target("receiver", "127.0.0.1", self.port, False)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(65535)
            if data == b"end":
                return
            found = self.receiver.receive(data)
            self.got.append(found)
            if found.reply:
                self._socket.sendto(found.reply, sender)

    def close(self) -> list[Received]:
        """What was received, without the questions for the engine id."""
        self._socket.sendto(b"end", self._socket.getsockname())
        self._thread.join()
        self._socket.close()
        return [one for one in self.got if one.refused != "engine"]


@pytest.fixture
def listening() -> Iterator[Listening]:
    one = Listening(receiver())
    yield one
    if one._thread.is_alive():
        one.close()


@pytest.mark.parametrize("credentials", KNOWN, ids=lambda one: f"{one.version} {one.name}")
def test_what_is_sent_is_received_and_an_inform_is_answered(listening: Listening, credentials: Credentials) -> None:
    send(listening.target, credentials, FRU, SENDER, 1, 1)
    if credentials.version == "1":
        with pytest.raises(OptionError, match="SNMPv1 has no informs"):
            send(listening.target, credentials, replace(FRU, confirmed=True), SENDER, 1, 1)
    else:
        send(listening.target, credentials, replace(FRU, confirmed=True), SENDER, 1, 1)
    got = listening.close()
    assert [one.refused for one in got] == [""] * len(got)
    assert [one.notification and one.notification.confirmed for one in got] == [False, True][: len(got)]
    for one in got:
        assert one.notification
        assert (one.notification.oid, one.notification.uptime, one.notification.varbinds) == (
            *(FRU_INSERTED, 77),
            FRU.varbinds,
        )
        assert (one.version, one.credentials) == (credentials.version, credentials.name)


#: who sends, and why it is refused
STRANGERS: list[tuple[Credentials, str]] = [
    (Community("1", "private"), "community"),
    (Community("2c", ""), "community"),
    (User("nobody", "noAuthNoPriv"), "user"),
    (User("new", "noAuthNoPriv"), "level"),
    (user("new", "authNoPriv"), "level"),
    (user("new", word="wrong-password"), "digest"),
    (user("new", auth="SHA-512"), "digest"),
    (replace(user("new"), privacy_passphrase="wrong-password"), "decryption"),
    (user("open", "authNoPriv"), "level"),
]


@pytest.mark.parametrize(("credentials", "reason"), STRANGERS)
def test_nobody_else_is_believed_and_the_reason_is_counted(credentials: Credentials, reason: str) -> None:
    here = receiver()
    found = here.receive(trap_message(credentials, FRU, SENDER))
    assert (found.refused, found.notification, found.reply) == (reason, None, None), "a trap is never answered"
    assert here.statistics == {reason: 1}


def test_the_sender_of_an_inform_that_is_refused_is_told_why(listening: Listening) -> None:
    inform = replace(FRU, confirmed=True)
    for credentials, reason in STRANGERS:
        if isinstance(credentials, User):
            with pytest.raises(SnmpAuthError) as refused:
                send(listening.target, credentials, inform, SENDER, 0.5, 1)
            assert refused.value.detail == reason.replace("decryption", "privacy")
        else:
            with pytest.raises((SnmpTimeout, OptionError)):
                send(listening.target, credentials, inform, SENDER, 0.1, 1)


def test_without_credentials_of_its_version_nothing_is_read() -> None:
    here = Receiver([Community("2c", "public")], OwnEngine(own_engine_id("receiver")))
    assert here.receive(trap_message(KNOWN[0], FRU, SENDER)).refused == "version"
    assert here.receive(trap_message(KNOWN[2], FRU, SENDER)).refused == "version"


def test_one_user_name_on_two_engines_is_two_users() -> None:
    first, second = (OwnEngine(own_engine_id(name)) for name in ("first", "second"))
    users = [replace(user("new", word=f"password-{number}"), name=str(number)) for number in (1, 2)]
    bound = [replace(one, engine_id=box.engine_id) for one, box in zip(users, (first, second), strict=True)]
    here = Receiver(bound, OwnEngine(own_engine_id("receiver")))
    assert here.receive(trap_message(users[0], FRU, first)).credentials == "1"
    assert here.receive(trap_message(users[1], FRU, second)).credentials == "2"
    assert here.receive(trap_message(users[0], FRU, second)).refused == "digest"


def test_a_trap_that_was_recorded_cannot_be_sent_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    here, recorded = receiver(), trap_message(KNOWN[2], FRU, SENDER)
    assert here.receive(recorded).notification
    now = engines.time.monotonic()
    monkeypatch.setattr(engines.time, "monotonic", lambda: now + engines.WINDOW + 2)
    assert here.receive(recorded).refused == "time_window"
    assert here.receive(trap_message(KNOWN[2], FRU, SENDER)).notification, "the sender's clock went on as well"
    rebooted = OwnEngine(SENDER.engine_id, SENDER.boots + 1)
    assert here.receive(trap_message(KNOWN[2], FRU, rebooted)).notification
    assert here.receive(trap_message(KNOWN[2], FRU, SENDER)).refused == "time_window"


def test_after_our_restart_an_old_inform_is_refused_and_its_sender_learns_the_time(listening: Listening) -> None:
    inform = replace(FRU, confirmed=True)
    send(listening.target, KNOWN[2], inform, SENDER, 1, 1)
    restarted = OwnEngine(listening.receiver.engine.engine_id, listening.receiver.engine.boots + 1)
    known = replace(user("new"), engine_id=restarted.engine_id)
    listening.receiver = Receiver(KNOWN, restarted)
    send(listening.target, known, inform, SENDER, 1, 1)
    assert listening.receiver.statistics == {"time_window": 1}


@given(place=st.floats(0, 0.999), change=st.integers(1, 255), which=st.integers(0, len(KNOWN) - 1))
def test_a_changed_octet_of_a_signed_trap_is_noticed_and_none_is_fatal(place: float, change: int, which: int) -> None:
    data = bytearray(trap_message(KNOWN[which], FRU, SENDER))
    data[int(place * len(data))] ^= change
    found = receiver().receive(bytes(data))
    assert found.refused in ("", *REASONS)
    credentials = KNOWN[which]
    if isinstance(credentials, User) and credentials.authenticates:
        assert found.refused
    # One bit makes an inform of a trap of SNMPv2c.
    answered = found.version == "2c" or decode_message(bytes(data)).flags & REPORTABLE if found.reply else True
    assert answered


@given(st.binary(max_size=300))
def test_garbage_is_refused(data: bytes) -> None:
    assert receiver().receive(data).refused in REASONS


def test_a_trap_of_snmpv1_keeps_its_fields_and_becomes_one_of_snmpv2() -> None:
    without_zero = (1, 3, 6, 1, 4, 1, 9, 7)
    for oid, becomes in ((FRU_INSERTED,) * 2, (COLD_START,) * 2, (without_zero, (1, 3, 6, 1, 4, 1, 9, 0, 7))):
        trap = as_v1_trap(replace(FRU, oid=oid, agent_address="192.0.2.7"))
        got = of_pdu(trap)
        assert (got.oid, got.agent_address, got.uptime) == (becomes, "192.0.2.7", 77)
        assert as_v1_trap(got) == trap
    assert (as_v1_trap(replace(FRU, oid=COLD_START)).generic, as_v1_trap(FRU).specific) == (0, 3)
    with pytest.raises(ValueError, match="no Counter64"):
        as_v1_trap(replace(FRU, varbinds=(VarBind((1, 3), "counter64", 1),)))


TOOLS = [
    ["snmptrap", "-v1", "-c", "public", "1.3.6.1.4.1.9", "192.0.2.1", "6", "17", "77"],
    ["snmptrap", "-v2c", "-c", "public", "77", "1.3.6.1.6.3.1.1.5.1"],
    ["snmpinform", "-v2c", "-c", "public", "77", "1.3.6.1.6.3.1.1.5.1"],
    *(
        [tool, "-v3", *account, *engine, "77", "1.3.6.1.6.3.1.1.5.1"]
        for tool, engine in (("snmptrap", ["-e", "0x8000000001020304"]), ("snmpinform", []))
        for account in (
            ["-u", "new", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIVACY],
            ["-u", "des", "-l", "authPriv", "-a", "SHA", "-A", AUTH, "-x", "DES", "-X", PRIVACY],
            ["-u", "signed", "-l", "authNoPriv", "-a", "MD5", "-A", AUTH],
            ["-u", "open", "-l", "noAuthNoPriv"],
        )
    ),
]


def test_what_net_snmps_tools_send_is_received_and_their_informs_are_answered(
    listening: Listening, tmp_path: Path
) -> None:
    if not shutil.which("snmptrap"):
        pytest.skip("net-snmp's tools are not installed here")
    environment = {"MIBS": "", "PATH": "/usr/bin:/bin", "SNMP_PERSISTENT_DIR": str(tmp_path), "HOME": str(tmp_path)}
    for tool in TOOLS:
        head = next(place for place, word in enumerate(tool) if (word[0].isdigit() and "." in word) or word == "77")
        command = [*tool[:head], "-r", "1", "-t", "2", f"127.0.0.1:{listening.port}", *tool[head:]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, (command, done.stderr)
    got = listening.close()
    assert [one.refused for one in got] == [""] * len(TOOLS)
    assert [bool(one.notification and one.notification.confirmed) for one in got] == [
        tool[0] == "snmpinform" for tool in TOOLS
    ]

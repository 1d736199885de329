# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What snmp_trap_listen returns: what matched, and at its time limit what arrived instead."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._mib.library import STANDARD
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import Target
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_trap_listen import ARGUMENT_SPEC, listen
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import send
from ansible_collections.invmon.network.tests.integration.module_examples import free_port

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
COLD_START = Notification(
    oid=(1, 3, 6, 1, 6, 3, 1, 1, 5, 1),
    uptime=12,
    varbinds=(VarBind(SYS_NAME, "octets", b"{{ 6 * 7 }}\n"),),
    agent_address="192.0.2.9",
)
SETS = {
    "new": {"username": "inventory", "auth_passphrase": "authpassword1", "privacy_passphrase": "privpassword1"},
    "old": {"community": "public"},
    "older": {"community": "public", "version": 1},
}
KNOWN: list[Community | User] = [
    Community("2c", "public"),
    Community("1", "public"),
    User("inventory", "authPriv", auth_passphrase="authpassword1", privacy_passphrase="privpassword1"),
    User("inventory", "authPriv", auth_passphrase="wrong-password", privacy_passphrase="privpassword1"),
    Community("2c", "guessed"),
]


def heard(senders: list[Community | User], **options: Any) -> dict[str, Any]:
    """The result of a task to which these send a coldStart again and again."""
    port, over = free_port(), threading.Event()
    engine = OwnEngine(own_engine_id("sender"))

    def keep_sending() -> None:
        while not over.wait(0.05):
            for one in senders:
                send(Target("here", "127.0.0.1", port, False), one, COLD_START, engine, 1, 1)

    arguments = {
        **{"credential_sets": SETS, "credentials": list(SETS), "listen_port": port, "mib_folders": [str(STANDARD)]},
        **options,
    }
    thread = threading.Thread(target=keep_sending)
    thread.start()
    try:
        return run_task(lambda: arguments, ARGUMENT_SPEC, listen)
    finally:
        over.set()
        thread.join()


def test_notifications_of_each_version_are_returned_decoded_and_printable() -> None:
    result = heard(KNOWN[:3], count=3, max_seconds=20)
    found = {one["version"]: one for one in result["notifications"]}
    assert not result.get("failed")
    assert {version: one["credentials"] for version, one in found.items()} == {"1": "older", "2c": "old", "3": "new"}
    for one in found.values():
        assert (one["text"], one["uptime"], one["source"]) == ("SNMPv2-MIB::coldStart", 12, "127.0.0.1")
        assert one["found"] == {"sysName.0": "{{ 6 * 7 }}\\n"}
        assert str(result).isprintable()
    assert found["1"]["v1"] == {
        "enterprise": "1.3.6.1.6.3.1.1.5",
        "generic": 0,
        "specific": 0,
        "agent_address": "192.0.2.9",
    }
    assert found["2c"]["v1"] is None


def test_at_the_time_limit_it_is_said_what_arrived_instead() -> None:
    result = heard([KNOWN[0], *KNOWN[3:]], notifications=["1.3.6.1.6.3.1.1.5.3"], max_seconds=1)
    assert result["failed"]
    assert result["reason"] == "timeout"
    assert "Others that did not match: SNMPv2-MIB::coldStart from 127.0.0.1. Not taken: 127.0.0.1 (" in result["msg"]
    assert result["others"][0]["notification"] == "SNMPv2-MIB::coldStart"
    assert {one["reason"] for one in result["not_taken"]} == {"digest", "community"}
    assert result["statistics"]["refused"].keys() == {"digest", "community"}
    assert "password" not in str(result)
    assert "guessed" not in str(result)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "count is 0: give 1 to 1,000."),
        ({"listen_address": "198.51.100.1"}, "Cannot listen at 198.51.100.1 port"),
        ({"notifications": ["coldStrt"]}, "Did you mean coldStart"),
    ],
)
def test_what_cannot_be_listened_to_is_an_error(options: dict[str, Any], message: str) -> None:
    result = heard([], **options)
    assert result["failed"]
    assert message in result["msg"]

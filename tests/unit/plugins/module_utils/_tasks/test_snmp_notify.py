# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_notify to our own receiver: what arrives there, what is refused before, and what a poller returns."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked, run_task
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, Credentials, User
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_notify import (
    NotifyTask,
    result_of,
    send_notice,
    sent_there,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_notify_options import ARGUMENT_SPEC, RULES
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import AnswerError
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.tests.sandbox.trap_receiver import TrapReceiver
from hypothesis import given, settings
from hypothesis import strategies as st

MIB = Mib()
#: For agents that are silent. The others get the time that a busy machine needs.
HASTY: dict[str, Any] = {"timeout": 0.3}
AUTH, PRIVACY = "auth-secret-1", "priv-secret-1"
KNOWN: list[Credentials] = [
    Community("1", "public"),
    Community("2c", "public"),
    User("trap", "authPriv", "SHA-256", "AES-128", AUTH, PRIVACY),
]
SETS = {
    "one": {"community": "public", "version": 1},
    "two": {"community": "public"},
    "three": {"username": "trap", "auth_protocol": "SHA-256", "auth_passphrase": AUTH, "privacy_passphrase": PRIVACY},
    "wrong": {"username": "trap", "auth_protocol": "SHA-256", "auth_passphrase": "not-the-secret-1"},
}
#: Not in the order of the MIB.
OBJECTS = {"ifOperStatus": "down", "ifIndex": 3, "ifAdminStatus": "up"}
LINK_DOWN: dict[str, Any] = {"notification": "linkDown", "index": 3, "objects": OBJECTS}
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)


def notify(*targets: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = NotifyTask(params, MIB, check)
        return result_of(task, send_notice(params, task.notice), params)

    access = {"credential_sets": SETS, "credentials": ["two"], "timeout": 10, "retries": 1}
    return run_task(lambda: {**access, "targets": list(targets), **options}, ARGUMENT_SPEC, work, RULES)


def at(receiver: TrapReceiver, credentials: str = "two") -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": receiver.port, "credentials": credentials}


def arrived(receiver: TrapReceiver) -> list[Notification]:
    assert receiver.refused == []
    return [one.notification for one in receiver.taken if one.notification]


@pytest.mark.parametrize("inform", [False, True])
@pytest.mark.parametrize("credentials", ["one", "two", "three"])
def test_objects_are_sent_by_name_in_the_order_of_the_mib(credentials: str, inform: bool) -> None:
    extra = {"oid": "sysName", "value": "core-1"}
    with TrapReceiver(KNOWN) as receiver:
        result = notify(at(receiver, credentials), **LINK_DOWN, inform=inform, uptime=4711, variables=[extra])
        if credentials == "one" and inform:
            assert "SNMPv1 has no informs" in result["msg"]
            return
        (found,) = arrived(receiver)
    assert (found.oid, found.uptime, found.confirmed) == ((1, 3, 6, 1, 6, 3, 1, 1, 5, 3), 4711, inform)
    assert [(one.oid, one.value) for one in found.varbinds] == [
        ((*IF_ENTRY, 1, 3), 3),
        ((*IF_ENTRY, 7, 3), 1),
        ((*IF_ENTRY, 8, 3), 2),
        ((1, 3, 6, 1, 2, 1, 1, 5, 0), b"core-1"),
    ]
    (target,) = result["targets"]
    assert (result["changed"], target["sent"], target.get("acknowledged")) == (True, True, True if inform else None)
    assert result["notification"]["name"] == "linkDown"
    assert [one["text"] for one in result["notification"]["variables"]] == ["3", "up(1)", "down(2)", "core-1"]
    assert ("own_engine_id" in result) == (credentials == "three" and not inform)


def test_snmpv1_has_its_own_fields() -> None:
    fields: dict[str, Any] = {"enterprise": "1.3.6.1.4.1.8072.9", "generic": 6, "specific": 7}
    fields["agent_address"] = "192.0.2.1"
    with TrapReceiver(KNOWN) as receiver:
        notify(at(receiver, "one"), at(receiver, "two"), **fields)
        notify(at(receiver, "one"), generic=0)
        first, second, third = arrived(receiver)
    assert (first.enterprise, first.generic, first.specific) == ((1, 3, 6, 1, 4, 1, 8072, 9), 6, 7)
    assert first.agent_address == "192.0.2.1"
    assert second.oid == first.oid == (1, 3, 6, 1, 4, 1, 8072, 9, 0, 7)
    assert (third.generic, third.oid[-1]) == (0, 1)


def test_one_target_that_fails_is_named_and_the_others_get_it() -> None:
    with TrapReceiver(KNOWN) as receiver, TrapReceiver(KNOWN, answers=False) as silent:
        result = notify(
            *(at(silent), at(receiver, "wrong"), at(receiver, "three")), notification="coldStart", inform=True, **HASTY
        )
        assert [one.notification.confirmed for one in receiver.taken if one.notification] == [True]
    assert [one["acknowledged"] for one in result["targets"]] == [False, False, True]
    assert [one["sent"] for one in result["targets"]] == [True, False, True]
    assert [one.get("reason") for one in result["targets"]] == ["timeout", "authentication", None]
    assert (result["failed"], result["changed"], result["reason"]) == (True, True, "not_notified")
    assert f"127.0.0.1 port {silent.port} (no answer)" in result["msg"]
    assert "1 of 3 targets got it" in result["msg"]
    assert AUTH not in str(result)


def test_check_mode_sends_nothing_and_shows_what_would_be_sent() -> None:
    with TrapReceiver(KNOWN) as receiver:
        result = notify(at(receiver), check=True, **LINK_DOWN)
        assert receiver.taken == []
    assert (result["changed"], result["targets"][0]["sent"]) == (True, False)
    assert result["notification"]["variables"][0]["name"] == "ifIndex"


def test_nothing_is_sent_outside_the_networks_of_the_credentials() -> None:
    with TrapReceiver(KNOWN) as receiver:
        result = notify(at(receiver), notification="coldStart", networks=["192.0.2.0/24"])
        assert receiver.taken == []
    assert (result["failed"], result["changed"]) == (True, False)
    assert "outside the networks" in result["msg"]


def test_the_engine_id_is_that_of_the_task_or_always_the_same() -> None:
    with TrapReceiver(KNOWN) as receiver:
        target = at(receiver, "three")
        given_id = notify(target, notification="coldStart", own_engine_id="80001f8804aabbcc")["own_engine_id"]
        first, second = (notify(target, notification="coldStart")["own_engine_id"] for _turn in range(2))
        assert [one.engine_id.hex() for one in receiver.taken] == [given_id, first, second]
    assert (given_id, first) == ("80001f8804aabbcc", second)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "one of the following is required: notification, generic"),
        ({"notification": "linkDwon"}, "Did you mean linkDown"),
        (
            {"notification": "linkDown"},
            "carries ifIndex, ifAdminStatus, ifOperStatus, and ifIndex is not given",
        ),
        ({"notification": "linkDown", "objects": {"ifIndex": 3}}, "ifIndex is a column: set index"),
        ({"notification": "linkDown", "objects": {"ifTable": 3}}, "ifTable is no variable"),
        ({"generic": 6}, "needs enterprise and specific"),
        ({"generic": 7}, "generic is 7"),
        ({"notification": "coldStart", "specific": 7}, "specific is set without generic"),
        ({"notification": "coldStart", "uptime": -1}, "uptime is -1"),
        ({"notification": "coldStart", "agent_address": "::1"}, "is no IPv4 address"),
        ({"notification": "coldStart", "targets": []}, "targets has 0 entries"),
        ({"notification": "coldStart", "targets": [{"host": "h", "port": 0}]}, "the port 0"),
        ({"notification": "coldStart", "targets": [{"host": "h", "credentials": "x"}]}, "x is not one of"),
        ({"notification": "coldStart", "own_engine_id": "zz"}, "own_engine_id: 'zz' is not"),
        (
            {
                **{"notification": "coldStart", "targets": [{"host": "h", "credentials": "one"}]},
                "variables": [{"oid": "ifHCInOctets.1", "value": 1}],
            },
            "SNMPv1 has no Counter64",
        ),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence_and_nothing_is_sent(options: dict[str, Any], says: str) -> None:
    with TrapReceiver(KNOWN) as receiver:
        result = notify(at(receiver), **options)
        assert receiver.taken == []
    assert result["failed"]
    assert says in result["msg"]


def test_by_force_objects_may_be_missing() -> None:
    with TrapReceiver(KNOWN) as receiver:
        assert notify(at(receiver), notification="linkDown", force=True)["changed"]
        assert [one.varbinds for one in arrived(receiver)] == [()]


def test_the_module_on_a_poller_sends_what_the_controller_wants() -> None:
    with TrapReceiver(KNOWN) as receiver:
        options = {**LINK_DOWN, "targets": [at(receiver)], "credential_sets": SETS}
        params, _secrets, errors = checked(options, ARGUMENT_SPEC)
        assert errors == []
        task = NotifyTask(params, MIB)
        result = result_of(task, sent_there({**params, "question": to_json(task.notice)}), params)
        assert len(arrived(receiver)) == 1
    assert result["changed"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["host", "port", "sent"]), inner),
    max_leaves=9,
)


@given(JSON)
@settings(deadline=None)
def test_a_poller_may_return_anything(answer: Any) -> None:
    options = {"notification": "coldStart", "targets": [{"host": "h"}], "community": "public"}
    params, _secrets, _errors = checked(options, ARGUMENT_SPEC)
    with suppress(AnswerError):
        result_of(NotifyTask(params, MIB), {"sent": answer}, params)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential sets: which attempts a list of names makes, and what is refused, by name and without a secret."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.credential_sets import MOST_ATTEMPTS
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import OptionError, SnmpAuthError, SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._snmp.small_device import device
from hypothesis import given
from hypothesis import strategies as st

SECRET = "gloucester-42"
SETS: dict[str, Any] = {
    "core": {"username": "inventory", "auth_passphrase": SECRET, "privacy_passphrase": SECRET},
    "branch": {"username": "inventory", "auth_protocol": "SHA-256", "auth_passphrase": "other-secret"},
    "old": {"community": SECRET, "version": 1},
    "lab": {"community": "public", "networks": ["192.0.2.0/24"]},
}


def attempts(names: Any, sets: Any = None, **options: Any) -> list[tuple[str, str]]:
    values = {"credentials": names, "credential_sets": SETS if sets is None else sets, **options}
    return [(one.name, one.version) for one in read_options(values).attempts]


def test_the_names_are_the_attempts_in_their_order() -> None:
    assert attempts(["old", "core"]) == [("old", "1"), ("core", "3")]
    assert attempts("branch, lab,branch") == [("branch", "3"), ("lab", "2c")]


def test_two_sets_may_have_the_same_user() -> None:
    core, branch = read_options({"credentials": ["core", "branch"], "credential_sets": SETS}).attempts
    assert isinstance(core, User)
    assert isinstance(branch, User)
    assert core.username == branch.username
    assert (core.security_level, branch.security_level) == ("authPriv", "authNoPriv")
    assert core.auth_passphrase != branch.auth_passphrase


def test_the_options_for_a_single_user_are_used_without_names_only() -> None:
    single = {"community": "c", "versions": ["2"]}
    assert attempts(["core"], **single) == [("core", "3")]
    assert [attempts(names, **single) for names in (None, list[str](), "")] == 3 * [[("", "2c")]]


def test_without_downgrade_a_device_with_a_v3_user_is_sent_no_community() -> None:
    assert attempts(["old", "core", "lab"], downgrade=False) == [("core", "3")]
    assert attempts(["old", "lab"], downgrade=False) == [("old", "1"), ("lab", "2c")]


def test_a_preferred_set_is_the_first_of_its_kind() -> None:
    def order(name: str, *names: str) -> list[str]:
        options = read_options({"credentials": list(names), "credential_sets": SETS})
        return [one.name for one in options.preferring(name).attempts]

    assert order("lab", "core", "old", "lab") == ["core", "lab", "old"], "no community is tried before the user"
    assert order("branch", "core", "old", "branch") == ["branch", "old", "core"]
    assert order("gone", "core", "old", "lab") == ["core", "old", "lab"]


@pytest.mark.parametrize(
    ("names", "sets", "words"),
    [
        (["cor"], SETS, ["cor", "Did you mean core"]),
        (["zzz"], SETS, ["zzz", "There are branch, core"]),
        (["core"], {}, ["core", "credential_sets is empty"]),
        (["core"], [SECRET], ["credential_sets", "dictionary"]),
        (["core"], {"core": SECRET}, ["credential_sets", "dictionary"]),
        (["core"], {"core": {}}, ["core: neither username nor community"]),
        (["core"], {"core": {"username": "u", "community": SECRET}}, ["core: both username and community"]),
        (["core"], {"core": {"username": "u", "auth_pasphrase": SECRET}}, ["core: ", "Did you mean auth_passphrase"]),
        (["core"], {"core": {"username": "u", "auth_passphrase": "short"}}, ["core: auth_passphrase", "8 characters"]),
        (["core"], {"core": {"username": "u", "privacy_passphrase": SECRET}}, ["core: auth_passphrase is missing"]),
        (["core"], {"core": {"username": "u", "version": 2}}, ["core: version 2c needs a community"]),
        (["core"], {"core": {"community": SECRET, "version": 3}}, ["core: version 3 needs a username"]),
        (["core"], {"core": {"community": SECRET, "auth_passphrase": SECRET}}, ["core: auth_passphrase is of SNMPv3"]),
        (["core"], {"core": {"community": SECRET, "networks": ["core-1"]}}, ["core: networks", "'core-1'"]),
        (["core"], {"core": {"community": SECRET, "networks": {"a": "b"}}}, ["core: networks is not a list"]),
        (["a b"], {"a b": {"community": SECRET}}, ["the name of a set"]),
        ([f"s{number}" for number in range(MOST_ATTEMPTS + 1)], SETS, ["credentials has 17 names"]),
        ({"core": 1}, SETS, ["credentials is neither"]),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_by_the_name_of_the_set(names: Any, sets: Any, words: list[str]) -> None:
    with pytest.raises(OptionError) as caught:
        attempts(names, sets)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert SECRET not in str(caught.value)


LOCALISED = {"username": "u", "auth_protocol": "SHA-256", "auth_key": "0x" + "ab" * 32, "privacy_key": "cd" * 32}


def test_localised_keys_and_engine_ids_are_hexadecimal_of_the_right_length() -> None:
    (user,) = read_options({**LOCALISED, "engine_id": "80:00:1F:88:04:61"}).attempts
    assert isinstance(user, User)
    assert (user.security_level, user.engine_id) == ("authPriv", b"\x80\x00\x1f\x88\x04a")
    assert (user.auth_key, user.privacy_key) == (b"\xab" * 32, b"\xcd" * 16), "AES-128 takes 16 octets of it"
    for wrong, words in [
        ({"auth_key": "ab" * 31}, "auth_key has 31 octets, and a localised key for SHA-256 has 32"),
        ({"privacy_key": "xy" * 16}, "privacy_key is not hexadecimal"),
        ({"auth_passphrase": SECRET}, "auth_passphrase and auth_key are both set"),
        ({"engine_id": "80001f"}, "engine_id: '80001f' is not 5 to 32 octets"),
    ]:
        with pytest.raises(OptionError, match=words):
            read_options({**LOCALISED, **wrong})


def test_no_representation_shows_a_secret() -> None:
    found = read_options({"credentials": list(SETS), "credential_sets": SETS})
    assert SECRET not in repr(found)
    assert (b"\xab" * 32).hex() not in repr(read_options(LOCALISED)).replace("\\x", "")


Ask = Callable[..., Session]


def test_the_set_that_worked_is_named(ask: Ask) -> None:
    sets = {**SETS, "right": {"community": "public"}}
    with FaultAgent(device()) as agent:
        session = ask(agent, credentials=["old", "right"], credential_sets=sets)
        assert session.attempt == {
            **{"number": 2, "version": "2c"},
            **{"security_level": "noAuthNoPriv", "credentials": "right"},
        }


def test_the_error_names_what_happened_to_each_set(ask: Ask, backend: str) -> None:
    sets = {
        "user": {"username": "nobody", "auth_passphrase": SECRET},
        "phrase": {"username": USERNAME, "auth_passphrase": SECRET},
        "old": {"community": SECRET},
    }
    with UserAgent(device()) as agent, pytest.raises(SnmpAuthError) as caught:
        ask(agent, credentials=list(sets), credential_sets=sets, backend=backend, timeout=0.3)
    assert "user: the agent refused the SNMPv3 user: unknown user name" in str(caught.value)
    assert "; phrase: the agent refused the SNMPv3 user: authentication failure" in str(caught.value)
    assert "; old: no answer" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_one_user_name_with_two_passphrases_finds_its_device(ask: Ask, backend: str) -> None:
    sets = {
        "there": {"username": USERNAME, "auth_passphrase": "there-secret"},
        "here": {"username": USERNAME, "auth_passphrase": PASSPHRASE},
    }
    for passphrase, name in ((PASSPHRASE, "here"), ("there-secret", "there")):
        with UserAgent(device(), passphrase=passphrase) as agent:
            session = ask(agent, credentials=["there", "here"], credential_sets=sets, backend=backend, timeout=0.5)
            assert (session.attempt or {})["credentials"] == name
            session.close()


def test_a_set_is_not_sent_outside_its_networks(ask: Ask) -> None:
    sets = {"lab": {"community": "public", "networks": ["192.0.2.0/24"]}, "old": {"community": SECRET}}
    with FaultAgent(device()) as agent:
        with pytest.raises(SnmpTimeout, match=r"read: old: no answer"):
            ask(agent, credentials=["lab", "old"], credential_sets=sets)
        assert [request.community for request in agent.requests] == [SECRET.encode()]
        with pytest.raises(OptionError, match=r"outside the networks .*\(networks of the credential set lab: 192"):
            ask(agent, credentials=["lab"], credential_sets=sets)
        assert len(agent.requests) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(names=anything, sets=anything | st.dictionaries(st.sampled_from(["a", "b"]), anything, max_size=2))
def test_whatever_is_written_it_is_understood_or_refused(names: Any, sets: Any) -> None:
    found: tuple[Any, ...] = ()
    with suppress(OptionError):
        found = read_options({"credentials": names, "credential_sets": sets, "community": "c"}).attempts
    assert all(isinstance(one, Community | User) for one in found)

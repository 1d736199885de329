# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options: what people write is understood, and what cannot work is refused before a library sees it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import OptionError
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import resolve
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Community, User

USER = {"username": "inventory", "auth_passphrase": "auth-secret", "privacy_passphrase": "priv-secret"}


def test_v3_is_tried_before_v2c() -> None:
    attempts = read_options({"community": "c", **USER}).attempts
    assert [attempt.version for attempt in attempts] == ["3", "2c"]


@pytest.mark.parametrize("words", [["2", "3"], "2,3", ["v2c", "V3"], ["2c", 3], ["2", "2c", "v2", "3"]])
def test_versions_keep_their_order_however_they_are_written(words: Any) -> None:
    attempts = read_options({"community": "c", "versions": words, **USER}).attempts
    assert [attempt.version for attempt in attempts] == ["2c", "3"]


def test_a_version_without_credentials_is_passed_over() -> None:
    assert read_options({"community": "c"}).attempts == (Community("2c", "c"),)
    assert read_options({"community": "", **USER}).attempts[0].version == "3"


def test_without_downgrade_no_community_goes_to_a_device_that_has_a_v3_user() -> None:
    def versions(**values: Any) -> list[str]:
        return [attempt.version for attempt in read_options({"community": "c", "downgrade": False, **values}).attempts]

    assert versions(**USER) == ["3"]
    assert versions(versions=["2", "3"], **USER) == ["3"]
    assert versions() == ["2c"], "it has no user"
    assert versions(versions=["2"], **USER) == ["2c"], "the user gave SNMPv3 up"


def test_both_lists_of_networks_limit() -> None:
    def may_be_sent(address: str, **values: Any) -> bool:
        try:
            for networks in read_options({"community": "c", **values}).networks:
                networks.check(resolve(address, 161))
        except OptionError:
            return False
        return True

    assert may_be_sent("198.51.100.7")
    assert may_be_sent("198.51.100.7", networks=[], credential_networks=None)
    both = {"networks": ["192.0.2.0/24", "2001:db8::/32"], "credential_networks": "192.0.2.128/25, 2001:db8::1"}
    assert may_be_sent("192.0.2.200", **both)
    assert may_be_sent("[2001:db8::1]", **both)
    assert may_be_sent("::ffff:192.0.2.200", **both)
    assert not any(may_be_sent(one, **both) for one in ("192.0.2.1", "2001:db8::2", "198.51.100.7"))


def test_the_level_is_the_highest_that_the_passphrases_allow() -> None:
    def level(**values: str) -> str:
        return read_options({"username": "u", **values}).attempts[0].security_level

    assert level() == "noAuthNoPriv"
    assert level(auth_passphrase="auth-secret") == "authNoPriv"
    assert level(auth_passphrase="auth-secret", privacy_passphrase="priv-secret") == "authPriv"


@pytest.mark.parametrize("word", ["authNoPriv", "AUTHNOPRIV", "auth_no_priv", "auth_without_privacy", "authNoPriv "])
def test_a_lower_level_drops_the_passphrase_that_it_does_not_use(word: str) -> None:
    user = read_options({**USER, "security_level": word}).attempts[0]
    assert isinstance(user, User)
    assert user.security_level == "authNoPriv"
    assert user.privacy_passphrase is None


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("sha1", "SHA"),
        ("SHA", "SHA"),
        ("SHA256", "SHA-256"),
        ("sha-256", "SHA-256"),
        ("SHA_512", "SHA-512"),
        ("md5", "MD5"),
    ],
)
def test_spellings_of_authentication_protocols(word: str, ours: str) -> None:
    user = read_options({**USER, "auth_protocol": word}).attempts[0]
    assert isinstance(user, User)
    assert user.auth_protocol == ours


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("AES", "AES-128"),
        ("aes128", "AES-128"),
        ("AES256", "AES-256"),
        ("AES-256-C", "AES-256-C"),
        ("AES192C", "AES-192-C"),
        ("des", "DES"),
    ],
)
def test_spellings_of_privacy_protocols(word: str, ours: str) -> None:
    user = read_options({**USER, "privacy_protocol": word}).attempts[0]
    assert isinstance(user, User)
    assert user.privacy_protocol == ours


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ["username", "community", "no SNMP credentials"]),
        ({"community": ""}, ["community", "no SNMP credentials"]),
        ({"versions": ["4"], "community": "c"}, ["versions", "'4'", "1, 2c, 3"]),
        ({"versions": [], "community": "c"}, ["versions", "empty"]),
        ({"versions": ["1"], **USER}, ["no SNMP credentials for version 1", "community"]),
        ({**USER, "auth_passphrase": "short"}, ["auth_passphrase", "8 characters"]),
        ({**USER, "privacy_passphrase": "short"}, ["privacy_passphrase", "8 characters"]),
        ({"username": "u", "privacy_passphrase": "priv-secret"}, ["auth_passphrase is missing"]),
        ({"username": "u", "security_level": "authNoPriv"}, ["auth_passphrase is missing"]),
        ({"username": "u", "auth_passphrase": "auth-secret", "security_level": "authPriv"}, ["privacy_passphrase"]),
        ({**USER, "security_level": "high"}, ["security_level", "'high'", "authPriv"]),
        ({**USER, "auth_protocol": "SHA3"}, ["auth_protocol", "'SHA3'", "SHA-256"]),
        ({**USER, "privacy_protocol": "RC4"}, ["privacy_protocol", "'RC4'", "AES-128"]),
        ({**USER, "username": "u" * 33}, ["username", "32"]),
        ({"community": "c", "port": 0}, ["port", "1 and 65535"]),
        ({"community": "c", "port": 65536}, ["port", "65536"]),
        ({"community": "c", "port": "snmp"}, ["port", "'snmp' is not a number"]),
        ({"community": "c", "timeout": 0}, ["timeout"]),
        ({"community": "c", "timeout": "soon"}, ["timeout", "not a number"]),
        ({"community": "c", "timeout": "nan"}, ["timeout"]),
        ({"community": "c", "retries": 0}, ["retries", "1 and 10"]),
        ({"community": "c", "retries": 11}, ["retries", "11"]),
        ({"community": "c", "networks": ["192.0.2.0/24", "core-1"]}, ["snmp_networks", "'core-1'", "192.0.2.0/24"]),
        ({"community": "c", "credential_networks": ["10.0.0.0/33"]}, ["SNMP_NETWORKS", "'10.0.0.0/33'"]),
        ({"community": "c", "backend": "pysnmp"}, ["backend", "'pysnmp'", "easysnmp"]),
        ({"community": "c", "max_in_flight": 5}, ["max_in_flight", "1 and 4"]),
    ],
)
def test_what_cannot_work_is_refused_and_the_option_named(values: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(OptionError) as caught:
        read_options(values)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "secret" not in str(caught.value)


def test_no_secret_shows_in_what_is_printed() -> None:
    text = repr(read_options({"community": "comm-secret", "versions": ["3", "2", "1"], **USER}))
    assert "secret" not in text
    assert "inventory" in text

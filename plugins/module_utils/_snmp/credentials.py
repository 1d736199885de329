# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an SNMP conversation: checked once, here, before any library sees them.

Libraries differ in what they accept (one divides by zero on an empty passphrase) and in what they report about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .errors import OptionError
from .target import Networks

#: RFC 3414, section 11.2: a passphrase has at least 8 characters.
SHORTEST_PASSPHRASE = 8
#: RFC 3411, SnmpAdminString as usmUserName (RFC 3414): 1 to 32 octets.
LONGEST_USERNAME = 32

#: What people write (upper case, without "-" and "_") -> our word.
VERSIONS = {"1": "1", "V1": "1", "2": "2c", "2C": "2c", "V2": "2c", "V2C": "2c", "3": "3", "V3": "3"}
AUTH_PROTOCOLS = {
    "MD5": "MD5",
    "SHA": "SHA",
    "SHA1": "SHA",
    "SHA224": "SHA-224",
    "SHA256": "SHA-256",
    "SHA384": "SHA-384",
    "SHA512": "SHA-512",
}
#: AES-192 and AES-256 extend a short key by Blumenthal's draft, with -C by Reeder's (Cisco and others).
PRIVACY_PROTOCOLS = {
    "DES": "DES",
    "AES": "AES-128",
    "AES128": "AES-128",
    "AES192": "AES-192",
    "AES256": "AES-256",
    "AES192C": "AES-192-C",
    "AES256C": "AES-256-C",
}
#: The words of RFC 3411 and those of the older tool.
SECURITY_LEVELS = {
    "NOAUTHNOPRIV": "noAuthNoPriv",
    "NOAUTHORPRIVACY": "noAuthNoPriv",
    "AUTHNOPRIV": "authNoPriv",
    "AUTHWITHOUTPRIVACY": "authNoPriv",
    "AUTHPRIV": "authPriv",
    "AUTHWITHPRIVACY": "authPriv",
}
#: With more, a device's small CPU is kept from its work, and no time is gained: most tables have few columns.
MOST_IN_FLIGHT = 4
BACKENDS = ("auto", "easysnmp", "snmp")


@dataclass(frozen=True)
class Community:
    """What v1 and v2c need."""

    version: str  #: "1" or "2c"
    community: str = field(repr=False)

    security_level = "noAuthNoPriv"


@dataclass(frozen=True)
class User:
    """What v3 needs (RFC 3414). A passphrase that the level does not use is None."""

    username: str
    security_level: str  #: one of the values of SECURITY_LEVELS
    auth_protocol: str = "SHA"  #: one of the values of AUTH_PROTOCOLS
    privacy_protocol: str = "AES-128"  #: one of the values of PRIVACY_PROTOCOLS
    auth_passphrase: str | None = field(default=None, repr=False)
    privacy_passphrase: str | None = field(default=None, repr=False)
    context_name: str = ""

    version = "3"


Credentials: TypeAlias = "Community | User"


@dataclass(frozen=True)
class SnmpOptions:
    """How to reach a device."""

    attempts: tuple[Credentials, ...]  #: to be tried in this order
    port: int = 161
    timeout: float = 2.0  #: seconds to wait for each reply
    retries: int = 2  #: how often a request is sent at most before it counts as not answered
    backend: str = "auto"  #: the library for SNMPv3, one of BACKENDS
    max_in_flight: int = 1  #: requests to one device at the same moment, where library and version can
    any_source: bool = False  #: whether a reply from another address or port than the device's counts
    networks: tuple[Networks, ...] = ()  #: the credentials may be sent to addresses that are in all of these


def read_options(values: Mapping[str, Any]) -> SnmpOptions:
    """Check the options of a task (see the documentation fragment `snmp`); unknown keys are ignored.

    Raises OptionError: one sentence that names the option, and never holds the value of a secret one.
    """
    return SnmpOptions(
        attempts=_attempts(values),
        port=_port(_given(values, "port", 161)),
        timeout=_timeout(_given(values, "timeout", 2.0)),
        retries=_retries(_given(values, "retries", 2)),
        backend=_backend(_given(values, "backend", "auto")),
        max_in_flight=_max_in_flight(_given(values, "max_in_flight", 1)),
        any_source=bool(values.get("any_source")),
        networks=_networks(values),
    )


def _given(values: Mapping[str, Any], name: str, default: Any) -> Any:
    """The value of an option; an empty text counts as not given."""
    value = values.get(name)
    return default if value is None or value == "" else value


def _attempts(values: Mapping[str, Any]) -> tuple[Credentials, ...]:
    words = _given(values, "versions", ["3", "2"])
    if isinstance(words, str | int):
        words = str(words).split(",")
    versions = dict.fromkeys(_choice("versions", word, VERSIONS) for word in words)
    if not versions:
        raise OptionError("versions is an empty list: name at least one of 1, 2 and 3.")
    if not _given(values, "downgrade", True) and "3" in versions and _given(values, "username", None):
        # Not even after a refusal: a host in between could send one to get the community.
        versions = {"3": None}
    attempts: list[Credentials] = []
    for version in versions:
        if version == "3" and _given(values, "username", None):
            attempts.append(_user(values))
        elif version != "3" and _given(values, "community", None):
            attempts.append(Community(version, str(values["community"])))
    if not attempts:
        needed = {"3": "username (with its passphrases)", "2c": "community", "1": "community"}
        missing = " or ".join(dict.fromkeys(needed[version] for version in versions))
        raise OptionError(
            f"There are no SNMP credentials for version {' or '.join(versions)}: set {missing} (as variables of the "
            "playbook with the prefix snmp_), or set env_file to the file that contains them."
        )
    return tuple(attempts)


def _networks(values: Mapping[str, Any]) -> tuple[Networks, ...]:
    """The user's networks, and those next to the credentials: a variable cannot send credentials beyond these."""
    named = {"networks": "snmp_networks", "credential_networks": "SNMP_NETWORKS"}
    given = {name: _given(values, option, []) for option, name in named.items()}
    words = {name: value.split(",") if isinstance(value, str) else value for name, value in given.items()}
    return tuple(Networks.read(name, value) for name, value in words.items() if value)


def _user(values: Mapping[str, Any]) -> User:
    username = str(values["username"])
    if len(username.encode("utf-8", "surrogatepass")) > LONGEST_USERNAME:
        raise OptionError(f"username is longer than {LONGEST_USERNAME} octets, which SNMPv3 does not allow.")
    auth = _passphrase(values, "auth_passphrase")
    privacy = _passphrase(values, "privacy_passphrase")
    best = "authPriv" if privacy else "authNoPriv" if auth else "noAuthNoPriv"
    level = _choice("security_level", _given(values, "security_level", best), SECURITY_LEVELS)
    if level != "noAuthNoPriv" and not auth:
        raise OptionError(f"auth_passphrase is missing: the security level {level} needs it.")
    if level == "authPriv" and not privacy:
        raise OptionError("privacy_passphrase is missing: the security level authPriv needs it.")
    return User(
        username=username,
        security_level=level,
        auth_protocol=_choice("auth_protocol", _given(values, "auth_protocol", "SHA"), AUTH_PROTOCOLS),
        privacy_protocol=_choice("privacy_protocol", _given(values, "privacy_protocol", "AES"), PRIVACY_PROTOCOLS),
        auth_passphrase=auth if level != "noAuthNoPriv" else None,
        privacy_passphrase=privacy if level == "authPriv" else None,
        context_name=str(_given(values, "context_name", "")),
    )


def _passphrase(values: Mapping[str, Any], name: str) -> str | None:
    passphrase = _given(values, name, None)
    if passphrase is None:
        return None
    if len(str(passphrase)) < SHORTEST_PASSPHRASE:
        raise OptionError(f"{name} is shorter than {SHORTEST_PASSPHRASE} characters, which SNMPv3 does not allow.")
    return str(passphrase)


def _choice(name: str, value: Any, words: Mapping[str, str]) -> str:
    word = str(value).strip()
    key = word.upper().replace("-", "").replace("_", "")
    if key not in words:
        raise OptionError(f"{name}: '{word}' is not one of {', '.join(dict.fromkeys(words.values()))}.")
    return words[key]


def _backend(value: Any) -> str:
    if value not in BACKENDS:
        raise OptionError(f"backend: '{value}' is not one of {', '.join(BACKENDS)}.")
    return str(value)


def _port(value: Any) -> int:
    port = _number("port", value, int)
    if not 1 <= port <= 65535:
        raise OptionError(f"port: {port} is not between 1 and 65535.")
    return int(port)


def _timeout(value: Any) -> float:
    timeout = _number("timeout", value, float)
    if not 0 < timeout <= 3600:
        raise OptionError(f"timeout: {timeout:g} is not between 0 and 3600 seconds.")
    return float(timeout)


def _retries(value: Any) -> int:
    retries = _number("retries", value, int)
    if not 1 <= retries <= 10:
        raise OptionError(f"retries: {retries} is not between 1 and 10.")
    return int(retries)


def _max_in_flight(value: Any) -> int:
    most = _number("max_in_flight", value, int)
    if not 1 <= most <= MOST_IN_FLIGHT:
        raise OptionError(f"max_in_flight: {most} is not between 1 and {MOST_IN_FLIGHT}.")
    return int(most)


def _number(name: str, value: Any, kind: type[int] | type[float]) -> float:
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise OptionError(f"{name}: '{value}' is not a number.") from None

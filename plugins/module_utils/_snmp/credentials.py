# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an SNMP conversation: checked once, here, before any library sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .credential_sets import chosen
from .errors import OptionError
from .target import Networks
from .users import VERSIONS, Community, Credentials, choice, given, read_user

#: With more, a device's small CPU is kept from its work, and no time is gained: most tables have few columns.
MOST_IN_FLIGHT = 4
BACKENDS = ("auto", "builtin", "easysnmp", "snmp")


@dataclass(frozen=True)
class SnmpOptions:
    """How to reach a device."""

    attempts: tuple[Credentials, ...]  #: to be tried in this order
    port: int = 161
    timeout: float = 2.0  #: seconds to wait for each reply
    retries: int = 2  #: how often a request is sent at most before it counts as not answered
    backend: str = "auto"  #: what speaks SNMPv3, one of BACKENDS
    max_in_flight: int = 1  #: requests to one device at the same moment, where library and version can
    any_source: bool = False  #: whether a reply from another address or port than the device's counts
    networks: tuple[Networks, ...] = ()  #: the credentials may be sent to addresses that are in all of these

    def preferring(self, name: str) -> SnmpOptions:
        """The same, with the credential set of this name as the first of its kind.

        Users and communities keep their places among each other: no device comes to be tried with a community before a
        user because it was, for one night, reached by the community only.
        """
        first = sorted(self.attempts, key=lambda one: one.name != name)
        kinds = {is_user: [one for one in first if (one.version == "3") == is_user] for is_user in (True, False)}
        return replace(self, attempts=tuple(kinds[one.version == "3"].pop(0) for one in self.attempts))


def read_options(values: Mapping[str, Any]) -> SnmpOptions:
    """Check the options of a task (see the documentation fragment `snmp`); unknown keys are ignored.

    Raises OptionError: one sentence that names the option, and never holds the value of a secret one.
    """
    return SnmpOptions(
        attempts=_attempts(values),
        port=_port(given(values, "port", 161)),
        timeout=_timeout(given(values, "timeout", 2.0)),
        retries=_retries(given(values, "retries", 2)),
        backend=_backend(given(values, "backend", "auto")),
        max_in_flight=_max_in_flight(given(values, "max_in_flight", 1)),
        any_source=bool(values.get("any_source")),
        networks=_networks(values),
    )


def _attempts(values: Mapping[str, Any]) -> tuple[Credentials, ...]:
    if names := given(values, "credentials", None):
        return chosen(names, values.get("credential_sets"), downgrade=bool(given(values, "downgrade", True)))
    words = given(values, "versions", ["3", "2"])
    if isinstance(words, str | int):
        words = str(words).split(",")
    versions = dict.fromkeys(choice("versions", word, VERSIONS) for word in words)
    if not versions:
        raise OptionError("versions is an empty list: name at least one of 1, 2 and 3.")
    if not given(values, "downgrade", True) and "3" in versions and given(values, "username", None):
        # Not even after a refusal: a host in between could send one to get the community.
        versions = {"3": None}
    attempts: list[Credentials] = []
    for version in versions:
        if version == "3" and given(values, "username", None):
            attempts.append(read_user(values))
        elif version != "3" and given(values, "community", None):
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
    found = {name: given(values, option, []) for option, name in named.items()}
    words = {name: value.split(",") if isinstance(value, str) else value for name, value in found.items()}
    return tuple(Networks.read(name, value) for name, value in words.items() if value)


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

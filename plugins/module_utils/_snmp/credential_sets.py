# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential sets: communities and SNMPv3 users by names of the user's own, and those that a device is tried with.

    credential_sets: {core: {username: inventory, auth_passphrase: ...}, legacy: {community: ...}}
    credentials: [core, legacy]

A message names the set and the key, and never holds the value of a secret one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._common.near import did_you_mean
from .errors import OptionError
from .target import Networks
from .users import VERSIONS, Community, Credentials, choice, given, read_user

_OF_A_USER = (
    *("username", "security_level", "auth_protocol", "auth_passphrase", "auth_key"),
    *("privacy_protocol", "privacy_passphrase", "privacy_key", "context_name", "engine_id", "context_engine_id"),
)
KEYS = ("version", "community", *_OF_A_USER, "networks")

#: So many sets at most are tried on one device: each costs time where it is silent, and is shown to whoever answers.
MOST_ATTEMPTS = 16
#: A name is shown in messages and results, and is never looked at for anything else.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")


def read_set(name: str, values: Mapping[Any, Any]) -> Credentials:
    """One set. Raises OptionError."""
    if not _NAME.fullmatch(name):
        raise OptionError(
            "credential_sets: the name of a set has 1 to 64 letters, digits, _ . and - (not in the first place . or -)."
        )
    try:
        found = _read(values)
    except OptionError as error:
        raise OptionError(f"credential_sets: {name}: {error}") from None
    networks = found.networks and replace(found.networks, named=f"networks of the credential set {name}")
    return replace(found, name=name, networks=networks)


def chosen(names: Any, sets: Any, downgrade: bool = True) -> tuple[Credentials, ...]:
    """The sets of these names, in this order.

    :param downgrade: whether a community may be sent to a device that is also tried with an SNMPv3 user.

    Raises OptionError.
    """
    wanted = names_of(names)
    known = sets_of(sets)
    for name in wanted:
        if name not in known:
            raise OptionError(unknown(name, known))
    found = tuple(read_set(name, known[name]) for name in wanted)
    users = tuple(one for one in found if one.version == "3")
    # Not even after a refusal: a host in between could send one to get the community.
    return users if users and not downgrade else found


def names_of(names: Any) -> Sequence[str]:
    """The names of the option `credentials`, each once. Raises OptionError."""
    words = names.split(",") if isinstance(names, str) else names
    if not isinstance(words, list | tuple):
        raise OptionError("credentials is neither the name of a credential set nor a list of names.")
    found = list(dict.fromkeys(str(word).strip() for word in words))
    if len(found) > MOST_ATTEMPTS:
        raise OptionError(f"credentials has {len(found)} names: at most {MOST_ATTEMPTS} are tried on one device.")
    return found


def sets_of(sets: Any) -> dict[str, Mapping[Any, Any]]:
    """The option `credential_sets`, as far as it is what it has to be. Raises OptionError."""
    if sets is None or sets == "":
        return {}
    if not isinstance(sets, Mapping) or not all(isinstance(one, Mapping) for one in sets.values()):
        # Without what is there instead: it may be a secret in the wrong place.
        raise OptionError("credential_sets is not a dictionary of dictionaries, such as {legacy: {community: ...}}.")
    return {str(name): one for name, one in sets.items()}


def unknown(name: str, known: Iterable[str]) -> str:
    """A sentence about a name that no set has, with the nearest one."""
    shown = name if _NAME.fullmatch(name) else "a name"
    names = sorted(one for one in known if _NAME.fullmatch(one))
    if not names:
        return f"credentials: there is no set {shown}, because credential_sets is empty: define it there."
    hint = did_you_mean(name, names) or f" There are {', '.join(names[:10])}."
    return f"credentials: {shown} is not one of credential_sets.{hint}"


def _read(values: Mapping[Any, Any]) -> Credentials:
    for key in values:
        if key not in KEYS:
            raise OptionError(f"'{str(key)[:60]}' is not a key of a credential set.{did_you_mean(str(key), KEYS)}")
    has_user = given(values, "username", None) is not None
    has_community = given(values, "community", None) is not None
    if has_user == has_community:
        what = "both username and community are" if has_user else "neither username nor community is"
        raise OptionError(f"{what} set: a set is one SNMPv3 user or one community.")
    version = choice("version", given(values, "version", "3" if has_user else "2c"), VERSIONS)
    if (version == "3") != has_user:
        raise OptionError(f"version {version} needs {'a username' if version == '3' else 'a community'}.")
    networks = _networks(given(values, "networks", []))
    if has_user:
        return replace(read_user(values), networks=networks)
    idle = next((key for key in _OF_A_USER if given(values, key, None) is not None), None)
    if idle:
        raise OptionError(f"{idle} is of SNMPv3, and the set is a community: remove it, or give a username.")
    return Community(version, str(values["community"]), networks=networks)


def _networks(value: Any) -> Networks | None:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        raise OptionError("networks is not a list of networks, such as [192.0.2.0/24].")
    return Networks.read("networks", words) if words else None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which NetBox, and by which token: a token goes to the address that it was given with, and to no other one.

Several places may say something of a NetBox: options, an inventory file, the environment, an env_file. Each is read as
a whole (Given), because address and token belong together: who may set a variable must not be able to send the token of
a credential elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .._common.env_file import read_env_file
from .address import base_url
from .errors import NetBoxOptionError

#: option -> variable of the environment, or of an env_file, that gives it.
ENVIRONMENT = {"url": "NETBOX_INSTANCE_URL", "token": "NETBOX_API_TOKEN", "validate_certs": "NETBOX_VERIFY_SSL"}
#: Seconds to wait for each reply, where no place says it.
TIMEOUT = 30.0


@dataclass(frozen=True)
class Given:
    """What one place says of NetBox; None where it says nothing."""

    place: str  #: for a sentence: "the environment"
    url: str | None = None  #: as base_url() writes it
    token: str | None = field(default=None, repr=False)
    validate_certs: bool | None = None
    ca_path: str | None = None
    timeout: float | None = None  #: seconds
    #: False: no token of another place goes to its address, and no check of a certificate is left out for its sake.
    vouches: bool = True


@dataclass(frozen=True)
class NetBoxSource:
    """One NetBox with all that is needed to speak with it."""

    url: str  #: as base_url() writes it
    token: str = field(repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = TIMEOUT  #: seconds
    place: str = ""  #: who gave the token, for a sentence

    def as_options(self) -> dict[str, Any]:
        """The options of a task that speaks with it."""
        names = ("url", "token", "validate_certs", "ca_path", "timeout")
        return {name: getattr(self, name) for name in names}


class Sources:
    """All places that say something of NetBox, the one that counts most first."""

    def __init__(self, places: Iterable[Given]) -> None:
        self._places = list(places)

    @property
    def addresses(self) -> list[str]:
        """The NetBoxes that a run may speak with, without its saying which one: each once."""
        return list(dict.fromkeys(place.url for place in self._places if place.url and place.vouches))

    def find(self, url: str | None = None) -> NetBoxSource:
        """The NetBox at this address; without one the NetBox of the first place, else the only one that there is.

        Raises NetBoxOptionError if no token was given with that address, or if it is not said which NetBox is meant.
        """
        address = base_url(url) if url else self._meant()
        for place in self._places:
            if place.token and self._may_go(place, address):
                return self._source(place, address)
        raise NetBoxOptionError(self._no_token(address))

    def known(self) -> list[NetBoxSource]:
        """Every NetBox of which a token is known."""
        found = []
        for address in dict.fromkeys(place.url for place in self._places if place.url):
            try:
                found.append(self.find(address))
            except NetBoxOptionError:
                continue
        return found

    def _meant(self) -> str:
        if self._places and self._places[0].url:
            return self._places[0].url
        if len(self.addresses) > 1:
            raise NetBoxOptionError(
                f"There are several NetBoxes, {' and '.join(self.addresses)}, and it is not said which one is meant:"
                " limit the run to hosts of one of them, or name it with the variable netbox_url."
            )
        return self.addresses[0] if self.addresses else base_url(None)

    def _may_go(self, place: Given, address: str) -> bool:
        return address == place.url if place.url else address in self.addresses

    def _source(self, giver: Given, address: str) -> NetBoxSource:
        """The source by the token of that place; what else is said of this address may stand in other places."""
        speaking = [place for place in self._places if place.url in (None, address)]

        def first(name: str) -> Any:
            return next((value for place in speaking if (value := getattr(place, name)) is not None), None)

        timeout = first("timeout")
        return NetBoxSource(
            address,
            str(giver.token),
            validate_certs=self._validate_certs(giver, speaking),
            ca_path=first("ca_path"),
            timeout=TIMEOUT if timeout is None else timeout,
            place=giver.place,
        )

    def _validate_certs(self, giver: Given, speaking: Iterable[Given]) -> bool:
        """Whether the certificate is checked. A variable alone cannot lay open the token of another place."""
        for place in speaking:
            if place.validate_certs is None:
                continue
            if not (place.validate_certs or place.vouches or giver.place == place.place or place is self._places[0]):
                raise NetBoxOptionError(
                    f"{place.place} switch the check of NetBox's certificate off, for a token that {giver.place} gives:"
                    " set validate_certs, or NETBOX_VERIFY_SSL, there."
                )
            return place.validate_certs
        return True

    def _no_token(self, address: str) -> str:
        others = [f"{place.place} is for {place.url or 'no address'}" for place in self._places if place.token]
        if not others:
            return f"NetBox's API token is not given, for {address}: set the option token, or NETBOX_API_TOKEN."
        return (
            f"There is no token for NetBox at {address}: a token goes only to the address that it was given with, and"
            f" that of {', that of '.join(others)}. Give both in one place, such as NETBOX_INSTANCE_URL and"
            " NETBOX_API_TOKEN."
        )


def given(place: str, values: Mapping[str, Any], vouches: bool = True) -> Given:
    """What a place says, checked; blank values count as not given.

    :param values: by the names of the options url, token, validate_certs, ca_path and timeout; others are left out.

    Raises NetBoxOptionError.
    """
    url, token, validate_certs, ca_path, timeout = (
        _said(values.get(name)) for name in ("url", "token", "validate_certs", "ca_path", "timeout")
    )
    return Given(
        place,
        None if url is None else base_url(str(url)),
        None if token is None else str(token),
        None if validate_certs is None else _boolean(validate_certs),
        None if ca_path is None else str(ca_path),
        None if timeout is None else _seconds(timeout),
        vouches,
    )


def surroundings(env_file: str | None, values: Mapping[str, str] | None = None) -> list[Given]:
    """What the environment of this process says, and what the env_file. Raises NetBoxOptionError and EnvFileError.

    The address of the env_file is none to speak with where the environment names another.

    :param values: what the env_file says, if it was read before.
    """
    there = given("the environment", _by_option(os.environ))
    if not env_file:
        return [there]
    values = read_env_file(env_file) if values is None else values
    return [there, given(f"the file {env_file}", _by_option(values), vouches=not there.url)]


def _by_option(values: Mapping[str, str]) -> dict[str, str]:
    return {option: values[name] for option, name in ENVIRONMENT.items() if name in values}


def _said(value: Any) -> Any:
    return None if value is None or not str(value).strip() else value


def _boolean(value: Any) -> bool:
    """Read strictly: for Ansible each word that it does not know is false, which would switch the check off."""
    try:
        return bool(boolean(value))
    except TypeError:
        raise NetBoxOptionError(f'validate_certs (NETBOX_VERIFY_SSL) must be true or false, not "{value}".') from None


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise NetBoxOptionError(f'timeout must be a number of seconds, not "{value}".') from None

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
#: Seconds to wait for each reply, unless it is set.
TIMEOUT = 30.0


@dataclass(frozen=True)
class Given:
    """The settings of NetBox in one place; None for those that it does not have."""

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
    """One NetBox, with all that a client needs."""

    url: str  #: as base_url() writes it
    token: str = field(repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = TIMEOUT  #: seconds
    place: str = ""  #: the place of the token, for a sentence

    def as_options(self) -> dict[str, Any]:
        """The options of a task that uses it."""
        names = ("url", "token", "validate_certs", "ca_path", "timeout")
        return {name: getattr(self, name) for name in names}


class Sources:
    """All places with settings of NetBox, in order of precedence."""

    def __init__(self, places: Iterable[Given]) -> None:
        self._places = list(places)

    @property
    def addresses(self) -> list[str]:
        """The NetBoxes that a run may use without naming one: each once."""
        return list(dict.fromkeys(place.url for place in self._places if place.url and place.vouches))

    def find(self, url: str | None = None) -> NetBoxSource:
        """The NetBox at this address; without one the NetBox of the first place, else the only one that there is.

        Raises NetBoxOptionError if no token was given with that address, or if it is unclear which NetBox is meant.
        """
        address = base_url(url) if url else self._meant()
        for place in self._places:
            if place.token and self._may_go(place, address):
                return self._source(place, address)
        raise NetBoxOptionError(self._no_token(address))

    def known(self) -> list[NetBoxSource]:
        """Every NetBox with a known token."""
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
                f"There are several NetBoxes, {' and '.join(self.addresses)}, and it is unclear which one is meant:"
                " limit the run to hosts of one of them, or name it with the variable netbox_url."
            )
        return self.addresses[0] if self.addresses else base_url(None)

    def _may_go(self, place: Given, address: str) -> bool:
        return address == place.url if place.url else address in self.addresses

    def _source(self, giver: Given, address: str) -> NetBoxSource:
        """The source by the token of that place. Its other values may come from other places."""
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
        """Whether the certificate is checked. A variable alone cannot expose the token of another place."""
        for place in speaking:
            if place.validate_certs is None:
                continue
            if not (place.validate_certs or place.vouches or giver.place == place.place or place is self._places[0]):
                raise NetBoxOptionError(
                    f"{place.place} disable the check of NetBox's certificate, for a token from {giver.place}:"
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
    """The settings of a place, checked; blank values count as not given.

    :param values: by the names of the options url, token, validate_certs, ca_path and timeout; others are ignored.

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
    """The settings in the environment of this process, and in the env_file. Raises NetBoxOptionError and EnvFileError.

    The address of the env_file is not used if the environment names another one.

    :param values: the variables of the env_file, if it was read before.
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
    """Read strictly: Ansible reads unknown words as false, which would disable the check."""
    try:
        return bool(boolean(value))
    except TypeError:
        raise NetBoxOptionError(f'validate_certs (NETBOX_VERIFY_SSL) must be true or false, not "{value}".') from None


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise NetBoxOptionError(f'timeout must be a number of seconds, not "{value}".') from None

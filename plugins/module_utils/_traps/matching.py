# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which notifications are waited for: by source, by what they notify of, and by their variables."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.errors import OptionsError
from .._mib.errors import MibError
from .._mib.library import Mib
from .._mib.names import oid_of
from .._outgoing.text import brief
from .._patterns.cost import why_costly
from .._snmp.target import Network
from .._snmp.transport import Oid, dotted
from .listener import Arrived

#: Everything below an OID: 1.3.6.1.4.1.9.* or ciscoMgmt.*
_BELOW = ".*"
#: Characters of a text that an expression is searched in.
_SEARCHED = 2048


@dataclass(frozen=True)
class Named:
    """An OID, or all that begin with it."""

    oid: Oid
    below: bool = False

    @classmethod
    def read(cls, text: str, mib: Mib) -> Named:
        """Raises MibError."""
        word = text.strip()
        return cls(oid_of(word.removesuffix(_BELOW), mib), word.endswith(_BELOW))

    def __str__(self) -> str:
        return dotted(self.oid) + (_BELOW if self.below else "")

    def fits(self, oid: Oid) -> bool:
        return oid[: len(self.oid)] == self.oid if self.below else oid == self.oid


@dataclass(frozen=True)
class VariableTest:
    """What a notification has to have among its variables."""

    oid: Oid  #: of the object, or of one instance
    equals: str | None = None
    regex: re.Pattern[str] | None = None
    exists: bool = True

    @classmethod
    def read(cls, given: Mapping[str, Any], mib: Mib) -> VariableTest:
        """Raises OptionsError, MibError."""
        equals, regex = given.get("equals"), given.get("regex")
        exists = given.get("exists")
        if exists is False and not (equals is None and regex is None):
            raise OptionsError(
                f"variables: {brief(given['name'], 80)}: exists is false, so equals and regex have nothing to test",
                "remove them, or exists",
            )
        test = None if regex is None else _expression(str(regex))
        return cls(oid_of(given["name"], mib), None if equals is None else str(equals), test, exists is not False)

    def holds(self, variables: Sequence[tuple[Oid, Mapping[str, Any]]]) -> bool:
        """:param variables: OIDs, and what describe() makes of them."""
        found = [about for oid, about in variables if oid[: len(self.oid)] == self.oid]
        return any(map(self._fits, found)) if self.exists else not found

    def _fits(self, about: Mapping[str, Any]) -> bool:
        words = [str(about[key]) for key in ("value", "text", "enum") if about.get(key) is not None]
        if self.equals is not None and self.equals not in words:
            return False
        return self.regex is None or any(self.regex.search(word[:_SEARCHED]) for word in words)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """All of it has to hold; an empty one always does."""

    sources: tuple[Network, ...] = ()
    notifications: tuple[Named, ...] = ()
    variables: tuple[VariableTest, ...] = ()

    def fits(self, arrived: Arrived, about: Mapping[str, Any]) -> bool:
        """:param about: what described() makes of it."""
        found = arrived.received.notification
        if found is None:
            return False
        source = ipaddress.ip_address(arrived.address)
        if self.sources and not any(source in network for network in self.sources):
            return False
        if self.notifications and not any(one.fits(found.oid) for one in self.notifications):
            return False
        described = about["variables"]
        oids = [one.oid for one in found.varbinds[: len(described)]]
        variables = list(zip(oids, described, strict=True))
        return all(test.holds(variables) for test in self.variables)


def read_sources(words: Sequence[Any]) -> tuple[Network, ...]:
    """Raises OptionsError."""
    found = []
    for word in words:
        try:
            found.append(ipaddress.ip_network(str(word).strip(), strict=False))
        except ValueError:
            raise OptionsError(
                f"sources: '{brief(word, 80)}' is not an address or a network", "correct it, such as 192.0.2.0/24"
            ) from None
    return tuple(found)


def read_wanted(
    sources: Sequence[Any], notifications: Sequence[str], variables: Sequence[Mapping[str, Any]], mib: Mib
) -> Wanted:
    """Raises OptionsError for what cannot be one, also for a name that no MIB has."""
    try:
        return Wanted(
            sources=read_sources(sources),
            notifications=tuple(Named.read(word, mib) for word in notifications),
            variables=tuple(VariableTest.read(one, mib) for one in variables),
        )
    except MibError as error:
        raise OptionsError(str(error)) from None


def in_numbers(
    notifications: Sequence[str], variables: Sequence[Mapping[str, Any]], mib: Mib
) -> tuple[list[str], list[dict[str, Any]]]:
    """The same, which needs no MIB any more. Raises OptionsError."""
    try:
        oids = [str(Named.read(word, mib)) for word in notifications]
        return oids, [{**one, "name": dotted(oid_of(one["name"], mib))} for one in variables]
    except MibError as error:
        raise OptionsError(str(error)) from None


def _expression(text: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise OptionsError(f"variables: the regex {brief(text, 80)} is not one: {error}", "correct it") from None
    if problem := why_costly(pattern):
        raise OptionsError(f"variables: the regex {brief(text, 80)} may take too long: {problem}", "change it")
    return pattern

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a device is: its name made an address, once; and whether credentials may be sent there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from .errors import OptionError, SnmpUnreachable

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"


class Target(NamedTuple):
    """The address of an agent."""

    host: str  #: as it was given
    address: str  #: IPv4 or IPv6 literal, without brackets
    port: int
    ipv6: bool
    #: called before each datagram that is sent there, also a repeated one: it may wait, and raises SnmpLimitError where
    #: none may be sent
    gate: Callable[[], None] | None = None


@dataclass(frozen=True)
class Networks:
    """Networks to which SNMP credentials may be sent."""

    named: str  #: where they are given, for messages
    networks: tuple[Network, ...]

    @classmethod
    def read(cls, named: str, words: Iterable[Any]) -> Networks:
        """From words such as 192.0.2.0/24 or 2001:db8::1. Raises OptionError."""
        networks = []
        for word in words:
            text = str(word).strip()
            try:
                networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:
                example = "192.0.2.0/24 or 2001:db8::/32"
                raise OptionError(f"{named}: '{text}' is not a network, such as {example}.") from None
        return cls(named, tuple(networks))

    def contain(self, literal: str) -> bool:
        """Whether an address is in one of them."""
        address = ipaddress.ip_address(literal)
        # An IPv4 address can be written as one of IPv6, and is the same device.
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.networks)

    def check(self, target: Target) -> None:
        """Raises OptionError for an address that is in none of them."""
        if self.contain(target.address):
            return
        names = ", ".join(map(str, self.networks[:4])) + (", ..." if len(self.networks) > 4 else "")
        found = target.host if target.host.strip("[]") == target.address else f"{target.host} ({target.address})"
        raise OptionError(
            f"{found} is outside the networks to which SNMP credentials may be sent ({self.named}: {names}), so "
            "nothing was sent. Correct the address, or add its network."
        )


def resolve(host: str, port: int) -> Target:
    """IPv4 and IPv6 literals (also in brackets) as they are, names by the system's resolver, its first answer.

    Raises OptionError for an empty host, SnmpUnreachable for a name that does not resolve.
    """
    name = host.strip()
    if not name:
        raise OptionError("host is empty: give the address or the name of the device.")
    literal = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        address = ipaddress.ip_address(literal)
    except ValueError:
        return _look_up(name, port)
    return Target(host, literal, port, address.version == 6)


def socket_address(target: Target) -> tuple[int, tuple[Any, ...]]:
    """The address family and the address as a socket takes it, and as it names it where a datagram comes from there.

    No name is looked up: that was done once, and another answer now would be another device. Raises OSError.
    """
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    found = socket.getaddrinfo(target.address, target.port, type=socket.SOCK_DGRAM, flags=numeric)
    return found[0][0], found[0][4]


def _look_up(name: str, port: int) -> Target:
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        raise SnmpUnreachable(f"the name {name} does not resolve: correct it, or give an address.") from None
    family, _type, _protocol, _canonical, address = answers[0]
    return Target(name, str(address[0]), port, family == socket.AF_INET6)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a device is: its name made an address, once, for both backends."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple

from .errors import OptionError, SnmpUnreachable


class Target(NamedTuple):
    """The address of an agent."""

    host: str  #: as it was given
    address: str  #: IPv4 or IPv6 literal, without brackets
    port: int
    ipv6: bool


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


def _look_up(name: str, port: int) -> Target:
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        raise SnmpUnreachable(f"the name {name} does not resolve: correct it, or give an address.") from None
    family, _type, _protocol, _canonical, address = answers[0]
    return Target(name, str(address[0]), port, family == socket.AF_INET6)

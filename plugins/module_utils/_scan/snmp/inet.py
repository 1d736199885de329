# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP addresses in indexes and values of tables. What is no address, or one that no scan could ask, is None."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

#: InetAddressType (RFC 4001) -> octets: ipv4, ipv6. Those with a zone (3, 4) mean nothing outside the device.
_INET = {1: 4, 2: 16}
#: AddressFamilyNumbers (IANA), in LLDP: ipV4, ipV6.
_FAMILIES = {1: 4, 2: 16}


def in_index(index: Sequence[int]) -> str | None:
    """The address of an index of InetAddressType and InetAddress: type, length, octets."""
    octets = _INET.get(index[0]) if len(index) > 2 else None
    return _address(index[2:]) if octets and index[1] == octets == len(index) - 2 else None


def in_lldp_index(index: Sequence[int]) -> str | None:
    """The address of an index of AddressFamilyNumbers and LldpManAddress; some agents leave the length out."""
    octets = _FAMILIES.get(index[0]) if len(index) > 2 else None
    if octets is None:
        return None
    rest = index[2:] if index[1] == octets == len(index) - 2 else index[1:]
    return _address(rest) if len(rest) == octets else None


def plain_v4(index: Sequence[int]) -> str | None:
    """Four octets."""
    return _address(index) if len(index) == 4 else None


def plain_v6(index: Sequence[int]) -> str | None:
    """Sixteen octets; some agents put their number before them."""
    octets = index[1:] if len(index) == 17 and index[0] == 16 else index
    return _address(octets) if len(octets) == 16 else None


def from_octets(value: object) -> str | None:
    """An address as octets."""
    return _address(value) if isinstance(value, bytes) and len(value) in (4, 16) else None


def _address(octets: Sequence[int]) -> str | None:
    if any(not 0 <= octet <= 255 for octet in octets):
        return None
    address = ipaddress.ip_address(bytes(octets))
    useless = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    return None if useless else str(address)

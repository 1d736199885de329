# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses whose kind another variable gives: InetAddress by InetAddressType (RFC 4001), and LLDP's like it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from .nodes import Syntax

#: Textual conventions of such addresses, and of their kinds.
_ADDRESSES = frozenset({"InetAddress", "LldpManAddress"})
_KINDS = frozenset({"InetAddressType", "AddressFamilyNumbers"})
#: Octets of a zone index behind an address (RFC 4001: InetAddressIPv4z, InetAddressIPv6z).
_ZONE = 4


def is_address(syntax: Syntax | None) -> bool:
    """Whether values of this type are addresses of a kind that another variable gives."""
    return syntax is not None and syntax.name in _ADDRESSES


def is_kind(syntax: Syntax | None) -> bool:
    """Whether values of this type are kinds of addresses."""
    return syntax is not None and syntax.name in _KINDS


def address_text(value: bytes, kind: str) -> str | None:
    """The address as text: 192.0.2.1, 2001:db8::1, fe80::1%3. None for octets that are none of this kind.

    :param kind: the word of InetAddressType (ipv4, ipv6, ipv4z, ipv6z, dns) or AddressFamilyNumbers (ipV4, all802).
    """
    write = _WRITERS.get(kind.lower())
    try:
        return write(value) if write else None
    except ValueError:
        return None


def address_octets(text: str, kind: str) -> bytes:
    """address_text() backwards. Raises ValueError."""
    kind = kind.lower()
    if kind == "dns":
        return text.encode("ascii")
    if kind == "all802":
        return bytes.fromhex(text.replace(":", "").replace("-", ""))
    if kind not in _WRITERS:
        raise ValueError(text)
    address, _percent, zone = text.partition("%")
    packed = _VERSIONS[kind[:4]](address).packed
    return packed + int(zone).to_bytes(_ZONE, "big") if kind.endswith("z") else packed


_VERSIONS: dict[str, Callable[[str], ipaddress.IPv4Address | ipaddress.IPv6Address]] = {
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
}


def _ip(value: bytes, octets: int, zone: bool) -> str:
    if len(value) != octets + _ZONE * zone:
        raise ValueError(value)
    address = str(ipaddress.ip_address(value[:octets]))
    return f"{address}%{int.from_bytes(value[octets:], 'big')}" if zone else address


def _dns(value: bytes) -> str:
    text = value.decode("ascii")
    if not text.isprintable():
        raise ValueError(value)
    return text


def _mac(value: bytes) -> str:
    return value.hex(":")


_WRITERS: dict[str, Callable[[bytes], str]] = {
    "ipv4": lambda value: _ip(value, 4, False),
    "ipv6": lambda value: _ip(value, 16, False),
    "ipv4z": lambda value: _ip(value, 4, True),
    "ipv6z": lambda value: _ip(value, 16, True),
    "dns": _dns,
    "all802": _mac,
}

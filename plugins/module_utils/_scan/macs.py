# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC addresses: one way to write them, and which of them belong to one interface of one host."""

from __future__ import annotations

import re
from functools import lru_cache

_OCTETS = 6
_SEPARATORS = re.compile(r"[\s.:_-]")
_DIGITS = re.compile(r"[0-9a-f]{12}")

_GROUP, _LOCAL = 0x01, 0x02  #: bits of the first octet (IEEE 802-2014, 8.2.2): multicast; locally administered

#: How the hexadecimal digits of addresses begin that several hosts use in turn, or that do not name a host.
_SHARED = (
    "000000",  # not programmed, or made up: 00:00:00:00:00:01
    "00005e",  # IANA: VRRP 00:00:5e:00:01 and 00:00:5e:00:02 (RFC 9568, 7.3), CARP
    "00000c07ac",  # HSRP version 1
    "00000c9ff",  # HSRP version 2
    "000573a00",  # HSRP for IPv6
    "0007b40",  # GLBP
    "00e02b000080",  # ESRP (Extreme)
    "00090f09",  # clusters of FortiGate
    "001b1700",  # clusters of PAN-OS
    "001c73000099",  # VARP, as Arista's documentation configures it
)


def normal_mac(value: str | bytes) -> str:
    """The address as aa:bb:cc:dd:ee:ff, from six octets or any usual text; empty for anything else, and for zeros."""
    if isinstance(value, bytes):
        digits = value.hex() if len(value) == _OCTETS else ""
    else:
        # A longer text is not an address, however it is separated.
        digits = _SEPARATORS.sub("", value[:32]).lower()
    if not _DIGITS.fullmatch(digits) or not int(digits, 16):
        return ""
    return ":".join(digits[place : place + 2] for place in range(0, 2 * _OCTETS, 2))


@lru_cache(maxsize=65_536)
def is_identity(mac: str) -> bool:
    """Whether an address (aa:bb:cc:dd:ee:ff) belongs to one host for good.

    Not so: multicast and broadcast, locally administered ones (random ones of phones, virtual machines, containers),
    and those that routers and clusters hand to each other (VRRP, HSRP, GLBP, ...). These join no hosts and name no
    vendor.
    """
    digits = normal_mac(mac).replace(":", "")
    if not digits or int(digits[:2], 16) & (_GROUP | _LOCAL):
        return False
    return not digits.startswith(_SHARED)

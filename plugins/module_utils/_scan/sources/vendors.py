# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor of a MAC address, by the list of the IEEE that the library netaddr brings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..._outgoing.text import brief
from ..macs import is_identity, normal_mac

NO_LIBRARY = "vendors of MAC addresses need the Python library netaddr: pip install netaddr"

#: The IEEE itself, under which blocks are listed that are divided among vendors which netaddr does not list.
_DIVIDED = "IEEE REGISTRATION AUTHORITY"
_LONGEST = 80


def is_available() -> bool:
    return _library() is not None


def vendor_of(mac: str) -> str:
    """The vendor of an interface; empty if it is not known, if the address belongs to no interface for good (local,
    VRRP, multicast, ...: is_identity), or without the library."""
    digits = normal_mac(mac).replace(":", "")
    return _vendor(digits[:9]) if digits and is_identity(mac) else ""


@lru_cache(maxsize=4096)
def _vendor(digits: str) -> str:
    """By the first 36 bits: blocks are as small as that."""
    netaddr = _library()
    if netaddr is None:
        return ""
    address = netaddr.EUI(f"{digits}000")
    try:
        block = address.iab if address.is_iab() else address.oui
        name = str(block.registration().org)
    except netaddr.NotRegisteredError:
        return ""
    return "" if name.upper() == _DIVIDED else brief(name, _LONGEST)


@lru_cache(maxsize=1)
def _library() -> Any:
    """Loaded with the first MAC: 0.03 s, then 0.06 s and 15 MB for its index, and 30 us for each vendor."""
    try:
        import netaddr
    except ImportError:
        return None
    return netaddr

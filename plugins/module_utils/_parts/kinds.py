# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of SNMP types (RFC 2578) that are neither text nor the number of a thing: what measures, counts or addresses.

An Agent returns them as numbers and octets like others. Code that must not take them for something else, such as a
serial number, recognises them by their class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Ticks(int):
    """TimeTicks: hundredths of a second."""


class Counter(int):
    """Counter32 or Counter64."""


class Address(bytes):
    """IpAddress."""


class Opaque(bytes):
    """Opaque: another encoding inside; net-snmp sends floating-point numbers so."""


#: Kind of a VarBind (transport.py) -> what its value becomes.
MEASURES: Mapping[str, Callable[[Any], int | bytes]] = {
    "ticks": Ticks,
    "counter32": Counter,
    "counter64": Counter,
    "ip": Address,
    "opaque": Opaque,
}


def is_plain(value: object) -> bool:
    """Whether a value is a text or an INTEGER: no time, count, address, or other encoding."""
    return not isinstance(value, (Ticks, Counter, Address, Opaque))

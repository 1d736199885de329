# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented devices, as the variables of their agents; and what a test needs to ask them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._scan.snmp.access import Access, Rule
from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, replay_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind

Variables = list[tuple[Oid, str, Any]]

ARISTA = (1, 3, 6, 1, 4, 1, 30065, 1, 3011, 7048)
ENGINE = bytes.fromhex("8000f58b03001c73aabbcc")


def octets_of(address: str) -> tuple[int, ...]:
    return tuple(ipaddress.ip_address(address).packed)


def inet_index(address: str) -> Oid:
    """InetAddressType and InetAddress."""
    octets = octets_of(address)
    return (1 if len(octets) == 4 else 2, len(octets), *octets)


def mac_of(number: int) -> bytes:
    return bytes((0, 0x1C, 0x73, 0, number // 256, number % 256))


def system(name: str, object_id: Oid = ARISTA, engine: bytes = ENGINE) -> Variables:
    base = (1, 3, 6, 1, 2, 1, 1)
    return [
        ((*base, 1, 0), "octets", b"Arista Networks EOS version 4.31.2F running on an Arista Networks DCS-7048-T"),
        ((*base, 2, 0), "oid", object_id),
        ((*base, 3, 0), "ticks", 4711),
        ((*base, 5, 0), "octets", name.encode()),
        ((*base, 6, 0), "octets", b"Brno, rack 7"),
        ((1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0), "octets", engine),
        ((1, 3, 6, 1, 2, 1, 4, 1, 0), "int", 1),
        ((1, 0, 8802, 1, 1, 2, 1, 3, 1, 0), "int", 4),
        ((1, 0, 8802, 1, 1, 2, 1, 3, 2, 0), "octets", mac_of(0)),
    ]


def chassis(serial: str, model: str = "DCS-7048-T") -> Variables:
    row = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
    texts = {2: b"chassis", 7: b"Chassis", 11: serial.encode(), 12: b"Arista Networks", 13: model.encode()}
    numbers = {4: 0, 5: 3, 6: -1}
    return [
        *(((*row, column, 1), "octets", text) for column, text in texts.items()),
        *(((*row, column, 1), "int", number) for column, number in numbers.items()),
    ]


def interfaces(numbers: Iterable[int]) -> Variables:
    """Interfaces with MACs, called Ethernet1 and so on."""
    return [
        row
        for number in numbers
        for row in (
            ((1, 3, 6, 1, 2, 1, 2, 2, 1, 6, number), "octets", mac_of(number)),
            ((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, number), "octets", b"Ethernet%d" % number),
        )
    ]


def own(addresses: Iterable[str], kind: int = 1) -> Variables:
    """ipAddressType of its own addresses."""
    return [((1, 3, 6, 1, 2, 1, 4, 34, 1, 4, *inet_index(address)), "int", kind) for address in addresses]


def physical(address: str, mac: bytes, kind: int = 3, state: int | None = 1, if_index: int = 7) -> Variables:
    """An entry of ipNetToPhysicalTable."""
    entry, index = (1, 3, 6, 1, 2, 1, 4, 35, 1), (if_index, *inet_index(address))
    rows: Variables = [((*entry, 4, *index), "octets", mac), ((*entry, 6, *index), "int", kind)]
    return rows if state is None else [*rows, ((*entry, 7, *index), "int", state)]


def media(address: str, mac: bytes, kind: int = 3, if_index: int = 7) -> Variables:
    """An entry of ipNetToMediaTable."""
    entry, index = (1, 3, 6, 1, 2, 1, 4, 22, 1), (if_index, *octets_of(address))
    return [((*entry, 2, *index), "octets", mac), ((*entry, 4, *index), "int", kind)]


def lldp(port: int, name: str, chassis_id: bytes, addresses: Sequence[str], number: int = 1) -> Variables:
    """An LLDP neighbour at a port."""
    entry, index = (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1), (0, port, number)
    managed = (1, 0, 8802, 1, 1, 2, 1, 4, 2, 1, 3)
    return [
        ((*entry, 4, *index), "int", 4),
        ((*entry, 5, *index), "octets", chassis_id),
        ((*entry, 7, *index), "octets", b"Gi0/1"),
        ((*entry, 9, *index), "octets", name.encode()),
        *(((*managed, *index, *inet_index(address)), "int", 2) for address in addresses),
    ]


def lldp_port(port: int, name: str) -> Variables:
    entry = (1, 0, 8802, 1, 1, 2, 1, 3, 7, 1)
    return [((*entry, 2, port), "int", 5), ((*entry, 3, port), "octets", name.encode())]


def cdp(if_index: int, device_id: str, address: str) -> Variables:
    entry, index = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1), (if_index, 1)
    return [
        ((*entry, 3, *index), "int", 1),
        ((*entry, 4, *index), "octets", bytes(octets_of(address))),
        ((*entry, 6, *index), "octets", device_id.encode()),
    ]


def modules(numbers: Iterable[int]) -> Variables:
    """Rows of entPhysicalTable with serial numbers, in the chassis."""
    row = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
    return [
        variable
        for number in numbers
        for variable in (
            ((*row, 2, number), "octets", b"Module %d" % number),
            ((*row, 4, number), "int", 1),
            ((*row, 5, number), "int", 9),
            ((*row, 7, number), "octets", b"Module %d" % number),
            ((*row, 11, number), "octets", b"MOD%08d" % number),
        )
    ]


def replayed(*parts: Variables, limits: Limits | None = None) -> Session:
    """A session with such a device."""
    varbinds = {oid: VarBind(oid, kind, value) for part in parts for oid, kind, value in part}
    return replay_session(Recording("invented", varbinds, oids=sorted(varbinds)), limits)


class Packets:
    """A budget of so many datagrams."""

    seconds_left = 60.0

    def __init__(self, most: int = 10_000) -> None:
        self.most = most
        self.taken: list[str] = []

    async def take(self, address: str, packets: int = 1, later: int = 0) -> bool:
        if len(self.taken) + packets > self.most:
            return False
        self.taken += [address] * packets
        return True

    def give_back(self, address: str, packets: int) -> None:
        raise AssertionError


def access(port: int, rule: Rule | None = None, budget: Packets | None = None, **options: Any) -> Access:
    """To agents at a port of loopback addresses, in SNMPv2c. By default all of them may be asked."""
    values = {"port": port, "community": "public", "versions": ["2"], "timeout": 0.3, "retries": 1, **options}
    anything = Rule(is_target=lambda _address: True, all_targets=True)
    return Access(read_options(values), rule or anything, budget or Packets())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The LLDP and CDP neighbours of a device: their names, management addresses and MACs, and the port that sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..._devices.interfaces import if_names
from ..._devices.values import text
from ..._snmp.agent import Agent, Table
from ..macs import normal_mac
from .inet import from_octets, in_lldp_index

#: IEEE 802.1AB, indexed by lldpRemTimeMark, lldpRemLocalPortNum and lldpRemIndex.
LLDP = Table(
    "lldpRemTable",
    (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1),
    {"chassis_subtype": 4, "chassis_id": 5, "port_id": 7, "name": 9},
    required=False,
)
#: The same, and lldpRemManAddrSubtype and lldpRemManAddr.
LLDP_ADDRESSES = Table("lldpRemManAddrTable", (1, 0, 8802, 1, 1, 2, 1, 4, 2, 1), {"if_subtype": 3}, required=False)
LLDP_PORTS = Table(
    "lldpLocPortTable", (1, 0, 8802, 1, 1, 2, 1, 3, 7, 1), {"subtype": 2, "id": 3, "descr": 4}, required=False
)
#: LLDP-V2-MIB (IEEE 802.1AB-2009), of agents that lack the older one. Indexed by lldpV2RemTimeMark, an ifIndex,
#: lldpV2RemLocalDestMACAddress and lldpV2RemIndex.
LLDP_V2 = Table(
    "lldpV2RemTable",
    (1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 1, 1),
    {"chassis_subtype": 5, "chassis_id": 6, "port_id": 8, "name": 10},
    required=False,
)
LLDP_V2_ADDRESSES = Table(
    "lldpV2RemManAddrTable", (1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 2, 1), {"if_subtype": 3}, required=False
)
#: CISCO-CDP-MIB, indexed by ifIndex and cdpCacheDeviceIndex.
CDP = Table(
    "cdpCacheTable",
    (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1),
    {"address_type": 3, "address": 4, "device_id": 6, "port": 7, "sys_name": 17, "primary": 20},
    required=False,
)

#: LldpChassisIdSubtype: macAddress. LldpPortIdSubtype: interfaceAlias, interfaceName, local.
_CHASSIS_IS_MAC = 4
_PORT_NAMES = (1, 5, 7)
#: Neighbours of one device.
MOST_NEIGHBOURS = 5000


@dataclass(frozen=True)
class Neighbour:
    """A neighbour with a management address."""

    address: str
    name: str  #: lldpRemSysName, or cdpCacheSysName or cdpCacheDeviceId
    mac: str  #: lldpRemChassisId, where it is a MAC: of the device, not of this address
    port: str  #: of the device that sees it
    protocol: str  #: LLDP or CDP


def read_links(agent: Agent) -> tuple[list[Neighbour], str]:
    """All neighbours that give an IP address, in order; and what could not be read, in words."""
    agent.read((LLDP, tuple(LLDP.columns)), (LLDP_ADDRESSES, ("if_subtype",)), (CDP, tuple(CDP.columns)))
    found = list(dict.fromkeys([*_lldp(agent), *_cdp(agent)]))
    problems = [f"{name}: {table.error}" for name, table in agent.tables.items() if table.error and not table.complete]
    if len(found) > MOST_NEIGHBOURS:
        problems.append(f"it has more than {MOST_NEIGHBOURS:,} neighbours")
    return found[:MOST_NEIGHBOURS], "; ".join(problems)


def _lldp(agent: Agent) -> list[Neighbour]:
    older = _by_lldp(agent, LLDP, LLDP_ADDRESSES, 3, _lldp_ports)
    return older or _by_lldp(agent, LLDP_V2, LLDP_V2_ADDRESSES, 4, if_names)


def _by_lldp(
    agent: Agent,
    table: Table,
    addresses: Table,
    length: int,
    port_names: Callable[[Agent, Iterable[int]], Mapping[int, str]],
) -> list[Neighbour]:
    """The neighbours in one version of the tables. length: of a neighbour's index, whose second number is the port."""
    indexes = agent.columns(addresses, ("if_subtype",))
    managed = [(index[:length], in_lldp_index(index[length:])) for index in indexes if len(index) > length]
    ports = port_names(agent, [index[1] for index, address in managed if address])
    rows = agent.columns(table, tuple(table.columns)) if managed else {}
    found = []
    for index, address in managed:
        row = rows.get(index)
        if address and row:
            chassis, is_mac = row.get("chassis_id"), row.get("chassis_subtype") == _CHASSIS_IS_MAC
            mac = normal_mac(chassis) if isinstance(chassis, bytes) and is_mac else ""
            found.append(Neighbour(address, text(row, "name") or "", mac, ports.get(index[1], ""), "LLDP"))
    return found


def _lldp_ports(agent: Agent, wanted: Iterable[int]) -> Mapping[int, str]:
    """lldpLocPortNum -> the name of the port: lldpLocPortId where that is a name, else lldpLocPortDesc."""
    if not wanted:
        return {}
    names = {}
    for index, row in agent.columns(LLDP_PORTS, tuple(LLDP_PORTS.columns)).items():
        own = text(row, "id") if row.get("subtype") in _PORT_NAMES else None
        name = own or text(row, "descr")
        if len(index) == 1 and name:
            names[index[0]] = name
    return names


def _cdp(agent: Agent) -> Iterator[Neighbour]:
    rows = agent.columns(CDP, tuple(CDP.columns))
    found = {index: (_cdp_address(row), row) for index, row in rows.items() if len(index) == 2}
    names = if_names(agent, (index[0] for index, (address, _row) in found.items() if address))
    for index, (address, row) in found.items():
        if address:
            # "sw-1.example.com(FOC1234X0AB)": NX-OS adds the serial.
            name = text(row, "sys_name") or (text(row, "device_id") or "").partition("(")[0]
            yield Neighbour(address, name, "", names.get(index[0], ""), "CDP")


def _cdp_address(row: Mapping[str, object]) -> str | None:
    """The management address, or the first one of its interface."""
    return from_octets(row.get("primary")) or from_octets(row.get("address"))

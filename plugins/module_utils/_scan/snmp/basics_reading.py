# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an agent reports of its device, in few requests: who it is, its interfaces and addresses, its chassis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..._devices.collection import Collection
from ..._devices.profile_files import Profiles
from ..._devices.recognition import read_system
from ..._devices.registry import read_device
from ..._devices.values import text
from ..._parts.item import Item
from ..._parts.serials import NO_RULES, SerialRules
from ..._snmp.agent import Agent, Rows, Table, Value
from ..._snmp.session import Session
from ..._snmp.transport import Oid
from ..finding import SnmpBasics
from ..macs import is_identity, normal_mac
from ..ranges import parse_range
from .inet import in_index, plain_v4

#: sysLocation (RFC 3418), snmpEngineID (RFC 3411), ipForwarding (RFC 4293), dot1dBaseBridgeAddress (RFC 4188),
#: lldpLocChassisId with its subtype (IEEE 802.1AB)
SCALARS: Mapping[str, Oid] = {
    "location": (1, 3, 6, 1, 2, 1, 1, 6, 0),
    "engine_id": (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0),
    "forwarding": (1, 3, 6, 1, 2, 1, 4, 1, 0),
    "bridge": (1, 3, 6, 1, 2, 1, 17, 1, 1, 0),
    "chassis_subtype": (1, 0, 8802, 1, 1, 2, 1, 3, 1, 0),
    "chassis_id": (1, 0, 8802, 1, 1, 2, 1, 3, 2, 0),
}
_FORWARDING, _CHASSIS_IS_MAC = 1, 4

IF_ADDRESSES = Table("ifTable", (1, 3, 6, 1, 2, 1, 2, 2, 1), {"mac": 6}, required=False)
#: RFC 4293, indexed by InetAddressType and InetAddress.
IP_ADDRESSES = Table("ipAddressTable", (1, 3, 6, 1, 2, 1, 4, 34, 1), {"type": 4}, required=False)
#: RFC 1213, of IPv4 only.
IP_ADDRESSES_V4 = Table("ipAddrTable", (1, 3, 6, 1, 2, 1, 4, 20, 1), {"if_index": 2}, required=False)
_UNICAST = 1

#: So many MACs, addresses and chassis serials of one device are kept: of thousands of interfaces few differ.
MOST_MACS, MOST_ADDRESSES, MOST_SERIALS = 512, 1024, 16


def read_identity(session: Session) -> tuple[SnmpBasics, bool]:
    """Who it is, by the system group (read already when the session was opened) and one GET; whether it is a router."""
    system = read_system(session.agent)
    found = session.agent.scalars(SCALARS)
    engine = found.get("engine_id")
    basics = SnmpBasics(
        version=str((session.attempt or {}).get("version", "")),
        sys_name=system.name,
        sys_descr=system.description,
        sys_object_id=system.dotted_object_id,
        location=text(found, "location") or "",
        engine_id=engine.hex() if isinstance(engine, bytes) else "",
        macs=tuple(dict.fromkeys(filter(None, _own_macs(found)))),
    )
    return basics, found.get("forwarding") == _FORWARDING


def read_basics(
    session: Session, identity: SnmpBasics, profiles: Profiles | None = None, rules: SerialRules = NO_RULES
) -> tuple[SnmpBasics, str]:
    """The same with interfaces, addresses and chassis; and what could not be read completely, in words."""
    agent = session.agent
    agent.read((IF_ADDRESSES, ("mac",)), (IP_ADDRESSES, ("type",)))
    macs = [*identity.macs, *_interface_macs(agent.columns(IF_ADDRESSES, ("mac",)))]
    collection = read_device(agent, profiles=profiles, rules=rules)
    chassis = _chassis(collection)
    basics = replace(
        identity,
        platform=collection.platform,
        manufacturer=next((item.manufacturer for item in chassis if item.manufacturer), ""),
        model=next((item.part for item in chassis if item.part), ""),
        serials=tuple(dict.fromkeys(item.serial for item in chassis))[:MOST_SERIALS] if collection.complete else (),
        macs=tuple(dict.fromkeys(macs))[:MOST_MACS],
        addresses=_addresses(agent)[:MOST_ADDRESSES],
    )
    return basics, "" if collection.complete else "its chassis was not read completely"


def _own_macs(found: Mapping[str, Value]) -> Iterable[str]:
    bridge, chassis = found.get("bridge"), found.get("chassis_id")
    if isinstance(bridge, bytes):
        yield normal_mac(bridge)
    if isinstance(chassis, bytes) and found.get("chassis_subtype") == _CHASSIS_IS_MAC:
        yield normal_mac(chassis)


def _interface_macs(rows: Rows) -> list[str]:
    """Those of hosts first, in order: what is cut must be the same each night."""
    macs = {normal_mac(value) for row in rows.values() if isinstance(value := row["mac"], bytes)} - {""}
    return sorted(macs, key=lambda mac: (not is_identity(mac), mac))


def _addresses(agent: Agent) -> tuple[str, ...]:
    """Its unicast addresses, in order, without those that every host has (loopback, link-local)."""
    rows = agent.columns(IP_ADDRESSES, ("type",))
    found = {in_index(index) for index, row in rows.items() if row["type"] == _UNICAST} - {None}
    if not any(address and ":" not in address for address in found):
        found |= {plain_v4(index) for index in agent.columns(IP_ADDRESSES_V4, ("if_index",))}
    return tuple(sorted(filter(None, found), key=parse_range))


def _chassis(collection: Collection) -> list[Item]:
    """The chassis that count, the first one most: see _devices/chassis.py."""
    items = {(item.serial, item.source, item.index): item for item in collection.items}
    listed = [(one.serial, one.source, one.index) for one in collection.chassis]
    return [items[key] for key in listed if key in items]

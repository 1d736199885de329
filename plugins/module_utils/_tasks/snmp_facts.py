# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_facts does: system, interfaces and addresses, in the shape of community.general.snmp_facts.

Interfaces and their fields are text, as there; docs/snmp.md has a table of what differs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .._mib.library import Mib
from .._outgoing.text import printable
from .._parts.labels import decode
from .._snmp.questions import Answer, Question, varbind_of
from .._snmp.transport import EXCEPTIONS, Oid
from .snmp_reading import READING_ARGUMENTS

#: The names that options have in community.general.snmp_facts.
_ALIASES = {
    "versions": "version",
    "security_level": "level",
    "auth_protocol": "integrity",
    "auth_passphrase": "authkey",
    "privacy_protocol": "privacy",
    "privacy_passphrase": "privkey",
}
ARGUMENT_SPEC: dict[str, Any] = {
    name: {**option, "aliases": [_ALIASES[name]]} if name in _ALIASES else option
    for name, option in READING_ARGUMENTS.items()
}

MIB_2 = (1, 3, 6, 1, 2, 1)
#: fact -> number in the system group (RFC 3418)
_SYSTEM = {
    "ansible_sysdescr": 1,
    "ansible_sysobjectid": 2,
    "ansible_sysuptime": 3,
    "ansible_syscontact": 4,
    "ansible_sysname": 5,
    "ansible_syslocation": 6,
}
#: IF-MIB (RFC 2863)
_IF, _IFX = (*MIB_2, 2, 2, 1), (*MIB_2, 31, 1, 1, 1)
#: field of an interface -> its column
_FIELDS: dict[str, Oid] = {
    "ifindex": (*_IF, 1),
    "name": (*_IF, 2),
    "mtu": (*_IF, 4),
    "speed": (*_IF, 5),
    "mac": (*_IF, 6),
    "adminstatus": (*_IF, 7),
    "operstatus": (*_IF, 8),
    "description": (*_IFX, 18),
    "ifname": (*_IFX, 1),
    "highspeed": (*_IFX, 15),
    "in_octets": (*_IFX, 6),
    "out_octets": (*_IFX, 10),
}
#: Fields that community.general.snmp_facts does not have, as numbers.
_NUMBERS = frozenset({"highspeed", "in_octets", "out_octets"})
_STATUS = ("", "up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown")
#: IP-MIB: ipAddrTable (RFC 1213), and ipAddressTable in its place (RFC 4293)
_OLD_IF_INDEX, _OLD_NETMASK = (*MIB_2, 4, 20, 1, 2), (*MIB_2, 4, 20, 1, 3)
_IF_INDEX, _TYPE, _PREFIX = (*MIB_2, 4, 34, 1, 3), (*MIB_2, 4, 34, 1, 4), (*MIB_2, 4, 34, 1, 5)
_COLUMNS = (*_FIELDS.values(), _OLD_IF_INDEX, _OLD_NETMASK, _IF_INDEX, _TYPE, _PREFIX)
#: ipAddressType of an address that is not the device's own.
_BROADCAST = 3
#: InetAddressType -> octets of an address of it: ipv4, ipv6, ipv4z, ipv6z
_ADDRESS_OCTETS = {1: 4, 2: 16, 3: 4, 4: 16}
#: Behind the prefix length that ipAddressPrefix ends with, or in its place: there is none (0.0).
_NO_PREFIX = (0, 0)

Value: TypeAlias = "bytes | int | Oid | None"
Columns = Mapping[Oid, Mapping[Oid, Value]]
IpAddress: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


class FactsReading:
    """System group, interfaces, addresses."""

    question = Question(
        get=[[*MIB_2, 1, number, 0] for number in _SYSTEM.values()], walk=[list(column) for column in _COLUMNS]
    )

    def result(self, answer: Answer) -> dict[str, Any]:
        system = [varbind_of(reply.cell) if reply.cell else None for reply in answer.get]
        facts: dict[str, Any] = {
            fact: _text(varbind.value if varbind and varbind.kind not in EXCEPTIONS else None)
            for fact, varbind in zip(_SYSTEM, system, strict=True)
        }
        facts["ansible_sysuptime"] = int(facts["ansible_sysuptime"] or 0)
        columns: Columns = {
            column: {one.oid[len(column) :]: one.value for one in map(varbind_of, walked.cells)}
            for column, walked in zip(_COLUMNS, answer.walk, strict=True)
        }
        addresses = _addresses(columns)
        facts["ansible_all_ipv4_addresses"] = [str(one) for one, _index, _net in addresses if one.version == 4]
        facts["ansible_all_ipv6_addresses"] = [str(one) for one, _index, _net in addresses if one.version == 6]
        facts["ansible_interfaces"] = _interfaces(columns, addresses)
        result: dict[str, Any] = {"ansible_facts": facts}
        problems = [str(walked.error) for walked in answer.walk if walked.error]
        problems += [str(reply.error) for reply in answer.get if reply.error]
        if problems:
            result["incomplete"] = f"not read completely: {', '.join(dict.fromkeys(problems))}"
        return result


def facts_reading(params: Mapping[str, Any], _mib: Mib) -> FactsReading:
    """A Reading for these options."""
    return FactsReading()


def with_one_try(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with one request where community.general.snmp_facts has no *re*tries: here it counts too."""
    return {**params, "retries": 1} if str(params.get("retries")).strip() == "0" else dict(params)


def _interfaces(columns: Columns, addresses: Sequence[tuple[IpAddress, int, int | None]]) -> dict[str, Any]:
    interfaces: dict[int, dict[str, Any]] = {}
    for field, column in _FIELDS.items():
        for index, value in columns[column].items():
            if len(index) == 1:
                interfaces.setdefault(index[0], {})[field] = _field(field, value)
    for address, number, length in addresses:
        one = {"address": str(address)}
        if address.version == 4:
            one["netmask"] = "" if length is None else str(ipaddress.ip_network((0, length)).netmask)
        elif length is not None:
            one["prefix"] = str(length)
        interfaces.setdefault(number, {}).setdefault(f"ipv{address.version}", []).append(one)
    return {str(number): interfaces[number] for number in sorted(interfaces)}


def _field(field: str, value: Value) -> str | int:
    if field == "mac":
        return value.hex() if isinstance(value, bytes) else ""
    if field in ("adminstatus", "operstatus"):
        return _STATUS[value] if isinstance(value, int) and 0 <= value < len(_STATUS) else ""
    if field in _NUMBERS:
        return value if isinstance(value, int) else 0
    return _text(value)


def _text(value: Value) -> str:
    """The text of a device with its lines, each of them printable."""
    return "\n".join(printable(line) for line in decode(value).rstrip("\0").splitlines())


def _addresses(columns: Columns) -> list[tuple[IpAddress, int, int | None]]:
    """Address, interface and prefix length, of the older table and the newer one, in order and each once."""
    found: dict[IpAddress, tuple[int, int | None]] = {}
    for index, number in columns[_OLD_IF_INDEX].items():
        if (address := _address(index)) and isinstance(number, int):
            mask = columns[_OLD_NETMASK].get(index)
            found[address] = (number, _length(mask))
    for index, number in columns[_IF_INDEX].items():
        # The type, then the length of the address, then the address; a zone behind it.
        octets = _ADDRESS_OCTETS.get(index[0]) if index and columns[_TYPE].get(index) != _BROADCAST else None
        if octets and (address := _address(index[2 : 2 + octets])) and isinstance(number, int):
            prefix = columns[_PREFIX].get(index)
            known = isinstance(prefix, tuple) and prefix[-1:] and prefix != _NO_PREFIX and prefix[-1] <= 8 * octets
            found.setdefault(address, (number, prefix[-1] if known and isinstance(prefix, tuple) else None))
    return [(address, *rest) for address, rest in sorted(found.items(), key=lambda pair: (pair[0].version, pair[0]))]


def _address(octets: Oid) -> IpAddress | None:
    try:
        return ipaddress.ip_address(bytes(octets))
    except ValueError:
        return None


def _length(mask: Value) -> int | None:
    """The prefix length of a netmask; None for octets that are none."""
    try:
        return ipaddress.IPv4Network((0, ".".join(map(str, mask)))).prefixlen if isinstance(mask, bytes) else None
    except ValueError:
        return None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host and NetBox contradict each other: pure comparisons, each with both sides.

Nothing is concluded from what is missing on one side. Where addresses change hands (DHCP) a host is not compared with
what NetBox has for its address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from .._common.typed_json import Rules
from .._outgoing.text import brief
from .._outgoing.words import listed
from .._scan.host import DOUBTFUL, Host
from .alike import family, is_made_of, names_host, same_manufacturer, same_name
from .known import Known, same_serial
from .snapshot import DEVICE, FHRP_GROUP, SHARED, Address, Device

#: What a contradiction is about.
NAME, SERIAL, PLATFORM, MANUFACTURER = "name", "serial", "platform", "manufacturer"
ADDRESS, DEVICE_TWICE, STATUS, PREFIX, DNS_NAME = "address", "device", "status", "prefix", "dns_name"
ABOUT = (NAME, SERIAL, PLATFORM, MANUFACTURER, ADDRESS, DEVICE_TWICE, STATUS, PREFIX, DNS_NAME)
#: Nothing should answer where NetBox has this status.
UNUSED = ("reserved", "deprecated")


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """NetBox has one thing, the host reports another."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    about: str  #: one of ABOUT
    netbox: str  #: what NetBox has
    found: str = ""  #: what was found
    source: str = ""  #: where: sysName, PTR, chassis serial, sysObjectID; empty: NetBox contradicts itself
    text: str = ""  #: both sides as a sentence


def of_device(host: Host, device: Device, records: Sequence[Address], known: Known) -> Iterator[Contradiction]:
    """What a host reports about itself against the device that NetBox has at its address."""
    members = known.members(device)
    yield from _names(host, device, members, records)
    yield from _serials(host, device, members, known)
    snmp = host.snmp
    if snmp is None:
        return
    if snmp.manufacturer and not same_manufacturer(device.manufacturer, snmp.manufacturer):
        yield _difference(MANUFACTURER, device.manufacturer, snmp.manufacturer, "sysObjectID")
    ours, theirs = family(snmp.platform), family(device.platform)
    if ours and theirs and ours != theirs:
        yield _difference(PLATFORM, device.platform, snmp.platform, "sysObjectID")


def of_records(host: Host, records: Sequence[Address], known: Known) -> Iterator[Contradiction]:
    """What NetBox has for the addresses of a host against the fact that one host answers there."""
    owned = [one for one in records if one.owner_kind not in ("", FHRP_GROUP) and one.role not in SHARED]
    for ip in dict.fromkeys(one.ip for one in owned):
        same = {_group(one, known): one for one in owned if one.ip == ip}
        if len(same) > 1:
            names = listed(sorted(one.owner for one in same.values()))
            yield Contradiction(about=ADDRESS, netbox=names, text=f"NetBox has {ip} on several devices: {names}")
    by_owner = {_group(one, known): one for one in owned}
    if len(by_owner) > 1 and len({one.ip for one in by_owner.values()}) > 1:
        names = listed(sorted(f"{one.owner} ({one.ip})" for one in by_owner.values()))
        text = f"one host has addresses of several devices in NetBox: {names}"
        yield Contradiction(about=DEVICE_TWICE, netbox=names, found=brief(host.hostname or host.ip, 200), text=text)
    yield from _twice(host, known)


def _twice(host: Host, known: Known) -> Iterator[Contradiction]:
    """A serial number that NetBox has on several devices, not all of one stack: a device that was entered twice."""
    for serial in host.snmp.serials if host.snmp else ():
        devices = known.with_serial(serial)
        if len({one.chassis_id or -one.id for one in devices}) > 1:
            names = listed(sorted(one.label for one in devices))
            text = f"NetBox has serial number {brief(serial, 60)} on several devices: {names}"
            yield Contradiction(about=DEVICE_TWICE, netbox=names, found=brief(serial, 60), text=text)


def of_address(
    host: Host, record: Address | None, ip: str, vrf_id: int | None, known: Known
) -> Iterator[Contradiction]:
    """What NetBox has for the use of an address against the fact that a host answers at it."""
    if record is not None and known.snapshot.prefixes and not known.prefixes(record.vrf_id, ip):
        yield Contradiction(
            about=PREFIX, netbox="no prefix", found=ip, text=f"NetBox has {ip}, and no prefix around it"
        )
    if host.certainty == DOUBTFUL:
        return
    network = known.range_of(vrf_id, ip)
    prefix = next(iter(known.prefixes(vrf_id, ip)), None)
    for what, status in (
        ("the address", record.status if record else ""),
        (f"the range {network.first}-{network.last}" if network else "", network.status if network else ""),
        (f"the prefix {prefix.prefix}" if prefix else "", prefix.status if prefix else ""),
    ):
        if status in UNUSED:
            text = f"NetBox has {what} as {status}, and a host answers at {ip}"
            yield Contradiction(about=STATUS, netbox=status, found="answers", source=_answered(host), text=text)
            return


def _names(
    host: Host, device: Device, members: Sequence[Device], records: Sequence[Address]
) -> Iterator[Contradiction]:
    names = [one for one in (device.name, device.chassis, *(member.name for member in members)) if one]
    sys_name = host.snmp.sys_name if host.snmp else ""
    if sys_name and device.name and not any(same_name(one, sys_name) for one in names):
        yield _difference(NAME, device.name, sys_name, "sysName")
    # sysName is the device's own word, and NetBox's name in the DNS is compared by itself: see of_dns().
    alone = not sys_name and device.name and not any(one.dns_name for one in records)
    if alone and _ptr(host) and not any(names_host(host.reverse_dns, one) for one in names):
        yield _difference(NAME, device.name, host.reverse_dns, "PTR")


def of_dns(host: Host, records: Sequence[Address]) -> Iterator[Contradiction]:
    """The name that NetBox has for an address in the DNS against the one that the DNS has."""
    record = next((one for one in records if one.ip == host.ip and one.dns_name), None)
    if record is not None and _ptr(host) and not same_name(record.dns_name, host.reverse_dns):
        yield _difference(DNS_NAME, record.dns_name, host.reverse_dns, "PTR")


def _ptr(host: Host) -> bool:
    """Whether the name of its address says anything about the host."""
    return bool(host.reverse_dns) and bool(host.reverse_dns_confirmed) and not is_made_of(host.reverse_dns, host.ip)


def _serials(host: Host, device: Device, members: Sequence[Device], known: Known) -> Iterator[Contradiction]:
    """A stack reports the serial numbers of all members, NetBox has each on its own device."""
    found = host.snmp.serials if host.snmp else ()
    if not found:
        return
    netbox = [member.serial for member in members if member.serial]
    if {same_serial(one) for one in netbox} & {same_serial(one) for one in found}:
        return
    ids = {member.id for member in members}
    others = [one for serial in found for one in known.with_serial(serial) if one.id not in ids]
    if not netbox and not others:
        return
    has, reports = listed(netbox) or "none", listed(found)
    text = f"serial number: NetBox has {has} for {device.label}, the chassis reports {reports}"
    if others:
        text += f"; in NetBox that is {listed(one.label for one in others)}"
    yield Contradiction(about=SERIAL, netbox=has, found=reports, source="chassis serial", text=text)


def _difference(about: str, netbox: str, found: str, source: str) -> Contradiction:
    netbox, found = brief(netbox, 200), brief(found, 200)
    text = f"{about}: NetBox has {netbox}, {source} gives {found}"
    return Contradiction(about=about, netbox=netbox, found=found, source=source, text=text)


def _group(record: Address, known: Known) -> tuple[str, int]:
    """The owner of an address; members of a virtual chassis are one."""
    device = known.owner(record)
    if device is not None and device.chassis_id is not None:
        return "virtual_chassis", device.chassis_id
    return record.owner_kind or DEVICE, record.owner_id or 0


def _answered(host: Host) -> str:
    return ", ".join(dict.fromkeys(one.source for one in host.sources if one.result == "answered"))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks up what a snapshot knows of an address or a serial number, without going through all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from ipaddress import ip_address, ip_network

from .snapshot import DEVICE, Address, Device, IpRange, Prefix, Snapshot

#: A table of addresses: the id of a VRF, or None for the global one.
Vrf = int | None  # pylint: disable=unsupported-binary-operation  # as in Python 3.11


class Known:
    """A snapshot with its indexes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._prefixes: dict[tuple[Vrf, int, int], dict[int, Prefix]] = defaultdict(dict)
        self._lengths: dict[tuple[Vrf, int], list[int]] = {}
        lengths: dict[tuple[Vrf, int], set[int]] = defaultdict(set)
        for prefix in snapshot.prefixes:
            network = ip_network(prefix.prefix)
            self._prefixes[prefix.vrf_id, network.version, network.prefixlen][int(network.network_address)] = prefix
            lengths[prefix.vrf_id, network.version].add(network.prefixlen)
        self._lengths = {key: sorted(found, reverse=True) for key, found in lengths.items()}
        self._ranges = _ordered(snapshot.ranges)
        self.device: dict[int, Device] = {device.id: device for device in snapshot.devices}

    @cached_property
    def _addresses(self) -> dict[str, list[Address]]:
        found: dict[str, list[Address]] = defaultdict(list)
        for address in self.snapshot.addresses:
            found[address.ip].append(address)
        return found

    @cached_property
    def _by_serial(self) -> dict[str, list[Device]]:
        found: dict[str, list[Device]] = defaultdict(list)
        for device in self.snapshot.devices:
            if device.serial:
                found[same_serial(device.serial)].append(device)
        return found

    @cached_property
    def _by_chassis(self) -> dict[int, list[Device]]:
        found: dict[int, list[Device]] = defaultdict(list)
        for device in self.snapshot.devices:
            if device.chassis_id is not None:
                found[device.chassis_id].append(device)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Device]]:
        found: dict[str, list[Device]] = defaultdict(list)
        for device in self.snapshot.devices:
            found[device.name.casefold()].append(device)
        return found

    def addresses(self, ip: str) -> list[Address]:
        """The records of an address, of all VRFs."""
        return self._addresses.get(ip, [])

    def with_serial(self, serial: str) -> list[Device]:
        """The devices with a serial number."""
        return self._by_serial.get(same_serial(serial), [])

    def named(self, name: str, site_id: int) -> Device | None:
        """The device with a name at a site. NetBox has a name once there, whatever its case."""
        found = self._by_name.get(name.casefold(), []) if name else []
        return next((one for one in found if one.site_id == site_id), None)

    def members(self, device: Device) -> list[Device]:
        """The device and, of a virtual chassis, all of its members."""
        return [device] if device.chassis_id is None else self._by_chassis[device.chassis_id]

    def prefixes(self, vrf: Vrf, ip: str) -> list[Prefix]:
        """The prefixes that hold an address, the narrowest first."""
        host = ip_address(ip)
        found = []
        for length in self._lengths.get((vrf, host.version), ()):
            shift = host.max_prefixlen - length
            prefix = self._prefixes[vrf, host.version, length].get(int(host) >> shift << shift)
            if prefix is not None:
                found.append(prefix)
        return found

    def range_of(self, vrf: Vrf, ip: str) -> IpRange | None:
        """The range that holds an address: those of one VRF do not overlap."""
        host = ip_address(ip)
        begins, ranges = self._ranges.get((vrf, host.version), ((), ()))
        at = bisect_right(begins, int(host)) - 1
        return ranges[at] if at >= 0 and int(ip_address(ranges[at].last)) >= int(host) else None

    def vrfs_of(self, ip: str) -> set[Vrf]:
        """The tables that have a prefix around an address or a record of it."""
        found: set[Vrf] = {address.vrf_id for address in self.addresses(ip)}
        return found | {vrf for vrf, _version in self._lengths if self.prefixes(vrf, ip)}

    def owner(self, address: Address) -> Device | None:
        """The device that has an address."""
        return self.device.get(address.owner_id or 0) if address.owner_kind == DEVICE else None


def same_serial(serial: str) -> str:
    """A serial number as it is compared: without case, and without blanks around it."""
    return serial.strip().casefold()


def _ordered(ranges: tuple[IpRange, ...]) -> dict[tuple[Vrf, int], tuple[list[int], list[IpRange]]]:
    tables: dict[tuple[Vrf, int], list[tuple[int, int, IpRange]]] = defaultdict(list)
    for one in ranges:
        first = ip_address(one.first)
        tables[one.vrf_id, first.version].append((int(first), one.id, one))
    return {
        key: ([begin for begin, _id, _range in sorted(found)], [one for _begin, _id, one in sorted(found)])
        for key, found in tables.items()
    }

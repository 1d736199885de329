# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox gives a scan: networks to ask, addresses that it knows, devices whose tables are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from .._common.errors import OptionsError
from .._netbox.client import NetBox
from .._outgoing.words import listed
from .._scan.host import Network
from .._scan.known import KnownAddress
from .._scan.ranges import Range, parse_range
from .._scan.targets import read_ranges as ranges_of_targets
from .known import Known
from .read import read_addresses, read_devices, read_prefixes, read_ranges
from .snapshot import DEVICE, DYNAMIC, SHARED, Device, IpRange, Prefix, Snapshot

#: A prefix of this status is there for what is in it, not for hosts.
CONTAINER = "container"
#: What prefixes and ranges are chosen by.
FILTERS = ("tag", "role", "site", "vrf", "tenant", "status")


@dataclass(frozen=True)
class Dhcp:
    """Which networks are handed out by DHCP.

    NetBox has no such property: addresses have a status dhcp, prefixes and ranges a role. mark_utilized and
    mark_populated only say that space is used up, whoever fills it. So the role, or a tag, decides.
    """

    roles: frozenset[str] = frozenset({"dhcp"})  #: slugs
    tags: frozenset[str] = frozenset({"dhcp"})  #: slugs
    included: bool = True  #: whether such networks are scanned

    def means(self, network: Prefix | IpRange) -> bool:
        return network.role in self.roles or not self.tags.isdisjoint(network.tags)


@dataclass(frozen=True)
class NetBoxTargets:
    """What a scan gets."""

    networks: tuple[Network, ...] = ()
    exclude: tuple[str, ...] = ()  #: networks within them that are left out: those of DHCP, by choice
    snapshot: Snapshot = field(default_factory=lambda: Snapshot(url=""))


def read_targets(
    netbox: NetBox,
    prefix_filters: Mapping[str, Any] | None = None,
    range_filters: Mapping[str, Any] | None = None,
    others: Iterable[str] = (),
    dhcp: Dhcp | None = None,
) -> NetBoxTargets:
    """The networks that NetBox's filters choose, and the snapshot that a scan is compared with.

    :param prefix_filters: of FILTERS, each a value or a list; None: no prefixes.
    :param range_filters: the same for IP ranges.
    :param others: targets that do not come from NetBox: networks, ranges, addresses. The snapshot has their addresses
        as well, and their ranges of DHCP are networks.

    Raises NetBoxError; OptionsError where filters choose nothing.
    """
    dhcp = dhcp or Dhcp()
    prefixes, ranges = read_prefixes(netbox), read_ranges(netbox)
    known = Known(Snapshot(url=netbox.url, prefixes=tuple(prefixes), ranges=tuple(ranges)))
    chosen: list[Prefix | IpRange] = []
    if prefix_filters is not None:
        chosen += _chosen("netbox_prefixes", prefixes, prefix_filters, known)
    if range_filters is not None:
        chosen += _chosen("netbox_ip_ranges", ranges, range_filters, known)
    others = list(others)
    networks, exclude = _networks(chosen, others, ranges, known, dhcp)
    snapshot = Snapshot(
        url=netbox.url,
        prefixes=tuple(prefixes),
        ranges=tuple(ranges),
        addresses=tuple(read_addresses(netbox, [*(network.network for network in networks), *others])),
        devices=tuple(read_devices(netbox)),
    )
    return NetBoxTargets(tuple(networks), tuple(exclude), snapshot)


def known_addresses(snapshot: Snapshot) -> list[KnownAddress]:
    """The addresses of NetBox, each once, with the device that has it.

    Without one: an address that devices share (VRRP, anycast, ...) or that changes hands, and one that several devices
    have, in different VRFs for example. It must not make two hosts one.
    """
    primary = {(device.id, address) for device in snapshot.devices for address in device.primary}
    found: dict[str, set[KnownAddress]] = defaultdict(set)
    for one in snapshot.addresses:
        fixed = one.owner_kind == DEVICE and one.role not in SHARED and one.status not in DYNAMIC
        device: dict[str, Any] = {"device_id": one.owner_id, "device": one.owner} if fixed else {}
        is_primary = fixed and (one.owner_id, one.ip) in primary
        found[one.ip].add(KnownAddress(address=one.ip, primary=is_primary, **device))
    return [next(iter(some)) if len(some) == 1 else KnownAddress(address=ip) for ip, some in found.items()]


def routers(snapshot: Snapshot, roles: Iterable[str] = (), tags: Iterable[str] = ()) -> list[Device]:
    """Devices with one of these roles or tags (slugs), and with an address. Of a virtual chassis the one that has it.

    Raises OptionsError for roles and tags that no device has.
    """
    roles, tags = set(roles), set(tags)
    found = [one for one in snapshot.devices if one.role in roles or not tags.isdisjoint(one.tags)]
    with_address = [one for one in found if one.primary or one.oob]
    if (roles or tags) and not with_address:
        raise OptionsError(
            f"No device in NetBox has one of the roles or tags {listed(sorted(roles | tags))} and a primary address",
            "check netbox_routers: the names are slugs",
        )
    return with_address


def _chosen(
    option: str, found: Sequence[Prefix | IpRange], filters: Mapping[str, Any], known: Known
) -> list[Prefix | IpRange]:
    """Those that meet all filters; a filter with several values is met by any of them."""
    wanted = {name: {str(one) for one in _values(value)} for name, value in filters.items() if value not in (None, [])}
    if unknown := sorted(wanted.keys() - set(FILTERS)):
        raise OptionsError(f"{option} has no filter {unknown[0]}", f"use {listed(FILTERS)}")
    chosen = [one for one in found if all(_meets(one, name, wanted[name], known) for name in wanted)]
    chosen = [one for one in chosen if "status" in wanted or one.status != CONTAINER]
    if not chosen:
        what = ", ".join(f"{name} {listed(sorted(values))}" for name, values in sorted(wanted.items()))
        raise OptionsError(
            f"NetBox has no {'prefix' if option == 'netbox_prefixes' else 'IP range'} with {what or 'any filter'}"
            " (containers do not count)",
            f"check {option}: names are slugs, that of a VRF is its name or route distinguisher",
        )
    return chosen


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _meets(one: Prefix | IpRange, name: str, wanted: set[str], known: Known) -> bool:
    if name == "tag":
        return not wanted.isdisjoint(one.tags)
    if name == "vrf":
        return not wanted.isdisjoint({one.vrf, one.rd} - {""} if one.vrf_id is not None else {"global", "null"})
    if name == "tenant":
        return not wanted.isdisjoint({one.tenant, one.tenant_slug} - {""})
    if name == "site":
        site = _with_site(known, one)
        return site is not None and not wanted.isdisjoint({site.site, site.site_slug})
    return (one.role if name == "role" else one.status) in wanted


def _around(known: Known, one: Prefix | IpRange) -> list[Prefix]:
    """The prefixes that hold all of a prefix or range, the narrowest first; a prefix is the first itself."""
    if isinstance(one, Prefix):
        network = ip_network(one.prefix)
        first, last = network[0], network[-1]
    else:
        first, last = ip_address(one.first), ip_address(one.last)
    return [prefix for prefix in known.prefixes(one.vrf_id, str(first)) if last in ip_network(prefix.prefix)]


def _with_site(known: Known, one: Prefix | IpRange) -> Prefix | None:
    """The narrowest of these prefixes that has a site: a part of a site's network is at that site."""
    return next((prefix for prefix in _around(known, one) if prefix.site_id is not None), None)


def _networks(
    chosen: Sequence[Prefix | IpRange], others: Sequence[str], ranges: Sequence[IpRange], known: Known, dhcp: Dhcp
) -> tuple[list[Network], list[str]]:
    """The networks, and what is left out of them. Ranges of DHCP within what is scanned are networks of their own."""
    networks: dict[tuple[str, int], Network] = {}
    exclude: list[str] = []
    given = [one for _text, one in ranges_of_targets(others, "targets")]
    inside = [one for one in ranges if dhcp.means(one) and _is_in(known, one, chosen, given)]
    for one in [*chosen, *inside]:
        network = _network(one, known, dhcp)
        if network.dhcp and not dhcp.included:
            exclude.append(network.network)
        else:
            networks[network.kind, one.id] = network
    return list(networks.values()), sorted(set(exclude))


def _is_in(known: Known, one: IpRange, chosen: Sequence[Prefix | IpRange], given: Sequence[Range]) -> bool:
    """Whether a range is in a chosen prefix, or one of the global table in a target of the options."""
    if one.vrf_id is None and any(target.holds(parse_range(f"{one.first}-{one.last}")) for target in given):
        return True
    ids = {prefix.id for prefix in chosen if isinstance(prefix, Prefix)}
    return any(prefix.id in ids for prefix in known.prefixes(one.vrf_id, one.first))


def _network(one: Prefix | IpRange, known: Known, dhcp: Dhcp) -> Network:
    around = _around(known, one)
    site = _with_site(known, one)
    tenant = (one.tenant_id, one.tenant)
    if isinstance(one, IpRange) and one.tenant_id is None and around:
        tenant = (around[0].tenant_id, around[0].tenant)
    is_prefix = isinstance(one, Prefix)
    return Network(
        network=one.prefix if isinstance(one, Prefix) else f"{one.first}-{one.last}",
        prefix_length=ip_network(one.prefix).prefixlen if isinstance(one, Prefix) else one.prefix_length,
        netbox_id=one.id,
        kind="prefix" if is_prefix else "ip_range",
        vrf_id=one.vrf_id,
        vrf=one.vrf,
        tenant_id=tenant[0],
        tenant=tenant[1],
        site_id=site.site_id if site else None,
        site=site.site if site else "",
        dhcp=dhcp.means(one),
    )

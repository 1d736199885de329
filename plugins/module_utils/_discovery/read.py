# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a snapshot out of NetBox: one list for each kind of object, only the fields that are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address, ip_interface, ip_network, summarize_address_range
from typing import Any

from .._common.pieces import chunks
from .._netbox.answers import ApiObject
from .._netbox.client import NetBox
from .._netbox.errors import NetBoxPermissionError
from .snapshot import DEVICE, FHRP_GROUP, VIRTUAL_MACHINE, Address, Device, IpRange, Prefix, Snapshot

PREFIXES, RANGES, ADDRESSES = "ipam/prefixes/", "ipam/ip-ranges/", "ipam/ip-addresses/"
DEVICES, LOCATIONS = "dcim/devices/", "dcim/locations/"
_PLACE = "id,vrf,tenant,status,role,tags"
PREFIX_FIELDS = f"{_PLACE},prefix,scope_type,scope_id,scope"
RANGE_FIELDS = f"{_PLACE},start_address,end_address,mark_populated"
ADDRESS_FIELDS = f"{_PLACE},address,assigned_object_type,assigned_object_id,assigned_object,dns_name"
DEVICE_FIELDS = (
    "id,name,display,serial,platform,device_type,role,site,status,primary_ip4,primary_ip6,oob_ip,virtual_chassis,tags"
)
#: Networks in one request: the longest address of an IPv6 network takes 60 octets of the 4,000 that servers take.
_PER_READ = 50

Filters = Mapping[str, Any]


def read_snapshot(netbox: NetBox, networks: Iterable[str]) -> Snapshot:
    """All prefixes, ranges and devices, and the addresses in these networks. Raises NetBoxError.

    networks: CIDR, FIRST-LAST or single addresses.
    """
    return Snapshot(
        url=netbox.url,
        prefixes=tuple(read_prefixes(netbox)),
        ranges=tuple(read_ranges(netbox)),
        addresses=tuple(read_addresses(netbox, networks)),
        devices=tuple(read_devices(netbox)),
    )


def read_prefixes(netbox: NetBox, filters: Filters | None = None) -> list[Prefix]:
    """Prefixes. Raises NetBoxError."""
    rows = netbox.get_all(PREFIXES, {**(filters or {}), "fields": PREFIX_FIELDS})
    sites = _sites_of_locations(netbox, rows)
    return [_prefix(row, sites) for row in rows]


def read_ranges(netbox: NetBox, filters: Filters | None = None) -> list[IpRange]:
    """IP ranges. Raises NetBoxError."""
    return [_range(row) for row in netbox.get_all(RANGES, {**(filters or {}), "fields": RANGE_FIELDS})]


def read_addresses(netbox: NetBox, networks: Iterable[str]) -> list[Address]:
    """The addresses in these networks, of all VRFs. Raises NetBoxError."""
    found: dict[int, Address] = {}
    for part in chunks(_parents(networks), _PER_READ):
        for row in netbox.get_all(ADDRESSES, {"parent": list(part), "fields": ADDRESS_FIELDS}):
            found[row["id"]] = address_of(row)
    return list(found.values())


def read_devices(netbox: NetBox, filters: Filters | None = None) -> list[Device]:
    """Devices. Raises NetBoxError."""
    # Only `exclude` keeps NetBox from rendering the configuration context of each.
    asked = {**(filters or {}), "exclude": "config_context", "fields": DEVICE_FIELDS}
    return [_device(row) for row in netbox.get_all(DEVICES, asked)]


def _parents(networks: Iterable[str]) -> list[str]:
    """Networks as NetBox's filter takes them; one within another is left out."""
    found: list[Any] = []
    for text in networks:
        if "-" in text:
            first, _dash, last = text.partition("-")
            found += list(summarize_address_range(ip_address(first.strip()), ip_address(last.strip())))
        else:
            found.append(ip_network(text, strict=False))
    kept: list[Any] = []
    for network in sorted(found, key=_order):
        if not kept or kept[-1].version != network.version or not network.subnet_of(kept[-1]):
            kept.append(network)
    return [str(network) for network in kept]


def _order(network: Any) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


def _sites_of_locations(netbox: NetBox, rows: Sequence[ApiObject]) -> dict[int, Mapping[str, Any]]:
    """Location -> its site, of those that prefixes have as their scope. Without the permission the site is unknown."""
    wanted = sorted({row["scope_id"] for row in rows if row["scope_type"] == "dcim.location" and row["scope_id"]})
    sites: dict[int, Mapping[str, Any]] = {}
    try:
        for part in chunks(wanted, _PER_READ):
            for row in netbox.get_all(LOCATIONS, {"id": list(part), "fields": "id,site"}):
                sites[row["id"]] = row["site"]
    except NetBoxPermissionError:
        return {}
    return sites


def _space(row: ApiObject) -> dict[str, Any]:
    vrf, tenant = row["vrf"] or {}, row["tenant"] or {}
    return {
        "id": row["id"],
        "vrf_id": vrf.get("id"),
        "vrf": vrf.get("name") or "",
        "rd": vrf.get("rd") or "",
        "tenant_id": tenant.get("id"),
        "tenant": tenant.get("name") or "",
        "tenant_slug": tenant.get("slug") or "",
        "status": row["status"]["value"],
        "tags": _slugs(row),
    }


def _slugs(row: ApiObject) -> tuple[str, ...]:
    return tuple(sorted(tag["slug"] for tag in row["tags"]))


def _prefix(row: ApiObject, sites: Mapping[int, Mapping[str, Any]]) -> Prefix:
    scope = row["scope"] or {}
    site = scope if row["scope_type"] == "dcim.site" else {}
    if row["scope_type"] == "dcim.location":
        site = sites.get(row["scope_id"], {})
    return Prefix(
        **_space(row),
        prefix=str(ip_network(row["prefix"], strict=False)),
        role=(row["role"] or {}).get("slug") or "",
        site_id=site.get("id"),
        site=site.get("name") or "",
        site_slug=site.get("slug") or "",
    )


def _range(row: ApiObject) -> IpRange:
    first, last = ip_interface(row["start_address"]), ip_interface(row["end_address"])
    return IpRange(
        **_space(row),
        first=str(first.ip),
        last=str(last.ip),
        prefix_length=first.network.prefixlen,
        role=(row["role"] or {}).get("slug") or "",
        populated=bool(row.get("mark_populated")),
    )


def address_of(row: ApiObject) -> Address:
    """An address, of a row with ADDRESS_FIELDS."""
    address = ip_interface(row["address"])
    return Address(
        **_space(row),
        ip=str(address.ip),
        prefix_length=address.network.prefixlen,
        role=(row["role"] or {}).get("value") or "",
        dns_name=row["dns_name"] or "",
        **_owner(row),
    )


def _owner(row: ApiObject) -> dict[str, Any]:
    holder = row["assigned_object"] or {}
    for key in (DEVICE, VIRTUAL_MACHINE):
        owner = holder.get(key)
        if isinstance(owner, dict):
            return {
                "owner_kind": key,
                "owner_id": owner.get("id"),
                "owner": owner.get("name") or owner.get("display") or "",
                "interface_id": holder.get("id"),
                "interface": holder.get("name") or "",
            }
    if holder:
        return {"owner_kind": FHRP_GROUP, "owner_id": holder.get("id"), "owner": holder.get("display") or ""}
    return {}


def _device(row: ApiObject) -> Device:
    kind, site, chassis = row["device_type"] or {}, row["site"] or {}, row["virtual_chassis"] or {}
    addresses = [_host(row[key]) for key in ("primary_ip4", "primary_ip6")]
    return Device(
        id=row["id"],
        name=row["name"] or "",
        display=row["display"] or "",
        serial=row["serial"] or "",
        manufacturer=(kind.get("manufacturer") or {}).get("name") or "",
        model=kind.get("model") or "",
        platform=(row["platform"] or {}).get("slug") or "",
        role=(row["role"] or {}).get("slug") or "",
        status=row["status"]["value"],
        site_id=site.get("id"),
        site=site.get("name") or "",
        primary=tuple(address for address in addresses if address),
        oob=_host(row["oob_ip"]),
        chassis_id=chassis.get("id"),
        chassis=chassis.get("name") or "",
        is_master=(chassis.get("master") or {}).get("id") == row["id"],
        tags=_slugs(row),
    )


def _host(address: Mapping[str, Any] | None) -> str:
    return str(ip_interface(address["address"]).ip) if address else ""

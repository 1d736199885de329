# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBox's devices as hosts: the query, its rows, and the variables of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .._common.typed_json import WrongShape
from .._netbox.client import ApiObject, NetBox
from .._netbox.errors import NetBoxOptionError, NetBoxRejected, NotNetBox
from .._outgoing.text import brief
from .._outgoing.words import listed
from .device_filters import (
    DEVICE_FILTERS,
    OPTION_OF_FILTER,
    check_filters,
    check_values,
    custom_fields_of,
    unusual_filters,
)
from .device_rows import device_rows
from .host_names import host_names, plain_name

PATH = "dcim/devices/"
#: Variable of a host whose address NetBox has for others as well: the names of these.
SHARES = "netbox_shares_address_with"
#: How many others with its address each host lists: a thousand with one address would make a million names.
_SHARING = 20
#: Members of a virtual chassis that each of them lists; the largest on the market have 32.
_MEMBERS = 64
#: NetBox computes the config contexts of each device unless they are excluded, even if `fields` does not name them.
_LIGHT = {"exclude": "config_context"}
_FIELDS = (
    "id,name,display,serial,status,site,location,platform,role,device_type,primary_ip4,primary_ip6,tags"
    ",virtual_chassis,vc_position"
)
_MEMBER_FIELDS = "id,name,display,serial,site,location,virtual_chassis,vc_position"
#: Of NetBox's errors, so many are explained, in so many characters of its own.
_EXPLAINED, _WORDS = 10, 200
#: Names, or chassis, in one request: web servers take about 4,000 characters of address, and a name may have 64.
_NAMES_PER_READ = 40
_CHASSIS_PER_READ = 100


@dataclass(frozen=True)
class Selection:
    """Which devices are wanted. Values of one option are alternatives, but all of `tags` are needed."""

    tags: Sequence[str] = ()
    tags_exclude: Sequence[str] = ()
    status: Sequence[str] = ("active",)
    site: Sequence[str] = ()
    location: Sequence[str] = ()  #: devices in locations below are included
    role: Sequence[str] = ()
    platform: Sequence[str] = ()
    names: Sequence[str] = ()  #: compared without regard to case, as NetBox does
    filters: Mapping[str, Any] = field(default_factory=dict)  #: further filters of NetBox's API


@dataclass(frozen=True)
class Host:
    """One device as Ansible gets it."""

    name: str  #: unique in the inventory
    address: str | None
    variables: dict[str, Any]


def read_devices(netbox: NetBox, selection: Selection) -> list[ApiObject]:
    """The rows of the devices wanted, by id; one request per 1,000 of them.

    Raises NetBoxOptionError for a filter, or a value of one, that NetBox does not know, else NetBoxError.
    """
    unusual = unusual_filters(selection.filters)
    check_values(selection.filters)
    if unusual:
        check_filters(unusual, _filters_in_schema(netbox))
    custom_fields = custom_fields_of(selection.filters)
    fields = _FIELDS + (",custom_fields" if custom_fields else "")
    rows: dict[int, ApiObject] = {}
    for query in _queries(selection):
        try:
            found = netbox.get_all(PATH, {**query, **_LIGHT, "fields": fields})
        except NetBoxRejected as error:
            raise _unknown_value(error) from None
        rows.update((row["id"], row) for row in _checked(netbox, found))
        _check_custom_fields(custom_fields, found)
    return [rows[number] for number in sorted(rows)]


def read_chassis_members(netbox: NetBox, rows: Iterable[ApiObject]) -> list[ApiObject]:
    """All members of the virtual chassis that these devices belong to, also those that were not selected.

    No request if there is no virtual chassis, else one per 100 of them.
    """
    numbers = sorted({row["virtual_chassis"]["id"] for row in rows if row.get("virtual_chassis")})
    members: list[ApiObject] = []
    for some in _chunks(numbers, _CHASSIS_PER_READ):
        members += netbox.get_all(PATH, {"virtual_chassis_id": some, **_LIGHT, "fields": _MEMBER_FIELDS})
    return _checked(netbox, members)


def _checked(netbox: NetBox, rows: list[ApiObject]) -> list[ApiObject]:
    try:
        return device_rows(rows)
    except WrongShape as error:
        raise NotNetBox(
            f"NetBox at {netbox.url} did not return a list of devices for {PATH} ({error}): check the url and any "
            "proxy in front of NetBox."
        ) from None


def hosts_of(
    rows: Sequence[ApiObject],
    members: Iterable[ApiObject],
    url: str,
    families: Sequence[int],
    names: Mapping[int, str] | None = None,
) -> list[Host]:
    """Each device as a host with its variables, in the order of the rows.

    members: of the virtual chassis, as read_chassis_members gives them
    url: NetBox's address. families: 4, 6, or both in the order of preference
    names: of the hosts by the device's id, if others than host_names() gives
    """
    chassis = _chassis(members)
    names = host_names(rows) if names is None else names
    hosts = []
    for row in rows:
        address = _address(row, families)
        variables = _variables(row, chassis, url)
        if address:
            variables["ansible_host"] = address
        hosts.append(Host(names[row["id"]], address, variables))
    for sharing in _sharing(hosts).values():
        for host in sharing:
            # A run that is limited, or a slice of one, does not see the others.
            host.variables[SHARES] = [other.name for other in sharing[: _SHARING + 1] if other is not host][:_SHARING]
    return hosts


def device_url(url: str, number: int) -> str:
    """The page of a device in NetBox at this address."""
    return f"{url}/{PATH}{number}/"


def warnings_of(rows: Sequence[ApiObject], hosts: Sequence[Host], selection: Selection) -> list[str]:
    """Warnings about the devices that were found, one sentence each."""
    if not rows:
        return [
            "NetBox has no device that matches the options of this inventory: check tags, status, site, role and "
            "filters, and whether the token's user may see the devices."
        ]
    return [*_missing_names(rows, selection.names), *_without_address(rows, hosts), *_shared_addresses(hosts)]


def _filters_in_schema(netbox: NetBox) -> set[str]:
    """The parameters of the device list by this NetBox's own API schema; our own list if it gives none.

    The schema has more than 10 MB, and NetBox needs some seconds to make it for the first time.
    """
    try:
        paths = netbox.get("schema/", {"format": "json"})["paths"]
        # NetBox below a path prefix has that prefix in the schema as well.
        operation = next(paths[path]["get"] for path in paths if path.endswith(f"/api/{PATH}"))
        return {parameter["name"] for parameter in operation["parameters"]}
    except (NotNetBox, KeyError, StopIteration, TypeError, AttributeError):
        return set(DEVICE_FILTERS)


def _queries(selection: Selection) -> Iterator[dict[str, Any]]:
    """The parameters of each read: one, or one per 40 names."""
    query: dict[str, Any] = {
        name: list(getattr(selection, option)) for name, option in OPTION_OF_FILTER.items() if option != "names"
    }
    query = {name: values for name, values in query.items() if values} | dict(selection.filters)
    if not selection.names:
        yield query
    for some in _chunks(selection.names, _NAMES_PER_READ):
        yield {**query, "name": some}


def _chunks(values: Sequence[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(values)
    while some := list(islice(iterator, size)):
        yield some


def _unknown_value(error: NetBoxRejected) -> NetBoxOptionError:
    """NetBox answers 400 for a tag, site, platform, ... that does not exist: say which option holds it."""
    if not isinstance(error.errors, dict):
        return NetBoxOptionError(str(error))
    sentences = []
    for name, texts in islice(error.errors.items(), _EXPLAINED):
        name = brief(name, _WORDS)
        option = OPTION_OF_FILTER.get(name, f"filters, {name}")
        text = brief(" ".join(map(str, texts)) if isinstance(texts, list) else texts, _WORDS)
        match = re.search(r"Select a valid choice\. (.*) is not one of the available choices", text)
        if match:
            sentences.append(
                f'NetBox has no {name.split("__")[0]} "{match.group(1)}" (option {option}): check the'
                " spelling; give the slug of an object that exists."
            )
        else:
            sentences.append(f"NetBox rejected the value of the option {option}: {text}")
    return NetBoxOptionError(" ".join(sentences))


def _check_custom_fields(wanted: set[str], rows: Iterable[ApiObject]) -> None:
    """Raise NetBoxOptionError for a custom field that devices do not have: NetBox ignores such a filter.

    Each device lists all custom fields of devices, so one row is enough.
    """
    row = next(iter(rows), None)
    fields = (row or {}).get("custom_fields")
    unknown = wanted - set(fields if isinstance(fields, dict) else ()) if row else set()
    if unknown:
        raise NetBoxOptionError(
            f"filters: NetBox has no custom field {', '.join(sorted(unknown))} for devices and ignored the filter,"
            " returning every device: check its name in NetBox under Custom Fields."
        )


def _device_name(row: ApiObject) -> str:
    """NetBox's name, or what NetBox shows for a device without one: "Cisco N9K-C93180YC-EX (1034)"."""
    return row.get("name") or row.get("display") or plain_name(row)


def _address(row: ApiObject, families: Sequence[int]) -> str | None:
    """The primary address of the first family that has one, without its mask."""
    for family in families:
        address = (row.get(f"primary_ip{family}") or {}).get("address")
        if address:
            return str(address).split("/", 1)[0]
    return None


def _brief(related: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {key: related.get(key) for key in ("id", "name", "slug")} if related else None


def _variables(row: ApiObject, chassis: Mapping[int, list[dict[str, Any]]], url: str) -> dict[str, Any]:
    kind = row.get("device_type") or {}
    return {
        "netbox_device_id": row["id"],
        "netbox_device_name": _device_name(row),
        "netbox_device_serial": row.get("serial") or "",
        "netbox_device_url": device_url(url, row["id"]),
        "netbox_device_type": {
            "id": kind.get("id"),
            "model": kind.get("model"),
            "slug": kind.get("slug"),
            "manufacturer": (kind.get("manufacturer") or {}).get("name"),
        },
        "netbox_location": _brief(row.get("location")),
        "netbox_platform": _brief(row.get("platform")),
        "netbox_role": _brief(row.get("role")),
        "netbox_site": _brief(row.get("site")),
        "netbox_status": (row.get("status") or {}).get("value"),
        "netbox_tags": sorted(tag["slug"] for tag in row.get("tags") or ()),
        "netbox_url": url,
        "netbox_virtual_chassis": _chassis_of(row, chassis),
    }


def _chassis(members: Iterable[ApiObject]) -> dict[int, list[dict[str, Any]]]:
    """Chassis id -> its members by position."""
    chassis = defaultdict(list)
    for row in members:
        if row.get("virtual_chassis"):
            chassis[row["virtual_chassis"]["id"]].append(
                {
                    "id": row["id"],
                    "name": _device_name(row),
                    "position": row.get("vc_position"),
                    "serial": row.get("serial") or "",
                    "site": _brief(row.get("site")),
                    "location": _brief(row.get("location")),
                }
            )
    for one in chassis.values():
        one.sort(key=lambda member: (member["position"] is None, member["position"], member["id"]))
        del one[_MEMBERS:]
    return dict(chassis)


def _chassis_of(row: ApiObject, chassis: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any] | None:
    own = row.get("virtual_chassis")
    if not own:
        return None
    return {
        "id": own["id"],
        "name": own.get("name") or own.get("display"),
        "master_id": (own.get("master") or {}).get("id"),
        "members": chassis.get(own["id"], []),
    }


def _missing_names(rows: Iterable[ApiObject], names: Iterable[str]) -> list[str]:
    found = {(row.get("name") or "").casefold() for row in rows}
    missing = [name for name in names if name.strip().casefold() not in found]
    return (
        [f"NetBox has no such device among those that match the other options: {listed(missing, 20)}."]
        if missing
        else []
    )


def _without_address(rows: Sequence[ApiObject], hosts: Sequence[Host]) -> list[str]:
    """Name the devices that cannot be reached; members of a chassis whose master can be are read through it."""
    reachable = {host.variables["netbox_device_id"] for host in hosts if host.address}
    names = [
        host.name
        for row, host in zip(rows, hosts, strict=True)
        if not host.address and ((row.get("virtual_chassis") or {}).get("master") or {}).get("id") not in reachable
    ]
    said = f"These devices have no primary address of the required family in NetBox: {listed(names, 20)}."
    return [said] if names else []


def _shared_addresses(hosts: Iterable[Host]) -> list[str]:
    return [
        f"Several devices in NetBox have the address {address}: {listed([host.name for host in sharing], 20)}. It"
        " is unknown which of them answers, so nothing is written for them. Correct the address in NetBox."
        for address, sharing in _sharing(hosts).items()
    ]


def _sharing(hosts: Iterable[Host]) -> dict[str, list[Host]]:
    """The hosts of each address that has several."""
    at = defaultdict(list)
    for host in hosts:
        if host.address:
            at[host.address].append(host)
    return {address: sharing for address, sharing in at.items() if len(sharing) > 1}

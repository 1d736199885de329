# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of NetBox's rows, checked before it is used: the right types, and nothing missing that is used.

Other modules rely on it. discovered_data and custom_fields may contain anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_interface
from typing import Any

from .._common.shapes import all_hold, holds
from .._common.typed_json import WrongShape, shown
from .rows import LIMITS, parse_time

_NONE = type(None)
_TEXT = (str, _NONE)
_REFERENCE = ({"id": int}, _NONE)


def is_time(value: Any) -> bool:
    """True for a text that names an instant."""
    try:
        parse_time(value)
    except ValueError:
        return False
    return isinstance(value, str)


def _at_most(length: int) -> Callable[[Any], bool]:
    """A text of so many characters, or none."""
    return lambda value: value is None or (isinstance(value, str) and len(value) <= length)


#: Columns of the table of probes; others have no limit.
_LIMITED = {key: _at_most(length) for key, length in LIMITS.items()}


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20


def _is_serial(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LIMITS["serial"]


#: An id as GraphQL writes it.
NUMBER = (int, _is_digits)


def _is_interface(value: Any) -> bool:
    """An address, or a network, with its mask."""
    try:
        ip_interface(value)
    except ValueError:
        return False
    return isinstance(value, str)


def _with(needed: Mapping[str, Any], may_have: Mapping[str, Any]) -> Callable[[Any], bool]:
    """An object with some keys, and others that it may lack."""
    return lambda value: (
        isinstance(value, dict)
        and holds(value, needed)
        and all(holds(value[key], kind) for key, kind in may_have.items() if key in value)
    )


_NAMED = ({"id": int, "name": str}, _NONE)
_SLUGGED = ({"id": int, "name": str, "slug": str}, _NONE)
_STATUS = {"value": str}
_SLUGS = [{"slug": str}]
_WITH_ADDRESS = ({"id": int, "address": _is_interface}, _NONE)
#: What all kinds of address space have.
_SPACE: dict[str, Any] = {
    "vrf": (_with({"id": int, "name": str}, {"rd": _TEXT}), _NONE),
    "tenant": _SLUGGED,
    "status": _STATUS,
    "role": _SLUGGED,
    "tags": _SLUGS,
}
_OWNER = _with({"id": int}, {"name": _TEXT, "display": _TEXT})
#: What an address is assigned to: an interface of a device or of a virtual machine, or a group.
_HOLDER = _with({"id": int}, {"name": _TEXT, "display": _TEXT, "device": _OWNER, "virtual_machine": _OWNER})

#: Path below /api/ -> key of a row -> its kind, see shapes.holds().
_KINDS: dict[str, dict[str, Any]] = {
    "plugins/inventory-monitor/probes": {
        **_LIMITED,
        "serial": _is_serial,
        "time": is_time,
        "creation_time": (is_time, _NONE),
        **dict.fromkeys(("description", "comments"), _TEXT),
        **dict.fromkeys(("device", "site", "location"), _REFERENCE),
        "tags": [{"slug": str}],
        "custom_fields": (dict, _NONE),
    },
    "dcim/devices": {
        **dict.fromkeys(("name", "display"), _TEXT),
        **dict.fromkeys(("site", "location"), ({"id": int, "name": str}, _NONE)),
        "virtual_chassis": (_with({"id": int}, {"name": _TEXT, "master": _REFERENCE}), _NONE),
        **{"serial": str, "platform": _SLUGGED, "role": _SLUGGED, "status": _STATUS, "tags": _SLUGS},
        "device_type": {"id": int, "model": str, "manufacturer": {"id": int, "name": str}},
        **dict.fromkeys(("primary_ip4", "primary_ip6", "oob_ip"), _WITH_ADDRESS),
    },
    "dcim/locations": {"site": _SLUGGED},
    "ipam/prefixes": {
        **_SPACE,
        "prefix": _is_interface,
        "scope_type": _TEXT,
        "scope_id": (int, _NONE),
        "scope": _NAMED,
    },
    "ipam/ip-ranges": {**_SPACE, **dict.fromkeys(("start_address", "end_address"), _is_interface)},
    "ipam/ip-addresses": {
        **_SPACE,
        "role": (_STATUS, _NONE),
        "address": _is_interface,
        "assigned_object_type": _TEXT,
        "assigned_object_id": (int, _NONE),
        "assigned_object": (_HOLDER, _NONE),
        "dns_name": _TEXT,
    },
    "dcim/device-types": {"slug": str, "model": str, "part_number": _TEXT, "manufacturer": {"name": str}},
    "dcim/interfaces": {"name": str, "device": {"id": int}},
    "extras/tags": {"slug": str},
    "extras/journal-entries": {"assigned_object_type": str, "assigned_object_id": int, "comments": str},
}

#: A row of GraphQL's list of probes.
SIGHTING: dict[str, Any] = {
    **{key: _LIMITED[key] for key in ("name", "category", "device_descriptor")},
    "serial": _is_serial,
    "time": is_time,
    "creation_time": (is_time, _NONE),
    "device": ({"id": NUMBER}, _NONE),
}
#: One of which only the part and its time are looked at.
GLANCE: dict[str, Any] = {
    **{key: SIGHTING[key] for key in ("serial", "time", "creation_time")},
    **{"id": NUMBER, "device": {"id": NUMBER}},
}


def check_rows(path: str, rows: Sequence[Any], fields: str | None = None) -> None:
    """Raise WrongShape unless these are rows as that list has them, each with its id.

    path: below /api/. fields: those that were asked for, with commas between; None: all.
    """
    kinds = _KINDS.get(path.strip("/"), {})
    asked = kinds if fields is None else {key: kinds[key] for key in fields.split(",") if key in kinds}
    if not all_hold(rows, {"id": int}):
        raise WrongShape("a row has no id")
    _check(rows, asked)


def _check(rows: Sequence[Any], kinds: Mapping[str, Any]) -> None:
    """Raise WrongShape unless the rows hold values of these kinds."""
    if all_hold(rows, kinds):
        return
    for row in rows:
        _check_row(row, kinds)


def _check_row(row: Any, kinds: Mapping[str, Any]) -> None:
    if not isinstance(row, dict):
        raise WrongShape("a row is not an object")
    where = f"row {row['id']}" if holds(row.get("id"), int) else "a row"
    for key, kind in kinds.items():
        if key not in row:
            raise WrongShape(f"{where}: {key} is missing")
        if not holds(row[key], kind):
            raise WrongShape(f"{where}: {key} is {shown(row[key])}")


def graphql_rows(reply: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of GraphQL's list of probes. Raises WrongShape."""
    rows = reply.get("inventory_monitor_probe_list")
    if not isinstance(rows, list):
        raise WrongShape("the list of probes is missing")
    _check(rows, kinds)
    return rows

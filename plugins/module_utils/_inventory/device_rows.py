# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of NetBox's list of devices, of NetBox or of a cache: what is used of them, checked, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_interface
from typing import Any

from .._common.shapes import holds
from .._common.typed_json import WrongShape, shown

#: Characters of a text. NetBox's longest, the name of a site, has 100.
LENGTH = 500

_NAMED: dict[str, Any] = {"id": int, "name": str, "slug": str}
_ADDRESS = {"address": str}
#: What is used of a row: a type, the keys of an object, or in a list those of each entry. Each may be null.
_ROW: dict[str, Any] = {
    **{"id": int, "name": str, "display": str, "serial": str, "vc_position": int},
    **{"site": _NAMED, "location": _NAMED, "platform": _NAMED, "role": _NAMED},
    "status": {"value": str},
    "device_type": {"id": int, "model": str, "slug": str, "manufacturer": {"name": str}},
    "primary_ip4": _ADDRESS,
    "primary_ip6": _ADDRESS,
    "tags": [{"slug": str}],
    "virtual_chassis": {"id": int, "name": str, "display": str, "master": {"id": int}},
}


def device_rows(found: Any) -> list[dict[str, Any]]:
    """The rows, each with all keys that are used and no other. Raises WrongShape, with path and type."""
    if not isinstance(found, list):
        raise WrongShape("devices: not a list")
    rows = [_row(f"devices[{number}]", row) for number, row in enumerate(found)]
    if len({row["id"] for row in rows}) != len(rows):
        raise WrongShape("devices: the same id twice")
    return rows


def _row(where: str, found: Any) -> dict[str, Any]:
    row: dict[str, Any] = _used(where, found, _ROW)
    if row is None or row["id"] is None:
        raise WrongShape(f"{where}: not a device with an id")
    if (row["virtual_chassis"] or {"id": 0})["id"] is None:
        raise WrongShape(f"{where}.virtual_chassis: no id")
    if not all(tag and tag["slug"] for tag in row["tags"] or ()):
        raise WrongShape(f"{where}.tags: a tag without a slug")
    for key in ("primary_ip4", "primary_ip6"):
        _check_address(f"{where}.{key}", (row[key] or {}).get("address"))
    return row


def _used(where: str, value: Any, kind: Any) -> Any:
    """The value, if it is of that kind, without what is not used of it."""
    if value is None:
        return None
    if isinstance(kind, Mapping):
        if not isinstance(value, dict):
            raise WrongShape(f"{where}: not an object")
        return {key: _used(f"{where}.{key}", value.get(key), inner) for key, inner in kind.items()}
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise WrongShape(f"{where}: not a list")
        return [_used(f"{where}[{number}]", one, kind[0]) for number, one in enumerate(value)]
    if not holds(value, kind):
        raise WrongShape(f"{where}: a value of the wrong type")
    return _text(where, value) if kind is str else value


def _text(where: str, value: str) -> str:
    if len(value) > LENGTH:
        raise WrongShape(f"{where}: a text of {len(value):,} characters; the limit is {LENGTH:,}")
    # Half a character, as JSON can write it, cannot be printed.
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def _check_address(where: str, address: str | None) -> None:
    if not address:
        return
    try:
        ip_interface(address)
        # A zone ("fe80::1%eth0") may be any text, and is not part of an address in NetBox.
        fits = "%" not in address
    except ValueError:
        fits = False
    if not fits:
        raise WrongShape(f"{where}: {shown(address)} is not an address")

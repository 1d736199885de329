# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as NetBox's REST API shows them: nested objects, displays, labels, and the subsets a client may ask for."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .models import MODELS, OBJECT_TYPES, SLIM, Field, Model
from .releases import Release
from .store import Row, Store

#: Words whose first letter alone is not what NetBox makes large.
_LABELS = {word: word.upper() for word in ("dhcp", "slaac", "vip", "vrrp", "hsrp", "glbp", "carp")}
_NESTED_ADDRESS = ("id", "url", "display", "family", "address", "description", "dns_name", "nat_inside", "nat_outside")


class Renderer:
    """Shows rows for one request; nested objects are looked up once each."""

    def __init__(self, store: Store, release: Release, base_url: str) -> None:
        """Links start with `base_url`, the address by which the client came."""
        self._store = store
        self._release = release
        self._base = base_url
        self._nested: dict[tuple[str | int, ...], dict[str, Any] | None] = {}
        self._rows: dict[tuple[str, int], Row | None] = {}
        self._computed: dict[str, Callable[[Model, Row], Any]] = {
            "id": lambda _model, row: row["id"],
            "url": lambda model, row: f"{self._base}/api/{model.path}/{row['id']}/",
            "display_url": lambda model, row: f"{self._base}/{model.path}/{row['id']}/",
            "display": self._display,
            "created": lambda _model, row: show_time(row["created"]),
            "last_updated": lambda _model, row: show_time(row["last_updated"]),
            "primary_ip": self._primary_ip,
            "config_context": lambda _model, _row: {},
            "family": self._family,
            "size": lambda _model, row: int(_host(row["end_address"])) - int(_host(row["start_address"])) + 1,
            "scope": lambda _model, row: self._generic(row["scope_type"], row["scope_id"]),
            "assigned_object": self._assigned_object,
            "member_count": lambda _model, row: self._store.count(
                MODELS["device"], "virtual_chassis = ?", (row["id"],)
            ),
            "members": self._members,
            "_depth": self._depth,
        }

    def show(self, model: Model, row: Row, names: Sequence[str] | None = None) -> dict[str, Any]:
        """One object, whole, or only the fields in `names`."""
        return {
            field.name: self._value(model, field, row) for field in model.fields if names is None or field.name in names
        }

    def nested(self, target: str, row_id: int | None, names: Sequence[str] = ()) -> dict[str, Any] | None:
        """The object of that id as it is shown within another: its brief fields, or those in `names`."""
        if row_id is None:
            return None
        key: tuple[str | int, ...] = (target, row_id, *names)
        if key not in self._nested:
            row = self._row(target, row_id)
            model = MODELS[target]
            self._nested[key] = row and (self.show(model, row, names) if names else self._brief(model, row))
        return self._nested[key]

    def _brief(self, model: Model, row: Row) -> dict[str, Any]:
        if model.name != "ip_address" or not self._release.nested_dns_name:
            return self.show(model, row, model.brief)
        shown = self.show(model, row, _NESTED_ADDRESS)
        return {name: shown[name] for name in _NESTED_ADDRESS}

    def _row(self, target: str, row_id: int) -> Row | None:
        key = (target, row_id)
        if key not in self._rows:
            self._rows[key] = self._store.get(MODELS[target], row_id)
        return self._rows[key]

    def _value(self, model: Model, field: Field, row: Row) -> Any:
        if field.kind == "computed":
            return self._computed[field.name](model, row)
        if field.kind == "fixed":
            return field.default
        value = row[field.name]
        if field.kind == "ref":
            return self.nested(field.target, value, field.shown)
        if field.kind == "choice":
            return value and {"value": value, "label": _LABELS.get(value, value.capitalize())}
        if field.kind == "time":
            return show_time(value)
        if field.kind == "tags":
            tags = [tag for tag_id in value if (tag := self.nested("tag", tag_id))]
            return sorted(tags, key=lambda tag: tag["name"])
        return value

    def _display(self, model: Model, row: Row) -> str:
        if model.name == "probe":
            return f"{row['serial']} - {row['name']}"
        if model.name == "device":
            return self._device_display(row)
        if model.name == "journal_entry":
            return f"{show_time(row['created'])} (Info)"
        if model.name == "vrf" and row["rd"]:
            return f"{row['name']} ({row['rd']})"
        if model.name == "ip_range":
            return range_display(row["start_address"], row["end_address"])
        return str(row.get("name") or row.get("model") or row.get("address") or row.get("prefix"))

    def _device_display(self, row: Row) -> str:
        if row["name"]:
            return str(row["name"])
        if row["virtual_chassis"]:
            chassis = self._row("virtual_chassis", row["virtual_chassis"])
            return f"{chassis['name'] if chassis else ''}:{row['vc_position']}"
        device_type = self._row("device_type", row["device_type"]) or {"manufacturer": 0, "model": ""}
        manufacturer = self._row("manufacturer", device_type["manufacturer"]) or {"name": ""}
        return f"{manufacturer['name']} {device_type['model']} ({row['id']})"

    def _primary_ip(self, _model: Model, row: Row) -> dict[str, Any] | None:
        """The IPv6 address wins: PREFER_IPV4 is False unless an administrator set it."""
        return self.nested("ip_address", row["primary_ip6"] or row["primary_ip4"])

    def _depth(self, model: Model, row: Row) -> int:
        """How many locations this one lies within."""
        above = self._row(model.name, row["parent"]) if row["parent"] else None
        return 1 + self._depth(model, above) if above else 0

    def _generic(self, kind: str | None, row_id: int | None) -> dict[str, Any] | None:
        """The object that a generic relation points to; a slug is among its brief fields, a count is not."""
        return self.nested(OBJECT_TYPES[kind].name, row_id) if kind and row_id else None

    def _assigned_object(self, _model: Model, row: Row) -> dict[str, Any] | None:
        found = self._generic(row["assigned_object_type"], row["assigned_object_id"])
        return found and {**found, **({"cable": None, "_occupied": False} if "device" in found else {})}

    @staticmethod
    def _family(_model: Model, row: Row) -> dict[str, Any]:
        version = ipaddress.ip_interface(row.get("address") or row.get("prefix") or row["start_address"]).version
        return {"value": version, "label": f"IPv{version}"}

    def _members(self, _model: Model, row: Row) -> list[dict[str, Any]]:
        device = MODELS["device"]
        members = self._store.select(device, "virtual_chassis = ?", (row["id"],), "vc_position, id")
        return [self.show(device, member, SLIM) for member in members]


def _host(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_interface(address).ip


def range_display(first: str, last: str) -> str:
    """192.0.2.10-20/24: what both ends have in common is shown once."""
    mask = first.partition("/")[2]
    sign = ":" if ":" in first else "."
    ends = [str(_host(one)).split(sign) for one in (first, last)]
    same = [one for one, other in zip(*ends, strict=False) if one == other]
    if ends[0] == ends[1]:
        return f"{_host(first)}-{_host(last)}/{mask}"
    rest = [sign.join(end[len(same) :]) for end in ends]
    return f"{sign.join(same)}{sign}{rest[0]}-{rest[1]}/{mask}"


def show_time(value: str | None) -> str | None:
    """A stored moment as the API shows it: no fraction where it is zero."""
    return value.replace(".000000Z", "Z") if value else value


def wanted_fields(
    model: Model, query: Mapping[str, list[str]], release: Release, reading: bool
) -> tuple[str, ...] | None:
    """The fields that a request asks for by fields=, omit=, brief= or exclude=; None is all of them.

    Of exclude only the config context is known, and it counts together with the others.
    """
    names = _asked_for(model, query, release, reading)
    if "config_context" not in query.get("exclude", [""])[-1]:
        return names
    every = names if names is not None else tuple(field.name for field in model.fields)
    return tuple(name for name in every if name != "config_context")


def _asked_for(model: Model, query: Mapping[str, list[str]], release: Release, reading: bool) -> tuple[str, ...] | None:
    asked = query.get("fields", [""])[-1]
    if asked:
        return tuple(asked.split(","))
    omitted = query.get("omit", [""])[-1].split(",") if release.omit and query.get("omit", [""])[-1] else []
    if omitted:
        return tuple(field.name for field in model.fields if field.name not in omitted)
    return model.brief if reading and query.get("brief", [""])[-1] else None

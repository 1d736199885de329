# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a stand-in from a readable file. The format, all lists optional, names and slugs as references:

    {
      "tokens":        [{"token": "40 hex digits" or "nbt_<key>.<secret>", "user": "sandbox", "superuser": false,
                         "write_enabled": true, "enabled": true, "expires": null or ISO time,
                         "permissions": ["inventory_monitor.view_probe", "dcim.view_device", ...]}],
      "tags":          [{"name": "Core", "slug": "core"}],
      "manufacturers": [{"name": "Cisco", "slug": "cisco"}],
      "device_types":  [{"manufacturer": "cisco", "model": "C9300-48P", "slug": "c9300-48p"}],
      "roles":         [{"name": "Router", "slug": "router"}],
      "platforms":     [{"name": "Cisco IOS", "slug": "cisco-ios"}],
      "sites":         [{"name": "Brno", "slug": "brq", "status": "active"}],
      "locations":     [{"name": "Hall 1", "slug": "hall-1", "site": "brq", "parent": null or a location's slug}],
      "virtual_chassis": [{"name": "stack1", "master": "sw1"}],
      "devices":       [{"name": "r1" or null, "device_type": "c9300-48p", "role": "router", "site": "brq",
                         "location": "hall-1", "platform": "cisco-ios", "status": "active", "serial": "FOC1",
                         "tags": ["core"], "primary_ip4": "127.0.1.2/8", "primary_ip6": "::1/128",
                         "interface": "mgmt0", "virtual_chassis": "stack1", "vc_position": 1}],
      "tenants":       [{"name": "City", "slug": "city"}],
      "vrfs":          [{"name": "mgmt", "rd": "65000:1", "enforce_unique": true}],
      "prefix_roles":  [{"name": "DHCP", "slug": "dhcp"}],
      "prefixes":      [{"prefix": "192.0.2.0/24", "site": "brq", "vrf": "mgmt", "tenant": "city", "role": "dhcp",
                         "status": "active"}],
      "ip_ranges":     [{"start_address": "192.0.2.100/24", "end_address": "192.0.2.199/24", "role": "dhcp"}],
      "ip_addresses":  [{"address": "192.0.2.7/24", "device": "r1" or null, "interface": "mgmt0", "vrf": "mgmt",
                         "dns_name": "", "status": "active", "tags": []}],
      "probes":        [{"name": "...", "serial": "...", "time": ISO, "creation_time": ISO, "device": "r1",
                         "site": "brq", "location": "hall-1", "part": ..., "discovered_data": {...}, ...}]
    }

Without "tokens" there is one: DEFAULT_TOKEN, a superuser's. Every object may have an "id", else it gets the next
free one, from 1, in the order of the file. An address belongs to an interface of its device (named "mgmt0" where
the seed does not say); the same address may stand on several devices. A location is looked up by slug within its
site. A probe without "device" has none; "creation_time" falls back to "time", and the descriptors to the names.
A field that is not listed here, but that the API has, may stand as well (description, comments, asset_tag, color).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from .models import MODELS, Model
from .store import Store, stamp

#: The token of a stand-in whose seed names none. It opens nothing but a sandbox.
DEFAULT_TOKEN = "0123456789abcdef0123456789abcdef01234567"

_PLAIN = (
    ("tags", "tag"),
    ("manufacturers", "manufacturer"),
    ("device_types", "device_type"),
    ("roles", "device_role"),
    ("platforms", "platform"),
    ("sites", "site"),
    ("locations", "location"),
    ("tenants", "tenant"),
    ("vrfs", "vrf"),
    ("prefix_roles", "role"),
    ("ip_ranges", "ip_range"),
)
_KEYS = {"site": "slug", "location": "slug", "manufacturer": "slug", "device_type": "slug", "device_role": "slug"}
_KEYS |= {"tenant": "slug", "vrf": "name", "role": "slug"}
_KEYS |= {"platform": "slug", "tag": "slug", "virtual_chassis": "name", "device": "name"}


class SeedError(ValueError):
    """A seed that cannot be loaded: which entry, and why."""


def one_site(count: int) -> dict[str, Any]:
    """The seed of a NetBox with the devices r1, r2, ... (ids 1, 2, ...) at one site, and no probe: for tests."""
    return {
        "manufacturers": [{"name": "Acme", "slug": "acme"}],
        "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
        "roles": [{"name": "Router", "slug": "router"}],
        "sites": [{"name": "Brno", "slug": "brno"}],
        "devices": [
            {"id": number, "name": f"r{number}", "device_type": "box", "role": "router", "site": "brno"}
            for number in range(1, count + 1)
        ],
    }


def load(store: Store, seed: Mapping[str, Any]) -> None:
    """Put everything of a seed into the store, or nothing. Raises SeedError."""
    with store.transaction():
        _tokens(store, seed.get("tokens") or [{"token": DEFAULT_TOKEN, "superuser": True}])
        for group, name in _PLAIN:
            for entry in seed.get(group, ()):
                _insert(store, MODELS[name], entry)
        for entry in seed.get("prefixes", ()):
            _prefix(store, entry)
        chassis = list(seed.get("virtual_chassis", ()))
        for entry in chassis:
            _insert(store, MODELS["virtual_chassis"], {**entry, "master": None})
        for entry in seed.get("devices", ()):
            _device(store, entry)
        for entry in chassis:
            _set_master(store, entry)
        for entry in seed.get("ip_addresses", ()):
            _ip_address(store, entry)
        for entry in seed.get("probes", ()):
            _probe(store, entry)


def _tokens(store: Store, entries: Iterable[Mapping[str, Any]]) -> None:
    for entry in entries:
        store.put_token(entry["token"], {name: value for name, value in entry.items() if name != "token"})


def _insert(store: Store, model: Model, entry: Mapping[str, Any]) -> int:
    """Store one entry with its references resolved and its defaults filled in."""
    values: dict[str, Any] = {"id": entry.get("id")}
    for field in model.stored:
        value = entry.get(field.name, field.default)
        if field.kind == "ref" and isinstance(value, str):
            value = _find(store, MODELS[field.target], value, entry)
        elif field.kind == "tags":
            value = sorted(_find(store, MODELS["tag"], slug, entry) for slug in value)
        elif field.kind == "time" and value is not None:
            moment = datetime.fromisoformat(value)
            value = stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        values[field.name] = value
    return store.insert(model, values)


def _find(store: Store, model: Model, word: str, entry: Mapping[str, Any]) -> int:
    """The id of the object of that slug or name; a location's within the entry's site."""
    where, arguments = f'"{_KEYS[model.name]}" = ?', [word]
    if model.name == "location" and entry.get("site"):
        where += " AND site IN (SELECT id FROM site WHERE slug = ?)"
        arguments.append(entry["site"])
    found = store.select(model, where, arguments, limit=1)
    if not found:
        raise SeedError(f"no {model.name} {word!r}, named by {entry.get('name') or entry.get('model')!r}")
    return int(found[0]["id"])


def _device(store: Store, entry: Mapping[str, Any]) -> None:
    model = MODELS["device"]
    addresses = {name: entry[name] for name in ("primary_ip4", "primary_ip6", "oob_ip") if entry.get(name)}
    device_id = _insert(store, model, {name: value for name, value in entry.items() if name not in addresses})
    if not addresses:
        return
    interface = {"device": device_id, "name": entry.get("interface", "mgmt0"), "type": "other"}
    interface_id = _insert(store, MODELS["interface"], interface)
    ids = {
        name: _insert(
            store,
            MODELS["ip_address"],
            {
                "address": str(ipaddress.ip_interface(address)),
                "assigned_object_type": "dcim.interface",
                "assigned_object_id": interface_id,
            },
        )
        for name, address in addresses.items()
    }
    store.update(model, device_id, ids)


def _set_master(store: Store, entry: Mapping[str, Any]) -> None:
    if not entry.get("master"):
        return
    model = MODELS["virtual_chassis"]
    master = _find(store, MODELS["device"], entry["master"], {})
    store.update(model, _find(store, model, entry["name"], entry), {"master": master})


def _prefix(store: Store, entry: Mapping[str, Any]) -> None:
    """Store a prefix; its scope is the site that it names."""
    site = _find(store, MODELS["site"], entry["site"], {}) if entry.get("site") else None
    _insert(store, MODELS["prefix"], {"scope_type": "dcim.site" if site else None, "scope_id": site, **entry})


def _ip_address(store: Store, entry: Mapping[str, Any]) -> None:
    """Store an address; it is assigned to the interface of the device that it names, which is made if it is missing."""
    device = _find(store, MODELS["device"], entry["device"], {}) if entry.get("device") else None
    assigned: dict[str, Any] = {}
    if device:
        name = entry.get("interface", "mgmt0")
        found = store.select(MODELS["interface"], "device = ? AND name = ?", (device, name))
        interface = {"device": device, "name": name, "type": "other"}
        row_id = found[0]["id"] if found else _insert(store, MODELS["interface"], interface)
        assigned = {"assigned_object_type": "dcim.interface", "assigned_object_id": row_id}
    _insert(store, MODELS["ip_address"], {**assigned, **entry})


def _probe(store: Store, entry: Mapping[str, Any]) -> None:
    """Store a probe; its descriptors are the names of what it points to, as an uploader writes them."""
    descriptors = {}
    for name in ("device", "site", "location"):
        if entry.get(name):
            target = store.get(MODELS[name], _find(store, MODELS[name], entry[name], entry))
            descriptors[f"{name}_descriptor"] = target["name"] if target else None
    _insert(store, MODELS["probe"], {**descriptors, "creation_time": entry.get("time"), **entry})

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be known of NetBox, besides the snapshot, before something is written: read once, before the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import OptionsError
from .._common.pieces import chunks
from .._netbox.client import NetBox
from .journal import FIELDS, JOURNAL, Written, last_written
from .snapshot import Snapshot
from .wishes import DEVICES, DeviceWishes, Wishes

TAGS = "extras/tags/"
ROLES, TYPES, SITES, INTERFACES = "dcim/device-roles/", "dcim/device-types/", "dcim/sites/", "dcim/interfaces/"
_PER_READ = 50


@dataclass(frozen=True)
class DeviceType:
    """A device type of NetBox."""

    id: int
    slug: str
    manufacturer: str
    model: str
    part_number: str = ""


@dataclass(frozen=True)
class Background:
    """What the plan needs."""

    tag_id: int | None = None  #: None: NetBox does not have the tag yet
    more_tags: tuple[int, ...] = ()  #: of new devices
    written: Written = field(default_factory=dict)
    role_id: int = 0
    site_id: int | None = None  #: of the site that the user named
    types: Sequence[DeviceType] = ()
    interfaces: Mapping[int, Mapping[str, int]] = field(
        default_factory=dict
    )  #: device -> name -> id, of unfinished ones


def read_background(netbox: NetBox, snapshot: Snapshot, wishes: Wishes) -> Background:
    """Read it. Raises NetBoxError; OptionsError for a role, type or site that NetBox does not have."""
    tags = netbox.get_all(TAGS, {"slug": wishes.tag, "fields": "id,slug"})
    tag_id = int(tags[0]["id"]) if tags else None
    # A tag that does not exist is not a filter.
    rows = netbox.get_all(JOURNAL, {"tag": wishes.tag, "fields": FIELDS}) if tags else []
    written = last_written(rows)
    if wishes.register != DEVICES:
        return Background(tag_id, written=written)
    return _with_devices(netbox, snapshot, wishes, tag_id, written)


def _with_devices(
    netbox: NetBox, snapshot: Snapshot, wishes: Wishes, tag_id: int | None, written: Written
) -> Background:
    devices = wishes.devices
    if not devices.role:
        raise OptionsError(
            "register: devices needs the role of new devices",
            "set device_role (discover_device_role) to the slug of a role",
        )
    types = [_type(row) for row in netbox.get_all(TYPES, {"fields": "id,slug,model,part_number,manufacturer"})]
    _check_types(types, devices)
    ours = [one.id for one in snapshot.devices if wishes.tag in one.tags and ("dcim.device", one.id) not in written]
    interfaces: dict[int, dict[str, int]] = {}
    for part in chunks(ours, _PER_READ):
        for row in netbox.get_all(INTERFACES, {"device_id": list(part), "fields": "id,name,device"}):
            interfaces.setdefault(row["device"]["id"], {})[row["name"]] = row["id"]
    return Background(
        tag_id,
        tuple(_id_of(netbox, TAGS, slug, "device_tags", "tag") for slug in devices.tags),
        written,
        _id_of(netbox, ROLES, devices.role, "device_role", "role"),
        _id_of(netbox, SITES, devices.site, "device_site", "site") if devices.site else None,
        types,
        interfaces,
    )


def _id_of(netbox: NetBox, path: str, slug: str, option: str, noun: str) -> int:
    rows = netbox.get_all(path, {"slug": slug, "fields": "id,slug"})
    if not rows:
        raise OptionsError(f"NetBox has no {noun} with the slug {slug}", f"create it, or correct {option}")
    return int(rows[0]["id"])


def _type(row: Mapping[str, Any]) -> DeviceType:
    return DeviceType(row["id"], row["slug"], row["manufacturer"]["name"], row["model"], row.get("part_number") or "")


def _check_types(types: Sequence[DeviceType], devices: DeviceWishes) -> None:
    slugs = {one.slug for one in types}
    for slug in (devices.default_type, *devices.types.values()):
        if slug and slug not in slugs:
            raise OptionsError(
                f"NetBox has no device type with the slug {slug}", "create it, or correct device_type, device_types"
            )

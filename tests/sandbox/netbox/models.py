# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects that the stand-in knows: their fields, limits and order, as NetBox's REST API shows them.

One table here drives everything else: the SQL tables, what a write may hold, what an answer looks like.
Measured on NetBox 4.6.8 with inventory_monitor 14.0.0, and on 4.4.10 with 11.0.2. Fields that an inventory has no
use for are left out: counters, owners, and whatever else NetBox keeps about racks, cables and circuits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NOW = object()  #: a default: the server's clock at the moment of the validation


@dataclass(frozen=True)
class Field:
    """One field of a model.

    kind is one of text, int, time, json, choice, ref, generic (an id of whatever `<name>_type` says), tags,
    custom_fields, fixed (always `default`, never written) and computed (made when it is shown: see render.py).
    """

    name: str
    kind: str = "text"
    required: bool = False
    null: bool = False
    blank: bool = True  #: may be ""
    limit: int = 0  #: characters; 0 is none
    default: Any = ""
    target: str = ""  #: of a ref: the model
    choices: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  #: of a ref: the target's fields that are shown; its brief ones if empty
    on_delete: str = "SET NULL"  #: of a ref: what happens to this row when its target goes: SQLite's words

    @property
    def stored(self) -> bool:
        """Has this field a column?"""
        return self.kind not in ("fixed", "computed")


@dataclass(frozen=True)
class Model:
    """One kind of object: where it lives in the API, and its fields in the order of an answer."""

    name: str
    path: str  #: below /api/, without slashes at the ends
    permission: str  #: "dcim.device": permissions are dcim.view_device and so on
    label: str  #: as an error names it: "No Probe matches the given query."
    fields: tuple[Field, ...]
    brief: tuple[str, ...]
    ordering: tuple[str, ...] = ("name", "id")
    change_logged: bool = True  #: has created and last_updated, and with them an ETag on 4.6
    sequential: bool = (
        False  #: many are created one after the other: only the first error is returned, without its place
    )
    unique: tuple[tuple[str, ...], ...] = ()  #: groups of fields that no two rows may share

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields that have a column."""
        return tuple(field for field in self.fields if field.stored)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def _text(name: str, limit: int, **options: Any) -> Field:
    return Field(name, limit=limit, **options)


def _optional(name: str, limit: int) -> Field:
    return Field(name, limit=limit, null=True, default=None)


def _ref(
    name: str,
    target: str,
    *,
    null: bool = True,
    required: bool = False,
    on_delete: str = "",
    shown: tuple[str, ...] = (),
) -> Field:
    on_delete = on_delete or ("SET NULL" if null else "RESTRICT")
    return Field(
        name, "ref", target=target, null=null, required=required, default=None, shown=shown, on_delete=on_delete
    )


def _fixed(name: str, value: Any = None) -> Field:
    return Field(name, "fixed", default=value)


_IDENTITY = (Field("id", "computed"), Field("url", "computed"))
_DISPLAY = Field("display", "computed")
_HEAD = (*_IDENTITY, Field("display_url", "computed"), _DISPLAY)
_TAGS = Field("tags", "tags", default=[])
_CUSTOM = Field("custom_fields", "custom_fields", default={})
_STAMPS = (Field("created", "computed"), Field("last_updated", "computed"))
_NAME = _text("name", 100, required=True, blank=False)
_SLUG = Field("slug", "slug", required=True, blank=False, limit=100)
_DESCRIPTION = _text("description", 200)
_COMMENTS = Field("comments")
#: How a stack shows its devices, and a location the one above it.
SLIM = ("id", "url", "display_url", "display", "name")
_BRIEF = ("id", "url", "display", "name", "slug", "description")

PROBE = Model(
    "probe",
    "plugins/inventory-monitor/probes",
    "inventory_monitor.probe",
    "Probe",
    (
        *_IDENTITY,
        _DISPLAY,
        _text("name", 255, required=True, blank=False),
        Field("time", "time", required=True, default=None),
        _text("serial", 255, required=True, blank=False),
        _optional("part", 255),
        _optional("device_descriptor", 100),
        _ref("device", "device", required=True),
        _optional("site_descriptor", 100),
        _ref("site", "site", required=True),
        _optional("location_descriptor", 100),
        _ref("location", "location", required=True),
        Field("description"),
        _optional("category", 255),
        Field("discovered_data", "json", default={}),
        _TAGS,
        _COMMENTS,
        _CUSTOM,
        Field("creation_time", "time", null=True, default=NOW),
    ),
    ("id", "url", "display", "name", "serial", "time", "creation_time"),
    ordering=("name", "serial", "time", "part", "description", "device_descriptor", "device", "id"),
    change_logged=False,
)

DEVICE = Model(
    "device",
    "dcim/devices",
    "dcim.device",
    "Device",
    (
        *_HEAD,
        _optional("name", 64),
        _ref("device_type", "device_type", null=False, required=True),
        _ref("role", "device_role", null=False, required=True),
        _fixed("tenant"),
        _ref("platform", "platform"),
        _text("serial", 50),
        _optional("asset_tag", 50),
        _ref("site", "site", null=False, required=True),
        _ref("location", "location"),
        _fixed("rack"),
        _fixed("position"),
        _fixed("face"),
        _fixed("latitude"),
        _fixed("longitude"),
        _fixed("parent_device"),
        Field(
            "status",
            "choice",
            default="active",
            choices=("offline", "active", "planned", "staged", "failed", "inventory", "decommissioning"),
        ),
        _fixed("airflow"),
        Field("primary_ip", "computed"),
        _ref("primary_ip4", "ip_address"),
        _ref("primary_ip6", "ip_address"),
        _ref("oob_ip", "ip_address"),
        _fixed("cluster"),
        _ref("virtual_chassis", "virtual_chassis"),
        Field("vc_position", "int", null=True, default=None),
        _fixed("vc_priority"),
        _DESCRIPTION,
        _COMMENTS,
        _fixed("config_template"),
        _fixed("local_context_data"),
        _TAGS,
        _CUSTOM,
        Field("config_context", "computed"),
        *_STAMPS,
    ),
    ("id", "url", "display", "name", "description"),
    sequential=True,
    unique=(("name", "site"),),
)

SITE = Model(
    "site",
    "dcim/sites",
    "dcim.site",
    "Site",
    (
        *_HEAD,
        _NAME,
        _SLUG,
        Field(
            "status",
            "choice",
            default="active",
            choices=("planned", "staging", "active", "decommissioning", "retired"),
        ),
        _DESCRIPTION,
        _COMMENTS,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
    ),
    _BRIEF,
    unique=(("name",), ("slug",)),
)

LOCATION = Model(
    "location",
    "dcim/locations",
    "dcim.location",
    "Location",
    (
        *_HEAD,
        _NAME,
        _SLUG,
        _ref("site", "site", null=False, required=True, on_delete="CASCADE"),
        _ref("parent", "location", on_delete="CASCADE", shown=(*SLIM, "slug", "_depth")),
        Field(
            "status",
            "choice",
            default="active",
            choices=("planned", "staging", "active", "decommissioning", "retired"),
        ),
        _DESCRIPTION,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
        Field("rack_count", "fixed", default=0),
        Field("_depth", "computed"),
        _COMMENTS,
    ),
    (*_BRIEF, "rack_count", "_depth"),
    unique=(("site", "parent", "name"), ("site", "parent", "slug")),
)


def _plain(name: str, path: str, permission: str, label: str, *extra: Field) -> Model:
    """A model that has a name and a slug, and little more."""
    fields = (*_HEAD, _NAME, _SLUG, *extra, _DESCRIPTION, _TAGS, _CUSTOM, *_STAMPS)
    return Model(name, path, permission, label, fields, _BRIEF, unique=(("name",), ("slug",)))


MANUFACTURER = _plain("manufacturer", "dcim/manufacturers", "dcim.manufacturer", "Manufacturer")
PLATFORM = _plain("platform", "dcim/platforms", "dcim.platform", "Platform", _ref("manufacturer", "manufacturer"))
DEVICE_ROLE = _plain(
    "device_role", "dcim/device-roles", "dcim.devicerole", "DeviceRole", Field("color", limit=6, default="9e9e9e")
)
TAG = Model(
    "tag",
    "extras/tags",
    "extras.tag",
    "Tag",
    (*_HEAD, _NAME, _SLUG, Field("color", limit=6, default="9e9e9e"), _DESCRIPTION, *_STAMPS),
    ("id", "url", "display_url", "display", "name", "slug", "color"),
    unique=(("name",), ("slug",)),
)

DEVICE_TYPE = Model(
    "device_type",
    "dcim/device-types",
    "dcim.devicetype",
    "DeviceType",
    (
        *_HEAD,
        _ref("manufacturer", "manufacturer", null=False, required=True),
        _text("model", 100, required=True, blank=False),
        _SLUG,
        _text("part_number", 50),
        _DESCRIPTION,
        _COMMENTS,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
    ),
    ("id", "url", "display", "manufacturer", "model", "slug", "description"),
    ordering=("manufacturer", "model", "id"),
    unique=(("manufacturer", "model"), ("manufacturer", "slug")),
)

VIRTUAL_CHASSIS = Model(
    "virtual_chassis",
    "dcim/virtual-chassis",
    "dcim.virtualchassis",
    "VirtualChassis",
    (
        *_HEAD,
        _text("name", 64, required=True, blank=False),
        _text("domain", 30),
        _ref("master", "device", shown=SLIM, on_delete="RESTRICT"),
        _DESCRIPTION,
        _COMMENTS,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
        Field("member_count", "computed"),
        Field("members", "computed"),
    ),
    ("id", "url", "display", "name", "master", "description", "member_count"),
)

INTERFACE = Model(
    "interface",
    "dcim/interfaces",
    "dcim.interface",
    "Interface",
    (
        *_HEAD,
        _ref("device", "device", null=False, required=True, on_delete="CASCADE"),
        _text("name", 64, required=True, blank=False),
        Field("type", "choice", required=True, choices=("virtual", "1000base-t", "10gbase-x-sfpp", "other")),
        _DESCRIPTION,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
    ),
    ("id", "url", "display", "device", "name", "description"),
    unique=(("device", "name"),),
)

IP_ADDRESS = Model(
    "ip_address",
    "ipam/ip-addresses",
    "ipam.ipaddress",
    "IPAddress",
    (
        *_HEAD,
        Field("family", "computed"),
        Field("address", "address", required=True, blank=False),
        Field("status", "choice", default="active", choices=("active", "reserved", "deprecated", "dhcp", "slaac")),
        Field("role", null=True, default=None, limit=50),
        Field("assigned_object_type", null=True, default=None, limit=100),
        Field("assigned_object_id", "int", null=True, default=None),
        _text("dns_name", 255),
        _DESCRIPTION,
        _COMMENTS,
        _TAGS,
        _CUSTOM,
        *_STAMPS,
    ),
    ("id", "url", "display", "family", "address", "description"),
    ordering=("id",),
)

JOURNAL_ENTRY = Model(
    "journal_entry",
    "extras/journal-entries",
    "extras.journalentry",
    "JournalEntry",
    (
        *_HEAD,
        Field("assigned_object_type", required=True, blank=False, limit=100),
        Field("assigned_object_id", "int", required=True),
        Field("kind", "choice", default="info", choices=("info", "success", "warning", "danger")),
        Field("comments", required=True, blank=False),
        _TAGS,
        _CUSTOM,
        *_STAMPS,
    ),
    ("id", "url", "display", "created"),
    ordering=("id",),
)

#: Every model, a target always before those that refer to it, except where two refer to each other.
MODELS = {
    model.name: model
    for model in (
        TAG,
        MANUFACTURER,
        DEVICE_TYPE,
        DEVICE_ROLE,
        PLATFORM,
        SITE,
        LOCATION,
        IP_ADDRESS,
        VIRTUAL_CHASSIS,
        DEVICE,
        INTERFACE,
        PROBE,
        JOURNAL_ENTRY,
    )
}

#: NetBox's names of the types that a generic relation can point to.
OBJECT_TYPES = {model.permission: model for model in MODELS.values()}

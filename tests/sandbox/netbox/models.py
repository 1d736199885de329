# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects that the stand-in knows: their fields, limits and order, as NetBox's REST API shows them.

One table here drives everything else: the SQL tables, what a write may hold, what an answer looks like.
Measured on NetBox 4.6.8 with inventory_monitor 14.0.0, and on 4.4.10 with 11.0.2. Fields that an inventory has no
use for are left out: counters, owners, and whatever else NetBox keeps about racks, cables and circuits.
"""

from __future__ import annotations

from .kinds import (
    BRIEF,
    COMMENTS,
    CUSTOM,
    DESCRIPTION,
    DISPLAY,
    HEAD,
    IDENTITY,
    NAME,
    NOW,
    SLIM,
    SLUG,
    STAMPS,
    TAGS,
    Field,
    Model,
    fixed,
    optional,
    plain,
    ref,
    text,
)
from .models_ipam import IP_ADDRESS, IP_RANGE, PREFIX, PREFIX_ROLE, TENANT, VIRTUAL_MACHINE, VM_INTERFACE, VRF

PROBE = Model(
    "probe",
    "plugins/inventory-monitor/probes",
    "inventory_monitor.probe",
    "Probe",
    (
        *IDENTITY,
        DISPLAY,
        text("name", 255, required=True, blank=False),
        Field("time", "time", required=True, default=None),
        text("serial", 255, required=True, blank=False),
        optional("part", 255),
        optional("device_descriptor", 100),
        ref("device", "device", required=True),
        optional("site_descriptor", 100),
        ref("site", "site", required=True),
        optional("location_descriptor", 100),
        ref("location", "location", required=True),
        Field("description"),
        optional("category", 255),
        Field("discovered_data", "json", default={}),
        TAGS,
        COMMENTS,
        CUSTOM,
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
        *HEAD,
        optional("name", 64),
        ref("device_type", "device_type", null=False, required=True),
        ref("role", "device_role", null=False, required=True),
        fixed("tenant"),
        ref("platform", "platform"),
        text("serial", 50),
        optional("asset_tag", 50),
        ref("site", "site", null=False, required=True),
        ref("location", "location"),
        fixed("rack"),
        fixed("position"),
        fixed("face"),
        fixed("latitude"),
        fixed("longitude"),
        fixed("parent_device"),
        Field(
            "status",
            "choice",
            default="active",
            choices=("offline", "active", "planned", "staged", "failed", "inventory", "decommissioning"),
        ),
        fixed("airflow"),
        Field("primary_ip", "computed"),
        ref("primary_ip4", "ip_address"),
        ref("primary_ip6", "ip_address"),
        ref("oob_ip", "ip_address"),
        fixed("cluster"),
        ref("virtual_chassis", "virtual_chassis"),
        Field("vc_position", "int", null=True, default=None),
        fixed("vc_priority"),
        DESCRIPTION,
        COMMENTS,
        fixed("config_template"),
        fixed("local_context_data"),
        TAGS,
        CUSTOM,
        Field("config_context", "computed"),
        *STAMPS,
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
        *HEAD,
        NAME,
        SLUG,
        Field(
            "status",
            "choice",
            default="active",
            choices=("planned", "staging", "active", "decommissioning", "retired"),
        ),
        DESCRIPTION,
        COMMENTS,
        TAGS,
        CUSTOM,
        *STAMPS,
    ),
    BRIEF,
    unique=(("name",), ("slug",)),
)

LOCATION = Model(
    "location",
    "dcim/locations",
    "dcim.location",
    "Location",
    (
        *HEAD,
        NAME,
        SLUG,
        ref("site", "site", null=False, required=True, on_delete="CASCADE"),
        ref("parent", "location", on_delete="CASCADE", shown=(*SLIM, "slug", "_depth")),
        Field(
            "status",
            "choice",
            default="active",
            choices=("planned", "staging", "active", "decommissioning", "retired"),
        ),
        DESCRIPTION,
        TAGS,
        CUSTOM,
        *STAMPS,
        Field("rack_count", "fixed", default=0),
        Field("_depth", "computed"),
        COMMENTS,
    ),
    (*BRIEF, "rack_count", "_depth"),
    unique=(("site", "parent", "name"), ("site", "parent", "slug")),
)


MANUFACTURER = plain("manufacturer", "dcim/manufacturers", "dcim.manufacturer", "Manufacturer")
PLATFORM = plain("platform", "dcim/platforms", "dcim.platform", "Platform", ref("manufacturer", "manufacturer"))
DEVICE_ROLE = plain(
    "device_role", "dcim/device-roles", "dcim.devicerole", "DeviceRole", Field("color", limit=6, default="9e9e9e")
)
TAG = Model(
    "tag",
    "extras/tags",
    "extras.tag",
    "Tag",
    (*HEAD, NAME, SLUG, Field("color", limit=6, default="9e9e9e"), DESCRIPTION, *STAMPS),
    ("id", "url", "display_url", "display", "name", "slug", "color"),
    unique=(("name",), ("slug",)),
)

DEVICE_TYPE = Model(
    "device_type",
    "dcim/device-types",
    "dcim.devicetype",
    "DeviceType",
    (
        *HEAD,
        ref("manufacturer", "manufacturer", null=False, required=True),
        text("model", 100, required=True, blank=False),
        SLUG,
        text("part_number", 50),
        DESCRIPTION,
        COMMENTS,
        TAGS,
        CUSTOM,
        *STAMPS,
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
        *HEAD,
        text("name", 64, required=True, blank=False),
        text("domain", 30),
        ref("master", "device", shown=SLIM, on_delete="RESTRICT"),
        DESCRIPTION,
        COMMENTS,
        TAGS,
        CUSTOM,
        *STAMPS,
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
        *HEAD,
        ref("device", "device", null=False, required=True, on_delete="CASCADE"),
        text("name", 64, required=True, blank=False),
        Field("type", "choice", required=True, choices=("virtual", "1000base-t", "10gbase-x-sfpp", "other")),
        DESCRIPTION,
        TAGS,
        CUSTOM,
        *STAMPS,
    ),
    ("id", "url", "display", "device", "name", "description"),
    unique=(("device", "name"),),
)

JOURNAL_ENTRY = Model(
    "journal_entry",
    "extras/journal-entries",
    "extras.journalentry",
    "JournalEntry",
    (
        *HEAD,
        Field("assigned_object_type", required=True, blank=False, limit=100),
        Field("assigned_object_id", "int", required=True),
        Field("kind", "choice", default="info", choices=("info", "success", "warning", "danger")),
        Field("comments", required=True, blank=False),
        TAGS,
        CUSTOM,
        *STAMPS,
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
        TENANT,
        VRF,
        PREFIX_ROLE,
        PREFIX,
        IP_RANGE,
        IP_ADDRESS,
        VIRTUAL_CHASSIS,
        DEVICE,
        INTERFACE,
        VIRTUAL_MACHINE,
        VM_INTERFACE,
        PROBE,
        JOURNAL_ENTRY,
    )
}

#: NetBox's names of the types that a generic relation can point to.
OBJECT_TYPES = {model.permission: model for model in MODELS.values()}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects of NetBox's address management, and the few of tenancy and virtualization that go with them.

Measured on NetBox 4.6.8.
"""

from __future__ import annotations

from .kinds import (
    COMMENTS,
    CUSTOM,
    DESCRIPTION,
    HEAD,
    NAME,
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

TENANT = plain("tenant", "tenancy/tenants", "tenancy.tenant", "Tenant", fixed("group"))
PREFIX_ROLE = plain("role", "ipam/roles", "ipam.role", "Role", Field("weight", "int", default=1000))

VRF = Model(
    "vrf",
    "ipam/vrfs",
    "ipam.vrf",
    "VRF",
    (
        *HEAD,
        NAME,
        optional("rd", 21),
        ref("tenant", "tenant"),
        Field("enforce_unique", "bool", default=True),
        DESCRIPTION,
        COMMENTS,
        TAGS,
        CUSTOM,
        *STAMPS,
    ),
    ("id", "url", "display", "name", "rd", "description"),
    ordering=("name", "rd", "id"),
    unique=(("rd",),),
)

#: Where an address space belongs, and what is known about it. Its objects keep a VRF or tenant from being deleted.
_PLACE = (ref("vrf", "vrf", on_delete="RESTRICT"), ref("tenant", "tenant", on_delete="RESTRICT"))
_USE = (DESCRIPTION, COMMENTS, TAGS, CUSTOM, *STAMPS)
_STATUS = ("active", "reserved", "deprecated")

PREFIX = Model(
    "prefix",
    "ipam/prefixes",
    "ipam.prefix",
    "Prefix",
    (
        *HEAD,
        Field("family", "computed"),
        Field("prefix", "network", required=True, blank=False),
        _PLACE[0],
        Field("scope_type", null=True, default=None, limit=100),
        Field("scope_id", "int", null=True, default=None),
        Field("scope", "computed"),
        _PLACE[1],
        fixed("vlan"),
        Field("status", "choice", default="active", choices=("container", *_STATUS)),
        ref("role", "role"),
        Field("is_pool", "bool", default=False),
        Field("mark_utilized", "bool", default=False),
        *_USE,
    ),
    ("id", "url", "display", "family", "prefix", "description"),
    ordering=("vrf", "id"),
)

IP_RANGE = Model(
    "ip_range",
    "ipam/ip-ranges",
    "ipam.iprange",
    "IPRange",
    (
        *HEAD,
        Field("family", "computed"),
        Field("start_address", "address", required=True, blank=False),
        Field("end_address", "address", required=True, blank=False),
        Field("size", "computed"),
        *_PLACE,
        Field("status", "choice", default="active", choices=_STATUS),
        ref("role", "role"),
        *_USE,
        Field("mark_populated", "bool", default=False),
        Field("mark_utilized", "bool", default=False),
    ),
    ("id", "url", "display", "family", "start_address", "end_address", "description"),
    ordering=("vrf", "id"),
)

IP_ADDRESS = Model(
    "ip_address",
    "ipam/ip-addresses",
    "ipam.ipaddress",
    "IPAddress",
    (
        *HEAD,
        Field("family", "computed"),
        Field("address", "address", required=True, blank=False),
        *_PLACE,
        Field("status", "choice", default="active", choices=(*_STATUS, "dhcp", "slaac")),
        Field(
            "role",
            "choice",
            null=True,
            default=None,
            choices=("loopback", "secondary", "anycast", "vip", "vrrp", "hsrp", "glbp", "carp"),
        ),
        Field("assigned_object_type", null=True, default=None, limit=100),
        Field("assigned_object_id", "int", null=True, default=None),
        Field("assigned_object", "computed"),
        fixed("nat_inside"),
        Field("nat_outside", "fixed", default=[]),
        text("dns_name", 255),
        *_USE,
    ),
    ("id", "url", "display", "family", "address", "description"),
    ordering=("id",),
)

VIRTUAL_MACHINE = Model(
    "virtual_machine",
    "virtualization/virtual-machines",
    "virtualization.virtualmachine",
    "VirtualMachine",
    (
        *HEAD,
        text("name", 64, required=True, blank=False),
        Field("status", "choice", default="active", choices=("offline", "active", "planned", "staged", "failed")),
        ref("site", "site"),
        ref("primary_ip4", "ip_address"),
        ref("primary_ip6", "ip_address"),
        *_USE,
    ),
    ("id", "url", "display", "name", "description"),
)

VM_INTERFACE = Model(
    "vm_interface",
    "virtualization/interfaces",
    "virtualization.vminterface",
    "VMInterface",
    (
        *HEAD,
        ref("virtual_machine", "virtual_machine", null=False, required=True, on_delete="CASCADE"),
        text("name", 64, required=True, blank=False),
        DESCRIPTION,
        TAGS,
        CUSTOM,
        *STAMPS,
    ),
    ("id", "url", "display", "virtual_machine", "name", "description"),
    unique=(("virtual_machine", "name"),),
)

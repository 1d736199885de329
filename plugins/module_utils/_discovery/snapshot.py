# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox knows of networks and of the hosts in them, as typed data: a snapshot of one moment.

It has only what verdicts, targets and plans use. JSON of it may be kept and compared with a scan later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .._common.typed_json import Rules, written

#: Version of the JSON of a snapshot.
SCHEMA = 1
#: Kinds of objects that an address may be assigned to.
DEVICE, VIRTUAL_MACHINE, FHRP_GROUP = "device", "virtual_machine", "fhrp_group"
#: Status of an address whose holder changes.
DYNAMIC = frozenset({"dhcp", "slaac"})
#: Roles of an address that several devices have at the same time.
SHARED = frozenset({"anycast", "vip", "vrrp", "hsrp", "glbp", "carp"})


@dataclass(frozen=True, kw_only=True)
class _Space:
    """What address space of any kind has."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    id: int
    vrf_id: int | None = None  #: None: the global table
    vrf: str = ""  #: its name
    rd: str = ""  #: its route distinguisher
    tenant_id: int | None = None
    tenant: str = ""  #: its name
    tenant_slug: str = ""
    status: str = "active"
    tags: tuple[str, ...] = ()  #: slugs


@dataclass(frozen=True, kw_only=True)
class Prefix(_Space):
    """A prefix."""

    prefix: str  #: CIDR
    role: str = ""  #: slug
    site_id: int | None = None  #: its scope, or that of its location; None for one of a region or of nothing
    site: str = ""  #: its name
    site_slug: str = ""


@dataclass(frozen=True, kw_only=True)
class IpRange(_Space):
    """An IP range. NetBox gives it no site."""

    first: str
    last: str
    prefix_length: int
    role: str = ""  #: slug
    populated: bool = False  #: mark_populated: NetBox refuses single addresses in it


@dataclass(frozen=True, kw_only=True)
class Address(_Space):
    """An IP address, and who has it."""

    ip: str
    prefix_length: int
    role: str = ""  #: vip, anycast, ...
    dns_name: str = ""
    owner_kind: str = ""  #: device, virtual_machine, fhrp_group; empty: not assigned
    owner_id: int | None = None
    owner: str = ""  #: its name
    interface_id: int | None = None
    interface: str = ""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    id: int
    name: str = ""  #: empty: it has none
    display: str = ""  #: what NetBox shows for it
    serial: str = ""
    manufacturer: str = ""
    model: str = ""
    platform: str = ""  #: slug
    role: str = ""  #: slug
    status: str = ""
    site_id: int | None = None
    site: str = ""
    primary: tuple[str, ...] = ()  #: primary_ip4 and primary_ip6, without masks
    oob: str = ""  #: oob_ip
    chassis_id: int | None = None  #: virtual chassis
    chassis: str = ""  #: its name
    is_master: bool = False
    tags: tuple[str, ...] = ()  #: slugs

    @property
    def label(self) -> str:
        """What a message calls it."""
        return self.name or self.display or f"device {self.id}"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What NetBox has."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    schema: int = field(default=SCHEMA, metadata=written(omit_default=False))
    url: str  #: of NetBox
    prefixes: tuple[Prefix, ...] = ()  #: all of them
    ranges: tuple[IpRange, ...] = ()  #: all of them
    addresses: tuple[Address, ...] = ()  #: those in the networks that were asked for
    devices: tuple[Device, ...] = ()  #: all of them

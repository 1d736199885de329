# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be written, as data: a plan is made first, shown in check mode, and applied as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .journal import Entry


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """An IP address that NetBox does not have."""

    ip: str
    prefix_length: int
    vrf_id: int | None = None
    vrf: str = ""
    tenant_id: int | None = None
    tenant: str = ""
    prefix: str = ""  #: from which it has these
    status: str = ""
    dns_name: str = ""
    comments: str = ""  #: of its journal entry

    @property
    def key(self) -> tuple[int | None, str]:
        return self.vrf_id, self.ip

    @property
    def values(self) -> dict[str, Any]:
        """What is sent, without the tag."""
        found = {"address": f"{self.ip}/{self.prefix_length}", "status": self.status, "dns_name": self.dns_name}
        return {**found, "vrf": self.vrf_id, "tenant": self.tenant_id}


@dataclass(frozen=True, kw_only=True)
class Change:
    """New values of an IP address that NetBox has. Each value before is empty, or one that we wrote."""

    id: int
    ip: str
    before: dict[str, str]
    after: dict[str, str]
    why: str
    comments: str = ""


@dataclass(frozen=True, kw_only=True)
class NewDevice:
    """A device with an interface and its primary address; what an earlier run made of it already has its id."""

    name: str
    site_id: int
    site: str
    role_id: int
    role: str
    type_id: int
    type: str  #: manufacturer and model
    status: str
    serial: str
    interface: str
    ip: str
    vrf_id: int | None = None
    vrf: str = ""
    device_id: int | None = None
    interface_id: int | None = None
    address_id: int | None = None  #: None: the address is made in the same run
    is_assigned: bool = False
    is_primary: bool = False
    comments: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What is sent for the device, without the tag."""
        found: dict[str, Any] = {"name": self.name, "site": self.site_id, "role": self.role_id}
        return {**found, "device_type": self.type_id, "status": self.status, "serial": self.serial}

    @property
    def primary_key(self) -> str:
        return "primary_ip6" if ":" in self.ip else "primary_ip4"


@dataclass(frozen=True)
class Skipped:
    """A host that is not registered, and why."""

    ip: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All of it, in the order in which it is written."""

    create_tag: bool = False
    addresses: tuple[NewAddress, ...] = ()
    devices: tuple[NewDevice, ...] = ()
    changes: tuple[Change, ...] = ()
    entries: tuple[Entry, ...] = ()  #: of objects that an earlier run left without one
    skipped: tuple[Skipped, ...] = ()
    held: str = ""  #: why nothing of it is written, and what to do
    known_addresses: int = field(default=0, compare=False)  #: that NetBox has in the networks of the scan

    @property
    def is_empty(self) -> bool:
        return not (self.addresses or self.devices or self.changes or self.entries)

    @property
    def new_objects(self) -> int:
        """Addresses and devices that are made."""
        return len(self.addresses) + sum(1 for one in self.devices if one.device_id is None)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user wants to be written, as an option each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .._scan.host import PROVEN

#: What is registered.
NOTHING, IP_ADDRESSES, DEVICES = "none", "ip_addresses", "devices"
REGISTER = (NOTHING, IP_ADDRESSES, DEVICES)
#: Whose empty dns_name is filled.
OURS, EMPTY = "ours", "empty"
#: The tag of what is ours.
TAG = "invmon-discovered"


@dataclass(frozen=True, kw_only=True)
class DeviceWishes:
    """How new devices are made. Names are slugs."""

    role: str = ""
    site: str = ""  #: where the prefix has none
    default_type: str = ""
    types: Mapping[str, str] = field(default_factory=dict)  #: "manufacturer/model", "model" or "manufacturer" -> slug
    status: str = "planned"
    interface: str = "discovered"  #: the name of the interface that gets the address
    tags: tuple[str, ...] = ()  #: besides ours


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is written, and when not."""

    register: str = NOTHING
    tag: str = TAG
    status: str = "active"  #: of new addresses
    dns_names: str = OURS
    certainty: str = PROVEN  #: of a host that is registered: proven, or likely
    gone_status: str = ""  #: of our addresses that are gone; empty: unchanged
    devices: DeviceWishes = field(default_factory=DeviceWishes)
    brake_objects: int = 50  #: new objects at once
    brake_share: int = 20  #: per cent of the addresses that NetBox has in the networks of the scan
    release: bool = False


@dataclass(frozen=True, kw_only=True)
class Gone:
    """A host that is gone, after several scans that asked with every source: see delta.py."""

    ip: str
    network: str = ""  #: of the scan
    since: str = ""  #: ISO 8601
    runs: int = 0  #: scans since then that prove it silent

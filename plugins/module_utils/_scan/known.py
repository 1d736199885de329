# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox knows of an address, as far as a scan needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .._common.typed_json import Rules


@dataclass(frozen=True, kw_only=True)
class KnownAddress:
    """An address that NetBox has: one element of the option `known_addresses`."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    address: str  #: without its mask
    device_id: int | None = None  #: of the device whose interface has it; None: of none
    device: str = ""  #: its name
    primary: bool = False  #: it is primary_ip4 or primary_ip6 of that device

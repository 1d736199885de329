# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds between the prefixes, ranges and addresses of one VRF, or of the global table."""

from __future__ import annotations

import ipaddress
import re

from .answers import Invalid
from .models import MODELS, OBJECT_TYPES
from .render import range_display
from .store import Row, Store

#: Several devices may have an address of these roles at the same time.
_SHARED = ("anycast", "vip", "vrrp", "hsrp", "glbp", "carp")
_DNS_NAME = re.compile(r"^([0-9A-Za-z_-]+|\*)(\.[0-9A-Za-z_-]+)*\.?$")


class AddressSpace:
    """Checks of a row that is to be written; each raises Invalid with NetBox's own messages."""

    def __init__(self, store: Store) -> None:
        """Hold rows against what is in `store`."""
        self._store = store

    def check_prefix(self, values: Row) -> None:
        """A prefix exists once in a table that is unique."""
        if ipaddress.ip_network(values["prefix"]).prefixlen == 0:
            raise Invalid({"prefix": ["Cannot create prefix with /0 mask."]})
        if self._is_unique(values["vrf"]) and self._others("prefix", values, "prefix = ?", values["prefix"]):
            raise Invalid({"prefix": [f"Duplicate prefix found in {self._table(values)}: {values['prefix']}"]})

    def check_range(self, values: Row) -> None:
        """Ranges of a table do not overlap."""
        first, last = (ipaddress.ip_interface(values[key]) for key in ("start_address", "end_address"))
        if first.network.prefixlen != last.network.prefixlen:
            raise Invalid({"end_address": ["Starting and ending IP address masks must match"]})
        if int(last.ip) < int(first.ip):
            word = f"Ending address must be greater than or equal to the starting address ({first})"
            raise Invalid({"end_address": [word]})
        for other in self._others("ip_range", values):
            low, high = (ipaddress.ip_interface(other[key]).ip for key in ("start_address", "end_address"))
            if low.version == first.version and int(first.ip) <= int(high) and int(low) <= int(last.ip):
                raise Invalid(
                    {
                        "__all__": [
                            f"Defined addresses overlap with range {self._shown(other)} in VRF {self._vrf(values)}"
                        ]
                    }
                )

    def check_address(self, values: Row) -> None:
        """An address exists once in a table that is unique, whatever its mask, unless its role is shared."""
        host = ipaddress.ip_interface(values["address"])
        twins = self._others("ip_address", values, "address LIKE ?", f"{host.ip}/%")
        own = values["role"] not in _SHARED or any(twin["role"] not in _SHARED for twin in twins)
        if twins and own and self._is_unique(values["vrf"]):
            word = f"Duplicate IP address found in {self._table(values)}: {twins[0]['address']}"
            raise Invalid({"address": [word]})
        if not values.get("id"):
            self._check_not_populated(values, host)
        if values["status"] == "slaac" and host.version == 4:
            raise Invalid({"status": ["Only IPv6 addresses can be assigned SLAAC status"]})
        if values["dns_name"] and not _DNS_NAME.match(values["dns_name"]):
            word = "Only alphanumeric characters, asterisks, hyphens, periods, and underscores are allowed in DNS names"
            raise Invalid({"dns_name": [word]})
        self._check_assignment(values, host)

    def _check_not_populated(self, values: Row, host: ipaddress.IPv4Interface | ipaddress.IPv6Interface) -> None:
        for other in self._others("ip_range", values, "mark_populated = 1"):
            low, high = (ipaddress.ip_interface(other[key]).ip for key in ("start_address", "end_address"))
            if low.version == host.version and int(low) <= int(host.ip) <= int(high):
                word = f"Cannot create IP address {values['address']} inside range {self._shown(other)}."
                raise Invalid({"address": [word]})

    def _check_assignment(self, values: Row, host: ipaddress.IPv4Interface | ipaddress.IPv6Interface) -> None:
        """An interface has no address that is its network's, or that means all of it."""
        if values["assigned_object_type"] is None:
            return
        model = OBJECT_TYPES.get(values["assigned_object_type"])
        if model is None or self._store.get(model, values["assigned_object_id"]) is None:
            raise Invalid(
                {"assigned_object_type": ["Invalid value. Specify a content type as '<app_label>.<model_name>'."]}
            )
        single = host.network.prefixlen >= host.max_prefixlen - 1
        if not single and host.ip == host.network.network_address:
            word = f"{host.ip} is a network ID, which may not be assigned to an interface."
            raise Invalid({"__all__": [word]})
        if not single and host.version == 4 and host.ip == host.network.broadcast_address:
            word = f"{host.ip} is a broadcast address, which may not be assigned to an interface."
            raise Invalid({"__all__": [word]})

    def _others(self, name: str, values: Row, where: str = "1", *arguments: str) -> list[Row]:
        """The other rows of the same table of addresses that meet a condition."""
        clause = f"vrf IS ? AND id IS NOT ? AND {where}"
        return self._store.select(MODELS[name], clause, (values["vrf"], values.get("id"), *arguments))

    def _is_unique(self, vrf: int | None) -> bool:
        row = self._store.get(MODELS["vrf"], vrf) if vrf else None
        return row is None or bool(row["enforce_unique"])

    def _vrf(self, values: Row) -> str:
        row = self._store.get(MODELS["vrf"], values["vrf"]) if values["vrf"] else None
        return "None" if row is None else f"{row['name']} ({row['rd']})" if row["rd"] else str(row["name"])

    def _table(self, values: Row) -> str:
        return f"VRF {self._vrf(values)}" if values["vrf"] else "global table"

    def _shown(self, row: Row) -> str:
        return range_display(row["start_address"], row["end_address"])

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What netscan takes out of NetBox before it scans: networks, known addresses, and what the result is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import OptionsError
from .._common.typed_json import to_json
from .._discovery.netbox_targets import Dhcp, known_addresses, read_targets, routers
from .._discovery.snapshot import Snapshot
from .._netbox.client import NetBox
from .._netbox.options import CONNECTION_OPTIONS
from .._outgoing.text import brief

#: Options that choose something out of NetBox.
_FILTERS = ("netbox_prefixes", "netbox_ip_ranges", "netbox_routers")


def needs_netbox(params: Mapping[str, Any]) -> bool:
    """Whether the options ask for NetBox."""
    return params["netbox"] or any(params[name] is not None for name in _FILTERS)


def with_netbox(params: Mapping[str, Any], netbox: NetBox) -> tuple[dict[str, Any], Snapshot]:
    """The options, filled with what NetBox has, and the snapshot of NetBox. Raises NetBoxError, OptionsError.

    :param params: after with_files().
    """
    dhcp = Dhcp(frozenset(params["dhcp_roles"]), frozenset(params["dhcp_tags"]), params["include_dhcp"])
    found = read_targets(netbox, params["netbox_prefixes"], params["netbox_ip_ranges"], params["targets"], dhcp)
    filled = {
        **params,
        "networks": [*params["networks"], *map(to_json, found.networks)],
        "exclude": [*params["exclude"], *found.exclude],
        "routers": [*params["routers"], *_routers(found.snapshot, params["netbox_routers"])],
        "known_addresses": [*params["known_addresses"], *map(to_json, known_addresses(found.snapshot))],
    }
    return filled, found.snapshot


def _routers(snapshot: Snapshot, filters: Mapping[str, Any] | None) -> list[str]:
    """An address of each device that the option netbox_routers chooses. Raises OptionsError."""
    if filters is None:
        return []
    if unknown := sorted(filters.keys() - {"role", "tag"}):
        raise OptionsError(f"netbox_routers has no filter {brief(unknown[0], 60)}", "use role or tag")
    role, tag = (_values(filters.get(name)) for name in ("role", "tag"))
    return [(*device.primary, device.oob)[0] for device in routers(snapshot, role, tag)]


def _values(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)] if value else []


def without_netbox(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options without the way to NetBox: another host that scans needs no token."""
    return {**params, **dict.fromkeys(CONNECTION_OPTIONS)}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What netscan takes out of NetBox before it scans: networks, known addresses, and what the result is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.typed_json import to_json
from .._discovery.netbox_targets import Dhcp, known_addresses, read_targets
from .._discovery.snapshot import Snapshot
from .._netbox.client import NetBox
from .._netbox.options import CONNECTION_OPTIONS


def needs_netbox(params: Mapping[str, Any]) -> bool:
    """Whether the options ask for NetBox."""
    return params["netbox"] or params["netbox_prefixes"] is not None or params["netbox_ip_ranges"] is not None


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
        "known_addresses": [*params["known_addresses"], *map(to_json, known_addresses(found.snapshot))],
    }
    return filled, found.snapshot


def without_netbox(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options without the way to NetBox: another host that scans needs no token."""
    return {**params, **dict.fromkeys(CONNECTION_OPTIONS)}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of NetBox that are not as NetBox writes them are refused, with row and key, before anything uses them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape
from ansible_collections.invmon.network.plugins.module_utils._discovery.read import ADDRESS_FIELDS, DEVICE_FIELDS
from ansible_collections.invmon.network.plugins.module_utils._netbox.row_shapes import check_rows

_ADDRESS: dict[str, Any] = {
    "id": 1,
    "address": "192.0.2.7/24",
    "vrf": {"id": 1, "name": "mgmt", "rd": None},
    "tenant": None,
    "status": {"value": "active"},
    "role": {"value": "vip"},
    "assigned_object_type": "dcim.interface",
    "assigned_object_id": 3,
    "assigned_object": {"id": 3, "name": "eth0", "device": {"id": 4, "name": None, "display": "x"}},
    "dns_name": "",
    "tags": [{"slug": "a"}],
}
_DEVICE: dict[str, Any] = {
    **{"id": 1, "name": None, "display": "x", "serial": "", "platform": None, "role": None, "oob_ip": None},
    "device_type": {"id": 1, "model": "X", "manufacturer": {"id": 1, "name": "Acme"}},
    **{"site": {"id": 1, "name": "Brno", "slug": "brno"}, "status": {"value": "active"}, "primary_ip4": None},
    **{"primary_ip6": {"id": 5, "address": "2001:db8::1/64"}, "tags": []},
    "virtual_chassis": {"id": 2, "name": "stack", "master": {"id": 1}},
}


def test_what_netbox_writes_passes() -> None:
    check_rows("ipam/ip-addresses/", [_ADDRESS, {**_ADDRESS, "vrf": None, "assigned_object": None}], ADDRESS_FIELDS)
    check_rows("dcim/devices/", [_DEVICE, {**_DEVICE, "virtual_chassis": {"id": 2}}], DEVICE_FIELDS)


@pytest.mark.parametrize(
    ("path", "row", "key"),
    [
        ("ipam/ip-addresses/", {**_ADDRESS, "address": "192.0.2.700/24"}, "address"),
        ("ipam/ip-addresses/", {**_ADDRESS, "address": 7}, "address"),
        ("ipam/ip-addresses/", {**_ADDRESS, "vrf": {"id": 1, "name": "x", "rd": 5}}, "vrf"),
        ("ipam/ip-addresses/", {**_ADDRESS, "assigned_object": {"id": 3, "device": {"id": "4"}}}, "assigned_object"),
        ("ipam/ip-addresses/", {**_ADDRESS, "assigned_object": {"id": 3, "device": []}}, "assigned_object"),
        ("ipam/ip-addresses/", {**_ADDRESS, "role": "vip"}, "role"),
        ("ipam/ip-addresses/", {**_ADDRESS, "tags": [{"name": "a"}]}, "tags"),
        ("dcim/devices/", {**_DEVICE, "primary_ip4": {"id": 1, "address": "router"}}, "primary_ip4"),
        ("dcim/devices/", {**_DEVICE, "virtual_chassis": {"id": 2, "master": 1}}, "virtual_chassis"),
        ("dcim/devices/", {key: value for key, value in _DEVICE.items() if key != "serial"}, "serial"),
    ],
)
def test_anything_else_is_refused(path: str, row: dict[str, Any], key: str) -> None:
    fields = ADDRESS_FIELDS if "ipam" in path else DEVICE_FIELDS
    with pytest.raises(WrongShape, match=f"row 1: {key}"):
        check_rows(path, [row], fields)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which filters NetBox's list of devices has: NetBox ignores one that it does not know, and returns all devices.

Taken from the API schema of NetBox 4.4 and 4.6 (dcim_devices_list). A filter that only one of them has is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from .errors import NetBoxOptionError

_TEXT = "airflow asset_tag description face mac_address name serial status"
_NUMBER = (
    "created id last_updated latitude longitude position vc_position vc_priority"
    " console_port_count console_server_port_count device_bay_count front_port_count interface_count"
    " inventory_item_count module_bay_count power_outlet_count power_port_count rear_port_count"
)
_OBJECT = (
    "cluster_group cluster_group_id cluster_id config_template_id contact contact_group contact_role device_type"
    " device_type_id location location_id manufacturer manufacturer_id model oob_ip_id owner owner_group"
    " owner_group_id owner_id parent_bay_id parent_device_id platform platform_id primary_ip4 primary_ip4_id"
    " primary_ip6 primary_ip6_id rack_id region region_id role role_id site site_group site_group_id site_id tag"
    " tag_id tenant tenant_group tenant_group_id tenant_id virtual_chassis_id"
)
_PLAIN = (
    "console_ports console_server_ports created_by_request device_bays filter filter_id has_oob_ip has_primary_ip"
    " has_virtual_device_context interfaces is_full_depth local_context_data modified_by_request module_bays"
    " pass_through_ports power_outlets power_ports q updated_by_request virtual_chassis_member"
)
_TEXT_LOOKUPS = "n ic nic iew niew isw nisw ie nie empty regex iregex"
_NUMBER_LOOKUPS = "n lt lte gt gte empty"


def _with_lookups(names: str, lookups: str) -> set[str]:
    return {name + suffix for name in names.split() for suffix in ["", *(f"__{word}" for word in lookups.split())]}


#: Every filter by name, "name__ic" and the like included, but the custom fields' (cf_...).
DEVICE_FILTERS = frozenset(
    _with_lookups(_TEXT, _TEXT_LOOKUPS)
    | _with_lookups(_NUMBER, _NUMBER_LOOKUPS)
    | _with_lookups(_OBJECT, "n")
    | _with_lookups(_PLAIN, "")
    | {"tag__any", "tag_id__any"}
)

#: A filter that an option of ours stands for; giving both would leave open which one counts.
OPTION_OF_FILTER = {
    "tag": "tags",
    "tag__n": "tags_exclude",
    "status": "status",
    "site": "site",
    "location": "location",
    "role": "role",
    "platform": "platform",
    "name": "names",
}

_CUSTOM = "cf_"


def check_filters(filters: Mapping[str, Any]) -> None:
    """Raise NetBoxOptionError for a filter that NetBox would ignore, or that has an option of its own."""
    for name in filters:
        if name in OPTION_OF_FILTER:
            raise NetBoxOptionError(f'filters: "{name}" has an option of its own, {OPTION_OF_FILTER[name]}: use that.')
        if name in DEVICE_FILTERS or (name.startswith(_CUSTOM) and len(name) > len(_CUSTOM)):
            continue
        near = get_close_matches(name, sorted(DEVICE_FILTERS), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "see NetBox's /api/schema/swagger-ui/ for its filters."
        raise NetBoxOptionError(
            f'filters: NetBox has no filter "{name}" for devices and would ignore it, returning every device; {hint}'
        )


def custom_fields_of(filters: Iterable[str]) -> set[str]:
    """Names of the custom fields that filters ask for: cf_owner__ic -> owner."""
    return {name.removeprefix(_CUSTOM).split("__")[0] for name in filters if name.startswith(_CUSTOM)}

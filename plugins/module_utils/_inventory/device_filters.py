# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which filters NetBox's list of devices has: NetBox ignores one that it does not know, and returns all devices.

The list is what the API schemas of NetBox 4.4 and 4.6 (dcim_devices_list) have in common. What a newer release has
in addition (owner, tag__any) can only be learnt from that NetBox's own schema, which takes it seconds to make.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .._common.near import near
from .._netbox.errors import NetBoxOptionError

_TEXT = "asset_tag description mac_address name serial status"
_NUMBER = (
    "console_port_count console_server_port_count created device_bay_count front_port_count id interface_count"
    " inventory_item_count last_updated latitude longitude module_bay_count position power_outlet_count"
    " power_port_count rear_port_count vc_position vc_priority"
)
_OBJECT = (
    "cluster_group cluster_group_id cluster_id config_template_id contact contact_group contact_role device_type"
    " device_type_id location location_id manufacturer manufacturer_id model oob_ip_id parent_bay_id"
    " parent_device_id platform platform_id primary_ip4 primary_ip4_id primary_ip6 primary_ip6_id rack_id region"
    " region_id role role_id site site_group site_group_id site_id tag tag_id tenant tenant_group tenant_group_id"
    " tenant_id virtual_chassis_id"
)
_PLAIN = "airflow created_by_request face modified_by_request q updated_by_request"
_YES_OR_NO = (
    "console_ports console_server_ports device_bays has_oob_ip has_primary_ip has_virtual_device_context interfaces"
    " is_full_depth local_context_data module_bays pass_through_ports power_outlets power_ports virtual_chassis_member"
)
_TEXT_LOOKUPS = "n ic nic iew niew isw nisw ie nie empty regex iregex"
_NUMBER_LOOKUPS = "n lt lte gt gte empty"


def _with_lookups(names: str, lookups: str) -> set[str]:
    return {name + suffix for name in names.split() for suffix in ["", *(f"__{word}" for word in lookups.split())]}


#: The filters that every supported NetBox has, "name__ic" and the like included, but not the custom fields' (cf_...).
DEVICE_FILTERS = frozenset(
    _with_lookups(_TEXT, _TEXT_LOOKUPS)
    | _with_lookups(_NUMBER, _NUMBER_LOOKUPS)
    | _with_lookups(_OBJECT, "n")
    | _with_lookups(f"{_PLAIN} {_YES_OR_NO}", "")
) - {"mac_address__empty"}

#: A filter that has an option of ours; if both were given, it would be unclear which one is used.
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

#: Parameters of the list that select no device but say how it is read.
_NO_FILTERS = frozenset({"brief", "exclude", "fields", "format", "limit", "offset", "omit", "ordering", "start"})
_CUSTOM = "cf_"


def unusual_filters(filters: Iterable[str]) -> list[str]:
    """Those that not every supported NetBox has; raises NetBoxOptionError for one that has an option of its own."""
    for name in filters:
        if name in OPTION_OF_FILTER:
            raise NetBoxOptionError(f'filters: use the option {OPTION_OF_FILTER[name]} instead of "{name}".')
    return [name for name in filters if name not in DEVICE_FILTERS and not re.match(_CUSTOM + "[A-Za-z0-9]", name)]


def check_filters(filters: Iterable[str], known: Collection[str]) -> None:
    """Raise NetBoxOptionError, with the nearest names, for one that is not among the parameters `known` to NetBox."""
    known = frozenset(known) - _NO_FILTERS
    for name in filters:
        if name not in known:
            alike = near(name, known)
            hint = f"did you mean {' or '.join(alike)}?" if alike else "its page /api/schema/swagger-ui/ lists them."
            raise NetBoxOptionError(
                f'filters: NetBox has no filter "{name}" for devices and would ignore it, returning all of them; {hint}'
            )


def check_values(filters: Mapping[str, Any]) -> None:
    """Raise NetBoxOptionError for a value that NetBox ignores just as it ignores a filter that it does not know."""
    for name, value in filters.items():
        texts = [str(text).strip() for text in (value if isinstance(value, (list, tuple)) else [value])]
        yes_or_no = name in _YES_OR_NO.split() or name.endswith("__empty")
        if yes_or_no and not {text.lower() for text in texts} <= {"true", "false"}:
            words = f'takes true or false, not "{", ".join(texts)}": NetBox'
        elif not texts or "" in texts:
            words = "has no value (null means not set): NetBox"
        else:
            continue
        raise NetBoxOptionError(f'filters: "{name}" {words} would ignore it, returning all devices.')


def custom_fields_of(filters: Iterable[str]) -> set[str]:
    """Names of the custom fields that filters ask for: cf_owner__ic -> owner."""
    return {name.removeprefix(_CUSTOM).split("__")[0] for name in filters if name.startswith(_CUSTOM)}

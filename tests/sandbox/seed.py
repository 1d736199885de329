# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in's NetBox says about the sandbox network: network.yml in the words of netbox/seed.py.

python tests/run.py tests/sandbox/seed.py                 # prints the seed as JSON
python tests/run.py tests/sandbox/seed.py --twins         # with two devices that have one address
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from typing import Any

from ansible_collections.invmon.network.tests.sandbox.network import Agent, Plan, read_plan

TAG = "inventory-monitor-probe"
TAG_EXCLUDED = "do-not-probe"
#: Of the prefixes that discovery asks.
TAG_DISCOVER = "discover"

#: What the nightly job needs, and no more; and what all playbooks need that the README shows.
NIGHTLY = [
    "inventory_monitor.view_probe",
    "inventory_monitor.add_probe",
    "inventory_monitor.change_probe",
    "inventory_monitor.delete_probe",
    "dcim.view_device",
    "dcim.view_site",
    "dcim.view_location",
    "dcim.view_virtualchassis",
]
#: Slug of the type of devices that a discovery registers.
NEW_DEVICES = "found-by-discovery"
#: What a discovery needs, as docs/least-privilege.md says it: to compare, and to register addresses and devices.
COMPARING = ["ipam.view_prefix", "ipam.view_iprange", "ipam.view_ipaddress"]
REGISTERING = [
    *("extras.view_tag", "extras.add_tag", "extras.view_journalentry", "extras.add_journalentry"),
    *("ipam.add_ipaddress", "ipam.change_ipaddress", "dcim.view_devicerole", "dcim.view_devicetype"),
    *("dcim.view_interface", "dcim.add_interface", "dcim.add_device", "dcim.change_device"),
]
PERMISSIONS = [*NIGHTLY, *COMPARING, *REGISTERING]


def make_seed(plan: Plan, token: str, twins: bool = False) -> dict[str, Any]:
    """The seed; `twins` adds a second device with the address of the stack, as a copied row in NetBox has."""
    devices = [device for agent in plan.agents + plan.others for device in devices_of(agent)]
    if twins:
        devices.append({**devices[0], "name": "sw-stack-copy", "virtual_chassis": None, "vc_position": None})
    rows = [agent.netbox for agent in plan.agents + plan.others]
    return {
        "tokens": [{"token": token, "user": "sandbox", "write_enabled": True, "permissions": PERMISSIONS}],
        "tags": [
            {"name": word.replace("-", " ").capitalize(), "slug": word} for word in (TAG, TAG_EXCLUDED, TAG_DISCOVER)
        ],
        "manufacturers": [
            {"name": name, "slug": slug(name)} for name in unique([*(row["maker"] for row in rows), "Opengear"])
        ],
        "device_types": [
            {"manufacturer": slug(maker), "model": model, "slug": slug(model)}
            for maker, model in [
                *unique((row["maker"], row["type"]) for row in rows),
                ("Opengear", "Found by discovery"),
            ]
        ],
        "roles": [{"name": name.capitalize(), "slug": name} for name in unique(row["role"] for row in rows)],
        "platforms": [{"name": name.upper(), "slug": name} for name in unique(row["platform"] for row in rows)],
        "sites": [
            {"name": site["name"], "slug": site["slug"], "status": "active", "description": site["description"]}
            for site in plan.sites
        ],
        "locations": [
            {"name": name, "slug": slug(name), "site": site["slug"]}
            for site in plan.sites
            for name in site["locations"]
        ],
        "virtual_chassis": [
            {"name": f"vc-{agent.name}", "master": agent.name} for agent in plan.agents if "members" in agent.netbox
        ],
        "devices": devices,
        "prefixes": plan.prefixes,
        "ip_addresses": [{key: value for key, value in row.items() if key != "banner"} for row in plan.addresses],
    }


def devices_of(agent: Agent) -> Iterable[dict[str, Any]]:
    """NetBox's device for an agent; for a stack one for each member, of which the first has the address."""
    row = agent.netbox
    device = {
        "name": agent.name,
        "device_type": slug(row["type"]),
        "role": row["role"],
        "site": row["site"],
        "location": slug(row["location"]) if "location" in row else None,
        "platform": row["platform"],
        "status": row.get("status", "active"),
        "serial": row.get("serial", ""),
        "tags": row.get("tags", [TAG]),
    }
    address = primary_address(agent.address)
    if "members" not in row:
        yield {**device, **address}
        return
    for number, member in enumerate(row["members"]):
        place = {"virtual_chassis": f"vc-{agent.name}", "vc_position": member["position"], "serial": member["serial"]}
        yield {**device, "name": member["name"], **place, **(address if number == 0 else {})}


def primary_address(address: str) -> dict[str, str]:
    if not address:
        return {}
    return {"primary_ip6": f"{address}/128"} if ":" in address else {"primary_ip4": f"{address}/24"}


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def unique(values: Iterable[Any]) -> list[Any]:
    """Each value once, in the order of their first appearance."""
    return list(dict.fromkeys(values))


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the seed of the sandbox's NetBox.")
    parser.add_argument("--token", default="0" * 40)
    parser.add_argument("--twins", action="store_true", help="add a second device with the address of the first")
    options = parser.parse_args()
    json.dump(make_seed(read_plan(), options.token, options.twins), sys.stdout, indent=1, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which releases of NetBox and of its plugin answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .._outgoing.text import brief
from .client import NetBox
from .errors import NetBoxPluginMissing

#: Releases of the plugin whose probes were found to be alike.
PLUGIN_VERSIONS = range(11, 15)


@dataclass(frozen=True)
class Versions:
    """What runs on the other side. `warning` is a sentence if the plugin is one that was never tried."""

    netbox: str  #: "4.6.8"
    plugin: str  #: "14.0.0"
    warning: str | None = None


def check_version(netbox: NetBox) -> Versions:
    """Who is there, by one request. Raises NetBoxPluginMissing, or what any request raises."""
    status = netbox.get("status/")
    release = brief(status.get("netbox-version", "unknown"), 60)
    plugins = netbox.answers.as_object(status.get("plugins") or {}, "status/")
    plugin = brief(plugins.get("inventory_monitor") or "", 60)
    if not plugin:
        raise NetBoxPluginMissing(
            f"NetBox {release} at {netbox.url} has no inventory_monitor plugin",
            "install it there (package inventory-monitor), or check the url",
        )
    major = re.match(r"\d+", plugin)
    if major and int(major.group()) in PLUGIN_VERSIONS:
        return Versions(release, plugin)
    return Versions(
        release,
        plugin,
        f"NetBox at {netbox.url} runs inventory_monitor {plugin}; this collection was tried with"
        f" {PLUGIN_VERSIONS[0]} to {PLUGIN_VERSIONS[-1]}.",
    )

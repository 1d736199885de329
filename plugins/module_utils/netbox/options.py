# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say how NetBox is reached; doc_fragments/netbox.py explains them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..environment import from_environment
from .client import NetBox

#: Part of the argument spec of each module that talks with NetBox.
CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "url": {"type": "str", "fallback": from_environment("NETBOX_INSTANCE_URL")},
    "token": {"type": "str", "no_log": True, "fallback": from_environment("NETBOX_API_TOKEN")},
    "verify_ssl": {"type": "bool", "default": True, "fallback": from_environment("NETBOX_VERIFY_SSL")},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30},
    "env_file": {"type": "path"},
}


def open_netbox(params: Mapping[str, Any], connections: int = 4) -> NetBox:
    """The client for a task's options; raises NetBoxOptionError. Sends nothing."""
    return NetBox(
        params["url"],
        params["token"],
        verify_ssl=params["verify_ssl"],
        ca_path=params["ca_path"],
        timeout=params["timeout"],
        connections=connections,
    )

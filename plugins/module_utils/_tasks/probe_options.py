# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of netbox_probe, shared by the module and the action plugin; the module's documentation explains them."""

from __future__ import annotations

from typing import Any

from .._netbox.options import CONNECTION_OPTIONS, ONE_NETBOX
from .._probes.policy import POLICY_OPTIONS

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "sources": {
        "type": "list",
        "elements": "dict",
        "options": {**ONE_NETBOX, "url": {"type": "str", "required": True}},
    },
    # A list, or its JSON text.
    "devices": {"type": "raw"},
    "device": {"type": "str"},
    "records": {"type": "list", "elements": "dict"},
    "complete": {"type": "bool", "default": False},
    "run_time": {"type": "str"},
    "chunk_size": {"type": "int", "default": 100},
    "connections": {"type": "int", "default": 4},
    "plan_file": {"type": "path"},
    "plan_replace": {"type": "bool", "default": False},
    "plan_digest": {"type": "str"},
    # Without a default, which would count as given below.
    "apply": {"type": "bool"},
    # As devices.
    "apply_to": {"type": "raw"},
    **POLICY_OPTIONS,
}

#: Either a batch, or one device by hand, or a plan that was made before.
RULES: dict[str, Any] = {
    "mutually_exclusive": [("devices", "device")],
    "required_one_of": [("devices", "device", "apply")],
    "required_by": {"records": ("device",), "device": ("records",)},
}

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of netbox_probe, shared by the module and the action plugin; the module's documentation explains them."""

from __future__ import annotations

from typing import Any

#: What netbox_probe takes beside the connection to NetBox.
PROBE_OPTIONS: dict[str, dict[str, Any]] = {
    "devices": {"type": "list", "elements": "dict"},
    "device": {"type": "str"},
    "records": {"type": "list", "elements": "dict"},
    "complete": {"type": "bool", "default": True},
    "run_time": {"type": "str"},
    "chunk_size": {"type": "int", "default": 100},
    "connections": {"type": "int", "default": 4},
}

#: Either a batch, or one device by hand.
PROBE_RULES: dict[str, Any] = {
    "mutually_exclusive": [("devices", "device"), ("devices", "records")],
    "required_one_of": [("devices", "device")],
    "required_together": [("device", "records")],
}

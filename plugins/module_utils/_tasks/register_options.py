# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of netbox_register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import OptionsError
from .._discovery.wishes import EMPTY, NOTHING, OURS, REGISTER, TAG, DeviceWishes, Wishes
from .._netbox.options import CONNECTION_OPTIONS, within
from .._outgoing.text import brief
from .._scan.host import LIKELY, PROVEN
from .gone_options import GONE_OPTIONS, patience_of

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "scan": {"type": "raw", "required": True},
    "register": {"type": "str", "choices": list(REGISTER), "default": NOTHING},
    "tag": {"type": "str", "default": TAG},
    "status": {"type": "str", "default": "active"},
    "dns_names": {"type": "str", "choices": [OURS, EMPTY, "none"], "default": OURS},
    "certainty": {"type": "str", "choices": [PROVEN, LIKELY], "default": PROVEN},
    "history": {"type": "path"},
    "gone_status": {"type": "str"},
    **GONE_OPTIONS,
    "device_role": {"type": "str"},
    "device_site": {"type": "str"},
    "device_type": {"type": "str"},
    "device_types": {"type": "dict", "default": {}},
    "device_status": {"type": "str", "default": "planned"},
    "device_interface": {"type": "str", "default": "discovered"},
    "device_tags": {"type": "list", "elements": "str", "default": []},
    "brake_objects": {"type": "int", "default": 50},
    "brake_share": {"type": "int", "default": 20},
    "release": {"type": "bool", "default": False},
    "chunk_size": {"type": "int", "default": 100},
}
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")


def wishes_of(params: Mapping[str, Any]) -> Wishes:
    """What a user wants, checked. Raises OptionsError, NetBoxOptionError."""
    within("chunk_size", params["chunk_size"], 1, 1000)
    within("brake_objects", params["brake_objects"], 0, 1_000_000)
    within("brake_share", params["brake_share"], 0, 100)
    patience_of(params)
    types = {str(key): str(slug) for key, slug in params["device_types"].items()}
    for name in ("tag", "device_role", "device_site", "device_type"):
        _check_slug(name, params.get(name))
    for name in ("device_tags", "device_types"):
        for slug in params["device_tags"] if name == "device_tags" else types.values():
            _check_slug(name, slug)
    return Wishes(
        register=params["register"],
        tag=params["tag"],
        status=_status("status", params["status"]),
        dns_names=params["dns_names"],
        certainty=params["certainty"],
        gone_status=_status("gone_status", params.get("gone_status") or ""),
        devices=DeviceWishes(
            role=params.get("device_role") or "",
            site=params.get("device_site") or "",
            default_type=params.get("device_type") or "",
            types=types,
            status=_status("device_status", params["device_status"]),
            interface=params["device_interface"][:64],
            tags=tuple(params["device_tags"]),
        ),
        brake_objects=params["brake_objects"],
        brake_share=params["brake_share"],
        release=params["release"],
    )


def _check_slug(name: str, slug: str | None) -> None:
    if slug and not _SLUG.fullmatch(slug):
        raise OptionsError(
            f"{name} must be a slug, not {brief(slug, 60)}", "take it from the object's page in NetBox: my-role"
        )


def _status(name: str, status: str) -> str:
    """Any word: NetBox's administrator may have added some (FIELD_CHOICES)."""
    if not status or _SLUG.fullmatch(status):
        return status
    raise OptionsError(f"{name} must be a status of NetBox, not {brief(status, 60)}", "give its value: deprecated")

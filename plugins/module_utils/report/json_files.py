# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of devices as files: one JSON file for each device."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..files import file_name, write_json

ARGUMENT_SPEC: dict[str, Any] = {
    "devices": {"type": "list", "elements": "dict", "required": True},
    "directory": {"type": "path", "required": True},
}

#: What every record in a file has, null where the device does not tell it; other fields are there only if it does.
FIELDS = dict.fromkeys(("serial", "part", "name", "description", "category"))


def report(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """Write directory/NAME.json, a list of records, for each device of params["devices"] that was read.

    Returns changed, files (paths, sorted) and missing (name -> why, of devices that were not read).
    In check mode nothing is written. Raises OSError that names the file.
    """
    files, missing, changed = [], {}, False
    for device in params["devices"]:
        name = device.get("name", "")
        if device.get("error"):
            missing[name] = device["error"]
            continue
        path = Path(params["directory"]).expanduser() / f"{file_name(name)}.json"
        files.append(str(path))
        changed |= write_json(path, [FIELDS | record for record in device.get("records", [])], check_mode)
    return {"changed": changed, "files": sorted(files), "missing": missing}

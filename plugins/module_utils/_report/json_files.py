# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of devices as files: one JSON file for each device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._common.files import file_name, write_json
from .._outgoing.text import printable
from .._outgoing.words import count

#: What every record in a file has, null if the device does not report it; other fields are present only if it does.
FIELDS = dict.fromkeys(("serial", "part", "name", "description", "category"))


def report(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """Write directory/NAME.json, a list of records, for each device of params["devices"] that was read.

    Returns changed, files (paths, sorted), missing (name -> why, of devices that were not read) and summary: a line for
    each device that was read, and lines below it for what it could not report and for texts that are no serial numbers.
    In check mode nothing is written. Raises OSError that names the file.
    """
    files, missing, changed, summary = [], {}, False, []
    for device in params["devices"]:
        name = device.get("name", "")
        if device.get("error"):
            missing[name] = device["error"]
            continue
        path = Path(params["directory"]).expanduser() / f"{file_name(name)}.json"
        files.append(str(path))
        summary += _lines(name, device)
        changed |= write_json(path, [FIELDS | record for record in device.get("records", [])], check_mode)
    return {"changed": changed, "files": sorted(files), "missing": missing, "summary": summary}


def _lines(name: str, device: Mapping[str, Any]) -> list[str]:
    """What was read of one device, in words."""
    records = device.get("records", [])
    kinds = Counter(str(record.get("category") or "unknown") for record in records)
    words = ", ".join(f"{number} {printable(kind)}" for kind, number in sorted(kinds.items()))
    parts = count(len(records), "part")
    platform = printable(device.get("platform") or "unknown")
    lines = [f"{printable(name)}: platform {platform}, {parts}{f' ({words})' if words else ''}"]
    lines += [f"  coverage: {printable(sentence)}" for sentence in device.get("coverage") or ()]
    rejected = Counter(str(one.get("reason") or "") for one in device.get("rejected") or () if isinstance(one, Mapping))
    lines += [f"  rejected: {number} x {printable(reason)}" for reason, number in rejected.most_common()]
    return lines

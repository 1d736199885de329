# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory, the changes and what is open as CSV (RFC 4180) for spreadsheets.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, because names and serial numbers come
from devices.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._history.parts import FIELDS, PartState
from .._outgoing.text import printable

#: How a formula begins (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What begins a formula where a semicolon separates cells, as in Excel of many countries.
_AFTER_SEMICOLON = re.compile(r"""(;\s*["']?)(?=[=+\-@])""")
_BOM = "\ufeff"

CHANGE_FIELDS = (
    "time", "site", "device", "device_id", "slot", "interface", "part", "serial", "category", "fate",
    "before_serial", "before_part", "before_device", "before_slot", "before_time", "before", "after",
    "evidence", "netbox",
)  # fmt: skip
STANDING_FIELDS = (
    "kind", "site", "device", "devices", "device_count", "since", "earlier", "slot", "serial", "part", "category",
    "count", "text", "answer", "evidence", "netbox",
)  # fmt: skip


def inventory_csv(parts: Iterable[PartState], bom: bool = False) -> str:
    """One row for each part, with all of its fields."""
    return table(FIELDS, ({name: getattr(one, name) for name in FIELDS} for one in parts), bom)


def changes_csv(changes: Iterable[Mapping[str, Any]], bom: bool = False) -> str:
    """One row for each change. What was before has columns for what is asked for most, and all of it as JSON."""
    return table(CHANGE_FIELDS, map(_with_before, changes), bom)


def standing_csv(standing: Iterable[Mapping[str, Any]], bom: bool = False) -> str:
    """One row for each open item."""
    return table(STANDING_FIELDS, standing, bom)


def _with_before(change: Mapping[str, Any]) -> dict[str, Any]:
    before = change.get("before") or {}
    return {**{f"before_{key}": before.get(key) for key in ("serial", "part", "device", "slot", "time")}, **change}


def table(names: Sequence[str], rows: Iterable[Mapping[str, Any]], bom: bool) -> str:
    """Rows with a heading. bom: begin with a byte order mark, by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return (_BOM if bom else "") + text.getvalue()


def _cell(value: Any) -> str | int | float:
    """A value as a cell. Numbers of ours stay numbers; a text of others cannot be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(one, (str, int)) for one in value):
        text = ", ".join(map(str, value))
    elif isinstance(value, (list, tuple, Mapping)):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    else:
        text = str(value)
    # Before printable() makes visible text of a tab.
    formula = text.startswith(_FORMULA)
    text = _AFTER_SEMICOLON.sub(r"\1'", text)
    return f"'{printable(text)}" if formula else printable(text)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All Probe rows of a NetBox, in the few fields that a report needs, with the names of what they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._netbox.client import NetBox
from .._netbox.last_seen import with_last_seen
from .._netbox.latest import FIELDS, PROBES
from .._netbox.rows import MARK, MISSING, OLDEST, READ, Row, parse_row
from .from_rows import Names

#: Columns that no report reads.
_READ = ",".join(name for name in FIELDS if name not in ("tags", "comments"))
#: Of what is under MARK, this is kept in memory: years of rows are some hundred thousand.
_KEPT = ("v", "slot", "interface", "manufacturer", "foreign", MISSING, READ, OLDEST)


def read_rows(netbox: NetBox) -> tuple[list[Row], Names]:
    """The rows, page by page, and today's names.

    Raises NetBoxError.
    """
    names = Names({}, {}, {})
    rows: dict[int | None, list[Row]] = defaultdict(list)
    for page in netbox.pages(PROBES, {"fields": _READ}):
        for raw in page:
            for kind, field in zip(names, ("device", "site", "location"), strict=True):
                _note(kind, raw.get(field))
            row = _small(parse_row(raw))
            rows[row.device_id].append(row)
    # It is not known of which device the rows were that lost theirs.
    lost = rows.pop(None, [])
    return [*lost, *(row for found in rows.values() for row in with_last_seen(found))], names


def _note(names: Mapping[int, str], reference: Any) -> None:
    if isinstance(reference, Mapping) and isinstance(reference.get("id"), int) and isinstance(names, dict):
        name = reference.get("name") or reference.get("display")
        if name:
            names[reference["id"]] = str(name)


def _small(row: Row) -> Row:
    ours = row.our_data
    return replace(row, data={MARK: {key: ours[key] for key in _KEPT if key in ours}} if ours else None)

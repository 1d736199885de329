# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last scan as files: discovery.json for programs, discovery.csv for spreadsheets."""

from __future__ import annotations

from typing import Any

from .._common.typed_json import to_json
from .._discovery.overview import FIELDS, Overview, Row
from .csv_text import table

#: Version of discovery.json.
SCHEMA = 1


def discovery_json(found: Overview, made: str) -> dict[str, Any]:
    """The scan as data, see docs/schemas/discovery.schema.json: in a stable order, so that two files can be compared.

    The filter inventory_delta reads it as a scan: `scan` and `hosts` are one. made: ISO 8601, UTC.
    """
    scan = to_json(found.scan)
    scan.pop("hosts")
    scan.pop("unfinished", None)
    scan["networks"] = sorted(scan["networks"], key=lambda one: str(one["network"]))
    return {
        "schema": SCHEMA,
        "made": made,
        "scan": scan,
        "compared": found.record.compared,
        "states": dict(found.states),
        "verdict_counts": dict(found.verdicts),
        "hosts": [_host(row) for row in found.rows],
        "changes": [to_json(one) for one in found.changes],
        "registered": found.record.registered,
    }


def discovery_csv(found: Overview, bom: bool = False) -> str:
    """One row for each host, and for each address of NetBox where none was found."""
    return table(FIELDS, (row.fields() for row in found.rows), bom)


def _host(row: Row) -> dict[str, Any]:
    """The host as the scan has it, with what is known from other scans and from NetBox."""
    known = row.known
    more = {"first_seen": known.first_seen, "last_seen": known.last_seen, "since": known.since}
    found = to_json(row.host) | {"known_state": known.state} | {key: text for key, text in more.items() if text}
    if known.silent_runs:
        found["silent_runs"] = known.silent_runs
    if row.verdict:
        # The evidence of a host is in `sources`, once.
        verdict = to_json(row.verdict)
        if row.host.sources:
            verdict.pop("evidence", None)
        found["verdict"] = verdict
    return found

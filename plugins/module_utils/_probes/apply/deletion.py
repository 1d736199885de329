# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletes the rows of parts that are gone for long: at the end of a run, after each was read once more.

NetBox brings a row back that is changed while it is deleted. No run changes the row of a part that is gone: one that
returned gets a new row. If such a row exists by now, all rows of the part stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..._common.pieces import chunks
from ..._netbox.bulk_writer import BulkWriter
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxError
from ..._netbox.latest import DEVICES_PER_READ, FIELDS, PROBES
from ..._netbox.rows import Row, parse_row
from ..missing import read_missing
from ..plan.step import Delete


def delete_gone(netbox: NetBox, steps: Sequence[Delete], writer: BulkWriter) -> list[tuple[Delete, str]]:
    """Delete all rows of these parts on their devices; returns the steps that failed, with the reason.

    What was deleted before an error is not missed: the next run finds the rest.
    """
    failed: list[tuple[Delete, str]] = []
    of_device: dict[int, list[Delete]] = defaultdict(list)
    for step in steps:
        of_device[step.device_id].append(step)
    for device_ids in chunks(sorted(of_device), DEVICES_PER_READ):
        some = [step for device_id in device_ids for step in of_device[device_id]]
        try:
            with writer.breaker.request():
                found = _read_again(netbox, device_ids)
        except NetBoxError as error:
            failed += [(step, str(error)) for step in some]
            continue
        doomed: list[tuple[Delete, list[int]]] = []
        for step in some:
            rows = found.get(step.key, [])
            if _is_as_planned(step, rows):
                doomed.append((step, [row.id for row in rows]))
            elif rows:
                failed.append((step, "its rows were changed in NetBox during this run, so they are kept"))
        deleted = writer.delete(sorted(number for _step, ids in doomed for number in ids))
        for step, ids in doomed:
            reasons = [deleted.failed[number] for number in ids if number in deleted.failed]
            failed += [(step, reason) for reason in reasons[:1]]
    return failed


def _read_again(netbox: NetBox, device_ids: Sequence[int]) -> dict[tuple[int | None, str], list[Row]]:
    """All rows of these devices, by device and serial."""
    found: dict[tuple[int | None, str], list[Row]] = defaultdict(list)
    for raw in netbox.get_all(PROBES, {"device_id": list(device_ids), "fields": ",".join(FIELDS)}):
        row = parse_row(raw)
        found[(row.device_id, row.serial)].append(row)
    return found


def _is_as_planned(step: Delete, rows: Sequence[Row]) -> bool:
    """True if the row of the plan is still that of a gone part, and no row was seen later."""
    planned = next((row for row in rows if row.id == step.id), None)
    missing = read_missing(planned) if planned else None
    if planned is None or missing is None or missing.gone_since is None:
        return False
    return all(row.time <= planned.time for row in rows)

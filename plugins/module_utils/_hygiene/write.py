# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies the steps of hygiene: first every change, then every deletion.

NetBox brings a row back that is changed while it is deleted. So the rows that stay and the rows that go are never the
same, nothing is deleted before all changes are answered, each row is read again just before it goes and stays if
anything about it is new, and each is looked for afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.pieces import chunks
from .._netbox.bulk_writer import BulkWriter
from .._netbox.client import NetBox
from .._netbox.errors import NetBoxError
from .export import Export
from .read import IDS_PER_READ, read_whole
from .rows import Raw, content_of
from .steps import Step


@dataclass
class Doomed:
    """A row to delete, when its turn comes."""

    id: int
    serial: str
    device: str
    content: int  #: hash of its content when it was exported


@dataclass
class Written:
    """The outcome of each row."""

    changed: int = 0
    deleted: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)  #: id, serial, device, reason


class Writer:
    """Writes the steps of one run."""

    def __init__(self, netbox: NetBox, export: Export, chunk_size: int = 100) -> None:
        self._netbox = netbox
        self._export = export
        self._chunk_size = chunk_size
        self._bulk = BulkWriter(netbox, chunk_size)
        self._doomed: list[Doomed] = []
        self.written = Written()

    def change(self, steps: Sequence[Step]) -> None:
        """Export every row of these steps, then change those that stay. Raises ExportError before anything is sent."""
        if self._bulk.breaker.open:
            self._fail_steps(steps, "not tried, because NetBox failed before")
            return
        self._export.write(line for step in steps for line in export_lines(step))
        alone = [step for step in steps if not step.data]
        for step in [*alone, *self._update([step for step in steps if step.data])]:
            for number in step.delete:
                content = content_hash(step.rows[number])
                self._doomed.append(Doomed(number, step.serial, step.device, content))

    def delete(self) -> None:
        """Delete the rows that the steps no longer need, each only if it is still as it was exported."""
        for part in chunks(self._doomed, min(self._chunk_size, IDS_PER_READ)):
            present = self._read(part)
            if present is None:
                continue
            same = [row for row in part if row.id in present and content_hash(present[row.id]) == row.content]
            changed = [row for row in part if row.id in present and row not in same]
            self._fail(changed, "it was changed during this run; run again")
            self._delete(same)
        self._doomed = []

    def _update(self, steps: Sequence[Step]) -> list[Step]:
        """The steps of which the change is in NetBox."""
        by_id = {step.id: step for step in steps if step.id is not None}
        found = self._bulk.update([{**step.data, "id": number} for number, step in by_id.items()])
        for number, step in by_id.items():
            if number not in found.rows:
                self._fail_steps([step], found.failed.get(number, "it was deleted during this run"))
        done = [step for number, step in by_id.items() if number in found.rows]
        self.written.changed += len(done)
        return done

    def _delete(self, rows: Sequence[Doomed]) -> None:
        deleted = self._bulk.delete([row.id for row in rows])
        for row in rows:
            if row.id in deleted.failed:
                self._fail([row], deleted.failed[row.id])
        removed = [row for row in rows if row.id not in deleted.failed]
        left = self._read(removed, fields="id")
        if left is None:
            return
        self._fail(
            [row for row in removed if row.id in left],
            "it was deleted and exists again: another job wrote it. Run again",
        )
        self.written.deleted += sum(1 for row in removed if row.id not in left)

    def _read(self, rows: Sequence[Doomed], fields: str | None = None) -> Mapping[int, Raw] | None:
        """These rows as they are now; None if they cannot be read, which is noted as their failure."""
        try:
            with self._bulk.breaker.request():
                return read_whole(self._netbox, [row.id for row in rows], fields)
        except NetBoxError as error:
            self._fail(rows, str(error))
            return None

    def _fail_steps(self, steps: Iterable[Step], reason: str) -> None:
        for step in steps:
            number = step.id if step.id is not None else step.delete[0]
            self.written.failed.append(failure(number, step.serial, step.device, reason))

    def _fail(self, rows: Iterable[Doomed], reason: str) -> None:
        self.written.failed += [failure(row.id, row.serial, row.device, reason) for row in rows]


def failure(number: int, serial: str, device: str, reason: str) -> dict[str, Any]:
    """A row that was not written, for the result."""
    return {"id": number, "serial": serial, "device": device, "reason": reason}


def export_lines(step: Step) -> Iterable[dict[str, Any]]:
    """The lines of the export for the rows of a step."""
    for number, row in step.rows.items():
        if number == step.id:
            yield {"does": "change", "row": row, "sent": step.data, "why": list(step.rules)}
        else:
            yield {"does": "delete", "row": row, "why": list(step.rules)}


def content_hash(raw: Raw) -> int:
    """Equal as long as nothing that can be written to the row has changed."""
    return hash(json.dumps(content_of(raw), sort_keys=True, default=str))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out the steps of a plan, with bulk requests over a few connections.

What other runs wrote at the same moment is found at the end: see repair.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ..._common.pieces import shares
from ..._netbox.breaker import Breaker
from ..._netbox.bulk_writer import BulkWriter
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxError
from ..._netbox.latest import read_latest
from ..._netbox.rows import parse_time
from ..plan.device_plan import Plan
from ..plan.step import Create, Delete, Found, RowUpdate, Step, Update
from .applied import Applied
from .deletion import delete_gone
from .repair import YOUNG, Repaired, repair

T = TypeVar("T")
Task = Callable[[], None]
#: Rows below which a request is not split for the sake of more connections: it takes NetBox 25 ms, and each row 6.
_LEAST = 20


def apply_plan(netbox: NetBox, plan: Plan, chunk_size: int = 100, pause: float = 1.0) -> Applied:
    """Send all steps. Raises no NetBoxError: what was not written is named in the result, with the reason.

    :param chunk_size: rows in one request.
    :param pause: seconds before rows are looked for after a POST without a clear answer; doubles with each look.
    """
    steps = list(plan.steps())
    writer = _Writer(netbox, plan.time, BulkWriter(netbox, chunk_size, pause), {step.key for step in steps})
    updates = [step for step in steps if isinstance(step, Update)]
    creates = [step for step in steps if isinstance(step, Create)]
    changes = [step for step in updates if not step.only_moves_time]
    refreshes = [step for step in updates if step.only_moves_time and step.read is None]

    def requests(write: Callable[[Sequence[T]], None], rows: Sequence[T]) -> list[Task]:
        return [partial(write, some) for some in shares(rows, chunk_size, netbox.connections, least=_LEAST)]

    tasks = requests(writer.create, creates)
    tasks += requests(writer.update, changes)
    tasks += requests(writer.complete, _ended(creates))
    # Refreshed rows are written last. If the run is killed halfway, the row of a part that returned is then up to date,
    # and no later night continues to count an absence from before this one.
    later = requests(writer.update, refreshes)
    # Only now is it true of each device that all of its parts whose absence is not counted were in it.
    last = requests(writer.update_read, [step for step in updates if step.read is not None])
    pool = ThreadPoolExecutor(netbox.connections)
    try:
        for wave in (tasks, later, last):
            for _done in pool.map(lambda task: task(), wave):
                pass
    finally:
        # On Ctrl-C what is under way ends, and nothing new begins.
        pool.shutdown(cancel_futures=True)
    # Last: NetBox brings a row back that is changed while it is deleted.
    writer.settle()
    writer.delete([step for step in steps if isinstance(step, Delete)])
    return writer.applied


class _Writer:
    """Writes the steps of a run; one object for all of its threads."""

    def __init__(self, netbox: NetBox, time_stamp: str, bulk: BulkWriter, steps: Set[tuple[int, str]]) -> None:
        self._netbox = netbox
        self._time = time_stamp
        self._bulk = bulk
        self._steps = steps  #: the parts of the plan: NetBox device and serial
        self._lock = threading.Lock()
        self._touched: dict[int, datetime] = {}  #: device id -> when the first row began that this run made current
        self._created: dict[int, Create] = {}  #: id of the row -> step
        self._vanished: list[Update] = []  #: updates whose row is not there any more
        self.applied = Applied()

    def create(self, steps: Sequence[Create]) -> None:
        """POST the rows of these steps."""
        created = self._bulk.create(steps, lambda step: step.data, self._find)
        for step in (*(step for step, _number in created.rows), *created.doubtful):
            # A part that NetBox knew in another state may have been written twice in that state by the last run.
            self._touch(step.device_id, min(parse_time(step.data["creation_time"]), self._seen_before(step)))
        with self._lock:
            self._created.update((number, step) for step, number in created.rows if number is not None)
        for failure in created.failed:
            self._fail(failure.item, failure.reason)

    def complete(self, ended: Sequence[dict[str, Any]]) -> None:
        """PATCH the rows of _ended()."""
        if failed := self._bulk.update(ended).failed:
            text = f"{len(failed)} rows of earlier states do not contain when they were last seen. "
            with self._lock:
                self.applied.warnings.append(text + next(iter(failed.values())))

    def update_read(self, steps: Sequence[Update]) -> None:
        """PATCH the rows that contain when their device was read completely, the last of its rows.

        One of a device of which an absence could not be counted is only refreshed.
        """
        with self._lock:
            failed = {step.key for step, _reason in self.applied.failed}
            lost = failed | {step.key for step in self._vanished}
        counted = self._steps - failed
        patches: list[tuple[Update, RowUpdate]] = []
        for step in steps:
            if step.key in lost or step.read is None:
                continue
            if all((step.device_id, serial) in counted for serial in step.read.after):
                patches.append((step, step.all_data))
            elif step.only_moves_time:
                patches.append((step, step.data))
        self._patch(patches)

    def update(self, steps: Sequence[Update]) -> None:
        """PATCH the rows of these steps."""
        self._patch([(step, step.data) for step in steps])

    def _patch(self, patches: Sequence[tuple[Update, RowUpdate]]) -> None:
        steps = [step for step, _data in patches]
        found = self._bulk.update([{**data, "id": step.id} for step, data in patches])
        for step in steps:
            if step.id in found.failed:
                self._fail(step, found.failed[step.id])
        vanished = [step for step in steps if step.id not in found.rows and step.id not in found.failed]
        for step in vanished:
            self._touch(step.device_id, self._seen_before(step))
        with self._lock:
            self._vanished += vanished
        for step in steps:
            began = found.rows.get(step.id, {}).get("creation_time")
            # It began so recently that a run at the same time may have written it, or in the last run that saw it.
            if began and parse_time(began) >= self._seen_before(step) - YOUNG:
                self._touch(step.device_id, parse_time(began))

    def settle(self) -> None:
        """After all other writes: look for what other runs wrote at the same moment, and name our steps that failed."""
        touched = {} if self._bulk.breaker.open else self._touched
        created = {number: step.device_id for number, step in self._created.items()}
        found = repair(self._netbox, touched, self._bulk, created, {step.device_id for step in self._vanished})
        self.applied.warnings += found.warnings
        # A row of ours that is not there any more was a twin: of those, another run may have been first to delete it.
        lost = [step for number, step in self._created.items() if number not in found.rows]
        read = [step for step in lost if _is_read(step, touched, found)]
        steps: list[Step] = [*self._vanished, *read]
        for step in steps:
            if step.key in found.current:
                self.applied.overtaken.append(step)
            else:
                self._fail(step, "its row was deleted in NetBox during this run; the next run writes it again")

    def delete(self, steps: Sequence[Delete]) -> None:
        """Delete the rows of parts that are gone for long; the last that is done."""
        for step, reason in delete_gone(self._netbox, steps, self._bulk):
            self._fail(step, reason)

    def _find(self, steps: Sequence[Create], _others: set[int]) -> dict[int, int | None]:
        """The steps whose row, or a newer one of another writer, is in NetBox (see bulk_writer.Find)."""
        # With a breaker of its own: that of the writes may just have been opened by what is doubtful.
        latest = read_latest(self._netbox, {step.device_id for step in steps}, Breaker())
        for error in latest.unreadable.values():
            raise NetBoxError(error)
        found = {(key, row.serial): row.creation_time for key, rows in latest.rows.items() for row in rows}
        return {number: None for number, step in enumerate(steps) if _is_there(step, found)}

    def _seen_before(self, step: Step) -> datetime:
        """When the row of a step was seen before this run."""
        now = parse_time(self._time)
        return min(now, parse_time(step.found.time)) if isinstance(step.found, Found) else now

    def _touch(self, device_id: int, moment: datetime) -> None:
        """Remember a device and when a row on it began: other runs may have written rows there as well."""
        with self._lock:
            self._touched[device_id] = min(moment, self._touched.get(device_id, moment))

    def _fail(self, step: Step, reason: str) -> None:
        with self._lock:
            self.applied.failed.append((step, reason))


def _ended(steps: Iterable[Create]) -> list[dict[str, Any]]:
    """What to send for the rows of the states that these steps end: when each was last seen, if that is later than the
    row contains."""
    found = [step.found for step in steps if isinstance(step.found, Found)]
    return [{"id": row.id, "time": row.seen} for row in found if row.seen is not None]


def _is_there(step: Create, found: Mapping[tuple[int, str], Any]) -> bool:
    created = found.get(step.key)
    return created is not None and created >= parse_time(step.data["creation_time"])


def _is_read(step: Step, touched: Mapping[int, datetime], found: Repaired) -> bool:
    """True if the rows of the step's device were read when all was written."""
    return step.device_id in touched and step.device_id not in found.unread

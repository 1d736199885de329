# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out the steps of a plan: bulk requests over a few connections, one bad row never costs the others.

NetBox has no unique key and no upsert for probes, so that a POST without a clear answer is never simply repeated: the
rows of its devices are read again, and only what is still missing is sent. What other runs wrote at the same moment is
found at the end: see repair.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from ..._netbox.breaker import Breaker
from ..._netbox.bulk import narrow, patch_rows
from ..._netbox.client import NetBox
from ..._netbox.errors import NetBoxError, NetBoxRejected, NetBoxServerError, NetBoxUncertain
from ..._netbox.latest import PROBES, chunks, read_latest
from ..._netbox.rows import parse_time
from ..plan.plan import Plan
from .applied import Applied
from .deletion import delete_gone
from .repair import YOUNG, Repaired, repair

#: How often rows are sent when each time no clear answer comes.
_TRIES = 3
#: How often the rows are looked for after a time-out: NetBox goes on writing although nobody waits.
_LOOKS = 3

Step = dict[str, Any]
Task = tuple[Callable[[Sequence[Step]], None], Sequence[Step]]


def apply_plan(netbox: NetBox, plan: Plan, chunk_size: int = 100, pause: float = 1.0) -> Applied:
    """Send all steps. Raises nothing of NetBox's: what was not written is named in the result, with the reason.

    :param chunk_size: rows in one request.
    :param pause: seconds before rows are looked for after a POST without a clear answer; doubles with each look.
    """
    writer = _Writer(netbox, plan.time, pause)
    steps = list(plan.steps())
    creates = [step for step in steps if step["action"] == "create"]
    changes = [step for step in steps if step["action"] == "update" and not _is_refresh(step)]
    refreshes = [step for step in steps if step["action"] == "update" and _is_refresh(step)]
    tasks: list[Task] = [(writer.create, part) for part in chunks(creates, chunk_size)]
    tasks += [(writer.update, part) for part in chunks(changes, chunk_size)]
    # That the other parts were seen is said last. A run that is killed halfway has then said that a missing part is
    # back, and no later night counts its absence on from before this one.
    last: list[Task] = [(writer.update, part) for part in chunks(refreshes, chunk_size)]
    pool = ThreadPoolExecutor(netbox.connections)
    try:
        for wave in (tasks, last):
            for _done in pool.map(lambda task: task[0](task[1]), wave):
                pass
    finally:
        # On Ctrl-C what is under way ends, and nothing new begins.
        pool.shutdown(cancel_futures=True)
    # Last: NetBox brings a row back that is changed while it is deleted.
    writer.settle()
    writer.delete([step for step in steps if step["action"] == "delete"])
    return writer.applied


def _is_refresh(step: Step) -> bool:
    """The row stays as it is, but for its time."""
    return step["data"].keys() <= {"time"}


class _Writer:
    """Writes bulks of steps; one object for all threads of a run."""

    def __init__(self, netbox: NetBox, time_stamp: str, pause: float) -> None:
        self._netbox = netbox
        self._time = time_stamp
        self._breaker = Breaker()
        self._pause = pause
        self._lock = threading.Lock()
        self._touched: dict[int, datetime] = {}  #: device id -> when the first row began that was made to stand there
        self._created: dict[int, Step] = {}  #: id of the row -> step
        self._vanished: list[Step] = []  #: updates whose row is not there any more
        self.applied = Applied()

    def create(self, steps: Sequence[Step], attempt: int = 1) -> None:
        """POST the rows of these steps."""
        if not steps:
            return
        try:
            self._breaker.check()
            replies = self._netbox.post_bulk(PROBES, [step["data"] for step in steps])
            self._breaker.worked()
            self._wrote(steps, replies)
        except NetBoxUncertain as error:
            self._breaker.failed(error)
            self._create_what_is_missing(steps, error, attempt)
        except (NetBoxRejected, NetBoxServerError) as error:
            self._breaker.failed(error)
            self._create_the_good(steps, error)
        except NetBoxError as error:
            self._give_up(steps, error)

    def update(self, steps: Sequence[Step]) -> None:
        """PATCH the rows of these steps."""
        found = patch_rows(self._netbox, self._breaker, [{**step["data"], "id": step["id"]} for step in steps])
        for step in steps:
            if step["id"] in found.failed:
                self._fail([step], found.failed[step["id"]])
        gone = [step for step in steps if step["id"] not in found.rows and step["id"] not in found.failed]
        for step in gone:
            self._touch(step["device_id"], self._seen_before(step))
        with self._lock:
            self._vanished += gone
        for step in steps:
            began = found.rows.get(step["id"], {}).get("creation_time")
            # It began so lately that a run beside this one may have written it, or in the last run that saw it.
            if began and parse_time(began) >= self._seen_before(step) - YOUNG:
                self._touch(step["device_id"], parse_time(began))

    def _seen_before(self, step: Step) -> datetime:
        """When the row of a step was seen before this run."""
        now = parse_time(self._time)
        return min(now, parse_time(step["found"]["time"])) if step.get("found") else now

    def settle(self) -> None:
        """All else is written: look for what other runs wrote at the same moment, and say what became of our steps."""
        touched = {} if self._breaker.open else self._touched
        found = repair(self._netbox, touched, self._breaker)
        self.applied.warnings += found.warnings
        # A row of ours that is not there any more was a twin: of those, another run may have been first to delete it.
        lost = [step for number, step in self._created.items() if number not in found.rows]
        for step in [*self._vanished, *(step for step in lost if _is_read(step, touched, found))]:
            if (step["device_id"], step["serial"]) in found.stands:
                self.applied.overtaken.append(step)
            else:
                self._fail([step], "its row was deleted in NetBox during this run; the next run writes it anew")

    def delete(self, steps: Sequence[Step]) -> None:
        """Delete the rows of parts that are gone for long; the last that is done."""
        for step, reason in delete_gone(self._netbox, steps, self._breaker):
            self._fail([step], reason)

    def _wrote(self, steps: Sequence[Step], replies: Sequence[dict[str, Any]]) -> None:
        """A POST is answered: the replies are in the order of the rows."""
        self._touch_new(steps)
        with self._lock:
            self._created.update((reply["id"], step) for step, reply in zip(steps, replies, strict=True))

    def _touch_new(self, steps: Sequence[Step]) -> None:
        """Of a part that NetBox knew in another state, that state may have been written twice by the last run."""
        for step in steps:
            self._touch(step["device_id"], min(parse_time(step["data"]["creation_time"]), self._seen_before(step)))

    def _touch(self, device_id: int, moment: datetime) -> None:
        """Remember a device and when a row on it began: rows of other runs may stand beside it."""
        with self._lock:
            self._touched[device_id] = min(moment, self._touched.get(device_id, moment))

    def _create_what_is_missing(self, steps: Sequence[Step], error: NetBoxUncertain, attempt: int) -> None:
        self._touch_new(steps)
        missing: Sequence[Step] = steps
        for wait in self._waits(error):
            time.sleep(wait)
            missing, unread = self._missing(steps)
            if unread:
                self._fail(unread, f"it may be written or not, and NetBox does not say; run again. {error}")
                return
            if len(missing) < len(steps):
                break
        if missing and attempt >= _TRIES:
            self._give_up(missing, error)
        else:
            self.create(missing, attempt + 1)

    def _waits(self, error: NetBoxUncertain) -> Iterator[float]:
        """Seconds before each look. NetBox may still be at work only where it ran into the time limit."""
        for number in range(_LOOKS if error.reason == "timeout" else 1):
            yield self._pause * 2**number

    def _missing(self, steps: Sequence[Step]) -> tuple[list[Step], Sequence[Step]]:
        """The steps whose rows are not in NetBox; and all steps if that cannot be found out."""
        latest = read_latest(self._netbox, {step["device_id"] for step in steps}, Breaker())
        if latest.unreadable:
            return [], steps
        found = {(key, row.serial): row.creation_time for key, rows in latest.rows.items() for row in rows}
        return [step for step in steps if not _stands(step, found)], []

    def _create_the_good(self, steps: Sequence[Step], error: NetBoxError) -> None:
        """One row spoilt the bulk: report that row, write all others."""
        found = narrow(steps, error)
        for step, reason in (*found.refused, *found.failed):
            self._fail([step], reason)
        for part in found.again:
            self.create(part)

    def _give_up(self, steps: Sequence[Step], error: NetBoxError) -> None:
        self._breaker.failed(error)
        self._fail(steps, str(error))

    def _fail(self, steps: Sequence[Step], reason: str) -> None:
        with self._lock:
            self.applied.failed.extend((step, reason) for step in steps)


def _stands(step: Step, found: dict[tuple[int, str], Any]) -> bool:
    """True if the row of this step, or a newer one of another writer, is in NetBox."""
    created = found.get((step["device_id"], step["serial"]))
    return created is not None and created >= parse_time(step["data"]["creation_time"])


def _is_read(step: Step, touched: Mapping[int, datetime], found: Repaired) -> bool:
    """True if the rows of the step's device were read when all was written."""
    return step["device_id"] in touched and step["device_id"] not in found.unread

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes rows of NetBox in bulk: Probe rows, addresses, devices. All writes of the collection go through here.

This module and the session below it decide what is sent a second time:

- Passing trouble (NetBox is busy, a connection breaks): the session repeats PATCH and DELETE, because PATCH sends
  absolute values and DELETE skips rows that no longer exist. It repeats a POST only if NetBox certainly did nothing.
- A POST without a clear answer (NetBoxUncertain): its rows may be there or not. NetBox has no upsert, and for probes
  and addresses no unique key. So the rows are looked for first, and only the missing ones are sent again.
- A refused request: NetBox takes all rows of a request or none, so one bad row costs the others. The request is split
  until the bad row is alone.
- Trouble that lasts: the breaker opens, and nothing is sent any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .._common.pieces import chunks, halved
from .breaker import Breaker
from .client import NetBox
from .errors import NetBoxError, NetBoxRejected, NetBoxServerError, NetBoxUncertain
from .latest import PROBES
from .replies import words_of

#: How often a row is sent if none of the answers is clear.
TRIES = 3
#: How often rows are looked for after a time-out: NetBox continues to write although the client has stopped waiting.
LOOKS = 3
#: Errors about what was sent, not about NetBox: the same rows in smaller requests may succeed.
SPLIT = (NetBoxRejected, NetBoxServerError)

T = TypeVar("T")
#: Looks for the rows of items; gets the items, and the ids of the rows that the same call created for others. Returns,
#: for each item with a row, its position and the id of the row, or None if only its presence is known. Raises
#: NetBoxError if NetBox cannot be read.
Find = Callable[[Sequence[T], set[int]], Mapping[int, "int | None"]]


@dataclass(frozen=True)
class NotCreated(Generic[T]):
    """An item without a row, and why."""

    item: T
    reason: str
    #: NetBox named this row in its reply; otherwise the request failed as a whole.
    refused: bool = False


@dataclass
class Created(Generic[T]):
    """The result of create(). Each item is either in `rows` or in `failed`."""

    #: Items with a row, and its id; None for a row that was found after an unclear answer without its id.
    rows: list[tuple[T, int | None]] = field(default_factory=list)
    failed: list[NotCreated[T]] = field(default_factory=list)
    #: Items that were part of a POST without a clear answer. NetBox may still be writing them.
    doubtful: list[T] = field(default_factory=list)


@dataclass
class Updated:
    """The result of update(). A row that is in neither does not exist any more."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)  #: id -> NetBox's reply for the row
    failed: dict[int, str] = field(default_factory=dict)  #: id -> reason


@dataclass
class Deleted:
    """The result of delete()."""

    ids: list[int] = field(default_factory=list)  #: deleted now, or not there any more
    failed: dict[int, str] = field(default_factory=dict)  #: id -> reason


class BulkWriter:
    """Writes the rows of one run. Its methods raise no NetBoxError and may be called from several threads."""

    def __init__(self, netbox: NetBox, chunk_size: int = 100, pause: float = 1.0, path: str = PROBES) -> None:
        """
        chunk_size: rows in one request
        pause: seconds before rows are looked for after a POST without a clear answer; doubles with each look
        path: the list, below /api/
        """
        self._netbox = netbox
        self._path = path
        self._chunk_size = chunk_size
        self._pause = pause
        #: Shared with the reads between the writes of the same run.
        self.breaker = Breaker()

    def create(self, items: Sequence[T], row_of: Callable[[T], Mapping[str, Any]], find: Find[T]) -> Created[T]:
        """Create a row for each item; row_of() returns what is sent for it.

        find() looks for the rows of items after an unclear answer.
        """
        creation = _Creation(self._netbox, self._path, self.breaker, self._pause, row_of, find)
        for part in chunks(items, self._chunk_size):
            creation.send(part)
        return creation.created

    def update(self, rows: Sequence[Mapping[str, Any]]) -> Updated:
        """Change rows. Each is what is sent for it, and its id; values are absolute."""
        updated = Updated()
        for part in chunks(rows, self._chunk_size):
            self._update(part, updated)
        return updated

    def delete(self, ids: Sequence[int]) -> Deleted:
        """Delete rows."""
        deleted = Deleted()
        for part in chunks(ids, self._chunk_size):
            self._delete(part, deleted)
        return deleted

    def _update(self, rows: Sequence[Mapping[str, Any]], updated: Updated) -> None:
        try:
            with self.breaker.request():
                replies = self._netbox.patch_bulk(self._path, [dict(row) for row in rows])
            updated.rows.update((reply["id"], reply) for reply in replies)
        except NetBoxError as error:
            # The reply does not say which of the rows was refused.
            if isinstance(error, SPLIT) and len(rows) > 1:
                for half in halved(rows):
                    self._update(half, updated)
            else:
                updated.failed.update((row["id"], str(error)) for row in rows)

    def _delete(self, ids: Sequence[int], deleted: Deleted) -> None:
        try:
            with self.breaker.request():
                self._netbox.delete_bulk(self._path, ids)
            deleted.ids += ids
        except NetBoxError as error:
            if isinstance(error, SPLIT) and len(ids) > 1:
                for half in halved(ids):
                    self._delete(half, deleted)
            else:
                deleted.failed.update((number, str(error)) for number in ids)


class _Creation(Generic[T]):
    """One call of create()."""

    def __init__(
        self,
        netbox: NetBox,
        path: str,
        breaker: Breaker,
        pause: float,
        row_of: Callable[[T], Mapping[str, Any]],
        find: Find[T],
    ) -> None:
        self._netbox = netbox
        self._path = path
        self._breaker = breaker
        self._pause = pause
        self._row_of = row_of
        self._find = find
        self.created: Created[T] = Created()

    def send(self, items: Sequence[T], attempt: int = 1) -> None:
        """POST the rows of these items."""
        if not items:
            return
        try:
            with self._breaker.request():
                replies = self._netbox.post_bulk(self._path, [dict(self._row_of(item)) for item in items])
            # The replies are in the order of the rows.
            self.created.rows += [(item, reply["id"]) for item, reply in zip(items, replies, strict=True)]
        except NetBoxUncertain as error:
            self.created.doubtful += items
            self._send_missing(items, error, attempt)
        except SPLIT as error:
            self._send_good(items, error)
        except NetBoxError as error:
            self._fail(items, str(error))

    def _send_missing(self, items: Sequence[T], error: NetBoxUncertain, attempt: int) -> None:
        """No clear answer: look for the rows, and send only those that are missing."""
        found: Mapping[int, int | None] = {}
        for wait in self._waits(error):
            time.sleep(wait)
            try:
                found = self._find(items, {number for _item, number in self.created.rows if number is not None})
            except NetBoxError:
                self._fail(items, f"it is unknown whether the row was written; run again. {error}")
                return
            if found:
                break
        self.created.rows += [(item, found[number]) for number, item in enumerate(items) if number in found]
        missing = [item for number, item in enumerate(items) if number not in found]
        if attempt < TRIES:
            self.send(missing, attempt + 1)
        else:
            self._fail(missing, str(error))

    def _waits(self, error: NetBoxUncertain) -> Iterator[float]:
        """Seconds before each look. NetBox can only be still at work if the client stopped waiting."""
        for number in range(LOOKS if error.reason == "timeout" else 1):
            yield self._pause * 2**number

    def _send_good(self, items: Sequence[T], error: NetBoxError) -> None:
        """One row spoilt the request: name that row, send all others.

        NetBox answers with a list of errors in the order of the rows, {} for each good one. A proxy and the database do
        not.
        """
        errors = error.errors if isinstance(error, NetBoxRejected) else None
        if isinstance(errors, list) and len(errors) == len(items) and any(errors):
            pairs = list(zip(items, errors, strict=True))
            for item, words in pairs:
                if words:
                    self._fail([item], f"NetBox refused the row: {words_of(words)}", refused=True)
            self.send([item for item, words in pairs if not words])
        elif len(items) > 1:
            for half in halved(items):
                self.send(half)
        else:
            self._fail(items, str(error))

    def _fail(self, items: Sequence[T], reason: str, refused: bool = False) -> None:
        self.created.failed += [NotCreated(item, reason, refused) for item in items]

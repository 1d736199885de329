# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes and changes objects of any list of NetBox, and notes what was written and what was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .._netbox.bulk_writer import BulkWriter, Find
from .._netbox.client import NetBox
from .apply_data import Applied

T = TypeVar("T")


class Objects:
    """The objects of one NetBox, for one run."""

    def __init__(self, netbox: NetBox, applied: Applied, chunk_size: int, pause: float) -> None:
        self._netbox, self.applied = netbox, applied
        self._chunk_size, self._pause = chunk_size, pause

    def _bulk(self, path: str) -> BulkWriter:
        # Each list has a breaker of its own: a permission that is missing for one is not missing for the others.
        return BulkWriter(self._netbox, self._chunk_size, self._pause, path)

    def create(
        self,
        kind: str,
        path: str,
        items: Sequence[T],
        row: Callable[[T], Mapping[str, Any]],
        find: Find[T],
        name: Callable[[T], str],
    ) -> dict[T, int]:
        """Make objects; the id of each that was made."""
        created = self._bulk(path).create(items, row, find)
        for item, number in created.rows:
            self.applied.wrote(kind, "created", name(item), number)
        for failed in created.failed:
            self.applied.fail(kind, name(failed.item), failed.reason)
        return {item: number for item, number in created.rows if number is not None}

    def update(self, kind: str, path: str, rows: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> set[int]:
        """Change objects; the ids of those that were changed."""
        updated = self._bulk(path).update(rows)
        for number in (row["id"] for row in rows):
            if number in updated.rows:
                self.applied.wrote(kind, "changed", names[number], number)
            else:
                reason = updated.failed.get(number, "it was deleted since the plan was made")
                self.applied.fail(kind, names[number], reason)
        return set(updated.rows)

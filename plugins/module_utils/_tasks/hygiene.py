# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of netbox_hygiene: read, plan, and (unless in check mode) export, change, delete."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from .._hygiene import words as hygiene_words
from .._hygiene.export import Export
from .._hygiene.plan import RULES, Merge, Wishes
from .._hygiene.read import IDS_PER_READ, read_table, read_whole
from .._hygiene.steps import Moved, Step, make_step
from .._hygiene.write import Writer, failure
from .._netbox.client import NetBox
from .._netbox.errors import NetBoxError, NetBoxOptionError
from .._netbox.options import CONNECTION_OPTIONS, open_netbox, within
from .._netbox.rows import format_time

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "devices": {"type": "list", "elements": "str"},
    "sites": {"type": "list", "elements": "str"},
    "rules": {"type": "list", "elements": "str", "choices": list(RULES), "default": list(RULES)},
    "thin_older_than": {"type": "int"},
    "export_to": {"type": "path", "default": "~/.ansible/invmon/hygiene"},
    "chunk_size": {"type": "int", "default": 100},
}


def tidy(params: Mapping[str, Any], check_mode: bool = False, diff: bool = False) -> dict[str, Any]:
    """The result of netbox_hygiene for its validated params. Raises NetBoxError or ExportError where nothing, or
    nothing more, could be done; single rows that could not be written are listed in `failed_rows`."""
    now = datetime.now(UTC).replace(microsecond=0)
    wishes = wishes_of(params, now)
    chunk_size = within("chunk_size", params["chunk_size"], 1, 1000)
    with open_netbox(params, connections=1) as netbox:
        export = Export(params["export_to"], netbox.url, format_time(now))
        run = _Run(netbox, export, chunk_size, check_mode, diff)
        return run(wishes, params["devices"] or (), params["sites"] or ())


def wishes_of(params: Mapping[str, Any], now: datetime) -> Wishes:
    """The wishes in params (rules, thin_older_than, devices, sites). Raises NetBoxOptionError."""
    for name in ("devices", "sites"):
        if params[name] is not None and not params[name]:
            raise NetBoxOptionError(f"{name} is an empty list: leave it out to read all rows.")
    return Wishes(frozenset(params["rules"]), _thin_before(params["thin_older_than"], now))


def _thin_before(days: int | None, now: datetime) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= 36500:
        raise NetBoxOptionError(f"thin_older_than must be from 1 to 36500 days, not {days}.")
    return now - timedelta(days=days)


class _Run:
    """One run against one NetBox."""

    def __init__(self, netbox: NetBox, export: Export, chunk_size: int, check_mode: bool, diff: bool) -> None:
        self._netbox = netbox
        self._export = export
        self._check_mode = check_mode
        self._diff = diff
        self._writer = Writer(netbox, export, chunk_size)
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._rules: Counter[str] = Counter()
        self._planned: Counter[str] = Counter()
        self._failed: list[dict[str, Any]] = []

    def __call__(self, wishes: Wishes, devices: Sequence[str], sites: Sequence[str]) -> dict[str, Any]:
        table = read_table(self._netbox, wishes, devices, sites)
        merges = table.plan(wishes)
        try:
            self._work_off(merges)
            if not self._check_mode:
                self._writer.delete()
        finally:
            self._export.close()
        return self._result(table.rows)

    def _work_off(self, merges: Sequence[Merge]) -> None:
        """All merges, chunk by chunk. If rows cannot be read any more, it ends with a failed row."""
        done = 0
        for chunk in chunks(merges):
            try:
                steps = self._steps(chunk)
            except NetBoxError as error:
                reason = f"{error} It and {len(merges) - done - 1} more steps are left for the next run."
                self._failed.append(_of_merge(chunk[0], reason))
                return
            self._carry_out(steps)
            done += len(chunk)

    def _steps(self, chunk: Sequence[Merge]) -> list[Step]:
        whole = read_whole(self._netbox, {row.id for merge in chunk for row in merge.rows})
        steps = []
        for merge in chunk:
            try:
                steps.append(make_step(merge, whole))
            except Moved as reason:
                self._failed.append(_of_merge(merge, str(reason)))
        return steps

    def _carry_out(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._rules.update(hygiene_words.counted(step))
            self._planned["changed"] += 1 if step.data else 0
            self._planned["deleted"] += len(step.delete)
            if self._diff:
                self._lines[step.device].extend(hygiene_words.step_lines(step))
        if not self._check_mode:
            self._writer.change(steps)

    def _result(self, rows: int) -> dict[str, Any]:
        written = self._writer.written
        changed = self._planned["changed"] if self._check_mode else written.changed
        deleted = self._planned["deleted"] if self._check_mode else written.deleted
        failed = [*self._failed, *written.failed]
        lines = hygiene_words.summary(rows, self._rules, changed, deleted, failed, self._check_mode)
        if self._export.path:
            lines.append(f"every row as it was: {self._export.path}")
        result: dict[str, Any] = {
            "changed": bool(changed or deleted),
            "rows": rows,
            "changed_rows": changed,
            "deleted_rows": deleted,
            "rules": dict(self._rules),
            "failed_rows": failed,
            "export": self._export.path,
            "requests": self._netbox.requests,
            "summary": [*lines, f"NetBox: {self._netbox.requests} requests"],
        }
        if failed:
            result |= {"failed": True, "msg": "; ".join(hygiene_words.failure_lines(failed))}
        return result | ({"diff": hygiene_words.blocks(self._lines)} if self._diff else {})


def _of_merge(merge: Merge, reason: str) -> dict[str, Any]:
    return failure(merge.rows[0].id, merge.serial, merge.newest.device or "", reason)


def chunks(merges: Sequence[Merge]) -> Iterator[list[Merge]]:
    """Merges in groups of about as many rows as one request reads: whole rows are held for one group only."""
    group: list[Merge] = []
    number = 0
    for merge in merges:
        if group and number + len(merge.rows) > IDS_PER_READ:
            yield group
            group, number = [], 0
        group.append(merge)
        number += len(merge.rows)
    if group:
        yield group

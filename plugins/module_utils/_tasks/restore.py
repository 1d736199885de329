# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of netbox_restore: restores rows that hygiene changed or deleted, from the file that it wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._hygiene import words as hygiene_words
from .._hygiene.export import Line, read_export
from .._hygiene.read import IDS_PER_READ, read_whole
from .._hygiene.restore_plan import Action, decide, serials_of_deleted
from .._hygiene.write import failure
from .._netbox.bulk_writer import BulkWriter
from .._netbox.client import NetBox
from .._netbox.options import CONNECTION_OPTIONS, open_netbox, within
from .._netbox.probe_lists import rows_of_serials
from .._netbox.row_shapes import NUMBER, is_time

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "path": {"type": "path", "required": True},
    "any_address": {"type": "bool", "default": False},
    "chunk_size": {"type": "int", "default": 100},
}


def restore(
    params: Mapping[str, Any], check_mode: bool = False, diff: bool = False, pause: float = 1.0
) -> dict[str, Any]:
    """The result of netbox_restore for its validated params. Raises NetBoxError or ExportError where nothing, or
    nothing more, could be done; refused rows are listed in `refused_rows`.

    pause: seconds before rows are looked for after a POST without a clear answer.
    """
    chunk_size = within("chunk_size", params["chunk_size"], 1, 1000)
    with open_netbox(params, connections=1) as netbox:
        source = (params["path"], netbox.url, params["any_address"])
        # The whole file is read first: a damaged one is refused before anything is written.
        exported = {line["row"]["id"] for line in read_export(*source)}
        run = _Run(netbox, exported, BulkWriter(netbox, chunk_size, pause), check_mode)
        for lines in chunks(read_export(*source)):
            run.bring_back(lines)
        return run.result(diff)


def chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in groups of which one request reads the rows."""
    group: list[Line] = []
    for line in lines:
        group.append(line)
        if len(group) == IDS_PER_READ:
            yield group
            group = []
    if group:
        yield group


class _Run:
    """One run against one NetBox."""

    def __init__(self, netbox: NetBox, exported: Iterable[int], writer: BulkWriter, check_mode: bool) -> None:
        """exported: the ids of all rows in the file; none of them counts as another one."""
        self._netbox = netbox
        self._taken = set(exported)
        self._writer = writer
        self._check_mode = check_mode
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._created: list[dict[str, Any]] = []
        self._changed = 0
        self._untouched = 0
        self._refused: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []

    def bring_back(self, lines: Sequence[Line]) -> None:
        """Read the rows of these lines as they are now, and restore them where needed."""
        actions = self._decide(lines)
        for action in actions:
            self._lines[action.device].extend(_action_lines(action))
            if action.what == "refuse":
                self._refused.append(_failure(action, action.reason))
        self._untouched += sum(1 for action in actions if action.what == "none")
        sources = {line["row"]["id"]: line for line in lines}
        self._change([action for action in actions if action.what == "change"])
        self._create([action for action in actions if action.what == "create"], sources)

    def _decide(self, lines: Sequence[Line]) -> list[Action]:
        present = read_whole(self._netbox, {line["row"]["id"] for line in lines})
        serials = serials_of_deleted(lines, present)
        like: dict[str, list[Any]] = defaultdict(list)
        kinds = {"id": NUMBER, "time": is_time}
        ids = {int(row["id"]) for row in rows_of_serials(self._netbox, serials, "id time", kinds)}
        for row in read_whole(self._netbox, ids).values():
            like[row["serial"]].append(row)
        actions = []
        for line in lines:
            free = [row for row in like[line["row"]["serial"]] if row["id"] not in self._taken]
            action = decide(line, present.get(line["row"]["id"]), free)
            if action.stands_as is not None:
                self._taken.add(action.stands_as)
            actions.append(action)
        return actions

    def _change(self, actions: Sequence[Action]) -> None:
        if self._check_mode:
            self._changed += len(actions)
            return
        found = self._writer.update([{**action.data, "id": action.id} for action in actions])
        self._changed += len(found.rows)
        for action in actions:
            if action.id not in found.rows:
                reason = found.failed.get(action.id, "it was deleted during this run")
                self._failed.append(_failure(action, reason))

    def _create(self, actions: Sequence[Action], sources: Mapping[int, Line]) -> None:
        if self._check_mode:
            self._created += [_new(action, None) for action in actions]
            return

        def find(doubtful: Sequence[Action], others: set[int]) -> dict[int, int | None]:
            self._taken |= others
            again = self._decide([sources[action.id] for action in doubtful])
            return {number: action.stands_as for number, action in enumerate(again) if action.what == "none"}

        created = self._writer.create(actions, lambda action: action.data, find)
        self._taken.update(number for _action, number in created.rows if number is not None)
        self._created += [_new(action, number) for action, number in created.rows]
        for one in created.failed:
            (self._refused if one.refused else self._failed).append(_failure(one.item, one.reason))

    def result(self, diff: bool) -> dict[str, Any]:
        """The outcome of each row."""
        would = "would be " if self._check_mode else ""
        line = f"rows: {len(self._created)} {would}created again, {self._changed} {would}changed back,"
        lines = [f"{line} {self._untouched} need nothing, {len(self._refused)} refused, {len(self._failed)} failed"]
        lines += hygiene_words.failure_lines(self._refused, "refused")
        lines += hygiene_words.failure_lines(self._failed)
        result: dict[str, Any] = {
            "changed": bool(self._created or self._changed),
            "created_rows": self._created,
            "changed_rows": self._changed,
            "untouched_rows": self._untouched,
            "refused_rows": self._refused,
            "failed_rows": self._failed,
            "requests": self._netbox.requests,
            "summary": [*lines, f"NetBox: {self._netbox.requests} requests"],
        }
        if self._failed:
            result |= {"failed": True, "msg": "; ".join(hygiene_words.failure_lines(self._failed))}
        return result | ({"diff": hygiene_words.blocks(self._lines)} if diff else {})


def _new(action: Action, number: int | None) -> dict[str, Any]:
    return {"id": number, "was": action.id, "serial": action.serial, "device": action.device}


def _failure(action: Action, reason: str) -> dict[str, Any]:
    return failure(action.id, action.serial, action.device, reason)


def _action_lines(action: Action) -> Iterator[str]:
    if action.what == "create":
        yield hygiene_words.row_line("+", action.serial, action.id, "created again")
    elif action.what == "change":
        yield hygiene_words.row_line("~", action.serial, action.id, action.reason)
        yield from hygiene_words.change_lines(action.changes)
    elif action.what == "refuse":
        yield hygiene_words.row_line("!", action.serial, action.id, f"refused: {action.reason}")

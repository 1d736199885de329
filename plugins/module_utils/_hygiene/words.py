# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hygiene and restore did, in words for users."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._outgoing.text import printable
from .._outgoing.words import clipped, count, listed
from .plan import DEVICES, FLAPS, REPEATS, SERIALS, THIN, TWINS
from .steps import Step

#: Longer texts are cut, in words only.
_WIDTH = 60

#: What each rule found, after a number of rows.
FOUND = {
    TWINS: "written twice",
    REPEATS: "of the older scripts that repeat a state",
    FLAPS: "of the older scripts that name one part in two ways",
    SERIALS: "with padding or quotes in the serial",
    DEVICES: "without their device, which exists",
    THIN: "of old states",
}


def step_lines(step: Step) -> Iterator[str]:
    """A step as lines of the diff."""
    title = f"{_clip(step.serial)}"
    deleted = step.delete
    if step.id is None:
        yield f"- {title}  {_ids(deleted)} deleted, last seen {_last_seen(step, deleted)}"
    elif deleted:
        yield f"~ {title}  {_ids(deleted)} merged into #{step.id}: {_why(step)}"
    else:
        yield f"~ {title}  #{step.id}: {_why(step)}"
    yield from change_lines(step.changes)
    for note in step.notes:
        yield f"    note: {printable(note)}"


def change_lines(changes: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Field -> [before, after], one line each."""
    for key, (old, new) in changes.items():
        yield f"    {key}: {_value(old)} → {_value(new)}"


def row_line(mark: str, serial: str, number: int, words: str) -> str:
    """The line about one row."""
    return f"{mark} {_clip(serial)}  #{number}{': ' if words else ''}{printable(words)}"


def counted(step: Step) -> dict[str, int]:
    """Rule -> number of rows of this step that it found."""
    numbers = dict.fromkeys(step.rules, len(step.rows))
    rows = step.rows.values()
    if SERIALS in numbers:
        numbers[SERIALS] = sum(1 for row in rows if str(row["serial"]).strip() != step.serial)
    if DEVICES in numbers:
        numbers[DEVICES] = sum(1 for row in rows if row["device"] is None)
    return numbers


def _why(step: Step) -> str:
    return ", ".join(f"{'rows ' if step.delete else ''}{FOUND[rule]}" for rule in step.rules)


def _last_seen(step: Step, ids: Sequence[int]) -> str:
    return printable(max(str(step.rows[number]["time"]) for number in ids))


def _ids(ids: Sequence[int]) -> str:
    return listed(f"#{number}" for number in ids)


def blocks(lines: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Ansible's `diff`: device name -> lines, one block for each device."""
    return [
        {"prepared": "\n".join([f"{printable(device) or '(no device)'}:", *found, "", ""])}
        for device, found in lines.items()
        if found
    ]


def summary(
    rows: int, rules: Counter[str], changed: int, deleted: int, failed: Sequence[Mapping[str, Any]], check_mode: bool
) -> list[str]:
    """The run of hygiene, line by line."""
    would = "would be " if check_mode else ""
    lines = [f"rows: {rows} read, {changed} {would}changed, {deleted} {would}deleted"]
    lines += [f"{rule}: {count(rules[rule], 'row')} {words}" for rule, words in FOUND.items() if rules[rule]]
    return [*lines, *failure_lines(failed)]


def failure_lines(failed: Sequence[Mapping[str, Any]], word: str = "not written") -> list[str]:
    """One line for each reason, with the rows that it concerns."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for row in failed:
        grouped[row["reason"]].append(f"#{row['id']} {_clip(row['serial'])} ({_clip(row['device'])})")
    return [f"{word}: {listed(rows)}: {printable(reason)}" for reason, rows in sorted(grouped.items())]


def _value(value: Any) -> str:
    return "(none)" if value in (None, "", [], {}) else _clip(value)


def _clip(value: Any) -> str:
    return clipped(value, _WIDTH)

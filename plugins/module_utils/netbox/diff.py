# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a person reads it: one block per device, only what is new, changed, or not seen any more.

`+` new on this device, `~` changed in place or by a new row, `!` not seen any more (nothing is written for it).
Ansible colours lines that begin with + and -.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .plan import IN_PLACE, NEW_ROW, DevicePlan, Plan
from .text import printable

#: Longer texts are cut in the diff only; NetBox gets them whole.
_WIDTH = 60
_LINE = 100
#: What a person calls a fate, where that is not its own word.
_WORDS = {"created": "new", "adopted": "taken over"}


def diff_blocks(plan: Plan) -> list[dict[str, str]]:
    """Ansible's `diff` of a result: one prepared text per device that has something to show."""
    blocks = (device_block(device) for device in plan.devices)
    return [{"prepared": block} for block in blocks if block]


def device_block(device: DevicePlan) -> str:
    """The block of one device, "" for a quiet one."""
    lines = [line for _slot, line in sorted(_part_lines(device), key=lambda pair: (natural_key(pair[0]), pair[1]))]
    lines = [*_group_lines(device), *lines]
    if not lines:
        return ""
    title = printable(device.title)
    if device.name != device.title:
        title += f" [{printable(device.name)}]"
    header = f"{title} ({printable(device.site)})" if device.site else title
    return "\n".join([f"{header}: {_counts(device)}", *lines, ""])


def _counts(device: DevicePlan) -> str:
    fates = Counter(step["fate"] for step in device.steps)
    said = [f"{fates[fate]} {_WORDS.get(fate, fate)}" for fate in (*NEW_ROW, *IN_PLACE) if fates[fate]]
    missing = sum(1 for part in device.not_seen if part["new"])
    return ", ".join([*said, *([f"{missing} not seen any more"] if missing else [])])


def _part_lines(device: DevicePlan) -> Iterable[tuple[str, str]]:
    for step in device.steps:
        line = _step_line(step)
        if line:
            yield step["slot"], line
    for part in device.not_seen:
        if part["new"]:
            yield part["slot"], _not_seen_line(part)


def _step_line(step: Mapping[str, Any]) -> str | None:
    fate, changes = step["fate"], step.get("changes") or {}
    if fate in ("created", "moved", "returned"):
        return _new_line(step)
    if fate in ("changed", "updated", "adopted") and changes:
        how = " (row of the older scripts)" if fate == "adopted" else ""
        return _change_lines(f"~ {_label(step)}{how}", changes)
    return None


def _new_line(step: Mapping[str, Any]) -> str:
    data = step["data"]
    words = [_label(step), *(_clip(data[key]) for key in ("part", "category") if data.get(key))]
    line = "+ " + "  ".join(words)
    if "from" in step:
        origin = step["from"]
        verb = "moved" if step["fate"] == "moved" else "back"
        line += (
            f"\n    {verb} from {_clip(origin['device'])}, {_clip_front(origin['slot'])}, seen there {origin['time']}"
        )
    return line


def _change_lines(head: str, changes: Mapping[str, list[Any]]) -> str:
    said = [f"{key}: {_value(old)} → {_value(new)}" for key, (old, new) in changes.items()]
    one_line = f"{head}  {', '.join(said)}"
    return one_line if len(one_line) <= _LINE else "\n".join([head, *(f"    {text}" for text in said)])


def _not_seen_line(part: Mapping[str, Any]) -> str:
    words = [_label(part), *([_clip(part["part"])] if part.get("part") else [])]
    where = f"now on {_clip(part['now_on'])}" if "now_on" in part else f"last seen {part['since']}"
    return f"! {'  '.join(words)}  not seen any more, {where}"


def _group_lines(device: DevicePlan) -> list[str]:
    """What is true of many rows at once is said once: renamed objects, rows taken over without a visible change."""
    renamed: Counter[str] = Counter()
    for step in device.steps:
        if step["fate"] == "renamed":
            renamed.update(f"{key}: {_value(old)} → {_value(new)}" for key, (old, new) in step["changes"].items())
    lines = [f"~ {text} ({_rows(number)}, in place)" for text, number in sorted(renamed.items())]
    adopted = sum(1 for step in device.steps if step["fate"] == "adopted" and not step["changes"])
    if adopted:
        lines.append(f"~ {_rows(adopted)} of the older scripts taken over in place")
    return lines


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _label(part: Mapping[str, Any]) -> str:
    return f"{_clip_front(part['slot'])}  {_clip(part['serial'])}"


def _value(value: Any) -> str:
    return "(none)" if value is None or value == "" else _clip(value)


def _clip(value: Any) -> str:
    text = printable(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _clip_front(value: Any) -> str:
    """A path says the most at its end."""
    text = printable(value)
    return text if len(text) <= _WIDTH else "…" + text[1 - _WIDTH :]


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key under which Slot 2 stands before Slot 10."""
    pieces = re.split(r"([0-9]+)", text)
    return [
        (0, int(piece), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece) for piece in pieces if piece
    ]

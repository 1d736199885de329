# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a person reads it: one block per device, only what is new, changed, or not seen any more.

`+` new on this device, `~` changed in place or by a new row, `!` not seen any more, or gone, `-` deleted.
Ansible colours lines that begin with + and -.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..._common.natural import natural_key
from ..._outgoing.text import printable
from ..._outgoing.words import clipped, count
from ..plan.device_plan import DevicePlan, MissingPart, Plan
from ..plan.step import DELETED, IN_PLACE, NEW_ROW, Absence, Changes, Create, Delete, Step, Update

#: Longer texts are cut in the diff only; NetBox gets them whole.
_WIDTH = 60
#: A slot is cut to this, or to what the width of a line has room for.
_SLOT_WIDTH = 36
#: Where the width of a line is unknown, as in a log.
LOG_WIDTH = 200
#: What a person calls a fate, where that is not its own word.
_WORDS = {"created": "new", "adopted": "taken over"}


def diff_blocks(plan: Plan, width: int = LOG_WIDTH) -> list[dict[str, str]]:
    """Ansible's `diff` of a result: one prepared text per device that has something to show.

    width: of the terminal, in characters.
    """
    blocks = (device_block(device, width) for device in plan.devices)
    return [{"prepared": block} for block in blocks if block]


class _Line(NamedTuple):
    """The line of one part; slots and serials of a block are aligned."""

    mark: str
    slot: str
    serial: str
    words: str
    below: tuple[str, ...] = ()  #: further lines, indented


def device_block(device: DevicePlan, width: int = LOG_WIDTH) -> str:
    """The block of one device, "" for a quiet one, also where the whole run is held. A blank line ends it."""
    lines = sorted(_part_lines(device), key=lambda line: (natural_key(line.slot), line.mark, line.serial))
    texts = [*_group_lines(device), *_aligned(lines, width)]
    if device.held and (texts or not device.held.whole_run):
        texts.insert(0, f"! {device.held.sentence}")
    if not texts:
        return ""
    title = printable(device.title)
    if device.name != device.title:
        title += f" [{printable(device.name)}]"
    header = f"{title} ({printable(device.site)})" if device.site else title
    counts = f"held, nothing was written: {_counts(device)}" if device.held else _counts(device)
    return "\n".join([f"{header}: {counts}", *texts, "", ""])


def _aligned(lines: Sequence[_Line], width: int) -> Iterator[str]:
    serials = [_clip(line.serial) for line in lines]
    widest = max((len(serial) for serial in serials), default=0)
    # Mark, slot, serial and words, two blanks between them.
    beside = 2 + widest + 4 + max((len(line.words) for line in lines), default=0)
    slots = [_clip_front(line.slot, max(_SLOT_WIDTH, width - beside)) for line in lines]
    room = max((len(slot) for slot in slots), default=0)
    for line, slot, serial in zip(lines, slots, serials, strict=True):
        yield f"{line.mark} {slot:<{room}}  {serial:<{widest}}  {line.words}".rstrip()
        for text in line.below:
            yield f"    {text}"


def _counts(device: DevicePlan) -> str:
    fates = Counter[str](step.fate for step in _steps(device))
    said = [f"{fates[fate]} {_WORDS.get(fate, fate)}" for fate in (*NEW_ROW, *IN_PLACE, DELETED) if fates[fate]]
    missing = sum(1 for part in device.not_seen if part.new)
    said += [f"{missing} no longer seen"] if missing else []
    said += [f"{len(device.became_gone)} gone"] if device.became_gone else []
    said += [f"{device.not_due} seen again, not written"] if device.not_due and not device.held else []
    return ", ".join(said)


def _steps(device: DevicePlan) -> tuple[Step, ...]:
    """What is done; of a device that is held, what would be."""
    return device.withheld if device.held else device.steps


def _part_lines(device: DevicePlan) -> Iterator[_Line]:
    for step in _steps(device):
        if isinstance(step, Delete):
            yield _Line("-", step.slot, step.serial, f"rows deleted, {_absent(step.missing)}")
        elif isinstance(step, Create) and (step.moved_from or step.fate in ("created", "moved", "returned")):
            yield _new_line(step)
        elif step.fate in ("changed", "swapped", "updated", "adopted") and step.changes:
            yield _change_line(step, step.changes)
    for part in device.not_seen:
        if part.new:
            where = f"last seen {part.last_seen}" if part.now_on is None else f"now on {_clip(part.now_on)}"
            yield _missing_line(part, f"no longer seen, {where}")
    for part in device.became_gone:
        yield _missing_line(part, _gone_words(part.times, part.first, part.last_seen))


def _new_line(step: Create) -> _Line:
    words = "  ".join(_clip(text) for text in (step.data.get("part"), step.data.get("category")) if text)
    return _Line("+", step.slot, step.serial, words, tuple(_evidence(step)))


def _evidence(step: Create | Update) -> Iterator[str]:
    """Why a part is not simply new."""
    if isinstance(step, Update):
        return
    if step.moved_from:
        origin, swapped = step.moved_from, f"swapped with {_clip(step.swapped_with)}:"
        verb = {"moved": "moved", "returned": "back", "swapped": swapped}[step.fate]
        yield f"{verb} from {_clip(origin.device)}, {_clip_front(origin.slot)}, seen there {origin.time}"
    elif step.fate == "swapped":
        yield f"swapped with {_clip(step.swapped_with)}"
    if step.missing:
        gone = step.missing.gone_since is not None
        yield f"returned after it was {_absent(step.missing)}" if gone else f"returned, was on {_clip(step.missing.to)}"


def _change_line(step: Create | Update, changes: Changes) -> _Line:
    """Only what changed: behind the serial if it is short, else line by line below it."""
    slot = step.slot or ""
    how = "row of the older scripts" if step.fate == "adopted" else ""
    said = [f"{key}: {_value(old)} → {_value(new)}" for key, (old, new) in changes.items()]
    words = ", ".join([*([how] if how else []), *said])
    if len(words) <= _WIDTH:
        return _Line("~", slot, step.serial, words, tuple(_evidence(step)))
    return _Line("~", slot, step.serial, how, (*said, *_evidence(step)))


def _missing_line(part: MissingPart, words: str) -> _Line:
    texts = [*([_clip(part.part_number)] if part.part_number else []), words]
    return _Line("!", part.slot, part.serial, "  ".join(texts))


def _absent(missing: Absence) -> str:
    return _gone_words(missing.n, missing.since, missing.time)


def _gone_words(number: int, first: str, last_seen: str) -> str:
    """Why a part is gone."""
    times = "once" if number == 1 else f"{number} times"
    return f"gone: not seen {times} since {first}, last seen {last_seen}"


def _group_lines(device: DevicePlan) -> list[str]:
    """Lines for many rows at once: renamed objects, rows taken over without a visible change."""
    renamed: Counter[str] = Counter()
    updates = [step for step in _steps(device) if isinstance(step, Update)]
    for step in updates:
        if step.fate == "renamed" and step.changes:
            renamed.update(f"{key}: {_value(old)} → {_value(new)}" for key, (old, new) in step.changes.items())
    lines = [f"~ {text} ({count(number, 'row')}, in place)" for text, number in sorted(renamed.items())]
    adopted = sum(1 for step in updates if step.fate == "adopted" and not step.changes)
    if adopted:
        lines.append(f"~ {count(adopted, 'row')} of the older scripts adopted in place")
    return lines


def _value(value: Any) -> str:
    return "(none)" if value is None or value == "" else _clip(value)


def _clip(value: Any) -> str:
    return clipped(value, _WIDTH)


def _clip_front(value: Any, width: int = _WIDTH) -> str:
    """Cut the beginning: the end of a path is the most precise."""
    text = printable(value)
    return text if len(text) <= width else "…" + text[1 - width :]

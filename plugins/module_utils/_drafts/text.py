# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft as YAML with its reasons as comments, and whether a person changed it since.

Of the device's texts nothing is in it: a serial number is shown by its outline, AAA9999. What is not our own text are
names of a MIB and numbers. So a draft may be sent to others as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from .._outgoing.text import brief
from .._snmp.transport import Oid, dotted
from .device import Device
from .draft import Draft
from .fields import Line, lines_of
from .sources import Choice, Source

#: The last line of a draft: the digest of what is above it.
_MARK = "# Unchanged draft of invmon.network.profile: "
_DIGITS = 16
_COMMENT = 110
_LONGEST_NAME = 80
_KEY = re.compile(r"[^A-Za-z0-9_-]")
_HEAD = """---
# Draft, made by the playbook invmon.network.profile from what one device returned: compare it with what is in the box.
# A line behind # was not certain enough: remove the # where it is right. docs/profiles.md describes the keys.
"""


def text_of(draft: Draft, device: Device) -> str:
    """The draft as a file."""
    lines = [*_head(draft), *_section("scalars", draft, device), *_section("tables", draft, device)]
    body = _HEAD + "".join(f"{line}\n" for line in lines)
    return body + _MARK + _digest(body) + "\n"


def is_unchanged(text: str) -> bool:
    """Whether a file is a draft that no person has changed."""
    body, mark, digest = text.rpartition(_MARK)
    return bool(mark) and digest.strip() == _digest(body)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:_DIGITS]


def _head(draft: Draft) -> Iterator[str]:
    yield f"name: {draft.name}"
    answers = _answers(draft)
    if draft.object_id:
        yield "match:"
        yield f"  - object_id: {dotted(draft.object_id)}"
        if len(draft.object_id) > 7:
            yield "  # Or every device of this vendor:"
            yield f"  # - object_id: {dotted(draft.object_id[:7])}"
    elif answers:
        yield "# sysObjectID is that of no vendor: the device is recognised by what it answers."
        yield "match:"
        yield f"  - answers: {dotted(answers)}"


def _answers(draft: Draft) -> Oid:
    """A variable of the device that others do not have."""
    for source in draft.active:
        column = source.choices[0].column
        return (*column.oid, *next(iter(column.cells))) if source.entry else column.oid
    return ()


def _section(key: str, draft: Draft, device: Device) -> Iterator[str]:
    sources = _named([source for source in draft.sources if bool(source.entry) == (key == "tables")])
    first = next((source for source in sources if source.active), None)
    if sources:
        yield ""
        yield f"{key}:" if first else f"# {key}:"
    for number, source in enumerate(sources):
        yield from [""] if number else []
        for reason in source.doubts:
            yield f"  # Not read: {brief(reason, _COMMENT)}."
        block = _block(source, lines_of(source, device, source is (first or sources[0])))
        yield from (block if source.active else (f"  # {line[2:]}" for line in block))


def _named(sources: Sequence[Source]) -> list[Source]:
    """With names that are keys, each once."""
    found: dict[str, Source] = {}
    for source in sources:
        plain = name = _KEY.sub("_", source.name)[:_LONGEST_NAME]
        for number in count(2):
            if name not in found:
                break
            name = f"{plain}_{number}"
        found[name] = replace(source, name=name)
    return list(found.values())


def _block(source: Source, lines: Sequence[Line]) -> Iterator[str]:
    rows = len(source.choices[0].column.cells)
    yield f"  {source.name}:"
    if source.entry:
        yield f"    entry: {dotted(source.entry)}  # {rows} {'row' if rows == 1 else 'rows'} with this column"
    yield "    columns:" if source.entry else "    oids:"
    for choice in source.choices:
        column = choice.written if source.entry else dotted(choice.column.oid)
        yield _line(6, choice.name, column, _why(choice), choice.active)
    for key, value, reason, active in lines:
        yield _line(4, key, value, reason, active)


def _why(choice: Choice) -> str:
    name = choice.column.name
    return choice.guess.reason if not name or name in choice.guess.reason else f"{name}: {choice.guess.reason}"


def _line(indent: int, key: str, value: str, reason: str, active: bool) -> str:
    comment = f"  # {brief(reason, _COMMENT)}" if reason else ""
    return " " * indent + ("" if active else "# ") + f"{key}: {value}{comment}"

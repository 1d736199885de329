# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source of a draft has beside its columns: index, category, and the templates of a part's fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .._devices.categories import category_in_words
from .._devices.transceivers import is_transceiver, names_pluggable
from .._parts.item import TRANSCEIVER
from .._parts.labels import device_text
from .._parts.serials import judge
from .._snmp.agent import Index
from .._snmp.transport import dotted
from .columns import are_keys
from .device import Device
from .names import absent_numbers
from .sources import Source

#: Fields that take the value of another name.
_PART, _DESCRIPTION = ("model", "part_number"), "descr"
#: Values whose words name a category, the most telling first.
_WORDS = ("descr", "name", "model", "part_number")
#: Indexes of which each row is described elsewhere, by their names in a MIB.
_KNOWN_INDEXES: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("ifIndex",): ("index", "[if_index]"),
    ("entPhysicalIndex",): ("describes", "entPhysicalTable"),
}
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")


class Line(NamedTuple):
    """A key of a source with its value in YAML, and why."""

    key: str
    value: str
    reason: str = ""
    active: bool = True


def lines_of(source: Source, device: Device, is_first: bool) -> list[Line]:
    """The keys below `columns` or `oids`, in the order of docs/profiles.md. is_first: the first group of scalars."""
    own = list(_index_lines(source, device)) if source.entry else []
    return [*own, *_condition_lines(source), *_template_lines(source), *_category_lines(source, is_first)]


def _template_lines(source: Source) -> Iterator[Line]:
    parts = [f'"{{{name}}}"' for name in _PART if source.choice(name)]
    if parts:
        yield Line("part", parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]")
    if source.choice(_DESCRIPTION):
        yield Line("description", f'"{{{_DESCRIPTION}}}"')


def _condition_lines(source: Source) -> Iterator[Line]:
    """Rows without a part, by an enumeration."""
    state = source.choice("state")
    if state:
        numbers = absent_numbers(state.column.name, state.column.labels)
        words = ", ".join(state.column.labels[number] for number in numbers)
        yield Line("unless", f"{{state: [{', '.join(map(str, numbers))}]}}", words)


def _index_lines(source: Source, device: Device) -> Iterator[Line]:
    """What the index is: ifIndex, entPhysicalIndex, or the number of something."""
    if tuple(source.index_names) in _KNOWN_INDEXES:
        key, value = _KNOWN_INDEXES[tuple(source.index_names)]
        yield Line(key, value, f"the MIB calls the index {source.index_names[0]}")
        return
    lengths = {len(index) for index in source.indexes}
    known = list(_key_lines(source, device)) if lengths == {1} and not source.index_names else []
    yield from known
    placed = source.choice("name") or source.choice("interface") or any(line.active for line in known)
    if not placed and len(source.indexes) > 1 and len(lengths) == 1:
        names = _names_of_index(source, lengths.pop())
        yield Line("index", f"[{', '.join(names)}]", f"if the index ({_examples(source.indexes)}) is a place", False)
        yield Line("name", f'"Slot {"/".join(f"{{{name}}}" for name in names)}"', "", False)


def _key_lines(source: Source, device: Device) -> Iterator[Line]:
    """An index of one number that is a key of ifTable or entPhysicalTable."""
    numbers = [index[0] for index in source.indexes]
    interface = are_keys(numbers, device.interfaces) if not source.choice("if_index") else None
    entity = are_keys(numbers, device.entity_indexes)
    sure = [known for known in (interface, entity) if known]
    if interface is not None:
        yield Line("index", "[if_index]", _reason("ifIndex", interface, sure), interface and len(sure) == 1)
    if entity is not None:
        reason = _reason("entPhysicalIndex", entity, sure)
        yield Line("describes", "entPhysicalTable", reason, entity and len(sure) == 1)


def _names_of_index(source: Source, length: int) -> list[str]:
    """Names for the numbers of an index: those of the MIB, as names of values."""
    if len(source.index_names) == length:
        return [_NO_NAME.sub("_", name) for name in source.index_names]
    return ["slot"] if length == 1 else [f"number_{place}" for place in range(1, length + 1)]


def _reason(what: str, telling: bool, sure: Sequence[bool]) -> str:
    if not telling:
        return f"every index is an {what}, as any small numbers are"
    return f"every index is an {what}" + (", and something else as well" if len(sure) > 1 else "")


def _examples(indexes: Sequence[Index]) -> str:
    shown = [dotted(index[:8]) for index in indexes[:3]]
    return ", ".join([*shown, "..."] if len(indexes) > len(shown) else shown)


def _category_lines(source: Source, is_first: bool) -> Iterator[Line]:
    """The category by the words of the rows that have a serial; what the loader takes otherwise is a comment."""
    if source.choice("category"):
        return
    rows = list(_texts_of_rows(source))
    named = [found for texts in rows if (found := _category(texts))]
    alike = set(named)
    if not source.entry:
        if not is_first:
            category = named[0] if named else "module"
            yield Line("category", category, "the chassis is the group above; by its words" if named else "a guess")
        return
    if len(alike) == 1 and len(named) * 2 > len(rows):
        yield Line("category", alike.pop(), f"by the words of {len(named)} of {len(rows)} rows")
    elif named:
        words = [f'"{{{name}}}"' for name in _WORDS if source.choice(name)]
        yield Line("category", f"[{', '.join([*words, 'module'])}]", "the words of each row decide")
    elif len(rows) == 1 and source.choice("model") and "sysDescr" in source.choices[1].guess.reason:
        yield Line("category", "chassis", "its model is in sysDescr")


def _texts_of_rows(source: Source) -> Iterator[list[str]]:
    serials = source.choices[0].column.cells
    for index, value in serials.items():
        verdict = judge(value)
        if verdict.good:
            values = [chosen.column.cells.get(index) for name in _WORDS if (chosen := source.choice(name))]
            yield [device_text(value) for value in values if isinstance(value, bytes)]


def _category(texts: Sequence[str]) -> str | None:
    if any(map(names_pluggable, texts)) and is_transceiver("module", texts, None):
        return TRANSCEIVER
    return category_in_words(texts)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of one row, as its profile names them, and the templates that they fill."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .._parts.item import CATEGORIES
from .._parts.labels import device_text, model_text
from .._parts.serials import is_placeholder
from .._snmp.agent import Index, Value
from .._snmp.transport import dotted
from .categories import category_in_words
from .profile import Column, Elsewhere, Source, Template
from .values import MAX_TEXT, TableRow, day

#: Values are made of values at most so deep; a profile that runs in a circle is refused before it is read.
_DEEPEST = 8
#: Fields that are words: the number of an enumeration is not one.
_CALLED = frozenset({"part", "description", "manufacturer"})

Lookup = Callable[[Elsewhere, Index], "Value | str | None"]


@dataclass
class ProfileRow:
    """A row of a table, or a group of scalars (its index is empty)."""

    source: Source
    index: Index
    cells: TableRow
    system: Mapping[str, str]  #: values of SYSTEM_VALUES
    lookup: Lookup  #: reads a column of another table
    _known: dict[str, Value | str | None] = field(default_factory=dict)

    def value(self, name: str, depth: int = 0) -> Value | str | None:
        """A named value; None where the device does not have it."""
        if name.isdigit():
            return int(name)
        if name not in self._known:
            self._known[name] = self._find(name, depth) if depth <= _DEEPEST else None
        return self._known[name]

    def text(self, name: str) -> str | None:
        """A named value as a clean text; None for an empty one, and for N/A and the like."""
        value = self.value(name)
        said = device_text(value)[:MAX_TEXT].strip() if value is not None else ""
        return said if said and not is_placeholder(said) else None

    def fill(self, template: Template) -> str | None:
        """The text of a template; None where one of its values is missing."""
        said = {name: self.text(name) for name in template.names}
        if any(text is None for text in said.values()):
            return None
        return re.sub(r"\{(\w+)\}", lambda found: said.get(found[1]) or "", template.text)

    def first(self, field_name: str) -> str | None:
        """The field's first template that has all its values; a number is not a name."""
        templates = self.source.fields.get(field_name, ())
        if field_name in _CALLED:
            templates = tuple(t for t in templates if t.alone is None or not self._is_enumeration(t.alone))
        text = next((text for template in templates if (text := self.fill(template))), None)
        return model_text(text) if text and field_name == "part" else text

    def _is_enumeration(self, name: str) -> bool:
        """The value is the digits of an INTEGER, and no map translates them: 47 is not a model."""
        column = self.source.columns.get(name)
        if column is None or column.words is not None:
            return False
        if column.of and column.of in self.source.columns:
            sent = self._is_enumeration(column.of)
        else:
            sent = isinstance(self.value(name) if column.elsewhere else self.cells.get(name), int)
        return sent and (self.text(name) or "").isdigit()

    def number(self, field_name: str) -> int | None:
        """A field that is a number of 0 or more."""
        said = self.first(field_name)
        return int(said) if said and re.fullmatch(r"\d{1,10}", said) else None

    def truth(self, field_name: str) -> bool | None:
        """A field that is true or false, or a TruthValue."""
        return {"true": True, "1": True, "false": False, "2": False}.get((self.first(field_name) or "").casefold())

    def day(self, field_name: str) -> str | None:
        """A field that is a day, as YYYY-MM-DD."""
        for template in self.source.fields.get(field_name, ()):
            found = day(self.value(template.alone) if template.alone else self.fill(template))
            if found:
                return found
        return None

    def category(self) -> str | None:
        """Its category: the word itself, or by the words of the text."""
        for template in self.source.fields.get("category", ()):
            said = self.fill(template)
            found = said if said in CATEGORIES else category_in_words([said])
            if found:
                return found
        return None

    def serials(self) -> list[Value | str]:
        """What may be its serial, the best first, as the device sent it."""
        templates = self.source.fields.get("serial", ())
        values = [self.value(template.alone) if template.alone else self.fill(template) for template in templates]
        return [value for value in values if value is not None]

    def points_at(self, names: Iterable[str]) -> Index | None:
        """The index of the row of another table that these values make; None where one of them is missing."""
        return row_index([self.value(name) for name in names])

    @property
    def void(self) -> bool:
        """By the conditions of the profile there is no part here."""
        return any(self._is(name, values) is True for name, values in self.source.unless.items()) or any(
            self._is(name, values) is False for name, values in self.source.when.items()
        )

    def _is(self, name: str, values: frozenset[str]) -> bool | None:
        """Whether a value is one of these, as the device sends it or as the profile calls it; None: it has none."""
        column = self.source.columns.get(name)
        said = self.value(name)
        sent = self.cells.get(name) if column and column.oid else said
        if said is None and sent is None:
            return None
        return any(device_text(value).casefold() in values for value in (said, sent) if value is not None)

    def _find(self, name: str, depth: int) -> Value | str | None:
        column = self.source.columns.get(name)
        if column is None:
            if name in self.source.index:
                place = self.source.index.index(name)
                return self.index[place] if place < len(self.index) else None
            return self.system.get(name)
        if column.of:
            value = self.value(column.of, depth + 1)
        elif column.elsewhere:
            value = self._elsewhere(column.elsewhere, depth)
        else:
            value = self.cells.get(name)
        return _in_words(_matched(value, column), column)

    def _elsewhere(self, place: Elsewhere, depth: int) -> Value | str | None:
        index = row_index([self.value(name, depth + 1) for name in place.index])
        return None if index is None else self.lookup(place, index)


def row_index(values: list[Value | str | None]) -> Index | None:
    """The index of the row that values of another row point at: numbers, and OIDs of which each number counts."""
    index: list[int] = []
    for value in values:
        if isinstance(value, tuple):
            index.extend(value)
        elif isinstance(value, int):
            index.append(value)
        else:
            said = device_text(value)
            if not re.fullmatch(r"\d{1,10}(\.\d{1,10})*", said):
                return None
            index.extend(int(number) for number in said.split("."))
    return tuple(index) if all(0 <= number <= 0xFFFFFFFF for number in index) else None


def _matched(value: Value | str | None, column: Column) -> Value | str | None:
    if column.match is None or value is None:
        return value
    found = column.match.search(device_text(value))
    return (found[1] if found.re.groups else found[0]) if found else None


def _in_words(value: Value | str | None, column: Column) -> Value | str | None:
    if column.words is None:
        return value
    if value is None:
        return None
    said = dotted(value) if isinstance(value, tuple) else device_text(value)
    return column.words.get(said.casefold(), column.otherwise)

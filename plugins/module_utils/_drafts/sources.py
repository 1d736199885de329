# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a table or a group of scalars to what a draft reads of it: which column is the serial, what the others are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .._snmp.agent import Index
from .._snmp.transport import Oid, dotted
from .columns import LIKELY, POSSIBLE, SURE, Column, Guess, guesses
from .device import Device
from .names import categories_of, is_qualified

#: Two columns whose weights differ by less look like serials equally.
_TIE = 0.1
#: Commented-out columns of a source.
_MOST_DOUBTS = 12


@dataclass(frozen=True)
class Choice:
    """A column, or a scalar, as a value of the draft."""

    name: str  #: of the value: serial, model, model_2
    column: Column
    guess: Guess
    active: bool  #: False: commented out

    @property
    def written(self) -> str:
        """The column, or the OID of the scalar, as it is written in a table or below oids."""
        if self.guess.role == "category" and self.column.labels:
            words = ", ".join(f"{number}: {word}" for number, word in categories_of(self.column.labels).items())
            return f"{{id: {self.column.oid[-1]}, map: {{{words}}}, else: module}}"
        return str(self.column.oid[-1])


@dataclass(frozen=True)
class Source:
    """A table, or a group of scalars (entry is empty), as it is in the draft."""

    name: str
    choices: Sequence[Choice]  #: the first is the serial
    entry: Oid = ()
    indexes: Sequence[Index] = ()  #: of all rows
    doubts: Sequence[str] = ()  #: why it is commented out; empty: it is read
    index_names: Sequence[str] = ()  #: what a MIB calls the numbers of an index

    @property
    def active(self) -> bool:
        return not self.doubts

    @property
    def weight(self) -> float:
        """How certain it is that there are serials."""
        return self.choices[0].guess.weight

    @property
    def serials(self) -> frozenset[str]:
        return self.choices[0].column.serials

    def choice(self, role: str) -> Choice | None:
        """The value that is read as this, or None."""
        return next((one for one in self.choices if one.name == role and one.active), None)

    def doubted(self, reason: str) -> Source:
        """The same, commented out."""
        return replace(self, doubts=(*self.doubts, reason))


def sources_of(
    name: str,
    columns: Sequence[Column],
    device: Device,
    entry: Oid = (),
    indexes: Sequence[Index] = (),
    least: float = POSSIBLE,
) -> list[Source]:
    """What a draft reads of these columns: nothing where none of them can be a serial; one source, or several where
    the serials of several parts are in a row. least: see guesses()."""
    found = {column.oid: guesses(column, device, least) for column in columns}
    # Of two that a MIB calls so, the shorter name first: cardSerialNumber, then cardChassisSerialNumber.
    candidates = sorted(_of_role("serial", columns, found), key=lambda pair: (-pair[1].weight, len(pair[0].name)))
    if not candidates:
        return []
    (column, guess), rivals = candidates[0], candidates[1:]
    rivals = [pair for pair in rivals if pair[1].weight >= LIKELY and not pair[0].serials <= column.serials]
    rivals = [pair for pair in rivals if not is_qualified(pair[0].name, column.name)]
    alike = [pair for pair in rivals if pair[0].outline == column.outline]
    equal = [other for other, its in rivals if (other, its) not in alike and its.weight > guess.weight - _TIE]
    doubts = []
    if guess.weight < LIKELY:
        doubts.append("it may be a serial number, and may be something else")
    if equal:
        others = ", ".join(_label(other, entry) for other in equal)
        doubts.append(f"{_label(column, entry)} and {others} look like serial numbers equally: keep the right one")
    serials = [column, *(other for other, _guess in alike)]
    rest = _others(serials, columns, found)
    first = Source(name, [Choice("serial", column, guess, True), *rest], entry, indexes, doubts)
    more = [
        Source(f"{name}_{number}", [Choice("serial", other, its, True)], entry, indexes, doubts)
        for number, (other, its) in enumerate(alike, 2)
    ]
    return [first, *more]


def _label(column: Column, entry: Oid) -> str:
    """What a column is called in a reason: its MIB name, or its number."""
    return column.name or (f"column {column.oid[-1]}" if entry else dotted(column.oid))


def _of_role(
    role: str, columns: Sequence[Column], found: Mapping[Oid, Sequence[Guess]]
) -> Iterator[tuple[Column, Guess]]:
    for column in columns:
        for guess in found[column.oid]:
            if guess.role == role:
                yield column, guess


def _others(serials: Sequence[Column], columns: Sequence[Column], found: Mapping[Oid, Sequence[Guess]]) -> list[Choice]:
    """The values beside the serial: of each role the most certain column, of each column the most certain role."""
    pairs = [(guess, column) for column in columns if column not in serials for guess in found[column.oid]]
    roles: set[str] = set()
    taken: set[Oid] = set()
    choices: list[Choice] = []
    for guess, column in sorted(pairs, key=lambda pair: (-pair[0].weight, pair[1].oid)):
        if column.oid in taken:
            continue
        taken.add(column.oid)
        active = guess.weight >= SURE and guess.role not in (*roles, "serial")
        roles.update([guess.role] if active else [])
        choices.append(Choice(guess.role, column, guess, active))
    read = sorted((one for one in choices if one.active), key=lambda one: one.column.oid)
    return [*read, *_numbered([one for one in choices if not one.active][:_MOST_DOUBTS], {"serial", *roles})]


def _numbered(choices: Sequence[Choice], used: Collection[str]) -> list[Choice]:
    """Commented-out values with names of their own: two of one name are an error once the # is removed."""
    counts = dict.fromkeys(used, 1)
    found = []
    for one in choices:
        counts[one.name] = counts.get(one.name, 0) + 1
        found.append(replace(one, name=one.name if counts[one.name] == 1 else f"{one.name}_{counts[one.name]}"))
    return found

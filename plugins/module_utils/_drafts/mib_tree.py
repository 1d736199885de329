# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of many modules by OID."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .._devices.profile import ANY
from .._devices.profile_branches import before, is_below
from .._snmp.enterprises import ENTERPRISES
from .._snmp.transport import Oid
from .mib_reader import Definition, Module

#: Where a name is in no module, or its module is not in the folders.
ROOTS: Mapping[str, Oid] = {
    **{"iso": (1,), "ccitt": (0,), "joint-iso-ccitt": (2,), "org": (1, 3), "dod": (1, 3, 6), "internet": (1, 3, 6, 1)},
    **{"directory": (1, 3, 6, 1, 1), "mgmt": (1, 3, 6, 1, 2), "mib-2": (1, 3, 6, 1, 2, 1), "mib2": (1, 3, 6, 1, 2, 1)},
    **{"experimental": (1, 3, 6, 1, 3), "private": (1, 3, 6, 1, 4), "enterprises": ENTERPRISES},
    **{"snmpV2": (1, 3, 6, 1, 6), "snmpModules": (1, 3, 6, 1, 6, 3), "system": (1, 3, 6, 1, 2, 1, 1)},
    **{"interfaces": (1, 3, 6, 1, 2, 1, 2), "transmission": (1, 3, 6, 1, 2, 1, 10), "rmon": (1, 3, 6, 1, 2, 1, 16)},
}
#: A name that revisions and namesakes put in more places is one of none.
_MOST_PLACES = 12
#: Types whose value is one sub-identifier of an index.
_NUMBERS = frozenset({"INTEGER", "Integer32", "Unsigned32", "Gauge", "Gauge32", "Counter", "Counter32", "TimeTicks"})


@dataclass(frozen=True)
class MibObject:
    """A definition at an OID."""

    oid: Oid
    module: str
    definition: Definition

    @property
    def name(self) -> str:
        return f"{self.module}::{self.definition.name}"


@dataclass
class MibTree:
    """All objects of some modules."""

    modules: Mapping[str, Module]
    _places: dict[tuple[str, str], frozenset[Oid]] = field(default_factory=dict)

    @cached_property
    def objects(self) -> Mapping[Oid, list[MibObject]]:
        """All definitions by OID; several modules may define one."""
        found: dict[Oid, list[MibObject]] = {}
        for module in self.modules.values():
            for definitions in module.definitions.values():
                for definition in definitions:
                    for oid in self._of(module, definition, frozenset()):
                        found.setdefault(oid, []).append(MibObject(oid, module.name, definition))
        return found

    @cached_property
    def _in_order(self) -> list[Oid]:
        return sorted(self.objects)

    def at(self, oid: Oid) -> list[MibObject]:
        """The definitions at an OID, in which ANY may stand for numbers."""
        if ANY not in oid:
            return self.objects.get(oid, [])
        start = before(oid)
        first, end = bisect_left(self._in_order, start), bisect_left(self._in_order, (*start[:-1], start[-1] + 1))
        return [found for other in self._in_order[first:end] if matches(oid, other) for found in self.objects[other]]

    def entry_at(self, oid: Oid) -> MibObject | None:
        """The entry at an OID, with its INDEX."""
        return next((found for found in self.objects.get(oid, []) if found.definition.indexes), None)

    def entry_of(self, oid: Oid) -> MibObject | None:
        """The entry right above a column, with its INDEX."""
        return self.entry_at(oid[:-1])

    def labels(self, found: MibObject) -> Mapping[int, str]:
        """The numbers of an enumeration with their names; empty for what is none."""
        definition = found.definition
        return dict(definition.labels or self._type(found.module, definition.syntax)[1])

    def base_syntax(self, found: MibObject) -> str:
        """The type without textual conventions: "OCTET STRING", "INTEGER", ...; the outermost name where unknown."""
        return self._type(found.module, found.definition.syntax)[0]

    def index_length(self, entry: MibObject) -> int | None:
        """How many sub-identifiers a row's index has; None where it varies, or is not known."""
        definition = entry.definition
        if definition.augments:
            others = [self._named(entry.module, name) for name in definition.indexes]
            return self.index_length(others[0]) if others and others[0] else None
        parts = [self._named(entry.module, name) for name in definition.indexes]
        if not all(part and self.base_syntax(part) in _NUMBERS for part in parts):
            return None
        return len(parts)

    def _named(self, module: str, name: str) -> MibObject | None:
        """The object that a module means by a name."""
        for home in self._homes(self.modules[module], name):
            for definition in home.definitions.get(name, []):
                return MibObject((), home.name, definition)
        return None

    def _type(self, module: str, name: str) -> tuple[str, tuple[tuple[int, str], ...]]:
        for _depth in range(8):
            for home in self._homes(self.modules[module], name):
                if name in home.types:
                    known = home.types[name]
                    if known[1] or known[0] == name:
                        return known
                    module, name = home.name, known[0]
                    break
            else:
                return name, ()
        return name, ()

    def _homes(self, module: Module, name: str) -> Iterator[Module]:
        """Modules in which a name may be defined: its own, those it is imported from, then all others."""
        yield module
        imported = sorted(module.imports.get(name, ()))
        yield from (self.modules[other] for other in imported if other in self.modules)
        yield from (self.modules[other] for other in self._definers.get(name, ()) if other not in imported)

    @cached_property
    def _definers(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for module in self.modules.values():
            for name in {*module.definitions, *module.types}:
                found.setdefault(name, []).append(module.name)
        return found

    def _of(self, module: Module, definition: Definition, outer: frozenset[tuple[str, str]]) -> frozenset[Oid]:
        """The OIDs of a definition; none where its parent is not known."""
        if not definition.path:
            return frozenset()
        first, *numbers = definition.path
        if not all(isinstance(number, int) for number in numbers):
            return frozenset()
        below = tuple(int(number) for number in numbers)
        above = frozenset({(first,)}) if isinstance(first, int) else self._oids(module, first, outer)
        return frozenset((*oid, *below) for oid in above)

    def _oids(self, module: Module, name: str, outer: frozenset[tuple[str, str]]) -> frozenset[Oid]:
        """The OIDs that a name has in a module."""
        # A vendor's "system" is its own.
        if name in ROOTS and name not in module.definitions:
            return frozenset({ROOTS[name]})
        key = (module.name, name)
        if key in outer:
            return frozenset()
        if key not in self._places:
            self._places[key] = self._look_up(module, name, outer | {key})
        return self._places[key]

    def _look_up(self, module: Module, name: str, outer: frozenset[tuple[str, str]]) -> frozenset[Oid]:
        for home in self._homes(module, name):
            made = [self._of(home, definition, outer) for definition in home.definitions.get(name, [])]
            found = frozenset(oid for oids in made for oid in oids)
            if found:
                return found if len(found) <= _MOST_PLACES else frozenset()
        return frozenset()


def matches(pattern: Oid, oid: Oid) -> bool:
    """Whether an OID is this one, in which ANY may stand for numbers."""
    return len(pattern) == len(oid) and is_below(oid, pattern)

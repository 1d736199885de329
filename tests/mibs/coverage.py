# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial numbers of MIBs held against profiles: read, excluded with a reason, or missing; and totals of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import ANY
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_tree import matches
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid
from ansible_collections.invmon.network.tests.mibs.serial_objects import SerialObject, spaced

EXCLUSIONS = Path(__file__).resolve().parent / "exclusions.yml"
#: Objects that no GET returns.
_NOT_READABLE = ("not-accessible", "accessible-for-notify", "write-only")


@dataclass(frozen=True)
class Exclusion:
    """Objects that are not read, and why: all that is given must hold."""

    reason: str
    words: frozenset[str] = frozenset()  #: one of them is a word of the object's name, in small letters
    name: re.Pattern[str] | None = None  #: is found in MODULE::object
    description: re.Pattern[str] | None = None  #: is found in the DESCRIPTION
    below: tuple[Oid, ...] = ()  #: the object is one of these OIDs, or lies below

    def holds(self, found: SerialObject) -> bool:
        return (
            (not self.words or not self.words.isdisjoint(words_of(found.names)))
            and (not self.name or any(self.name.search(name) for name in found.names))
            and (not self.description or bool(self.description.search(found.description)))
            and (not self.below or any(found.oid[: len(oid)] == oid for oid in self.below))
        )


@dataclass(frozen=True)
class Finding:
    """One serial number, and who reads it or why nothing does."""

    found: SerialObject
    read_by: tuple[str, ...] = ()
    excluded: str = ""

    @property
    def state(self) -> str:
        return "read" if self.read_by else "excluded" if self.excluded else "missing"


@dataclass
class Count:
    """Findings of an enterprise or a kind."""

    read: int = 0
    excluded: int = 0
    missing: int = 0

    def add(self, state: str) -> None:
        setattr(self, state, getattr(self, state) + 1)

    @classmethod
    def total(cls, counts: Iterable[Count]) -> Count:
        every = list(counts)
        return cls(*(sum(getattr(count, key) for count in every) for key in ("read", "excluded", "missing")))

    @property
    def wanted(self) -> int:
        return self.read + self.missing

    @property
    def percent(self) -> int:
        """Of what is not excluded, rounded down: 100 is all."""
        return 100 * self.read // self.wanted if self.wanted else 100


def load_exclusions(path: Path = EXCLUSIONS) -> list[Exclusion]:
    """Raises ValueError for an entry without a reason, or one that would exclude everything."""
    return [_exclusion(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]


def _exclusion(entry: Mapping[str, Any]) -> Exclusion:
    unknown = entry.keys() - {"reason", "words", "name", "description", "below"}
    if unknown or not entry.get("reason") or len(entry) < 2:
        raise ValueError(f"{EXCLUSIONS.name}: {dict(entry)} needs a reason, and words, name, description or below")
    patterns = {
        key: re.compile(entry[key], re.I if key == "description" else 0)
        for key in ("name", "description")
        if key in entry
    }
    below = tuple(tuple(int(number) for number in oid.split(".")) for oid in entry.get("below", ()))
    return Exclusion(
        entry["reason"], frozenset(entry.get("words", ())), patterns.get("name"), patterns.get("description"), below
    )


def words_of(names: Iterable[str]) -> set[str]:
    """The words of the names of objects, in small letters: trapSerialNum -> trap, serial, num."""
    return {word.casefold() for name in names for word in spaced(name.partition("::")[2]).split()}


def findings(
    objects: Iterable[SerialObject], readers: Mapping[Oid, list[str]], exclusions: Iterable[Exclusion]
) -> list[Finding]:
    """What is read counts as read, whatever an exclusion covers."""
    exclusions = list(exclusions)
    patterns = {oid: names for oid, names in readers.items() if ANY in oid}
    return [_finding(found, _readers(found.oid, readers, patterns), exclusions) for found in objects]


def _readers(oid: Oid, readers: Mapping[Oid, list[str]], patterns: Mapping[Oid, list[str]]) -> list[str]:
    """Who reads an OID: by its number, or by a pattern."""
    return readers.get(oid) or next((names for other, names in patterns.items() if matches(other, oid)), [])


def _finding(found: SerialObject, readers: list[str], exclusions: list[Exclusion]) -> Finding:
    if readers:
        return Finding(found, tuple(readers))
    if all(one.definition.access in _NOT_READABLE for one in found.objects):
        return Finding(found, excluded="no request returns it: by its MAX-ACCESS it is an index, or part of a trap")
    return Finding(found, excluded=next((rule.reason for rule in exclusions if rule.holds(found)), ""))


def counted(findings: Iterable[Finding], key: Callable[[Finding], Any]) -> dict[Any, Count]:
    """Totals by enterprise, kind or whatever the key is, sorted by it."""
    counts: dict[Any, Count] = {}
    for finding in findings:
        counts.setdefault(key(finding), Count()).add(finding.state)
    return dict(sorted(counts.items()))

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which host of a scan is which of those that are known: by serial number, engine id and MAC, then by address.

A source that was off in a scan shows one router as eight hosts; they are the router all the same. A host that moved to
another address is the same one; whoever is at its old address is not. In a DHCP network an address says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .lives import ENGINE, SERIAL, STRONG, Key, Life, Place, Sight


@dataclass
class Match:
    """Lives and sights of one host. Without lives: a host that was not known."""

    lives: list[int] = field(default_factory=list)
    sights: list[int] = field(default_factory=list)


def matches(lives: Sequence[Life], sights: Sequence[Sight]) -> list[Match]:
    """Each sight is in one match, each life in one at most."""
    return _Matching(lives, sights).matches()


class _Matching:
    def __init__(self, lives: Sequence[Life], sights: Sequence[Sight]) -> None:
        self._lives, self._sights = lives, sights
        self._life_of: dict[int, int] = {}  #: sight -> life
        self._strong: dict[int, int] = {}  #: life -> the sight that has its serial number, engine id or MAC
        self._absorbed: dict[int, int] = {}  #: life -> the life that it is a part of
        self._owner: dict[Place, int] = {
            place: number for number, life in enumerate(lives) if not life.dhcp for place in life.places
        }

    def matches(self) -> list[Match]:
        for kind in STRONG:
            self._by_key(kind)
        for sight in range(len(self._sights)):
            if sight in self._life_of:
                self._join_others(sight)
        self._by_address()
        found: dict[int, Match] = {}
        alone = []
        for number in range(len(self._sights)):
            life = self._life_of.get(number)
            if life is None:
                alone.append(Match(sights=[number]))
                continue
            match = found.setdefault(life, Match(lives=[life]))
            match.sights.append(number)
        for life, into in self._absorbed.items():
            if into in found:
                found[into].lives.append(life)
        return [*found.values(), *alone]

    def _by_key(self, kind: str) -> None:
        """A key that two hosts of one scan have identifies neither."""
        left = [number for number in range(len(self._sights)) if number not in self._life_of]
        sights = _unique({number: self._sights[number].keys for number in left}, kind)
        lives = _unique({n: life.keys for n, life in enumerate(self._lives) if n not in self._strong}, kind)
        for key in sorted(sights.keys() & lives.keys()):
            sight, life = sights[key], lives[key]
            if sight not in self._life_of and life not in self._strong and self._same(sight, life, kind):
                self._life_of[sight] = life
                self._strong[life] = sight

    def _same(self, sight: int, life: int, kind: str) -> bool:
        """A weaker key is no match where a stronger one contradicts it."""
        stronger = STRONG[: STRONG.index(kind)]
        return not any(self._contradicts(sight, life, one) for one in stronger)

    def _contradicts(self, sight: int, life: int, kind: str) -> bool:
        here = {value for what, value in self._sights[sight].keys if what == kind}
        there = self._lives[life].values(kind)
        return bool(here and there and not here & there)

    def _join_others(self, sight: int) -> None:
        """Lives of addresses that the scan joined into this host, which keeps one of its own addresses."""
        seen, into = self._sights[sight], self._life_of[sight]
        if seen.dhcp or not self._lives[into].places & set(seen.places):
            return
        for other in {self._owner[place] for place in seen.places if place in self._owner} - {into}:
            if other not in self._strong and other not in self._absorbed and self._compatible(sight, other):
                self._absorbed[other] = into

    def _by_address(self) -> None:
        wanted: dict[int, list[int]] = defaultdict(list)
        for number, sight in enumerate(self._sights):
            if number in self._life_of or sight.dhcp:
                continue
            owners = dict.fromkeys(self._owner[place] for place in sight.places if place in self._owner)
            free = [one for one in owners if self._may_have(number, one)]
            if free:
                wanted[free[0]].append(number)
                for other in free[1:]:
                    # The scan joined what were several hosts before.
                    if other not in self._strong and other not in self._absorbed and other not in wanted:
                        self._absorbed[other] = free[0]
        self._settle(wanted)

    def _may_have(self, sight: int, life: int) -> bool:
        if life in self._absorbed:
            return False
        if life not in self._strong:
            return True
        # It was recognised elsewhere. Whoever is at its old address is another host, unless it had several addresses.
        return len(self._lives[life].places) > 1 and self._compatible(sight, life)

    def _settle(self, wanted: Mapping[int, Sequence[int]]) -> None:
        for life, sights in wanted.items():
            fitting = [one for one in sights if self._compatible(one, life)]
            # One host with another serial number is the one that took its place; of several none is said to be it.
            for sight in fitting or (sights[:1] if life not in self._strong else ()):
                self._life_of[sight] = life

    def _compatible(self, sight: int, life: int) -> bool:
        """Whether nothing contradicts that they are one host."""
        if any(self._contradicts(sight, life, kind) for kind in (SERIAL, ENGINE)):
            return False
        seen, known = self._sights[sight], self._lives[life]
        before = known.mac_at.get((seen.scope, seen.host.ip))
        return not (before and seen.mac and before != seen.mac)


def _unique(keys: Mapping[int, Iterable[Key]], kind: str) -> dict[Key, int]:
    """Key of this kind -> who has it, if it is one."""
    found: dict[Key, set[int]] = defaultdict(set)
    for number, some in keys.items():
        for key in some:
            if key[0] == kind:
                found[key].add(number)
    return {key: next(iter(some)) for key, some in found.items() if len(some) == 1}

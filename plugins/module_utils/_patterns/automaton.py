# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a regular expression to its automaton (V. Glushkov): one state for each character that it names, one edge for
each way from one to the next. Ways of matching one text stay apart.

What is left out makes the ways too many, never too few: word boundaries and `$` hold wherever that leads to more of
them, a backreference takes any text, a repetition of more than EXPANDED times is one without end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from .characters import ALL, ANYTHING, characters

#: Repetitions with a smaller bound are written out.
EXPANDED = 8
#: The largest automaton that is looked at: its states, and the steps that building it and looking at it may take.
MOST_STATES = 400
MOST_STEPS = 200_000

#: (state, set of characters that may come next) -> ways
Ends = Counter[tuple[int, int]]


class TooLarge(Exception):
    """The automaton would have more than MOST_STATES, or take more than MOST_STEPS."""


@dataclass
class Automaton:
    """States with the characters that lead into them, and edges."""

    sets: list[int] = field(default_factory=list)
    ways: Counter[tuple[int, int, int]] = field(default_factory=Counter)  #: (from, to, characters) -> ways
    ends: set[int] = field(default_factory=set)  #: states in which all is done, whatever follows
    steps: int = 0

    def state(self, entered_by: int) -> int:
        if len(self.sets) >= MOST_STATES:
            raise TooLarge
        self.sets.append(entered_by)
        return len(self.sets) - 1

    def count(self, steps: int) -> None:
        """Raises TooLarge when these are too many."""
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooLarge

    def join(self, last: Ends, first: Ends) -> None:
        """Edges from each of these states to each of those."""
        self.count(len(last) * len(first))
        for ((one, behind), ways), ((other, before), more) in product(last.items(), first.items()):
            if common := behind & before & self.sets[other]:
                self.ways[one, other, common] += ways * more


@dataclass
class _Piece:
    """The automaton of a part of an expression."""

    empty: Counter[int] = field(default_factory=Counter)  #: what may come behind it where it matches nothing -> ways
    first: Ends = field(default_factory=Counter)  #: states that it begins with
    last: Ends = field(default_factory=Counter)  #: states that it ends with

    def ends(self) -> set[int]:
        """The states in which it has matched, whatever follows."""
        return {state for state, behind in self.last if behind == ANYTHING}


def automaton_of(pattern: re.Pattern[Any], method: str) -> Automaton:
    """The automaton of an expression, used by a method of re.Pattern: "search", "match", "fullmatch" or another.

    What is tried from a state in which all is done is tried once: nothing that was before multiplies it. So no edge
    leaves these. Raises TooLarge, RecursionError.
    """
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    made = Automaton()
    piece = _Builder(made, isinstance(pattern.pattern, bytes)).sequence(tree, pattern.flags)
    if method in ("search", "match"):
        made.ends.update(piece.ends())
    if method not in ("match", "fullmatch") and not _is_anchored(tree, pattern.flags):
        # Anything, then the character before the first one.
        anywhere, before = made.state(ALL), made.state(_before(tree, pattern))
        here, there = Counter({(anywhere, ANYTHING): 1}), Counter({(before, ANYTHING): 1})
        made.join(here, here + there)
        made.join(there, piece.first)
    made.ways = Counter({way: ways for way, ways in made.ways.items() if way[0] not in made.ends})
    return made


def _is_anchored(tree: Any, flags: int) -> bool:
    """It matches at the beginning of the text or nowhere."""
    for operator, argument in tree:
        if operator is sre.AT:
            return argument is sre.AT_BEGINNING_STRING or (argument is sre.AT_BEGINNING and not flags & re.MULTILINE)
        if operator is sre.BRANCH:
            return all(_is_anchored(branch, flags) for branch in argument[1])
        if operator is sre.SUBPATTERN:
            return _is_anchored(argument[3], flags | argument[1])
        if operator not in (sre.ASSERT, sre.ASSERT_NOT):
            return False
    return False


def _before(tree: Any, pattern: re.Pattern[Any]) -> int:
    """What may precede the expression: everything but what it begins with in (?<!...)."""
    first: Any = tree[0] if len(tree) else (None, None)
    operator, argument = first
    if operator is not sre.ASSERT_NOT or argument[0] > 0:
        return ALL
    unwanted = _single(argument[1], pattern.flags, isinstance(pattern.pattern, bytes))
    return ALL if unwanted is None else ALL & ~unwanted


def _single(tree: Any, flags: int, octets: bool) -> int | None:
    """The set of characters that an expression of one character matches; None for another expression."""
    operator, argument = tree[0] if len(tree) == 1 else (None, None)
    return characters(operator, argument, flags, octets)


def _nothing(following: int = ANYTHING) -> _Piece:
    """Matches the empty text, if one of these characters follows."""
    return _Piece(empty=Counter({following: 1}))


class _Builder:
    """Makes pieces, whose states and edges are those of one automaton."""

    def __init__(self, automaton: Automaton, octets: bool) -> None:
        self._automaton = automaton
        self._octets = octets

    def sequence(self, tree: Any, flags: int) -> _Piece:
        self._automaton.count(1)
        piece = _nothing()
        for operator, argument in tree:
            piece = self._behind(piece, self._piece(operator, argument, flags))
        return piece

    def _piece(self, operator: Any, argument: Any, flags: int) -> _Piece:
        single = characters(operator, argument, flags, self._octets)
        if single is not None:
            return self._one(single)
        build: dict[Any, Callable[[Any, int], _Piece]] = {
            sre.BRANCH: lambda av, f: self._either(self.sequence(branch, f) for branch in av[1]),
            sre.SUBPATTERN: lambda av, f: self.sequence(av[3], (f | av[1]) & ~av[2]),
            sre.ATOMIC_GROUP: self.sequence,
            sre.MAX_REPEAT: self._repeat,
            sre.MIN_REPEAT: self._repeat,
            sre.POSSESSIVE_REPEAT: self._possessive,
            sre.ASSERT: partial(self._assertion, holds=True),
            sre.ASSERT_NOT: partial(self._assertion, holds=False),
            sre.GROUPREF: lambda _av, _f: self._loop(self._one(ALL), least=0),
            sre.GROUPREF_EXISTS: lambda av, f: self._either(self.sequence(part or [], f) for part in av[1:]),
            sre.AT: lambda _av, _f: _nothing(ALL),
            sre.FAILURE: lambda _av, _f: _Piece(),
        }
        return build[operator](argument, flags)

    def _one(self, single: int) -> _Piece:
        state = self._automaton.state(single)
        return _Piece(first=Counter({(state, ANYTHING): 1}), last=Counter({(state, ANYTHING): 1}))

    def _behind(self, one: _Piece, other: _Piece) -> _Piece:
        self._automaton.join(one.last, other.first)
        made = _Piece(first=Counter(one.first), last=Counter(other.last))
        for (nothing, ways), ((state, before), more) in product(one.empty.items(), other.first.items()):
            made.first[state, before & nothing] += ways * more
        for (nothing, ways), ((state, behind), more) in product(other.empty.items(), one.last.items()):
            made.last[state, behind & nothing] += ways * more
        for (nothing, ways), (behind, more) in product(one.empty.items(), other.empty.items()):
            made.empty[nothing & behind] += ways * more
        return made

    def _either(self, pieces: Iterable[_Piece]) -> _Piece:
        made = _Piece()
        for piece in pieces:
            made.first.update(piece.first)
            made.last.update(piece.last)
            made.empty.update(piece.empty)
        return made

    def _repeat(self, argument: Any, flags: int) -> _Piece:
        least, most, tree = argument
        if most > EXPANDED:
            return self._loop(self.sequence(tree, flags), least)
        piece = _nothing()
        for _time in range(most - least):
            piece = self._either([_nothing(), self._behind(self.sequence(tree, flags), piece)])
        for _time in range(least):
            piece = self._behind(self.sequence(tree, flags), piece)
        return piece

    def _loop(self, body: _Piece, least: int) -> _Piece:
        self._automaton.join(body.last, body.first)
        if body.empty and least > 1:
            # Each of so many times may take something or nothing.
            self._automaton.join(body.last, body.first)
        return _Piece(Counter({ANYTHING: 1}) if least == 0 or body.empty else Counter(), body.first, body.last)

    def _possessive(self, argument: Any, flags: int) -> _Piece:
        """Of one character, without bound: it ends where another character follows, and nowhere else."""
        least, most, tree = argument
        piece = self._repeat(argument, flags)
        single = _single(tree, flags, self._octets)
        if single is None or most is not sre.MAXREPEAT or least > 1:
            return piece
        return self._behind(piece, _nothing(ANYTHING & ~single))

    def _assertion(self, argument: Any, flags: int, holds: bool) -> _Piece:
        """A look-around: a path that ends there, in addition to the one that continues."""
        direction, tree = argument
        if direction < 0:
            return _nothing(ALL)  # of a fixed length
        single = _single(tree, flags, self._octets)
        if single is not None:
            return _nothing(single if holds else ALL & ~single)
        body = self.sequence(tree, flags)
        self._automaton.ends.update(body.ends())
        return _Piece(empty=Counter({ALL: 1}), first=body.first)

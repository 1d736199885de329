# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a regular expression can take: Python's engine tries one way after the other to match, and a text that a
stranger writes can make the ways many.

The steps of a search are at most the paths through the expression's automaton that read a beginning of the text. Where
two paths lead from a state back to it with the same text, they double with each repetition: exponential. Where a text
can be shared out in more than one way between repetitions that follow each other, they grow with a power of its length
(A. Weber and H. Seidl, "On the degree of ambiguity of finite automata", 1991).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

try:
    from .automaton import MOST_STATES, Automaton, TooLarge, automaton_of
    from .characters import ALL
except ImportError:
    # A Python without the private modules re._parser and re._constants, which are the same from 3.11 to 3.14.
    automaton_of = None  # type: ignore[assignment]

#: A text of n characters may cost a search so many times n to this power; 1: in proportion to its length.
MOST_POWER = 2

_Node = TypeVar("_Node")
_Edges = Mapping[int, list[tuple[int, int]]]


@lru_cache(maxsize=512)
def why_costly(pattern: re.Pattern[Any], method: str = "search") -> str | None:
    """Why this expression may take too long on a text made for that, in a sentence; None if it cannot.

    "Too long" is more than the text's length to the power MOST_POWER. It is the caller's part to limit that length.

    :param method: how it is used: search, match, fullmatch, or another method of re.Pattern.
    """
    if automaton_of is None:
        return None
    try:
        power = _power(automaton_of(pattern, method))
    except (TooLarge, RecursionError):
        return f"it is too large to check: the limit is {MOST_STATES} characters with repetitions expanded"
    if power is None:
        return (
            "some texts take exponential time: a repetition within a repetition, or alternatives within one, can "
            "match the same text in several ways"
        )
    if power > MOST_POWER:
        return (
            f"some texts of n characters take n^{power} steps: repetitions that follow each other can match the same"
            " text; begin with ^, make them differ in what they match, or make the first one possessive, such as \\s*+"
        )
    return None


def _power(automaton: Automaton) -> int | None:
    """The power of the text's length with which the steps grow; None: exponentially."""
    walks = _Walks(automaton)
    if any(walks.doubles(loop) for loop in walks.loops):
        return None
    most: list[int] = []
    for number, loop in enumerate(walks.loops):  # in the order in which one leads to the other
        before = [earlier for earlier in range(number) if walks.leads(walks.loops[earlier], loop)]
        most.append(max((most[one] + walks.share(walks.loops[one], loop) for one in before), default=0))
    return 1 + max(most, default=0)


class _Walks:
    """The ways through an automaton."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        edges: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (one, other, common), ways in automaton.ways.items():
            edges[one] += [(other, common)] * min(ways, 2)
        self._edges: _Edges = dict(edges)
        targets = {one: {to for to, _common in found} for one, found in edges.items()}
        self._reached = {state: _reachable(targets, state) for state in range(len(automaton.sets))}
        parts = reversed(strongly_connected(targets))
        #: sets of states that lead to each other
        self.loops = [part for part in parts if any(state in self._reached[state] for state in part)]

    def leads(self, one: frozenset[int], other: frozenset[int]) -> bool:
        return any(self._reached[state] & other for state in one)

    def doubles(self, loop: frozenset[int]) -> bool:
        """Some text leads in two ways from a state of the loop back to it."""
        if any(self._twice(state, loop) for state in loop):
            return True
        pairs: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
        waiting: list[tuple[int, ...]] = [(state, state) for state in loop]
        while waiting:
            pair = waiting.pop()
            if pair not in pairs:
                pairs[pair] = set(self._together(pair, (loop, loop)))
                waiting.extend(pairs[pair])
        return any(len({a == b for a, b in part}) == 2 for part in strongly_connected(pairs))

    def _twice(self, state: int, loop: frozenset[int]) -> bool:
        """Two edges to one state of the loop have a character in common."""
        inside = [edge for edge in self._edges.get(state, ()) if edge[0] in loop]
        self._automaton.count(len(inside) ** 2)
        return any(one == other and a & b for (one, a), (other, b) in combinations(inside, 2))

    def share(self, one: frozenset[int], other: frozenset[int]) -> bool:
        """Some text keeps the first loop going, and the second as well, and leads from the first to the second."""
        return any(self._shares(p, q, one, other) for p in one for q in other)

    def _shares(self, p: int, q: int, one: frozenset[int], other: frozenset[int]) -> bool:
        between = other.union(state for state, reached in self._reached.items() if q in reached)
        within = (one, between, other)
        seen: set[tuple[int, ...]] = set()
        waiting: list[tuple[int, ...]] = [(p, p, q)]
        while waiting:
            for found in self._together(waiting.pop(), within):
                if found == (p, q, q):
                    return True
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return False

    def _together(self, states: tuple[int, ...], within: tuple[frozenset[int], ...]) -> Iterator[tuple[int, ...]]:
        """Where several walks can be after one and the same character, each within its states."""
        found: list[tuple[tuple[int, ...], int]] = [((), ALL)]
        for state, allowed in zip(states, within, strict=True):
            found = [
                ((*reached, to), both)
                for reached, common in found
                for to, others in self._edges.get(state, ())
                if to in allowed and (both := common & others)
            ]
            self._automaton.count(1 + len(found))
        return (reached for reached, _common in found)


def _reachable(targets: Mapping[int, Iterable[int]], state: int) -> frozenset[int]:
    """The states that a walk of one step or more leads to."""
    seen: set[int] = set()
    waiting = [state]
    while waiting:
        more = set(targets.get(waiting.pop(), ())) - seen
        seen |= more
        waiting.extend(more)
    return frozenset(seen)


def strongly_connected(edges: Mapping[_Node, Iterable[_Node]]) -> list[frozenset[_Node]]:
    """The strongly connected parts of a graph, each before those that lead to it (R. Tarjan), without recursion."""
    order: dict[_Node, int] = {}
    low: dict[_Node, int] = {}
    path: list[_Node] = []
    found: list[frozenset[_Node]] = []
    done: set[_Node] = set()
    for start in edges:
        work = [] if start in order else [(start, iter(edges[start]))]
        while work:
            node, rest = work[-1]
            if node not in order:
                order[node] = low[node] = len(order)
                path.append(node)
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    place = path.index(node)
                    found.append(frozenset(path[place:]))
                    done.update(path[place:])
                    del path[place:]
            elif other not in order:
                work.append((other, iter(edges.get(other, ()))))
            elif other not in done:
                low[node] = min(low[node], order[other])
    return found

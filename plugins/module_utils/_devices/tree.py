# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What contains what, as agents report it: with cycles, parents that do not exist, or no parents at all."""

from __future__ import annotations

from collections.abc import Mapping

#: No box is deeper; an agent whose rows each contain the next would make the work grow with their square.
DEEPEST = 64


class Tree:
    """Rows of one table by their containment. `parents` maps a row's key to its parent's, None for a root.

    A parent that is not a row itself (FEX, satellites), or the row itself, counts as none: such a row is a root.
    """

    def __init__(self, parents: Mapping[int, int | None]) -> None:
        self._parents = {
            key: parent if parent in parents and parent != key else None for key, parent in parents.items()
        }
        self._children: dict[int, list[int]] = {}
        for key in sorted(self._parents):
            parent = self._parents[key]
            if parent is not None:
                self._children.setdefault(parent, []).append(key)

    def parent(self, key: int) -> int | None:
        return self._parents.get(key)

    def children(self, key: int) -> list[int]:
        """The rows directly inside, by rising key."""
        return self._children.get(key, [])

    def ancestors(self, key: int) -> list[int]:
        """The rows that contain this one, the nearest first, DEEPEST at most; in a cycle each once."""
        found: list[int] = []
        seen = {key}
        parent = self._parents.get(key)
        while parent is not None and parent not in seen and len(found) < DEEPEST:
            seen.add(parent)
            found.append(parent)
            parent = self._parents.get(parent)
        return found

    def descendants(self, key: int) -> list[int]:
        """All rows inside this one, outer ones first; in a cycle each once."""
        found: list[int] = []
        seen = {key}
        waiting = list(self.children(key))
        while waiting:
            child = waiting.pop(0)
            if child not in seen:
                seen.add(child)
                found.append(child)
                waiting.extend(self.children(child))
        return found

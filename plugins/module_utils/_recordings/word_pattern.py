# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One regular expression for many words: hundreds of serials are looked for in ten thousands of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

#: matches nothing
NEVER = rb"(?!)"


def trie(words: Iterable[bytes]) -> bytes:
    """A group that matches any of the words, the longest one first; its time depends on the longest word alone.

    The letters of the words are taken as they are: for another case the words must be in lower case and the flag set.
    """
    sorted_words = sorted(set(words))
    return _below(sorted_words, 0) if sorted_words else NEVER


def _below(words: list[bytes], depth: int) -> bytes:
    """What follows after `depth` octets that all these words (sorted) have in common."""
    ends = len(words[0]) == depth
    branches = []
    for _octet, group in groupby(words[1:] if ends else words, key=lambda word: word[depth]):
        alike = list(group)
        common = _common(alike, depth)
        rest = _below(alike, common) if len(alike) > 1 else b""
        branches.append(re.escape(alike[0][depth:common] if len(alike) > 1 else alike[0][depth:]) + rest)
    return b"(?:" + b"|".join(branches) + (b")?" if ends else b")") if branches else b""


def _common(words: list[bytes], depth: int) -> int:
    """The length of what sorted words begin with, all of them; more than depth."""
    first, last = words[0], words[-1]
    length = depth
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return length

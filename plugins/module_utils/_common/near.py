# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The known word that is nearest to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: How alike two words must be (difflib's ratio). With 0.6, Python's default, "bogus" is near to three platforms.
ALIKE = 0.75
#: Characters of a word that are looked at.
LONGEST = 100


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """At most so many of the known words, those most like this one first; capitals do not count."""
    # Anybody may have written it, and what is compared is each part with each.
    word = word[:LONGEST]
    folded = {one.casefold(): one for one in sorted(known)}
    return [folded[one] for one in get_close_matches(word.casefold(), folded, n=most, cutoff=ALIKE)]


def did_you_mean(word: str, known: Iterable[str], most: int = 2) -> str:
    """A sentence with a blank before it, " Did you mean a or b?"; empty if no known word is like this one."""
    found = near(word, known, most)
    return f" Did you mean {' or '.join(found)}?" if found else ""

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The heads of our own profiles, read line by line: what every run needs of hundreds of files.

PyYAML takes 40 microseconds for a head, which is most of the time that 600 of them need; this takes 8. A head that is
written in another way than nearly all are is left to PyYAML (None), so that authors need not know of it. That both
give the same is tested for each profile.
"""

from __future__ import annotations

import re
from typing import Any

#: Where the head of a profile ends: what follows is only read of the platform that is chosen.
_BODY = re.compile(r"^(?:entity|scalars|tables|coverage)\s*:", re.M)

#: A word that is a string for YAML, too; see also _NO_STRINGS.
_WORD = r"(?:[1-9]\d*)?[a-z]\w*"
#: A line of a head: nothing but a comment; `match:`; a key of a rule; a key with a word; a key with a list of words. Or
#: the first line of what follows the head.
_LINE = re.compile(
    rf"""
    (?: (?P<match> match:)
    | [ ] [ ] (?P<first> -| [ ]) [ ] (?: (?P<oid> object_id|answers): [ ] (?P<number> \d+ (?: \.\d+ ){{3,}})
      | description: [ ] (?: '(?P<single> [^'\n]+ )' | "(?P<double> (?: [^"\\\n] | \\\\ )+ )" ) )
    | (?P<key> name|reader): [ ] (?P<word> {_WORD})
    | (?P<list> aliases|include): [ ] \[ (?P<words> {_WORD} (?: ,(?: [ ]|\n[ ]+ ) {_WORD} )* ) \]
    | (?P<body> entity|scalars|tables|coverage):.*
    )? (?: (?: ^|[ ] )[ ]* \#.* )? (?: \n|\Z )""",
    re.VERBOSE | re.ASCII | re.MULTILINE,
)
#: Words that YAML 1.1 makes something else of than a string.
_NO_STRINGS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})
#: Groups of _LINE that are a line of a rule.
_OF_A_RULE = frozenset({"number", "single", "double"})
_START = "---\n"


def head_of(text: str) -> str:
    """What comes before the tables of a profile."""
    return _BODY.split(text, maxsplit=1)[0]


def plain_head(text: str) -> dict[str, Any] | None:
    """What PyYAML makes of the head of a profile, where each line of it has a plain form; None where one has not."""
    data: dict[str, Any] = {}
    rules: list[dict[str, str]] | None = None  #: while the lines of `match` follow
    place = len(_START) if text.startswith(_START) else len(text)
    while place < len(text):
        found = _LINE.match(text, place)
        kind = found.lastgroup if found else ""
        if found is None or (kind in _OF_A_RULE and not _add(rules, found)):
            return None
        if kind == "body":
            break
        place = found.end()
        if kind == "match":
            rules = data["match"] = []
        elif kind in ("word", "words"):
            rules = None
            words = found[kind].replace(",", " ").split()
            if not _NO_STRINGS.isdisjoint(words):
                return None
            data[found["key"] or found["list"]] = words if kind == "words" else words[0]
    return data if data.get("match", True) else None


def _add(rules: list[dict[str, str]] | None, found: re.Match[str]) -> bool:
    """Add a line to the rules; False where it continues none."""
    if rules is None or not (rules or found["first"] == "-"):
        return False
    if found["first"] == "-":
        rules.append({})
    double = found["double"]
    value = found["number"] or found["single"] or double.replace("\\\\", "\\")
    rules[-1][found["oid"] or "description"] = value
    return True

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The serial numbers and names of one device as a pattern, to find them anywhere in texts and indexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .look_alikes import LookAlikes
from .text_forms import DIGITS, is_mixed
from .word_pattern import trie

#: Shorter serials are searched for as whole words only, and shorter numbers nowhere but where a serial is expected.
_LONG = 6
#: What is put between the octets of a dump in hexadecimal digits.
_BETWEEN = ("", " ", ":", "-")


@dataclass(frozen=True)
class KnownWords:
    """Serial numbers and names, and what they are replaced by."""

    pattern: re.Pattern[bytes]  #: finds them in a text
    serials: frozenset[bytes]  #: those that are searched for in indexes too
    dumps: Mapping[bytes, tuple[bytes, str]]  #: a dump in hexadecimal digits -> the serial, what is between the octets
    names: Mapping[bytes, bytes]  #: a name in lower case -> what replaces it

    def blanked(self, text: bytes) -> bytes:
        """The text with a blank in place of each of them."""
        return self.pattern.sub(b" ", text)

    def is_in(self, text: bytes) -> bool:
        return self.pattern.search(text) is not None

    def replacement(self, word: bytes, looks: LookAlikes) -> bytes:
        """What replaces a word that the pattern found, in its case."""
        lower = word.lower()
        if lower in self.dumps:
            serial, between = self.dumps[lower]
            other = looks.text(serial)
            dump = (other.hex(between) if between else other.hex()).encode()
            return dump.upper() if word.upper() == word else dump
        return self.names.get(lower) or looks.text(word)

    def replaced(self, text: bytes, looks: LookAlikes) -> bytes:
        """The text with each of them replaced."""
        return self.pattern.sub(lambda found: self.replacement(found[0], looks), text)

    def in_index(self, looks: LookAlikes) -> tuple[re.Pattern[bytes], Callable[[bytes], bytes]] | None:
        """A pattern for serials among the numbers of an index, and what replaces one; None where there are none."""
        if not self.serials:
            return None
        return re.compile(rb"(?i)" + trie(self.serials)), lambda word: self.replacement(word, looks)


def known_words(serials: Iterable[bytes], names: Mapping[bytes, bytes]) -> KnownWords:
    """names: in lower case, with what replaces each. A name that is a serial too is a serial."""
    serials = list(serials)
    dumps: dict[bytes, tuple[bytes, str]] = {}
    anywhere, numbers, words = set(), set(), {name for name in names if len(name) > 2 or is_mixed(name)}
    for serial in serials:
        lower = serial.lower()
        if len(serial) < _LONG:
            words |= {lower} if is_mixed(serial) else set()
            continue
        if serial.isdigit():
            numbers.add(lower)
        elif DIGITS.search(serial):
            anywhere.add(lower)
        else:
            words.add(lower)
        for between in _BETWEEN:
            dumps[(serial.hex(between) if between else serial.hex()).encode()] = serial, between
    anywhere |= dumps.keys()
    pattern = re.compile(
        rb"(?i)" + trie(anywhere)
        + rb"|(?<!\d)" + trie(numbers) + rb"(?!\d)"
        + rb"|(?<![0-9A-Za-z])" + trie(words) + rb"(?![0-9A-Za-z])"
    )  # fmt: skip
    taken = {serial.lower() for serial in serials}
    return KnownWords(
        pattern,
        frozenset(anywhere | numbers),
        dumps,
        {name: other for name, other in names.items() if name not in taken},
    )

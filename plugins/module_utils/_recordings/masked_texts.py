# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking, second stage, texts: what of a text stays, and what is put in place of the rest."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from .._parts.serials import judge
from .look_alikes import LookAlikes
from .masked_findings import Findings
from .text_forms import (
    DIGITS,
    EMAIL,
    IPV4,
    IPV6,
    MAC,
    WORD,
    as_good_as,
    is_vocabulary,
    rewritten,
)
from .vocabulary import VOCABULARY

Replace = Callable[[bytes], bytes]


class MaskedTexts:
    """The texts of one recording."""

    def __init__(self, found: Findings, looks: LookAlikes) -> None:
        self.replaced = {serial.lower() for serial in found.serials}  #: serials that have a look-alike, in lower case
        self._found = found
        self._looks = looks
        self._known: Replace = lambda word: found.known.replacement(word, looks)

    def serial(self, value: bytes) -> bytes:
        """A text of a serial's column: a serial in the form in which it was sent; or what is rejected likewise."""
        found = judge(value)
        serial = found.serial.encode()
        if serial and (found.reason is None or serial in self._found.accepted):
            if is_vocabulary(serial):
                return value
            other = self._looks.text(serial, as_good_as(serial))
            self.replaced.add(serial.lower())
            known = self._found.known
            changed = known.replaced(value, self._looks) if known.is_in(value) else rewritten(value, serial, other)
            return changed if changed != value else value.replace(serial, other)
        if found.reason == "MAC address":
            return MAC.sub(_of_match(self._mac), value)
        if found.reason in ("text", "not printable", "rule"):
            return self._rejected_likewise(value, found.reason)
        return value

    def _rejected_likewise(self, value: bytes, reason: str) -> bytes:
        look = self._looks.octets if reason == "not printable" else self._looks.text
        for attempt in range(20):
            other = look(value + b" " * attempt)[: len(value)]
            if judge(other).reason == reason:
                return other
        return value

    def vendor(self, value: bytes, revision: bool = False) -> bytes:
        """A text that stays, but for serials, names and addresses in it. A revision may look like an IP address."""
        value = self._found.known.replaced(value, self._looks)
        value = EMAIL.sub(b"someone@example.net", value)
        value = MAC.sub(_of_match(self._mac), value)
        if revision:
            return value
        return IPV6.sub(_of_match(self._ipv6), IPV4.sub(_of_match(self._ipv4), value))

    def free(self, value: bytes, strict: bool = True, words: bool = True) -> bytes:
        """A text of which only the vocabulary stays. Where it is not `strict`, numbers of a place stay as well.

        With words=False no word stays at all.
        """
        pieces = [(value, False)]  # (piece, whether it was replaced already)
        for pattern, replace in (
            (self._found.known.pattern, self._known),
            (EMAIL, self._looks.text),
            (MAC, self._mac),
            (IPV4, self._ipv4),
            (IPV6, self._ipv6),
        ):
            pieces = [part for piece, done in pieces for part in _split(piece, done, pattern, replace)]
        found = [word for piece, done in pieces if not done for word in WORD.findall(piece)]
        texts = [word for word in found if not word.isdigit()]
        plain = words and len(texts) + sum(done for _piece, done in pieces) == sum(map(self._stays, texts))
        digits = sum(len(word) for word in found if word.isdigit())
        longest_number = 4 if not strict and words else 3 if plain and digits <= 6 else 0

        def other(match: re.Match[bytes]) -> bytes:
            word = match[0]
            stays = len(word) <= longest_number if word.isdigit() else words and self._stays(word)
            return word if stays else self._looks.text(word)

        return b"".join(piece if done else WORD.sub(other, piece) for piece, done in pieces)

    def octets(self, value: bytes) -> bytes:
        """Octets that are not text: other octets, except that serials and names in them get their look-alikes."""
        pieces = _split(value, False, self._found.known.pattern, self._known)
        return b"".join(piece if done else self._looks.octets(piece) for piece, done in pieces)

    def is_plain(self, text: bytes) -> bool:
        """Nothing of the text would be masked."""
        return self.free(text) == text

    def _stays(self, word: bytes) -> bool:
        """The word reveals nothing of anybody: vocabulary, with a small number behind it, or a word of the vendor."""
        lower = word.lower()
        if lower in self._found.vendor_words or len(lower) == 1:
            return True
        letters = [part.decode("latin-1") for part in DIGITS.split(lower) if part]
        digits = sum(map(len, DIGITS.findall(lower)))
        return digits <= 4 and len(letters) == 1 and (len(letters[0]) == 1 or letters[0] in VOCABULARY)

    def _ipv4(self, text: bytes) -> bytes:
        try:
            octets = ipaddress.IPv4Address(text.decode()).packed
        except ValueError:
            return text
        return str(ipaddress.IPv4Address(self._looks.ipv4(octets))).encode()

    def _ipv6(self, text: bytes) -> bytes:
        try:
            octets = ipaddress.IPv6Address(text.decode()).packed
        except ValueError:
            return text
        return str(ipaddress.IPv6Address(self._looks.ipv6(octets))).encode()

    def _mac(self, text: bytes) -> bytes:
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", text)
        other = iter(self._looks.mac(bytes.fromhex(digits.decode())).hex().encode())
        masked = bytes(octet if octet in b":-." else next(other) for octet in text)
        return masked.upper() if text.upper() == text else masked


def _split(piece: bytes, done: bool, pattern: re.Pattern[bytes], replace: Replace) -> list[tuple[bytes, bool]]:
    """The pieces of a text that is not done with: what the pattern finds is replaced, and done."""
    if done:
        return [(piece, True)]
    found, end = [], 0
    for match in pattern.finditer(piece):
        found += [(piece[end : match.start()], False), (replace(match[0]), True)]
        end = match.end()
    return [part for part in (*found, (piece[end:], False)) if part[0]]


def _of_match(replace: Replace) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: replace(match[0])

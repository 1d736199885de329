# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OIDs of a masked recording. The index of a table may be an address, a name or a serial number (RFC 2578, 7.7).

The OID of an unknown table does not show where the index begins. The table as a whole does: its columns
are siblings below an entry, whose last number is 1, and have the same indexes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from .._snmp.enterprises import enterprise_of
from .._snmp.transport import Oid
from .look_alikes import LookAlikes

#: Where an index may begin at the earliest: behind 1.3.6.1.4.1, the vendor, and two numbers of his.
_EARLIEST = 9
#: Numbers of slots and ports are small. An index of four octets or more, one of which is above this, may be an address.
_SMALL = 64
_ADDRESS = 4
#: A text of letters and digits, with what occurs within names.
_TEXT = re.compile(rb"[0-9A-Za-z][ -~]{2,}")


class MaskedIndexes:
    """The OIDs of one recording, with other addresses, texts and serial numbers in their indexes.

    oids: the variables of unknown tables. serials: a pattern for serial numbers as octets, and what
    replaces one; numbers: the same for those that are numbers. plain: whether a text is plain vocabulary, such as the
    name of a sensor.
    """

    def __init__(
        self,
        oids: Iterable[Oid],
        looks: LookAlikes,
        serials: tuple[re.Pattern[bytes], Callable[[bytes], bytes]] | None,
        plain: Callable[[bytes], bool],
        addresses: frozenset[bytes] = frozenset(),
        numbers: Mapping[int, int] | None = None,
    ) -> None:
        self._entries = _entries(oids)
        self._looks = looks
        self._serials = serials
        self._plain = plain
        self._addresses = addresses  #: of four or six octets, known from values
        self._numbers = numbers or {}  #: serials that are numbers

    def known(self, oid: Oid, start: int) -> Oid:
        """The OID of a variable whose index begins at `start` and holds numbers, or serials and names with a length."""
        return self._masked(oid, min(start, len(oid)), strict=False)

    def unknown(self, oid: Oid) -> Oid:
        """The OID of a variable of an unknown table."""
        entry = next((length for length in range(_EARLIEST, len(oid)) if oid[:length] in self._entries), None)
        return self._masked(oid, _EARLIEST if entry is None else entry + 1, strict=True, certain=entry is not None)

    def _masked(self, oid: Oid, start: int, strict: bool, certain: bool = True) -> Oid:
        index = list(oid[start:])
        if self._numbers and enterprise_of(oid) is not None:
            index = [self._numbers.get(number, number) for number in index]
        done = self._mask_serials(index)
        if len(index) - sum(done) < 3:
            return (*oid[:start], *index)
        place = 0
        while place < len(index):
            place += 1 if done[place] else self._mask_typed(index, done, place, strict)
        if strict:
            self._mask_runs(index, done, certain)
        return (*oid[:start], *index)

    def _mask_serials(self, index: list[int]) -> list[bool]:
        """Replace serials; which numbers are done with."""
        done = [False] * len(index)
        if self._serials and len(index) > _ADDRESS:
            pattern, other = self._serials
            for found in pattern.finditer(bytes(min(number, 255) for number in index)):
                index[found.start() : found.end()] = other(found[0])
                done[found.start() : found.end()] = [True] * len(found[0])
        return done

    def _mask_typed(self, index: list[int], done: list[bool], place: int, strict: bool) -> int:
        """Replace what follows its length, or is a known address; returns how many numbers were examined."""
        length = index[place]
        behind = index[place + 1 : place + 1 + length] if 3 <= length <= 255 else []
        if behind and len(behind) == length and max(behind) < 256 and not any(done[place + 1 : place + 1 + length]):
            other = self._other(bytes(behind), typed=place > 0 and index[place - 1] in (1, 2, 3, 4))
            if other is not None:
                index[place + 1 : place + 1 + length] = other
                done[place : place + 1 + length] = [True] * (length + 1)
                return length + 1
        for size in (4, 6) if strict else ():
            octets = index[place : place + size]
            if len(octets) == size and max(octets) < 256 and bytes(octets) in self._addresses:
                index[place : place + size] = self._address(bytes(octets))
                done[place : place + size] = [True] * size
                return size
        return 1

    def _other(self, octets: bytes, typed: bool) -> bytes | None:
        """What replaces the octets of an index, None if they are harmless: a text, or an address with its length."""
        if _TEXT.fullmatch(octets):
            return None if self._plain(octets) else self._looks.text(octets)
        if len(octets) == 6 or (len(octets) in (4, 16) and typed):
            return self._address(octets)
        return None

    def _address(self, octets: bytes) -> bytes:
        masks = {4: self._looks.ipv4, 6: self._looks.mac, 16: self._looks.ipv6}
        return masks.get(len(octets), self._looks.octets)(octets)

    def _mask_runs(self, index: list[int], done: list[bool], certain: bool) -> None:
        """Replace runs of octets without a length: an address (IpAddress), or a text up to the end (IMPLIED)."""
        end = len(index)
        while end:
            begin = end
            while begin and index[begin - 1] < 256 and not done[begin - 1]:
                begin -= 1
            if begin < end:
                self._mask_run(index, begin, end, certain)
            end = min(begin, end - 1)

    def _mask_run(self, index: list[int], begin: int, end: int, certain: bool) -> None:
        if not certain and end < len(index):
            return  # it may be a part of the table's own number
        octets = bytes(index[begin:end])
        text = re.search(rb"[0-9A-Za-z][ -~]{3,}\Z", octets)
        if text and re.search(rb"[A-Za-z]{3}", text[0]):
            if not self._plain(text[0]):
                index[end - len(text[0]) : end] = self._looks.text(text[0])
            return
        size = len(octets) if certain else min(len(octets), _ADDRESS)
        tail = octets[len(octets) - size :]
        if size >= _ADDRESS and max(tail) > _SMALL and (certain or 0 < tail[0] < 224):
            index[end - size : end] = self._address(tail)


def _entries(oids: Iterable[Oid]) -> set[Oid]:
    """The OIDs of entries: the shortest ones that end with 1 and have two columns or more with the same indexes."""
    columns: dict[Oid, dict[int, tuple[int, int]]] = {}
    for oid in oids:
        for length in range(_EARLIEST, len(oid) - 1):
            if oid[length - 1] == 1:
                below = columns.setdefault(oid[:length], {})
                rows, content = below.get(oid[length], (0, 0))
                below[oid[length]] = (rows + 1, content ^ hash(oid[length + 1 :]))
    return {entry for entry, below in columns.items() if len(set(below.values())) < len(below)}

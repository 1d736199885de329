# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Basic Encoding Rules (X.690), as far as SNMP uses them: definite lengths, tags of one octet.

What is decoded comes from strangers. No length is believed, no number may be longer than its type allows, and nothing
here recurses, so that an octet string costs time in proportion to its length and never more memory.
"""

from __future__ import annotations

from functools import lru_cache

from .transport import Oid

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30

#: RFC 3416, section 2: an OID has at most 128 numbers of 32 bits.
MOST_NUMBERS, LARGEST_NUMBER = 128, 0xFFFFFFFF
#: Octets of the largest number of SNMP, a Counter64.
LONGEST_NUMBER = 8


class BerError(ValueError):
    """The octets are not BER, or not as SNMP allows it; the text names the problem and quotes none of them."""


def encode(tag: int, content: bytes) -> bytes:
    """An element: tag, length, content."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def encode_integer(value: int) -> bytes:
    return encode(INTEGER, value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True))


def encode_oid(oid: Oid) -> bytes:
    """An OID of at least two numbers; a shorter one is completed with zeros, as 0.0 is. Those of one column differ in
    their last number, so what comes before it is encoded once."""
    if len(oid) < 3:
        return encode(OID, _octets((*oid, 0, 0)[:2]))
    last = oid[-1]
    return encode(OID, _octets(oid[:-1]) + (bytes((last,)) if last < 128 else _base_128(last)))


@lru_cache(maxsize=1024)
def _octets(oid: Oid) -> bytes:
    first, second, *rest = oid
    octets = bytearray()
    for number in (first * 40 + second, *rest):
        # Nearly all numbers are one octet.
        if number < 128:
            octets.append(number)
        else:
            octets += _base_128(number)
    return bytes(octets)


def _base_128(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | number & 0x7F)
    return bytes(reversed(octets))


def header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The element at a place: its tag, and where its content begins and ends; that may be beyond `end`.

    Nothing is copied: what is in it is read from the same `data`.
    """
    if at + 2 > end:
        raise BerError("it ends in the middle of an element")
    size, start = data[at + 1], at + 2
    if size > 127:
        start += size & 0x7F
        # More than four octets of length describe nothing that fits into a datagram; none at all is not for SNMP.
        if not 1 <= size & 0x7F <= 4 or start > end:
            raise BerError("an element has no usable length")
        size = int.from_bytes(data[at + 2 : start], "big")
    return data[at], start, start + size


def element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """header() of an element that must be complete."""
    start = at + 2
    # Nearly all: a length of one octet, and all of it is there.
    if start <= end and data[at + 1] < 128 and start + data[at + 1] <= end:
        return data[at], start, start + data[at + 1]
    tag, start, stop = header(data, at, end)
    if stop > end:
        raise BerError("an element is longer than what it is in")
    return tag, start, stop


def expect(tag: int, data: bytes, at: int, end: int) -> tuple[int, int]:
    """element() with this tag: where its content begins and ends."""
    start = at + 2
    # As in element(), without calling it: a reply has hundreds.
    if start <= end and data[at] == tag and data[at + 1] < 128 and start + data[at + 1] <= end:
        return start, start + data[at + 1]
    found, start, stop = element(data, at, end)
    if found != tag:
        raise BerError(f"an element has the tag {found:#04x} instead of {tag:#04x}")
    return start, stop


def decode_integer(content: bytes, signed: bool = True) -> int:
    """A number; one without a sign also if the leading zero octet is missing, as with many agents."""
    digits = content[1:] if not signed and content[:1] == b"\x00" and len(content) > 1 else content
    if not 1 <= len(digits) <= LONGEST_NUMBER:
        raise BerError(f"a number has {len(content)} octets")
    return int.from_bytes(digits, "big", signed=signed)


def decode_oid(content: bytes) -> Oid:
    """An OID. Those of one column differ in their last number, so what comes before it is decoded once."""
    if not content:
        return (0, 0)  # what some agents make of 0.0
    last = len(content) - 1
    if last and content[last] < 128 and content[last - 1] < 128:
        oid = (*_numbers(content[:last]), content[last])
    else:
        while last and content[last - 1] & 0x80:
            last -= 1
        oid = _numbers(content[:last]) + _below(content[last:]) if last else _numbers(content)
    if len(oid) > MOST_NUMBERS:
        raise BerError("an OID is too long")
    return oid


# Short enough, together with the limit of numbers, that no device can fill the memory with OIDs.
@lru_cache(maxsize=1024)
def _numbers(content: bytes) -> Oid:
    first, *rest = _below(content)
    top = min(first // 40, 2)
    return (top, first - 40 * top, *rest)


def _below(content: bytes) -> Oid:
    """Numbers in base 128, as they follow each other in an OID."""
    if len(content) > 5 * MOST_NUMBERS:
        raise BerError("an OID is too long")
    numbers, number = [], 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if number > LARGEST_NUMBER:
            raise BerError("a number of an OID is too large")
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    if content[-1] & 0x80:
        raise BerError("an OID ends in the middle of a number")
    return tuple(numbers)

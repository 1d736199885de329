# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What replaces a serial number, a word or an address in a masked recording: another one of the same shape,
and always the same one for the same original, as long as the key lives."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import string
from collections.abc import Callable, Iterable

_DOCUMENTATION_NETS = ("192.0.2.0", "198.51.100.0", "203.0.113.0")  # RFC 5737
#: 198.18.0.0/15 is for benchmarks (RFC 2544): for boxes with more addresses than the three nets have.
_BENCHMARK_NET, _BENCHMARK_HOSTS = "198.18.0.0", 2**17 - 2
_HEX = frozenset((string.hexdigits + "-").encode())
_DIGITS = frozenset(string.digits.encode())
_LETTERS = frozenset(string.ascii_letters.encode())
#: Attempts to find another text that is good and replaces nothing else.
_ATTEMPTS = 200


class LookAlikes:
    """Made of one key. `avoid` are texts in lower case that nothing may be replaced by: the originals."""

    def __init__(self, key: bytes, avoid: Iterable[bytes] = ()) -> None:
        self._key = key
        self._avoid = {text.lower() for text in avoid}
        self._texts: dict[bytes, bytes] = {}
        self._taken: set[bytes] = set()
        self._ipv4: dict[bytes, bytes] = {}
        self._ipv4_taken: set[bytes] = set()

    def text(
        self, text: bytes, good: Callable[[bytes], bool] = lambda other: True, keep: Iterable[bytes] = ()
    ) -> bytes:
        """Another text of the same shape: a digit for a digit, a letter for a letter, anything else as it is.

        Whatever the case of the letters, it is the same text in the case of `text`. `good` decides whether a
        candidate will do. A word of `keep` (in lower case) within the text stays.
        """
        lower = text.lower()
        if lower not in self._texts:
            stays = next((word for word in keep if word in lower and word != lower), b"")
            begin = lower.index(stays)
            end = begin + len(stays)

            def with_word(other: bytes) -> bytes:
                return other[:begin] + stays + other[end:]

            other = self._other(lower, lambda other: good(in_case_of(text, with_word(other))))
            self._texts[lower] = with_word(other)
            self._taken.add(self._texts[lower])
        return in_case_of(text, self._texts[lower])

    def _other(self, lower: bytes, good: Callable[[bytes], bool]) -> bytes:
        # What could be a hexadecimal number (a UUID, a MAC address without separators) stays one.
        letters = b"abcdef" if all(octet in _HEX for octet in lower) else string.ascii_lowercase.encode()
        # A number keeps its length as a number, and fits into an Integer32 if it did.
        fits = 2**31 if lower.isdigit() and 0 < int(lower) < 2**31 and lower[:1] != b"0" else 0
        for attempt in range(_ATTEMPTS):
            stream = self._stream(lower, attempt)
            other = bytes(_same_shape(octet, choice, letters) for octet, choice in zip(lower, stream, strict=False))
            if fits and (other[:1] == b"0" or int(other) >= fits):
                continue
            if other not in self._taken and other not in self._avoid and other != lower and good(other):
                return other
        # Too short for so many others: the same for all that are left.
        return bytes(_same_shape(octet, 23, letters) for octet in lower)

    def ipv4(self, octets: bytes) -> bytes:
        """Another address for four octets; 0.x, 127.x and masks identify no host and stay."""
        if octets[0] in (0, 127, 255):
            return octets
        if octets not in self._ipv4:
            attempt, other = 0, self._ipv4_candidate(octets, 0)
            while other in self._ipv4_taken:
                attempt += 1
                other = self._ipv4_candidate(octets, attempt)
            self._ipv4[octets] = other
            self._ipv4_taken.add(other)
        return self._ipv4[octets]

    def _ipv4_candidate(self, octets: bytes, attempt: int) -> bytes:
        chance = int.from_bytes(self._digest(octets, attempt)[:8], "big")
        if attempt < 5:
            net, host = _DOCUMENTATION_NETS[chance % 3], 1 + chance // 3 % 254
        else:
            net, host = _BENCHMARK_NET, 1 + chance % _BENCHMARK_HOSTS
        return (ipaddress.IPv4Address(net) + host).packed

    def ipv6(self, octets: bytes) -> bytes:
        """Another address for sixteen octets, of 2001:db8::/32 (RFC 3849); :: and ::1 stay."""
        if int.from_bytes(octets, "big") < 2:
            return octets
        return ipaddress.IPv6Address("2001:db8::").packed[:12] + self._digest(octets, 0)[:4]

    def mac(self, octets: bytes) -> bytes:
        """Another address for six octets: the maker's half stays, the other half is replaced."""
        if set(octets) <= {0} or set(octets) <= {255}:
            return octets
        return octets[:3] + self._digest(octets, 0)[:3]

    def octets(self, octets: bytes) -> bytes:
        """Other octets, each of the kind that it was: padding, a control character, printable or not."""
        stream = self._stream(octets, 0)
        return bytes(_same_kind(octet, choice) for octet, choice in zip(octets, stream, strict=False))

    def _stream(self, text: bytes, attempt: int) -> bytes:
        stream = self._digest(text, attempt)
        while len(stream) < len(text):
            stream += self._digest(stream, attempt)
        return stream

    def _digest(self, text: bytes, attempt: int) -> bytes:
        return hmac.new(self._key, attempt.to_bytes(2, "big") + text, hashlib.sha256).digest()


def in_case_of(text: bytes, other: bytes) -> bytes:
    """`other`, of the same length and in lower case, with capitals where `text` has them."""
    return bytes(
        new - 32 if 65 <= old <= 90 and 97 <= new <= 122 else new for old, new in zip(text, other, strict=True)
    )


def _same_shape(octet: int, choice: int, letters: bytes) -> int:
    if octet in _DIGITS:
        return b"0123456789"[choice % 10]
    if octet in _LETTERS or octet > 0x7F:  # a letter of another alphabet has several octets, and becomes as many
        return letters[choice % len(letters)]
    return octet


def _same_kind(octet: int, choice: int) -> int:
    if octet in (0, 0xFF):
        return octet
    if octet < 0x20:
        return 1 + choice % 0x1F
    if octet < 0x7F:
        return _same_shape(octet, choice, string.ascii_lowercase.encode())
    return 0x7F + choice % 0x80

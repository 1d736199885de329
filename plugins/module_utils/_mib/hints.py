# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DISPLAY-HINT (RFC 2579, section 3.1): how a number or octets are written for people, and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: One part of a hint for octets: repeated, length, format, separator, terminator of the repetition.
_PART = re.compile(r"(\*?)(\d{1,4})([xdoat])([^\d*]?)([^\d*]?)")
_INTEGER = re.compile(r"(?:d(?:-(\d{1,2}))?|([xob]))")
_NUMBER_FORMATS = {"x": "x", "o": "o", "b": "b"}


@dataclass(frozen=True)
class _Part:
    """How some octets of a string are written."""

    repeated: bool  #: an octet before them says how often
    length: int  #: octets of each
    form: str  #: x, d, o, a or t
    separator: str  #: between this and what follows
    terminator: str  #: after the last repetition, instead of the separator


def integer_text(value: int, hint: str) -> str | None:
    """The number as the hint writes it: 1234 by "d-2" is 12.34. None if the hint is none for a number."""
    found = _INTEGER.fullmatch(hint)
    if not found:
        return None
    if found[2]:
        return format(value, _NUMBER_FORMATS[found[2]])
    places = int(found[1] or 0)
    if not places:
        return str(value)
    digits = str(abs(value)).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def octets_text(value: bytes, hint: str) -> str | None:
    """The octets as the hint writes them: MAC addresses by "1x:". None if they are not as the hint wants them.

    Not so are octets that are no text where the hint says that they are (format a: ASCII; t: UTF-8).
    """
    parts = _parts(hint)
    if parts is None:
        return None
    text: list[str] = []
    at, place = 0, 0
    while at < len(value):
        # The last part of the hint serves for all that remains.
        part = parts[min(place, len(parts) - 1)]
        place += 1
        times = 1
        if part.repeated:
            times, at = value[at], at + 1
        elif not part.length:
            return None
        for turn in range(times):
            piece = value[at : at + part.length]
            if not piece:
                break
            at += len(piece)
            shown = _shown(piece, part.form)
            if shown is None:
                return None
            ends = bool(part.terminator) and turn == times - 1
            text += (shown, "" if at >= len(value) else part.terminator if ends else part.separator)
    return "".join(text)


def octets_of(text: str, hint: str) -> bytes | None:
    """octets_text() backwards; None for a text that the hint does not write so, or a hint that cannot be read back."""
    parts = _parts(hint)
    if not parts or any(part.repeated for part in parts):
        return None
    if len(parts) == 1 and parts[0].form in "at":
        try:
            return text.encode("ascii" if parts[0].form == "a" else "utf-8")
        except UnicodeEncodeError:
            return None
    octets, rest = b"", text
    for place in range(len(text) + 1):
        if not rest:
            break
        part = parts[min(place, len(parts) - 1)]
        found = _READ[part.form].match(rest)
        if not found or not found[0]:
            return None
        digits = found[0][: part.length * 2] if part.form == "x" and not part.separator else found[0]
        piece = _read(digits, part)
        rest = rest[len(digits) :]
        if piece is None or (rest and part.separator and not rest.startswith(part.separator)):
            return None
        if rest and not (rest := rest[len(part.separator) :]):
            return None  # it ends with a separator
        octets += piece
    return octets if octets_text(octets, hint) is not None else None


_READ = {
    "x": re.compile(r"[0-9A-Fa-f]+"),
    "d": re.compile(r"\d+"),
    "o": re.compile(r"[0-7]+"),
    "a": re.compile(r"[\x00-\x7f]"),
    "t": re.compile(r"."),
}
_RADIX = {"x": 16, "d": 10, "o": 8}


def _read(digits: str, part: _Part) -> bytes | None:
    if part.form in "at":
        return digits.encode("utf-8")
    try:
        return int(digits, _RADIX[part.form]).to_bytes(part.length, "big")
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=512)
def _parts(hint: str) -> tuple[_Part, ...] | None:
    """The parts of a hint for octets; None if it is none."""
    parts, at = [], 0
    while at < len(hint):
        found = _PART.match(hint, at)
        if not found:
            return None
        star, length, form, separator, terminator = found.groups()
        if not star and terminator:
            # Only a repetition has a terminator: this is the separator of the next part, which there is none of.
            return None
        parts.append(_Part(bool(star), int(length), form, separator, terminator))
        at = found.end()
    return tuple(parts) or None


def _shown(piece: bytes, form: str) -> str | None:
    if form == "x":
        return piece.hex()
    if form in "do":
        return format(int.from_bytes(piece, "big"), form)
    try:
        return piece.decode("ascii" if form == "a" else "utf-8")
    except UnicodeDecodeError:
        return None

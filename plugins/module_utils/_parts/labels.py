# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text on a label, out of what an agent sends.

Agents pad with blanks and NULs, quote, add line feeds, send hex, the literal of the language that they are written in,
or the words of the label with its value. Every text of a device passes device_text(), every serial label_text().
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from .kinds import Address

Raw: TypeAlias = "bytes | str | int | tuple[int, ...] | None"

#: The rest of a buffer of more than 16 octets as net-snmp prints it: a recording may hold the first line as octets.
_DUMP_TAIL = re.compile(r"(.{16})\n((?:[0-9a-f]{2}[ \n]*)+)", re.I | re.S)
_HEX_PAIRS = re.compile(r"[0-9a-f]{2}(?: [0-9a-f]{2}){3,}|0x(?:[0-9a-f]{2}){4,}", re.I)
#: Hex digits that are all digits of hex digits: "353046" is "50F". Shorter ones may be a number as good as any.
_HEX_OF_HEX = re.compile(r"(?:3[0-9]|[46][1-6]){6,}", re.I)

#: How a literal begins: b'..., u"..., ['..., bytearray(b'..., Some("...; a quote alone does not, see device_text().
_LITERAL = re.compile(r"(?:[A-Za-z]\w{0,15}\(|[\[({])?\s?(?:[bu]?r?|rb)?([\"'])", re.I)
_LITERAL_END = re.compile(r",?\s?[\])}]?")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([0-7]{1,3})|([abfnrtv])|(.))", re.I | re.S)
_BROKEN_ESCAPE = re.compile(r"\\(?:x[0-9a-f]?|u[0-9a-f]{0,3})?$", re.I)
#: How net-snmp prints a value.
_PRINTED_TYPE = re.compile(r"(?:hex-|octet )?string: ", re.I)
#: What padding is where it was printed instead of sent.
_PRINTED_PADDING = re.compile(r"(?:\\x00|\\xff|\\u0000|\\[0nr])+$", re.I)

_NUMBER_WORDS = r"(?:[ _.-]{0,2}(?:numbers?|num|nos?|nr|code|id))"
_MARKS = r"(?:\s*+(?:[:#=.]\s*+)++(?:-\s++)?|\s++-\s++)"
#: "S/N CAAG0822", "SN: 123", "Serial No. 123A", "Serial#: 1"; a serial may begin with SN, so SN alone needs a mark or
#: a blank behind it, and SERIAL42 is one. Words may precede one with a mark: "Chassis S/N: ABC".
_LABEL = re.compile(
    rf"s ?/ ?n(?:{_MARKS}|\s*+)"
    rf"|(?:s\.n|sn|ser(?:ial)?{_NUMBER_WORDS}?|serien-?(?:nummer|nr))(?:{_MARKS}|\s++(?=\S*\d\S*$))"
    rf"|(?:[A-Za-z]{{2,16}}+[ _.-]){{1,3}}?(?:s ?[/.] ?n|sn|ser(?:ial)?{_NUMBER_WORDS}?){_MARKS}",
    re.I,
)
#: The same in a sentence: "P/N 800-1234-01 S/N FOC1234". It takes a mark or a whole label word, and a serial that has a
#: digit and four characters.
_LABELLED = re.compile(
    r"(?<![A-Za-z0-9/])(?:"
    rf"(?:s ?/ ?n|ser(?:ial)?{_NUMBER_WORDS}|serien-?(?:nummer|nr))(?![A-Za-z0-9])(?:{_MARKS}|\s++)"
    rf"|(?:serial|ser|s\.n|sn){_MARKS}|(?-i:SN)\s++(?=\w{{6}}))"
    r"(?=[A-Za-z/_-]*\d)([A-Za-z0-9][\w/-]{3,})",
    re.I,
)
#: What follows a labelled serial in the same text: ", Rev 2", "; HW: 1", " Rev: 2".
_BEHIND = re.compile(r"\s*+[,;|].*|\s++[A-Za-z/]{1,12}[:#=].*", re.S)
#: Shorter texts are not decoded.
_LEAST_PLAIN = 4
#: Labels in labels ("Serial: S/N: 1"), and literals in literals.
_MOST_WRAPPED = 3


def decode(value: Raw) -> str:
    """The value as text: octets are UTF-8, else Latin-1; an OID or address is dotted; None is empty. Never fails."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        if isinstance(value, Address):
            return ".".join(str(octet) for octet in value)
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")
    if isinstance(value, tuple):
        return ".".join(str(number) for number in value)
    return str(value)


# A device repeats its texts, and readers read one text several times. By type: an address is not its octets.
@lru_cache(maxsize=1024, typed=True)
def device_text(value: Raw) -> str:
    """The text without NULs and unprintables, quotes or a literal around it, padding, and runs of white space."""
    text = _in_a_line(undumped(value))
    for _literal in range(_MOST_WRAPPED):
        inside = _inside_literal(text) if "'" in text or '"' in text else None
        if inside is None:
            break
        text = _in_a_line(inside)
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    if "\\" in text:
        text = _PRINTED_PADDING.sub("", text)
    return text.strip('"').strip()


def _in_a_line(text: str) -> str:
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return " ".join(text.split())


def _inside_literal(text: str) -> str | None:
    """The content of a literal, which may be cut at its end; None for a text that is not a literal."""
    begin = _LITERAL.match(text)
    if begin is None or (begin.end() == 1 and "\\" not in text):
        return None
    inside, quote, behind = text[begin.end() :].rpartition(begin[1])
    if not quote:
        if not behind or ("\\" not in behind and " " in behind):
            return None
        inside = _BROKEN_ESCAPE.sub("", behind)
    elif not _LITERAL_END.fullmatch(behind):
        return None
    return _ESCAPE.sub(_unescaped, inside).rstrip("\0\xff ")


def _unescaped(found: re.Match[str]) -> str:
    hexadecimal, octal, blank, other = found[1] or found[2], found[3], found[4], found[5]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    if octal:
        return chr(int(octal, 8) & 0xFF)
    return " " if blank else other


def undumped(value: Raw) -> str:
    """The value as text, with the hex of a dump turned back into characters."""
    text = decode(value)
    dump = _DUMP_TAIL.fullmatch(text) if "\n" in text else None
    return dump[1] + _from_hex(dump[2]) if dump else text


def label_text(value: Raw) -> str:
    """A serial's text: hex turned back into characters, label words such as "S/N" cut off."""
    text = device_text("".join(c for c in decode(_first_string(value)) if c < "\x7f"))
    printed = _PRINTED_TYPE.match(text)
    text = device_text(text[printed.end() :]) if printed else text
    if _HEX_PAIRS.fullmatch(text):
        characters = _from_hex(text.removeprefix("0x")).rstrip("\0 \xff")
        text = device_text(characters) if not characters or _is_plain(characters) else text
    for _label in range(_MOST_WRAPPED):
        serial = _without_label(text)
        if not serial or serial == text:
            break
        text = serial
    return text


def _without_label(text: str) -> str:
    label = _LABEL.match(text)
    if label:
        return device_text(_BEHIND.sub("", text[label.end() :]))
    found = _LABELLED.search(text)
    return device_text(_BEHIND.sub("", text[found.start(1) :])) if found else text


def labelled_serial(text: str) -> str | None:
    """The serial in a sentence: "3640 chassis, Hw Serial#: 31899974, Hw Revision: 0x00"; None without one."""
    found = _LABELLED.search(text)
    return found[1].rstrip("/-_") if found else None


def model_text(text: str) -> str | None:
    """A model as its label has it, where a clean text is the hex of hex digits; None where these are not readable."""
    if not _HEX_OF_HEX.fullmatch(text):
        return text
    digits = _from_hex(text)
    characters = _from_hex(digits[: len(digits) & ~1]).rstrip("\0 \xff")
    return device_text(characters) if _is_plain(characters) else None


def _first_string(value: Raw) -> Raw:
    """Of a fixed buffer what C would print; where a NUL comes that early, it is UTF-16."""
    if not isinstance(value, bytes) or _DUMP_TAIL.fullmatch(decode(value)):
        return value
    text = value.lstrip(b"\0")
    end = text.find(b"\0")
    return text if end < _LEAST_PLAIN else text[:end]


def _from_hex(pairs: str) -> str:
    return bytes.fromhex("".join(pairs.split())).decode("latin-1")


def _is_plain(text: str) -> bool:
    return len(text) >= _LEAST_PLAIN and all(" " <= c < "\x7f" for c in text)

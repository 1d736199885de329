# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What texts and octets in a recording are by their form: padded, labelled, hexadecimal, an address, a date."""

from __future__ import annotations

import re
from collections.abc import Callable

from .._parts.serials import judge
from .vocabulary import VOCABULARY

#: What surrounds a serial number without being part of it.
PADDING = b" \t\r\n\x00\"'"
IPV4 = re.compile(rb"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
IPV6 = re.compile(rb"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]+(?:\d+\.\d+\.\d+\.\d+)?(?![\w:])")
MAC = re.compile(
    rb"(?<![\w:.-])(?:(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}[.:-]){2}[0-9A-Fa-f]{4})(?![\w:.-])"
)
EMAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
DIGITS = re.compile(rb"\d+")
#: A serial number with its label, in a text about the hardware.
LABELLED = re.compile(rb"(?i)\b(?:S/N|SN|serial ?(?:#|no\.?|nr\.?|number)?)\s*[:#= ]\s*([0-9A-Z][0-9A-Z-]{4,})")
_LABEL = re.compile(rb"(?i)(?:S/?N|serial(?: number)?)[:# ]+\s*")
_HEX_TEXT = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[ :]?[0-9A-Fa-f]{2})+")


def is_serial(core: bytes) -> bool:
    return judge(core).reason is None


def as_good_as(core: bytes) -> Callable[[bytes], bool]:
    """What the look-alike of a serial must be: a serial, unless only a user's rule makes one of the original."""
    return is_serial if is_serial(core) else bool


def is_vocabulary(text: bytes) -> bool:
    """Nothing but words about hardware: "Unconfigured", "fan tray"."""
    words = [word.decode("latin-1").lower() for word in WORD.findall(text)]
    return bool(words) and all(word in VOCABULARY for word in words)


def is_mixed(text: bytes) -> bool:
    """It has letters and digits."""
    return any(octet in b"0123456789" for octet in text) and re.search(rb"[A-Za-z]", text) is not None


def is_text(value: bytes) -> bool:
    """Printable, but for padding and line feeds."""
    try:
        text = value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n" for char in text)


def is_date(value: bytes) -> bool:
    """A DateAndTime (RFC 2579)."""
    if len(value) not in (8, 11):
        return False
    return 1970 <= int.from_bytes(value[:2], "big") < 2100 and 1 <= value[2] <= 12 and value[3] <= 31 and value[4] < 24


def without_label(value: bytes) -> bytes:
    """The text of a serial's column without padding and label."""
    return _LABEL.sub(b"", value.strip(PADDING)).strip(PADDING)


def rewritten(value: bytes, serial: bytes, other: bytes) -> bytes:
    """The other serial in the form in which the device sent this one: in hex, or partly; else as it is."""
    text = value.strip(PADDING)
    if _HEX_TEXT.fullmatch(text) and bytes.fromhex(re.sub(rb"0x|[ :]", b"", text).decode()).strip(PADDING) == serial:
        digits = iter(other.hex().encode())
        body = text.removeprefix(b"0x")
        masked = bytes(octet if octet in b" :" else next(digits, octet) for octet in body)
        return value.replace(body, masked.upper() if body.upper() == body else masked)
    first, feed, dump = value.partition(b"\n")
    if feed and serial.startswith(first) and _HEX_TEXT.match(dump):
        return other[: len(first)] + b"\n" + other[len(first) :].hex(" ").encode()
    return other

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What agents say, as a person would read it off the label; and whether that is a serial number at all.

Agents pad with blanks and NULs, quote, add line feeds, or fill the object with a word that stands for "none"
(entPhysicalSerialNum should be empty then: RFC 6933). Every text of a device passes clean(), every serial judge().
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from .patterns.cost import why_costly

Raw: TypeAlias = "bytes | str | int | tuple[int, ...] | None"

#: Shorter texts are revisions and codes ("M", "A1"), never serials; see judge().
MIN_LENGTH = 4

#: Words that stand for "none", compared without case and without blanks and punctuation at the ends.
PLACEHOLDERS = frozenset(
    {
        *("n/a", "na", "n.a", "none", "null", "nil", "nan", "default", "builtin", "built-in", "built in", "unknown"),
        *("unsupported", "not supported", "unavailable", "not available", "not applicable", "unspecified", "absent"),
        *("not specified", "undefined", "not defined", "not set", "not present", "not installed", "no serial"),
        *("no serial number", "empty", "invalid", "error", "read error", "test", "tbd", "todo", "to be filled"),
        *("to be filled by o.e.m", "to be defined", "fixed", "virtual", "dummy", "missing", "not programmed"),
        *("serial", "serial number", "serialnumber", "system serial number", "chassis serial number", "blank"),
        *("aeiou##",),  # Dell: a service tag that was never programmed
        *("no", "not used", "unused", "noserial", "unassigned", "string", "not-available", "no-serial"),
        *("0123456789", "changeme", "sernum", "unknown-sn", "simulator"),
    }
)

#: Texts that every unit of a product reports: the NIM built into each ISR4321; each NetScaler VPX.
FACTORY_CONSTANTS = frozenset({"JAB092709EL", "HE2H81UJ47"})

_REDACTED = re.compile(r"<[^<>]*>|\[?(redacted|removed|private|hidden|masked)\]?", re.I)
#: Six octets with separators. Twelve bare hex digits are left alone: some vendors print them as the serial. Three times
#: four with dashes is a MAC address as H3C and Huawei write it, in small letters; in capitals it is Peplink's label.
_MAC_ADDRESS = re.compile(
    r"(?i:([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}[.:]){2}[0-9a-f]{4})"
    r"|(?=.*[a-f])([0-9a-f]{4}-){2}[0-9a-f]{4}"
)
#: What Linux gives as serial of a USB host controller: its PCI address (0000:00:1d.0), or on boards without PCI the
#: name of its platform device: xhci-hcd.0.auto, f10f8000.usb3, ar71xx-ehci, dwc_otg.
_USB_ID = re.compile(
    r"(?i:(usb-)?[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\S*)"
    r"|\S*([xeuo]hci|[_-]hcd|dwc[_-]?(otg|\d)|musb|hdrc|usb)\S*"
)
_DATE = re.compile(r"(19|20)\d\d([-/.])\d{1,2}\2\d{1,2}([ T,].*)?")
_ADDRESS = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
_OBJECT_ID = re.compile(r"\.?[012](\.\d+){6,}")
_REVISION = re.compile(
    r"(rev(ision)?|ver(sion)?)([ .:]+[0-9a-z]{1,3}|[0-9a-z]{1,2})(\.[0-9a-z]{1,3})*"
    r"|(hw|fw|hardware|firmware)[ .:]+[0-9a-z.]{1,5}"
    r"|[vr]?\d{1,2}(\.\d{1,3}){1,3}",
    re.I,
)
#: "S/N CAAG0822", "SN: 123", "Serial No. 123A"; a serial may begin with SN, so SN alone needs something behind it.
_LABEL = re.compile(
    r"s/n\s*[:#=]?\s*|sn(\s*[:#=]\s*|\s+)"
    r"|ser(ial)?([ _.]?(no|nr|num|number))?\.?(\s*[:#=]\s*|\s+(?=\S*\d\S*$))",
    re.I,
)
#: "P/N 800-1234-01 S/N FOC1234"
_PART_BEFORE = re.compile(r"p/?n\b.*?[\s,;]s/?n\s*(?:[:#=]\s*)?(\S+)", re.I)
#: The rest of a buffer of more than 16 octets as net-snmp prints it: a recording may hold the first line as octets.
_DUMP_TAIL = re.compile(r"(.{16})\n((?:[0-9a-f]{2}[ \n]*)+)", re.I | re.S)
_HEX_PAIRS = re.compile(r"[0-9a-f]{2}(?: [0-9a-f]{2}){3,}|0x(?:[0-9a-f]{2}){4,}", re.I)


class Verdict(NamedTuple):
    """What judge() says: the clean text, and why it is no serial (None: it is one)."""

    serial: str
    reason: str | None


def decode(value: Raw) -> str:
    """The value as text: octets are UTF-8, else Latin-1; an OID is dotted; None is empty. Never fails."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")
    if isinstance(value, tuple):
        return ".".join(str(number) for number in value)
    return str(value)


def clean(value: Raw) -> str:
    """The text without NULs and unprintables, quotes around it, padding, and runs of white space."""
    text = _undumped(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    text = " ".join(text.split())
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text.strip('"').strip()


def _undumped(value: Raw) -> str:
    """The value as text, with the hex of a dump turned back into characters."""
    text = decode(value)
    dump = _DUMP_TAIL.fullmatch(text) if "\n" in text else None
    return dump[1] + _from_hex(dump[2]) if dump else text


def is_placeholder(text: str) -> bool:
    """True for a clean text that stands for "none": a word of PLACEHOLDERS, or nothing but punctuation."""
    folded = text.casefold().replace("_", " ")
    bare = folded.strip(" .:;,-*#?!/\\()<>[]")
    return not bare or bare in PLACEHOLDERS or folded in PLACEHOLDERS


def _letters(text: str) -> str:
    """A text without blanks and punctuation: "Not-Available" and "not available" are one."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_RUN_TOGETHER = frozenset(_letters(word) for word in PLACEHOLDERS if len(_letters(word)) >= MIN_LENGTH) | {"nosn"}


class SerialRules:
    """What a user knows better than judge(): serials that count though it objects, and some that never count.

    accept, reject: whole serials (case does not matter), or regular expressions between slashes, which may stand
    anywhere in a serial: "/^VIRT-/". What is accepted is not rejected. Raises ValueError for a wrong expression, and
    for one that takes too long on some texts: what stands in a serial's place is the device's word.
    """

    def __init__(self, accept: Iterable[str] = (), reject: Iterable[str] = ()) -> None:
        self._accept = [_rule(text) for text in accept]
        self._reject = [_rule(text) for text in reject]

    def reason(self, serial: str, reason: str | None) -> str | None:
        """The reason for which a serial is none, by judge() and by the user."""
        if any(rule.search(serial) for rule in self._accept):
            return None
        return reason or ("rule" if any(rule.search(serial) for rule in self._reject) else None)


def _rule(text: str) -> re.Pattern[str]:
    said = text.strip()
    expression = said.startswith("/")
    if not said.strip("/"):
        raise ValueError(f"{text!r} is empty")
    if expression and not (len(said) > 2 and said.endswith("/")):
        raise ValueError(f"{text} begins with a slash and does not end with one: /^ABC/ is a regular expression")
    if not expression and (said[0] == "^" or said[-1] == "$"):
        raise ValueError(f"{text} stands for this very serial; a regular expression stands between slashes: /{text}/")
    try:
        rule = re.compile(said[1:-1] if expression else rf"\A{re.escape(said)}\Z", re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text} is no regular expression: {error}") from None
    if expression and (problem := why_costly(rule)):
        raise ValueError(f"{text}: {problem}")
    return rule


#: Without rules of a user.
NO_RULES = SerialRules()


def judge(value: Raw, rules: SerialRules = NO_RULES) -> Verdict:
    """Clean a serial and say whether it is one.

    An empty serial with no reason means that the row has none at all. The reasons: placeholder, redacted,
    one character, MAC address, USB id, address, date, object identifier, factory constant, board revision, too short,
    not printable, text; and rule, where the user's rules say so. A number (cardSerial and the like are INTEGERs) is
    none if it is 0 or below, or -1 as an unsigned number.
    """
    if isinstance(value, int):
        serial = str(value) if 0 < value != 0xFFFFFFFF else ""
        reason = "too short" if 0 < len(serial) < MIN_LENGTH else None
    else:
        serial = _label_text(value)
        reason = _objection(serial, value) if serial else "not printable" if _is_binary(value) else None
    return Verdict(serial, rules.reason(serial, reason) if serial else reason)


def _label_text(value: Raw) -> str:
    """The serial's text: hex turned back into characters, label words such as "S/N" cut off."""
    text = clean("".join(c for c in decode(_first_string(value)) if c < "\x7f"))
    if _HEX_PAIRS.fullmatch(text):
        characters = _from_hex(text.removeprefix("0x")).rstrip("\0 \xff")
        text = clean(characters) if not characters or _is_plain(characters) else text
    both = _PART_BEFORE.match(text)
    if both:
        return both[1]
    label = _LABEL.match(text)
    return clean(text[label.end() :]) if label else text


def _first_string(value: Raw) -> Raw:
    """Of a fixed buffer what C would print; where a NUL comes that early, it is UTF-16."""
    if not isinstance(value, bytes) or _DUMP_TAIL.fullmatch(decode(value)):
        return value
    text = value.lstrip(b"\0")
    end = text.find(b"\0")
    return text if end < MIN_LENGTH else text[:end]


def _from_hex(pairs: str) -> str:
    return bytes.fromhex("".join(pairs.split())).decode("latin-1")


def _is_plain(text: str) -> bool:
    return len(text) >= MIN_LENGTH and all(" " <= c < "\x7f" for c in text)


def _is_binary(value: Raw) -> bool:
    """Bytes that hold more than padding, yet nothing printable."""
    return bool(_undumped(value).strip("\0 \r\n\t\"'"))


#: What else stands in columns of serials, in the order in which it is looked for.
_OTHER_THINGS = (
    *((_MAC_ADDRESS, "MAC address"), (_USB_ID, "USB id"), (_DATE, "date"), (_ADDRESS, "address")),
    *((_OBJECT_ID, "object identifier"), (_REVISION, "board revision")),
)


def _objection(serial: str, value: Raw) -> str | None:
    """The first reason why this clean, non-empty text is no serial."""
    if isinstance(value, bytes) and _is_six_octets(value):
        return "MAC address"
    if _REDACTED.fullmatch(serial) or set(serial) <= set("*"):
        return "redacted"
    if is_placeholder(serial) or _letters(serial) in _RUN_TOGETHER:
        return "placeholder"
    if len(set(serial.casefold().removeprefix("0x")) - set(" -_./:")) == 1:
        return "one character"
    for pattern, reason in _OTHER_THINGS:
        if pattern.fullmatch(serial):
            return reason
    if serial.upper() in FACTORY_CONSTANTS:
        return "factory constant"
    if len(serial) < MIN_LENGTH:
        return "too short"
    if _mostly_lost(serial, value):
        return "not printable"
    # A label without a digit is possible ("ABCDEFGH"); a word in small letters is none, nor are two words.
    words = not any(c.isdigit() for c in serial) and (" " in serial or any(c.islower() for c in serial))
    return "text" if words else None


def _is_six_octets(value: bytes) -> bool:
    """A MAC address as it is sent, not as text."""
    try:
        return len(value) == 6 and not value.rstrip(b"\0\r\n\xff").decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return True


def _mostly_lost(serial: str, value: Raw) -> bool:
    """More characters were unprintable than are left: what is left is chance, not a label."""
    lost = sum(1 for c in _undumped(value) if c >= "\x7f" or (c < " " and c not in "\0\t\r\n"))
    return lost > len(serial)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what an agent reports is a serial number at all.

Agents fill the object with a word that means "none" (entPhysicalSerialNum should be empty then: RFC 6933), or with
something else that they have. Every serial passes judge(); the text that it judges is made by labels.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import NamedTuple

from .._patterns.cost import why_costly
from .kinds import Address, Counter, Opaque, Ticks
from .labels import Raw, device_text, label_text, undumped

#: Shorter texts are revisions and codes ("M", "A1"), never serials; see judge().
MIN_LENGTH = 4

#: Words that mean "none", compared without case and without blanks and punctuation at the ends.
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
        *("changeme", "sernum", "unknown-sn", "simulator", "not provided", "not assigned", "not known", "no value"),
        *("no data", "default string", "placeholder", "reserved", "sample", "example", "demo", "unprogrammed"),
        *("qwerty", "deadbeef", "s/n", "sn", "serial no", "ser no", "your serial number"),
    }
)

#: Texts that every unit of a product reports: the NIM built into each ISR4321; each NetScaler VPX; each router that
#: Dynamips emulates.
FACTORY_CONSTANTS = frozenset({"JAB092709EL", "HE2H81UJ47", "4279256517"})

#: Values of these types are not serials, whatever their column is for in the MIB that we know.
_MEASURES: dict[type, str] = {
    Ticks: "time",
    Counter: "counter",
    Address: "address",
    Opaque: "not printable",
    tuple: "object identifier",
}

_REDACTED = re.compile(r"<[^<>]*>|\[?(redacted|removed|private|hidden|masked)\]?", re.I)
#: Six octets or eight with separators, anywhere in a text ("System MAC: 00-11-22-33-44-55"). Twelve bare hex digits
#: are left alone unless the text calls them one: some vendors print them as the serial. Three times four with dashes is
#: a MAC address as H3C and Huawei write it, in small letters; in capitals it is Peplink's label.
_MAC_ADDRESS = re.compile(
    r"(?i:(?<![0-9a-z:.-])(?:(?:[0-9a-f]{2}[:-]){5}(?:[0-9a-f]{2}[:-]){0,2}[0-9a-f]{2}|(?:[0-9a-f]{4}[.:]){2}[0-9a-f]{4})"
    r"(?![0-9a-z:.-])|\bmac\b[a-z :=#.]{0,16}[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}\b)"
    r"|^(?=.*[a-f])([0-9a-f]{4}-){2}[0-9a-f]{4}$"
)
#: What Linux gives as serial of a USB host controller: its PCI address (0000:00:1d.0), or on boards without PCI the
#: name of its platform device: xhci-hcd.0.auto, f10f8000.usb3, ar71xx-ehci, dwc_otg.
_USB_ID = re.compile(
    r"(?i:(usb-)?[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\S*)"
    r"|\S*([xeuo]hci|[_-]hcd|dwc[_-]?(otg|\d)|musb|hdrc|usb)\S*"
)
_DATE = re.compile(
    r"((19|20)\d\d([-/.])\d{1,2}\3\d{1,2}|\d{1,2}([-/.])(\d{1,2}|[A-Za-z]{3})\4(19|20)\d\d)([ T,].*)?"
    r"|(19|20)\d\d:\d{1,2}"
)
_TIME = re.compile(r"(\D*\(\d+\) )?\d+ ?(days?|weeks?|hours?|minutes?|seconds?)\b.*|\d{1,3}(:\d\d){1,2}(\.\d+)?", re.I)
#: A number of 32 bits as programs print it. Longer ones may be what a chip was given.
_HEX_WORD = re.compile(r"0x[0-9a-f]{1,8}", re.I)
_NO_WORD = re.compile(r"0x[0-9a-f]+|[\d:./,-]+", re.I)
_ADDRESS = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
_OBJECT_ID = re.compile(r"\.?[012](\.\d+){6,}")
_REVISION = re.compile(
    r"(rev(ision)?|ver(sion)?)([ .:]+[0-9a-z]{1,3}|[0-9a-z]{1,2})(\.[0-9a-z]{1,3})*"
    r"|(hw|fw|hardware|firmware)[ .:]+[0-9a-z.]{1,5}"
    r"|[vr]?\d{1,2}(\.\d{1,3}){1,3}",
    re.I,
)


class Verdict(NamedTuple):
    """The result of judge(): the clean text, and why it is not a serial (None: it is one)."""

    serial: str
    reason: str | None

    @property
    def good(self) -> bool:
        """There is a text, and it is a serial."""
        return bool(self.serial) and self.reason is None


def is_placeholder(text: str) -> bool:
    """True for a clean text that means "none": a word of PLACEHOLDERS, or nothing but punctuation."""
    folded = text.casefold().replace("_", " ")
    bare = folded.strip(" .:;,-*#?!/\\()<>[]")
    return not bare or bare in PLACEHOLDERS or folded in PLACEHOLDERS


def _letters(text: str) -> str:
    """A text without blanks and punctuation: "Not-Available" and "not available" are one."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_RUN_TOGETHER = frozenset(_letters(word) for word in PLACEHOLDERS if len(_letters(word)) >= MIN_LENGTH) | {"nosn"}


class SerialRules:
    """The rules of a user that overrule judge(): serials that count although it objects, and some that never count.

    accept, reject: whole serials (case does not matter), or regular expressions between slashes, which may match
    anywhere in a serial: "/^VIRT-/". What is accepted is not rejected. Raises ValueError for a wrong expression, and
    for one that takes too long on some texts: the device decides which text it is matched with.
    """

    def __init__(self, accept: Iterable[str] = (), reject: Iterable[str] = ()) -> None:
        self._accept = [_rule(text) for text in accept]
        self._reject = [_rule(text) for text in reject]

    def reason(self, serial: str, reason: str | None) -> str | None:
        """Why a text is not a serial, by judge() and by the user; None if it is one."""
        if any(rule.search(serial) for rule in self._accept):
            return None
        return reason or ("rule" if any(rule.search(serial) for rule in self._reject) else None)


def _rule(text: str) -> re.Pattern[str]:
    given = text.strip()
    expression = given.startswith("/")
    if not given.strip("/"):
        raise ValueError(f"{text!r} is empty")
    if expression and not (len(given) > 2 and given.endswith("/")):
        raise ValueError(f"{text} starts with a slash but does not end with one: write a regular expression as /^ABC/")
    if not expression and (given[0] == "^" or given[-1] == "$"):
        raise ValueError(f"{text} matches this serial literally; write a regular expression between slashes: /{text}/")
    try:
        rule = re.compile(given[1:-1] if expression else rf"\A{re.escape(given)}\Z", re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text} is not a regular expression: {error}") from None
    if expression and (problem := why_costly(rule)):
        raise ValueError(f"{text}: {problem}")
    return rule


#: Without rules of a user.
NO_RULES = SerialRules()


def judge(value: Raw, rules: SerialRules = NO_RULES) -> Verdict:
    """Clean a text and decide whether it is a serial.

    An empty serial with no reason means that the row has none at all. The reasons: placeholder, redacted,
    one character, MAC address, USB id, address, date, time, counter, hex word, object identifier, factory constant,
    board revision, too short, not printable, text; and rule, where the user's rules reject it. A number (cardSerial and
    the like are INTEGERs) is not a serial if it is 0 or below, or -1 as an unsigned number.
    """
    reason = _MEASURES.get(type(value)) if value else None
    if reason:
        serial = device_text(value)
    elif isinstance(value, int):
        serial = str(int(value)) if 0 < value != 0xFFFFFFFF else ""
        reason = _number_objection(serial) if serial else None
    else:
        serial = label_text(value)
        reason = _objection(serial, value) if serial else "not printable" if _is_binary(value) else None
    return Verdict(serial, rules.reason(serial, reason) if serial else reason)


def _number_objection(serial: str) -> str | None:
    """Why this number is not a serial. 11111111 is one as good as any, and so is a short one such as 123456."""
    if len(serial) < MIN_LENGTH:
        return "too short"
    if serial in FACTORY_CONSTANTS:
        return "factory constant"
    return "placeholder" if len(serial) > _LONG_RUN and _is_run(serial) else None


def _is_binary(value: Raw) -> bool:
    """Bytes that hold more than padding, yet nothing printable."""
    text = undumped(value).strip("\0 \r\n\t\"'")
    # The literal of an empty text is printable, and nothing.
    return bool(text) and not (text.isprintable() and not device_text(value))


#: What else is found in columns of serials, in the order in which it is looked for.
_OTHER_THINGS = (
    *((_USB_ID, "USB id"), (_DATE, "date"), (_TIME, "time"), (_ADDRESS, "address"), (_HEX_WORD, "hex word")),
    *((_OBJECT_ID, "object identifier"), (_REVISION, "board revision")),
)


def _objection(serial: str, value: Raw) -> str | None:
    """The first reason why this clean, non-empty text is not a serial."""
    if (isinstance(value, bytes) and _is_six_octets(value)) or _MAC_ADDRESS.search(serial):
        return "MAC address"
    if _REDACTED.fullmatch(serial) or set(serial) <= set("*"):
        return "redacted"
    if is_placeholder(serial) or _letters(serial) in _RUN_TOGETHER or _is_run(serial):
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
    if "0x" in serial and all(_NO_WORD.fullmatch(word) for word in serial.split()) and " " in serial:
        return "hex word"
    # A label without a digit is possible ("BRGHXYZ"); a word in small letters is not one, nor are two words.
    words = not any(c.isdigit() for c in serial) and (" " in serial or any(c.islower() for c in serial))
    return "text" if words else None


#: What precedes the digits of a number that was never assigned: SN12345678, SERIAL000000.
_BEFORE_RUN = re.compile(r"(?:sn|serialnumber|serialno|serial|no|nr)(?=\d{8,}$)")
#: Digits come before letters, as in hex.
_ORDER = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Texts that go on in this order count from the first on that is so long; from so many on whatever they begin with.
_SHORT_RUN, _LONG_RUN = 5, 6
#: With each character twice or more, from so many on: 000111 may be counted.
_DOUBLED_RUN = 8
#: Blanks that group a number are further apart than this.
_LEAST_WORD = 3
#: The same few characters so often, in a text of so many.
_REPEATED = ((3, 9), (4, 8))


def _is_run(serial: str) -> bool:
    """Characters in the order of the alphabet (12345678, 9876543210, ABCDEFGH), or the same few again and again."""
    if min(len(word) for word in serial.split()) < _LEAST_WORD < len(serial):
        return False  # pairs of digits are not a number that continues
    whole = _letters(serial)
    bare = _BEFORE_RUN.sub("", whole)
    if bare != whole and len(set(bare)) == 1:
        return True
    unit, times = _repeated(bare)
    if times == 1 and len(bare) >= _DOUBLED_RUN:
        unit, times = _undoubled(bare)
    if len(unit) < 2:
        return False
    if times > 1:
        often = any(times >= least and len(bare) >= length for least, length in _REPEATED)
        return often or unit in PLACEHOLDERS or (_is_ordered(unit) and len(bare) >= _LONG_RUN)
    begins = unit[0] in "01a" or unit[-1] in "01a"
    return len(unit) >= (_SHORT_RUN if begins else _LONG_RUN) and _is_ordered(unit)


def _repeated(text: str) -> tuple[str, int]:
    """The shortest text of which this one is a repetition, and how often."""
    # A text is found in itself twice over before its end only if it repeats.
    length = (text + text).find(text, 1) if text else 0
    return (text[:length], len(text) // length) if length else (text, 1)


def _undoubled(text: str) -> tuple[str, int]:
    """A text in which all characters are repeated equally often, with each of them once: "11223344" -> "1234"."""
    runs = [(character, len(list(run))) for character, run in groupby(text)]
    times = {length for _character, length in runs}
    return ("".join(character for character, _length in runs), times.pop()) if len(times) == 1 else (text, 1)


def _is_ordered(text: str) -> bool:
    """Each character is the next, or each the one before; behind 9 comes 0, or A."""
    steps = {_step(one, other) for one, other in pairwise(text)}
    return steps in ({1}, {-1})


def _step(one: str, other: str) -> int:
    distance = _ORDER.index(other) - _ORDER.index(one)
    return {9: -1, -9: 1}.get(distance, distance) if one.isdigit() and other.isdigit() else distance


def _is_six_octets(value: bytes) -> bool:
    """A MAC address as it is sent, not as text."""
    try:
        return len(value) == 6 and not value.rstrip(b"\0\r\n\xff").decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return True


def _mostly_lost(serial: str, value: Raw) -> bool:
    """More characters were unprintable than are left: what is left is chance, not a label."""
    lost = sum(1 for c in undumped(value) if c >= "\x7f" or (c < " " and c not in "\0\t\r\n"))
    return lost > len(serial)

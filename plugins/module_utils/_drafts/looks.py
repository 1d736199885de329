# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a single text of a device looks like: a serial number, a model, a description, a revision.

These are weights, found on the recordings of the tests; a text alone proves nothing, a column does (columns.py). All
texts are clean (device_text) and of bounded length; no expression here repeats a repetition.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .._devices.values import day

#: One word, as a label has it.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
_BREAKS = re.compile(r"[._/+-]")
_DIGITS = re.compile(r"\d+")
_VERSION = re.compile(r"(?:^|[^A-Za-z0-9])[vVrR]?\d{1,4}\.\d{1,5}(?:\.|$|[^A-Za-z0-9]|[A-Za-z])")
#: Digests, keys, UUIDs.
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FILE = re.compile(r".*[/\\].*\.[A-Za-z]{2,4}|.*\.(?:bin|img|tar|pkg|swi|cfg|conf|txt|xml|gz|iso)", re.I)
#: Releases as Huawei and ZTE write them; models of disks and optics, which are as long and as mixed as serials.
_RELEASE = re.compile(r"V\d{3}R\d{3}\S*")
_KNOWN_MODEL = re.compile(
    r"ST\d{3,6}[A-Z]{2}\d{3,4}[A-Z]{0,2}|FT[LR][A-Z]?\d?[A-Z0-9]{5,12}|H[UT]S\d{5,}[A-Z]{2,}\d*|AFBR-\S+"
)
_HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: A unit behind a number: 45.2 C, 230V, 10G, 1000Mbps; and frequencies, lengths, prices.
_MEASURE = re.compile(r"[$€]?[+-]?\d[\d., ]*(?:%|[a-zA-Z°/]{1,6}|[$€])?")
_REVISION = re.compile(
    r"(?:rev(?:ision)?|ver(?:sion)?|v|r|hw|fw)?[ .:_-]{0,2}(?:[A-Z]|[A-Z]?\d{1,3}[A-Z]?)(?:[.-][A-Za-z0-9]{1,4}){0,4}",
    re.I,
)
_SOFTWARE = re.compile(r"(?=.*\d)[A-Za-z]{0,8}[ _-]?[vV]?\d{1,4}(?:[._]\d{1,6}){1,5}\S{0,24}(?: .{0,40})?")
#: Makers of optics and boards that name themselves in tables; compared without case.
_MAKERS = frozenset(
    {
        *("finisar", "avago", "broadcom", "foxconn", "oem", "hisense", "innolight", "eoptolink", "accelink"),
        *("lumentum", "oclaro", "jdsu", "sumitomo", "fujitsu", "molex", "amphenol", "3m", "te", "methode"),
        *("source", "wtd", "gigalight", "delta", "flextronics", "sanmina", "celestica", "cisco", "juniper"),
        *("nokia", "huawei", "ciena", "arista", "hp", "hpe", "dell", "intel", "mellanox", "nvidia", "seagate"),
        *("wdc", "toshiba", "samsung", "hitachi", "micron", "kingston", "solidigm", "fs", "flexoptix"),
        *("skylane", "prolabs"),
    }
)
#: A maker's name, and what may follow it.
_MAKER = re.compile(
    r"([a-z0-9]{2,12})"
    r"(?:[ ,-]{1,2}(?:photonics|connectivity|systems|networks|optics|electronics|inc|corp|ltd|co|ag|gmbh)\.?){0,3}",
    re.I,
)
#: Places of parts, which names begin with.
_PLACE = re.compile(
    r"(?:(?:slot|port|unit|psu?|power supply|fan|fan tray|bay|module|card|line ?card|shelf|rack|chassis|member|disk"
    r"|drive|stack|node|sensor|outlet|battery|string)[ #:_/-]{0,2})?[A-Z]?\d{1,4}(?:[/.:]\d{1,4}){0,4}",
    re.I,
)
_COMPANY = re.compile(
    r".{2,40}\b(?:inc|corp|corporation|ltd|limited|gmbh|co|llc|ag|technologies|networks|systems)\b\.?", re.I
)
#: Characters of a text that its outline shows.
_OUTLINED = 32
#: Longer words are no serials.
_MOST_LENGTH = 40
#: Odds of what is no serial, whatever else speaks for it.
NEVER = -20.0
#: What else a serial has or has not, with its weight.
_MARKS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"[a-z]"), -2.5),
    (re.compile(r"00\d"), 0.6),
    # FTLX1471D3BCL, ES3510MA, PWR-C1-715WAC
    (re.compile(r"\d[A-Z]{2,5}$"), -1.4),
    (re.compile(r"-\d{1,3}$"), -1.5),
    # 7X9ZK42, as Dell's service tags
    (re.compile(r"^(?=[A-Z]*\d[A-Z]*\d)(?=\d*[A-Z]\d*[A-Z]\d*[A-Z])[A-Z\d]{7}$"), 0.8),
    # SU3000RTXLCD2U
    (re.compile(r"[A-Z]{5}"), -1.0),
    (re.compile(r"^(?=.{1,7}$)[A-Z]{1,4}-?\d{2,4}[A-Z]{0,3}$"), -1.5),
    (re.compile(r"^\d"), -0.6),
    # Often a MAC address.
    (re.compile(r"^(?=.*[A-F])[0-9A-F]{12}$"), -1.5),
)


def serial_odds(text: str) -> float:
    """How much a text that judge() accepts looks like a serial number: the logarithm of the odds, 0 is undecided.

    The weights are those of a logistic regression over 1,100 serial numbers and 3,200 other words of the recordings in
    tests/recordings, rounded: digits that alternate with letters, a run of digits, leading zeros and nine characters or
    more are for it; dashes, small letters, and letters behind the last digit are against it.
    """
    if not _WORD.fullmatch(text) or _DIGEST.fullmatch(text) or _FILE.fullmatch(text) or len(text) > _MOST_LENGTH:
        return NEVER
    digits = sum(map(str.isdigit, text))
    others = _HOST.fullmatch(text) or _RELEASE.fullmatch(text) or _KNOWN_MODEL.fullmatch(text)
    if not digits or others or _VERSION.search(text) or _is_day(text):
        return NEVER
    changes = sum(one.isdigit() is not other.isdigit() for one, other in pairwise(text))
    odds = -2.0 + 1.6 * digits / len(text) + 2.6 * min(changes, 6) / 6
    odds += _of_run(max(map(len, _DIGITS.findall(text)))) + _of_length(len(text))
    odds -= 2.5 * min(2, len(_BREAKS.findall(text)))
    return odds + sum(weight for pattern, weight in _MARKS if pattern.search(text))


def _of_run(length: int) -> float:
    """What the longest run of digits is worth."""
    return 1.2 if length >= 7 else 0.5 if length >= 5 else 0.2 if length == 4 else -0.5 if length == 3 else 0.0


def _of_length(length: int) -> float:
    """What the length is worth."""
    return -1.5 if length < 6 else -0.5 if length < 8 else 0.0 if length < 10 else 0.6 if length < 15 else -0.2


def _is_day(text: str) -> bool:
    """Eight digits that are a day, or six."""
    return text.isdigit() and len(text) in (6, 8) and day(text) is not None


def model_weight(text: str) -> float:
    """How much a text looks like a model or part number."""
    words = text.split()
    if not 2 <= len(text) <= 48 or len(words) > 4 or not any(map(str.isalpha, text)) or is_measure(text):
        return 0.0
    weight = 0.3 + (0.2 if any(map(str.isdigit, text)) else 0.0)
    weight += 0.2 if "-" in text else 0.0
    weight += 0.1 if len(words) == 1 else 0.0
    weight += 0.1 if not any(map(str.islower, text)) else 0.0
    weight -= 0.4 if _FILE.fullmatch(text) or _SOFTWARE.fullmatch(text) or _HOST.fullmatch(text) else 0.0
    weight -= 0.4 if day(text) else 0.0
    weight -= 0.3 if is_revision(text) else 0.0
    weight -= 0.3 if is_maker(text) else 0.0
    return max(0.0, weight)


def is_description(text: str) -> bool:
    """Several words of which most have letters."""
    words = text.split()
    named = [word for word in words if sum(map(str.isalpha, word)) > 1]
    return len(words) > 1 and len(named) >= max(2, len(words) // 2)


def is_revision(text: str) -> bool:
    """A short code: A, R2B, 1.0, Rev 03."""
    return len(text) <= 12 and _REVISION.fullmatch(text) is not None


def is_software(text: str) -> bool:
    """A version with dots: 7.4.1, V200R005, 10.2(3)."""
    return _SOFTWARE.fullmatch(text) is not None and not day(text)


def is_maker(text: str) -> bool:
    """The name of a company, as far as that shows."""
    maker = _MAKER.fullmatch(text)
    return (maker is not None and maker[1].casefold() in _MAKERS) or _COMPANY.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """A place with its number: Slot 1, PSU-2, 1/3."""
    return _PLACE.fullmatch(text) is not None


def is_measure(text: str) -> bool:
    """A number, with a unit or without."""
    return _MEASURE.fullmatch(text) is not None


def outline(text: str) -> str:
    """The shape of a text without its content, for comments: FOC1234X0AB is AAA9999A9AA."""
    return "".join(map(_kind_of, text[:_OUTLINED]))


def _kind_of(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isalpha():
        return "A" if char.isupper() else "a"
    return char if char in " -./_:" else "?"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of agents (.snmprec, plain or compressed) and an agent that answers from one.

A line is "OID|TAG|VALUE"; TAG is the ASN.1 tag in decimal, with an "x" behind it where VALUE is hex, or ":module" where
snmpsim varies the value (https://docs.lextudio.com/snmpsim/, "Simulation data").
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from .._common.private_files import PrivateFileError, open_regular
from .budget import MOST_NUMBERS
from .errors import RecordingError
from .transport import Oid, VarBind, octets_of

#: ASN.1 tag (RFC 2578, section 7.1, and RFC 3416, section 3) to the kind of a VarBind.
KINDS = {
    2: "int",
    4: "octets",
    5: "null",
    6: "oid",
    64: "ip",
    65: "counter32",
    66: "gauge32",
    67: "ticks",
    68: "opaque",
    70: "counter64",
}

#: What an agent behind Ethernet puts into one reply: 1,500 octets less the IP, UDP and SNMP headers.
REPLY_OCTETS = 1400

#: What a recording holds at most: octets, decompressed, of which a variable takes about eight times as much in memory;
#: variables; and octets of a line, for a value of 65,535 octets in hex and its OID.
MOST_OCTETS = 256 * 2**20
MOST_VARIABLES = 1_000_000
LONGEST_LINE = 140_000
#: Digits of a number: of more, Python makes none.
_MOST_DIGITS = 40

_LINE = re.compile(r"\.?(\d+(?:\.\d+)+)\|(\d+)([xe]*)(?::(\w+))?\|(.*)", re.DOTALL)
#: Where the variation modules of snmpsim keep the value that they start from.
_BASE_VALUE = re.compile(r"(?:^|,)(hexvalue|value|initial)=([^,]*)")
_DOTTED_QUAD = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


@dataclass
class Recording:
    """The variables of one agent, in the order in which it would return them."""

    path: str
    varbinds: dict[Oid, VarBind] = field(default_factory=dict)
    #: lines that are no variable: continuations of text with a line feed in it, comments, broken numbers
    skipped: int = 0
    #: the keys of varbinds in lexicographic order
    oids: list[Oid] = field(default_factory=list)


def load_recording(path: str | Path) -> Recording:
    """Read a .snmprec file, also .gz or .bz2. Raises RecordingError with a message that names the file.

    Anybody may have written it: it is read line by line, and ends at MOST_OCTETS (decompressed), MOST_VARIABLES, or a
    line longer than LONGEST_LINE.
    """
    recording = Recording(path=str(path))
    for line in _lines(Path(path)):
        varbind = _parse(line)
        if varbind:
            recording.varbinds[varbind.oid] = varbind
        elif line.strip(" \t"):
            recording.skipped += 1
        if len(recording.varbinds) > MOST_VARIABLES:
            raise RecordingError(f"{path} holds more than {MOST_VARIABLES:,} variables.")
    if not recording.varbinds:
        raise RecordingError(f"{path} is not a recording: none of its {recording.skipped} lines is 'OID|TAG|VALUE'.")
    recording.oids = sorted(recording.varbinds)
    return recording


def _lines(path: Path) -> Iterator[str]:
    try:
        with open_regular(path, MOST_OCTETS) as file, _decompressed(file) as content:
            left = MOST_OCTETS
            while line := content.readline(LONGEST_LINE + 1):
                left -= len(line)
                if len(line) > LONGEST_LINE:
                    raise RecordingError(f"{path} has a line of more than {LONGEST_LINE:,} octets.")
                if left < 0:
                    raise RecordingError(f"{path} has more than {MOST_OCTETS:,} octets, decompressed.")
                # Latin-1 keeps every octet as it is; only a line feed ends a line, and no 0x85.
                yield line.rstrip(b"\n").rstrip(b"\r").decode("latin-1")
    except PrivateFileError as error:
        raise RecordingError(str(error)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile, ValueError):
        raise RecordingError(f"{path} is cut or damaged: it cannot be decompressed to its end.") from None
    except OSError as error:
        what = error.strerror or "its compressed data is invalid"
        raise RecordingError(f"{path} cannot be read: {what}.") from None


def _decompressed(file: BinaryIO) -> BinaryIO:
    """The content of a file that may be compressed, as it is read."""
    start = file.read(3)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    return cast(BinaryIO, bz2.BZ2File(file)) if start == b"BZh" else file


def _parse(line: str) -> VarBind | None:
    match = _LINE.fullmatch(line)
    if not match:
        return None
    oid, tag, encoding, module, text = match.groups()
    kind = KINDS.get(int(tag))
    if module:
        base = _BASE_VALUE.search(text)
        if not base:
            return None
        text = base[2]
        encoding += "x" if base[1] == "hexvalue" else ""
    try:
        return VarBind(_oid(oid), kind, _value(kind, encoding, text)) if kind else None
    except ValueError:
        return None


def _oid(text: str) -> Oid:
    """Raises ValueError for another text."""
    numbers = text.strip(" .").split(".")
    if len(numbers) > MOST_NUMBERS:
        raise ValueError
    return tuple(_integer(number, 0, 2**32) for number in numbers)


def _integer(text: str, least: int, end: int) -> int:
    number = int(text) if len(text) <= _MOST_DIGITS else end
    if not least <= number < end:
        raise ValueError
    return number


def _value(kind: str, encoding: str, text: str) -> bytes | int | Oid | None:
    if kind == "null":
        return None
    if kind == "oid":
        return _oid(text) if text.strip(" .") else ()
    if kind not in ("octets", "ip", "opaque"):
        return _integer(text, -(2**63), 2**64)
    if "x" in encoding:
        digits = re.sub(r"[^0-9A-Fa-f]", "", text)
        return bytes.fromhex("0" * (len(digits) % 2) + digits)
    if "e" in encoding:
        return codecs.decode(text, "unicode_escape").encode("latin-1", "replace")
    if kind == "ip" and _DOTTED_QUAD.fullmatch(text):
        return bytes(min(255, int(part)) for part in text.split("."))
    return text.encode("latin-1")


class ReplayTransport:
    """An agent that answers out of a recording, in process, by the rules of v2c (RFC 3416, section 4.2).

    It cuts the reply to a GETBULK where a real agent does, so that the number of requests means something.
    """

    bulk = True
    threads = True

    def __init__(self, recording: Recording, reply_octets: int = REPLY_OCTETS) -> None:
        self.max_message = reply_octets
        self.requests = 0
        self._recording = recording

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        self.requests += 1
        return [self._recording.varbinds.get(oid) or VarBind(oid, self._missing(oid), None) for oid in oids]

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        self.requests += 1
        return [self._after(oid) for oid in oids]

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        self.requests += 1
        reply = [self._after(oid) for oid in oids[:non_repeaters]]
        row = list(oids[non_repeaters:])
        room = self.max_message - sum(octets_of(varbind) for varbind in reply)
        for _repetition in range(max_repetitions if row else 0):
            varbinds = [self._after(oid) for oid in row]
            for varbind in varbinds:
                room -= octets_of(varbind)
                if room < 0 and reply:
                    return reply
                reply.append(varbind)
            if all(varbind.kind == "endOfMib" for varbind in varbinds):
                break
            row = [varbind.oid for varbind in varbinds]
        return reply

    def close(self) -> None:
        """Nothing is open."""

    def _after(self, oid: Oid) -> VarBind:
        oids = self._recording.oids
        place = bisect_right(oids, oid)
        if place == len(oids):
            return VarBind(oid, "endOfMib", None)
        return self._recording.varbinds[oids[place]]

    def _missing(self, oid: Oid) -> str:
        """noSuchInstance where the recording has other instances of the object, else noSuchObject."""
        oids, column = self._recording.oids, oid[:-1]
        place = bisect_left(oids, column)
        known = place < len(oids) and oids[place][: len(column)] == column
        return "noSuchInstance" if known else "noSuchObject"

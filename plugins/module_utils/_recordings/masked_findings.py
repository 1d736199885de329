# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking, first stage: find what must not be published. Pure: nothing is replaced, and no look-alike is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .._parts.serials import judge
from .._snmp.transport import Oid, VarBind
from .known_words import KnownWords, known_words
from .masked_columns import Role, Roles
from .text_forms import (
    DIGITS,
    EMAIL,
    IPV4,
    IPV6,
    LABELLED,
    MAC,
    PADDING,
    WORD,
    is_serial,
    is_text,
    is_vocabulary,
    without_label,
)

SYS_NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)

#: Shorter texts occur in other words by chance.
SHORTEST = 4
#: Names that a device has before anybody names it: words that are in its descriptions too.
_FACTORY_NAMES = frozenset({b"switch", b"router", b"cisco", b"ciscoasa", b"juniper", b"aruba", b"arista", b"huawei"})
#: Columns of which the texts stay.
VENDORS = (Role.VENDOR, Role.MODEL)


class Cell(NamedTuple):
    """A variable, and what its column holds."""

    varbind: VarBind
    role: Role
    length: int  #: of the column's OID, 0 where the column is not known


@dataclass(frozen=True)
class Findings:
    """What there is to hide in a recording, and what is known to be harmless."""

    serials: Sequence[bytes]  #: without padding, quotes and labels; sorted
    accepted: frozenset[bytes]  #: serials of the reader, also such as a user's rule accepted
    parts: Sequence[bytes]  #: part numbers in lower case, which stay; the longest first
    names: Mapping[bytes, bytes]  #: names of the device in lower case -> what replaces them
    known: KnownWords  #: serials and names, to be found anywhere
    vendor_words: frozenset[bytes]  #: words in texts of the vendor: harmless elsewhere too
    numbers: Mapping[int, bytes]  #: serials that are numbers -> the serial
    addresses: frozenset[bytes]  #: of four or six octets


def cells_of(varbinds: Iterable[VarBind], columns: Mapping[Oid, str]) -> list[Cell]:
    """The variables with the roles of their columns. columns: those that a reader asked for, with its word for each."""
    roles = Roles(columns)
    return [Cell(varbind, *roles.of(varbind.oid)) for varbind in varbinds]


def find(cells: Sequence[Cell], serials: Iterable[str], names: Iterable[str], parts: Iterable[str]) -> Findings:
    """serials, names, parts: those that are known besides (see mask())."""
    accepted = frozenset(text for text in (_octets(serial) for serial in serials if serial) if not is_vocabulary(text))
    known_parts = sorted((part.lower().encode() for part in parts), key=len, reverse=True)
    found_serials = sorted({*_serials(cells, accepted, known_parts)})
    found_names = _names(cells, names)
    known = known_words(found_serials, found_names)
    return Findings(
        serials=found_serials,
        accepted=accepted,
        parts=known_parts,
        names=found_names,
        known=known,
        vendor_words=_vendor_words(cells, known, known_parts).difference(found_names, map(bytes.lower, found_serials)),
        numbers=_numbers(cells, found_serials),
        addresses=_addresses(cells),
    )


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _serials(cells: Iterable[Cell], accepted: frozenset[bytes], parts: Iterable[bytes]) -> Iterator[bytes]:
    """The serial numbers, without padding, quotes and labels; a word of the vocabulary is not a serial."""
    read = frozenset({*parts, *(serial.lower() for serial in accepted)})
    yield from (serial for serial in accepted if len(serial) >= SHORTEST)
    for (_oid, _kind, value), role, _length in cells:
        if role is Role.SERIAL and isinstance(value, int) and value >= 1000:
            yield str(value).encode()
        elif role is Role.SERIAL and isinstance(value, bytes):
            for text in (without_label(value), judge(value).serial.encode()):
                plain = is_vocabulary(text) or _is_composed(text, read)
                if len(text) >= SHORTEST and is_serial(text) and not plain:
                    yield text
        elif role in VENDORS and isinstance(value, bytes):
            yield from (text for text in LABELLED.findall(value) if DIGITS.search(text))


def _is_composed(text: bytes, read: frozenset[bytes]) -> bool:
    """It is several words, all of them parts and serials that the reader found: "800462-00-04 1629A-40111"."""
    words = text.lower().split()
    return len(words) > 1 and read.issuperset(words)


def _numbers(cells: Iterable[Cell], serials: Iterable[bytes]) -> dict[int, bytes]:
    """Serials that are numbers, and are hardly anything else, or are sent as numbers."""
    sent = {varbind.value for varbind, role, _n in cells if role is Role.SERIAL and isinstance(varbind.value, int)}
    numbers = {int(serial): serial for serial in serials if serial.isdigit() and serial[:1] != b"0"}
    return {
        number: serial
        for number, serial in numbers.items()
        if 10**5 <= number < 2**32 or (number >= 10**4 and number in sent)
    }


def _names(cells: Iterable[Cell], names: Iterable[str]) -> dict[bytes, bytes]:
    """sysName and other names as they are, their host part (`uname -a` shows it) and their domain -> another."""
    reported = [v.value for v, _role, _n in cells if v.oid == SYS_NAME and isinstance(v.value, bytes)]
    models = [v.value.lower() for v, role, _n in cells if role is Role.MODEL and isinstance(v.value, bytes)]
    of_maker = {*models, *(word for model in models for word in WORD.findall(model)), *_FACTORY_NAMES}
    found: dict[bytes, bytes] = {}
    for name in (*reported, *(name.encode() for name in names)):
        if IPV4.fullmatch(name) or b":" in name:
            continue
        host, _dot, domain = name.strip(PADDING).partition(b".")
        for word, other in ((name.strip(PADDING), b"device"), (host, b"device"), (domain, b"example.net")):
            lower = word.lower()
            # A name that is the model, or a word of it, is the one that the maker gave.
            if len(word) > 1 and lower not in of_maker and not is_vocabulary(word):
                found.setdefault(lower, other)
    return found


def _vendor_words(cells: Iterable[Cell], known: KnownWords, parts: Iterable[bytes]) -> frozenset[bytes]:
    """Words of texts that stay: elsewhere they reveal no more. Numbers may be anybody's."""
    words = {word for part in parts for word in WORD.findall(part) if not word.isdigit()}
    for varbind, role, _length in cells:
        if role in (*VENDORS, Role.REVISION) and isinstance(varbind.value, bytes):
            text = known.blanked(varbind.value)
            for pattern in (EMAIL, MAC, IPV4, IPV6):
                text = pattern.sub(b" ", text)
            words.update(word.lower() for word in WORD.findall(text) if not word.isdigit())
    return frozenset(words)


def _addresses(cells: Iterable[Cell]) -> frozenset[bytes]:
    """Addresses of four and six octets that are values."""
    values = [
        (varbind.kind, varbind.value)
        for varbind, role, _length in cells
        if isinstance(varbind.value, bytes) and (varbind.kind == "ip" or role is Role.UNKNOWN)
    ]
    ips = {value for kind, value in values if kind == "ip" and len(value) == 4 and any(value)}
    return frozenset(ips | {value for _kind, value in values if len(value) == 6 and not is_text(value)})

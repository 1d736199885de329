# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking out of a recording what tells whose device it is, and leaving what makes it worth reading.

Nothing is left that is not known to be harmless. Serial numbers become look-alikes of the same shape, the same ones
wherever they stand; addresses become addresses of documentation; the names of system and contact go; and of all other
texts only those stay that the vendor wrote about the hardware, in columns that a reader asks for (masked_columns.py),
and words that stand there or are vocabulary. The key of the look-alikes is made for one recording and thrown away.

What is no serial number to a reader stays as it is, and a look-alike is one to it: a masked recording reads like the
device. Numbers stay, but for those that are a serial number.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .._parts.serials import is_placeholder, judge
from .._snmp.transport import Oid, VarBind
from .look_alikes import LookAlikes
from .masked_columns import Role, Roles
from .masked_indexes import MaskedIndexes
from .vocabulary import VOCABULARY
from .word_pattern import trie

SYS_CONTACT: Oid = (1, 3, 6, 1, 2, 1, 1, 4, 0)
SYS_NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SYS_LOCATION: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)

#: Shorter texts stand in other words by chance.
_SHORTEST = 4
#: Shorter serials are looked for as whole words only, and a number of fewer digits nowhere but where it is a serial.
_LONG = 6
#: Names that a device has before anybody names it: words that also stand in its descriptions.
_FACTORY_NAMES = frozenset({b"switch", b"router", b"cisco", b"ciscoasa", b"juniper", b"aruba", b"arista", b"huawei"})
#: What stands around a serial number without being part of it.
_PADDING = b" \t\r\n\x00\"'"
_LABEL = re.compile(rb"(?i)(?:S/?N|serial(?: number)?)[:# ]+\s*")
_LABELLED = re.compile(rb"(?i)\b(?:S/N|SN|serial ?(?:#|no\.?|nr\.?|number)?)\s*[:#= ]\s*([0-9A-Z][0-9A-Z-]{4,})")
_HEX_TEXT = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[ :]?[0-9A-Fa-f]{2})+")
_IPV4 = re.compile(rb"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_IPV6 = re.compile(rb"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]+(?:\d+\.\d+\.\d+\.\d+)?(?![\w:])")
_MAC = re.compile(
    rb"(?<![\w:.-])(?:(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}[.:-]){2}[0-9A-Fa-f]{4})(?![\w:.-])"
)
_EMAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_DIGITS = re.compile(rb"\d+")

_VENDORS = (Role.VENDOR, Role.MODEL)

_Substitute = tuple[re.Pattern[bytes], Callable[[bytes], bytes]]


class Masked(NamedTuple):
    """A recording, masked."""

    varbinds: list[VarBind]  #: in the order of the originals, which is not that of the OIDs where an index was masked
    look_alikes: int  #: different serials that were replaced
    left: list[str]  #: serials that a reader found and that still stand there, sorted


def mask(
    varbinds: Sequence[VarBind],
    serials: Iterable[str] = (),
    key: bytes | None = None,
    columns: Mapping[Oid, str] | None = None,
    names: Iterable[str] = (),
    parts: Iterable[str] = (),
) -> Masked:
    """The variables, masked.

    serials: serial numbers that a reader found, also in columns not named in masked_columns.py, and also such as look
    like none and were accepted by a user's rule. One of fewer than four characters would be found in what has nothing
    to do with it: it is replaced where it is all of what stands in a column of serials.
    columns: the columns and scalars that the reader asked for, each with its word for it (Agent.asked()).
    names: other words for the device, such as the name by which it was reached.
    parts: part numbers that the reader found, which stay, also within a serial (Dell's PPID).
    `key` makes the look-alikes; by default it is random and forgotten.
    """
    return _Masker(varbinds, serials, key or secrets.token_bytes(32), columns or {}, names, parts).outcome()


def without_credentials(varbinds: Iterable[VarBind], secrets: Iterable[str]) -> list[VarBind]:
    """The variables with these words replaced in their values, and without those whose OID holds one (an index).

    A word of fewer than four characters would be found in what has nothing to do with it: it is replaced where it is
    all of a value.
    """
    told = {secret.encode() for secret in secrets if secret}
    words = [secret for secret in told if len(secret) >= _SHORTEST]
    in_value = re.compile(rb"(?<![0-9A-Za-z])(?:" + _any_of(words) + rb")(?![0-9A-Za-z])") if words else None
    in_oid = re.compile(_any_of(words)) if words else None
    left = []
    for varbind in varbinds:
        value = varbind.value
        if isinstance(value, bytes) and value in told:
            value = b"***"
        if isinstance(value, bytes) and in_value:
            value = in_value.sub(b"***", value)
        if not (in_oid and in_oid.search(_as_octets(varbind.oid))):
            left.append(varbind._replace(value=value))
    return left


class _Masker:
    """The replacements of one recording."""

    def __init__(
        self,
        varbinds: Sequence[VarBind],
        serials: Iterable[str],
        key: bytes,
        columns: Mapping[Oid, str],
        names: Iterable[str],
        parts: Iterable[str],
    ) -> None:
        self._varbinds = varbinds
        self._serials = {serial for serial in serials if serial}
        told = {serial.encode("utf-8", "replace") for serial in self._serials}
        self._accepted = {serial for serial in told if not _is_vocabulary(serial)}
        self._roles = Roles(columns)
        self._told = [(varbind, *self._roles.of(varbind.oid)) for varbind in varbinds]
        told_parts = sorted((part.lower().encode() for part in parts), key=len, reverse=True)
        self._said = frozenset({*told_parts, *(serial.lower() for serial in self._accepted)})
        cores = sorted({*self._find_cores()})
        self._names = self._find_names(names)
        self._looks = LookAlikes(key, (*cores, *self._names))
        long_parts = [part for part in told_parts if len(part) > _SHORTEST]
        for core in cores:
            self._looks.text(core, _as_good_as(core), long_parts)
        self._replaced = {core.lower() for core in cores}
        self._known = _Known(cores, self._names, self._looks)
        self._vendor_words = {word for part in told_parts for word in _WORD.findall(part) if not word.isdigit()}
        self._find_vendor_words(cores)
        self._numbers = self._find_numbers(cores)
        self._addresses = self._find_addresses()
        unknown = [varbind.oid for varbind, role, _length in self._told if role is Role.UNKNOWN]
        known = self._known.in_index()
        self._indexes = MaskedIndexes(unknown, self._looks, known, self._is_plain, self._addresses, self._numbers)

    def outcome(self) -> Masked:
        varbinds = [
            VarBind(self._oid(varbind.oid, role, length), varbind.kind, self._value(varbind, role))
            for varbind, role, length in self._told
        ]
        return Masked(varbinds, len(self._replaced), self._left(varbinds))

    def _left(self, varbinds: Iterable[VarBind]) -> list[str]:
        """The reader's serials that are all of a text or number that is still there."""
        there = set()
        for varbind, (_original, role, _length) in zip(varbinds, self._told, strict=True):
            if isinstance(varbind.value, bytes):
                there.add(varbind.value.strip(_PADDING).lower())
                if role is Role.SERIAL:
                    there.add(judge(varbind.value).serial.lower().encode())
            elif isinstance(varbind.value, int) and role is not Role.UNKNOWN:
                there.add(str(varbind.value).encode())
        return sorted(serial for serial in self._serials if serial.lower().encode("utf-8", "replace") in there)

    # What there is to hide

    def _find_cores(self) -> Iterable[bytes]:
        """The serial numbers, without padding, quotes and labels; a word of the vocabulary is none."""
        yield from (serial for serial in self._accepted if len(serial) >= _SHORTEST)
        for varbind, role, _length in self._told:
            value = varbind.value
            if role is Role.SERIAL and isinstance(value, int) and value >= 1000:
                yield str(value).encode()
            elif role is Role.SERIAL and isinstance(value, bytes):
                for core in (_label_cut(value), judge(value).serial.encode()):
                    plain = _is_vocabulary(core) or self._is_composed(core)
                    if len(core) >= _SHORTEST and _is_serial(core) and not plain:
                        yield core
            elif role in _VENDORS and isinstance(value, bytes):
                yield from (core for core in _LABELLED.findall(value) if _DIGITS.search(core))

    def _is_composed(self, core: bytes) -> bool:
        """It is several words, all of them parts and serials that the reader found: "800462-00-04 1629A-40111"."""
        words = core.lower().split()
        return len(words) > 1 and self._said.issuperset(words)

    def _find_numbers(self, cores: Iterable[bytes]) -> dict[int, int]:
        """Serials that are numbers, and hardly stand for anything else, or are sent as one -> their look-alikes."""
        sent = {v.value for v, role, _n in self._told if role is Role.SERIAL and isinstance(v.value, int)}
        numbers = {int(core): core for core in cores if core.isdigit() and core[:1] != b"0"}
        return {
            number: int(self._looks.text(core))
            for number, core in numbers.items()
            if 10**5 <= number < 2**32 or (number >= 10**4 and number in sent)
        }

    def _find_names(self, names: Iterable[str]) -> dict[bytes, bytes]:
        """sysName and other names as they are, their host's part (`uname -a` says it) and their domain -> another."""
        told = [v.value for v in self._varbinds if v.oid == SYS_NAME and isinstance(v.value, bytes)]
        models = [v.value.lower() for v, role, _n in self._told if role is Role.MODEL and isinstance(v.value, bytes)]
        of_maker = {*models, *(word for model in models for word in _WORD.findall(model)), *_FACTORY_NAMES}
        found: dict[bytes, bytes] = {}
        for name in (*told, *(name.encode() for name in names)):
            if _IPV4.fullmatch(name) or b":" in name:
                continue
            host, _dot, domain = name.strip(_PADDING).partition(b".")
            for word, other in ((name.strip(_PADDING), b"device"), (host, b"device"), (domain, b"example.net")):
                lower = word.lower()
                # A name that is the model, or a word of it, is the one that the maker gave.
                if len(word) > 1 and lower not in of_maker and not _is_vocabulary(word):
                    found.setdefault(lower, other)
        return found

    def _find_vendor_words(self, cores: Iterable[bytes]) -> None:
        """Words of texts that stay: elsewhere they tell no more. Short ones, and numbers, may be anybody's."""
        for varbind, role, _length in self._told:
            if role in (*_VENDORS, Role.REVISION) and isinstance(varbind.value, bytes):
                text = self._known.sub(varbind.value, lambda _word: b" ")
                for pattern in (_EMAIL, _MAC, _IPV4, _IPV6):
                    text = pattern.sub(b" ", text)
                self._vendor_words.update(word.lower() for word in _WORD.findall(text) if not word.isdigit())
        self._vendor_words -= {*self._names, *(core.lower() for core in cores)}

    def _find_addresses(self) -> frozenset[bytes]:
        """Addresses of four and six octets that stand in values as such."""
        values = [
            (varbind.kind, varbind.value)
            for varbind, role, _length in self._told
            if isinstance(varbind.value, bytes) and (varbind.kind == "ip" or role is Role.UNKNOWN)
        ]
        ips = {value for kind, value in values if kind == "ip" and len(value) == 4 and any(value)}
        return frozenset(ips | {value for _kind, value in values if len(value) == 6 and not _is_text(value)})

    # What stands in its place

    def _oid(self, oid: Oid, role: Role, length: int) -> Oid:
        if role is Role.UNKNOWN and oid[:6] == (1, 3, 6, 1, 4, 1):
            return self._indexes.unknown(oid)
        return self._indexes.known(oid, length or _EARLIEST_INDEX)

    def _value(self, varbind: VarBind, role: Role) -> bytes | int | Oid | None:
        oid, kind, value = varbind
        if oid in (SYS_CONTACT, SYS_LOCATION):
            return b""
        if oid == SYS_NAME:
            return b"device"
        if isinstance(value, int):
            return self._number(value, kind, role)
        if isinstance(value, tuple):
            return self._indexes.unknown(value) if role is Role.UNKNOWN else value
        if value is None or not value:
            return value
        if kind == "ip":
            return self._looks.ipv4(value) if len(value) == 4 else b"\0" * len(value)
        if kind != "octets":
            # Opaque: a number with a fraction, as a rule
            return value if value[:1] == b"\x9f" and len(value) <= 11 else self._looks.octets(value)
        if _is_text(value) and not (role is Role.UNKNOWN and value in self._addresses):
            return self._text(value, role)
        return self._binary(value, role)

    def _number(self, value: int, kind: str, role: Role) -> int:
        if role is Role.SERIAL and kind in ("int", "gauge32") and value > 0:
            return int(self._looks.text(str(value).encode()))
        return self._numbers.get(value, value) if role is Role.UNKNOWN else value

    def _text(self, value: bytes, role: Role) -> bytes:
        if role is Role.SERIAL:
            return self._serial(value)
        if role is Role.OPERATOR:
            return value if is_placeholder(value.decode("latin-1").strip()) else self._free(value, words=False)
        if role in _VENDORS or (role is Role.NAME and b"\n" in value.strip()):  # no name: a label of many lines
            return self._vendor(value, (_MAC, self._mac), (_IPV4, self._ipv4), (_IPV6, self._ipv6))
        if role is Role.REVISION:
            return self._vendor(value, (_MAC, self._mac))
        return self._free(value, strict=role is Role.UNKNOWN)

    def _serial(self, value: bytes) -> bytes:
        """What stands in a serial's column: a serial in the form in which it was sent; or what is rejected likewise."""
        found = judge(value)
        serial = found.serial.encode()
        if serial and (found.reason is None or serial in self._accepted):
            if _is_vocabulary(serial):
                return value
            other = self._looks.text(serial, _as_good_as(serial))
            self._replaced.add(serial.lower())
            changed = self._known.sub(value) if self._known.holds(value) else _rewritten(value, serial, other)
            return changed if changed != value else value.replace(serial, other)
        if found.reason == "MAC address":
            return _MAC.sub(lambda match: self._mac(match[0]), value)
        if found.reason in ("text", "not printable", "rule"):
            for attempt in range(20):
                look = self._looks.octets if found.reason == "not printable" else self._looks.text
                other = look(value + b" " * attempt)[: len(value)]
                if judge(other).reason == found.reason:
                    return other
        return value

    def _vendor(self, value: bytes, *substitutes: _Substitute) -> bytes:
        """A text that stays, but for serials, names and addresses in it."""
        value = self._known.sub(value)
        value = _EMAIL.sub(b"someone@example.net", value)
        for pattern, other in substitutes:
            value = pattern.sub(_calling(other), value)
        return value

    def _free(self, value: bytes, strict: bool = True, words: bool = True) -> bytes:
        """A text of which only the vocabulary stays. Where it was not `strict`, numbers of a place stay as well.

        With words=False no word stays at all.
        """
        kept: list[tuple[bytes, bool]] = []  # (piece, whether it was replaced already)
        for piece, known in self._known.split(value):
            kept += [(piece, False)] if known is None else [(known, True)]
        for pattern, look in ((_EMAIL, self._looks.text), (_MAC, self._mac), (_IPV4, self._ipv4), (_IPV6, self._ipv6)):
            kept = [found for piece, done in kept for found in _split(piece, done, pattern, look)]
        said = [word for piece, done in kept if not done for word in _WORD.findall(piece)]
        told = [word for word in said if not word.isdigit()]
        plain = words and len(told) + sum(done for _piece, done in kept) == sum(map(self._stays, told))
        digits = sum(len(word) for word in said if word.isdigit())
        numbers = 4 if not strict and words else 3 if plain and digits <= 6 else 0

        def other(match: re.Match[bytes]) -> bytes:
            word = match[0]
            stays = len(word) <= numbers if word.isdigit() else words and self._stays(word)
            return word if stays else self._looks.text(word)

        return b"".join(piece if done else _WORD.sub(other, piece) for piece, done in kept)

    def _stays(self, word: bytes) -> bool:
        """The word says nothing of anybody: vocabulary, with a small number behind it, or a word of the vendor."""
        lower = word.lower()
        if lower in self._vendor_words or len(lower) == 1:
            return True
        letters = [part.decode("latin-1") for part in _DIGITS.split(lower) if part]
        digits = sum(map(len, _DIGITS.findall(lower)))
        return digits <= 4 and len(letters) == 1 and (len(letters[0]) == 1 or letters[0] in VOCABULARY)

    def _is_plain(self, text: bytes) -> bool:
        """Nothing of the text would be masked."""
        return self._free(text) == text

    def _binary(self, value: bytes, role: Role) -> bytes:
        """Octets that are no text."""
        if _is_date(value) or (role is not Role.UNKNOWN and len(value) < 4) or len(value) < 3:
            return value
        if role is Role.SERIAL:
            return self._serial(value)
        if len(value) == 6:
            return self._looks.mac(value)
        if role in (*_VENDORS, Role.REVISION):
            return self._known.sub(value)
        if len(value) == 4:
            return self._looks.ipv4(value)
        return b"".join(
            self._looks.octets(piece) if other is None else other for piece, other in self._known.split(value)
        )

    def _ipv4(self, text: bytes) -> bytes:
        try:
            octets = ipaddress.IPv4Address(text.decode()).packed
        except ValueError:
            return text
        return str(ipaddress.IPv4Address(self._looks.ipv4(octets))).encode()

    def _ipv6(self, text: bytes) -> bytes:
        try:
            octets = ipaddress.IPv6Address(text.decode()).packed
        except ValueError:
            return text
        return str(ipaddress.IPv6Address(self._looks.ipv6(octets))).encode()

    def _mac(self, text: bytes) -> bytes:
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", text)
        other = iter(self._looks.mac(bytes.fromhex(digits.decode())).hex().encode())
        masked = bytes(octet if octet in b":-." else next(other) for octet in text)
        return masked.upper() if text.upper() == text else masked


class _Known:
    """Serial numbers and names, and what replaces them, wherever they stand."""

    def __init__(self, cores: Iterable[bytes], names: Mapping[bytes, bytes], looks: LookAlikes) -> None:
        self._looks = looks
        self._names = dict(names)
        self._hex: dict[bytes, bytes] = {}
        anywhere, numbers, words = set(), set(), {name for name in names if len(name) > 2 or _mixed(name)}
        for core in cores:
            lower = core.lower()
            self._names.pop(lower, None)
            if len(core) < _LONG:
                words |= {lower} if _mixed(core) else set()
            elif core.isdigit():
                numbers.add(lower)
            elif _DIGITS.search(core):
                anywhere.add(lower)
            else:
                words.add(lower)
            if len(core) >= _LONG:
                self._add_hex(core)
        anywhere |= self._hex.keys()
        self._serials = anywhere | numbers
        self._pattern = re.compile(
            rb"(?i)" + trie(anywhere)
            + rb"|(?<!\d)" + trie(numbers) + rb"(?!\d)"
            + rb"|(?<![0-9A-Za-z])" + trie(words) + rb"(?![0-9A-Za-z])"
        )  # fmt: skip

    def sub(self, text: bytes, other: Callable[[bytes], bytes] | None = None) -> bytes:
        return self._pattern.sub(_calling(other or self._other), text)

    def holds(self, text: bytes) -> bool:
        return self._pattern.search(text) is not None

    def split(self, text: bytes) -> list[tuple[bytes, bytes | None]]:
        """The pieces of a text, each with what replaces it, or None."""
        return [(piece, self._other(piece) if done else None) for piece, done in _split(text, False, self._pattern)]

    def in_index(self) -> tuple[re.Pattern[bytes], Callable[[bytes], bytes]] | None:
        """The same for serials among the numbers of an index."""
        return (re.compile(rb"(?i)" + trie(self._serials)), self._other) if self._serials else None

    def _add_hex(self, core: bytes) -> None:
        """The core as a dump of its octets shows it, with what is commonly put between them."""
        other = self._looks.text(core)
        for between in ("", " ", ":", "-"):
            pairs = core.hex(between) if between else core.hex()
            self._hex[pairs.encode()] = (other.hex(between) if between else other.hex()).encode()

    def _other(self, word: bytes) -> bytes:
        lower = word.lower()
        if lower in self._hex:
            return self._hex[lower].upper() if word.upper() == word else self._hex[lower]
        return self._names.get(lower) or self._looks.text(word)


#: Where an index begins in what is neither known nor a vendor's: behind 1.3.6.1.2.1, a group, a table and its entry.
_EARLIEST_INDEX = 9


def _is_serial(core: bytes) -> bool:
    return judge(core).reason is None


def _as_good_as(core: bytes) -> Callable[[bytes], bool]:
    """What the look-alike of a serial must be: a serial, unless only a user's rule makes one of the original."""
    return _is_serial if _is_serial(core) else bool


def _is_vocabulary(text: bytes) -> bool:
    """Nothing but words about hardware: "Unconfigured", "fan tray"."""
    words = [word.decode("latin-1").lower() for word in _WORD.findall(text)]
    return bool(words) and all(word in VOCABULARY for word in words)


def _mixed(text: bytes) -> bool:
    return any(octet in b"0123456789" for octet in text) and re.search(rb"[A-Za-z]", text) is not None


def _is_text(value: bytes) -> bool:
    """Printable, but for padding and line feeds."""
    try:
        text = value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n" for char in text)


def _is_date(value: bytes) -> bool:
    """A DateAndTime (RFC 2579)."""
    if len(value) not in (8, 11):
        return False
    return 1970 <= int.from_bytes(value[:2], "big") < 2100 and 1 <= value[2] <= 12 and value[3] <= 31 and value[4] < 24


def _label_cut(value: bytes) -> bytes:
    return _LABEL.sub(b"", value.strip(_PADDING)).strip(_PADDING)


def _rewritten(value: bytes, serial: bytes, other: bytes) -> bytes:
    """The other serial in the form in which the device sent this one: in hex, or partly; else as it is."""
    text = value.strip(_PADDING)
    if _HEX_TEXT.fullmatch(text) and bytes.fromhex(re.sub(rb"0x|[ :]", b"", text).decode()).strip(_PADDING) == serial:
        digits = iter(other.hex().encode())
        body = text.removeprefix(b"0x")
        masked = bytes(octet if octet in b" :" else next(digits, octet) for octet in body)
        return value.replace(body, masked.upper() if body.upper() == body else masked)
    first, feed, dump = value.partition(b"\n")
    if feed and serial.startswith(first) and _HEX_TEXT.match(dump):
        return other[: len(first)] + b"\n" + other[len(first) :].hex(" ").encode()
    return other


def _split(
    piece: bytes, done: bool, pattern: re.Pattern[bytes], look: Callable[[bytes], bytes] | None = None
) -> list[tuple[bytes, bool]]:
    """The pieces of a text that is not done with: what the pattern finds, replaced, is."""
    if done:
        return [(piece, True)]
    found, end = [], 0
    for match in pattern.finditer(piece):
        found += [(piece[end : match.start()], False), (look(match[0]) if look else match[0], True)]
        end = match.end()
    return [part for part in (*found, (piece[end:], False)) if part[0]]


def _calling(other: Callable[[bytes], bytes]) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: other(match[0])


def _any_of(words: Iterable[bytes]) -> bytes:
    return b"|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _as_octets(oid: Oid) -> bytes:
    """One octet for each number, so that a text within an index can be found; 255 for what is no character."""
    return bytes(min(number, 255) for number in oid)

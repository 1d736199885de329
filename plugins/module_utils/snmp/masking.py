# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking out of a recording what tells whose device it is, and leaving what makes it worth reading.

Serial numbers become look-alikes of the same shape, the same ones wherever they stand; addresses become addresses of
documentation; the names of system and contact go. The key is made for one recording and thrown away.
What is no serial number to a reader stays as it is, and a look-alike is one to it: a masked recording reads like the
device. Not masked: addresses that are part of an OID (an index), and what people wrote in columns not named here.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import string
from collections.abc import Iterable, Sequence

from ..serials import judge
from .transport import Oid, VarBind

#: Columns and scalars that hold serial numbers.
SERIAL_COLUMNS: tuple[Oid, ...] = tuple(
    tuple(int(number) for number in dotted.split("."))
    for dotted in (
        "1.3.6.1.2.1.47.1.1.1.1.11",  # entPhysicalSerialNum
        "1.3.6.1.2.1.43.5.1.1.17",  # prtGeneralSerialNumber
        "1.3.6.1.4.1.9.3.6.3",  # chassisId
        "1.3.6.1.4.1.9.3.6.11.1.4",  # cardSerial
        "1.3.6.1.4.1.9.5.1.2.17",  # chassisSerialNumber
        "1.3.6.1.4.1.9.5.1.2.19",  # chassisSerialNumberString
        "1.3.6.1.4.1.9.5.1.3.1.1.3",  # moduleSerialNumber
        "1.3.6.1.4.1.9.5.1.3.1.1.26",  # moduleSerialNumberString
        "1.3.6.1.4.1.9.6.1.101.217.1.7",  # rlInventoryEntSerial
        "1.3.6.1.4.1.9.9.92.1.1.1.2",  # ceAssetSerialNumber
        "1.3.6.1.4.1.2636.3.1.3",  # jnxBoxSerialNo
        "1.3.6.1.4.1.2636.3.1.8.1.7",  # jnxContentsSerialNo
        "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.2",  # jnxVirtualChassisMemberSerialnumber
        "1.3.6.1.4.1.6527.3.1.2.2.1.8.1.5",  # tmnxHwSerialNumber
        "1.3.6.1.4.1.6527.3.1.2.2.3.7.1.3",  # tmnxCpmFlashSerialNumber
        "1.3.6.1.4.1.6527.3.1.2.2.4.2.1.45",  # tmnxPortSFPVendorSerialNum
        "1.3.6.1.4.1.2011.5.25.31.1.1.3.1.4",  # hwEntityOpticalVendorSn
        "1.3.6.1.4.1.25506.2.6.1.2.1.1.2",  # hh3cEntityExtManuSerialNum
        "1.3.6.1.4.1.25506.2.70.1.1.1.5",  # hh3cTransceiverSerialNumber
        "1.3.6.1.4.1.11.2.36.1.1.2.9",  # hpHttpMgSerialNumber
        "1.3.6.1.4.1.11.2.14.11.5.82.1.1.1.1.4",  # hpicfXcvrSerial
        "1.3.6.1.4.1.47196.4.1.1.3.27.1.1.1.1.5",  # arubaWiredPmXcvrSerialNum
        "1.3.6.1.4.1.1916.1.1.1.16",  # extremeSystemID
        "1.3.6.1.4.1.1916.1.1.2.2.1.6",  # extremeSlotModuleSerialNumber
        "1.3.6.1.4.1.1916.1.1.1.27.1.4",  # extremePowerSupplySerialNumber
        "1.3.6.1.4.1.1991.1.1.1.1.2",  # snChasSerNum
        "1.3.6.1.4.1.1991.1.1.1.4.1.1.2",  # snChasUnitSerNum
        "1.3.6.1.4.1.1991.1.1.2.8.2.1.7",  # snAgentConfigModule2SerialNumber
        "1.3.6.1.4.1.1991.1.1.2.8.1.1.6",  # snAgentConfigModuleSerialNumber
        "1.3.6.1.4.1.12356.100.1.1.1",  # fnSysSerial
        "1.3.6.1.4.1.12356.101.13.2.1.1.2",  # fgHaStatsSerial
        "1.3.6.1.4.1.12356.101.24.1.1.1.3",  # serial of a managed FortiSwitch
        "1.3.6.1.4.1.25461.2.1.2.1.3",  # panSysSerialNumber
        "1.3.6.1.4.1.6027.3.10.1.2.2.1.12",  # chStackUnitSerialNumber
        "1.3.6.1.4.1.674.11000.5000.100.4",  # Dell OS10 chassis, cards, power supplies, fans
        "1.3.6.1.4.1.674.10895.3000.1.2.100.8.1",  # Dell PowerConnect: serial, asset tag, service tag
        "1.3.6.1.4.1.3375.2.1.3.3.3",  # sysGeneralChassisSerialNum
        "1.3.6.1.4.1.14988.1.1.7.3",  # mtxrSerialNumber
        "1.3.6.1.4.1.14988.1.1.19.1.1.12",  # serial of an optic
        "1.3.6.1.4.1.1271.2.1.5.1.1.4",  # Ciena chassis
        "1.3.6.1.4.1.1271.2.1.5.1.2.1.1.1.5",  # Ciena power supply
        "1.3.6.1.4.1.1271.2.1.5.1.2.2.1.9",  # Ciena fan tray
        "1.3.6.1.4.1.1271.2.1.2.1.2.2.1.3",  # Ciena module
        "1.3.6.1.4.1.1271.2.1.9.1.1.1.1.29",  # Ciena optic
        "1.3.6.1.4.1.6141.2.60.4.1.1.1.1.11",  # Ciena (WWP) optic
        "1.3.6.1.4.1.2620.1.6.16.3",  # Check Point appliance
    )
)

#: entPhysicalAlias, entPhysicalAssetID, entPhysicalUris, entPhysicalUUID (RFC 6933): an operator's words, or an
#: identifier. Masked there, whatever it is, and nowhere else: it may be a word such as the model.
OPERATOR_COLUMNS: tuple[Oid, ...] = tuple((1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, column) for column in (14, 15, 18, 19))

SYS_CONTACT: Oid = (1, 3, 6, 1, 2, 1, 1, 4, 0)
SYS_NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SYS_LOCATION: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)

#: Shorter texts stand in other words by chance.
_SHORTEST = 4
#: Names that a device has before anybody names it: words that also stand in its descriptions.
_FACTORY_NAMES = frozenset({b"switch", b"router", b"cisco", b"ciscoasa", b"juniper", b"aruba", b"arista", b"huawei"})
#: What stands around a serial number without being part of it.
_PADDING = b" \t\r\n\x00\"'"
_LABEL = re.compile(rb"(?i)(?:S/?N|serial(?: number)?)[:# ]+\s*")
_IPV4 = re.compile(rb"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_IPV6 = re.compile(rb"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:+){2,7}:?[0-9A-Fa-f]{0,4}(?![\w:])")
_MAC = re.compile(
    rb"(?<![\w:.-])(?:(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?![\w:.-])"
)
#: Software versions of four numbers look like addresses: entPhysicalHardwareRev to entPhysicalSoftwareRev stay.
_REVISIONS: tuple[Oid, ...] = tuple((1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, column) for column in (8, 9, 10))
_DOCUMENTATION_NETS = ("192.0.2.0", "198.51.100.0", "203.0.113.0")  # RFC 5737


def mask(varbinds: Sequence[VarBind], serials: Iterable[str] = (), key: bytes | None = None) -> list[VarBind]:
    """The variables, masked. `serials` are serial numbers that a reader found, also in columns not named above.

    They come in the same order, which is not that of the OIDs where a serial number is an index.
    `key` makes the look-alikes; by default it is random and forgotten.
    """
    return _Masker(varbinds, serials, key or secrets.token_bytes(32)).masked()


def without_secrets(varbinds: Iterable[VarBind], secrets: Iterable[str]) -> list[VarBind]:
    """The variables with these words replaced in their values, and without those whose OID holds one (an index).

    A word of fewer than four characters is left: it would be found in what has nothing to do with it.
    """
    words = [secret.encode() for secret in secrets if len(secret) >= _SHORTEST]
    if not words:
        return list(varbinds)
    in_value, in_oid = _any_word(words), _any_of(words)
    return [
        varbind._replace(value=in_value.sub(b"***", varbind.value)) if isinstance(varbind.value, bytes) else varbind
        for varbind in varbinds
        if not in_oid.search(_as_octets(varbind.oid))
    ]


class _Masker:
    """The replacements of one recording."""

    def __init__(self, varbinds: Sequence[VarBind], serials: Iterable[str], key: bytes) -> None:
        self._varbinds = varbinds
        self._serials = [serial.encode("utf-8", "replace") for serial in serials]
        self._key = key
        self._known: dict[bytes, bytes] = {}
        self._cores = sorted(set(self._find_cores()))
        for core in self._cores:
            self._known[core] = self._look_alike(core)
        # In an OID anything may stand beside a serial, so only long ones are looked for.
        long = [core for core in self._cores if len(core) > _SHORTEST + 1]
        self._in_oid = _any_of(long) if long else None
        for varbind in varbinds:
            if varbind.oid == SYS_NAME and isinstance(varbind.value, bytes):
                self._add_names(varbind.value)
        self._pattern = _any_word(self._known) if self._known else None

    def masked(self) -> list[VarBind]:
        return [VarBind(self._index(v.oid), v.kind, self._value(v)) for v in self._varbinds]

    def _find_cores(self) -> Iterable[bytes]:
        """The serial numbers, without padding, quotes and labels."""
        yield from (serial for serial in self._serials if len(serial) >= _SHORTEST)
        for varbind in self._varbinds:
            if isinstance(varbind.value, bytes) and _below(varbind.oid, SERIAL_COLUMNS):
                core = _LABEL.sub(b"", varbind.value.strip(_PADDING)).strip(_PADDING)
                if len(core) >= _SHORTEST and judge(core).reason is None:
                    yield core

    def _add_names(self, name: bytes) -> None:
        """sysName as it is, its host's part (it stands in what `uname -a` says, for example) and its domain."""
        host, _dot, domain = name.partition(b".")
        for word, other in ((name, b"device"), (host, b"device"), (domain, b"example.net")):
            stands_for_none = judge(word).reason in ("placeholder", "redacted")
            if len(word) >= _SHORTEST and word.lower() not in _FACTORY_NAMES and not stands_for_none:
                self._known.setdefault(word, other)

    def _index(self, oid: Oid) -> Oid:
        """The OID, with other serial numbers where serial numbers are the index (managed switches, access points)."""
        found = self._in_oid.search(_as_octets(oid)) if self._in_oid else None
        return (*oid[: found.start()], *self._known[found[0]], *oid[found.end() :]) if found else oid

    def _value(self, varbind: VarBind) -> bytes | int | Oid | None:
        oid, kind, value = varbind
        if oid in (SYS_CONTACT, SYS_LOCATION):
            return b""
        if oid == SYS_NAME:
            return b"device"
        if kind == "ip" and isinstance(value, bytes):
            return ipaddress.IPv4Address(self._ipv4(value)).packed
        if isinstance(value, int) and value > 0 and kind == "int" and _below(oid, SERIAL_COLUMNS):
            return self._number(value)
        if not isinstance(value, bytes) or kind != "octets":
            return value
        return self._words(value) if _below(oid, OPERATOR_COLUMNS) else self._octets(oid, value)

    def _words(self, value: bytes) -> bytes:
        """An operator's words; a serial among them is the same as elsewhere."""
        if self._pattern and self._pattern.search(value):
            return self._pattern.sub(lambda match: self._known[match[0]], value)
        if value.isascii():
            return self._look_alike(value) if value.strip(_PADDING) else value
        return (self._digest(value) * (len(value) // 32 + 1))[: len(value)]

    def _octets(self, oid: Oid, value: bytes) -> bytes:
        if len(value) == 6 and not value.isascii():
            return value[:3] + self._digest(value)[:3]  # most likely a MAC address: the maker's half stays
        if self._pattern:
            value = self._pattern.sub(lambda match: self._known[match[0]], value)
        value = _MAC.sub(self._mac, value)
        if _below(oid, _REVISIONS):
            return value
        value = _IPV4.sub(lambda match: self._ipv4(match[0]).encode(), value)
        return _IPV6.sub(self._ipv6, value)

    def _look_alike(self, core: bytes) -> bytes:
        """Another text of the same shape that stands for nothing else."""
        taken = {*self._cores, *self._known.values()}
        is_serial = judge(core).reason is None
        # What could be a hexadecimal number (a MAC address, a UUID) stays one.
        letters = "ABCDEF" if all(chr(octet) in string.hexdigits + "-" for octet in core) else string.ascii_uppercase
        for attempt in range(100):
            digest = self._digest(core, attempt)
            while len(digest) < len(core):
                digest += self._digest(digest)
            other = bytes(_same_shape(octet, choice, letters) for octet, choice in zip(core, digest, strict=False))
            if other not in taken and other != core and (judge(other).reason is None or not is_serial):
                return other
        return b"X" * len(core)

    def _number(self, value: int) -> int:
        """A number of as many digits, that fits into an Integer32."""
        low = 10 ** (len(str(value)) - 1)
        high = min(low * 10, 2**31)
        return low + int.from_bytes(self._digest(str(value).encode())[:8], "big") % (high - low)

    def _ipv4(self, address: bytes) -> str:
        text = address.decode("latin-1") if len(address) != 4 else str(ipaddress.IPv4Address(address))
        if text.startswith(("0.", "127.", "255.")):
            return text  # a mask or no address of anybody
        digest = self._digest(text.encode())
        net = _DOCUMENTATION_NETS[digest[0] % len(_DOCUMENTATION_NETS)]
        return str(ipaddress.IPv4Address(net) + 1 + digest[1] % 254)

    def _ipv6(self, match: re.Match[bytes]) -> bytes:
        try:
            ipaddress.IPv6Address(match[0].decode())
        except ValueError:
            return match[0]
        return b"2001:db8::" + self._digest(match[0].lower())[:2].hex().encode()  # RFC 3849

    def _mac(self, match: re.Match[bytes]) -> bytes:
        """The maker's half stays, the other half is replaced."""
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", match[0]).lower()
        rest = iter(digits[:6] + self._digest(digits)[:3].hex().encode())
        return bytes(octet if octet in b":-." else next(rest) for octet in match[0])

    def _digest(self, text: bytes, attempt: int = 0) -> bytes:
        return hmac.new(self._key, bytes([attempt]) + text, hashlib.sha256).digest()


def _same_shape(octet: int, choice: int, letters: str) -> int:
    """A digit for a digit, a letter of the same case for a letter, anything else as it is."""
    if chr(octet) in string.digits:
        return ord(string.digits[choice % 10])
    if chr(octet) in string.ascii_letters:
        letter = letters[choice % len(letters)]
        return ord(letter if chr(octet).isupper() else letter.lower())
    return octet


def _below(oid: Oid, roots: Iterable[Oid]) -> bool:
    return any(oid[: len(root)] == root for root in roots)


def _any_of(words: Iterable[bytes]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _any_word(words: Iterable[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![0-9A-Za-z])(?:" + _any_of(words).pattern + rb")(?![0-9A-Za-z])")


def _as_octets(oid: Oid) -> bytes:
    """One octet for each number, so that a text within an index can be found; 255 for what is no character."""
    return bytes(min(number, 255) for number in oid)

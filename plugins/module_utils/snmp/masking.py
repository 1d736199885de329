# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking out of a recording what tells whose device it is, and leaving what makes it worth reading.

Serial numbers become look-alikes of the same shape, the same ones wherever they stand; addresses become addresses of
documentation; the names of system and contact go. The key is made for one recording and thrown away.
Not masked: addresses that are part of an OID (an index).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import string
from collections.abc import Iterable, Sequence

from .transport import Oid, VarBind

#: Columns and scalars that hold serial numbers or what an operator wrote as such.
SERIAL_COLUMNS: tuple[Oid, ...] = tuple(
    tuple(int(number) for number in dotted.split("."))
    for dotted in (
        "1.3.6.1.2.1.47.1.1.1.1.11",  # entPhysicalSerialNum
        "1.3.6.1.2.1.47.1.1.1.1.14",  # entPhysicalAlias
        "1.3.6.1.2.1.47.1.1.1.1.15",  # entPhysicalAssetID
        "1.3.6.1.2.1.47.1.1.1.1.18",  # entPhysicalUris
        "1.3.6.1.2.1.47.1.1.1.1.19",  # entPhysicalUUID
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

SYS_CONTACT: Oid = (1, 3, 6, 1, 2, 1, 1, 4, 0)
SYS_NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SYS_LOCATION: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)

#: Words in serial columns that are no serial numbers: a reader must go on seeing them.
_PLACEHOLDERS = frozenset(
    {b"N/A", b"NA", b"NONE", b"BUILTIN", b"BUILT-IN", b"DEFAULT", b"UNKNOWN", b"UNSUPPORTED", b"NULL"}
)
_SHORTEST = 4
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

    `key` makes the look-alikes; by default it is random and forgotten.
    """
    return _Masker(varbinds, serials, key or secrets.token_bytes(32)).masked()


class _Masker:
    """The replacements of one recording."""

    def __init__(self, varbinds: Sequence[VarBind], serials: Iterable[str], key: bytes) -> None:
        self._varbinds = varbinds
        self._serials = [serial.encode("utf-8", "replace") for serial in serials]
        self._key = key
        self._known: dict[bytes, bytes] = {}
        for core in sorted(set(self._cores())):
            self._known[core] = self._look_alike(core)
        for varbind in varbinds:
            if varbind.oid == SYS_NAME and isinstance(varbind.value, bytes) and len(varbind.value) >= _SHORTEST:
                self._known[varbind.value] = b"device"
        words = b"|".join(re.escape(core) for core in sorted(self._known, key=len, reverse=True))
        self._pattern = re.compile(rb"(?<![0-9A-Za-z])(?:" + words + rb")(?![0-9A-Za-z])") if words else None

    def masked(self) -> list[VarBind]:
        return [varbind._replace(value=self._value(varbind)) for varbind in self._varbinds]

    def _cores(self) -> Iterable[bytes]:
        """The serial numbers, without padding, quotes and labels."""
        columns = (varbind.value for varbind in self._varbinds if _below(varbind.oid, SERIAL_COLUMNS))
        for value in (*self._serials, *columns):
            if not isinstance(value, bytes):
                continue
            core = _LABEL.sub(b"", value.strip(_PADDING)).strip(_PADDING)
            if len(core) < _SHORTEST or len(set(core)) == 1 or core.upper() in _PLACEHOLDERS:
                continue
            if not _MAC.fullmatch(core):  # those are replaced wherever they stand
                yield core

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
        return self._octets(oid, value) if isinstance(value, bytes) and kind == "octets" else value

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
        taken = {*self._known, *self._known.values()}
        # What could be a hexadecimal number (a MAC address, a UUID) stays one.
        letters = "ABCDEF" if all(chr(octet) in string.hexdigits + "-" for octet in core) else string.ascii_uppercase
        for attempt in range(100):
            digest = self._digest(core, attempt)
            while len(digest) < len(core):
                digest += self._digest(digest)
            other = bytes(_same_shape(octet, choice, letters) for octet, choice in zip(core, digest, strict=False))
            if other not in taken and other != core:
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

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking, second stage: the OID and the value of each variable, by what its column holds."""

from __future__ import annotations

from collections.abc import Mapping

from .._parts.serials import is_placeholder
from .._snmp.enterprises import enterprise_of
from .._snmp.transport import Oid, VarBind
from .look_alikes import LookAlikes
from .masked_columns import Role
from .masked_findings import SYS_NAME, VENDORS, Cell, Findings
from .masked_indexes import MaskedIndexes
from .masked_texts import MaskedTexts
from .text_forms import is_date, is_text

SYS_CONTACT: Oid = (1, 3, 6, 1, 2, 1, 1, 4, 0)
SYS_LOCATION: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)

#: Where an index begins in a table that is neither known nor a vendor's: behind 1.3.6.1.2.1, a group, a table and its
#: entry.
_EARLIEST_INDEX = 9


class MaskedValues:
    """The variables of one recording."""

    def __init__(
        self,
        found: Findings,
        looks: LookAlikes,
        numbers: Mapping[int, int],
        texts: MaskedTexts,
        indexes: MaskedIndexes,
    ) -> None:
        """numbers: serials that are numbers -> what replaces them."""
        self._addresses = found.addresses
        self._known = found.known
        self._numbers = numbers
        self._looks = looks
        self._texts = texts
        self._indexes = indexes

    def masked(self, cell: Cell) -> VarBind:
        varbind, role, length = cell
        return VarBind(self._oid(varbind.oid, role, length), varbind.kind, self._value(varbind, role))

    def _oid(self, oid: Oid, role: Role, length: int) -> Oid:
        if role is Role.UNKNOWN and enterprise_of(oid) is not None:
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
        if is_text(value) and not (role is Role.UNKNOWN and value in self._addresses):
            return self._text(value, role)
        return self._binary(value, role)

    def _number(self, value: int, kind: str, role: Role) -> int:
        if role is Role.SERIAL and kind in ("int", "gauge32") and value > 0:
            return int(self._looks.text(str(value).encode()))
        return self._numbers.get(value, value) if role is Role.UNKNOWN else value

    def _text(self, value: bytes, role: Role) -> bytes:
        if role is Role.SERIAL:
            return self._texts.serial(value)
        if role is Role.OPERATOR:
            no_value = is_placeholder(value.decode("latin-1").strip())
            return value if no_value else self._texts.free(value, words=False)
        if role in VENDORS or (role is Role.NAME and b"\n" in value.strip()):  # no name: a label of many lines
            return self._texts.vendor(value)
        if role is Role.REVISION:
            return self._texts.vendor(value, revision=True)
        return self._texts.free(value, strict=role is Role.UNKNOWN)

    def _binary(self, value: bytes, role: Role) -> bytes:
        """Octets that are not text."""
        if is_date(value) or (role is not Role.UNKNOWN and len(value) < 4) or len(value) < 3:
            return value
        if role is Role.SERIAL:
            return self._texts.serial(value)
        if len(value) == 6:
            return self._looks.mac(value)
        if role in (*VENDORS, Role.REVISION):
            return self._known.replaced(value, self._looks)
        if len(value) == 4:
            return self._looks.ipv4(value)
        return self._texts.octets(value)

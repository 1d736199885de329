# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking out of a recording what reveals whose device it is, and leaving what makes it worth reading.

Nothing is left that is not known to be harmless. Serial numbers become look-alikes of the same shape, the same ones
wherever they are; addresses become addresses for documentation; the names of system and contact are removed; and of all
other texts only those stay that the vendor wrote about the hardware, in columns that a reader asks for
(masked_columns.py), and words that are in them or in the vocabulary. The key of the look-alikes is made for one
recording and thrown away.

What a reader rejects as a serial stays as it is, and a look-alike is a serial to it: a masked recording is read like
the device. Numbers stay, except those that are a serial number.

The stages, each a file:

1. cells    (masked_columns.py)   each variable with the role of its column
2. find     (masked_findings.py)  serials, names, addresses, and the words that are harmless; nothing is replaced
3. choose   (look_alikes.py)      a look-alike for each serial, first of all, so that nothing else takes it
4. replace  (masked_values.py, masked_texts.py, masked_indexes.py)  OID and value of each variable, in their order
5. check                          which serials of the reader are still there
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .._parts.serials import judge
from .._snmp.transport import Oid, VarBind
from .look_alikes import LookAlikes
from .masked_columns import Role
from .masked_findings import SHORTEST, Cell, Findings, cells_of, find
from .masked_indexes import MaskedIndexes
from .masked_texts import MaskedTexts
from .masked_values import MaskedValues
from .text_forms import PADDING, as_good_as


class Masked(NamedTuple):
    """A recording, masked."""

    varbinds: list[VarBind]  #: in the order of the originals, which is not that of the OIDs where an index was masked
    look_alikes: int  #: different serials that were replaced
    left: list[str]  #: serials that a reader found and that are still there, sorted


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
    to do with it: it is replaced where it is all of the text in a column of serials.
    columns: the columns and scalars that the reader asked for, each with its word for it (Agent.asked()).
    names: other words for the device, such as the name by which it was reached.
    parts: part numbers that the reader found, which stay, also within a serial (Dell's PPID).
    key: makes the look-alikes; by default it is random and forgotten. With the same one the result is the same.
    """
    serials = {serial for serial in serials if serial}
    cells = cells_of(varbinds, columns or {})
    found = find(cells, serials, names, parts)
    looks = _choose(found, key or secrets.token_bytes(32))
    texts = MaskedTexts(found, looks)
    numbers = {number: int(looks.text(serial)) for number, serial in found.numbers.items()}
    unknown = [varbind.oid for varbind, role, _length in cells if role is Role.UNKNOWN]
    in_index = found.known.in_index(looks)
    indexes = MaskedIndexes(unknown, looks, in_index, texts.is_plain, found.addresses, numbers)
    values = MaskedValues(found, looks, numbers, texts, indexes)
    masked = [values.masked(cell) for cell in cells]
    return Masked(masked, len(texts.replaced), _left(serials, cells, masked))


def _choose(found: Findings, key: bytes) -> LookAlikes:
    """A look-alike for each serial. No original is a look-alike, and long part numbers stay within a serial."""
    looks = LookAlikes(key, (*found.serials, *found.names))
    parts = [part for part in found.parts if len(part) > SHORTEST]
    for serial in found.serials:
        looks.text(serial, as_good_as(serial), parts)
    return looks


def _left(serials: Iterable[str], cells: Iterable[Cell], masked: Iterable[VarBind]) -> list[str]:
    """The reader's serials that are all of a text or number that is still there."""
    there = set()
    for varbind, (_original, role, _length) in zip(masked, cells, strict=True):
        if isinstance(varbind.value, bytes):
            there.add(varbind.value.strip(PADDING).lower())
            if role is Role.SERIAL:
                there.add(judge(varbind.value).serial.lower().encode())
        elif isinstance(varbind.value, int) and role is not Role.UNKNOWN:
            there.add(str(varbind.value).encode())
    return sorted(serial for serial in serials if serial.lower().encode("utf-8", "replace") in there)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backend offers: three requests, and nothing else. The walk is ours (walks.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

Oid = tuple[int, ...]


def dotted(oid: Iterable[int]) -> str:
    """An OID or an index as text: (7, 1, 0, 0) is 7.1.0.0."""
    return ".".join(map(str, oid))


class VarBind(NamedTuple):
    """One variable of a reply (RFC 3416)."""

    oid: Oid
    #: octets int counter32 gauge32 ticks counter64 ip oid opaque null endOfMib noSuchObject noSuchInstance
    kind: str
    #: octets, opaque and ip are always bytes; oid is a tuple; null and the three exceptions are None
    value: bytes | int | Oid | None


#: Kinds that mean "there is no such value" (RFC 3416, section 2.5).
EXCEPTIONS = frozenset({"endOfMib", "noSuchObject", "noSuchInstance"})


class Transport(Protocol):
    """One conversation with one agent. Never shared across fork or threads.

    Each request raises one of errors.py; a message never holds a secret. In v1 a missing variable is
    SnmpPduError with status noSuchName, not an exception value.
    """

    #: largest message in octets that the backend takes
    max_message: int
    #: False where the protocol version has no GETBULK (v1, RFC 1157)
    bulk: bool

    @property
    def threads(self) -> bool:
        """Whether another conversation with the same agent may be used by another thread at the same time."""

    @property
    def requests(self) -> int:
        """Requests sent so far, retransmissions not counted."""

    def get(self, oids: Sequence[Oid]) -> list[VarBind]: ...

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]: ...

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        """The varbinds flat, as they came: the agent may have cut the reply anywhere (RFC 3416, 4.2.3)."""

    def close(self) -> None: ...


@runtime_checkable
class Writable(Protocol):
    """A transport that can set variables as well."""

    def set(self, varbinds: Sequence[VarBind]) -> list[VarBind]:
        """Set variables, all of them or none (RFC 3416, 4.2.5); returns them as the agent has them then.

        Raises ValueError for a value that its kind cannot have. Without an answer it is unknown whether they were set.
        """


def octets_of(varbind: VarBind) -> int:
    """The size of a variable within a message, by the Basic Encoding Rules (X.690)."""
    oid, _kind, value = varbind
    if isinstance(value, int):
        size = (value.bit_length() + 8) // 8
    elif isinstance(value, tuple):
        size = _oid_octets(value)
    else:
        size = len(value or b"")
    return _with_header(_with_header(_oid_octets(oid)) + _with_header(size))


def _oid_octets(oid: Oid) -> int:
    """The first two numbers share one octet, each other one takes one octet per seven bits."""
    return 1 + sum([1 if number < 128 else (number.bit_length() + 6) // 7 for number in oid[2:]])


def _with_header(content: int) -> int:
    if content < 128:
        return content + 2
    return content + 2 + (content.bit_length() + 7) // 8

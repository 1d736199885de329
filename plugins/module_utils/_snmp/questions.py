# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the SNMP modules ask one device for, and what it answered, as data: both travel where a task is delegated.

Where the devices are (a poller) nothing but numbers is needed. Names are looked up before, and values are described
after that, on the controller, which has the MIBs.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from .._common.typed_json import Rules
from .budget import MOST_NUMBERS, Limits
from .credentials import SnmpOptions
from .gets import Got, get_many
from .session import Session, open_session
from .transport import EXCEPTIONS, Oid, Transport, VarBind
from .walks import MOST_VARBINDS, Cursor, Pace, walk_columns

#: Values are as in JSON: octets in base64, an OID as a list of numbers.
Sent: TypeAlias = "str | int | list[int] | None"
#: OID, kind (see transport.py), value.
Cell: TypeAlias = list[Any]
_OCTETS = frozenset({"octets", "opaque", "ip"})
_NUMBERS = frozenset({"int", "counter32", "gauge32", "ticks", "counter64"})
_NOTHING = EXCEPTIONS | {"null", "noSuchName"}
_LARGEST = 2**64


@dataclass(frozen=True)
class Question:
    """What to ask one device for. OIDs are lists of numbers."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    get: list[list[int]] = field(default_factory=list)  #: variables
    following: list[list[int]] = field(default_factory=list)  #: OIDs of which the next variable is wanted (GETNEXT)
    walk: list[list[int]] = field(default_factory=list)  #: subtrees, or columns of tables
    max_repetitions: int = 0  #: of a GETBULK of one subtree; 0: found out, from what the agent's replies hold


@dataclass(frozen=True)
class Reply:
    """What was answered for one OID of get or following."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    cell: Cell | None = None
    error: str | None = None  #: why there is none, in words


@dataclass(frozen=True)
class Walked:
    """One subtree."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    cells: list[Cell] = field(default_factory=list)  #: in the order of their OIDs
    error: str | None = None  #: why it is incomplete, in words


@dataclass(frozen=True)
class Answer:
    """What one device answered: a Reply for each OID, and a Walked for each subtree, in the order of the question."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    get: list[Reply] = field(default_factory=list)
    following: list[Reply] = field(default_factory=list)
    walk: list[Walked] = field(default_factory=list)
    backend: str = ""
    attempt: dict[str, Any] | None = None
    statistics: dict[str, Any] = field(default_factory=dict)

    def check(self, question: Question) -> None:
        """Raises ValueError for what is no answer to this question: it may come from another host."""
        asked = [len(question.get), len(question.following), len(question.walk)]
        if asked != [len(self.get), len(self.following), len(self.walk)]:
            raise ValueError("it does not belong to the question")


def ask(host: str, options: SnmpOptions, question: Question, limits: Limits) -> Answer:
    """Ask a device. Raises SnmpError if it does not answer at all; what is incomplete has its reason in the answer."""
    with open_session(host, options, limits) as session:
        return answer_of(session, question)


def answer_of(session: Session, question: Question) -> Answer:
    """The answer of a device with which a session is open."""
    transport, budget = session.transport, session.budget
    pace = Pace(budget, lanes=session.lanes_if_several)
    if question.max_repetitions and question.walk:
        pace.ceiling = min(MOST_VARBINDS, question.max_repetitions * len(question.walk))
        pace.varbinds = pace.ceiling
    get = [tuple(oid) for oid in question.get]
    following = [tuple(oid) for oid in question.following]
    got = get_many(transport, get, pace)
    nexts = get_many(transport, following, pace, following=True)
    walked = [_walked(transport, cursor, pace) for cursor in _walk(transport, question.walk, pace)]
    return Answer(
        get=[reply_of(oid, got) for oid in get],
        following=[reply_of(oid, nexts) for oid in following],
        walk=walked,
        backend=session.backend,
        attempt=session.attempt,
        statistics=session.statistics,
    )


def _walk(transport: Transport, subtrees: Sequence[Sequence[int]], pace: Pace) -> list[Cursor]:
    roots = [tuple(oid) for oid in subtrees]
    cursors = walk_columns(transport, roots, pace)
    return [cursors[root] for root in roots]


def _walked(transport: Transport, cursor: Cursor, pace: Pace) -> Walked:
    if not cursor.cells and not cursor.error:
        # What was asked for is perhaps a variable itself; nothing is below one.
        found = get_many(transport, [cursor.column], pace).varbinds.get(cursor.column)
        return Walked([cell_of(found)] if found else [])
    cells = [cell_of(cursor.cells[index]) for index in sorted(cursor.cells)]
    return Walked(cells, str(cursor.error) if cursor.error else None)


def reply_of(oid: Oid, got: Got) -> Reply:
    """What was answered for one OID."""
    if oid in got.varbinds:
        return Reply(cell_of(got.varbinds[oid]))
    if oid in got.absent:
        return Reply(cell_of(got.absent[oid]))
    return Reply(error=str(got.errors[oid]) if oid in got.errors else "it is missing in the reply")


def cell_of(varbind: VarBind) -> Cell:
    """A variable as JSON."""
    value = varbind.value
    sent: Sent = list(value) if isinstance(value, tuple) else None
    if isinstance(value, bytes):
        sent = base64.b64encode(value).decode("ascii")
    elif isinstance(value, int):
        sent = int(value)
    return [list(varbind.oid), varbind.kind, sent]


def varbind_of(cell: Cell) -> VarBind:
    """cell_of() backwards. Raises ValueError for what is no variable: it may come from another host."""
    try:
        oid, kind, sent = cell
        return VarBind(_oid(oid), str(kind), _value(str(kind), sent))
    except (TypeError, ValueError, binascii.Error):
        raise ValueError("a variable is damaged") from None


def _value(kind: str, sent: Any) -> bytes | int | Oid | None:
    if kind in _OCTETS:
        return base64.b64decode(sent, validate=True)
    if kind == "oid":
        return _oid(sent)
    if kind in _NUMBERS:
        if not _is_whole(sent) or not -_LARGEST < sent < _LARGEST:
            raise ValueError(sent)
        return sent
    if sent is not None or kind not in _NOTHING:
        raise ValueError(kind)
    return None


def _is_whole(sent: Any) -> bool:
    """Whether it is a whole number; to Python true and false are numbers, too."""
    return isinstance(sent, int) and not isinstance(sent, bool)


def _oid(sent: Any) -> Oid:
    if not isinstance(sent, list) or len(sent) > MOST_NUMBERS or not all(map(_is_whole, sent)):
        raise ValueError(sent)
    return tuple(sent)

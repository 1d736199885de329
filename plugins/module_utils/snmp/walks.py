# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk: all the rows of some columns, in few requests, from agents that do not keep to the book.

Nothing here knows a library (transport.py) or a device. A failure is told beside what was read, not instead of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .errors import SnmpAuthError, SnmpError, SnmpLimitError, SnmpPduError, SnmpProtocolError, SnmpTimeout
from .transport import EXCEPTIONS, Oid, Transport, VarBind

#: sysUpTime.0 (RFC 3418): every agent has it, so silence on it means that nobody is there any more.
SYS_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)

#: Variables to ask for in the first GETBULK; measured: 60 to 100 fill a reply of 1,400 octets.
FIRST_VARBINDS = 80
#: Variables that one GETBULK asks for at most, where the agent's replies come back uncut.
MOST_VARBINDS = 320
#: Repetitions to ask for at least; with fewer the number of requests grows (measured: 5 costs 7 %, 3 costs 70 %).
LEAST_REPETITIONS = 10
#: Columns in one request at most, and variables in one GET: more make some agents answer tooBig.
MOST_OIDS = 24
#: Variables in one GET of an agent that has shown that its replies hold LARGE_REPLY: one of 1,400 octets does.
MORE_OIDS = 32
LARGE_REPLY = 60


@dataclass(frozen=True)
class Limits:
    """Where reading one device ends, whatever the agent says."""

    rows: int = 20_000  #: rows of one table
    seconds: float = 300.0  #: time for one device, from the first request to the last
    skip: frozenset[str] = frozenset()  #: names of tables that are not asked for


@dataclass
class Pace:
    """What we learn about one agent while we ask it. One per device, shared by all its walks."""

    limits: Limits = field(default_factory=Limits)
    varbinds: int = FIRST_VARBINDS  #: variables to ask for in the next GETBULK
    ceiling: int = MOST_VARBINDS  #: above this it did not answer, or with an error
    oids: int = MOST_OIDS  #: variables to ask for in the next GET
    bulk_works: bool | None = None  #: None: not known yet
    gone: SnmpError | None = None  #: it stopped answering altogether: do not wait for it again
    hung: set[Oid] = field(default_factory=set)  #: tables (entry OIDs) that it does not answer for
    started: float = field(default_factory=time.monotonic)

    def repetitions(self, columns: int) -> int:
        """How often to repeat a GETBULK of so many columns."""
        wanted = max(LEAST_REPETITIONS, self.varbinds // columns)
        return max(1, min(wanted, self.ceiling // columns))

    def stop(self) -> SnmpError | None:
        """Why nothing more may be asked of this device, if so."""
        if self.gone:
            return self.gone
        if time.monotonic() - self.started > self.limits.seconds:
            return SnmpLimitError(f"reading it takes longer than the limit of {self.limits.seconds:g} s")
        return None


class Cursor:
    """The walk of one column (or subtree): what it has, and where it goes on."""

    __slots__ = ("at", "cells", "column", "error", "open")

    def __init__(self, column: Oid) -> None:
        self.column = column
        self.at = column  #: the OID that was read last
        self.cells: dict[Oid, VarBind] = {}  #: by index, that is by what follows the column in the OID
        self.open = True  #: there may be more
        self.error: SnmpError | None = None  #: why it ended too early

    @property
    def complete(self) -> bool:
        return not self.open and self.error is None

    def fail(self, error: SnmpError) -> None:
        self.open = False
        self.error = error

    def take(self, varbind: VarBind, most: int) -> None:
        """Add a variable of a reply, or see that the column ends before it.

        Rows may come in any order (some agents do not sort), but no OID twice: that is a loop.
        """
        oid, index = varbind.oid, varbind.oid[len(self.column) :]
        if varbind.kind in EXCEPTIONS:
            self.open = False
        elif oid[: len(self.column)] != self.column:
            # Compared as tuples: 1.2.30 does not begin with 1.2.3.
            if oid > self.column:
                self.open = False
            else:
                self.fail(SnmpProtocolError(f"the OIDs do not increase: {_dotted(oid)} follows {_dotted(self.at)}"))
        elif index in self.cells or oid == self.column:
            self.fail(SnmpProtocolError(f"the OIDs do not increase: {_dotted(oid)} came twice"))
        elif len(self.cells) >= most:
            self.fail(SnmpLimitError(f"it has more rows than the limit of {most}"))
        else:
            self.cells[index] = varbind
            self.at = oid


@dataclass
class _Group:
    """Cursors that are moved by the same requests."""

    cursors: list[Cursor]
    repetitions: int | None = None  #: reduced after trouble; None: as the pace says
    next_only: bool = False  #: GETBULK fails even with one repetition: use GETNEXT
    suspect: bool = False  #: split off after trouble: do not look for the right size once more

    def active(self) -> list[Cursor]:
        return [cursor for cursor in self.cursors if cursor.open]

    def plain(self, transport: Transport, pace: Pace) -> bool:
        """Whether GETNEXT must do."""
        return self.next_only or pace.bulk_works is False or not transport.bulk

    def fail(self, error: SnmpError) -> list[_Group]:
        for cursor in self.active():
            cursor.fail(error)
        return []


def walk_columns(transport: Transport, columns: Iterable[Oid], pace: Pace) -> dict[Oid, Cursor]:
    """Walk the columns together, several in each request; they may be of different tables.

    Never raises SnmpError: each Cursor says whether its column was read to the end, and else why not.
    """
    cursors = [Cursor(column) for column in dict.fromkeys(columns)]
    groups = [_Group(cursors[i : i + MOST_OIDS]) for i in range(0, len(cursors), MOST_OIDS)]
    while groups:
        groups = _walk(transport, groups[0], pace) + groups[1:]
    return {cursor.column: cursor for cursor in cursors}


def walk_subtree(transport: Transport, root: Oid, pace: Pace) -> Cursor:
    """Walk everything below an OID, whatever it is; the limit of rows counts its variables."""
    return walk_columns(transport, [root], pace)[root]


def _walk(transport: Transport, group: _Group, pace: Pace) -> list[_Group]:
    """Walk a group to its end, or until trouble splits it: then the parts that are still to do."""
    for cursor in group.active():
        if cursor.column[:-1] in pace.hung:
            cursor.fail(SnmpTimeout("it does not answer for this table"))
    while active := group.active():
        stop = pace.stop()
        if stop:
            return group.fail(stop)
        plain = group.plain(transport, pace)
        repetitions = pace.repetitions(len(active))
        repetitions = 1 if plain else min(group.repetitions or repetitions, repetitions)
        try:
            reply = _ask_rows(transport, [cursor.at for cursor in active], 0 if plain else repetitions)
        except SnmpError as error:
            group.repetitions = repetitions
            parts = _after_trouble(transport, group, error, pace)
            if parts is not None:
                return parts
            continue
        _learn(group, pace, repetitions * len(active), len(reply), plain)
        for place, varbind in enumerate(reply):
            cursor = active[place % len(active)]
            if cursor.open:
                cursor.take(varbind, pace.limits.rows)
    return []


def _ask_rows(transport: Transport, oids: list[Oid], repetitions: int) -> list[VarBind]:
    if repetitions:
        reply = _once_more(lambda: transport.get_bulk(oids, repetitions))
    else:
        reply = _once_more(lambda: transport.get_next(oids))
    if not reply:
        raise SnmpProtocolError("its reply is empty")
    return reply


def _once_more(request: Callable[[], list[VarBind]]) -> list[VarBind]:
    """A device that was restarted tells its new time in the refusal (RFC 3414, 3.2): then the same request works."""
    try:
        return request()
    except SnmpAuthError as error:
        if error.detail != "timewindow":
            raise
    return request()


def _learn(group: _Group, pace: Pace, asked: int, got: int, plain: bool) -> None:
    """Ask for more where replies come back whole; remember the size that helped after trouble."""
    if plain:
        if group.next_only and pace.bulk_works is None:
            pace.bulk_works = False
        return
    pace.bulk_works = True
    if group.repetitions and group.suspect:
        group.repetitions *= 2
    elif group.repetitions:
        pace.ceiling = min(pace.ceiling, asked)
        group.repetitions = None
    elif got >= asked:
        pace.varbinds = min(max(pace.varbinds, asked) * 2, MOST_VARBINDS)
    if got >= LARGE_REPLY and pace.oids == MOST_OIDS:
        pace.oids = MORE_OIDS


def _after_trouble(transport: Transport, group: _Group, error: SnmpError, pace: Pace) -> list[_Group] | None:
    """Make the request smaller: fewer repetitions, then GETNEXT, then fewer columns. None: try the group again."""
    active = group.active()
    repetitions = group.repetitions or 1
    timeout = isinstance(error, SnmpTimeout)
    if timeout and not _alive(transport, pace):
        return group.fail(pace.gone or error)
    if not isinstance(error, SnmpTimeout | SnmpPduError | SnmpProtocolError):
        return group.fail(error)
    if _ends_in_v1(active, error):
        return None
    if repetitions > 1:
        # Each silence costs the whole time of all retries: make fewer steps there.
        group.repetitions = 1 if group.suspect else max(1, repetitions // (4 if timeout else 2))
        return None
    if not group.plain(transport, pace) and not timeout and (pace.bulk_works is None or len(active) == 1):
        group.next_only = True
        return None
    if len(active) > 1:
        return [_Group(part, suspect=True) for part in _split(active, error)]
    if timeout:
        pace.hung.add(active[0].column[:-1])
    pace.ceiling = MOST_VARBINDS  # it was this one column, not the size
    return group.fail(error)


def _ends_in_v1(active: list[Cursor], error: SnmpError) -> bool:
    """v1 has no endOfMibView: noSuchName says that one column is at its end, and which (RFC 1157, 4.1.3)."""
    if not isinstance(error, SnmpPduError) or error.status != "noSuchName":
        return False
    index = 1 if len(active) == 1 else error.index
    if not 1 <= index <= len(active):
        return False
    active[index - 1].open = False
    return True


def _split(active: list[Cursor], error: SnmpError) -> list[list[Cursor]]:
    if isinstance(error, SnmpTimeout):
        return [[cursor] for cursor in active]
    if isinstance(error, SnmpPduError) and 1 <= error.index <= len(active):
        culprit = active[error.index - 1]
        return [[cursor for cursor in active if cursor is not culprit], [culprit]]
    middle = len(active) // 2
    return [active[:middle], active[middle:]]


def _alive(transport: Transport, pace: Pace) -> bool:
    """Whether the agent still answers anything at all; if not, it is not asked again."""
    try:
        _once_more(lambda: transport.get([SYS_UP_TIME]))
    except SnmpPduError:
        return True
    except SnmpError as error:
        stopped = isinstance(error, SnmpTimeout)
        pace.gone = SnmpTimeout("it stopped answering") if stopped else error
        return False
    return True


@dataclass
class Got:
    """The outcome of a GET of many variables."""

    varbinds: dict[Oid, VarBind] = field(default_factory=dict)  #: by the OID that was asked for; what is missing is not
    errors: dict[Oid, SnmpError] = field(default_factory=dict)  #: variables that could not be asked for, and why


def get_many(transport: Transport, oids: Sequence[Oid], pace: Pace) -> Got:
    """GET any number of variables, in requests of a size that the agent bears. Never raises SnmpError."""
    got = Got()
    chunks = [list(dict.fromkeys(oids))]
    while chunks:
        chunk = chunks.pop(0)
        if len(chunk) > pace.oids:
            chunks[:0] = [chunk[: pace.oids], chunk[pace.oids :]]
            continue
        stop = pace.stop()
        if stop:
            got.errors.update(dict.fromkeys(chunk, stop))
            continue
        try:
            reply = _once_more(partial(transport.get, chunk)) if chunk else []
        except SnmpError as error:
            chunks[:0] = _after_get_trouble(transport, chunk, error, pace, got)
            continue
        got.varbinds.update({v.oid: v for v in reply if v.kind not in EXCEPTIONS and v.oid in chunk})
    return got


def _after_get_trouble(
    transport: Transport, chunk: list[Oid], error: SnmpError, pace: Pace, got: Got
) -> list[list[Oid]]:
    """What is still to ask for, in smaller pieces or without the variable that is to blame."""
    if isinstance(error, SnmpTimeout) and not _alive(transport, pace):
        return [chunk]
    if not isinstance(error, SnmpTimeout | SnmpPduError | SnmpProtocolError):
        pace.gone = error
        return [chunk]
    status = error.status if isinstance(error, SnmpPduError) else None
    if isinstance(error, SnmpPduError) and status != "tooBig" and 1 <= error.index <= len(chunk):
        culprit = chunk[error.index - 1]
        if status != "noSuchName":
            got.errors[culprit] = error
        return [[oid for oid in chunk if oid != culprit]]
    half = len(chunk) // 2
    if half:
        if status in (None, "tooBig"):
            pace.oids = half
        return [chunk[:half], chunk[half:]]
    if status != "noSuchName":
        got.errors[chunk[0]] = error
    pace.oids = MOST_OIDS  # it was this one variable, not the size
    return []


def _dotted(oid: Oid) -> str:
    return ".".join(str(number) for number in oid)

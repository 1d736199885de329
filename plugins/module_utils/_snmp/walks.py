# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk: all the rows of some columns, in few requests, from agents that do not keep to the book.

This module uses no library (transport.py) and knows no device. A failure is returned with what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .budget import Budget
from .errors import SnmpAuthError, SnmpError, SnmpLimitError, SnmpPduError, SnmpProtocolError, SnmpTimeout
from .lanes import Lanes, Request
from .singles import Singles
from .transport import EXCEPTIONS, Oid, Transport, VarBind, dotted

#: sysUpTime.0 (RFC 3418): every agent has it, so without an answer to it the device is unreachable.
SYS_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)

#: Variables to ask for in the first GETBULK; measured: 60 to 100 fill a reply of 1,400 octets.
FIRST_VARBINDS = 80
#: Variables that one GETBULK asks for at most, where the agent's replies come back uncut.
MOST_VARBINDS = 320
#: Repetitions to ask for at least; with fewer the number of requests grows (measured: 5 costs 7 %, 3 costs 70 %).
LEAST_REPETITIONS = 10
#: Columns in one request at most, and variables in one GET: more make some agents answer tooBig.
MOST_OIDS = 24
#: Replies after which a walk is a long one, of which the columns go on in several requests at once. Measured: sharing
#: them out after one reply, which often is nearly all, costs 8 % more requests; after two it costs 4 %.
LONG_WALK = 2
#: Rows of a `brief` column that are read where its table goes on behind them.
BRIEF_ROWS = 24
#: Variables in a reply above which these columns cost little, and are read whole.
BRIEF_REPLY = 100
#: Variables in one GET of an agent that has shown that its replies hold LARGE_REPLY: one of 1,400 octets does.
MORE_OIDS = 32
LARGE_REPLY = 60
#: Octets of variables in one GET: with its headers such a reply fits into a packet, and some texts may be longer.
GET_OCTETS = 1300


@dataclass
class Pace:
    """What we learn about one agent while we ask it. One per device, shared by all its walks."""

    budget: Budget = field(default_factory=Budget)
    varbinds: int = FIRST_VARBINDS  #: variables to ask for in the next GETBULK
    ceiling: int = MOST_VARBINDS  #: above this it did not answer, or with an error
    oids: int = MOST_OIDS  #: variables to ask for in the next GET
    large_gets: bool = False  #: it has answered a GET of MOST_OIDS
    get_octets: int = GET_OCTETS  #: that the variables of one GET are expected to have
    sizes: dict[Oid, tuple[int, int]] = field(default_factory=dict)  #: object -> octets of its instances, how many
    bulk_works: bool | None = None  #: None: not known yet
    stopped_by: SnmpError | None = None  #: it stopped answering altogether: do not wait for it again
    hung: set[Oid] = field(default_factory=set)  #: tables (entry OIDs) that it does not answer for
    lanes: Lanes[Any] | None = None  #: for several requests at once; None: one after the other

    def at_once(self, requests: Sequence[Request]) -> list[list[VarBind] | None]:
        """The replies to requests that do not wait for each other; None where it did not go well.

        Then the agent is asked one thing after the other for the rest of the time: what goes wrong needs care.
        """
        replies: list[list[VarBind] | None] = self.lanes.ask(requests) if self.lanes else [None] * len(requests)
        if None in replies:
            self.lanes = None
        return replies

    def repetitions(self, columns: int) -> int:
        """How often to repeat a GETBULK of so many columns."""
        wanted = max(LEAST_REPETITIONS, self.varbinds // columns)
        return max(1, min(wanted, self.ceiling // columns))

    def stop(self) -> SnmpError | None:
        """Why nothing more may be asked of this device, if so."""
        return self.stopped_by or self.budget.spent()


class Cursor:
    """The walk of one column (or subtree): what it has, and where it goes on."""

    __slots__ = ("at", "cells", "column", "error", "left", "open")

    def __init__(self, column: Oid) -> None:
        self.column = column
        self.at = column  #: the OID that was read last
        self.cells: dict[Oid, VarBind] = {}  #: by index, that is by what follows the column in the OID
        self.open = True  #: there may be more
        self.left = False  #: on purpose, though there may be more
        self.error: SnmpError | None = None  #: why it ended too early

    @property
    def complete(self) -> bool:
        return not (self.open or self.left) and self.error is None

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
                self.fail(SnmpProtocolError(f"the OIDs do not increase: {dotted(oid)} follows {dotted(self.at)}"))
        elif index in self.cells or oid == self.column:
            self.fail(SnmpProtocolError(f"the OIDs do not increase: {dotted(oid)} came twice"))
        elif len(self.cells) >= most:
            self.fail(SnmpLimitError(f"it has more rows than the limit of {most} (max_rows)"))
        else:
            self.cells[index] = varbind
            self.at = oid


@dataclass
class _Group:
    """Cursors that are moved by the same requests."""

    cursors: list[Cursor]
    repetitions: int | None = None  #: reduced after trouble; None: that of the pace
    next_only: bool = False  #: GETBULK fails even with one repetition: use GETNEXT
    replies: int = 0  #: that it got so far
    suspect: bool = False  #: split off after trouble: do not look for the right size again
    singles: Singles | None = None  #: for its first request
    brief: frozenset[Oid] = frozenset()  #: columns that are left where their table is long

    def active(self) -> list[Cursor]:
        return [cursor for cursor in self.cursors if cursor.open]

    def take(self, reply: list[VarBind], most: int, cut: bool = False) -> None:
        """Hand the variables of a reply to the columns that were asked for, in their order. cut: it was full."""
        self.replies += 1
        active = self.active()
        for place, varbind in enumerate(reply):
            cursor = active[place % len(active)]
            if cursor.open:
                cursor.take(varbind, most)
        if self.brief and cut and len(reply) <= BRIEF_REPLY:
            self._leave_brief()

    def _leave_brief(self) -> None:
        """Do not go on with the brief columns of tables of which other columns go on."""
        active = self.active()
        long = {cursor.column[:-1] for cursor in active if cursor.column not in self.brief}
        for cursor in active:
            if cursor.column in self.brief and cursor.column[:-1] in long and len(cursor.cells) >= BRIEF_ROWS:
                cursor.left, cursor.open = True, False

    def rows_left(self) -> int | None:
        """How many repetitions are enough, where other columns of the same tables are at their end; None: not known."""
        ends: dict[Oid, int] = {}
        for cursor in self.cursors:
            if cursor.complete and cursor.cells:
                ends[cursor.column[:-1]] = max(len(cursor.cells), ends.get(cursor.column[:-1], 0))
        left = [ends.get(cursor.column[:-1], -1) - len(cursor.cells) for cursor in self.active()]
        return max(left) + 1 if min(left) >= 0 else None

    def plain(self, transport: Transport, pace: Pace) -> bool:
        """Whether GETNEXT must do."""
        return self.next_only or pace.bulk_works is False or not transport.bulk

    def fail(self, error: SnmpError) -> list[_Group]:
        for cursor in self.active():
            cursor.fail(error)
        return []


def walk_columns(
    transport: Transport,
    columns: Iterable[Oid],
    pace: Pace,
    singles: Singles | None = None,
    brief: frozenset[Oid] = frozenset(),
) -> dict[Oid, Cursor]:
    """Walk the columns together, several in each request; they may be of different tables.

    singles: asked for in the first request, if there is room for all of them. brief: columns that are left after a few
    replies, if others of their table go on. Never raises SnmpError: each Cursor has the error, if its column was not
    read completely.
    """
    cursors = [Cursor(column) for column in dict.fromkeys(columns)]
    groups = [_Group(cursors[i : i + MOST_OIDS], brief=brief) for i in range(0, len(cursors), MOST_OIDS)]
    if groups and singles and 0 < len(singles.wanted) <= MOST_OIDS - len(groups[0].cursors):
        groups[0].singles = singles
    return _walk_groups(transport, groups, pace)


def _walk_groups(transport: Transport, groups: list[_Group], pace: Pace) -> dict[Oid, Cursor]:
    cursors = [cursor for group in groups for cursor in group.cursors]
    while groups:
        if pace.lanes and len(groups := _shared_out(groups, pace.lanes.most)) > 1 and not pace.stop():
            groups = _steps(groups, pace.lanes.most, pace)
        elif groups:
            groups = _step(transport, groups[0], pace) + groups[1:]
    return {cursor.column: cursor for cursor in cursors}


def walk_subtree(transport: Transport, root: Oid, pace: Pace, known: Mapping[Oid, VarBind] | None = None) -> Cursor:
    """Walk everything below an OID, whatever it is; the limit of rows counts its variables.

    known: what an earlier walk has read, by what follows the root in the OID: this one continues behind the last.
    """
    cursor = Cursor(root)
    if known:
        cursor.cells.update(known)
        cursor.at = (*root, *max(known))
    return _walk_groups(transport, [_Group([cursor])], pace)[root]


def _step(transport: Transport, group: _Group, pace: Pace) -> list[_Group]:
    """One request for a group. Returns what is still to do: the group, after trouble its parts, or nothing."""
    for cursor in group.active():
        if cursor.column[:-1] in pace.hung:
            cursor.fail(SnmpTimeout("it does not answer for this table"))
    active = group.active()
    stop = pace.stop()
    if stop or not active:
        return group.fail(stop) if stop else []
    plain = group.plain(transport, pace)
    singles, group.singles = (None if plain else group.singles), None
    enough = None if plain or group.repetitions else group.rows_left()
    repetitions = pace.repetitions(len(active))
    repetitions = 1 if plain else min(group.repetitions or enough or repetitions, repetitions)
    oids = [*(singles.before if singles else ()), *(cursor.at for cursor in active)]
    single = len(oids) - len(active)
    try:
        reply = _ask_rows(transport, oids, 0 if plain else repetitions, single)
    except SnmpError as error:
        if singles and isinstance(error, SnmpPduError):
            return [group]
        group.repetitions = repetitions
        parts = _after_trouble(transport, group, error, pace)
        return [group] if parts is None else parts
    rows = reply[single:]
    if singles:
        singles.take(reply[:single])
        rows = rows if _in_line(active, rows) else rows[: len(active)]
    _learn(group, pace, repetitions * len(active), 0 if enough else len(rows), plain)
    group.take(rows, pace.budget.limits.rows, cut=len(rows) < repetitions * len(active))
    return [group]


def _in_line(active: list[Cursor], rows: list[VarBind]) -> bool:
    """Whether the second row goes on where the first was: an agent may repeat also what is not to be repeated.

    Where no column has a second row this cannot be seen, and they are asked again.
    """
    second = rows[len(active) : 2 * len(active)]
    places = zip(active, rows, second, strict=False)
    return not second or any(
        later.oid > first.oid and later.oid[: len(cursor.column)] == cursor.column for cursor, first, later in places
    )


def _shared_out(groups: list[_Group], most: int) -> list[_Group]:
    """The groups that are not at their end; the columns of a single one, when its walk is long, in so many groups."""
    groups = [group for group in groups if group.active()]
    if len(groups) != 1 or groups[0].replies < LONG_WALK:
        return groups
    active = groups[0].active()
    return [_Group(active[first::most]) for first in range(min(most, len(active)))]


def _steps(groups: list[_Group], most: int, pace: Pace) -> list[_Group]:
    """One request for each of the first groups, all at once. Returns the groups: what was not answered is not lost."""
    first = groups[:most]
    asked = [pace.repetitions(len(group.active())) for group in first]
    requests: list[Request] = [
        partial(_ask_rows, oids=[cursor.at for cursor in group.active()], repetitions=repetitions)
        for group, repetitions in zip(first, asked, strict=True)
    ]
    learned = False
    for group, repetitions, reply in zip(first, asked, pace.at_once(requests), strict=True):
        if reply is None:
            continue
        if not learned:  # once: none of them was asked for more than another has shown to go well
            _learn(group, pace, repetitions * len(group.active()), len(reply), plain=False)
            learned = True
        group.take(reply, pace.budget.limits.rows)
    return groups


def _ask_rows(transport: Transport, oids: list[Oid], repetitions: int, single: int = 0) -> list[VarBind]:
    if repetitions:
        reply = once_more(lambda: transport.get_bulk(oids, repetitions, single))
    else:
        reply = once_more(lambda: transport.get_next(oids))
    if not reply:
        raise SnmpProtocolError("its reply is empty")
    return reply


def once_more(request: Callable[[], list[VarBind]]) -> list[VarBind]:
    """A device that was restarted returns its new time in the refusal (RFC 3414, 3.2): then the same request works."""
    try:
        return request()
    except SnmpAuthError as error:
        if error.detail != "timewindow":
            raise
    return request()


def _learn(group: _Group, pace: Pace, asked: int, got: int, plain: bool) -> None:
    """Ask for more while replies are complete; remember the size that helped after trouble."""
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
    pace.lanes = None
    active = group.active()
    repetitions = group.repetitions or 1
    timeout = isinstance(error, SnmpTimeout)
    if timeout and not alive(transport, pace):
        return group.fail(pace.stopped_by or error)
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
    """v1 has no endOfMibView: noSuchName means that one column is at its end, and names it (RFC 1157, 4.1.3)."""
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


def alive(transport: Transport, pace: Pace) -> bool:
    """Whether the agent still answers anything at all; if not, it is not asked again."""
    try:
        once_more(lambda: transport.get([SYS_UP_TIME]))
    except SnmpPduError:
        return True
    except SnmpError as error:
        stopped = isinstance(error, SnmpTimeout)
        pace.stopped_by = SnmpTimeout("it stopped answering") if stopped else error
        return False
    return True

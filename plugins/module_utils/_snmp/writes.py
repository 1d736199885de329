# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting variables of one device: read, set what differs in one request, read again. As questions.py, it is data that
travels where a task is delegated, and names nothing.

A SET is all or none (RFC 3416, 4.2.5), so it is never split. What came of it is what is read afterwards: a request that
is sent again because its answer was lost may be refused although the first one was carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeAlias

from .._common.typed_json import Rules
from .budget import Limits
from .credentials import SnmpOptions
from .errors import BackendMissing, SnmpError, SnmpPduError
from .gets import Got, get_many
from .questions import Cell, Reply, reply_of, varbind_of
from .session import MeteredTransport, Session, open_session
from .transport import Oid, VarBind
from .walks import Pace

#: RowStatus (RFC 2579)
ACTIVE, CREATE_AND_GO, CREATE_AND_WAIT, DESTROY = 1, 4, 5, 6
#: How a wanted value is compared with that of the agent, where equality is not meant.
ROW_STATUS = "row-status"  #: createAndGo means active, createAndWait any status, destroy none
BITS = "bits"  #: zeros at the end do not count
ADVISORY = "advisory"  #: TestAndIncr: sent with what differs, and counted up by the agent
RULES = ("", ROW_STATUS, BITS, ADVISORY)
#: How a row is created: by one request, by three, or by three if the agent does not take one.
GO, WAIT, AUTO = "createAndGo", "createAndWait", "auto"
#: By these an agent refuses createAndGo as such (RFC 2579), or one PDU with all columns.
_NOT_AT_ONCE = frozenset({"wrongValue", "inconsistentValue", "badValue", "genErr", "tooBig", "noCreation"})

#: Outcomes
SAME, WOULD, DONE, REFUSED, SILENT, DIFFERENT = "same", "would", "done", "refused", "silent", "different"
UNREAD = "unread"  #: the state before could not be read, and nothing was sent
OUTCOMES = (SAME, WOULD, DONE, REFUSED, SILENT, DIFFERENT, UNREAD)

_State: TypeAlias = dict[Oid, "VarBind | None"]


@dataclass(frozen=True)
class Order:
    """What to set."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    cells: list[Cell] = field(default_factory=list)  #: the variables with the values that are wanted
    rules: list[str] = field(default_factory=list)  #: one of RULES for each cell
    read: list[list[int]] = field(default_factory=list)  #: other variables to read before
    how: str = ""  #: GO, WAIT or AUTO, if a row is wanted whose RowStatus is the last cell
    check: bool = False  #: read only


@dataclass(frozen=True)
class Done:
    """What came of an Order. `before` and `after` have a Reply for each of its cells, `others` for what it reads."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    outcome: str = SAME
    before: list[Reply] = field(default_factory=list)
    others: list[Reply] = field(default_factory=list)
    after: list[Reply] = field(default_factory=list)  #: empty if nothing was sent
    differing: list[int] = field(default_factory=list)  #: the places of the cells that differed
    refusal: str = ""  #: the error-status of the agent, or why there is no answer
    blamed: int = -1  #: the place of the cell that the agent names; -1: none
    how: str = ""  #: how a row was created
    backend: str = ""
    attempt: dict[str, Any] | None = None
    statistics: dict[str, Any] = field(default_factory=dict)

    def check(self, order: Order) -> None:
        """Raises ValueError for what does not belong to this order: it may come from another host."""
        size = len(order.cells)
        if len(self.before) != size or len(self.others) != len(order.read) or len(self.after) not in (0, size):
            raise ValueError("it does not belong to the order")
        if self.outcome not in OUTCOMES or not all(0 <= place < size for place in self.differing):
            raise ValueError("it has no such outcome")
        if not -1 <= self.blamed < size:
            raise ValueError("it blames nothing that was set")


def write(host: str, options: SnmpOptions, order: Order, limits: Limits) -> Done:
    """Raises SnmpError if the device does not answer at all, or the backend cannot set; nothing was sent then."""
    with open_session(host, options, limits) as session:
        done = _Writing(session, order).done()
        return replace(done, backend=session.backend, attempt=session.attempt, statistics=session.statistics)


def holds(wanted: VarBind, rule: str, found: VarBind | None) -> bool:
    """Whether the agent has what is wanted.

    :param found: None if the agent has no such variable.
    """
    if rule == ADVISORY:
        return True
    if rule == ROW_STATUS and wanted.value == DESTROY:
        return found is None
    if found is None:
        return False
    if rule == ROW_STATUS and wanted.value in (CREATE_AND_GO, CREATE_AND_WAIT):
        return found.value == ACTIVE if wanted.value == CREATE_AND_GO else True
    if rule == BITS and isinstance(wanted.value, bytes) and isinstance(found.value, bytes):
        return wanted.value.rstrip(b"\0") == found.value.rstrip(b"\0")
    return (wanted.kind, wanted.value) == (found.kind, found.value)


def state_of(reply: Reply) -> VarBind | None:
    """The variable of a reply, None if the agent has none. Raises ValueError if it was not read, or is damaged."""
    if reply.cell is None:
        raise ValueError(reply.error or "it was not read")
    found = varbind_of(reply.cell)
    return None if found.value is None else found


class _NotSet(Exception):
    """A SET that was not carried out, or of which that is not known."""

    def __init__(self, error: SnmpError, blamed: int = -1) -> None:
        super().__init__(str(error))
        self.status = error.status if isinstance(error, SnmpPduError) else ""
        self.blamed = blamed


class _Writing:
    """One order, in one session."""

    def __init__(self, session: Session, order: Order) -> None:
        self._transport: MeteredTransport = session.transport
        self._pace = Pace(session.budget)
        self._order = order
        self._wanted = [varbind_of(cell) for cell in order.cells]
        self._rules = order.rules
        self._how = ""

    def done(self) -> Done:
        got = self._read()
        before = [reply_of(varbind.oid, got) for varbind in self._wanted]
        others = [reply_of(tuple(oid), got) for oid in self._order.read]
        seen = Done(before=before, others=others)
        if any(reply.cell is None for reply in before):
            return replace(seen, outcome=UNREAD)
        state = self._state(before)
        differing = self._differing(state)
        seen = replace(seen, differing=differing)
        if not differing or self._order.check:
            return replace(seen, outcome=WOULD if differing else SAME)
        return self._carried_out(seen, state)

    def _carried_out(self, seen: Done, state: _State) -> Done:
        problem: _NotSet | None = None
        try:
            self._set_all(seen.differing, state)
        except _NotSet as error:
            problem = error
        got = self._read(others=False)
        after = [reply_of(varbind.oid, got) for varbind in self._wanted]
        unread = any(reply.cell is None for reply in after)
        seen = replace(seen, after=after, how=self._how)
        if not unread and not self._differing(self._state(after)):
            return replace(seen, outcome=DONE, refusal=str(problem) if problem and not problem.status else "")
        if problem:
            outcome = REFUSED if problem.status else SILENT
            return replace(seen, outcome=outcome, refusal=problem.status or str(problem), blamed=problem.blamed)
        return replace(seen, outcome=SILENT if unread else DIFFERENT, refusal="it was not read again" if unread else "")

    def _read(self, others: bool = True) -> Got:
        oids = [varbind.oid for varbind in self._wanted]
        return get_many(self._transport, oids + [tuple(oid) for oid in self._order.read if others], self._pace)

    def _state(self, replies: Sequence[Reply]) -> _State:
        return {varbind.oid: state_of(reply) for varbind, reply in zip(self._wanted, replies, strict=True)}

    def _differing(self, state: _State) -> list[int]:
        found = enumerate(zip(self._wanted, self._rules, strict=True))
        return [place for place, (wanted, rule) in found if not holds(wanted, rule, state[wanted.oid])]

    def _set_all(self, differing: list[int], state: _State) -> None:
        """Raises _NotSet."""
        advisory = [place for place, rule in enumerate(self._rules) if rule == ADVISORY]
        places = sorted([*differing, *advisory])
        status = self._wanted[-1]
        if not self._order.how or state[status.oid] is not None:
            self._set([self._sent(place, state) for place in places], places)
            return
        last = len(self._wanted) - 1
        self._how = self._order.how if self._order.how != AUTO else GO
        if self._how == GO:
            try:
                self._set([self._sent(place, state) for place in places], places)
                return
            except _NotSet as error:
                at_once = error.blamed in (-1, last) and error.status in _NOT_AT_ONCE
                if self._order.how == GO or not at_once:
                    raise
            self._how = WAIT
        self._in_three(places[:-1], last)

    def _in_three(self, columns: list[int], last: int) -> None:
        """The row, its columns, and that it is active (RFC 2579, RowStatus). It is removed again if that fails."""
        status = self._wanted[last]
        self._set([status._replace(value=CREATE_AND_WAIT)], [last])
        try:
            if columns:
                self._set([self._wanted[place] for place in columns], columns)
            self._set([status._replace(value=ACTIVE)], [last])
        except _NotSet as error:
            if error.status:
                self._remove(status)
            raise

    def _remove(self, status: VarBind) -> None:
        try:
            self._set([status._replace(value=DESTROY)], [-1])
        except _NotSet:
            # What is left of it is read again, and reported.
            return

    def _sent(self, place: int, state: _State) -> VarBind:
        """The variable as it is sent: a row that exists is not created, but made active."""
        wanted = self._wanted[place]
        exists = state[wanted.oid] is not None
        if self._rules[place] == ROW_STATUS and wanted.value == CREATE_AND_GO and exists:
            return wanted._replace(value=ACTIVE)
        return wanted

    def _set(self, varbinds: list[VarBind], places: list[int]) -> None:
        try:
            self._transport.set(varbinds)
        except BackendMissing:
            raise
        except SnmpPduError as error:
            blamed = places[error.index - 1] if 1 <= error.index <= len(places) else -1
            raise _NotSet(error, blamed) from None
        except SnmpError as error:
            raise _NotSet(error) from None

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which a device's SNMP agent goes wrong, each as an agent that does it to any recording.

`FAULTS` is for the fault matrix (tests/faults_snmp.py): name -> a function of a Box that returns its agent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from .fault_agent import GET_BULK, Fault, FaultAgent, Oid, Raw, Request, encode_oid
from .fault_agent_v3 import UserAgent

#: What a reader of these agents should wait for, in seconds.
TIMEOUT = 0.25
#: A request for more variables is a large one.
_LARGE = 9
#: Octets of a reply from which on a narrow path cuts it.
_NARROW = 600
#: Columns of serials: ENTITY-MIB, JUNIPER-MIB, TIMETRA-CHASSIS-MIB.
_SERIALS: tuple[Oid, ...] = (
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11),
    (1, 3, 6, 1, 4, 1, 2636, 3, 1, 8, 1, 7),
    (1, 3, 6, 1, 4, 1, 6527, 3, 1, 2, 2, 1, 8, 1, 5),
)


@dataclass(frozen=True)
class Box:
    """A device: what its agent returns, and which serials are in it."""

    varbinds: Sequence[tuple[Oid, str, Any]]
    serials: frozenset[str]

    @cached_property
    def cells(self) -> list[Oid]:
        """All cells of the column in which most of its serials stand."""
        oids = [oid for oid, _kind, _value in self.varbinds]
        columns = [[oid for oid in oids if oid[:-1][: len(column)] == column] for column in _SERIALS]
        longest = max(range(len(columns)), key=lambda place: len(columns[place]))
        return sorted(columns[longest])

    @cached_property
    def middle(self) -> Oid:
        """The cell in the middle of that column, where most faults strike."""
        return self.cells[len(self.cells) // 2]

    @property
    def column(self) -> Oid:
        return next(column for column in _SERIALS if self.middle[: len(column)] == column)


Maker = Callable[[Box], FaultAgent]


def healthy(box: Box) -> FaultAgent:
    """The agent without a fault."""
    return FaultAgent(box.varbinds)


def _with(fault: Fault) -> Maker:
    return lambda box: FaultAgent(box.varbinds, fault)


def _silent(_request: Request, _reply: bytes) -> list[bytes]:
    return []


class _Absent(FaultAgent):
    """Nobody listens on its port."""

    def __enter__(self) -> Self:
        self._socket.close()
        return self

    def __exit__(self, *_exception: object) -> None:
        pass


def _dies(box: Box) -> FaultAgent:
    """Answers until the middle of its table is asked for, and never again."""
    forbidden, dead = encode_oid(box.middle), False

    def fault(_request: Request, reply: bytes) -> list[bytes]:
        nonlocal dead
        dead = dead or forbidden in reply
        return [] if dead else [reply]

    return FaultAgent(box.varbinds, fault)


def _mute_row(box: Box) -> FaultAgent:
    """Never returns the middle of its table, but all else."""
    forbidden = encode_oid(box.middle)
    return FaultAgent(box.varbinds, lambda _request, reply: [] if forbidden in reply else [reply])


class _Ordered(FaultAgent):
    """An agent that returns one column in an order of its own."""

    following: dict[Oid, Oid]

    def after(self, oid: Oid) -> Oid | None:
        return self.following.get(oid) or super().after(oid)


def _ordered(box: Box, following: dict[Oid, Oid]) -> FaultAgent:
    agent = _Ordered(box.varbinds)
    agent.following = following
    return agent


def _unsorted(box: Box) -> FaultAgent:
    """Every second row first, then the others."""
    cells = [*box.cells[::2], *box.cells[1::2]]
    behind = min(oid for oid, _kind, _value in box.varbinds if oid > box.cells[-1])
    return _ordered(box, dict(zip([box.column, *cells], [*cells, behind], strict=True)))


def _error(status: str, concerns: Callable[[Box, Request], bool]) -> Maker:
    """Requests that the agent answers with an error-status."""
    return lambda box: FaultAgent(
        box.varbinds, lambda request, reply: [request.error(status) if concerns(box, request) else reply]
    )


def _large(_box: Box, request: Request) -> bool:
    return request.size > _LARGE


def _in_table(box: Box, request: Request) -> bool:
    entry = box.column[:-1]
    return any(oid[: len(entry)] == entry for oid in request.oids)


def _is_bulk(_box: Box, request: Request) -> bool:
    return request.pdu == GET_BULK


def _late(box: Box) -> FaultAgent:
    """Before each reply comes the one to the request before."""
    last: list[bytes] = []

    def fault(_request: Request, reply: bytes) -> list[bytes]:
        datagrams = [*last, reply]
        last[:] = [reply]
        return datagrams

    return FaultAgent(box.varbinds, fault)


def _lossy(box: Box) -> FaultAgent:
    return FaultAgent(box.varbinds, lambda request, reply: [] if request.number % 20 == 2 else [reply])


def _slow(seconds: float) -> Maker:
    def fault(_request: Request, reply: bytes) -> list[bytes]:
        time.sleep(seconds)
        return [reply]

    return _with(fault)


def _odd_value(odd: Raw) -> Maker:
    """A cell of the table that cannot be decoded: a number, or where the row has none the serial."""

    def make(box: Box) -> FaultAgent:
        entry, index = box.column[:-1], box.middle[len(box.column) :]
        row = [oid for oid, kind, _v in box.varbinds if oid[: len(entry)] == entry and oid[len(entry) + 1 :] == index]
        numbers = [oid for oid, kind, _value in box.varbinds if oid in row and kind == "int"]
        spoilt = numbers[0] if numbers else box.middle
        return FaultAgent([(oid, kind, odd if oid == spoilt else value) for oid, kind, value in box.varbinds])

    return make


def _booting(box: Box) -> FaultAgent:
    """Only the system group is there yet."""
    return FaultAgent([varbind for varbind in box.varbinds if varbind[0][:7] == (1, 3, 6, 1, 2, 1, 1)])


def _user(**options: Any) -> Maker:
    return lambda box: UserAgent(box.varbinds, **options)


def _restarted(box: Box) -> FaultAgent:
    """Restarts as it comes to the middle of its table."""
    passed = encode_oid(box.middle)

    def fault(_request: Request, reply: bytes) -> list[bytes]:
        nonlocal passed
        if passed and passed in reply:
            passed = b""
            agent.restart()
            return []
        return [reply]

    agent = UserAgent(box.varbinds, fault)
    return agent


FAULTS: dict[str, Maker] = {
    "no answer": _with(_silent),
    "nobody on the port": lambda box: _Absent(box.varbinds),
    "wrong community": lambda box: FaultAgent(box.varbinds, community="another"),
    "v3: unknown user": _user(username="somebody"),
    "v3: wrong passphrase": _user(passphrase="another-one"),
    "v3: restart in mid-table": _restarted,
    "dies in mid-table": _dies,
    "one row is never told": _mute_row,
    "OIDs in a loop": lambda box: _ordered(box, {box.middle: box.cells[0]}),
    "the same OID for ever": lambda box: _ordered(box, {box.middle: box.middle}),
    "back to the first OID": lambda box: _ordered(box, {box.middle: min(oid for oid, _k, _v in box.varbinds)}),
    "rows out of order": _unsorted,
    "tooBig": _error("tooBig", _large),
    "genErr for large replies": _error("genErr", _large),
    "genErr in one table": _error("genErr", _in_table),
    "genErr without GETBULK": _error("genErr", _is_bulk),
    "silence to large ones": _with(lambda request, reply: [] if request.size > _LARGE else [reply]),
    "replies cut in mid-row": lambda box: FaultAgent(box.varbinds, reply_octets=484),
    "replies of 64 kB": lambda box: FaultAgent(box.varbinds, reply_octets=60000),
    "large replies truncated": _with(lambda _request, reply: [reply[:_NARROW]]),
    "garbage before the reply": _with(lambda _request, reply: [b"\xff" * 40, reply[: len(reply) // 2], reply]),
    "another request's id": _with(lambda request, reply: [request.reply([], id_offset=1), reply]),
    "each reply twice": _with(lambda _request, reply: [reply, reply]),
    "late replies": _late,
    "5 % of loss": _lossy,
    "slow": _slow(TIMEOUT / 8),
    "slower than the time-out": _slow(TIMEOUT * 1.2),
    "a number of nine octets": _odd_value(Raw(0x02, b"\x01" * 9)),
    "booting, tables empty": _booting,
}

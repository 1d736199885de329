# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a draft is made of: the standard tables and the vendor's subtree, within a budget, in several runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .._recordings.not_recorded import NOT_RECORDED
from .._recordings.recorder import COMMON_ROOTS, AroundHoles, write_recording
from .._snmp.budget import Budget, Limits, Meter
from .._snmp.enterprises import ENTERPRISES, answering_enterprises, enterprise_of
from .._snmp.errors import RecordingError, SnmpError, SnmpLimitError
from .._snmp.recording import MOST_VARIABLES, Recording, load_recording
from .._snmp.transport import EXCEPTIONS, Oid, Transport, VarBind, dotted
from .._snmp.walks import Pace, walk_subtree
from .device import NO_VENDORS, SYSTEM

#: Enterprises that are read: an agent may have the tables of the maker of its board, its chip and its software.
_MOST_ENTERPRISES = 16
#: Octets of all texts.
_MOST_OCTETS = 64 * 1024 * 1024
#: By which a device is recognised in the next run.
_WHO = ((*SYSTEM, 1, 0), (*SYSTEM, 2, 0))


@dataclass(frozen=True)
class ReadingBudget:
    """Where one run of reading ends."""

    variables: int
    seconds: int
    requests: int


@dataclass
class Read:
    """What was read, in this run and in those before."""

    varbinds: dict[Oid, VarBind] = field(default_factory=dict)
    stopped: str | None = None  #: which part of the budget is spent, and where
    incomplete: list[str] = field(default_factory=list)  #: subtrees that did not answer completely, with the reason
    resumed: int = 0  #: variables of the runs before

    def recording(self) -> Recording:
        """As if it were a file."""
        oids = sorted(self.varbinds)
        return Recording("what was read", {oid: self.varbinds[oid] for oid in oids}, 0, oids)


class _Counted:
    """A transport that ends after so many requests."""

    threads = False

    def __init__(self, transport: Transport, most: int) -> None:
        self.max_message = transport.max_message
        self.bulk = transport.bulk
        self._transport = transport
        self._end = transport.requests + most

    @property
    def requests(self) -> int:
        return self._transport.requests

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check()
        return self._transport.get(oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check()
        return self._transport.get_next(oids)

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        self._check()
        return self._transport.get_bulk(oids, max_repetitions, non_repeaters)

    def close(self) -> None:
        self._transport.close()

    def _check(self) -> None:
        if self._transport.requests >= self._end:
            raise SnmpLimitError("it takes more requests than the budget has (max_requests)")


def read_vendor(transport: Transport, meter: Meter, budget: ReadingBudget, kept: Path | None = None) -> Read:
    """Read the standard tables, then the enterprise of sysObjectID, then the others that answer.

    kept: where an earlier run left what it had read; this one continues there.
    """
    limits = Limits(
        rows=MOST_VARIABLES,
        seconds=budget.seconds,
        values=meter.values + budget.variables,
        octets=meter.octets + _MOST_OCTETS,
        cpu_seconds=math.inf,
    )
    pace = Pace(Budget(limits, meter))
    counted = _Counted(transport, budget.requests)
    around = AroundHoles(counted, NOT_RECORDED)
    read = Read()
    _walk(around, [SYSTEM], pace, read)
    if kept:
        _resume(read, kept)
    _walk(around, [root for root in COMMON_ROOTS if root != SYSTEM], pace, read)
    if not read.stopped:
        _walk(around, _enterprises(counted, read), pace, read)
    return read


def keep(read: Read, path: Path) -> None:
    """Keep for the next run what was read in this one, as it is; nothing where this one was complete.

    Raises RecordingError.
    """
    if read.stopped:
        write_recording(path, [read.varbinds[oid] for oid in sorted(read.varbinds)])
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _resume(read: Read, path: Path) -> None:
    """Take what an earlier run kept, if it is of the same device."""
    if not path.exists():
        return
    try:
        known = load_recording(path).varbinds
    except RecordingError:
        return
    if all(_value(known, oid) == _value(read.varbinds, oid) for oid in _WHO):
        read.resumed = len(known)
        read.varbinds = {**known, **read.varbinds}


def _value(varbinds: Mapping[Oid, VarBind], oid: Oid) -> object:
    found = varbinds.get(oid)
    return found.value if found else None


def _walk(transport: Transport, roots: Iterable[Oid], pace: Pace, read: Read) -> None:
    """Read subtrees, each from where an earlier run ended, until the budget is spent."""
    for root in roots:
        if read.stopped:
            return
        known = {oid[len(root) :]: varbind for oid, varbind in read.varbinds.items() if oid[: len(root)] == root}
        cursor = walk_subtree(transport, root, pace, known)
        read.varbinds.update({varbind.oid: varbind for varbind in cursor.cells.values()})
        where = dotted(root)
        if isinstance(cursor.error, SnmpLimitError) or (cursor.error and pace.budget.spent()):
            read.stopped = f"{where}: {cursor.error}"
        elif cursor.error:
            read.incomplete.append(f"{where}: {cursor.error}")


def _enterprises(transport: Transport, read: Read) -> list[Oid]:
    """The enterprises that answer, that of sysObjectID first."""
    identity = _value(read.varbinds, _WHO[1])
    own = enterprise_of(identity) if isinstance(identity, tuple) else None
    answering = answering_enterprises(partial(_behind, transport), _MOST_ENTERPRISES)
    found = dict.fromkeys([*([] if own is None else [own]), *answering])
    return [(*ENTERPRISES, number) for number in found if number not in NO_VENDORS]


def _behind(transport: Transport, oid: Oid) -> Oid | None:
    """The OID of the variable behind another; None where there is none, or no answer."""
    try:
        (varbind,) = transport.get_next([oid])
    except (SnmpError, ValueError):
        return None
    return None if varbind.kind in EXCEPTIONS else varbind.oid

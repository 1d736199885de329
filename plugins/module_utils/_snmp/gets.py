# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many variables by GET or GETNEXT, in requests of a size that the agent bears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, islice

from .errors import SnmpError, SnmpPduError, SnmpProtocolError, SnmpTimeout
from .transport import EXCEPTIONS, Oid, Transport, VarBind, octets_of
from .walks import MOST_OIDS, Pace, alive, once_more

#: Variables in one GET at most, of an agent that has answered one of MOST_OIDS, or returned as many otherwise.
MOST_SMALL = 64
#: Octets that a variable is expected to have of which nothing is known.
UNKNOWN_OCTETS = 36
#: How much more than GET_OCTETS may be asked for with the last request.
LAST_ONE = 1.1
#: Instances of a column that was walked that are looked at, for their size.
SAMPLE = 8
#: Variables in one GET as a rule, except for the first, where texts are among them.
USUAL = 36


@dataclass
class Got:
    """The outcome of a GET or GETNEXT of many variables, by the OID that was asked for."""

    following: bool = False  #: it is a GETNEXT
    varbinds: dict[Oid, VarBind] = field(default_factory=dict)  #: what is there
    absent: dict[Oid, VarBind] = field(default_factory=dict)  #: what is not; kind: one of EXCEPTIONS, or noSuchName
    errors: dict[Oid, SnmpError] = field(default_factory=dict)  #: variables that could not be asked for, and why

    def take(self, asked: list[Oid], reply: list[VarBind]) -> None:
        """Add the variables of a reply that were asked for."""
        if self.following:
            found = dict(zip(asked, reply, strict=False))
        else:
            wanted = set(asked)
            found = {varbind.oid: varbind for varbind in reply if varbind.oid in wanted}
        for oid, varbind in found.items():
            (self.absent if varbind.kind in EXCEPTIONS else self.varbinds)[oid] = varbind

    def no_such_name(self, oid: Oid) -> None:
        """Note what SNMPv1 reports by an error (RFC 1157, 4.1.2)."""
        self.absent[oid] = VarBind(oid, "endOfMib" if self.following else "noSuchName", None)


def get_many(
    transport: Transport,
    oids: Sequence[Oid],
    pace: Pace,
    following: bool = False,
    objects: Mapping[Oid, Oid] | None = None,
) -> Got:
    """GET any number of variables, in requests of a size that the agent bears. Never raises SnmpError.

    following: by GETNEXT, the variable behind each OID. objects: of what each is an instance, such as its column: the
    instances of one are about as large. By default all of the OID but its last number.
    """
    got = Got(following)
    objects = objects or {oid: oid[:-1] for oid in oids}
    chunks = [_get_at_once(list(dict.fromkeys(oids)), pace, got)]
    while chunks:
        chunk = chunks.pop(0)
        most = _fitting(chunk, pace, objects)
        if len(chunk) > most:
            chunks[:0] = [chunk[:most], chunk[most:]]
            continue
        stop = pace.stop()
        if stop:
            got.errors.update(dict.fromkeys(chunk, stop))
            continue
        try:
            reply = _get(transport, chunk, got.following) if chunk else []
        except SnmpError as error:
            chunks[:0] = _after_get_trouble(transport, chunk, error, pace, got)
            continue
        got.take(chunk, reply)
        _learn(pace, objects, chunk, reply)
    return got


def _fitting(oids: Sequence[Oid], pace: Pace, objects: Mapping[Oid, Oid]) -> int:
    """How many of the variables to ask for at once, by how large those of the same objects were.

    A little more than should fit, where that is all of them.
    """
    large = pace.oids > MOST_OIDS or (pace.large_gets and pace.oids == MOST_OIDS)
    most = MOST_SMALL if large else pace.oids
    octets = [_expected(objects[oid], pace) for oid in oids[:most]]
    if len(oids) <= most and sum(octets) <= pace.get_octets * LAST_ONE:
        return most
    fitting = sum(total <= pace.get_octets for total in accumulate(octets))
    return max(1, fitting)


def _expected(column: Oid, pace: Pace) -> int:
    octets, count = pace.sizes.get(column, (0, 0))
    return octets // count if count else UNKNOWN_OCTETS


def _learn(pace: Pace, objects: Mapping[Oid, Oid], asked: Sequence[Oid], reply: Sequence[VarBind]) -> None:
    pace.large_gets = pace.large_gets or len(asked) >= MOST_OIDS
    for oid, varbind in zip(asked, reply, strict=False):
        octets, count = pace.sizes.get(objects[oid], (0, 0))
        if count < SAMPLE:
            pace.sizes[objects[oid]] = (octets + octets_of(varbind), count + 1)


def note_sizes(pace: Pace, column: Oid, varbinds: Iterable[VarBind]) -> None:
    """Remember how large instances of an object are, of many the first ones."""
    some = [octets_of(varbind) for varbind in islice(varbinds, SAMPLE)]
    octets, count = pace.sizes.get(column, (0, 0))
    pace.sizes[column] = (octets + sum(some), count + len(some))


def requests_for(variables: int, pace: Pace) -> int:
    """How many requests a GET of so many variables will take."""
    further = USUAL if pace.oids >= MOST_OIDS else pace.oids
    return bool(variables) + max(0, -(-(variables - pace.oids) // further))


def _get_at_once(oids: list[Oid], pace: Pace, got: Got) -> list[Oid]:
    """Several GETs at once, as long as that goes well. Returns what is still to ask for."""
    while pace.lanes and len(oids) > pace.oids and not pace.stop():
        chunks = [oids[first : first + pace.oids] for first in range(0, len(oids), pace.oids)]
        now = chunks[: pace.lanes.most]
        oids = [oid for chunk in chunks[len(now) :] for oid in chunk]
        for chunk, reply in zip(now, _at_once(now, pace, got), strict=True):
            if reply is None:
                oids = chunk + oids
            else:
                got.take(chunk, reply)
    return oids


def _at_once(chunks: list[list[Oid]], pace: Pace, got: Got) -> list[list[VarBind] | None]:
    return pace.at_once([partial(_get, oids=chunk, following=got.following) for chunk in chunks])


def _get(transport: Transport, oids: list[Oid], following: bool) -> list[VarBind]:
    return once_more(lambda: transport.get_next(oids) if following else transport.get(oids))


def _after_get_trouble(
    transport: Transport, chunk: list[Oid], error: SnmpError, pace: Pace, got: Got
) -> list[list[Oid]]:
    """What is still to ask for, in smaller pieces or without the variable that is to blame."""
    pace.lanes = None
    if isinstance(error, SnmpTimeout) and not alive(transport, pace):
        return [chunk]
    if not isinstance(error, SnmpTimeout | SnmpPduError | SnmpProtocolError):
        pace.stopped_by = error
        return [chunk]
    status = error.status if isinstance(error, SnmpPduError) else None
    if isinstance(error, SnmpPduError) and status != "tooBig" and 1 <= error.index <= len(chunk):
        culprit = chunk[error.index - 1]
        _blame(culprit, error, got)
        return [[oid for oid in chunk if oid != culprit]]
    half = len(chunk) // 2
    if half:
        if status in (None, "tooBig") and len(chunk) > MOST_OIDS:
            pace.get_octets = pace.get_octets * 3 // 4
        elif status in (None, "tooBig"):
            pace.oids = half
        return [chunk[:half], chunk[half:]]
    _blame(chunk[0], error, got)
    pace.oids = MOST_OIDS  # it was this one variable, not the size
    return []


def _blame(oid: Oid, error: SnmpError, got: Got) -> None:
    if isinstance(error, SnmpPduError) and error.status == "noSuchName":
        got.no_such_name(oid)
    else:
        got.errors[oid] = error

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many variables by GET, in requests of a size that the agent bears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from .errors import SnmpError, SnmpPduError, SnmpProtocolError, SnmpTimeout
from .transport import EXCEPTIONS, Oid, Transport, VarBind
from .walks import MOST_OIDS, Pace, alive, once_more


@dataclass
class Got:
    """The outcome of a GET of many variables."""

    varbinds: dict[Oid, VarBind] = field(default_factory=dict)  #: by the OID that was asked for; what is missing is not
    errors: dict[Oid, SnmpError] = field(default_factory=dict)  #: variables that could not be asked for, and why

    def take(self, asked: list[Oid], reply: list[VarBind]) -> None:
        """Add the variables of a reply that were asked for and are there."""
        self.varbinds.update({v.oid: v for v in reply if v.kind not in EXCEPTIONS and v.oid in asked})


def get_many(transport: Transport, oids: Sequence[Oid], pace: Pace) -> Got:
    """GET any number of variables, in requests of a size that the agent bears. Never raises SnmpError."""
    got = Got()
    chunks = [_get_at_once(list(dict.fromkeys(oids)), pace, got)]
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
            reply = _get(transport, chunk) if chunk else []
        except SnmpError as error:
            chunks[:0] = _after_get_trouble(transport, chunk, error, pace, got)
            continue
        got.take(chunk, reply)
    return got


def _get_at_once(oids: list[Oid], pace: Pace, got: Got) -> list[Oid]:
    """Several GETs at once, as long as that goes well. Returns what is still to ask for."""
    while pace.lanes and len(oids) > pace.oids and not pace.stop():
        chunks = [oids[first : first + pace.oids] for first in range(0, len(oids), pace.oids)]
        now = chunks[: pace.lanes.most]
        oids = [oid for chunk in chunks[len(now) :] for oid in chunk]
        for chunk, reply in zip(now, pace.at_once([partial(_get, oids=chunk) for chunk in now]), strict=True):
            if reply is None:
                oids = chunk + oids
            else:
                got.take(chunk, reply)
    return oids


def _get(transport: Transport, oids: list[Oid]) -> list[VarBind]:
    return once_more(lambda: transport.get(oids))


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

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a recording (.snmprec) of a device, so that it can be read again where the device is not."""

from __future__ import annotations

import gzip
import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .._common.files import write_whole
from .._snmp.budget import Budget, Meter
from .._snmp.errors import RecordingError, SnmpProtocolError
from .._snmp.recording import KINDS
from .._snmp.transport import EXCEPTIONS, Oid, Transport, VarBind, dotted
from .._snmp.walks import Pace, walk_subtree
from .limits import LIMITS
from .masked_credentials import without_credentials
from .masking import mask
from .not_recorded import NOT_RECORDED

#: What every recording holds, whatever the device: the system group (RFC 3418), ifDescr and ifName (RFC 2863),
#: and ENTITY-MIB (RFC 6933): entityPhysical, entityMapping, entityGeneral.
COMMON_ROOTS: tuple[Oid, ...] = (
    (1, 3, 6, 1, 2, 1, 1),
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 2),
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1),
    (1, 3, 6, 1, 2, 1, 47, 1, 1),
    (1, 3, 6, 1, 2, 1, 47, 1, 3),
    (1, 3, 6, 1, 2, 1, 47, 1, 4),
)

#: Never recorded, not even where a reader asks for them: entLogicalCommunity (RFC 6933), and everything below
#: snmpModules (communities, users, targets).
SECRET_ROOTS: tuple[Oid, ...] = ((1, 3, 6, 1, 2, 1, 47, 1, 2, 1, 1, 4), (1, 3, 6, 1, 6, 3))

_TAGS = {kind: tag for tag, kind in KINDS.items()}


@dataclass
class Recorded:
    """The outcome of a recording."""

    path: str
    varbinds: int
    #: subtrees that could not be read completely, each with the reason, in words
    incomplete: list[str] = field(default_factory=list)
    look_alikes: int = 0  #: different serials that were replaced
    left: list[str] = field(default_factory=list)  #: serials that a reader found and that could not be replaced


def record(
    transport: Transport,
    roots: Iterable[Oid],
    path: str | Path,
    masked: bool = True,
    serials: Iterable[str] = (),
    secrets: Iterable[str] = (),
    meter: Meter | None = None,
    columns: Mapping[Oid, str] | None = None,
    names: Iterable[str] = (),
    parts: Iterable[str] = (),
) -> Recorded:
    """Walk COMMON_ROOTS and these subtrees to their ends and write them to path (compressed if it ends with .gz).

    columns: what a reader asked for, each with its word for it (Agent.asked()); it is recorded too.
    masked: serial numbers and what reveals whose device it is are replaced (masking.py); `serials`, `names` and `parts`
    are the known ones (see mask()). secrets: removed in any case; some vendors list them in their tables.
    A failure in a subtree is in the outcome; what was read of it is written. Nothing below SECRET_ROOTS is ever
    written, nor below NOT_RECORDED unless a reader asked for it.
    Raises RecordingError when the file cannot be written, or the device returned nothing.
    """
    columns = columns or {}
    varbinds, incomplete = _walk(transport, roots, columns, meter or Meter())
    if not varbinds:
        reasons = "; ".join(incomplete) or "no rows"
        raise RecordingError(f"{path} was not written: the device returned nothing ({reasons}).")
    recorded = Recorded(str(path), 0, incomplete)
    varbinds = without_credentials(varbinds, secrets)
    if masked:
        found = mask(varbinds, serials, columns=columns, names=names, parts=parts)
        recorded.look_alikes, recorded.left = found.look_alikes, found.left
        varbinds = sorted(found.varbinds, key=lambda varbind: varbind.oid)
    recorded.varbinds = len(varbinds)
    write_recording(path, varbinds)
    return recorded


def _walk(
    transport: Transport, roots: Iterable[Oid], columns: Iterable[Oid], meter: Meter
) -> tuple[list[VarBind], list[str]]:
    """The variables below all roots, sorted, and the roots that could not be read completely, each with the reason."""
    pace = Pace(Budget(LIMITS, meter))
    around = AroundHoles(transport, NOT_RECORDED)
    asked = [_root_of(oid) for oid in columns]
    inside = [root for root in asked if _below(root, NOT_RECORDED)]
    varbinds: dict[Oid, VarBind] = {}
    incomplete = []
    for root in dict.fromkeys([*_outermost([*COMMON_ROOTS, *roots, *asked]), *_outermost(inside)]):
        cursor = walk_subtree(transport if _below(root, inside) else around, root, pace)
        varbinds.update({varbind.oid: varbind for varbind in cursor.cells.values()})
        if cursor.error:
            incomplete.append(f"{dotted(root)}: {cursor.error}")
    return [varbinds[oid] for oid in sorted(varbinds) if not _below(oid, SECRET_ROOTS)], incomplete


def _root_of(oid: Oid) -> Oid:
    """What is walked for a column or scalar: in a vendor's table the whole table, elsewhere (ifTable) only itself."""
    return oid[:-1] if oid[:6] == (1, 3, 6, 1, 4, 1) else oid


class AroundHoles:
    """A transport for the walk of one subtree at a time that leaves these subtrees out (the holes).

    After a hole the walk continues at the hole's next sibling, so that what is in it is not even transferred, except
    for the rest of the reply in which it begins.
    """

    threads = False

    def __init__(self, transport: Transport, holes: Iterable[Oid]) -> None:
        self.max_message = transport.max_message
        self.bulk = transport.bulk
        self._transport = transport
        self._holes = sorted(holes)

    @property
    def requests(self) -> int:
        return self._transport.requests

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._transport.get(oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return [self._outside(oid, 0)[0] for oid in oids]

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        (oid,) = oids  # replies for several subtrees would lose their order
        return self._outside(oid, max_repetitions)

    def close(self) -> None:
        self._transport.close()

    def _outside(self, oid: Oid, repetitions: int) -> list[VarBind]:
        """The variables behind an OID, up to a hole; where a hole begins right there, those behind the hole."""
        while True:
            reply = self._transport.get_bulk([oid], repetitions) if repetitions else self._transport.get_next([oid])
            seen = []
            for varbind in reply:
                hole = None if varbind.kind in EXCEPTIONS else self._hole(varbind.oid)
                if hole is None:
                    seen.append(varbind)
                elif seen:
                    break
                elif _behind(hole) <= oid:
                    raise SnmpProtocolError(f"the OIDs do not increase: {dotted(varbind.oid)} follows {dotted(oid)}")
                else:
                    oid = _behind(hole)
                    break
            if seen or not reply:
                return seen

    def _hole(self, oid: Oid) -> Oid | None:
        """The hole that an OID is in."""
        place = bisect_right(self._holes, oid) - 1
        found = self._holes[place] if place >= 0 else ()
        return found if found and oid[: len(found)] == found else None


def _behind(hole: Oid) -> Oid:
    """The next sibling of a subtree: no variable itself, since those have an index, or .0."""
    return (*hole[:-1], hole[-1] + 1)


def write_recording(path: str | Path, varbinds: Iterable[VarBind]) -> None:
    """Write variables as .snmprec, whole or not at all, readable by their owner only. Raises RecordingError."""
    content = "".join(_line(varbind) for varbind in varbinds).encode("ascii")
    try:
        write_whole(Path(path), gzip.compress(content, mtime=0) if str(path).endswith(".gz") else content)
    except OSError as error:
        raise RecordingError(f"{path} cannot be written: {error.strerror}.") from None


def _line(varbind: VarBind) -> str:
    tag, value = str(_TAGS[varbind.kind]), varbind.value
    if isinstance(value, tuple):
        text = dotted(value)
    elif isinstance(value, bytes):
        if varbind.kind == "ip" and len(value) == 4:
            text = str(ipaddress.IPv4Address(value))
        elif varbind.kind == "octets" and value.isascii() and value.decode("ascii").isprintable():
            text = value.decode("ascii")
        else:
            tag, text = f"{tag}x", value.hex()
    else:
        text = "" if value is None else str(value)
    return f"{dotted(varbind.oid)}|{tag}|{text}\n"


def _outermost(roots: Iterable[Oid]) -> list[Oid]:
    """In order, without those that are below another; a scalar's own OID (with .0) is the scalar."""
    bare = sorted({root[:-1] if root[-1:] == (0,) else root for root in roots})
    return [root for place, root in enumerate(bare) if not _below(root, bare[:place])]


def _below(oid: Oid, roots: Iterable[Oid]) -> bool:
    return any(oid[: len(root)] == root for root in roots)

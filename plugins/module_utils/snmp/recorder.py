# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a recording (.snmprec) of a device, so that it can be read again where the device is not."""

from __future__ import annotations

import gzip
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..files import write_whole
from .errors import RecordingError
from .masking import mask, without_secrets
from .recording import KINDS
from .transport import Oid, Transport, VarBind
from .walks import Limits, Pace, walk_subtree

#: What every recording holds, whatever the device: the system group (RFC 3418), ifDescr and ifName (RFC 2863),
#: and ENTITY-MIB (RFC 6933): entityPhysical, entityLogical, entityMapping, entityGeneral.
COMMON_ROOTS: tuple[Oid, ...] = (
    (1, 3, 6, 1, 2, 1, 1),
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 2),
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1),
    (1, 3, 6, 1, 2, 1, 47, 1, 1),
    (1, 3, 6, 1, 2, 1, 47, 1, 2),
    (1, 3, 6, 1, 2, 1, 47, 1, 3),
    (1, 3, 6, 1, 2, 1, 47, 1, 4),
)

#: Never recorded: entLogicalCommunity (RFC 6933), and what stands under snmpModules (communities, users, targets).
SECRET_ROOTS: tuple[Oid, ...] = ((1, 3, 6, 1, 2, 1, 47, 1, 2, 1, 1, 4), (1, 3, 6, 1, 6, 3))

_TAGS = {kind: tag for tag, kind in KINDS.items()}


@dataclass
class Recorded:
    """What became of a recording."""

    path: str
    varbinds: int
    #: subtrees that could not be read to their end, each with the reason, in words
    incomplete: list[str] = field(default_factory=list)


def record(
    transport: Transport,
    roots: Iterable[Oid],
    path: str | Path,
    masked: bool = True,
    serials: Iterable[str] = (),
    secrets: Iterable[str] = (),
    limits: Limits | None = None,
) -> Recorded:
    """Walk COMMON_ROOTS and these subtrees to their ends and write them to path (compressed if it ends with .gz).

    A failure in a subtree is told in the outcome; what was read of it is written. With `masked`, serial numbers and
    what tells whose device it is are replaced (masking.py); `serials` are those that a reader found besides.
    Nothing below SECRET_ROOTS is ever written, nor any of `secrets`: some vendors list communities in their own tables.
    Raises RecordingError when the file cannot be written, or the device told nothing.
    """
    pace = Pace(limits or Limits(rows=500_000, seconds=3600))
    varbinds: dict[Oid, VarBind] = {}
    incomplete = []
    for root in _outermost([*COMMON_ROOTS, *roots]):
        cursor = walk_subtree(transport, root, pace)
        varbinds.update({varbind.oid: varbind for varbind in cursor.cells.values()})
        if cursor.error:
            incomplete.append(f"{_dotted(root)}: {cursor.error}")
    told = [varbinds[oid] for oid in sorted(varbinds) if not _below(oid, SECRET_ROOTS)]
    if not told:
        raise RecordingError(f"{path} was not written: the device told nothing ({'; '.join(incomplete) or 'no rows'}).")
    told = without_secrets(told, secrets)
    write_recording(path, sorted(mask(told, serials), key=lambda varbind: varbind.oid) if masked else told)
    return Recorded(str(path), len(told), incomplete)


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
        text = _dotted(value)
    elif isinstance(value, bytes):
        if varbind.kind == "ip" and len(value) == 4:
            text = str(ipaddress.IPv4Address(value))
        elif varbind.kind == "octets" and value.isascii() and value.decode("ascii").isprintable():
            text = value.decode("ascii")
        else:
            tag, text = f"{tag}x", value.hex()
    else:
        text = "" if value is None else str(value)
    return f"{_dotted(varbind.oid)}|{tag}|{text}\n"


def _outermost(roots: Iterable[Oid]) -> list[Oid]:
    """In order, without those that stand below another; a scalar's own OID (with .0) stands for the scalar."""
    bare = sorted({root[:-1] if root[-1:] == (0,) else root for root in roots})
    return [root for place, root in enumerate(bare) if not _below(root, bare[:place])]


def _below(oid: Oid, roots: Iterable[Oid]) -> bool:
    return any(oid[: len(root)] == root for root in roots)


def _dotted(oid: Oid) -> str:
    return ".".join(str(number) for number in oid)

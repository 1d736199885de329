# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What undoes a task of snmp_set: the values before, as the option `variables` of a later task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._common.errors import InvmonError
from .._mib.library import Mib
from .._mib.values import describe, label
from .._mib.writing import as_written, written
from .._outgoing.secrets import Secrets
from .._snmp import writes
from .._snmp.budget import MOST_OCTETS
from .._snmp.transport import Oid, VarBind
from .._snmp.writes import Done, state_of
from .snmp_set_options import Wanted, may_write, variable_at

#: Octets of a character in UTF-8, of which none is cut in two.
_LONGEST_CHARACTER = 4


def restoring(
    wanted: Sequence[Wanted],
    done: Done,
    before: Sequence[VarBind | None],
    after: Sequence[VarBind | None] | None,
    mib: Mib,
    secrets: Secrets,
) -> dict[str, list[Any]]:
    """The keys of the result: `restore`; `created`, the names of what no SET takes away again; `withheld`, of values
    that a result must not show, or that were not kept completely.

    :param after: None if it is not known.
    """
    back: list[VarBind] = []
    created: list[VarBind] = []
    rows: set[tuple[Oid, Oid]] = set()
    for place in done.differing:
        one, was = wanted[place], before[place]
        is_status = one.rule == writes.ROW_STATUS
        if after is not None and after[place] == was:
            continue
        if was is None and is_status:
            rows.add(_row(one.varbind.oid, mib))
            back.append(one.varbind._replace(value=writes.DESTROY))
        elif was is None:
            created.append(one.varbind)
        elif is_status and one.varbind.value == writes.DESTROY:
            back += _columns(done)
            back.append(was._replace(value=writes.CREATE_AND_GO))
        else:
            back.append(was)
    entries = [_entry(varbind, mib) for varbind in back]
    values = [str(entry["value"]) for entry in entries]
    shown = [secrets.hidden(value) == value and _is_whole(one) for value, one in zip(values, back, strict=True)]
    return {
        "restore": [entry for entry, is_shown in zip(entries, shown, strict=True) if is_shown],
        # The columns of a new row go with it.
        "created": [_name(one, mib) for one in created if _row(one.oid, mib) not in rows],
        "withheld": [_name(one, mib) for one, is_shown in zip(back, shown, strict=True) if not is_shown],
    }


def _is_whole(varbind: VarBind) -> bool:
    """Whether all of a value was kept (Meter)."""
    return not isinstance(varbind.value, bytes) or len(varbind.value) < MOST_OCTETS - _LONGEST_CHARACTER


def _columns(done: Done) -> list[VarBind]:
    """What could be read of a row that is removed."""
    return [found for reply in done.others if reply.cell and (found := state_of(reply))]


def _row(oid: Oid, mib: Mib) -> tuple[Oid, Oid]:
    """The entry and the index of a column's instance."""
    node = mib.at(oid)
    size = len(node.oid) if node else len(oid)
    return oid[: size - 1], oid[size:]


def _name(varbind: VarBind, mib: Mib) -> str:
    return label(describe(varbind, mib))


def _entry(varbind: VarBind, mib: Mib) -> dict[str, Any]:
    """An entry of `variables`, with `force` if it is refused without: the device may have what no MIB allows."""
    entry = as_written(varbind)
    node = variable_at(varbind.oid, mib)
    try:
        written(varbind.oid, entry["value"], entry["type"], node, mib)
        forced = not may_write(node)
    except InvmonError:
        forced = True
    return {**entry, "force": True} if forced else entry

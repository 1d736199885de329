# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The branches of models: some vendors copy one MIB below a number for each model, which a profile leaves open (`*`).

One GETNEXT shows which number a device uses. It is asked for all branches of a profile in one request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .._snmp.agent import Agent
from .._snmp.transport import Oid, dotted
from .profile import ANY, Layout, Source, root_of


def settle_branches(layout: Layout, agent: Agent, object_id: Oid) -> Layout:
    """The layout with the numbers that this device uses; what is in a branch that it does not have is left out.

    object_id: its sysObjectID. A device with several branches uses the one that sysObjectID names, else the first.
    """
    roots = {root for source in (*layout.scalars, *layout.tables) for root in _roots(source)}
    if not roots:
        return layout
    branches = _branches(agent, roots, object_id)
    return replace(
        layout,
        scalars=tuple(_group(group, branches) for group in layout.scalars),
        tables=tuple(
            replace(table, entry=_settled(table.entry, branches))
            for table in layout.tables
            if _settled(table.entry, branches)
        ),
    )


def missing_branches(layout: Layout, settled: Layout) -> list[str]:
    """What settle_branches() left out, in words."""
    sources = {source.name: root_of(source.entry) for source in layout.tables if not settled.table(source.name)}
    return [f"{name}: there is nothing below {dotted(before(root))}" for name, root in sources.items()]


def _roots(source: Source) -> set[Oid]:
    return {root for oid in source.oids if (root := root_of(oid))}


def before(oid: Oid) -> Oid:
    """What of an OID is known on every device: its numbers up to the first ANY."""
    return oid[: oid.index(ANY)] if ANY in oid else oid


def _branches(agent: Agent, roots: set[Oid], object_id: Oid) -> dict[Oid, Oid]:
    """For each root the branch that the device has below it."""
    named = {root: object_id[: len(root)] for root in roots if is_below(object_id, root)}
    following = agent.following(sorted({*map(before, roots), *named.values()}))
    found: dict[Oid, Oid] = {}
    for root in roots:
        for start in (named.get(root), before(root)):
            oid = following.get(start, ()) if start else ()
            if start and is_below(oid, root) and oid[: len(start)] == start:
                found[root] = oid[: len(root)]
                break
    return found


def is_below(oid: Oid, root: Oid) -> bool:
    """Whether an OID is this one or below it, in which ANY may stand for numbers."""
    return len(oid) >= len(root) and all(wanted in (ANY, number) for wanted, number in zip(root, oid, strict=False))


def _settled(oid: Oid, branches: Mapping[Oid, Oid]) -> Oid:
    """The OID with its numbers; empty where the device has no such branch."""
    root = root_of(oid)
    if not root:
        return oid
    return (*branches[root], *oid[len(root) :]) if root in branches else ()


def _group(group: Source, branches: Mapping[Oid, Oid]) -> Source:
    columns = {name: replace(column, oid=_settled(column.oid, branches)) for name, column in group.columns.items()}
    return replace(group, columns=columns)

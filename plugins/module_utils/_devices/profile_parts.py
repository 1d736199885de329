# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of a profile's table are parts: those with a good serial. What the others are is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._parts.serials import Verdict
from .._snmp.agent import Index
from .._snmp.transport import dotted
from .collection import Collection
from .profile import Source
from .profile_items import index_text, label
from .profile_rows import ProfileRow
from .profile_source_rows import SourceRows

#: Rows without a serial of which one table is asked whether they hold a part.
MOST_ASKED = 200
#: Rows without a good serial that are named; a table of empty ports would fill the page.
MOST_NAMED = 40


def parts_of(rows: SourceRows, collection: Collection, source: Source) -> Iterator[tuple[ProfileRow, str]]:
    """The rows of a table that have a good serial, with it, read in detail; others are rejected or reported."""
    candidates = rows.read_columns(source)
    rows.read_elsewhere(source, list(candidates.values()), (*source.when, *source.unless, *source.names("serial")))
    verdicts = {index: judge(collection, row) for index, row in candidates.items() if not rows.is_void(row)}
    good = [index for index, found in verdicts.items() if found.good]
    if source.first:
        good, verdicts = good[:1], {index: verdicts[index] for index in good[:1]}
    rows.read(source, source.details, good)
    rows.read_elsewhere(source, [rows.rows(source)[index] for index in good], tuple(source.columns))
    rows.read_parents(source, good)
    _report_units(rows, collection, source, _units(rows, source, verdicts, good))
    _reject(rows, collection, source, {index: found for index, found in verdicts.items() if found.reason})
    for index in good:
        yield rows.rows(source)[index], verdicts[index].serial


def judge(collection: Collection, row: ProfileRow) -> Verdict:
    """The first good serial of a row, else what is wrong with its first text."""
    verdicts = [_in_shape(collection, collection.judge(raw), row.source) for raw in row.serials()]
    good = [found for found in verdicts if found.good]
    bad = [found for found in verdicts if found.reason]
    return next(iter([*good, *bad]), Verdict("", None))


def _in_shape(collection: Collection, found: Verdict, source: Source) -> Verdict:
    """Reject a text that does not have the shape of this vendor's serials: an operator wrote it."""
    if not found.serial or found.reason or source.shape is None or source.shape.fullmatch(found.serial):
        return found
    return Verdict(found.serial, collection.rules.reason(found.serial, "other shape"))


def _units(rows: SourceRows, source: Source, verdicts: Mapping[Index, Verdict], good: list[Index]) -> list[Index]:
    """Rows that hold a part according to the profile, whose serial the device does not report."""
    if source.first or not (source.when or source.unless) or "part" not in source.fields:
        return []
    silent = [index for index in verdicts if index not in good][:MOST_ASKED]
    rows.read(source, source.read(source.names("part")), silent)
    return [index for index in silent if rows.rows(source)[index].first("part")]


def _report_units(rows: SourceRows, collection: Collection, source: Source, units: list[Index]) -> None:
    _read_labels(rows, source, units)
    for index in units[:MOST_NAMED]:
        row = rows.rows(source)[index]
        collection.cover_unit(label(row) or f"{source.name} {dotted(index)}", row.first("part"))
    if units[MOST_NAMED:]:
        collection.cover_unit(f"{len(units) - MOST_NAMED} more in {source.name}")


def _reject(rows: SourceRows, collection: Collection, source: Source, bad: Mapping[Index, Verdict]) -> None:
    _read_labels(rows, source, list(bad))
    for index, found in bad.items():
        name = label(rows.rows(source)[index])
        collection.reject(found.serial, found.reason or "", index_text(index), name, source.name)


def _read_labels(rows: SourceRows, source: Source, indexes: list[Index]) -> None:
    rows.read(source, source.read((*source.names("name"), *source.names("interface"))), indexes[:MOST_NAMED])

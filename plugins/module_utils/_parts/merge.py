# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of one device -> records: one per serial, the rest of its rows folded into it.

In 38 of 100 devices a serial number is on several rows: an IDPROM row under each part, the fans of a tray, a supervisor
that is the chassis. Which row names the part is decided by a list of rules, each of which only looks at the rows that
the rules before it have left; the record names the rule that decided. The order of the items plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from .._common.natural import natural_key
from .item import Item
from .record import Record, SourceRow

STRATEGIES = ("containment", "class_priority")

#: entPhysicalClass words, the least specific first; words that are not here count as None.
CLASS_PRIORITY = (
    *("backplane", "container", "fan", "other", "powerSupply", "sensor", None),
    *("module", "port", "transceiver", "chassis"),
)

#: Fields that describe the part, not the row: an empty one is taken from the other rows of the serial.
SHARED_FIELDS = (
    *("part", "name", "description", "manufacturer", "hardware_rev", "firmware_rev", "software_rev", "is_fru"),
    *("alias", "asset_id", "manufactured", "member"),
)

#: Rows of these classes may turn out to be an optic by another row of the same serial.
_MAY_BE_OPTIC = frozenset({"container", "port", "module", "other", "unknown", "sensor"})

_SPECIFIC_CLASSES = frozenset({"powerSupply", "fan", "battery", "storageDrive"})

#: What a record takes from the row that names it.
_OF_WINNER = tuple(field.name for field in fields(Item) if field.name != "ancestors")

#: The word of a rule, and what it keeps of several rows.
_Rule = tuple[str, Callable[[list[Item]], list[Item]]]


def merge_items(
    items: Iterable[Item], strategy: str = "containment", exclude_models: Iterable[str] | str = ()
) -> list[Record]:
    """One record per serial of one device's items, sorted by source and index.

    strategy: containment (see RULES), or class_priority: only the class decides.
    exclude_models: items with exactly this part are left out, before anything else; a list, or one text with commas.
    Raises ValueError for an unknown strategy.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown strategy {strategy!r}: choose one of {', '.join(STRATEGIES)}")
    excluded = model_names(exclude_models)
    rows_of: dict[str, list[Item]] = {}
    for item in items:
        if item.part not in excluded:
            rows_of.setdefault(item.serial, []).append(item)
    rules = RULES if strategy == "containment" else CLASS_RULES
    records = [_record(rows, rules) for rows in rows_of.values()]
    return sorted(records, key=_place_of_record)


def model_names(value: Iterable[str] | str) -> frozenset[str]:
    """The model names of a list, or of one text with commas between them (as environment variables hold them)."""
    names = value.split(",") if isinstance(value, str) else value
    return frozenset(name.strip() for name in names if name.strip())


def _record(rows: list[Item], rules: tuple[_Rule, ...]) -> Record:
    ordered, rule = ([rows[0]], "single") if len(rows) == 1 else _ranked(rows, rules)
    winner, others = ordered[0], ordered[1:]
    values: dict[str, Any] = {name: getattr(winner, name) for name in _OF_WINNER}
    for name in SHARED_FIELDS if others else ():
        if values[name] is None:
            values[name] = next((found for row in others if (found := getattr(row, name)) is not None), None)
    classified = _classified(winner, others)
    values["category"] = classified.category
    values["category_rule"] = classified.category_rule or winner.category_rule
    if winner.interface is None and values["category"] in ("port", "transceiver"):
        values["interface"] = next((row.interface for row in others if row.interface), None)
    merged_from = tuple(SourceRow(row.source, row.index, row.name, row.category) for row in ordered)
    return Record(**values, merged_from=merged_from, rule=rule)


def _ranked(rows: list[Item], rules: tuple[_Rule, ...]) -> tuple[list[Item], str]:
    """The winner, then the others, the most specific first; and the rule that chose the winner."""
    winner, rule = _chosen(rows, rules)
    others = [row for row in rows if row is not winner]
    others.sort(key=lambda row: (row.is_fru is not True, -_class_rank(row), row.part is None, _place(row)))
    return [winner, *others], rule


def _chosen(rows: list[Item], rules: tuple[_Rule, ...]) -> tuple[Item, str]:
    for word, keep in rules:
        rows = keep(rows)
        if len(rows) == 1:
            return rows[0], word
    raise AssertionError("the last rule leaves one row")


def _classified(winner: Item, others: list[Item]) -> Item:
    """The row whose category counts: the winner's, unless another row knows it for an optic, or alone knows it."""
    if winner.category in _MAY_BE_OPTIC:
        optic = next((row for row in others if row.category == "transceiver"), None)
        if optic:
            return optic
    if winner.category != "unknown":
        return winner
    return next((row for row in others if row.category != "unknown"), winner)


def _where(test: Callable[[Item], bool]) -> Callable[[list[Item]], list[Item]]:
    """A rule that keeps the rows which pass, or all if none does."""
    return lambda rows: [row for row in rows if test(row)] or rows


def _best(key: Callable[[Item], Any]) -> Callable[[list[Item]], list[Item]]:
    """A rule that keeps the rows with the highest key."""

    def keep(rows: list[Item]) -> list[Item]:
        top = max(key(row) for row in rows)
        return [row for row in rows if key(row) == top]

    return keep


def _outermost(rows: list[Item]) -> list[Item]:
    """Without the rows that another one of them contains (ancestors are indexes of the same source)."""
    here = {(row.source, row.index) for row in rows}
    outer = [row for row in rows if not _inside(row, here)]
    return outer or rows


def _inside(row: Item, here: set[tuple[str, str]]) -> bool:
    return any((row.source, index) in here for index in row.ancestors if index != row.index)


def _class_rank(row: Item) -> int:
    return CLASS_PRIORITY.index(row.category if row.category in CLASS_PRIORITY else None)


def _place(row: Item) -> tuple[Any, ...]:
    """Where a row is: its source, its index by number; everything else only to make the order total."""
    return (row.source, _numbers(row.index), row.index, repr(row))


def _place_of_record(record: Record) -> tuple[Any, ...]:
    index = record.index or ""
    return (record.source or "", _numbers(index), index, record.serial)


def _numbers(index: str) -> tuple[int, ...]:
    return tuple(int(number) if number.isdecimal() else -1 for number in index.split("."))


def _lowest(rows: list[Item]) -> list[Item]:
    return [min(rows, key=_place)]


def _first(rows: list[Item]) -> list[Item]:
    """The row whose name comes first, digits in it by number; an agent may renumber its rows at each restart."""
    return [min(rows, key=lambda row: (row.source, natural_key(row.path or row.name or ""), _place(row)))]


_CHASSIS: _Rule = ("chassis", _where(lambda row: row.category == "chassis"))
_FRU: _Rule = ("field-replaceable", _where(lambda row: row.is_fru is True))
#: IOS-XR: the memory inside a part, which has the serial of the part.
_NO_IDPROM: _Rule = ("no IDPROM", _where(lambda row: not (row.name or "").upper().endswith("IDPROM")))
#: A slot that repeats the serial of what is in it.
_NO_SLOT: _Rule = ("no slot", _where(lambda row: row.category not in ("container", "sensor")))
_OUTERMOST: _Rule = ("outermost", _outermost)
#: Side by side, a row of a specific class describes the part better than one of class module.
_SPECIFIC: _Rule = ("specific class", _where(lambda row: row.category in _SPECIFIC_CLASSES))
_CLASS: _Rule = ("class priority", _best(_class_rank))
_MODEL: _Rule = ("has a model", _where(lambda row: row.part is not None))
#: A vendor's own table knows more of its parts than its ENTITY-MIB, and names them as its command line does.
_VENDOR: _Rule = ("vendor's table", _where(lambda row: row.source != "entPhysicalTable"))
_FIRST: _Rule = ("first name", _first)
_LOWEST: _Rule = ("lowest index", _lowest)

#: strategy containment: a child row (IDPROM, daughter card, fan of a tray) never renames the part that holds it.
RULES = (_CHASSIS, _FRU, _NO_IDPROM, _NO_SLOT, _OUTERMOST, _SPECIFIC, _CLASS, _MODEL, _VENDOR, _FIRST)
CLASS_RULES = (_CLASS, _LOWEST)

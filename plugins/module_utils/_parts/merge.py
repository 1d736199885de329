# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of one device -> records: one per serial, the rest of its rows folded into it.

A serial stands on several rows of 38 in 100 devices: an IDPROM row under each part, the fans of a tray, a supervisor
that is the chassis. Which row names the part is decided by a list of rules, each of which only looks at those that
are left over by the rules before it; the record says which rule decided. The order of the items plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._common.natural import natural_key

Record = dict[str, Any]

STRATEGIES = ("containment", "class_priority")

#: entPhysicalClass words, the least telling first; words that are not here stand where None stands.
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

_Rule = tuple[str, Callable[[list[Record]], list[Record]]]


def merge_records(
    items: Iterable[Mapping[str, Any]],
    strategy: str = "containment",
    exclude_models: Iterable[str] | str = (),
) -> list[Record]:
    """One record per serial of one device's items (dicts as Item.to_dict() gives them), sorted by source and index.

    A record has the keys of its winning item except ancestors, empty ones filled from the other rows of the serial,
    and two more: merged_from, the rows it was made of (source, index, name, category), the winner first; and rule,
    the word of the rule that chose it ("single" where there was nothing to choose).
    strategy: containment (see RULES), or class_priority: only the class decides.
    exclude_models: items with exactly this part are left out, before anything else; a list, or one text with commas.
    Raises ValueError for an unknown strategy, KeyError for an item without serial.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown strategy {strategy!r}: choose one of {', '.join(STRATEGIES)}")
    excluded = model_names(exclude_models)
    rows_of: dict[str, list[Record]] = {}
    for item in items:
        if item.get("part") not in excluded:
            rows_of.setdefault(item["serial"], []).append(dict(item))
    rules = RULES if strategy == "containment" else CLASS_RULES
    records = [_record(rows, rules) for rows in rows_of.values()]
    return sorted(records, key=_place)


def model_names(value: Iterable[str] | str) -> frozenset[str]:
    """The model names of a list, or of one text with commas between them (as environment variables hold them)."""
    names = value.split(",") if isinstance(value, str) else value
    return frozenset(name.strip() for name in names if name.strip())


def _record(rows: list[Record], rules: tuple[_Rule, ...]) -> Record:
    ordered, rule = _rank(rows, rules)
    winner, others = ordered[0], ordered[1:]
    record = {key: value for key, value in winner.items() if key != "ancestors"}
    for key in SHARED_FIELDS:
        if record.get(key) is None:
            value = next((row[key] for row in others if row.get(key) is not None), None)
            record.update({} if value is None else {key: value})
    telling = _category(winner, others)
    record["category"] = telling.get("category") or "unknown"
    if telling.get("category_rule"):
        record["category_rule"] = telling["category_rule"]
    if record.get("interface") is None and record["category"] in ("port", "transceiver"):
        record.update(next(({"interface": row["interface"]} for row in others if row.get("interface")), {}))
    record["merged_from"] = [{key: row.get(key) for key in ("source", "index", "name", "category")} for row in ordered]
    record["rule"] = rule
    return record


def _rank(rows: list[Record], rules: tuple[_Rule, ...]) -> tuple[list[Record], str]:
    """The winner, then the others with those that tell most first; and the rule that chose the winner."""
    winner, rule = _choose(rows, rules)
    others = [row for row in rows if row is not winner]
    others.sort(
        key=lambda row: (row.get("is_fru") is not True, -_class_rank(row), row.get("part") is None, _place(row))
    )
    return [winner, *others], rule


def _choose(rows: list[Record], rules: tuple[_Rule, ...]) -> tuple[Record, str]:
    if len(rows) == 1:
        return rows[0], "single"
    for word, keep in rules:
        rows = keep(rows)
        if len(rows) == 1:
            return rows[0], word
    raise AssertionError("the last rule leaves one row")


def _category(winner: Record, others: list[Record]) -> Record:
    """The row whose category counts: the winner's, unless another row knows it for an optic, or alone knows it."""
    category = winner.get("category") or "unknown"
    if category in _MAY_BE_OPTIC:
        optic = next((row for row in others if row.get("category") == "transceiver"), None)
        if optic:
            return optic
    if category != "unknown":
        return winner
    return next((row for row in others if (row.get("category") or "unknown") != "unknown"), winner)


def _where(test: Callable[[Record], bool]) -> Callable[[list[Record]], list[Record]]:
    """A rule that keeps the rows which pass, or all if none does."""
    return lambda rows: [row for row in rows if test(row)] or rows


def _best(key: Callable[[Record], Any]) -> Callable[[list[Record]], list[Record]]:
    """A rule that keeps the rows with the highest key."""

    def keep(rows: list[Record]) -> list[Record]:
        top = max(key(row) for row in rows)
        return [row for row in rows if key(row) == top]

    return keep


def _outermost(rows: list[Record]) -> list[Record]:
    """Without the rows that another one of them contains (ancestors are indexes of the same source)."""
    here = {(row.get("source"), row.get("index")) for row in rows}
    outer = [row for row in rows if not _inside(row, here)]
    return outer or rows


def _inside(row: Record, here: set[tuple[Any, Any]]) -> bool:
    own = row.get("index")
    return any((row.get("source"), index) in here for index in row.get("ancestors") or () if index != own)


def _class_rank(row: Record) -> int:
    category = row.get("category")
    return CLASS_PRIORITY.index(category if category in CLASS_PRIORITY else None)


def _place(row: Record) -> tuple[Any, ...]:
    """Where a row stands: its source, its index by number; everything else only to make the order total."""
    index = str(row.get("index", ""))
    numbers = tuple(int(part) if part.isdecimal() else -1 for part in index.split("."))
    return (str(row.get("source", "")), numbers, index, repr(sorted(row.items(), key=lambda pair: pair[0])))


def _lowest(rows: list[Record]) -> list[Record]:
    return [min(rows, key=_place)]


def _first(rows: list[Record]) -> list[Record]:
    """The row whose name comes first, digits in it by number; an agent may renumber its rows at each restart."""

    def key(row: Record) -> tuple[Any, ...]:
        return (str(row.get("source", "")), natural_key(str(row.get("path") or row.get("name") or "")), _place(row))

    return [min(rows, key=key)]


_CHASSIS: _Rule = ("chassis", _where(lambda row: row.get("category") == "chassis"))
_FRU: _Rule = ("field-replaceable", _where(lambda row: row.get("is_fru") is True))
#: IOS-XR: the memory inside a part that says what it is.
_NO_IDPROM: _Rule = ("no IDPROM", _where(lambda row: not str(row.get("name") or "").upper().endswith("IDPROM")))
#: A slot that repeats the serial of what is in it.
_NO_SLOT: _Rule = ("no slot", _where(lambda row: row.get("category") not in ("container", "sensor")))
_OUTERMOST: _Rule = ("outermost", _outermost)
#: Side by side, a row that says what it is says more than one that says module.
_SPECIFIC: _Rule = ("specific class", _where(lambda row: row.get("category") in _SPECIFIC_CLASSES))
_CLASS: _Rule = ("class priority", _best(_class_rank))
_MODEL: _Rule = ("has a model", _where(lambda row: row.get("part") is not None))
#: A vendor's own table knows more of its parts than its ENTITY-MIB, and names them as its command line does.
_VENDOR: _Rule = ("vendor's table", _where(lambda row: row.get("source") != "entPhysicalTable"))
_FIRST: _Rule = ("first name", _first)
_LOWEST: _Rule = ("lowest index", _lowest)

#: strategy containment: a child row (IDPROM, daughter card, fan of a tray) never renames the part that holds it.
RULES = (_CHASSIS, _FRU, _NO_IDPROM, _NO_SLOT, _OUTERMOST, _SPECIFIC, _CLASS, _MODEL, _VENDOR, _FIRST)
CLASS_RULES = (_CLASS, _LOWEST)

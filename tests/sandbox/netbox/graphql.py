# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of NetBox's GraphQL as a client needs that looks for exact serials: the list of probes, and one probe.

Errors are an answer 200 with {"data": null, "errors": [...]}. The list has no pagination argument; 4.6 cuts it
silently at MAX_PAGE_SIZE rows. Selecting discovered_data on any row fails the whole query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .models import MODELS
from .releases import Release
from .store import Row, Store, stamp
from .tokens import Caller

_TOKEN = re.compile(r'[\s,]+|#[^\n]*|(?P<token>"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|\.\.\.|[{}()\[\]:$!=@|])')
_PROBE = MODELS["probe"]
_TEXTS = ("serial", "name", "part", "category", "device_descriptor", "site_descriptor", "location_descriptor")
_REFS = ("device", "site", "location")


class QueryError(Exception):
    """The "errors" of an answer."""


@dataclass
class Selection:
    """One selected field: its arguments, and what is selected within it."""

    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    inner: list[Selection] = field(default_factory=list)


class _Parser:
    """Reads the part of the language that queries without fragments and directives use."""

    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self._tokens = _tokens(text)
        self._variables = variables
        self._used: set[str] = set()
        self._at = 0

    def query(self) -> list[Selection]:
        declared = self._heading() if self._peek() != "{" else []
        selections = self._selections()
        for name in declared:
            if name not in self._used:
                raise QueryError(f"Variable '${name}' is never used.")
        return selections

    def _heading(self) -> list[str]:
        """The names of the variables that are declared before the first brace."""
        if self._next() != "query":
            raise QueryError("Schema is not configured to execute mutation operation.")
        declared = []
        while self._peek() != "{":
            if self._next() == "$":
                declared.append(self._next())
        return declared

    def _selections(self) -> list[Selection]:
        self._expect("{")
        found = []
        while self._peek() != "}":
            found.append(self._selection())
        self._next()
        return found

    def _selection(self) -> Selection:
        alias = name = self._next()
        if self._peek() == ":":
            self._next()
            name = self._next()
        selection = Selection(name, alias)
        if self._peek() == "(":
            selection.arguments = self._members("(", ")")
        if self._peek() == "{":
            selection.inner = self._selections()
        return selection

    def _members(self, opening: str, closing: str) -> dict[str, Any]:
        self._expect(opening)
        members = {}
        while self._peek() != closing:
            name = self._next()
            self._expect(":")
            members[name] = self._value()
        self._next()
        return members

    def _value(self) -> Any:
        token = self._peek()
        if token == "{":
            return self._members("{", "}")
        token = self._next()
        if token == "[":
            values = []
            while self._peek() != "]":
                values.append(self._value())
            self._next()
            return values
        if token == "$":
            name = self._next()
            self._used.add(name)
            return self._variables.get(name)
        words: dict[str, Any] = {"true": True, "false": False, "null": None}
        if token in words:
            return words[token]
        return json.loads(token) if token[0] in '"-0123456789' else token

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            raise QueryError("Syntax Error: Unexpected <EOF>.")
        return self._tokens[self._at]

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise QueryError(f"Syntax Error: Expected '{token}', found '{found}'.")


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError(f"Syntax Error: Unexpected character: '{text[at]}'.")
        if match["token"]:
            tokens.append(match["token"])
        at = match.end()
    return tokens


def run(request: Any, store: Store, release: Release, caller: Caller) -> dict[str, Any]:
    """The body of the answer to {"query": ..., "variables": ...}."""
    try:
        variables = request.get("variables") or {}
        selections = _Parser(request["query"], variables).query()
        return {"data": {one.alias: _field(one, store, release, caller) for one in selections}}
    except QueryError as error:
        return {"data": None, "errors": [{"message": str(error)}]}


def _field(selection: Selection, store: Store, release: Release, caller: Caller) -> Any:
    if selection.name == "inventory_monitor_probe":
        row = store.get(_PROBE, int(selection.arguments["id"])) if caller.may("view", _PROBE) else None
        if row is None:
            raise QueryError("Probe matching query does not exist.")
        return _object("InventoryMonitorProbeType", selection.inner, row, store)
    if selection.name != "inventory_monitor_probe_list":
        raise QueryError(f"Cannot query field '{selection.name}' on type 'Query'.")
    for name in selection.arguments:
        if name != "filters":
            raise QueryError(f"Unknown argument '{name}' on field 'Query.inventory_monitor_probe_list'.")
    if not caller.may("view", _PROBE):
        return []
    where, arguments = _where(selection.arguments.get("filters") or {}, release)
    most = release.max_page_size if release.graphql_cuts else -1
    rows = store.select(_PROBE, where, arguments, "name, serial, time, id", most)
    return [_object("InventoryMonitorProbeType", selection.inner, row, store) for row in rows]


def _object(type_name: str, selections: list[Selection], row: Row, store: Store) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for one in selections:
        if one.name == "discovered_data":
            raise QueryError(f"String cannot represent value: {row['discovered_data']!r}")
        if one.name not in row:
            raise QueryError(f"Cannot query field '{one.name}' on type '{type_name}'.")
        value = row[one.name]
        if one.inner and one.name not in _REFS:
            raise QueryError(f"Field '{one.name}' must not have a selection: it has no subfields.")
        if one.name in _REFS and "serial" in row and "time" in row:
            target = store.get(MODELS[one.name], value) if value else None
            if not one.inner:
                kind = f"{one.name.title()}Type"
                raise QueryError(f"Field '{one.name}' of type '{kind}' must have a selection of subfields.")
            shown[one.alias] = _object(f"{one.name.title()}Type", one.inner, target, store) if target else None
        elif one.name in ("time", "creation_time") and value:
            shown[one.alias] = value.replace("T", " ").replace(".000000Z", "+00:00").replace("Z", "+00:00")
        else:
            shown[one.alias] = str(value) if one.name == "id" else value
    return shown


def _where(wanted: dict[str, Any], release: Release) -> tuple[str, list[Any]]:
    parts, arguments = ["1"], []
    for name, value in wanted.items():
        if name in _TEXTS:
            clauses = _text_lookups(name, value)
        elif name in ("device_id", "site_id", "location_id"):
            clauses = [(f'"{name[:-3]}" = ?', [int(value)])]
        elif name in _REFS:
            clauses = [_by_related_id(name, value, release)]
        elif name == "time":
            clauses = _time_lookups(value, release)
        else:
            raise QueryError(f"Field '{name}' is not defined by type 'InventoryMonitorProbeFilter'.")
        for sql, values in clauses:
            parts.append(sql)
            arguments += values
    return " AND ".join(parts), arguments


def _text_lookups(name: str, lookups: Any) -> list[tuple[str, list[Any]]]:
    if not isinstance(lookups, dict):
        raise QueryError(f"Expected value of type 'StrFilterLookup', found {json.dumps(lookups)}.")
    return [_text_lookup(name, lookup, value) for lookup, value in lookups.items()]


def _text_lookup(name: str, lookup: str, value: Any) -> tuple[str, list[Any]]:
    simple: dict[str, Callable[[str], str]] = {
        "exact": lambda column: f"{column} = ?",
        "i_exact": lambda column: f"fold({column}) = fold(?)",
        "i_contains": lambda column: f"instr(fold({column}), fold(?)) > 0",
        "contains": lambda column: f"instr({column}, ?) > 0",
        "starts_with": lambda column: f"instr({column}, ?) = 1",
    }
    if lookup == "in_list":
        return f'"{name}" IN ({", ".join("?" * len(value))})', list(value)
    if lookup not in simple:
        raise QueryError(f"Field '{lookup}' is not defined by type 'StrFilterLookup'.")
    return simple[lookup](f'"{name}"'), [value]


def _by_related_id(name: str, value: dict[str, Any], release: Release) -> tuple[str, list[Any]]:
    """{id: {exact: 1}} or {id: {in_list: [1]}} on 4.6, {id: 1} on 4.4: each refuses the other's."""
    wanted = value.get("id")
    if isinstance(wanted, dict) != release.graphql_lookups:
        raise QueryError(f"Expected value of another type, found {json.dumps(wanted)}.")
    ids = wanted.get("in_list", [wanted.get("exact")]) if isinstance(wanted, dict) else [wanted]
    return f'"{name}" IN ({", ".join("?" * len(ids))})', [int(str(one)) for one in ids]


def _time_lookups(lookups: Any, release: Release) -> list[tuple[str, list[Any]]]:
    """{gte: "..."} and the like on 4.6."""
    if not isinstance(lookups, dict) or not release.graphql_lookups:
        raise QueryError(f"Expected value of another type, found {json.dumps(lookups)}.")
    signs = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
    return [(f'"time" {signs[lookup]} ?', [stamp(datetime.fromisoformat(value))]) for lookup, value in lookups.items()]

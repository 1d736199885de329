# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's memory: one SQLite table per model, one lock, and transactions that roll back whole."""

from __future__ import annotations

import ipaddress
import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from .models import MODELS, Field, Model

Row = dict[str, Any]

_JSON_KINDS = ("json", "tags", "custom_fields")
_INTEGER_KINDS = ("int", "ref", "bool")


def stamp(moment: datetime) -> str:
    """A moment as the store keeps it: UTC with microseconds, so that text sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _column(field: Field) -> str:
    kind = "INTEGER" if field.kind in _INTEGER_KINDS else "TEXT"
    text = f'"{field.name}" {kind}'
    if field.kind == "ref":
        text += f' REFERENCES "{field.target}"(id) ON DELETE {field.on_delete} DEFERRABLE INITIALLY DEFERRED'
    return text


def _schema(model: Model) -> Iterator[str]:
    columns = ["id INTEGER PRIMARY KEY AUTOINCREMENT", *(_column(field) for field in model.stored)]
    if model.change_logged:
        columns += ["created TEXT", "last_updated TEXT"]
    yield f'CREATE TABLE IF NOT EXISTS "{model.name}" ({", ".join(columns)})'
    for field in model.stored:
        if field.kind == "ref" or field.name in ("serial", "time"):
            yield f'CREATE INDEX IF NOT EXISTS "ix_{model.name}_{field.name}" ON "{model.name}" ("{field.name}")'


class Store:
    """All objects. Every public method may be called from any thread; a transaction holds the others off."""

    def __init__(self, path: str = ":memory:") -> None:
        """Open the database at `path`, and make the tables that are not there yet."""
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.create_function("fold", 1, _fold, deterministic=True)
        self._connection.create_collation("by_number", _compare_naturally)
        self._connection.create_function("regexp", 2, _matches, deterministic=True)
        self._connection.create_function("within", 2, _within, deterministic=True)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA synchronous = OFF")
        for model in MODELS.values():
            for statement in _schema(model):
                self._connection.execute(statement)
        self._connection.execute("CREATE TABLE IF NOT EXISTS token (secret TEXT PRIMARY KEY, data TEXT)")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what is written inside is undone when an exception leaves the block."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def insert(self, model: Model, values: Mapping[str, Any]) -> int:
        """Add a row; returns its id. `values` may hold an "id" (seeds do)."""
        row = self._encode(model, values)
        if model.change_logged:
            row["created"] = row["last_updated"] = stamp(datetime.now(UTC))
        if values.get("id"):
            row["id"] = values["id"]
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        with self._lock:
            cursor = self._connection.execute(
                f'INSERT INTO "{model.name}" ({names}) VALUES ({marks})', tuple(row.values())
            )
        return int(cursor.lastrowid or 0)

    def update(self, model: Model, row_id: int, values: Mapping[str, Any]) -> None:
        """Change these fields of one row."""
        row = self._encode(model, values)
        if model.change_logged:
            row["last_updated"] = stamp(datetime.now(UTC))
        if not row:
            return
        assignments = ", ".join(f'"{name}" = ?' for name in row)
        with self._lock:
            self._connection.execute(f'UPDATE "{model.name}" SET {assignments} WHERE id = ?', (*row.values(), row_id))

    def delete(self, model: Model, row_id: int) -> None:
        """Remove one row. Raises sqlite3.IntegrityError where others still need it."""
        with self._lock:
            self._connection.execute(f'DELETE FROM "{model.name}" WHERE id = ?', (row_id,))

    def get(self, model: Model, row_id: int) -> Row | None:
        """One row by its id."""
        rows = self.select(model, "id = ?", (row_id,))
        return rows[0] if rows else None

    def select(
        self,
        model: Model,
        where: str = "1",
        arguments: Sequence[Any] = (),
        order: str = "id",
        limit: int = -1,
        offset: int = 0,
    ) -> list[Row]:
        """The rows that match; `where` and `order` are SQL that the caller wrote, values go by `arguments`."""
        sql = f'SELECT * FROM "{model.name}" WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?'
        with self._lock:
            found = self._connection.execute(sql, (*arguments, limit, offset)).fetchall()
        return [self._decode(model, row) for row in found]

    def count(self, model: Model, where: str = "1", arguments: Sequence[Any] = ()) -> int:
        """How many rows match."""
        with self._lock:
            found = self._connection.execute(f'SELECT count(*) FROM "{model.name}" WHERE {where}', arguments)
            return int(found.fetchone()[0])

    def put_token(self, secret: str, data: Mapping[str, Any]) -> None:
        """Remember a token and what it may do."""
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO token VALUES (?, ?)", (secret, json.dumps(dict(data))))

    def tokens(self) -> dict[str, dict[str, Any]]:
        """All tokens, by their secret."""
        with self._lock:
            return {row["secret"]: json.loads(row["data"]) for row in self._connection.execute("SELECT * FROM token")}

    @staticmethod
    def _encode(model: Model, values: Mapping[str, Any]) -> Row:
        row: Row = {}
        for field in model.stored:
            if field.name in values:
                value = values[field.name]
                row[field.name] = json.dumps(value) if field.kind in _JSON_KINDS else value
        return row

    @staticmethod
    def _decode(model: Model, found: sqlite3.Row) -> Row:
        row = dict(found)
        for field in model.stored:
            if field.kind in _JSON_KINDS:
                row[field.name] = json.loads(row[field.name]) if row[field.name] is not None else None
            elif field.kind == "bool":
                row[field.name] = bool(row[field.name])
        return row


def _fold(value: str | None) -> str | None:
    """Text for comparing without case: SQLite's own lower() knows only ASCII."""
    return None if value is None else str(value).lower()


def _matches(pattern: str, value: str | None) -> bool:
    """SQL's `value REGEXP pattern`."""
    return value is not None and re.search(pattern, value) is not None


@lru_cache(maxsize=10_000)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)


def _within(inner: str | None, outer: str) -> bool:
    """Whether a network, or an address without a mask, is in a network or equal to it."""
    if inner is None:
        return False
    one, other = _network(inner), _network(outer)
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


def _compare_naturally(one: str, other: str) -> int:
    """NetBox's order of names: numbers within them count as numbers, so r2 stands before r10."""
    first, second = _natural_key(one), _natural_key(other)
    return (first > second) - (first < second)


def _natural_key(name: str) -> list[tuple[int, Any]]:
    """Signs before numbers before letters, as ICU's root collation has them."""
    parts = re.findall(r"\d+|\D", name.lower())
    return [(1, int(part)) if part.isdecimal() else (2 if part.isalpha() else 0, part) for part in parts]

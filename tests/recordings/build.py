# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the folder of recordings that the tests, the sandbox and the bench read: .build/recordings.

    python tests/recordings/build.py            # builds what is missing or out of date, and prints the folder

It holds NAME.snmprec and NAME.expected.json of each sources/NAME.yml, and a copy of each file in recorded/. What a
source takes from a Python package is copied as it is there, with that file's ending. Nothing in the folder is
committed: a source is the only place where a recording and what is expected of it are written. The same sources give
the same files, byte for byte.

A source describes one box as its manual would: its tree of parts, its interfaces, and rows of vendor tables.
All boxes and serials are invented; the shapes are those of the MIBs. `expected` is written by hand from what the box is
meant to hold, and no reader of the collection takes part in building it. The keys of a source:

why         what this recording proves, one or two sentences
provenance  where the recording comes from: {kind: real, from: TEXT}, {kind: from a report, from: TEXT, url: URL of the
            public issue, if it is known}, or {kind: from MIB} for an invented box with the layout of its MIBs
recording   {package: PyPI package, file: path in it}: a real recording, used as it is; only `expected` follows then
system      sysDescr, sysObjectID, sysName, ... (SNMPv2-MIB)
interfaces  ifIndex: ifName, or {name, descr, alias}; `repeat` as below
entity      the tree of entPhysicalTable rows: the columns of entPhysicalTable in tables.yml, and
            index     entPhysicalIndex
            parent    taken from the tree; written out only where a box reports something odd
            ifindex   adds a row of entAliasMappingTable
            contains  rows within this one
            repeat    as many rows like this one: {n} in texts is 1, 2, ...; {m} is 0, 1, ...; index counts up by `step`
                      (default 1), here and in what it contains; ifindex and position count up by one
scalars     OID: value
tables      name of a table of tables.yml: {row index: {column: value}}; or, for a table that only this box has,
            name: {entry: OID, columns: {column: sub-identifier}, rows: {row index: {column: value}}}: numbers become
            INTEGERs, texts OCTET STRINGs; {column: [sub-identifier, kind]} names other kinds: oid, hex, gauge, truth
expected    records: [serial, part, category, name, interface]: what one record per serial has (null: not checked)
            rejected: [serial text, reason]: what must not become a record; reason null where any will do
            members: [number, serial]: the members of a stack or virtual chassis
            paths: {serial: path}: the names from the chassis down, where the box is built to show them
            coverage: pieces of the sentences about what the box does not report
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Oid = tuple[int, ...]

HERE = Path(__file__).resolve().parent
SOURCES, RECORDED = HERE / "sources", HERE / "recorded"
#: Where the recordings are built, out of the sight of git.
BUILT = HERE.parents[1] / ".build" / "recordings"
#: In it: of what the files were built. It is written last.
DIGEST = ".digest"

#: IANAPhysicalClass by word (RFC 6933).
CLASSES = {
    "other": 1,
    "unknown": 2,
    "chassis": 3,
    "backplane": 4,
    "container": 5,
    "powerSupply": 6,
    "fan": 7,
    "sensor": 8,
    "module": 9,
    "port": 10,
    "stack": 11,
    "cpu": 12,
    "energyObject": 13,
    "battery": 14,
    "storageDrive": 15,
}

SYSTEM = {
    "descr": ("1.3.6.1.2.1.1.1.0", "text"),
    "object_id": ("1.3.6.1.2.1.1.2.0", "oid"),
    "uptime": ("1.3.6.1.2.1.1.3.0", "ticks"),
    "contact": ("1.3.6.1.2.1.1.4.0", "text"),
    "name": ("1.3.6.1.2.1.1.5.0", "text"),
    "location": ("1.3.6.1.2.1.1.6.0", "text"),
}


class SourceError(Exception):
    """A source contains something that cannot be built; the message names the place."""


class Line(NamedTuple):
    """One line of a .snmprec file: OID, tag (the ASN.1 tag's number, and x for hexadecimal), text."""

    oid: Oid
    tag: str
    text: str


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def parse_oid(text: str) -> Oid:
    return tuple(int(number) for number in str(text).split("."))


def line(oid: Oid, kind: str, value: Any) -> Line:
    """The line that serves `value` at `oid`."""
    if kind == "text":
        octets = str(value).encode()
        plain = octets.isascii() and str(value).isprintable() and octets == octets.strip()
        return Line(oid, "4", str(value)) if plain else Line(oid, "4x", octets.hex())
    if kind == "hex":
        return Line(oid, "4x", str(value))
    if kind == "class":
        return Line(oid, "2", str(CLASSES.get(value, value)))
    if kind == "truth":
        return Line(oid, "2", "1" if value else "2")
    tag = {"int": "2", "oid": "6", "gauge": "66", "ticks": "67"}[kind]
    if kind == "int" and not -(2**31) <= int(value) < 2**32:  # some agents send ifIndex so large
        raise SourceError(f"{'.'.join(map(str, oid))}: {value} is no INTEGER of 32 bits; write a text in quotes")
    return Line(oid, tag, str(value))


@cache
def known_tables() -> dict[str, dict[str, Any]]:
    """What tables.yml describes: {table: {entry, columns}}, in the form in which a source describes its own."""
    tables: dict[str, dict[str, Any]] = read_yaml(HERE / "tables.yml")
    return tables


def table_lines(table: str, written: dict[str, Any]) -> Iterator[Line]:
    """The lines of a table: rows of one that is known, or a table that the source describes itself."""
    if "entry" in written:
        yield from lines_of_rows(table, written, written["rows"])
    elif table in known_tables():
        rows = {index: {**index_columns(table, str(index)), **row} for index, row in written.items()}
        yield from lines_of_rows(table, known_tables()[table], rows)
    else:
        raise SourceError(f"no table {table}; known are {', '.join(known_tables())}")


def lines_of_rows(table: str, described: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Iterator[Line]:
    """The lines of rows, {index: {column: value}}, of a table with `entry` and `columns`."""
    entry, columns = parse_oid(described["entry"]), described["columns"]
    for index, row in rows.items():
        for column, value in row.items():
            if column not in columns:
                raise SourceError(f"{table} row {index}: no column {column}; known are {', '.join(columns)}")
            if value is not None:
                number, kind = as_column(columns[column], value)
                yield line((*entry, number, *parse_oid(index)), kind, value)


def as_column(written: int | list[Any], value: Any) -> tuple[int, str]:
    """(sub-identifier, kind of value) of a column."""
    if isinstance(written, list):
        return written[0], written[1]
    return written, "int" if isinstance(value, int) else "text"


def index_columns(table: str, index: str) -> dict[str, int]:
    """The columns of a row that only repeat its index."""
    if table == "jnxContentsTable":
        return dict(zip(("container", "l1", "l2", "l3"), parse_oid(index), strict=True))
    if table == "jnxFruTable":
        return {"container": parse_oid(index)[0]}
    return {}


def repeated(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The row, or with `repeat` as many of it, counted."""
    row = dict(row)
    times, step = row.pop("repeat", None), row.pop("step", 1)
    if times is None:
        yield row
        return
    for m in range(times):
        copy = counted(row, m, step)
        if "position" in copy:
            copy["position"] += m
        yield copy


def counted(value: Any, m: int, step: int, key: str = "") -> Any:
    """The m-th copy of a repeated row and of what it contains: {n} and {m} filled, indexes counted up."""
    if isinstance(value, dict):
        return {k: counted(v, m, step, k) for k, v in value.items()}
    if isinstance(value, list):
        return [counted(v, m, step) for v in value]
    if isinstance(value, str):
        return value.replace("{n}", str(m + 1)).replace("{m}", str(m))
    if key == "index":
        return value + m * step
    if key == "ifindex":
        return value + m
    return value


def entity_rows(rows: list[dict[str, Any]], parent: int = 0) -> Iterator[tuple[int, dict[str, Any], int | None]]:
    """(entPhysicalIndex, columns, ifIndex) of each row of the tree, from the outermost in."""
    for written in rows:
        for row in repeated(written):
            inner = row.pop("contains", [])
            index = row.pop("index")
            ifindex = row.pop("ifindex", None)
            yield index, {"parent": parent, **row}, ifindex
            yield from entity_rows(inner, index)


def entity_lines(tree: list[dict[str, Any]]) -> Iterator[Line]:
    """entPhysicalTable, and entAliasMappingTable for the rows that name an interface."""
    rows: dict[str, dict[str, Any]] = {}
    mapped: dict[str, dict[str, Any]] = {}
    for index, row, ifindex in entity_rows(tree):
        if str(index) in rows:
            raise SourceError(f"entity: index {index} stands twice")
        rows[str(index)] = row
        if ifindex is not None:
            mapped[f"{index}.0"] = {"identifier": f"1.3.6.1.2.1.2.2.1.1.{ifindex}"}
    yield from table_lines("entPhysicalTable", rows)
    yield from table_lines("entAliasMappingTable", mapped)


def interface_lines(interfaces: list[dict[str, Any]]) -> Iterator[Line]:
    """ifTable and ifXTable; ifDescr is ifName where the source has no other."""
    for written in interfaces:
        for port in repeated(written):
            index = str(port["ifindex"])
            yield from table_lines("ifTable", {index: {"index": index, "descr": port.get("descr", port["name"])}})
            yield from table_lines("ifXTable", {index: {"name": port["name"], "alias": port.get("alias", "")}})


def box_lines(source: dict[str, Any]) -> list[Line]:
    """Every line of the box, in the order of the OIDs, as agents answer and snmpsim needs them."""
    found = [line(parse_oid(SYSTEM[key][0]), SYSTEM[key][1], value) for key, value in source["system"].items()]
    found += interface_lines(source.get("interfaces", []))
    found += entity_lines(source.get("entity", []))
    for table, rows in source.get("tables", {}).items():
        found += table_lines(table, rows)
    for oid, value in source.get("scalars", {}).items():
        found.append(line(parse_oid(oid), "int" if isinstance(value, int) else "text", value))
    return sorted(found)


def expectation(source: dict[str, Any]) -> dict[str, Any]:
    """What the reader and the merge must find in the box, as the tests read it."""
    expected = source["expected"]
    keys = ("serial", "part", "category", "name", "interface")
    records = [dict(zip(keys, row, strict=False)) for row in expected["records"]]
    paths = expected.get("paths", {})
    for record in records:
        if record["serial"] in paths:
            record["path"] = paths[record["serial"]]
    coverage = {"coverage": expected["coverage"]} if "coverage" in expected else {}
    return {
        "why": source["why"].strip(),
        "provenance": source["provenance"],
        "records": [{key: value for key, value in record.items() if value is not None} for record in records],
        "rejected": [{"serial": text, "reason": reason} for text, reason in expected.get("rejected", [])],
        "members": [{"number": number, "serial": serial} for number, serial in expected.get("members", [])],
        **coverage,
    }


def build(path: Path) -> dict[str, bytes]:
    """The files that a source makes: {name: content}. Raises SourceError."""
    source = read_yaml(path)
    try:
        ending, recording = packaged(source) if "recording" in source else (".snmprec", built_box(source))
        expected = expectation(source)
    except (SourceError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path.name}: {type(error).__name__}: {error}") from error
    return {
        f"{path.stem}{ending}": recording,
        f"{path.stem}.expected.json": (json.dumps(expected, indent=1, ensure_ascii=False) + "\n").encode(),
    }


def built_box(source: dict[str, Any]) -> bytes:
    """The recording of a box that a source describes."""
    lines = (f"{'.'.join(map(str, oid))}|{tag}|{text}\n" for oid, tag, text in box_lines(source))
    return "".join(lines).encode()


def packaged(source: dict[str, Any]) -> tuple[str, bytes]:
    """(ending, content) of a recording that a Python package holds. Raises SourceError if it does not."""
    package, file = source["recording"]["package"], source["recording"]["file"]
    spec = importlib.util.find_spec(package.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise SourceError(f"the Python package {package} is not installed: run `make venv`")
    path = Path(spec.origin).parent / file
    if not path.is_file():
        raise SourceError(f"{package} has no file {file}; tests/requirements.txt says which version is meant")
    return path.name[path.name.index(".snmprec") :], path.read_bytes()


def files() -> dict[str, bytes]:
    """All files of the folder: {name: content}. Raises SourceError, also where two places make the same file."""
    found = {path.name: path.read_bytes() for path in sorted(RECORDED.iterdir())}
    for path in sorted(SOURCES.glob("*.yml")):
        made = build(path)
        if twice := found.keys() & made.keys():
            raise SourceError(f"sources/{path.name} makes {', '.join(sorted(twice))}, which is in recorded/ too")
        found.update(made)
    return found


@cache
def recordings() -> Path:
    """The folder of recordings, built before if it is missing or out of date. Raises SourceError.

    Several processes may call this at the same time. A file whose content stays is not touched, so that who is reading
    it sees no change.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT.parent / "recordings.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest, stamp = _digest(), BUILT / DIGEST
        if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
            _write(files())
            stamp.write_text(digest, encoding="ascii")
    return BUILT


def _digest() -> str:
    """Of everything that the folder is made of."""
    digest = hashlib.sha256()
    for path in (Path(__file__), HERE / "tables.yml", *sorted(SOURCES.glob("*.yml")), *sorted(RECORDED.iterdir())):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _write(wanted: dict[str, bytes]) -> None:
    (BUILT / DIGEST).unlink(missing_ok=True)
    for path in BUILT.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = BUILT / name
        if not path.exists() or path.read_bytes() != content:
            whole = BUILT / f".{name}"
            whole.write_bytes(content)
            os.replace(whole, path)


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{recordings()}\n")
    except SourceError as error:
        sys.exit(f"build.py: {error}")

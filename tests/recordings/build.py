# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the recordings of tests/recordings from their readable sources.

    python tests/recordings/build.py            # writes NAME.snmprec and NAME.expected.json for each sources/NAME.yml
    python tests/recordings/build.py --check    # only says whether what is committed is what the sources make

A source describes one box as its manual would: its tree of parts, its interfaces, and rows of vendor tables.
All boxes and serials are invented; the shapes are those of the MIBs. The keys of a source:

why         what this recording proves, one or two sentences
system      sysDescr, sysObjectID, sysName, ... (SNMPv2-MIB)
interfaces  ifIndex: ifName, or {name, descr, alias}; `repeat` as below
entity      the tree of entPhysicalTable rows: keys of TABLES["entPhysicalTable"], and
            index     entPhysicalIndex
            parent    taken from the tree; written out only where a box says something odd
            ifindex   adds a row of entAliasMappingTable
            contains  rows within this one
            repeat    as many rows like this one: {n} in texts is 1, 2, ...; {m} is 0, 1, ...; index counts up by `step`
                      (default 1), here and in what it contains; ifindex and position count up by one
scalars     OID: value
tables      name of TABLES: {row index: {column: value}}; or, for a table that only this box has,
            name: {entry: OID, columns: {column: sub-identifier}, rows: {row index: {column: value}}}: numbers become
            INTEGERs, texts OCTET STRINGs; {column: [sub-identifier, kind]} names other kinds: oid, hex, gauge, truth
expected    records: [serial, part, category, name, interface]: what one record per serial must say (null: not checked)
            rejected: [serial text, reason]: what must not become a record; reason null where any will do
            members: [number, serial]: the members of a stack or virtual chassis
            paths: {serial: path}: the names from the chassis down, where the box is built to show them
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Oid = tuple[int, ...]

HERE = Path(__file__).resolve().parent

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

#: name of a table: OID of its entry, and each column's sub-identifier with the type of its value
TABLES: dict[str, tuple[str, dict[str, tuple[int, str]]]] = {
    # RFC 6933
    "entPhysicalTable": (
        "1.3.6.1.2.1.47.1.1.1.1",
        {
            "descr": (2, "text"),
            "vendor_type": (3, "oid"),
            "parent": (4, "int"),
            "class": (5, "class"),
            "position": (6, "int"),
            "name": (7, "text"),
            "hardware": (8, "text"),
            "firmware": (9, "text"),
            "software": (10, "text"),
            "serial": (11, "text"),
            "manufacturer": (12, "text"),
            "model": (13, "text"),
            "alias": (14, "text"),
            "asset": (15, "text"),
            "fru": (16, "truth"),
            "manufactured": (17, "hex"),
        },
    ),
    "entAliasMappingTable": ("1.3.6.1.2.1.47.1.3.2.1", {"identifier": (2, "oid")}),
    # RFC 2863
    "ifTable": ("1.3.6.1.2.1.2.2.1", {"index": (1, "int"), "descr": (2, "text")}),
    "ifXTable": ("1.3.6.1.2.1.31.1.1.1", {"name": (1, "text"), "alias": (18, "text")}),
    # OLD-CISCO-CHASSIS-MIB
    "cardTable": (
        "1.3.6.1.4.1.9.3.6.11.1",
        {
            "index": (1, "int"),
            "type": (2, "int"),
            "descr": (3, "text"),
            "serial": (4, "int"),
            "hardware": (5, "text"),
            "software": (6, "text"),
            "slot": (7, "int"),
            "parent": (8, "int"),
            "status": (9, "int"),
            "slots": (10, "int"),
        },
    ),
    # CISCO-STACKWISE-MIB
    "cswSwitchInfoTable": (
        "1.3.6.1.4.1.9.9.500.1.2.1.1",
        {"number": (1, "gauge"), "role": (3, "int"), "state": (6, "int")},
    ),
    # JUNIPER-MIB
    "jnxContainersTable": (
        "1.3.6.1.4.1.2636.3.1.6.1",
        {
            "index": (1, "int"),
            "view": (2, "int"),
            "level": (3, "int"),
            "within": (4, "int"),
            "type": (5, "oid"),
            "descr": (6, "text"),
            "count": (7, "int"),
        },
    ),
    "jnxContentsTable": (
        "1.3.6.1.4.1.2636.3.1.8.1",
        {
            "container": (1, "int"),
            "l1": (2, "int"),
            "l2": (3, "int"),
            "l3": (4, "int"),
            "type": (5, "oid"),
            "descr": (6, "text"),
            "serial": (7, "text"),
            "revision": (8, "text"),
            "installed": (9, "ticks"),
            "part": (10, "text"),
            "chassis_id": (11, "int"),
            "chassis_descr": (12, "text"),
            "clei": (13, "text"),
            "model": (14, "text"),
        },
    ),
    "jnxFruTable": (
        "1.3.6.1.4.1.2636.3.1.15.1",
        {"container": (1, "int"), "name": (5, "text"), "type": (6, "int"), "slot": (7, "int"), "state": (8, "int")},
    ),
    # JUNIPER-VIRTUALCHASSIS-MIB
    "jnxVirtualChassisMemberTable": (
        "1.3.6.1.4.1.2636.3.40.1.4.1.1.1",
        {
            "serial": (2, "text"),
            "role": (3, "int"),
            "software": (5, "text"),
            "priority": (6, "int"),
            "model": (8, "text"),
        },
    ),
    # TIMETRA-CHASSIS-MIB
    "tmnxHwTable": (
        "1.3.6.1.4.1.6527.3.1.2.2.1.8.1",
        {
            "id": (2, "oid"),
            "part": (4, "text"),
            "serial": (5, "text"),
            "manufactured": (6, "text"),
            "class": (7, "int"),
            "name": (8, "text"),
            "alias": (9, "text"),
            "asset": (10, "text"),
            "clei": (11, "text"),
            "fru": (12, "truth"),
            "parent": (13, "int"),
            "position": (14, "int"),
            "admin": (15, "int"),
            "oper": (16, "int"),
        },
    ),
    "tmnxChassisTable": ("1.3.6.1.4.1.6527.3.1.2.2.1.3.1", {"name": (3, "text"), "type": (4, "int")}),
    "tmnxChassisTypeTable": ("1.3.6.1.4.1.6527.3.1.2.2.1.6.1", {"name": (2, "text"), "descr": (3, "text")}),
    "tmnxCpmFlashTable": (
        "1.3.6.1.4.1.6527.3.1.2.2.3.7.1",
        {
            "serial": (3, "text"),
            "firmware": (4, "text"),
            "model": (5, "text"),
            "capacity": (6, "gauge"),
            "hw": (8, "int"),
        },
    ),
    # TIMETRA-PORT-MIB
    "tmnxPortTable": (
        "1.3.6.1.4.1.6527.3.1.2.2.4.2.1",
        {
            "name": (6, "text"),
            "transceiver_type": (25, "int"),
            "model": (29, "text"),
            "oui": (31, "hex"),
            "manufactured": (32, "hex"),
            "sfp_equipped": (34, "truth"),
            "equipped": (35, "truth"),
            "admin": (37, "int"),
            "oper": (38, "int"),
            "serial": (45, "text"),
            "part": (46, "text"),
        },
    ),
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
    """A source says something that cannot be built; the message names the place."""


class Line(NamedTuple):
    """One line of a .snmprec file: OID, tag (the ASN.1 tag's number, and x for hexadecimal), text."""

    oid: Oid
    tag: str
    text: str


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
    return Line(oid, tag, str(value))


def own_table_lines(table: str, written: dict[str, Any]) -> Iterator[Line]:
    """The lines of a table that the source describes itself."""
    entry = parse_oid(written["entry"])
    for index, row in written["rows"].items():
        for column, value in row.items():
            if column not in written["columns"]:
                raise SourceError(f"{table} row {index}: no column {column}")
            if value is not None:
                number, kind = as_column(written["columns"][column], value)
                yield line((*entry, number, *parse_oid(index)), kind, value)


def as_column(written: int | list[Any], value: Any) -> tuple[int, str]:
    """(sub-identifier, kind of value) of a column that a source describes."""
    if isinstance(written, list):
        return written[0], written[1]
    return written, "int" if isinstance(value, int) else "text"


def table_lines(table: str, rows: dict[str, dict[str, Any]]) -> Iterator[Line]:
    """The lines of a table's rows; `rows` is {index: {column: value}}."""
    if table not in TABLES:
        raise SourceError(f"no table {table}; known are {', '.join(TABLES)}")
    entry, columns = TABLES[table]
    for index, row in rows.items():
        for column, value in {**index_columns(table, index), **row}.items():
            if column not in columns:
                raise SourceError(f"{table} row {index}: no column {column}; known are {', '.join(columns)}")
            if value is not None:
                number, kind = columns[column]
                yield line((*parse_oid(entry), number, *parse_oid(index)), kind, value)


def index_columns(table: str, index: str) -> dict[str, int]:
    """The columns of a row that only say its index again."""
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
    """ifTable and ifXTable; ifDescr is ifName where nothing else is said."""
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
        found += own_table_lines(table, rows) if "entry" in rows else table_lines(table, rows)
    for oid, value in source.get("scalars", {}).items():
        found.append(line(parse_oid(oid), "int" if isinstance(value, int) else "text", value))
    return sorted(found)


def expectation(source: dict[str, Any]) -> dict[str, Any]:
    """What the reader and the merge must say about the box, as the tests read it."""
    expected = source["expected"]
    keys = ("serial", "part", "category", "name", "interface")
    records = [dict(zip(keys, row, strict=False)) for row in expected["records"]]
    paths = expected.get("paths", {})
    for record in records:
        if record["serial"] in paths:
            record["path"] = paths[record["serial"]]
    return {
        "why": source["why"].strip(),
        "records": [{key: value for key, value in record.items() if value is not None} for record in records],
        "rejected": [{"serial": text, "reason": reason} for text, reason in expected.get("rejected", [])],
        "members": [{"number": number, "serial": serial} for number, serial in expected.get("members", [])],
    }


def build(path: Path) -> dict[Path, str]:
    """The files that a source makes: {path: content}."""
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        lines, expected = box_lines(source), expectation(source)
    except (SourceError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path.name}: {type(error).__name__}: {error}") from error
    recording = "".join(f"{'.'.join(map(str, oid))}|{tag}|{text}\n" for oid, tag, text in lines)
    return {
        HERE / f"{path.stem}.snmprec": recording,
        HERE / f"{path.stem}.expected.json": json.dumps(expected, indent=1, ensure_ascii=False) + "\n",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the recordings from their sources.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a committed file is out of date")
    check = parser.parse_args().check
    stale = []
    for path in sorted((HERE / "sources").glob("*.yml")):
        for target, content in build(path).items():
            if target.exists() and target.read_text(encoding="utf-8") == content:
                continue
            stale.append(target.name)
            if not check:
                target.write_text(content, encoding="utf-8")
    print(f"{'out of date' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SourceError as error:
        sys.exit(f"build.py: {error}")

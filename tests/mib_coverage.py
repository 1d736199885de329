# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which serial numbers of hardware in a folder of MIBs the profiles read, and what in profiles contradicts these MIBs.

    make mib-coverage MIBS=FOLDER [OUT=FILE.csv|FILE.json] [FACTS=1]

OUT gets every object with its state. FACTS=1 writes the counts by enterprise, which docs/platforms.md shows: MIBs are
not in this repository, and a list of what they contain is not either. The exit status is 1 where a profile contradicts
the MIBs.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_reader import read_folders
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_tree import MibTree
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import dotted
from ansible_collections.invmon.network.tests.mibs.coverage import Count, Finding, counted, findings, load_exclusions
from ansible_collections.invmon.network.tests.mibs.facts import write_facts
from ansible_collections.invmon.network.tests.mibs.profile_faults import Fault, profile_faults
from ansible_collections.invmon.network.tests.mibs.profile_oids import serial_oids
from ansible_collections.invmon.network.tests.mibs.serial_objects import enterprise_names, serial_objects

COLUMNS = ("enterprise", "oid", "objects", "kind", "described", "state", "read_by", "excluded")
_WIDTH = 34
#: Enterprises with nothing missing are a number, not rows.
_HEAD = f"{'':{_WIDTH}} {'objects':>8} {'excluded':>9} {'read':>6} {'missing':>8} {'read %':>8}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Hold the profiles against a folder of MIBs.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--out", type=Path, help="a file .csv or .json that gets every object")
    parser.add_argument("--facts", action="store_true", help="write the counts that docs/platforms.md shows")
    arguments = parser.parse_args()
    tree = MibTree(read_folders(arguments.folders))
    found = findings(serial_objects(tree), serial_oids(shipped()), load_exclusions())
    names = enterprise_names(tree, {finding.found.enterprise for finding in found})
    print(f"{len(tree.modules)} modules, {len(tree.objects)} OIDs, {len(found)} of them serial numbers of hardware.\n")
    print(*table("kind", counted(found, lambda f: f.found.kind)), sep="\n", end="\n\n")
    described = [finding for finding in found if finding.found.described or finding.found.kind == "transceiver"]
    print(*table("with model, part or maker beside", counted(described, lambda _finding: "")), sep="\n", end="\n\n")
    by_number = counted(found, lambda f: f.found.enterprise)
    labelled = {f"{number} {names.get(number, '')}": count for number, count in by_number.items() if count.missing}
    print(*table("enterprise with something missing", labelled), sep="\n", end="\n\n")
    if arguments.out:
        write(arguments.out, found)
    if arguments.facts:
        write_facts(len(tree.modules), by_number, names)
    return report(list(profile_faults(shipped(), tree)))


def table(title: str, counts: dict[str, Count]) -> Iterable[str]:
    """A table of 80 columns, with a line of totals."""
    yield title[:_WIDTH].ljust(_WIDTH) + _HEAD[_WIDTH:]
    for name, count in counts.items():
        if name:
            yield _line(name, count)
    yield _line("total", Count.total(counts.values()))


def _line(name: str, count: Count) -> str:
    objects = count.wanted + count.excluded
    return f"{name[:_WIDTH]:{_WIDTH}} {objects:8} {count.excluded:9} {count.read:6} {count.missing:8} {count.percent:8}"


def write(path: Path, found: Iterable[Finding]) -> None:
    """Every object as a row of CSV, or JSON where the file's name ends so."""
    rows = [dict(zip(COLUMNS, row(finding), strict=True)) for finding in found]
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".json":
            json.dump(rows, file, indent=1)
            return
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def row(finding: Finding) -> tuple[str | int | bool, ...]:
    found = finding.found
    oid = dotted(found.oid)
    names = " ".join(found.names)
    beside = found.described
    return (
        found.enterprise,
        oid,
        names,
        found.kind,
        beside,
        finding.state,
        " ".join(finding.read_by),
        finding.excluded,
    )


def report(faults: list[Fault]) -> int:
    """Print what contradicts the MIBs, and what is in none of them; the exit status."""
    for certain, title in ((False, "In no MIB, or unusual"), (True, "Profiles that contradict the MIBs")):
        chosen = [fault for fault in faults if fault.certain is certain]
        print(f"{title}: {len(chosen)}")
        for fault in chosen:
            print("  " + " ".join(f"{value}" for key, value in asdict(fault).items() if key != "certain"))
    return int(any(fault.certain for fault in faults))


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replay recordings of real agents and compare what we read with what is really in each box.

    tests/walks.py DIR [--only REGEX] [--quiet]

DIR holds NAME.snmprec[.gz|.bz2] and expected.json: {NAME: {"serials": {SERIAL: {"part", "category", "name"}}}}, where
an empty text means unknown. Each difference is printed, with the reason where walks_explained.yml in this folder
has one. The exit status is 1 where a difference has no explanation, or a rejected word was taken for a serial;
2 where DIR holds nothing to replay.

The recordings of others are not distributed with the collection. Where DIR is missing, or one of the recordings that
walks_explained.yml names is not in it, the last lines say which were not checked; the exit status stays 0.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import is_placeholder, judge
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport, load_recording

#: {recording: {serial: why it may differ}}
EXPLAINED = Path(__file__).resolve().parent / "walks_explained.yml"
_SUFFIX = re.compile(r"\.snmprec(\.gz|\.bz2)?$")


@dataclass
class Difference:
    """One thing that is not as expected; `serial` is empty where it concerns the whole box."""

    serial: str
    text: str
    why: str = ""  #: the explanation


@dataclass
class Score:
    """Of one recording, or of all of them."""

    name: str
    expected: int = 0
    found: int = 0  #: expected serials that we have
    records: int = 0
    parts: list[bool] = field(default_factory=list)  #: per serial with an expected part: ours is the same
    categories: list[bool] = field(default_factory=list)
    requests: int = 0
    platform: str = ""
    differences: list[Difference] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)  #: serials that judge() rejects

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.found / self.records if self.records else 1.0

    def add(self, other: Score) -> None:
        for name in ("expected", "found", "records", "requests", "parts", "categories", "junk"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self) -> str:
        return (
            f"{self.name:<24} {self.platform:<12} {self.expected:>5} {self.records:>5} {self.recall:>7.3f} "
            f"{self.precision:>9.3f} {_share(self.parts):>7} {_share(self.categories):>9} {self.requests:>8}"
        )


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.3f}" if hits else "-"


def score(path: Path, expected: dict[str, dict[str, str]] | None) -> Score:
    """Replay one recording and compare it."""
    transport = ReplayTransport(load_recording(path))
    collection = read_device(Agent(transport)).to_dict()
    records = {record["serial"]: record for record in merge_by_serial(collection["items"])}
    result = Score(_SUFFIX.sub("", path.name), platform=collection["platform"], requests=transport.requests)
    result.junk = [serial for serial in records if judge(serial).reason and not _is_number_column(records[serial])]
    if not collection["complete"]:
        result.differences.append(Difference("", f"incomplete: {collection['tables']}"))
    if expected is None:
        result.differences.append(Difference("", f"no expectation; found {', '.join(sorted(records))}"))
        return result
    result.expected, result.records = len(expected), len(records)
    rejected = {row["serial"]: row["reason"] for row in collection["rejected"]}
    for serial, want in sorted(expected.items()):
        if serial not in records:
            told = f"missing {serial}: rejected as {rejected.get(serial)}, expected {want}"
            result.differences.append(Difference(serial, told))
            continue
        result.found += 1
        _compare(result, serial, records[serial], want)
    for serial in sorted(records.keys() - expected.keys()):
        where = {key: records[serial].get(key) for key in ("source", "index", "name", "part", "category")}
        result.differences.append(Difference(serial, f"not expected {serial}: {where}"))
    return result


def _is_number_column(record: dict[str, Any]) -> bool:
    """Serials of cardTable are integers: 11111111 is a number as good as any."""
    return record["source"] == "cardTable"


def _compare(result: Score, serial: str, record: dict[str, Any], want: dict[str, str]) -> None:
    part, category = want.get("part", ""), want.get("category", "")
    if part and not is_placeholder(part):
        result.parts.append(record.get("part") == part)
        if not result.parts[-1]:
            told = f"part of {serial}: {record.get('part')!r}, expected {part!r}"
            result.differences.append(Difference(serial, told))
    if category and not category.isdigit():
        ours = record["category"]
        result.categories.append(ours.lower() == category or ours == "transceiver")
        if not result.categories[-1]:
            told = f"category of {serial} ({record.get('name')}): {ours}, expected {category}"
            result.differences.append(Difference(serial, told))


def main() -> int:
    parser = argparse.ArgumentParser(description="Replay recordings and compare them with expected.json.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--only", default="", help="names that match this regular expression")
    parser.add_argument("--quiet", action="store_true", help="the table alone, without the differences")
    options = parser.parse_args()
    explained = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    if not options.directory.is_dir():
        print(not_checked(options.directory, sorted(explained)))
        return 0
    paths = sorted(path for path in options.directory.glob("*.snmprec*") if _SUFFIX.search(path.name))
    paths = [path for path in paths if re.search(options.only, path.name)]
    if not paths:
        print(f"no recordings in {options.directory}")
        return 2
    expectations = options.directory / "expected.json"
    expected = json.loads(expectations.read_text()) if expectations.exists() else {}
    total = Score("total")
    failed = False
    print(f"{'recording':<24} {'platform':<12} wants   has  recall precision    part  category requests")
    for path in paths:
        name = _SUFFIX.sub("", path.name)
        want = expected.get(name)
        result = score(path, want["serials"] if want else None)
        for difference in result.differences:
            difference.why = explained.get(name, {}).get(difference.serial, "")
        total.add(result)
        failed = failed or bool(result.junk) or not all(difference.why for difference in result.differences)
        print(result.line())
        for difference in [] if options.quiet else result.differences:
            print(f"    {difference.text}")
            print(f"        {difference.why or 'NOT EXPLAINED'}")
    print(total.line())
    print(f"rejected words taken as serials: {len(total.junk)} {total.junk or ''}")
    names = {_SUFFIX.sub("", path.name) for path in paths}
    if missing := sorted(name for name in explained if name not in names and re.search(options.only, name)):
        print(not_checked(options.directory, missing))
    return int(failed)


def not_checked(directory: Path, names: list[str]) -> str:
    """What to print where recordings are missing: it must not look like a pass."""
    return (
        f"SKIPPED: {len(names)} recordings of real devices were NOT checked, because they are not in {directory}:\n"
        f"  {', '.join(names)}\n"
        "  They belong to others and are not distributed with the collection. If you have such recordings, name the\n"
        "  folder: make walks WALKS=FOLDER. Real recordings that are free to use are part of `make recordings`."
    )


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many serial numbers the MIBs of each enterprise have, and how many are read: a committed file of counts.

Counts, not lists: what a MIB contains is its maker's, and how much of it we read is ours. The file is written by
`make mib-coverage FACTS=1` and read by platforms_page.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.tests.mibs.coverage import Count

FACTS = Path(__file__).resolve().parent / "coverage.yml"
_HEAD = """---
# Written by `make mib-coverage MIBS=FOLDER FACTS=1`: of each enterprise its name in MIBs, and how many of their serial
# numbers of hardware are read by a profile, excluded with a reason (exclusions.yml), and missing.
"""


def write_facts(modules: int, counts: Mapping[int, Count], names: Mapping[int, str]) -> None:
    """One line for each enterprise."""
    lines = [_HEAD, f"modules: {modules}\n", "enterprises:\n"]
    for number, count in counts.items():
        name = names.get(number, "unknown")
        lines.append(f"  {number}: [{name}, {count.read}, {count.excluded}, {count.missing}]\n")
    FACTS.write_text("".join(lines), encoding="utf-8")


def read_facts() -> tuple[int, dict[int, tuple[str, Count]]]:
    """How many modules there were, and of each enterprise its name and counts."""
    data: dict[str, Any] = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    counts = {number: (str(name), Count(*numbers)) for number, (name, *numbers) in data["enterprises"].items()}
    return data["modules"], counts


def section() -> str:
    """The part of docs/platforms.md about coverage: enterprises with the most objects that count, then totals."""
    modules, facts = read_facts()
    total = Count.total(count for _name, count in facts.values())
    complete = sum(1 for _name, count in facts.values() if not count.missing)
    lines = [
        "\n## Coverage of MIBs\n\n",
        f"Of {modules} modules in public collections, {total.wanted + total.excluded} objects are serial numbers. "
        f"{total.excluded} are\nexcluded with a reason (certificates, licences, neighbours, alarms ...), and "
        f"{total.read} of the other {total.wanted} are read\n({total.percent} %). Of {len(facts)} enterprises, "
        f"{complete} are read completely. `make mib-coverage MIBS=FOLDER` lists every object of\na folder of MIBs "
        "with what reads it. These are the enterprises of which ten or more objects count:\n\n",
        "| enterprise | name in MIBs | read | missing | excluded | % |\n|---|---|---|---|---|---|\n",
    ]
    large = {number: found for number, found in facts.items() if found[1].wanted >= 10}
    for number, (name, count) in large.items():
        lines.append(f"| {number} | {name} | {count.read} | {count.missing} | {count.excluded} | {count.percent} |\n")
    return "".join(lines)

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How devices were reached, as text: one table, then what to do for each that could not be read.

It renders the data of _tasks/reach.py, and decides nothing itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from .._common.cells import INDENT, UNBROKEN
from .._outgoing.text import printable
from .._outgoing.words import clipped, count, listed
from . import needs
from .headline import pieces
from .layout import paragraph, table
from .night import Line
from .words import duration

#: So many devices are in the table; with -v all of them.
NAMED = 200
#: The name of a set of credentials is cut after so many characters.
_NAME = 20
#: Readings of devices that are in the list of what to do.
_WELL = "complete"
_HEADINGS = ("Device", "Answered to", "Platform", "Time", "Read")
_NEXT = "ansible-playbook invmon.network.inventory -i INVENTORY --check --diff"

Host = Mapping[str, Any]


def reach_text(data: Mapping[str, Any], width: int, verbose: bool = False, file: str | None = None) -> list[Line]:
    """The text, in lines of at most `width` cells (a longer word is not broken).

    verbose: name all devices. file: where all of it is as data.
    """
    hosts: Sequence[Host] = data["hosts"]
    lines = [Line(text) for text in paragraph(_first(data), width)]
    lines += [Line(""), *_table(hosts, width, verbose, file)]
    for section in (_needs(hosts, width, verbose), _limits(hosts, width), _last(hosts, width, file)):
        lines += [Line(""), *section] if section else []
    return lines


def _first(data: Mapping[str, Any]) -> str:
    took = f" in {duration(data['seconds'])}" if data.get("seconds") is not None else ""
    read = [f"{number:,} {reading.words}" for reading, number in pieces(data)]
    return f"Reach: {', '.join([count(len(data['hosts']), 'device') + took, *read])}. Nothing was written to NetBox."


def _table(hosts: Sequence[Host], width: int, verbose: bool, file: str | None) -> Iterator[Line]:
    shown = hosts if verbose else hosts[:NAMED]
    for number, line in enumerate(table([_HEADINGS, *map(_row, shown)], width)):
        yield Line(line, "" if number else "open")
    if left := len(hosts) - len(shown):
        yield Line(f"{INDENT}and {left:,} more; {f'see {file}' if file else '-v lists all'}")


def _row(host: Host) -> list[str]:
    took = f"{host['seconds']:.1f} s" if host.get("seconds") is not None else ""
    return [printable(host["host"]), _answered(host), printable(host.get("platform", "")), took, _read(host)]


def _answered(host: Host) -> str:
    """The credentials that worked; never what they are."""
    attempt = host.get("attempt") or {}
    if not attempt.get("version"):
        return "a recording" if "platform" in host else "-"
    level = f" {printable(attempt['security_level'])}" if attempt["version"] == "3" else ""
    after = f", attempt {attempt['number']}" if (attempt.get("number") or 1) > 1 else ""
    if attempt.get("credentials"):
        after = f", {clipped(attempt['credentials'], _NAME)}"  # the name of the set, which says more
    return f"v{printable(attempt['version'])}{level}{after}"


def _read(host: Host) -> str:
    parts = count(host.get("parts", 0), "part")
    return {"complete": parts, "incomplete": f"{parts}, incomplete"}.get(host["reading"], str(host["reading"]))


def _needs(hosts: Sequence[Host], width: int, verbose: bool) -> list[Line]:
    """Each device that could not be read, or of which nothing is known, with what to do."""
    standing = [_item(host) for host in hosts if host["reading"] != _WELL]
    rows, left = needs.rows({"standing": standing}, datetime.now().astimezone(), verbose)
    lines = [Line("Needs attention", "bad"), *map(Line, table(rows, width))] if rows else []
    return lines + ([Line(f"{INDENT}and {left:,} more; -v lists all")] if left else [])


def _item(host: Host) -> dict[str, Any]:
    item = {"kind": host["reading"], "device": host["host"], "text": host.get("text"), "answer": host.get("answer")}
    return {key: value for key, value in item.items() if value}


def _limits(hosts: Sequence[Host], width: int) -> list[Line]:
    """What devices cannot report: by its kind, the words before the colon."""
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for host in hosts:
        for sentence in host.get("cannot", ()):
            kinds[sentence.partition(":")[0]][sentence].append(host["host"])
    lines = [Line("Not reported over SNMP")] if kinds else []
    for kind, sentences in sorted(kinds.items()):
        names = dict.fromkeys(name for found in sentences.values() for name in found)
        text = next(iter(sentences)) if len(sentences) == 1 else kind
        first, *others = paragraph(f"{printable(text)}: {listed(names)}", width - len(INDENT), INDENT)
        lines += [Line(first), *(Line(INDENT + other) for other in others)]
    return lines


def _last(hosts: Sequence[Host], width: int, file: str | None) -> list[Line]:
    said = [f"All of it as data: {printable(file)}."] if file else []
    if any(host["reading"] == _WELL for host in hosts):
        said.append(f"Next, what would be written to NetBox: {_NEXT.replace(' ', UNBROKEN)}")
    return [Line(text) for sentence in said for text in paragraph(sentence, width)]

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The night as Markdown, for a mail, a chat or a merge request.

Texts of devices and of NetBox are code spans or escaped: in them no name is mentioned, and no link or HTML begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._common.cells import UNBROKEN
from .._discovery.overview import Overview
from .._discovery.verdicts import CONTRADICTING
from .._outgoing.text import printable
from .._outgoing.words import count
from . import headline, needs, records, scans, words
from .data import Report

#: So many changes and open items are named.
MOST_CHANGES, MOST_OPEN = 50, 30

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!@&])")


def markdown_text(report: Report, most_changes: int = MOST_CHANGES, most_open: int = MOST_OPEN) -> str:
    """The title, how it went, what changed and what is open; what is left out is counted."""
    lines = [f"## {escaped(headline.title_of(report))}", "", escaped(headline.verdict(report)[0])]
    lines += ["", escaped(scope)] if (scope := headline.scope(report)) else []
    lines += _readings(report.record)
    lines += _changes(report, most_changes)
    lines += _open(report, most_open)
    lines += _discovery(report.discovery, report, most_open) if report.discovery else []
    return "\n".join([*lines, ""])


def escaped(text: Any) -> str:
    """Text that is only text in Markdown."""
    return _SPECIAL.sub(r"\\\1", printable(text))


def code(text: Any) -> str:
    """Text as code, also in a cell of a table."""
    said = printable(text).replace("`", "'").replace("|", "\\|")
    return f"`{said}`" if said else ""


def _readings(record: Mapping[str, Any]) -> Iterator[str]:
    found = headline.pieces(record)
    if found:
        yield ""
        yield ", ".join(f"**{number:,}** {one.words}" for one, number in found) + "."


def _changes(report: Report, most: int) -> Iterator[str]:
    named, total = records.named_changes(report.record)
    if not total:
        return
    groups = records.with_what_was_inside(named)[:most]
    yield from ("", f"### Changed: {count(total, 'part')}", "")
    yield from ("| Device | Slot | Change | Part number | Serial number |", "|---|---|---|---|---|")
    for change, inside in groups:
        fate = escaped(records.in_words(change["fate"]))
        cells = [code(records.where(change)), code(records.slot(change)), fate, code(words.model(change))]
        yield _row([*cells, _serials(change, inside, report)])
    left = total - sum(1 + len(inside) for _change, inside in groups)
    yield from (["", f"and {left:,} more."] if left > 0 else [])


def _serials(change: Mapping[str, Any], inside: Sequence[Mapping[str, Any]], report: Report) -> str:
    if change["fate"] == "replaced":
        return f"{code((change.get('before') or {}).get('serial'))} → {code(change['serial'])}"
    text = words.what_became(change, inside, report.now).removeprefix(printable(change["serial"]))
    return f"{code(change['serial'])}{escaped(text)}"


def _open(report: Report, most: int) -> Iterator[str]:
    rows, left = needs.rows(report.record, report.now, verbose=True)
    parts = [item for item in report.record.get("standing") or () if item.get("kind") in needs.OPEN]
    if not rows and not parts:
        return
    yield from ("", "### Open", "")
    for device, kind, text in rows[:most]:
        yield f"- {code(device)} **{escaped(kind)}**: {escaped(text.replace(UNBROKEN, ' '))}"
    for item in parts[: max(most - len(rows), 0)]:
        kind, since = records.in_words(item["kind"]), words.moment(item.get("since"), report.now)
        yield f"- {code(records.where(item))} **{escaped(kind)}** since {since}: {code(item['serial'])}"
    more = len(rows) + len(parts) + left - most
    if more > 0:
        yield f"- and {more:,} more"


def _discovery(found: Overview, report: Report, most: int) -> Iterator[str]:
    """The last scan: its numbers, and who is unknown or contradicts NetBox."""
    yield from ("", f"### Discovery: {escaped(scans.title_of(found, report.now))}", "")
    yield ", ".join(f"**{number:,}** {words}" for number, words in scans.numbers(found)) + "."
    named = [*found.with_verdict(CONTRADICTING), *scans.unknown(found)]
    yield from [""] if named else []
    for row in named[:most]:
        verdict = row.verdict.verdict if row.verdict else ""
        yield f"- {code(row.host.ip)} {code(row.name)} **{escaped(verdict)}**: {escaped(scans.what_of(row))}"
    yield from [f"- and {len(named) - most:,} more"] if len(named) > most else []
    if said := scans.changes_in_words(found):
        yield from ("", escaped(said))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last scan of networks as the page shows it: plain texts and numbers, which the template lays out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._discovery.delta import GONE, HostChange
from ...module_utils._discovery.overview import Overview, Row
from ...module_utils._discovery.verdicts import UNASSIGNED, UNKNOWN
from ...module_utils._outgoing.text import printable
from ...module_utils._report import scans, words
from ...module_utils._report.data import Report
from ...module_utils._scan.finding import ANSWERED, CONTRADICTING, FAILED, REFUSED, SILENT
from .view import Todo, device_link, in_order

#: Rows of a table in the HTML itself; what is beyond is in the table of all hosts, and in the files.
MOST_ROWS, MOST_CHANGES = 200, 500

_RESULT_TONES = {ANSWERED: "ok", REFUSED: "ok", FAILED: "warn", SILENT: "plain"}


@dataclass(frozen=True)
class Tile:
    """A number of the headline."""

    number: int
    text: str
    tone: str
    anchor: str = ""


@dataclass(frozen=True)
class Said:
    """What one source said."""

    source: str
    result: str
    tone: str
    text: str


@dataclass(frozen=True)
class HostRow:
    """A host that needs attention."""

    ip: str
    name: str
    link: str | None
    network: str
    what: str
    since: str
    evidence: Sequence[Said]


@dataclass(frozen=True)
class Kind:
    """Hosts that need the same."""

    anchor: str
    heading: str
    do: str
    tone: str
    rows: Sequence[HostRow]
    more: int
    is_open: bool = True  #: shown at once; else on demand


@dataclass(frozen=True)
class ChangedHost:
    """A host that is not as it was."""

    ip: str
    name: str
    fate: str  #: in words
    css: str  #: class of the fate
    text: str


_KINDS = (
    ("contradicting", "Contradicting", ("host is not what NetBox has", "hosts are not what NetBox has"),
     "correct NetBox, or find out who answers there", "bad"),
    (GONE, "Gone", ("host is gone", "hosts are gone"), "find out whether it was removed; retire its record", "warn"),
    (UNKNOWN, "Unknown to NetBox", ("host is unknown to NetBox", "hosts are unknown to NetBox"),
     "find out what it is, then register it", "warn"),
    (UNASSIGNED, "Addresses without a device", ("address has no device", "addresses have no device"),
     "assign it in NetBox", "plain"),
)  # fmt: skip


def discovery_of(report: Report) -> dict[str, Any] | None:
    """What the section shows; None without a scan."""
    found = report.discovery
    if found is None:
        return None
    text, tone = scans.verdict_of(found)
    named, passing = scans.named_changes(found)
    changed, hosts = named[:MOST_CHANGES], {row.host.ip: row for row in found.rows}
    return {
        "when": scans.title_of(found, report.now),
        "verdict": text,
        "tone": tone,
        "age": words.duration((report.now - found.ended).total_seconds()),
        "is_old": report.now - found.ended > scans.OLD,
        "tiles": list(_tiles(found)),
        "todos": todos(found),
        "unusable": scans.unusable(found),
        "kinds": [one for one in _kinds(report, found) if one.rows],
        "has_before": found.has_before,
        "changes": [_changed(one, report, hosts.get(one.ip)) for one in changed],
        "changes_more": len(named) - len(changed),
        "changes_number": len(named),
        "passing": scans.passing_in_words(passing) if passing else "",
        "number": len(found.rows),
    }


def todos(found: Overview) -> list[Todo]:
    """What is to be done about the scan, the most urgent first."""
    made = []
    for key, _heading, short, do, tone in _KINDS:
        if number := len(_rows(found, key)):
            made.append(Todo(number, short[number != 1], do, tone, f"scan-{key}"))
    if found.not_asked:
        noun = "address was not asked" if found.not_asked == 1 else "addresses were not asked"
        made.append(Todo(found.not_asked, noun, "scan again: these are asked first", "warn", "discovery"))
    return in_order(made)


def _tiles(found: Overview) -> Iterator[Tile]:
    wrong, unknown, gone = scans.contradicting(found), len(scans.unknown(found)), len(scans.gone(found))
    yield Tile(found.targets, "addresses scanned" if found.scan.complete else "addresses to scan", "plain")
    yield Tile(found.seen, "seen", "ok")
    if found.record.compared:
        yield Tile(unknown, "unknown", "warn" if unknown else "plain", f"scan-{UNKNOWN}" if unknown else "")
    yield Tile(wrong, "contradicting", "bad" if wrong else "plain", "scan-contradicting" if wrong else "")
    yield Tile(found.states[SILENT], "silent", "plain")
    yield Tile(gone, "gone", "warn" if gone else "plain", f"scan-{GONE}" if gone else "")
    yield Tile(found.not_asked, "not asked", "warn" if found.not_asked else "plain")


def _rows(found: Overview, key: str) -> Sequence[Row]:
    if key == CONTRADICTING:
        return [row for row in found.rows if scans.is_contradicting(row)]
    return {GONE: scans.gone, UNKNOWN: scans.unknown, UNASSIGNED: scans.unassigned}[key](found)


def _kinds(report: Report, found: Overview) -> Iterator[Kind]:
    for key, heading, _short, do, tone in _KINDS:
        rows = _rows(found, key)
        shown = [_host(row, key, report) for row in rows[:MOST_ROWS]]
        is_open = key != UNASSIGNED or len(rows) <= 10
        yield Kind(f"scan-{key}", heading, do, tone, shown, len(rows) - len(shown), is_open)


def _host(row: Row, key: str, report: Report) -> HostRow:
    known = row.known
    what = scans.what_of(row)
    if key == GONE:
        what = "; ".join(filter(None, (scans.gone_in_words(known, report.now), what)))
    began = known.since if key in (GONE, CONTRADICTING) else known.first_seen
    return HostRow(
        ip=row.host.ip,
        name=printable(row.name),
        link=device_link(report.links, row.verdict.device_id if row.verdict else None),
        network=printable(row.host.network),
        what=what,
        since=words.moment(began, report.now) if began else "",
        evidence=[
            _said(one.source, one.result, " ".join(filter(None, (one.detail, _by(one.by))))) for one in row.evidence
        ],
    )


def _said(source: str, result: str, text: str) -> Said:
    result_words = printable(result.replace("_", " "))
    return Said(printable(source), result_words, _RESULT_TONES.get(result, "plain"), printable(text))


def _by(device: str) -> str:
    return f"(by {device})" if device else ""


def _changed(change: HostChange, report: Report, row: Row | None) -> ChangedHost:
    what = scans.what_changed(change, report.now)
    return ChangedHost(
        ip=change.ip,
        name=printable(row.name if row else change.hostname),
        fate=scans.fate_in_words(change.fate),
        css="not-seen" if change.fate == SILENT else change.fate,
        text=what or (scans.what_of(row) if row else ""),
    )

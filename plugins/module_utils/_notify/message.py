# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One message for one channel: subject, text, tables. Whatever a device sent is text in it, on one line, and cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._discovery.overview import FIELDS
from .._outgoing.text import brief, printable
from .._outgoing.words import count
from .._report import csv_text, headline
from .._report.data import Report
from .events import ALERT, NOTICE, SEVERITIES, WARNING, Event, not_proven

#: A line of a message is cut after so many characters.
LINE = 400
#: How the severities are called at the head of a section.
HEADINGS = {ALERT: "Needs a decision", WARNING: "Needs attention", NOTICE: "Changed"}


@dataclass(frozen=True)
class Section:
    """Lines under a heading."""

    heading: str
    lines: Sequence[str]
    more: int = 0  #: events that are not named


@dataclass(frozen=True)
class Message:
    """What is sent to a channel."""

    subject: str
    lead: str  #: which night it was, and how it went
    sections: Sequence[Section]
    link: str | None = None  #: to the page
    severity: str = NOTICE  #: of its worst event
    changes: Sequence[Mapping[str, Any]] = ()
    standing: Sequence[Mapping[str, Any]] = ()
    hosts: Sequence[Mapping[str, Any]] = ()  #: of the last scan of networks

    @property
    def text(self) -> str:
        """As plain text."""
        lines = [self.lead]
        for section in self.sections:
            lines += ["", f"{section.heading}:", *(f"- {line}" for line in section.lines)]
            lines += [f"- and {section.more:,} more"] if section.more else []
        lines += ["", self.link] if self.link else []
        return "\n".join(lines) + "\n"

    def attachments(self) -> dict[str, str]:
        """File name -> content, of the events of this message."""
        found = {}
        if self.changes:
            found["changes.csv"] = csv_text.changes_csv(self.changes)
        if self.standing:
            found["standing.csv"] = csv_text.standing_csv(self.standing)
        if self.hosts:
            found["hosts.csv"] = csv_text.table(FIELDS, self.hosts, bom=False)
        return found


def make_message(report: Report, events: Sequence[Event], most: int, link: str | None = None) -> Message:
    """The message about these events of the report's night.

    most: so many events are named, those of the worst severity first; the others are counted.
    """
    sections, left = [], most
    for severity in reversed(SEVERITIES):
        some = [event for event in events if event.severity == severity]
        if some:
            shown = some[: max(left, 0)]
            left -= len(shown)
            lines = [brief(event.text, LINE) for event in shown]
            sections.append(Section(HEADINGS[severity], lines, len(some) - len(shown)))
    if unproven := not_proven(report.record):
        words = [f"{count:,} {kind.replace('_', ' ')}" for kind, count in unproven]
        sections.append(Section("Not proven, so nothing is concluded about their parts", [", ".join(words)]))
    of_run = [event for event in events if not event.is_scan]
    worst = max((SEVERITIES.index(event.severity) for event in events), default=0)
    lead = " ".join([f"{headline.title_of(report)}.", headline.verdict(report)[0], headline.scope(report)]).rstrip()
    return Message(
        subject=_subject(report, events),
        lead=brief(lead, LINE),
        sections=sections,
        link=link,
        severity=SEVERITIES[worst],
        changes=[one for event in of_run if event.is_change for one in (event.data, *event.inside)],
        standing=[one for event in of_run if not event.is_change for one in (event.data, *event.inside)],
        hosts=[event.data for event in events if event.is_scan and event.data],
    )


def _subject(report: Report, events: Sequence[Event]) -> str:
    """Title and counts, the worst first: "Inventory: 1 held, 2 gone, 3 replaced"."""
    counts = Counter(event.word.replace("_", " ") for event in events)
    order = sorted(counts, key=lambda word: (-_severity(events, word), -counts[word], word))
    said = [_counted(counts[word], word) for word in order[:4]]
    rest = sum(counts[word] for word in order[4:])
    said += [f"{rest:,} others"] if rest else []
    return brief(f"{printable(report.title)}: {', '.join(said) or 'nothing happened'}", 150)


def _counted(number: int, word: str) -> str:
    """Most words are states, as "held"; hosts and scans are counted."""
    return count(number, word) if word.endswith((" host", " scan")) else f"{number:,} {word}"


def _severity(events: Sequence[Event], word: str) -> int:
    return max(SEVERITIES.index(event.severity) for event in events if event.word.replace("_", " ") == word)
